/** The best columns of a row, best first. */
export interface Recommendation {
  columns: Int32Array;
  scores: Float64Array;
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
