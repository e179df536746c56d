import type { Pointer } from '../backend/kernels.ts';
import type { Problem } from './problem.ts';
import type { WorkingSet } from './workingSet.ts';

/** Memory for the basis: this share of the data, but room for at least LEAST and at most MOST directions. */
const MEMORY_SHARE = 0.05;
const LEAST = 6;
const MOST = 48;
/** Relative rounding error allowed for in squared norms: a wider radius is safe, only less sharp. */
const ROUNDING = 1e-14;

/**
 * Bounds on every correlation |z~_j . r| without touching the data.
 *
 * For a few directions q_1..q_K (orthonormal; earlier residuals and path directions) the products B_jk = z~_j . q_k are known for every
 * column. With a_k = q_k . r and by Cauchy-Schwarz on what is left of both,
 *
 *   |z~_j . r| <= |sum_k B_jk a_k| + sqrt(||z~_j||^2 - sum_k B_jk^2) sqrt(||r||^2 - sum_k a_k^2)
 *
 * Along a path the residual hardly leaves the span of what it was and where it was heading, so that nearly all columns stay certified.
 */
export class ResidualSpan {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  readonly #room: number;
  /** Directions known. */
  size = 0;
  #directions: Pointer;
  /** Direction-major: B_k is p values. */
  #products: Pointer;
  /** q_k . y~ */
  #response: number[] = [];
  /** sqrt(||z~_j||^2 - sum B_jk^2) */
  #tail: Pointer;
  /** Estimates of the last `screen`; p values that others may use in between. */
  readonly centre: Pointer;
  #list: Pointer;
  #skip: Pointer;
  #coordinates: Pointer;
  /** B of the members, slot-major: the only entries that `#project` reads, side by side. */
  #memberProducts = new Float64Array(0);

  constructor(problem: Problem, set: WorkingSet) {
    const { frame, heap, n, p, columns } = problem;
    this.#problem = problem;
    this.#set = set;
    const bytes = columns.nnz * (columns.type === 'f64' ? 8 : 4) * MEMORY_SHARE;
    this.#room = Math.max(LEAST, Math.min(MOST, n + 2, Math.floor(bytes / (8 * (n + p)))));
    this.#directions = frame.uninitialised(this.#room * n * 8);
    this.#products = frame.uninitialised(this.#room * p * 8);
    this.#tail = frame.uninitialised(p * 8);
    this.centre = frame.uninitialised(p * 8);
    this.#list = frame.uninitialised(p * 4);
    this.#skip = frame.zeros(p);
    this.#coordinates = frame.f64(this.#room);
    const skip = heap.u8(this.#skip, p);
    const second = heap.f64(problem.second, p);
    for (let j = 0; j < p; j++) if (second[j] === 0) skip[j] = 1;
    this.#reset();
    this.#startWithResponse();
  }

  /** The working set has grown: its new members, from slot `first` on, need no bounds any more. */
  leave(first: number): void {
    const { heap, p } = this.#problem;
    const { columns, size } = this.#set;
    const skip = heap.u8(this.#skip, p);
    for (let slot = first; slot < size; slot++) skip[columns[slot]] = 1;
    this.#copyMemberProducts(0, first);
  }

  /** The working set has forgotten members: their columns need bounds again. `moved` has the new slots, `columns` the old slots' columns. */
  renumber(moved: Int32Array, columns: Int32Array): void {
    const skip = this.#problem.heap.u8(this.#skip, this.#problem.p);
    for (let k = 0; k < moved.length; k++) {
      if (moved[k] < 0) skip[columns[k]] = 0;
      else this.#memberProducts.copyWithin(moved[k] * this.#room, k * this.#room, (k + 1) * this.#room);
    }
  }

  /**
   * Lists (into `list`) the columns outside the working set whose bound reaches limit * l1_j, for the residual of the set's
   * coefficients; returns how many.
   */
  screen(limit: number): number {
    const { kernels, heap, p } = this.#problem;
    const square = this.#set.residualSquare();
    const coordinates = this.#project();
    const inside = coordinates.reduce((total, a) => total + a * a, 0);
    const radius = Math.sqrt(Math.max(square - inside, 0) + ROUNDING * 2 * this.#problem.nullLoss);
    heap.f64(this.#coordinates, this.size).set(coordinates);
    heap.f64(this.centre, p).fill(0);
    kernels.denseCombineF64(this.#products, p, p, 0, this.#coordinates, this.size, this.centre);
    return kernels.screen(p, this.#skip, this.centre, this.#tail, radius, limit, this.#problem.l1, this.#list);
  }

  /** Moves the centres of the listed columns to the front of `centre`, in list order: right after `learn` they are the correlations themselves. */
  gatherCentres(count: number): void {
    const { heap, p } = this.#problem;
    const list = heap.i32(this.#list, count);
    const centre = heap.f64(this.centre, p);
    for (let k = 0; k < count; k++) centre[k] = centre[list[k]];
  }

  /** The columns that the last `screen` listed. */
  get list(): Pointer {
    return this.#list;
  }

  /** Takes in the directions of r and d: one pass over X. Forgets the oldest span when there is no room. */
  learn(r: Pointer, d: Pointer): void {
    if (this.size + 2 > this.#room) {
      this.#reset();
    }
    const { columns, frame, n, p } = this.#problem;
    const fresh = [r, d].filter((v) => this.#orthonormalise(v));
    const products = fresh.map((_, k) => this.#products + (this.size - fresh.length + k) * p * 8);
    if (fresh.length === 2) {
      const [u, v] = fresh.map((q) => {
        const u = frame.uninitialised(n * 8);
        this.#problem.left(q, u);
        return u;
      });
      columns.dotsPair(0, p, u, v, products[0], products[1]);
      frame.release(v);
      frame.release(u);
    } else if (fresh.length === 1) {
      const u = frame.uninitialised(n * 8);
      this.#problem.left(fresh[0], u);
      columns.dots(0, p, u, products[0]);
      frame.release(u);
    }
    for (const B of products) this.#shorten(B);
    this.#copyMemberProducts(this.size - fresh.length, 0);
  }

  /** Copies B_jk for directions from `direction` on and members from `slot` on. */
  #copyMemberProducts(direction: number, slot: number): void {
    const { heap, p } = this.#problem;
    const { columns, size, coef } = this.#set;
    if (this.#memberProducts.length < size * this.#room) {
      const larger = new Float64Array(coef.length * this.#room);
      larger.set(this.#memberProducts);
      this.#memberProducts = larger;
    }
    for (let k = direction; k < this.size; k++) {
      const products = heap.f64(this.#products + k * p * 8, p);
      for (let i = slot; i < size; i++) this.#memberProducts[i * this.#room + k] = products[columns[i]];
    }
  }

  /** a_k = q_k . r from the products of the members alone: r = y~ - sum b_j z~_j. */
  #project(): Float64Array {
    const { coef, size } = this.#set;
    const coordinates = Float64Array.from(this.#response);
    for (let slot = 0; slot < size; slot++) {
      const b = coef[slot];
      if (b === 0) continue;
      const from = slot * this.#room;
      for (let k = 0; k < coordinates.length; k++) coordinates[k] -= b * this.#memberProducts[from + k];
    }
    return coordinates;
  }

  /** Makes v orthonormal to the span (twice is enough) and appends it, unless it lies inside; v is overwritten. */
  #orthonormalise(v: Pointer): boolean {
    const { kernels, heap, n } = this.#problem;
    const before = kernels.norm2(v, n);
    for (let pass = 0; pass < 2; pass++) {
      kernels.denseDotsF64(this.#directions, n, n, 0, this.size, v, this.#coordinates);
      kernels.scale(-1, this.#coordinates, this.size);
      kernels.denseCombineF64(this.#directions, n, n, 0, this.#coordinates, this.size, v);
    }
    const norm = kernels.norm2(v, n);
    if (!(norm > 1e-10 * before)) return false;
    kernels.scale(1 / norm, v, n);
    heap.f64(this.#directions + this.size * n * 8, n).set(heap.f64(v, n));
    this.#response[this.size] = kernels.dot(v, this.#problem.response, n);
    this.size++;
    return true;
  }

  #reset(): void {
    const { heap, p, second } = this.#problem;
    this.size = 0;
    this.#response.length = 0;
    const tail = heap.f64(this.#tail, p);
    const square = heap.f64(second, p);
    for (let j = 0; j < p; j++) tail[j] = Math.sqrt(square[j]);
  }

  /** The first direction is free: z~_j . y~ is known from the start. */
  #startWithResponse(): void {
    const { kernels, heap, n, p, nullLoss, response, correlation } = this.#problem;
    if (nullLoss === 0) return;
    const norm = Math.sqrt(2 * nullLoss);
    const q = heap.f64(this.#directions, n);
    q.set(heap.f64(response, n));
    kernels.scale(1 / norm, this.#directions, n);
    heap.f64(this.#products, p).set(heap.f64(correlation, p));
    kernels.scale(1 / norm, this.#products, p);
    this.#response = [norm];
    this.size = 1;
    this.#shorten(this.#products);
  }

  /** Takes the part along one direction off the tails. */
  #shorten(products: Pointer): void {
    const { heap, p } = this.#problem;
    const B = heap.f64(products, p);
    const tail = heap.f64(this.#tail, p);
    const second = heap.f64(this.#problem.second, p);
    for (let j = 0; j < p; j++) tail[j] = Math.sqrt(Math.max(tail[j] * tail[j] - B[j] * B[j], ROUNDING * second[j]));
  }
}
