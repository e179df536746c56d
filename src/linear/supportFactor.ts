import type { Pointer } from '../backend/kernels.ts';
import type { Problem } from './problem.ts';
import type { WorkingSet } from './workingSet.ts';

/** A column belongs to the span of the support when what is left of its square is below this share of it. */
const DEPENDENT = 1e-10;
const GROWTH = 1.3;

/** Cholesky factor R of G_AA + lambda diag(l2) for the support A (slots in order of entry), kept up to date by append and delete. */
export class SupportFactor {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  /** Slots of the support, in the order of R's rows. */
  slots: number[] = [];
  #room = 0;
  #factor: Pointer = 0;
  #vector: Pointer = 0;
  /** The lambda inside the diagonal of R; only matters where l2 > 0. */
  #lambda = 0;

  constructor(problem: Problem, set: WorkingSet) {
    this.#problem = problem;
    this.#set = set;
    this.#makeRoom(Math.min(problem.n, set.room));
  }

  /** The working set has forgotten slots (none of the support): these are the new numbers. */
  renumber(moved: Int32Array): void {
    this.slots = this.slots.map((slot) => moved[slot]);
  }

  /** Appends a slot. Returns undefined, or, if its column depends on the support, the coefficients a of z~_slot = sum a_i z~_i. */
  append(slot: number): Float64Array | undefined {
    const { kernels, heap } = this.#problem;
    const m = this.slots.length;
    if (m === this.#room) this.#makeRoom(Math.ceil(m * GROWTH));
    const row = this.#set.gramRow(slot);
    const column = heap.f64(this.#vector, m);
    for (let k = 0; k < m; k++) column[k] = row[this.slots[k]];
    const soft = this.#set.l2[slot];
    const diagonal = row[slot] + (soft === 0 ? 0 : this.#lambda * soft);
    const rest = kernels.choleskyAppend(this.#factor, m, this.#room, this.#vector, diagonal, DEPENDENT);
    if (rest > DEPENDENT * diagonal) {
      this.slots.push(slot);
      return undefined;
    }
    kernels.choleskyBackward(this.#factor, m, this.#room, this.#vector);
    return heap.f64(this.#vector, m).slice();
  }

  /** Removes the slot at position k of the support. */
  delete(k: number): void {
    this.#problem.kernels.choleskyDelete(this.#factor, this.slots.length, this.#room, k);
    this.slots.splice(k, 1);
  }

  /** (G_AA + lambda diag(l2))^-1 b */
  solve(b: Float64Array): Float64Array {
    const { kernels, heap } = this.#problem;
    const m = this.slots.length;
    if (m === 0) return new Float64Array(0);
    heap.f64(this.#vector, m).set(b);
    kernels.choleskySolve(this.#factor, m, this.#room, this.#vector);
    return heap.f64(this.#vector, m).slice();
  }

  /** Moves to another lambda; where the diagonal depends on it, slots that the smaller diagonal leaves dependent are dropped and returned. */
  setLambda(lambda: number): number[] {
    if (lambda === this.#lambda) return [];
    this.#lambda = lambda;
    const slots = this.slots;
    if (!slots.some((slot) => this.#set.l2[slot] > 0)) return [];
    this.slots = [];
    return slots.filter((slot) => this.append(slot) !== undefined);
  }

  #makeRoom(room: number): void {
    const { frame, heap } = this.#problem;
    const m = this.slots.length;
    const factor = frame.uninitialised(room * room * 8);
    for (let k = 0; k < m; k++)
      heap.f64(factor + (k * room + k) * 8, m - k).set(heap.f64(this.#factor + (k * this.#room + k) * 8, m - k));
    frame.release(this.#factor);
    frame.release(this.#vector);
    this.#factor = factor;
    this.#vector = frame.f64(room);
    this.#room = room;
  }
}
