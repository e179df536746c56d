import { optionsObject } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { columnOf } from './minMax.ts';
import { StandardScaler } from './standardScaler.ts';

/**
 * One list of numbers with mean 0 and variance 1, x' = (x - mean) / deviation: a fresh `Float64Array`. Equal numbers all give 0.
 * For matrices, and for new data on the same scale: `StandardScaler`.
 *
 * @param options.ddof as `StandardScaler` @default 0
 * @throws TypeError, RangeError for anything but finite numbers, more than `ddof`
 * @example
 * standardize([1, 3]); // Float64Array [-1, 1]
 */
export function standardize(values: VectorInput, options?: { ddof?: number }): Float64Array {
  const column = columnOf(values);
  return new StandardScaler(optionsObject(options, 'standardize', ['ddof'])).fit(column).transform(column).data as Float64Array;
}
