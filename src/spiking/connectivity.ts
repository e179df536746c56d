import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { integerIn } from '../core/checks.ts';
import type { Random } from '../core/random.ts';

/** Which neuron reaches which, compressed by source, targets ascending (and repeated where a pair has several synapses). */
export interface Connectivity {
  readonly indptr: Int32Array;
  readonly targets: Int32Array;
}

const MOST_SYNAPSES = 2 ** 28;

/** Every pair with probability p, by geometric skipping: O(synapses). Autapses are as likely as other pairs. */
export function bernoulli(rows: number, cols: number, p: number, random: Random): Connectivity {
  const indptr = new Int32Array(rows + 1);
  if (p === 0) return { indptr, targets: new Int32Array(0) };
  const expected = rows * cols * p;
  // Eight standard deviations: the buffer is filled a second time once in a universe.
  const capacity = Math.ceil(expected + 8 * Math.sqrt(expected) + cols);
  atMostSynapses(capacity);
  const backend = currentBackend();
  const inverse = p === 1 ? 0 : 1 / backend.kernels.log1p(-p);
  return arena(backend, (frame) => {
    const { heap, kernels } = frame;
    const state = putState(frame, random);
    const INDPTR = frame.i32(rows + 1);
    const targets = frame.uninitialised(capacity * 4);
    const chunks: Int32Array[] = [];
    let total = 0;
    for (let row = 0; row < rows; ) {
      const next = kernels.bernoulliRows(state, inverse, row, rows, cols, INDPTR, targets, capacity);
      const ends = heap.i32(INDPTR, next - row + 1);
      for (let r = row; r < next; r++) indptr[r + 1] = total + ends[r - row + 1];
      const count = ends[next - row];
      chunks.push(heap.i32(targets, count).slice());
      total += count;
      row = next;
    }
    return { indptr, targets: chunks.length === 1 ? chunks[0] : joined(chunks, total) };
  });
}

/** `degree` sources for every target, drawn with replacement: a pair may have several synapses. */
export function fixedInDegree(rows: number, cols: number, degree: number, random: Random): Connectivity {
  const count = cols * degree;
  atMostSynapses(count);
  const sources = arena(currentBackend(), (frame) => {
    const out = frame.uninitialised(count * 4);
    frame.kernels.randomIntegers(putState(frame, random), rows, out, count);
    return frame.heap.i32(out, count).slice();
  });
  const indptr = offsetsOf(sources, rows);
  const next = indptr.slice(0, rows);
  const targets = new Int32Array(count);
  for (let t = 0, k = 0; t < cols; t++) for (let j = 0; j < degree; j++, k++) targets[next[sources[k]]++] = t;
  return { indptr, targets };
}

/** The same synapses by target: those onto t are edges[colptr[t]]..edges[colptr[t + 1] - 1], ascending. */
export function byTarget({ indptr, targets }: Connectivity, cols: number) {
  const colptr = offsetsOf(targets, cols);
  const next = colptr.slice(0, cols);
  const sources = new Int32Array(targets.length);
  const edges = new Int32Array(targets.length);
  for (let s = 0; s + 1 < indptr.length; s++) {
    for (let e = indptr[s]; e < indptr[s + 1]; e++) {
      const slot = next[targets[e]]++;
      sources[slot] = s;
      edges[slot] = e;
    }
  }
  return { colptr, sources, edges };
}

/** out[k] = how many keys are below k, for k = 0..count. */
export function offsetsOf(keys: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count + 1);
  for (let k = 0; k < keys.length; k++) out[keys[k] + 1]++;
  for (let k = 0; k < count; k++) out[k + 1] += out[k];
  return out;
}

function putState(frame: Arena, random: Random): number {
  return frame.put(new Int32Array(random.state().buffer));
}

function atMostSynapses(count: number): void {
  integerIn(count, 'number of synapses of one connection', 0, MOST_SYNAPSES);
}

function joined(chunks: readonly Int32Array[], total: number): Int32Array {
  const out = new Int32Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
