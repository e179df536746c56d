import { vector } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { MinMaxScaler } from './minMaxScaler.ts';

/**
 * Min-max scaling of one list of numbers, x' = (x - min) / (max - min) (equation 3 of the guide): a fresh `Float64Array` within [0, 1].
 * Equal numbers all give 0. For matrices, and for new data on the same scale: `MinMaxScaler`.
 *
 * @throws TypeError, RangeError for anything but finite numbers, at least one
 * @example
 * minMax([100, 30, 20]); // Float64Array [1, 0.125, 0]
 */
export function minMax(values: VectorInput): Float64Array {
  const column = columnOf(values);
  return new MinMaxScaler().fit(column).transform(column).data as Float64Array;
}

/** A list of numbers as the one column of a matrix, copied. */
export function columnOf(values: VectorInput): DenseMatrix {
  const data = vector(values, 'values');
  if (data.length === 0) throw new RangeError('values: expected at least one number');
  return new DenseMatrix(data, data.length, 1);
}
