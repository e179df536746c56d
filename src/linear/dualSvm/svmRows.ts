import type { Arena } from '../../backend/arena.ts';
import type { Pointer } from '../../backend/kernels.ts';
import type { OnlineKernels } from '../../backend/onlineKernels.ts';
import { CscMatrix } from '../../core/cscMatrix.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { checkFinite, type Matrix } from '../../core/matrixInput.ts';

type PassArguments = Parameters<OnlineKernels['svmPassF64']>;
type Tail = PassArguments extends [Pointer, Pointer, Pointer, number, ...infer Rest] ? Rest : never;

/** A matrix in linear memory, row by row; `index` lists rows, 0 means the first `count`. */
export interface SvmRows {
  readonly rows: number;
  readonly cols: number;
  /** |x_i|^2 */
  readonly squares: Float64Array;
  /** out_k = x_index[k] . u */
  dots(index: Pointer, count: number, u: Pointer, out: Pointer): void;
  /** y += sum_k coef_k x_index[k] */
  combine(index: Pointer, coef: Pointer, count: number, y: Pointer): void;
  /** One pass of dual coordinate descent; see `svmPassF64`. */
  pass(...rest: Tail): number;
}

/** Copies X into linear memory by rows: the rows of X are the columns of X', so the kernels for columns serve. */
export function svmRows(frame: Arena, X: Matrix): SvmRows {
  const { kernels: k } = frame;
  const single = X.data instanceof Float32Array;
  const pass = single ? k.svmPassF32 : k.svmPassF64;
  const { rows, cols } = X;
  if (X instanceof DenseMatrix) {
    const data = frame.put(X.order === 'row' ? X.data : rowMajor(X));
    const dots = single ? k.denseDotsF32 : k.denseDotsF64;
    const combine = single ? k.denseCombineF32 : k.denseCombineF64;
    return {
      rows,
      cols,
      squares: squaresOf(X, (p) => (X.order === 'row' ? Math.floor(p / cols) : p % rows)),
      dots: (index, count, u, out) => dots(data, cols, cols, index, count, u, out),
      combine: (index, coef, count, y) => combine(data, cols, cols, index, coef, count, y),
      pass: (...rest) => pass(0, 0, data, cols, ...rest),
    };
  }
  const csr = X instanceof CscMatrix ? X.toCsr() : X;
  let row = 0;
  const squares = squaresOf(csr, (p) => {
    while (csr.indptr[row + 1] <= p) row++;
    return row;
  });
  const [indptr, indices, data] = [frame.put(csr.indptr), frame.put(csr.indices), frame.put(csr.data)];
  const dots = single ? k.cscDotsF32 : k.cscDotsF64;
  const combine = single ? k.cscCombineF32 : k.cscCombineF64;
  return {
    rows,
    cols,
    squares,
    dots: (index, count, u, out) => dots(indptr, indices, data, index, count, u, out),
    combine: (index, coef, count, y) => combine(indptr, indices, data, index, coef, count, y),
    pass: (...rest) => pass(indptr, indices, data, cols, ...rest),
  };
}

function rowMajor({ data, rows, cols }: DenseMatrix): Float64Array | Float32Array {
  const out = data.slice();
  for (let j = 0; j < cols; j++) for (let i = 0; i < rows; i++) out[i * cols + j] = data[j * rows + i];
  return out;
}

/** Sums of squares by row, which also show a NaN or Infinity in X; only then is it looked for. */
function squaresOf(X: Matrix, rowOf: (p: number) => number): Float64Array {
  const { data, rows } = X;
  const out = new Float64Array(rows);
  for (let p = 0; p < data.length; p++) out[rowOf(p)] += data[p] * data[p];
  if (!out.every(Number.isFinite)) {
    checkFinite(X);
    throw new SpinifexError('OVERFLOW', 'X: the squares of a row exceed the range of 64-bit numbers');
  }
  return out;
}
