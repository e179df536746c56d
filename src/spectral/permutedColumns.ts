import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';
import type { Random } from '../core/random.ts';

/** The same columns, the entries of each in a random order of their own: what is left of X when nothing goes together. */
export function permutedColumns(X: Matrix, random: Random): Matrix {
  const { rows: n, cols: p } = X;
  if (X instanceof DenseMatrix) {
    const data = X.data.slice();
    const column = new Float64Array(n);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < n; i++) column[i] = X.data[i * X.rowStride + j * X.columnStride];
      random.shuffle(column);
      for (let i = 0; i < n; i++) data[i * X.rowStride + j * X.columnStride] = column[i];
    }
    return new DenseMatrix(data, n, p, X.order);
  }
  const source = X instanceof CsrMatrix ? X.toCsc() : X;
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const indices = new Int32Array(source.nnz);
  for (let j = 0; j < p; j++) {
    const [from, to] = [source.indptr[j], source.indptr[j + 1]];
    // The first entries of a partial shuffle are distinct rows, equally likely; values follow in a shuffled order of their own by sorting them.
    for (let e = from; e < to; e++) {
      const k = e - from;
      const other = k + random.integer(n - k);
      const held = rows[k];
      rows[k] = rows[other];
      rows[other] = held;
    }
    indices.set(
      rows
        .subarray(0, to - from)
        .slice()
        .sort(),
      from,
    );
  }
  const data = source.data.slice();
  for (let j = 0; j < p; j++) random.shuffle(data.subarray(source.indptr[j], source.indptr[j + 1]));
  return new CscMatrix({ rows: n, cols: p, indptr: source.indptr, indices, data });
}
