import type { DesignInput } from '../backend/residentMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { adjacency } from './adjacency.ts';

/**
 * The undirected graph of a list of edges: G + G' with the diagonal of G. An edge that is listed once, in either direction, keeps its
 * weight; one that is listed in both directions gets the sum; a loop stays as it is.
 *
 * @param G n x n, dense or sparse; entry (i, j) is the weight of an edge between i and j
 * @throws TypeError, RangeError for a value that is not a square matrix
 * @example
 * undirected(CsrMatrix.fromCoo(3, 3, { row: [0, 1], col: [1, 2], value: [1, 4] })).toDense();
 */
export function undirected(G: DesignInput): CsrMatrix {
  const { rows: n, indptr, indices, data, nnz } = adjacency(G);
  let loops = 0;
  for (let i = 0; i < n; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) if (indices[e] === i) loops++;
  const entries = 2 * nnz - loops;
  const row = new Int32Array(entries);
  const col = new Int32Array(entries);
  const value = data instanceof Float32Array ? new Float32Array(entries) : new Float64Array(entries);
  let to = 0;
  const put = (i: number, j: number, weight: number) => {
    row[to] = i;
    col[to] = j;
    value[to++] = weight;
  };
  for (let i = 0; i < n; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      put(i, indices[e], data[e]);
      if (indices[e] !== i) put(indices[e], i, data[e]);
    }
  }
  return CsrMatrix.fromCoo(n, n, { row, col, value });
}
