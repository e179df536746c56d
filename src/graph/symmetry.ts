import { transposeSlices } from '../core/compressed.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { SpinifexError } from '../core/errors.ts';

/** The first edge (by row) whose reverse is not there or, where `weighted`, has another weight; none in a symmetric matrix. */
export function unmatchedEdge(G: CsrMatrix, weighted: boolean): [from: number, to: number] | undefined {
  const T = transposeSlices(G, G.cols);
  for (let i = 0; i < G.rows; i++) {
    const end = G.indptr[i + 1];
    const ends = T.indptr[i + 1];
    for (let e = G.indptr[i], f = T.indptr[i]; e < end || f < ends; e++, f++) {
      const j = e < end ? G.indices[e] : G.cols;
      const k = f < ends ? T.indices[f] : G.cols;
      if (j < k) return [i, j];
      if (k < j) return [k, i];
      if (weighted && G.data[e] !== T.data[f]) return [i, j];
    }
  }
  return undefined;
}

export function notSymmetric(G: CsrMatrix, from: number, to: number, needed: string): SpinifexError {
  const [there, back] = [G.get(from, to), G.get(to, from)];
  return new SpinifexError(
    'NOT_SYMMETRIC',
    `G[${from}][${to}] is ${there} but G[${to}][${from}] is ${back}: ${needed} needs an undirected graph (see undirected)`,
  );
}
