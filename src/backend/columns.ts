import type { CscMatrix } from '../core/cscMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import { checkFinite, type Matrix } from '../core/matrixInput.ts';
import type { Arena } from './arena.ts';
import { denseColumns } from './denseColumns.ts';
import type { Pointer } from './kernels.ts';
import { sparseColumns } from './sparseColumns.ts';

/** Everything that an epoch of coordinate descent reads and writes; see `denseEpochF64`. */
export interface EpochArguments {
  index: Pointer;
  count: number;
  w: Pointer;
  mean: Pointer;
  second: Pointer;
  lambda: number;
  l1: Pointer;
  l2: Pointer;
  lower: Pointer;
  upper: Pointer;
  coef: Pointer;
  u: Pointer;
  total: Pointer;
  /** 0 and absent: L1; see `denseEpochF64`. */
  penalty?: number;
  shape?: number;
  spread?: Pointer;
  mass?: number;
}

/**
 * A matrix in linear memory, reached by columns, whatever its layout and value type: what solvers are written against.
 * Pointers as in `kernels.ts`; `index` = 0 means columns 0 to count - 1.
 */
export interface Columns {
  readonly layout: 'dense' | 'sparse';
  readonly type: 'f64' | 'f32';
  readonly rows: number;
  readonly cols: number;
  /** Stored values. */
  readonly nnz: number;
  /** out_k = x_index[k] . u */
  dots(index: Pointer, count: number, u: Pointer, out: Pointer): void;
  /** outU_k = x_index[k] . u, outV_k = x_index[k] . v, in one pass */
  dotsPair(index: Pointer, count: number, u: Pointer, v: Pointer, outU: Pointer, outV: Pointer): void;
  /** y += sum_k coef_k x_index[k] */
  combine(index: Pointer, coef: Pointer, count: number, y: Pointer): void;
  /** Weighted mean and second central moment of every column, or of the listed ones (at their positions); w = 0: weights 1/n */
  moments(w: Pointer, mean: Pointer, second: Pointer, index?: Pointer, count?: number): void;
  /** out = w (x_j - mean); w = 0: factor 1 */
  pack(j: number, mean: number, w: Pointer, out: Pointer): void;
  /** out[a*stride + k] = packed_a . x_index[k] */
  gram(packed: Pointer, vectors: number, index: Pointer, count: number, out: Pointer, stride: number): void;
  /** One epoch of coordinate descent; the largest second_j d^2 */
  epoch(a: EpochArguments): number;
  /** out = X B, row-major with k columns */
  multiply(B: Pointer, k: number, out: Pointer): void;
  /** A copy outside linear memory, column by column. */
  read(): DenseMatrix | CscMatrix;
}

/** Copies X into linear memory by columns: row-major and CSR input is transposed on the way, through a small buffer. */
export function uploadColumns(frame: Arena, X: Matrix): Columns {
  return X instanceof DenseMatrix ? denseColumns(frame, X) : sparseColumns(frame, X);
}

/** Refuses a matrix with a NaN or Infinity: the moments show that there is one, and only then is it looked for. */
export function checkMoments(frame: Arena, X: Matrix, title: string, mean: Pointer, second: Pointer, cols: number): void {
  const { heap, kernels } = frame;
  if (Number.isFinite(kernels.sum(mean, cols)) && Number.isFinite(kernels.sum(second, cols))) return;
  checkFinite(X, title);
  for (const [j, value] of heap.f64(second, cols).entries()) {
    if (!Number.isFinite(value))
      throw new SpinifexError('OVERFLOW', `${title}: the squares of column ${j} exceed the range of 64-bit numbers`);
  }
}
