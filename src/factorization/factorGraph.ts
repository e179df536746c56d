import { refuseEntry } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { WeightedGraph } from './side.ts';

/** A symmetric graph without self-loops, its weights times `strength`. */
export function checkGraph(graph: CsrMatrix, title: string, count: number, strength: number): WeightedGraph {
  if (graph.rows !== count || graph.cols !== count) {
    throw new RangeError(`${title}: expected ${count} x ${count}, got ${graph.rows} x ${graph.cols}`);
  }
  const { indptr, indices, data } = graph;
  const reverse = graph.transpose();
  for (let i = 0; i < count; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const place = `${title}[${i}][${indices[e]}]`;
      if (!(data[e] >= 0 && data[e] < Infinity)) refuseEntry(data[e], place, 'a finite number >= 0');
      // Both are sorted: the transpose of a symmetric matrix has the same entries in the same order.
      if (reverse.indices[e] !== indices[e] || reverse.data[e] !== data[e]) {
        throw new RangeError(
          `${place} is ${data[e]} and ${title}[${indices[e]}][${i}] is ${graph.get(indices[e], i)}: expected a symmetric graph`,
        );
      }
    }
  }
  const start = new Int32Array(count + 1);
  const [kept, weights]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      if (indices[e] === i || data[e] === 0) continue;
      kept.push(indices[e]);
      weights.push(strength * data[e]);
    }
    start[i + 1] = kept.length;
  }
  return { indptr: start, indices: Int32Array.from(kept), data: Float64Array.from(weights) };
}
