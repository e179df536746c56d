import { ResidentMatrix } from '../backend/residentMatrix.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, type MatrixInput } from '../core/matrixInput.ts';
import type { Random } from '../core/random.ts';

/** X with the entries of every column in a random order of its own: the columns keep their distributions and lose their connections. */
export function permutedColumns(X: MatrixInput | ResidentMatrix, random: Random): DenseMatrix | CscMatrix {
  if (X instanceof ResidentMatrix) throw new TypeError("components: 'parallel' needs X itself, not a ResidentMatrix");
  const matrix = asMatrix(X, 'X');
  const { rows: n, cols: p } = matrix;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  if (matrix instanceof DenseMatrix) {
    const data = new Float64Array(n * p);
    for (let j = 0; j < p; j++) {
      random.shuffle(order);
      for (let i = 0; i < n; i++) data[j * n + i] = matrix.data[order[i] * matrix.rowStride + j * matrix.columnStride];
    }
    return new DenseMatrix(data, n, p, 'column');
  }
  const columns = matrix instanceof CsrMatrix ? matrix.toCsc() : matrix;
  const { indptr } = columns;
  const indices = new Int32Array(columns.nnz);
  for (let j = 0; j < p; j++) {
    random.shuffle(order);
    indices.set(order.slice(0, indptr[j + 1] - indptr[j]).sort(), indptr[j]);
  }
  // Which value lands in which of the sorted rows is random, too: the rows were drawn without looking at values.
  const data = columns.data.slice();
  for (let j = 0; j < p; j++) random.shuffle(data.subarray(indptr[j], indptr[j + 1]));
  return new CscMatrix({ rows: n, cols: p, indptr, indices, data });
}
