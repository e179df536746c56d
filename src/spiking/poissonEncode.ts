import { currentBackend } from '../backend/backend.ts';
import { nonNegativeNumber, optionsObject, positiveNumber } from '../core/checks.ts';
import { asMatrix, type MatrixInput } from '../core/matrixInput.ts';
import { bernoulliSpikes } from './bernoulli.ts';
import type { SpikeRaster } from './spikeRaster.ts';

const MS_PER_SECOND = 1000;

/** Options of `poissonEncode`. */
export interface PoissonEncodeOptions {
  /** Time steps, at least 1. */
  steps: number;
  /** Length of a step, ms. @default 1 */
  dt?: number;
  /** Rate at x = 1, Hz. @default 100 */
  maxRate?: number;
  /** An integer >= 0. @default 0 */
  seed?: number;
}

/**
 * Poisson coding: a value x is a Poisson process with the rate r = maxRate x, seen in steps of dt. A step has a spike when the
 * process has at least one event in it, which has the probability
 *
 *   p = 1 - exp(-r dt)
 *
 * @param X samples x features, dense or sparse, values in [0, 1]
 * @returns samples x steps x features
 * @throws TypeError for other kinds, RangeError for a value outside [0, 1], or an option out of its range
 * @example
 * poissonEncode([[0, 1]], { steps: 1000 }).counts(); // 0 and about 95 spikes: 1 s at 100 Hz, at most one per ms
 */
export function poissonEncode(X: MatrixInput, options: PoissonEncodeOptions): SpikeRaster {
  const { steps, dt = 1, maxRate = 100, seed = 0 } = optionsObject(options, 'poissonEncode', ['steps', 'dt', 'maxRate', 'seed']);
  positiveNumber(dt, 'dt');
  nonNegativeNumber(maxRate, 'maxRate');
  const { exp } = currentBackend().kernels;
  return bernoulliSpikes(asMatrix(X), steps, seed, (x) => (x === 0 ? 0 : 1 - exp((-x * maxRate * dt) / MS_PER_SECOND)));
}
