import { refuseEntry } from '../core/checks.ts';
import { Compressed } from '../core/compressed.ts';
import { type CsrMatrix, csrFromTrusted } from '../core/csrMatrix.ts';
import { placeOf } from '../core/matrixInput.ts';

/** Sums of weights within this factor of 1 neither overflow nor lose digits. */
const MODERATE = 1e150;

/** Whether weights with this range can be summed and divided as they are: none is 0, none extreme. */
export function moderate(low: number, high: number): boolean {
  return low >= 1 / MODERATE && high <= MODERATE;
}

/** Throws for the first weight that is negative or not finite. */
export function refuseWeight(G: CsrMatrix): never {
  const at = G.data.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  refuseWeightAt(G.data[at], ...placeOf(G, at));
}

export function refuseWeightAt(weight: number, i: number, j: number): never {
  refuseEntry(weight, `G[${i}][${j}]`, Number.isFinite(weight) ? 'an edge weight >= 0' : 'a finite edge weight >= 0');
}

/** The same transition probabilities from moderate weights: a weight of 0 is no edge, and rows are divided by their largest weight. */
export function moderated(G: CsrMatrix, weighted: boolean): CsrMatrix {
  const { rows: n } = G;
  const indptr = new Int32Array(n + 1);
  const indices = new Int32Array(G.nnz);
  const data = new Float64Array(G.nnz);
  let to = 0;
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let e = G.indptr[i]; e < G.indptr[i + 1]; e++) largest = Math.max(largest, G.data[e]);
    const unit = largest >= 1 / MODERATE && largest <= MODERATE ? 1 : largest;
    for (let e = G.indptr[i]; e < G.indptr[i + 1]; e++) {
      const weight = G.data[e] / unit;
      // What is below 1e-150 of its row could not be seen in any sum of the row.
      if (G.data[e] === 0 || (weighted && weight < 1 / MODERATE)) continue;
      indices[to] = G.indices[e];
      data[to++] = weight;
    }
    indptr[i + 1] = to;
  }
  return csrFromTrusted(new Compressed(n, n, indptr, indices.slice(0, to), data.slice(0, to)));
}
