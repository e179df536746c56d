import type { Pointer } from './kernels.ts';

/**
 * Kernels of the simulation of spiking networks. The suffix says how state, weights and inputs are stored (`V` below): every operation
 * is rounded to that width, in one order, so all builds and the JS twin give the same bits.
 *
 * A membrane x is the distance of a voltage from where it would rest; a decay by exp(-dt / tau) is written x -= b x with
 * b = 1 - exp(-dt / tau). `spikes` and `log` are lists of neuron numbers (i32).
 */
export interface NeuronKernels {
  /**
   * One exact step of n leaky integrate-and-fire neurons. Parameters (8 f64): b, threshold, reset, refractory steps R, b of g0, b of
   * g1, b of the adaptation, adaptation per spike. g0 and g1 are stored as what they add to x in the next step.
   *
   * For every neuron: drive = g0 + g1 + input; x += drive - b x; g0 -= b0 g0; g1 -= b1 g1; input = 0; adaptation -= bA adaptation.
   * Where x >= threshold + adaptation and until <= step: x = reset, adaptation += per spike, until = step + R, and the neuron's number is
   * appended at log[at++], ascending. Then x = reset for the neurons log[held..at - 1] of earlier steps, which are refractory.
   * g0, g1 (which needs g0), input (V) and adaptation (V; needs input) may be absent; until is i32. Returns `at`.
   */
  lifStepF32(
    parameters: Pointer,
    x: Pointer,
    g0: Pointer,
    g1: Pointer,
    input: Pointer,
    adaptation: Pointer,
    until: Pointer,
    n: number,
    step: number,
    log: Pointer,
    held: number,
    at: number,
  ): number;
  lifStepF64: NeuronKernels['lifStepF32'];
  /**
   * One step of n Izhikevich neurons. Parameters (8 f64): dt / 2, dt a, b, threshold, c, d, 140 + current, 1 / dt.
   * Twice v += dt / 2 (0.04 v^2 + 5 v + 140 + current + input / dt - u) with the old u, then u += dt a (b v - u); input = 0.
   * Where v >= threshold: v = c, u += d, and the number is appended to the log. Returns `at`.
   */
  izhikevichStepF32(parameters: Pointer, v: Pointer, u: Pointer, input: Pointer, n: number, log: Pointer, at: number): number;
  izhikevichStepF64: NeuronKernels['izhikevichStepF32'];
  /** input += g; g -= b g: one more receptor than lifStep takes */
  foldReceptorF32(g: Pointer, n: number, b: number, input: Pointer): void;
  foldReceptorF64: NeuronKernels['foldReceptorF32'];
  /** input += current */
  addCurrentF32(current: Pointer, n: number, input: Pointer): void;
  addCurrentF64: NeuronKernels['addCurrentF32'];
  /** x -= b x */
  decayF32(x: Pointer, n: number, b: number): void;
  decayF64: NeuronKernels['decayF32'];
  /** x = sign(x) floor where 0 < |x| < tiny: what decays for long would become subnormal, which processors handle slowly */
  liftTinyF32(x: Pointer, n: number, tiny: number, floor: number): void;
  liftTinyF64: NeuronKernels['liftTinyF32'];
  /** out_k (f64) = x[index_k] + shift */
  sampleStateF32(x: Pointer, index: Pointer, count: number, shift: number, out: Pointer): void;
  sampleStateF64: NeuronKernels['sampleStateF32'];
}

/** Synapses are compressed by source: those of source s are entries indptr[s]..indptr[s + 1] - 1 of targets and weights (V). */
export interface SynapseKernels {
  /** out[targets] += weight * weights over the synapses of the listed spikes; weights = 0: `weight` alone. Returns how many synapses. */
  propagateF32(
    spikes: Pointer,
    count: number,
    indptr: Pointer,
    targets: Pointer,
    weights: Pointer,
    weight: number,
    out: Pointer,
  ): number;
  propagateF64: SynapseKernels['propagateF32'];
  /**
   * Spikes that arrive at plastic synapses: out[target] += gain * weight; weight = clip(weight - aMinus after[target], wMin, wMax);
   * then before[source] += 1. Returns how many synapses.
   */
  stdpArriveF32(
    spikes: Pointer,
    count: number,
    indptr: Pointer,
    targets: Pointer,
    weights: Pointer,
    gain: number,
    out: Pointer,
    before: Pointer,
    after: Pointer,
    aMinus: number,
    wMin: number,
    wMax: number,
  ): number;
  stdpArriveF64: SynapseKernels['stdpArriveF32'];
  /**
   * Spikes of the targets: weight = clip(weight + aPlus before[source], wMin, wMax) over the synapses onto each, then after[target] += 1.
   * Synapses onto target t are entries colptr[t]..colptr[t + 1] - 1 of (sources, edges); edges are positions in weights.
   */
  stdpFireF32(
    spikes: Pointer,
    count: number,
    colptr: Pointer,
    sources: Pointer,
    edges: Pointer,
    weights: Pointer,
    before: Pointer,
    after: Pointer,
    aPlus: number,
    wMin: number,
    wMax: number,
  ): void;
  stdpFireF64: SynapseKernels['stdpFireF32'];
  /**
   * out_i += weight k_i, with independent counts k_i by inversion: k = first + (the lowest e with u <= table[e]), u a random u32;
   * guide[u >>> 24] is where the search for e starts. inverse = 0: one count per neuron. Otherwise counts of zero are skipped: gap[0] (f64)
   * neurons without an event come first, then floor(log(1 - v) inverse) after each event, v uniform; the rest is left in gap for the next call.
   */
  poissonInputF32(
    state: Pointer,
    gap: Pointer,
    inverse: number,
    first: number,
    table: Pointer,
    guide: Pointer,
    weight: number,
    out: Pointer,
    n: number,
  ): void;
  poissonInputF64: SynapseKernels['poissonInputF32'];
  /** Each of n neurons spikes with probability p, inverse = 1 / log(1 - p); numbers are written from spikes[at]. gap as above. Returns `at`. */
  bernoulliSpikes(state: Pointer, gap: Pointer, inverse: number, n: number, spikes: Pointer, at: number): number;
  /**
   * Rows row, row + 1, ... of a random matrix in which each entry is present with probability p, inverse = 1 / log(1 - p): columns go to
   * targets from indptr[0] on, ends of rows to indptr[1], indptr[2], ... Stops before a row that might not fit into `capacity` columns;
   * returns the next row.
   */
  bernoulliRows(
    state: Pointer,
    inverse: number,
    row: number,
    rows: number,
    cols: number,
    indptr: Pointer,
    targets: Pointer,
    capacity: number,
  ): number;
  /** out_i (i32) uniform on 0..below - 1, without bias */
  randomIntegers(state: Pointer, below: number, out: Pointer, n: number): void;
}

export interface SimulationKernels extends NeuronKernels, SynapseKernels {}
