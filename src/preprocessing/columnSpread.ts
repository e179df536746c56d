import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';

/** Where the values of every column lie. */
export interface ColumnSpread {
  minimum: Float64Array;
  maximum: Float64Array;
  mean: Float64Array;
  /** Sum of (x - mean)^2, as its square root. */
  norm: Float64Array;
}

/** Values of one column: `count` of them in `data`, `stride` apart, and `absent` zeros that are not stored. */
interface Column {
  data: ArrayLike<number>;
  from: number;
  stride: number;
  count: number;
  absent: number;
}

/**
 * Ranges and moments of the columns of X, all finite. Zeros that a sparse X does not store count as the zeros they are.
 * @throws RangeError for a column whose range is beyond 64-bit numbers
 */
export function columnSpread(X: Matrix, title = 'X'): ColumnSpread {
  const columns = columnsOf(X);
  const [minimum, maximum, mean, norm] = Array.from({ length: 4 }, () => new Float64Array(X.cols));
  for (let j = 0; j < X.cols; j++) {
    const column = columns(j);
    const [low, high] = rangeOf(column);
    if (high - low === Infinity) {
      throw new RangeError(`${title}: column ${j} reaches from ${low} to ${high}: expected a range below ${Number.MAX_VALUE}`);
    }
    const moments = momentsOf(column, low, high - low);
    minimum[j] = low;
    maximum[j] = high;
    mean[j] = moments.mean;
    norm[j] = moments.norm;
  }
  return { minimum, maximum, mean, norm };
}

function columnsOf(X: Matrix): (j: number) => Column {
  if (X instanceof DenseMatrix) {
    const { data, rowStride, columnStride, rows } = X;
    return (j) => ({ data, from: j * columnStride, stride: rowStride, count: rows, absent: 0 });
  }
  const { data, indptr, rows } = X instanceof CsrMatrix ? X.toCsc() : X;
  return (j) => {
    const count = indptr[j + 1] - indptr[j];
    return { data, from: indptr[j], stride: 1, count, absent: rows - count };
  };
}

function rangeOf({ data, from, stride, count, absent }: Column): [low: number, high: number] {
  let low = absent > 0 ? 0 : Infinity;
  let high = absent > 0 ? 0 : -Infinity;
  for (let k = 0, p = from; k < count; k++, p += stride) {
    const x = data[p];
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return [low, high];
}

/** Two passes over (x - low) / width: a constant column has the norm 0 exactly, and no square is too large or too small. */
function momentsOf({ data, from, stride, count, absent }: Column, low: number, width: number): { mean: number; norm: number } {
  if (width === 0) return { mean: low, norm: 0 };
  const n = count + absent;
  let sum = absent * (-low / width);
  for (let k = 0, p = from; k < count; k++, p += stride) sum += (data[p] - low) / width;
  const centre = sum / n;
  let squares = absent * (-low / width - centre) ** 2;
  for (let k = 0, p = from; k < count; k++, p += stride) squares += ((data[p] - low) / width - centre) ** 2;
  return { mean: low + centre * width, norm: width * Math.sqrt(squares) };
}
