import type { DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { hostMatrix } from '../backend/residentMatrix.ts';
import { allocateFloats } from '../core/allocateFloats.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { checkFinite, type Matrix } from '../core/matrixInput.ts';

/** What a matrix of a kind becomes: sparse stays sparse, rows become a `DenseMatrix`. */
export type Mapped<X extends DesignInput> = X extends CsrMatrix
  ? CsrMatrix
  : X extends CscMatrix
    ? CscMatrix
    : X extends ResidentMatrix
      ? Matrix
      : DenseMatrix;

/**
 * A fresh matrix with `image(x, j)` in place of every x of column j, in the same order and precision. Sparse X is never densified.
 *
 * @param cause completes the sentence "sparse X would become dense: ..." for a column in which 0 does not stay 0
 * @throws RangeError for another number of columns, values that are not finite, and for a sparse X whose zeros would not stay 0
 */
export function mapColumns<X extends DesignInput>(
  X: X,
  cols: number,
  image: (x: number, j: number) => number,
  cause: (j: number) => string,
): Mapped<X> {
  const matrix = checkFinite(hostMatrix(X));
  if (matrix.cols !== cols) throw new RangeError(`X: expected ${cols} columns, as in the fit, got ${matrix.cols}`);
  return (matrix instanceof DenseMatrix ? mapDense(matrix, image) : mapStored(matrix, image, cause)) as Mapped<X>;
}

function mapDense({ data, rows, cols, order }: DenseMatrix, image: (x: number, j: number) => number): DenseMatrix {
  const out = allocateFloats(rows * cols, `a ${rows} x ${cols} matrix`, data);
  if (order === 'row') {
    for (let i = 0, p = 0; i < rows; i++) for (let j = 0; j < cols; j++, p++) out[p] = image(data[p], j);
  } else {
    for (let j = 0, p = 0; j < cols; j++) for (let i = 0; i < rows; i++, p++) out[p] = image(data[p], j);
  }
  return new DenseMatrix(out, rows, cols, order);
}

function mapStored(
  X: CsrMatrix | CscMatrix,
  image: (x: number, j: number) => number,
  cause: (j: number) => string,
): CsrMatrix | CscMatrix {
  const { rows, cols, indptr, indices, data } = X;
  for (let j = 0; j < cols; j++) {
    if (image(0, j) !== 0) {
      throw new RangeError(`X: a sparse X would become dense: ${cause(j)}. Sparse X is never densified; X.toDense() does it`);
    }
  }
  const out = allocateFloats(data.length, 'stored entries', data);
  const parts = { rows, cols, indptr: indptr.slice(), indices: indices.slice(), data: out };
  if (X instanceof CsrMatrix) {
    for (let p = 0; p < out.length; p++) out[p] = image(data[p], indices[p]);
    return new CsrMatrix(parts);
  }
  for (let j = 0; j < cols; j++) for (let p = indptr[j]; p < indptr[j + 1]; p++) out[p] = image(data[p], j);
  return new CscMatrix(parts);
}
