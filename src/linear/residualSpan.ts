import type { Pointer } from '../backend/kernels.ts';
import type { Problem } from './problem.ts';
import type { WorkingSet } from './workingSet.ts';

/** Memory for the basis: this share of the data, but room for at least LEAST and at most MOST directions. */
const MEMORY_SHARE = 0.05;
const LEAST = 6;
const MOST = 48;
/** Below this share of its length outside the span a vector is projected twice. */
const REPEAT = 1e-3;
/** A pass leaves the members out when they are more than this share of the columns. */
const MEMBERS_SHARE = 0.1;
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
    this.#extend();
    for (let k = 0; k < this.size; k++) {
      const products = heap.f64(this.#products + k * p * 8, p);
      for (let slot = first; slot < size; slot++) this.#memberProducts[slot * this.#room + k] = products[columns[slot]];
    }
  }

  /** The working set has forgotten members: their columns need bounds again. `moved` has the new slots, `columns` the old slots' columns. */
  renumber(moved: Int32Array, columns: Int32Array): void {
    const { heap, p, second } = this.#problem;
    const skip = heap.u8(this.#skip, p);
    const tail = heap.f64(this.#tail, p);
    const square = heap.f64(second, p);
    const products = heap.f64(this.#products, this.size * p);
    const room = this.#room;
    for (let slot = 0; slot < moved.length; slot++) {
      if (moved[slot] >= 0) {
        this.#memberProducts.copyWithin(moved[slot] * room, slot * room, (slot + 1) * room);
        continue;
      }
      const j = columns[slot];
      let rest = square[j];
      for (let k = 0; k < this.size; k++) {
        const B = this.#memberProducts[slot * room + k];
        products[k * p + j] = B;
        rest -= B * B;
      }
      tail[j] = Math.sqrt(Math.max(rest, ROUNDING * square[j]));
      skip[j] = 0;
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

  /**
   * Takes in the directions of r and d (overwritten): one pass over the columns outside the working set. Its members know their products
   * with both already: z~_k . r and z~_k . d over the slots. Forgets the oldest span when there is no room.
   */
  learn(r: Pointer, d: Pointer, memberR: Float64Array, memberD: Float64Array): void {
    if (this.size + 2 > this.#room) this.#reset();
    const first = this.size;
    const fresh: Pointer[] = [];
    if (this.#orthonormalise(r, memberR)) fresh.push(r);
    if (this.#orthonormalise(d, memberD)) fresh.push(d);
    if (fresh.length === 0) return;
    const { frame, heap, columns, n, p } = this.#problem;
    const lefts = fresh.map((q) => {
      const u = frame.uninitialised(n * 8);
      this.#problem.left(q, u);
      return u;
    });
    const products = fresh.map((_, k) => this.#products + (first + k) * p * 8);
    const some = this.#set.size > MEMBERS_SHARE * p;
    const index = some ? this.#listOutsiders() : 0;
    const count = some ? p - this.#set.size : p;
    if (lefts.length === 2) columns.dotsPair(index, count, lefts[0], lefts[1], products[0], products[1]);
    else columns.dots(index, count, lefts[0], products[0]);
    for (const u of lefts) frame.release(u);
    for (const B of products) {
      if (some) spread(heap.f64(B, p), heap.i32(index, count));
      this.#shorten(B);
    }
  }

  /** Columns outside the working set, into `list`, ascending. */
  #listOutsiders(): Pointer {
    const { heap, p } = this.#problem;
    const list = heap.i32(this.#list, p);
    const { slots } = this.#set;
    let count = 0;
    for (let j = 0; j < p; j++) if (slots[j] < 0) list[count++] = j;
    return this.#list;
  }

  /** Makes room for the products of all members. */
  #extend(): void {
    const { size, coef } = this.#set;
    if (this.#memberProducts.length >= size * this.#room) return;
    const larger = new Float64Array(coef.length * this.#room);
    larger.set(this.#memberProducts);
    this.#memberProducts = larger;
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

  /** Makes v orthonormal to the span and appends it, unless it lies inside; v and the members' products with it are overwritten. */
  #orthonormalise(v: Pointer, member: Float64Array): boolean {
    const { kernels, heap, n } = this.#problem;
    const before = kernels.norm2(v, n);
    this.#leaveSpan(v, member);
    // Cancellation leaves a little of the span in v where v was nearly inside; a second pass removes that too.
    if (kernels.norm2(v, n) < REPEAT * before) this.#leaveSpan(v, member);
    const norm = kernels.norm2(v, n);
    if (!(norm > 1e-10 * before)) return false;
    kernels.scale(1 / norm, v, n);
    heap.f64(this.#directions + this.size * n * 8, n).set(heap.f64(v, n));
    this.#response[this.size] = kernels.dot(v, this.#problem.response, n);
    for (let slot = 0; slot < member.length; slot++) this.#memberProducts[slot * this.#room + this.size] = member[slot] / norm;
    this.size++;
    return true;
  }

  /** v -= Q Q'v, and likewise the members' products with v. */
  #leaveSpan(v: Pointer, member: Float64Array): void {
    const { kernels, heap, n } = this.#problem;
    kernels.denseDotsF64(this.#directions, n, n, 0, this.size, v, this.#coordinates);
    kernels.scale(-1, this.#coordinates, this.size);
    kernels.denseCombineF64(this.#directions, n, n, 0, this.#coordinates, this.size, v);
    const minus = heap.f64(this.#coordinates, this.size);
    for (let slot = 0; slot < member.length; slot++) {
      const from = slot * this.#room;
      for (let k = 0; k < minus.length; k++) member[slot] += minus[k] * this.#memberProducts[from + k];
    }
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

/** Values in list order, moved to where the list says; the list ascends, so that back to front nothing is overwritten. */
function spread(values: Float64Array, list: Int32Array): void {
  for (let k = list.length - 1; k >= 0; k--) values[list[k]] = values[k];
}
