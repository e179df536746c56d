import { refuse, refuseEntry } from './checks.ts';
import { CscMatrix } from './cscMatrix.ts';
import { CsrMatrix } from './csrMatrix.ts';
import { DenseMatrix } from './denseMatrix.ts';

/** A matrix of one of the three classes. */
export type Matrix = DenseMatrix | CsrMatrix | CscMatrix;

/** Whatever can be given where a matrix is asked for: a matrix, or an array of rows. */
export type MatrixInput = Matrix | readonly ArrayLike<number>[];

/** Whatever can be given where a vector is asked for: a plain array or a typed array of numbers. */
export type VectorInput = ArrayLike<number>;

/** The matrix itself, or an array of rows as a `DenseMatrix` (copied). Values are not looked at: see `checkFinite`. */
export function asMatrix(X: MatrixInput, title = 'X'): Matrix {
  if (X instanceof DenseMatrix || X instanceof CsrMatrix || X instanceof CscMatrix) return X;
  if (Array.isArray(X)) return DenseMatrix.from(X, title);
  const flat = ArrayBuffer.isView(X) ? ' (for flat data: new DenseMatrix(data, rows, cols))' : '';
  refuse(X, title, `a DenseMatrix, CsrMatrix, CscMatrix or an array of rows${flat}`, false);
}

/** The matrix itself, when every value in it is finite: `X[12][3] is NaN: expected a finite number` otherwise. */
export function checkFinite<T extends Matrix>(X: T, title = 'X'): T {
  const { data } = X;
  for (let p = 0; p < data.length; p++) {
    if (!Number.isFinite(data[p])) {
      const [i, j] = placeOf(X, p);
      refuseEntry(data[p], `${title}[${i}][${j}]`, 'a finite number');
    }
  }
  return X;
}

/** Row and column of `data[p]`. */
export function placeOf(X: Matrix, p: number): [row: number, column: number] {
  if (X instanceof DenseMatrix) {
    const width = X.order === 'row' ? X.cols : X.rows;
    const place: [number, number] = [Math.floor(p / width), p % width];
    return X.order === 'row' ? place : [place[1], place[0]];
  }
  const slice = X.indptr.findIndex((end) => end > p) - 1;
  return X instanceof CsrMatrix ? [slice, X.indices[p]] : [X.indices[p], slice];
}
