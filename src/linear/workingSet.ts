import type { Pointer } from '../backend/kernels.ts';
import { select } from '../core/select.ts';
import type { Problem } from './problem.ts';

/** Most columns packed together for one pass over the members: enough to be bound by arithmetic instead of memory, */
const MOST_PACKED = 8;
/** as long as they are a small share of the data. */
const PACKED_SHARE = 0.03;
/** The Gram matrix is the largest thing beside the data: it starts with this share of it, and only grows when a support needs more. */
const MEMORY_SHARE = 0.12;
const LEAST_ROOM = 64;
const GROWTH = 1.3;

/**
 * The columns that have carried weight or may: their Gram matrix G, correlations c = Z'y~ and current q = c - G b, so that nothing
 * about them needs the data again. Members are numbered 0..size-1 in order of entry ("slots").
 */
export class WorkingSet {
  readonly #problem: Problem;
  size = 0;
  /** Column of each slot. */
  columns: Int32Array = new Int32Array(0);
  /** Slot of each column, -1 outside. */
  readonly slots: Int32Array;
  coef = new Float64Array(0);
  /** c_k = z~_k . y~ */
  correlation = new Float64Array(0);
  /** Factors of the penalty, before lambda. */
  l1 = new Float64Array(0);
  l2 = new Float64Array(0);
  lower = new Float64Array(0);
  upper = new Float64Array(0);
  #room = 0;
  #gram: Pointer = 0;
  #q: Pointer = 0;
  #list: Pointer = 0;
  #values: Pointer = 0;
  #slotList: Pointer = 0;
  readonly #packed: Pointer;
  readonly #width: number;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.slots = new Int32Array(problem.p).fill(-1);
    const { n, p, columns, frame } = problem;
    const bytes = columns.nnz * (columns.type === 'f64' ? 8 : 4);
    this.#width = Math.min(p, Math.max(2, Math.min(MOST_PACKED, Math.floor((PACKED_SHARE * bytes) / (n * 8)))));
    this.#packed = frame.uninitialised(this.#width * n * 8);
    const affordable = Math.floor(Math.sqrt((bytes * MEMORY_SHARE) / 8));
    this.#makeRoom(Math.min(p, Math.max(LEAST_ROOM, Math.min(affordable, 2 * Math.min(n, p)))));
  }

  /** Members that fit without growing. */
  get room(): number {
    return this.#room;
  }

  /** Forgets members; returns the new slot of every old one, -1 for the forgotten. */
  evict(keep: (slot: number) => boolean): Int32Array {
    const before = this.size;
    const moved = new Int32Array(before).fill(-1);
    const kept: number[] = [];
    for (let k = 0; k < before; k++) {
      if (keep(k)) moved[k] = kept.push(k) - 1;
      else this.slots[this.columns[k]] = -1;
    }
    const q = this.q;
    const gram = this.#problem.heap.f64(this.#gram, this.#room * before);
    // New places never lie behind old ones, so that everything can move in place.
    for (const [to, from] of kept.entries()) {
      for (const values of [this.columns, this.coef, this.correlation, this.l1, this.l2, this.lower, this.upper, q])
        values[to] = values[from];
      this.slots[this.columns[to]] = to;
      for (let k = 0; k < kept.length; k++) gram[to * this.#room + k] = gram[from * this.#room + kept[k]];
    }
    this.size = kept.length;
    return moved;
  }

  /** Fresh view of q. */
  get q(): Float64Array {
    return this.#problem.heap.f64(this.#q, this.size);
  }

  /** Fresh view of row k of G. */
  gramRow(k: number): Float64Array {
    return this.#problem.heap.f64(this.#gram + k * this.#room * 8, this.size);
  }

  /** Adds columns (not yet members); their Gram entries with everybody are computed in one pass over the members. */
  add(added: Int32Array): void {
    const { heap, columns: data, n, p } = this.#problem;
    const before = this.size;
    const after = before + added.length;
    if (after > this.#room) this.#makeRoom(Math.min(p, Math.max(after, Math.ceil(this.#room * GROWTH))));
    this.columns.set(added, before);
    const correlation = heap.f64(this.#problem.correlation, p);
    const penalty = this.#problem.penalties(1);
    for (const [k, j] of added.entries()) {
      const slot = before + k;
      this.slots[j] = slot;
      this.correlation[slot] = correlation[j];
      const { l1, l2, lower, upper } = penalty(j);
      this.l1[slot] = l1;
      this.l2[slot] = l2;
      this.lower[slot] = lower;
      this.upper[slot] = upper;
      this.coef[slot] = 0;
    }
    this.size = after;
    heap.i32(this.#list, after).set(this.columns.subarray(0, after));
    const stride = this.#room;
    const width = this.#width;
    for (let first = before; first < after; first += width) {
      const count = Math.min(width, after - first);
      for (let k = 0; k < count; k++) this.#problem.pack(this.columns[first + k], this.#packed + k * n * 8);
      data.gram(this.#packed, count, this.#list, first + count, this.#gram + first * stride * 8, stride);
    }
    // G is symmetric: what was computed below the diagonal is copied above it.
    const gram = heap.f64(this.#gram, stride * after);
    for (let row = before; row < after; row++) {
      for (let k = 0; k < row; k++) gram[k * stride + row] = gram[row * stride + k];
    }
    this.refresh();
  }

  /** q = c - G b from scratch. */
  refresh(): void {
    const active = this.nonzero();
    this.#problem.heap.f64(this.#q, this.size).set(this.correlation.subarray(0, this.size));
    this.change(active, select(this.coef, active));
  }

  /** q -= G[slots] change. */
  change(slots: Int32Array, change: Float64Array): void {
    const { kernels, heap } = this.#problem;
    if (slots.length === 0) return;
    heap.i32(this.#slotList, slots.length).set(slots);
    const negated = heap.f64(this.#values, slots.length);
    for (let k = 0; k < slots.length; k++) negated[k] = -change[k];
    kernels.denseCombineF64(this.#gram, this.#room, this.size, this.#slotList, this.#values, slots.length, this.#q);
  }

  /** G[slots] values: products of every member with sum values_k z~_slots[k]. */
  product(slots: ArrayLike<number>, values: Float64Array): Float64Array {
    const { frame, kernels, heap } = this.#problem;
    const out = frame.f64(this.size);
    heap.i32(this.#slotList, slots.length).set(slots);
    heap.f64(this.#values, slots.length).set(values);
    kernels.denseCombineF64(this.#gram, this.#room, this.size, this.#slotList, this.#values, slots.length, out);
    const product = heap.f64(out, this.size).slice();
    frame.release(out);
    return product;
  }

  /** Slots whose coefficient is not zero. */
  nonzero(): Int32Array {
    const found = new Int32Array(this.size);
    let count = 0;
    for (let k = 0; k < this.size; k++) if (this.coef[k] !== 0) found[count++] = k;
    return found.slice(0, count);
  }

  /** ||y~ - Z b||^2 = ||y~||^2 - b.c - b.q */
  residualSquare(): number {
    const q = this.q;
    let square = 2 * this.#problem.nullLoss;
    for (let k = 0; k < this.size; k++) if (this.coef[k] !== 0) square -= this.coef[k] * (this.correlation[k] + q[k]);
    return Math.max(square, 0);
  }

  #makeRoom(room: number): void {
    const { frame, heap } = this.#problem;
    const gram = frame.uninitialised(room * room * 8);
    for (let k = 0; k < this.size; k++) heap.f64(gram + k * room * 8, this.size).set(this.gramRow(k));
    const q = frame.f64(room);
    heap.f64(q, this.size).set(this.q);
    for (const pointer of [this.#gram, this.#q, this.#list, this.#values, this.#slotList]) frame.release(pointer);
    this.#gram = gram;
    this.#q = q;
    this.#list = frame.i32(room);
    this.#slotList = frame.i32(room);
    this.#values = frame.f64(room);
    this.#room = room;
    this.columns = enlarged(this.columns, room);
    this.coef = enlarged(this.coef, room);
    this.correlation = enlarged(this.correlation, room);
    this.l1 = enlarged(this.l1, room);
    this.l2 = enlarged(this.l2, room);
    this.lower = enlarged(this.lower, room);
    this.upper = enlarged(this.upper, room);
  }
}

function enlarged<T extends Float64Array | Int32Array>(values: T, length: number): T {
  const larger = new (values.constructor as new (n: number) => T)(length);
  larger.set(values);
  return larger;
}
