import { allocateFloats } from './allocateFloats.ts';
import { Compressed, type Slices } from './compressed.ts';
import { type CscMatrix, cscFromTrusted } from './cscMatrix.ts';
import { CsrMatrix, csrFromTrusted } from './csrMatrix.ts';
import { DenseMatrix } from './denseMatrix.ts';
import type { Matrix } from './matrixInput.ts';

/**
 * Some rows of a matrix, copied, in the same storage and with values of the same kind; sparse stays sparse.
 * @param rows at least one, strictly increasing and in range: not checked
 */
export function takeRows(X: Matrix, rows: Int32Array): Matrix {
  if (X instanceof DenseMatrix) return denseRows(X, rows);
  return X instanceof CsrMatrix ? compressedRows(X, rows) : renumberedRows(X, rows);
}

function denseRows({ data, rows: n, cols, order }: DenseMatrix, rows: Int32Array): DenseMatrix {
  const count = rows.length;
  const out = allocateFloats(count * cols, `a ${count} x ${cols} matrix`, data);
  if (order === 'row') {
    for (let k = 0; k < count; k++) out.set(data.subarray(rows[k] * cols, (rows[k] + 1) * cols), k * cols);
  } else {
    for (let j = 0; j < cols; j++) for (let k = 0; k < count; k++) out[j * count + k] = data[j * n + rows[k]];
  }
  return new DenseMatrix(out, count, cols, order);
}

function compressedRows(X: CsrMatrix, rows: Int32Array): CsrMatrix {
  const indptr = new Int32Array(rows.length + 1);
  for (let k = 0; k < rows.length; k++) indptr[k + 1] = indptr[k] + X.indptr[rows[k] + 1] - X.indptr[rows[k]];
  const { indices, data } = room(X, indptr[rows.length]);
  for (let k = 0; k < rows.length; k++) {
    const [from, to] = [X.indptr[rows[k]], X.indptr[rows[k] + 1]];
    indices.set(X.indices.subarray(from, to), indptr[k]);
    data.set(X.data.subarray(from, to), indptr[k]);
  }
  return csrFromTrusted(new Compressed(rows.length, X.cols, indptr, indices, data));
}

function renumberedRows(X: CscMatrix, rows: Int32Array): CscMatrix {
  const place = new Int32Array(X.rows).fill(-1);
  for (let k = 0; k < rows.length; k++) place[rows[k]] = k;
  const kept = X.indices.reduce((sum, i) => sum + (place[i] >= 0 ? 1 : 0), 0);
  const indptr = new Int32Array(X.cols + 1);
  const { indices, data } = room(X, kept);
  let e = 0;
  for (let j = 0; j < X.cols; j++) {
    for (let p = X.indptr[j]; p < X.indptr[j + 1]; p++) {
      const k = place[X.indices[p]];
      if (k < 0) continue;
      indices[e] = k;
      data[e++] = X.data[p];
    }
    indptr[j + 1] = e;
  }
  return cscFromTrusted(new Compressed(X.cols, rows.length, indptr, indices, data));
}

function room(X: Slices, nnz: number): { indices: Int32Array; data: Float64Array | Float32Array } {
  return { indices: new Int32Array(nnz), data: allocateFloats(nnz, `${nnz} entries`, X.data) };
}
