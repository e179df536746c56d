import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import { checkFinite, type Matrix } from '../core/matrixInput.ts';

/** Mean and second central moment (1/n) of every column. */
export interface ColumnMoments {
  mean: Float64Array;
  second: Float64Array;
}

/** In two passes; a dense X is read in linear memory, where its rows (`features`) or its columns lie one after another. */
export function columnMoments(
  frame: Arena,
  X: Matrix,
  dense?: { pointer: Pointer; single: boolean; features: boolean },
): ColumnMoments {
  const { rows: n, cols: p } = X;
  if (X instanceof DenseMatrix) {
    const { pointer, single, features } = dense!;
    const { kernels } = frame;
    const [mean, second] = [frame.f64(p), frame.f64(p)];
    if (features) (single ? kernels.rowMomentsF32 : kernels.rowMomentsF64)(pointer, p, n, p, mean, second);
    else (single ? kernels.denseMomentsF32 : kernels.denseMomentsF64)(pointer, n, n, p, 0, mean, second);
    const moments = { mean: frame.read(mean, p), second: frame.read(second, p) };
    frame.release(second);
    frame.release(mean);
    return moments;
  }
  const { data, indptr } = X;
  // Column of every stored value: a CSR matrix lists it, in a CSC matrix it is the slice.
  const columns = X instanceof CsrMatrix ? X.indices : undefined;
  const mean = new Float64Array(p);
  const second = new Float64Array(p);
  const stored = new Float64Array(p);
  for (let o = 0; o + 1 < indptr.length; o++) {
    for (let e = indptr[o]; e < indptr[o + 1]; e++) {
      const j = columns ? columns[e] : o;
      mean[j] += data[e];
      stored[j]++;
    }
  }
  for (let j = 0; j < p; j++) mean[j] /= n;
  for (let o = 0; o + 1 < indptr.length; o++) {
    for (let e = indptr[o]; e < indptr[o + 1]; e++) {
      const j = columns ? columns[e] : o;
      const d = data[e] - mean[j];
      second[j] += d * d;
    }
  }
  for (let j = 0; j < p; j++) second[j] = (second[j] + (n - stored[j]) * mean[j] * mean[j]) / n;
  return { mean, second };
}

/** Refuses NaN, infinities and squares that overflow: the moments show that there is one, and only then is it looked for. */
export function refuseUnusable(X: Matrix, title: string, mean: Float64Array, second: Float64Array): void {
  for (let j = 0; j < mean.length; j++) {
    if (Number.isFinite(mean[j]) && Number.isFinite(second[j])) continue;
    try {
      checkFinite(X, title);
    } catch (error) {
      if (!(error instanceof RangeError && error.message.includes(' is NaN'))) throw error;
      throw new RangeError(`${error.message} (missing values: PCA cannot use them, see MatrixFactorization)`);
    }
    throw new SpinifexError('OVERFLOW', `${title}: the squares of column ${j} exceed the range of 64-bit numbers`);
  }
}
