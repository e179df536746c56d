/** Seeded graphs of the benchmarks. */
import { Random } from './data.mjs';

/** R-MAT (Chakrabarti, Zhan, Faloutsos 2004) with a = 0.57, b = 0.19, c = 0.19, d = 0.05: `edges` different edges between 2^scale nodes, sorted. */
export function rmat(scale, edges, seed) {
  const random = new Random(seed);
  const n = 2 ** scale;
  const seen = new Set();
  while (seen.size < edges) {
    let source = 0;
    let target = 0;
    for (let bit = 0; bit < scale; bit++) {
      const u = random.unit();
      source = 2 * source + (u >= 0.76 ? 1 : 0);
      target = 2 * target + ((u >= 0.57 && u < 0.76) || u >= 0.95 ? 1 : 0);
    }
    seen.add(source * n + target);
  }
  const keys = Float64Array.from(seen).sort();
  return { n, source: Int32Array.from(keys, (key) => Math.floor(key / n)), target: Int32Array.from(keys, (key) => key % n) };
}

/** Compressed rows of sorted edges, all of weight 1. */
export function compressed({ n, source, target }) {
  const indptr = new Int32Array(n + 1);
  for (const i of source) indptr[i + 1]++;
  for (let i = 0; i < n; i++) indptr[i + 1] += indptr[i];
  return { rows: n, cols: n, indptr, indices: target, data: new Float64Array(target.length).fill(1) };
}

/** The same graph by incoming edges, nodes with more of them first, as PageRank has it; `strength` is what each node sends out, at least 1. */
export function transposed({ rows: n, indptr, indices }) {
  const incoming = new Int32Array(n);
  for (const j of indices) incoming[j]++;
  const order = Int32Array.from(incoming.keys()).sort((a, b) => incoming[b] - incoming[a] || a - b);
  const label = new Int32Array(n);
  for (let k = 0; k < n; k++) label[order[k]] = k;
  const starts = new Int32Array(n + 1);
  for (let k = 0; k < n; k++) starts[k + 1] = starts[k] + incoming[order[k]];
  const next = starts.slice();
  const sources = new Int32Array(indices.length);
  for (let i = 0; i < n; i++) for (let e = indptr[i]; e < indptr[i + 1]; e++) sources[next[label[indices[e]]]++] = label[i];
  const strength = Float64Array.from(order, (i) => Math.max(1, indptr[i + 1] - indptr[i]));
  return { rows: n, indptr: starts, indices: sources, data: new Float64Array(indices.length).fill(1), strength };
}

/**
 * Small world with bounded degree: every node is joined to its `near` next ones on a ring, and nodes 16 apart to a partner a short, drawn
 * distance away. Any neighbourhood looks like any other, whatever n is.
 */
export function smallWorld(n, near, seed) {
  const random = new Random(seed);
  const pairs = new Set();
  const join = (i, j) => {
    if (i !== j) pairs.add(i * n + j).add(j * n + i);
  };
  for (let i = 0; i < n; i++) for (let k = 1; k <= near; k++) join(i, (i + k) % n);
  for (let i = 0; i < n; i += 16) join(i, (i + 32 + random.integer(256)) % n);
  const keys = Float64Array.from(pairs).sort();
  return compressed({
    n,
    source: Int32Array.from(keys, (key) => Math.floor(key / n)),
    target: Int32Array.from(keys, (key) => key % n),
  });
}
