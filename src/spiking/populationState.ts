import type { Precision } from '../backend/kernelForms.ts';
import type { MathKernels } from '../backend/kernels.ts';
import { integerIn } from '../core/checks.ts';
import type { Random } from '../core/random.ts';
import { dynamicsOf, type MembraneDynamics } from './dynamics.ts';
import type { NeuronModel } from './models/neuronModel.ts';
import type { SpikeSourceModel } from './models/sources.ts';
import type { TimeGrid } from './timeGrid.ts';

/** State in the network's precision. */
export type Floats = Float32Array | Float64Array;

/** Zeros in a precision. */
export function floats(precision: Precision, n: number): Floats {
  return precision === 'f32' ? new Float32Array(n) : new Float64Array(n);
}

/** The spikes of the last steps, which delays and refractory times still need. */
export interface KeptSpikes {
  /** The step of starts[0]. */
  readonly base: number;
  /** Spikes of step base + k are ids[starts[k]]..ids[starts[k + 1] - 1]. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
}

/** Everything of a population that a run continues from; runs work on copies and write them back when they end. */
export class PopulationState {
  readonly first: number;
  readonly size: number;
  readonly model: NeuronModel;
  readonly dynamics: MembraneDynamics | undefined;
  /** Membranes: voltages less the shift. */
  readonly x: Floats;
  /** One array per receptor. */
  readonly g: Floats[];
  /** Recovery of Izhikevich's model, or what is added to the threshold. */
  readonly second: Floats | undefined;
  /** What arrives without a receptor until the next step, where anything can. */
  input: Floats | undefined;
  /** The first step in which a neuron may spike again. */
  readonly until: Int32Array;
  /** Constant currents in units of a step's input. */
  readonly current: Floats | undefined;
  kept: KeptSpikes;
  /** Hash of all spikes so far. */
  hash: number;
  /** For how many steps spikes are kept. */
  keep: number;
  /** A Poisson source's random numbers: state words, neurons until the next spike, and 1 / log P(no spike). */
  readonly random: { state: Uint32Array; gap: number; inverse: number } | undefined;
  /** A spike source's list, in order. */
  readonly schedule: { steps: Int32Array; ids: Int32Array } | undefined;
  readonly #precision: Precision;

  constructor(
    first: number,
    size: number,
    model: NeuronModel,
    grid: TimeGrid,
    precision: Precision,
    random: Random,
    step: number,
    kernels: Pick<MathKernels, 'log'>,
  ) {
    this.#precision = precision;
    this.first = first;
    this.size = size;
    this.model = model;
    const dynamics = dynamicsOf(model, grid);
    this.dynamics = dynamics;
    this.x = floats(precision, dynamics ? size : 0);
    this.g = dynamics ? dynamics.receptors.map(() => floats(precision, size)) : [];
    this.until = new Int32Array(dynamics ? size : 0);
    this.kept = { base: step, starts: new Int32Array(1), ids: new Int32Array(0) };
    this.hash = 0x811c9dc5;
    this.keep = dynamics ? dynamics.refractory - 1 : 0;
    if (!dynamics) {
      if (model.kind === 'spikeSource') this.schedule = scheduleOf(model, size, grid);
      if (model.kind === 'poissonSource' && model.rate > 0) {
        const inverse = -1000 / (model.rate * grid.dt);
        const gap = Math.floor(kernels.log(1 - random.uniform()) * inverse);
        this.random = { state: random.state(), gap, inverse };
      }
      return;
    }
    const { start, shift, current } = dynamics;
    for (let i = 0; i < size; i++) {
      this.x[i] = (typeof start === 'number' ? start : start[0] + random.uniform() * (start[1] - start[0])) - shift;
    }
    if (model.kind === 'izhikevich') this.second = this.x.map((v) => model.b * v) as Floats;
    else if (dynamics.adapts) this.second = floats(precision, size);
    if (typeof current !== 'number' || current !== 0) {
      this.current = floats(precision, size);
      if (typeof current === 'number') this.current.fill(current);
      else this.current.set(current);
    }
    if (dynamics.kernel === 'izhikevich' || dynamics.adapts || dynamics.receptors.length > 2 || this.current) this.needInput();
  }

  /** Makes room for input without a receptor. */
  needInput(): void {
    this.input ??= floats(this.#precision, this.size);
  }
}

/** Steps and neurons in order of time; checked. */
function scheduleOf(model: SpikeSourceModel, size: number, grid: TimeGrid): { steps: Int32Array; ids: Int32Array } {
  const { time, neuron } = model;
  const at = new Int32Array(time.length);
  for (let k = 0; k < at.length; k++) {
    integerIn(neuron[k], `neuron[${k}]`, 0, size - 1);
    at[k] = grid.stepsOf(time[k], `time[${k}]`) - 1;
    if (at[k] < 0)
      throw new RangeError(`time[${k}]: expected at least dt = ${grid.dt}, the end of the first step, got ${time[k]}`);
  }
  const order = Int32Array.from(at.keys()).sort((a, b) => at[a] - at[b] || neuron[a] - neuron[b]);
  const steps = order.map((k) => at[k]);
  const ids = order.map((k) => neuron[k]);
  for (let k = 1; k < order.length; k++) {
    if (steps[k] === steps[k - 1] && ids[k] === ids[k - 1]) {
      throw new RangeError(`neuron: ${ids[k]} is listed twice at time ${time[order[k]]}: expected one spike per step`);
    }
  }
  return { steps, ids };
}
