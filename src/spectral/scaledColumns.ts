import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';

/** A copy of X with column j divided by scale_j, in 64 bits; what is sparse stays sparse. */
export function scaledColumns(X: Matrix, scale: Float64Array): Matrix {
  const { rows, cols } = X;
  const data = Float64Array.from(X.data);
  if (X instanceof DenseMatrix) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) data[i * X.rowStride + j * X.columnStride] /= scale[j];
    }
    return new DenseMatrix(data, rows, cols, X.order);
  }
  const { indptr, indices } = X;
  if (X instanceof CsrMatrix) {
    for (let e = 0; e < data.length; e++) data[e] /= scale[indices[e]];
    return new CsrMatrix({ rows, cols, indptr, indices, data });
  }
  for (let j = 0; j < cols; j++) for (let e = indptr[j]; e < indptr[j + 1]; e++) data[e] /= scale[j];
  return new CscMatrix({ rows, cols, indptr, indices, data });
}
