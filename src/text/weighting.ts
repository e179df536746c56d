import { currentBackend } from '../backend/backend.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';

/** What a row of a document-term matrix is divided by: its Euclidean length, the sum of its magnitudes, or nothing. */
export type RowNorm = 'l2' | 'l1' | 'none';
export const ROW_NORMS = ['l2', 'l1', 'none'] as const;

/** How counts become weights. */
export interface Weights {
  sublinearTf: boolean;
  /** One factor for each column; none: 1. */
  idf?: Float64Array;
  norm: RowNorm;
}

/** Replaces every count by its weight, in place. */
export function weigh(counts: CsrMatrix, { sublinearTf, idf, norm }: Weights): CsrMatrix {
  const { indptr, indices, data, rows } = counts;
  const { kernels } = currentBackend();
  for (let i = 0; i < rows; i++) {
    const [start, end] = [indptr[i], indptr[i + 1]];
    let squares = 0;
    let magnitudes = 0;
    for (let p = start; p < end; p++) {
      let x = data[p];
      if (sublinearTf && x !== 1) x = 1 + kernels.log(x);
      if (idf !== undefined) x *= idf[indices[p]];
      data[p] = x;
      squares += x * x;
      magnitudes += Math.abs(x);
    }
    const length = norm === 'l2' ? Math.sqrt(squares) : magnitudes;
    if (norm !== 'none' && length > 0) for (let p = start; p < end; p++) data[p] /= length;
  }
  return counts;
}

/** ln((s + n) / (s + df)) + 1, with s = 1 when smooth and 0 otherwise. */
export function inverseDocumentFrequency(documentFrequency: Int32Array, documents: number, smooth: boolean): Float64Array {
  const { kernels } = currentBackend();
  const s = smooth ? 1 : 0;
  return Float64Array.from(documentFrequency, (df) => kernels.log((s + documents) / (s + df)) + 1);
}
