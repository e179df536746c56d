import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { moderate, moderated, refuseWeight } from './edgeWeights.ts';

/** The graph passes into linear memory through buffers of about this many edges, which stay in cache. */
const STAGING_EDGES = 2 ** 15;

/** A block of rows in linear memory, as the edge kernels take it. */
type EdgeBlock = (indptr: Pointer, rows: number, indices: Pointer, data: Pointer, first: number) => void;

/** sum |r_k| and what bounds its rounding. */
interface Residual {
  norm: number;
  /** sum over nodes of (edges in) x_k */
  rounding: number;
}

/**
 * (I - alpha P') x = f, or D u = f + alpha W'u, in linear memory by incoming edges; P = W / out-strength, rows of nodes without outgoing
 * weight are zero. Labels, u, diagonal and mass as in `graphKernels.ts`; all vectors are in the order of labels.
 */
export class LinkSystem {
  readonly frame: Arena;
  readonly alpha: number;
  readonly n: number;
  /** Labels 0..core-1 have edges in and out, core..active-1 only in. */
  readonly core: number;
  readonly active: number;
  /** The graph as it is used: without weights of 0. */
  readonly graph: CsrMatrix;
  readonly diagonal: Pointer;
  readonly mass: Pointer;
  /** Per node its weight on edges into the core; 0 for sinks. */
  readonly inside: Pointer;
  /** 1 for nodes without outgoing weight, 0 for the others; `dangling` says how many there are. */
  readonly hanging: Pointer;
  readonly dangling: number;
  readonly #label: Pointer;
  readonly #indptr: Pointer;
  readonly #indices: Pointer;
  readonly #data: Pointer;
  readonly #sums: Pointer;
  readonly #sweep;
  readonly #residual;

  constructor(frame: Arena, G: CsrMatrix, alpha: number, weighted: boolean) {
    const { kernels: k, heap } = frame;
    let range = weightRange(frame, G);
    if (!(range.low >= 0 && range.high < Infinity)) refuseWeight(G);
    if (range.low === 0 || (weighted && !moderate(range.low, range.high))) {
      G = moderated(G, weighted);
      range = weightRange(frame, G);
    }
    const form = !weighted || range.low >= range.high ? 'Unit' : G.data instanceof Float32Array ? 'F32' : 'F64';
    const width = { Unit: 0, F32: 4, F64: 8 }[form];
    const { rows: n, nnz } = G;
    this.frame = frame;
    this.alpha = alpha;
    this.n = n;
    this.graph = G;
    this.#sweep = k[`gaussSeidel${form}`];
    this.#residual = k[`pageRankResidual${form}`];
    this.#sums = frame.f64(2);
    this.diagonal = frame.uninitialised(n * 8);
    this.mass = frame.uninitialised(n * 8);
    this.hanging = frame.uninitialised(n * 8);
    this.inside = frame.uninitialised(n * 8);
    this.#label = frame.uninitialised(n * 4);
    this.#indptr = frame.uninitialised((n + 1) * 4);

    const [strength, loop] = [frame.uninitialised(n * 8), frame.uninitialised(n * 8)];
    const [incoming, outgoing, counts] = [frame.i32(n), frame.uninitialised(n * 4), frame.i32(4)];
    const count = k[`edgeCount${form}`];
    inBlocks(frame, G, width > 0, (indptr, rows, indices, data, first) =>
      count(indptr, rows, indices, data, first, incoming, outgoing, strength, loop),
    );
    const { diagonal, mass, hanging, inside } = this;
    // Every node has its count of incoming edges read before its place in `next` is written.
    const next = incoming;
    k.pageRankOrder(
      n,
      alpha,
      incoming,
      outgoing,
      strength,
      loop,
      this.#label,
      next,
      this.#indptr,
      diagonal,
      mass,
      hanging,
      counts,
    );
    const [core, sinks] = heap.i32(counts, 2);
    this.core = core;
    this.active = core + sinks;
    this.dangling = k.sum(hanging, n);
    for (const pointer of [counts, outgoing, loop, strength]) frame.release(pointer);

    this.#indices = frame.uninitialised(nnz * 4);
    this.#data = width > 0 ? frame.uninitialised(nnz * width) : 0;
    const coreEnd = heap.i32(this.#indptr, n + 1)[core];
    const scatter = k[`edgeScatter${form}`];
    inBlocks(frame, G, width > 0, (indptr, rows, indices, data, first) =>
      scatter(indptr, rows, indices, data, first, this.#label, next, coreEnd, this.#indices, this.#data, inside),
    );
    frame.release(next);
  }

  /** A vector by node as a vector by label. */
  put(values: Float64Array): Pointer {
    const pointer = this.frame.uninitialised(this.n * 8);
    const labels = this.frame.heap.i32(this.#label, this.n);
    const to = this.frame.heap.f64(pointer, this.n);
    for (let i = 0; i < this.n; i++) to[labels[i]] = values[i];
    return pointer;
  }

  /** x = mass u by node, for the caller to keep. */
  scores(u: Pointer): Float64Array {
    const { frame, n, mass } = this;
    const out = frame.uninitialised(n * 8);
    frame.kernels.pageRankScores(n, this.#label, mass, u, out);
    const scores = frame.read(out, n);
    frame.release(out);
    return scores;
  }

  /** One Gauss-Seidel sweep over the labels first..last-1; the sum of the |residuals| that it met. */
  sweep(first: number, last: number, f: Pointer, u: Pointer): number {
    return this.#sweep(this.#indptr, this.#indices, this.#data, first, last, this.alpha, f, this.diagonal, u);
  }

  /** out = a f + b g - (D - alpha W') u for the first `rows` labels; f = 0 or g = 0: without that term. */
  residual(rows: number, a: number, f: Pointer, b: number, g: Pointer, u: Pointer, out: Pointer): Residual {
    const { alpha, diagonal } = this;
    this.#residual(this.#indptr, this.#indices, this.#data, rows, alpha, a, f, b, g, diagonal, u, out, this.#sums);
    const [norm, rounding] = this.frame.heap.f64(this.#sums, 2);
    return { norm, rounding };
  }

  /** 1 / values for the first `count` labels. */
  inverse(values: Pointer, count: number): Pointer {
    const out = this.frame.f64(count);
    const from = this.frame.heap.f64(values, count);
    const to = this.frame.heap.f64(out, count);
    for (let k = 0; k < count; k++) to[k] = 1 / from[k];
    return out;
  }
}

function weightRange(frame: Arena, { data, nnz }: CsrMatrix): { low: number; high: number } {
  const { kernels, heap } = frame;
  const single = data instanceof Float32Array;
  const kernel = single ? kernels.weightRangeF32 : kernels.weightRangeF64;
  const range = frame.put(Float64Array.of(Infinity, -Infinity));
  const staging = frame.uninitialised(Math.min(nnz, STAGING_EDGES) * 8);
  for (let from = 0; from < nnz; from += STAGING_EDGES) {
    const part = data.subarray(from, Math.min(from + STAGING_EDGES, nnz));
    (single ? heap.f32(staging, part.length) : heap.f64(staging, part.length)).set(part);
    kernel(staging, part.length, range);
  }
  const [low, high] = nnz > 0 ? heap.f64(range, 2) : [1, 1];
  frame.release(staging);
  frame.release(range);
  return { low, high };
}

/** Hands the rows of G to a kernel, block after block. */
function inBlocks(frame: Arena, G: CsrMatrix, withData: boolean, use: EdgeBlock): void {
  const { heap } = frame;
  const { rows: n, indptr, indices, data } = G;
  const single = data instanceof Float32Array;
  const starts = blocks(indptr, n);
  let [mostRows, mostEdges] = [0, 0];
  for (let b = 0; b + 1 < starts.length; b++) {
    mostRows = Math.max(mostRows, starts[b + 1] - starts[b]);
    mostEdges = Math.max(mostEdges, indptr[starts[b + 1]] - indptr[starts[b]]);
  }
  const someRows = frame.uninitialised((mostRows + 1) * 4);
  const someIndices = frame.uninitialised(mostEdges * 4);
  const someData = withData ? frame.uninitialised(mostEdges * data.BYTES_PER_ELEMENT) : 0;
  for (let b = 0; b + 1 < starts.length; b++) {
    const [first, end] = [starts[b], starts[b + 1]];
    const [from, to] = [indptr[first], indptr[end]];
    heap.i32(someRows, end - first + 1).set(indptr.subarray(first, end + 1));
    heap.i32(someIndices, to - from).set(indices.subarray(from, to));
    if (withData) (single ? heap.f32(someData, to - from) : heap.f64(someData, to - from)).set(data.subarray(from, to));
    use(someRows, end - first, someIndices, someData, first);
  }
  for (const pointer of [someRows, someIndices, someData]) frame.release(pointer);
}

/** Where blocks of rows start: each as many as the buffers hold, found by bisection, but at least one. */
function blocks(indptr: Int32Array, n: number): number[] {
  const starts = [0];
  for (let first = 0; first < n; starts.push(first)) {
    let low = first + 1;
    let high = Math.min(n, first + STAGING_EDGES);
    const most = indptr[first] + STAGING_EDGES;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (indptr[middle] <= most) low = middle;
      else high = middle - 1;
    }
    first = low;
  }
  return starts;
}
