import { integerVector, numberArray } from '../core/checks.ts';
import type { Floats } from './factorLayout.ts';
import { factorProducts } from './factorProducts.ts';

/** The best columns of a row, best first. */
export interface Recommendation {
  columns: Int32Array;
  scores: Float64Array;
}

/** Columns to leave out: those that the row has entries in, none, or a list. */
export type Exclude = 'observed' | 'none' | ArrayLike<number>;

/** Which columns may be recommended to row i. */
export function candidates(
  exclude: Exclude,
  observed: { indptr: Int32Array; indices: Int32Array },
  i: number,
  n: number,
): (j: number) => boolean {
  if (exclude === 'none') return () => true;
  const left = new Uint8Array(n);
  if (exclude === 'observed') for (let e = observed.indptr[i]; e < observed.indptr[i + 1]; e++) left[observed.indices[e]] = 1;
  else for (const j of integerVector(numberArray(exclude, 'exclude'), 'exclude', 0, n - 1)) left[j] = 1;
  return (j) => left[j] === 0;
}

/** The best columns of many rows by the products of factors, plus a constant. */
export function topOfProducts(
  stride: number,
  X: Floats,
  Y: Floats,
  n: number,
  rows: Int32Array,
  k: number,
  observed: { indptr: Int32Array; indices: Int32Array },
  exclude: Exclude,
  shift: number,
): Recommendation[] {
  const chosen = X instanceof Float32Array ? new Float32Array(rows.length * stride) : new Float64Array(rows.length * stride);
  for (const [k, i] of rows.entries()) chosen.set(X.subarray(i * stride, (i + 1) * stride), k * stride);
  const out: Recommendation[] = [];
  if (rows.length === 0) return out;
  factorProducts(stride, chosen, Y, (block, width, first, count) => {
    for (let r = 0; r < count; r++) {
      const best = topColumns(block.subarray(r * width, r * width + n), k, candidates(exclude, observed, rows[first + r], n));
      out.push({ columns: best.columns, scores: best.scores.map((score) => score + shift) });
    }
  });
  return out;
}

/** The k largest scores of `allowed` columns, ties to the lower number; columns without a score (NaN) never. */
export function topColumns(scores: ArrayLike<number>, k: number, allowed: (j: number) => boolean): Recommendation {
  // A heap with the worst of the best at its root.
  const heap: number[] = [];
  const worse = (a: number, b: number) => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);
  const sink = (at: number) => {
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && worse(heap[child], heap[least])) least = child;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least], heap[at]];
      at = least;
    }
  };
  for (let j = 0; j < scores.length; j++) {
    if (Number.isNaN(scores[j]) || (heap.length === k && !worse(heap[0], j)) || !allowed(j)) continue;
    if (heap.length < k) {
      heap.push(j);
      for (let at = heap.length - 1; at > 0; ) {
        const up = (at - 1) >> 1;
        if (!worse(heap[at], heap[up])) break;
        [heap[at], heap[up]] = [heap[up], heap[at]];
        at = up;
      }
    } else {
      heap[0] = j;
      sink(0);
    }
  }
  const columns = Int32Array.from(heap).sort((a, b) => (worse(a, b) ? 1 : -1));
  return { columns, scores: Float64Array.from(columns, (j) => scores[j]) };
}
