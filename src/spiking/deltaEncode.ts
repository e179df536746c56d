import { booleanFlag, optionsObject, positiveNumber } from '../core/checks.ts';
import { asMatrix, checkFinite, type MatrixInput } from '../core/matrixInput.ts';
import { RasterBuilder } from './rasterBuilder.ts';
import { isArrayOfMatrices, matrixPerSample, rowReader } from './rowReader.ts';
import { SpikeRaster } from './spikeRaster.ts';

/** Options of `deltaEncode`. */
export interface DeltaEncodeOptions {
  /** Smallest change from one step to the next that is an event, > 0, in the unit of the series. */
  threshold: number;
  /** Whether a fall is an event, too, of value -1. @default false */
  off?: boolean;
}

/**
 * Delta coding of time series: an event where a channel changes enough from one step to the next,
 *
 *   +1  if x[t] - x[t - 1] >= threshold,      -1  if x[t] - x[t - 1] <= -threshold (with `off`)
 *
 * The first step has no event.
 *
 * @param series steps x channels, dense or sparse, any finite values; or an array of such matrices of one shape, one per sample
 * @returns samples x steps x channels
 * @throws TypeError for other kinds, RangeError for values that are not finite, samples of different shapes, or a threshold <= 0
 * @example
 * deltaEncode([[0], [1], [1], [0]], { threshold: 0.5, off: true }).sample(0); // +1 in step 1, -1 in step 3
 */
export function deltaEncode(series: MatrixInput | readonly MatrixInput[], options: DeltaEncodeOptions): SpikeRaster {
  const { threshold, off = false } = optionsObject(options, 'deltaEncode', ['threshold', 'off']);
  positiveNumber(threshold, 'threshold');
  booleanFlag(off, 'off');
  const samples = isArrayOfMatrices(series)
    ? matrixPerSample(series, 'series')
    : [checkFinite(asMatrix(series as MatrixInput, 'series'), 'series')];
  const { rows: steps, cols: neurons } = samples[0];
  const builder = new RasterBuilder({ samples: samples.length, steps, neurons });
  const previous = new Float64Array(neurons);
  for (const matrix of samples) {
    const read = rowReader(matrix);
    previous.set(read(0));
    for (let t = 0; t < steps; t++) {
      const row = read(t);
      for (let j = 0; j < neurons; j++) {
        const change = row[j] - previous[j];
        if (change >= threshold) builder.add(j);
        else if (off && change <= -threshold) builder.add(j, -1);
      }
      previous.set(row);
      builder.endStep();
    }
  }
  return new SpikeRaster(builder.finish());
}
