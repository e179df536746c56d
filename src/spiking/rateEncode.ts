import { finiteNumber, optionsObject } from '../core/checks.ts';
import { asMatrix, type MatrixInput } from '../core/matrixInput.ts';
import { bernoulliSpikes } from './bernoulli.ts';
import type { SpikeRaster } from './spikeRaster.ts';

/** Options of `rateEncode`. */
export interface RateEncodeOptions {
  /** Time steps, at least 1. */
  steps: number;
  /** @default 1 */
  gain?: number;
  /** @default 0 */
  offset?: number;
  /** An integer >= 0. @default 0 */
  seed?: number;
}

/**
 * Rate coding: in every step, the neuron of a value x fires with probability
 *
 *   p = min(max(gain x + offset, 0), 1)
 *
 * independently, so that a neuron has Binomial(steps, p) spikes.
 *
 * @param X samples x features, dense or sparse, values in [0, 1]
 * @returns samples x steps x features
 * @throws TypeError for other kinds, RangeError for a value outside [0, 1], or an option out of its range
 * @example
 * rateEncode([[0, 0.2, 1]], { steps: 50 }).counts(); // about 0, 10 and exactly 50 spikes
 */
export function rateEncode(X: MatrixInput, options: RateEncodeOptions): SpikeRaster {
  const { steps, gain = 1, offset = 0, seed = 0 } = optionsObject(options, 'rateEncode', ['steps', 'gain', 'offset', 'seed']);
  finiteNumber(gain, 'gain');
  finiteNumber(offset, 'offset');
  return bernoulliSpikes(asMatrix(X), steps, seed, (x) => Math.min(Math.max(gain * x + offset, 0), 1));
}
