import { currentBackend } from '../backend/backend.ts';
import { booleanFlag, integerIn, numberIn, oneOf, optionsObject, positiveNumber } from '../core/checks.ts';
import { asMatrix, type MatrixInput } from '../core/matrixInput.ts';
import { RasterBuilder } from './rasterBuilder.ts';
import { SpikeRaster } from './spikeRaster.ts';
import { unitRowReader } from './unitRows.ts';

/** In 'log' mode, a value nearer to the threshold than this counts as this much above it: at the threshold t is infinite. */
const LOG_MARGIN = 1e-7;

/** Options of `latencyEncode`. */
export interface LatencyEncodeOptions {
  /** Time steps, at least 1. */
  steps: number;
  /** @default 'linear' */
  mode?: 'linear' | 'log';
  /** Time constant, in steps. Default: the value at which the latest time of the formula is the last step. */
  tau?: number;
  /** Values below it are silent; in [0, 1], above 0 in `'log'` mode. @default 0.01 */
  threshold?: number;
  /** Whether a spike later than the last step moves to the last step; it is left out otherwise. @default false */
  clip?: boolean;
}

/**
 * Latency coding (time to first spike): one spike per value, the earlier the larger the value is. Its time, in steps, is
 *
 *   'linear'   t = tau (1 - x)                   tau = steps - 1 unless given
 *   'log'      t = tau ln(x / (x - threshold))   tau = (steps - 1) / ln((threshold + 1e-7) / 1e-7) unless given
 *
 * rounded to the nearest step (halves up). `'log'` is when an integrator with the time constant tau, driven by the constant
 * current x, reaches the threshold; there x counts as at least threshold + 1e-7. Values below the threshold have no spike.
 * With a small threshold the `'log'` times of most values crowd in the first steps: 0.2 spreads them.
 *
 * @param X samples x features, dense or sparse, values in [0, 1]
 * @returns samples x steps x features, at most one event per sample and feature
 * @throws TypeError for other kinds, RangeError for a value outside [0, 1], or an option out of its range
 * @example
 * latencyEncode([[1, 0.5, 0]], { steps: 11 }).sample(0); // neuron 0 in step 0, neuron 1 in step 5, neuron 2 silent
 */
export function latencyEncode(X: MatrixInput, options: LatencyEncodeOptions): SpikeRaster {
  const known = ['steps', 'mode', 'tau', 'threshold', 'clip'] as const;
  const { steps, mode = 'linear', tau, threshold = 0.01, clip = false } = optionsObject(options, 'latencyEncode', known);
  integerIn(steps, 'steps', 1);
  oneOf(mode, 'mode', ['linear', 'log']);
  if (tau !== undefined) positiveNumber(tau, 'tau');
  numberIn(threshold, 'threshold', 0, 1, mode === 'log' ? '(]' : '[]');
  booleanFlag(clip, 'clip');
  const matrix = asMatrix(X);
  const time = mode === 'linear' ? linearTime(steps, tau) : logTime(steps, threshold, tau);
  return firstSpikes(matrix.rows, steps, matrix.cols, unitRowReader(matrix), (x) => {
    if (x < threshold) return steps;
    const step = Math.floor(time(x) + 0.5);
    return clip ? Math.min(step, steps - 1) : step;
  });
}

function linearTime(steps: number, tau = steps - 1): (x: number) => number {
  return (x) => tau * (1 - x);
}

function logTime(steps: number, threshold: number, given?: number): (x: number) => number {
  const { log } = currentBackend().kernels;
  const scaled = (x: number) => {
    const above = Math.max(x, threshold + LOG_MARGIN);
    return log(above / (above - threshold));
  };
  const tau = given ?? (steps - 1) / scaled(threshold);
  return (x) => tau * scaled(x);
}

/** One event per value in the step `stepOf(value)`; none where that is past the end. */
function firstSpikes(
  samples: number,
  steps: number,
  neurons: number,
  read: (i: number) => Float64Array,
  stepOf: (x: number) => number,
): SpikeRaster {
  const builder = new RasterBuilder({ samples, steps, neurons });
  const step = new Float64Array(neurons);
  const order = new Int32Array(neurons);
  for (let i = 0; i < samples; i++) {
    const row = read(i);
    let count = 0;
    for (let j = 0; j < neurons; j++) {
      step[j] = stepOf(row[j]);
      if (step[j] < steps) order[count++] = j;
    }
    const spikes = order.subarray(0, count).sort((a, b) => step[a] - step[b] || a - b);
    for (let t = 0, k = 0; t < steps; t++) {
      for (; k < count && step[spikes[k]] === t; k++) builder.add(spikes[k]);
      builder.endStep();
    }
  }
  return new SpikeRaster(builder.finish());
}
