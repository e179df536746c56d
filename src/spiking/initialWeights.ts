import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { Random } from '../core/random.ts';
import type { Dynamics } from './layeredNetwork.ts';
import { denseSynapses, identity, type LayerState, type NetworkState } from './networkState.ts';

/** What the first layer sees: constant currents with this sum over inputs of the mean square, or spikes at this rate per input and step. */
export type InputStatistics = { meanSquare: number } | { rate: number };

/** Guess of a hidden neuron's spikes per step, which sets the scale of the weights behind it. */
const HIDDEN_RATE = 0.1;
/** Share of the membrane's variance that comes from the layer itself, where it is recurrent (Rossbroich 2022). */
const RECURRENT_SHARE = 0.1;

export interface InitialOptions {
  inputs: number;
  hidden: readonly number[];
  classes: number;
  recurrent: boolean;
  grouped: boolean;
  signs: 'free' | 'nonNegative' | 'keep';
  /** Standard deviations between the mean membrane (0) and the threshold. */
  xi: number;
  seed: number;
}

/**
 * Fluctuation-driven initialisation (Rossbroich, Gygax and Zenke 2022): weights N(0, sigma) such that a membrane without reset has mean 0
 * and standard deviation threshold / xi. For n inputs with r spikes per step, sigma^2 = (threshold / xi)^2 (1 - beta^2) / (n r); for
 * constant currents x, which add up over the steps, sigma = (threshold / xi) / (sqrt(sum_i mean x_i^2) sum_t beta^t).
 */
export function initialState(dynamics: Dynamics, statistics: InputStatistics, options: InitialOptions): NetworkState {
  const { steps, beta, readoutBeta, threshold, spikingOutput } = dynamics;
  const { inputs, hidden, classes, recurrent, grouped, signs, xi, seed } = options;
  const sizes = [...hidden, classes];
  return sizes.map((size, l): LayerState => {
    const output = l === hidden.length;
    const decay = output && !spikingOutput ? readoutBeta : beta;
    const target = (output && !spikingOutput ? 1 : threshold) / xi;
    const pre = l === 0 ? inputs : sizes[l - 1];
    const loops = recurrent && !output;
    const deviation = (n: number, rate: number) => target * Math.sqrt((1 - decay * decay) / (n * rate));
    const sigma =
      l > 0
        ? deviation(pre, HIDDEN_RATE)
        : 'rate' in statistics
          ? deviation(pre, Math.max(statistics.rate, 1e-6))
          : target / (Math.sqrt(Math.max(statistics.meanSquare, 1e-12)) * gain(decay, steps));
    const draw = (rows: number, scale: number, stream: number) => {
      const block = denseSynapses(rows, size, grouped, normals(rows * size, scale, seed, stream));
      if (signs === 'nonNegative') for (let k = 0; k < block.weights.length; k++) block.weights[k] = Math.abs(block.weights[k]);
      if (signs !== 'free') block.signs = Int8Array.from(block.weights, (w) => (signs === 'nonNegative' ? 1 : Math.sign(w)));
      return block;
    };
    return {
      size,
      input: draw(pre, loops ? sigma * Math.sqrt(1 - RECURRENT_SHARE) : sigma, 2 * l + 1),
      ...(loops && { recurrent: draw(size, deviation(size, HIDDEN_RATE) * Math.sqrt(RECURRENT_SHARE), 2 * l + 2) }),
      bias: new Float64Array(size),
      biasFirst: new Float64Array(size),
      biasSecond: new Float64Array(size),
      ids: identity(size),
    };
  });
}

/** What a constant current of 1 makes of the membrane after all steps. */
function gain(beta: number, steps: number): number {
  let u = 0;
  for (let t = 0; t < steps; t++) u = beta * u + 1;
  return u;
}

export function normals(n: number, scale: number, seed: number, stream: number): Float64Array {
  return arena(currentBackend(), (frame) => {
    const out = frame.f64(n);
    frame.kernels.randomNormal(frame.put(Random.seedState(seed, stream)), out, n);
    return frame.read(out, n).map((z) => z * scale);
  });
}
