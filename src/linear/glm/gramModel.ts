import type { Pointer } from '../../backend/kernels.ts';
import { select } from '../../core/select.ts';
import type { GlmProblem } from './glmProblem.ts';

/** Columns packed together for one pass over the others. */
const PACKED = 8;
/** Epochs before each Newton step: they find support and signs. */
const EPOCHS = 3;
const MOST_ROUNDS = 100;
/** A column belongs to the span of the others when what is left of its square is below this share of it. */
const DEPENDENT = 1e-11;

/** The quadratic model as the columns it is used for see it: their weighted, centred Gram matrix. Solved to rounding by Newton steps on the support. */
export class GramModel {
  readonly #problem: GlmProblem;
  readonly #weights: Pointer;
  readonly #mean: Pointer;
  readonly #l1: Pointer;
  readonly #code: number;
  columns: Int32Array = new Int32Array(0);
  #slot = new Map<number, number>();
  #gram: Pointer = 0;
  #room = 0;

  /** @param weights sum 1; @param mean under them (zeros without intercept), @param l1 strengths of the penalty `code`, both by column */
  constructor(problem: GlmProblem, weights: Pointer, mean: Pointer, l1: Pointer, code: number) {
    this.#problem = problem;
    this.#l1 = l1;
    this.#code = code;
    this.#weights = weights;
    this.#mean = mean;
  }

  release(): void {
    this.#problem.frame.release(this.#gram);
  }

  /** Makes columns members. */
  include(columns: Int32Array): void {
    const fresh = columns.filter((j) => !this.#slot.has(j));
    if (fresh.length === 0) return;
    const { frame, heap, n, p, columns: data } = this.#problem;
    const before = this.columns.length;
    const after = before + fresh.length;
    if (after > this.#room) this.#grow(Math.ceil(after * 1.3));
    const members = new Int32Array(after);
    members.set(this.columns);
    members.set(fresh, before);
    for (const [k, j] of fresh.entries()) this.#slot.set(j, before + k);
    this.columns = members;
    const room = this.#room;
    const list = frame.put(members);
    const packed = frame.uninitialised(PACKED * n * 8);
    for (let first = before; first < after; first += PACKED) {
      const count = Math.min(PACKED, after - first);
      const mean = heap.f64(this.#mean, p);
      for (let k = 0; k < count; k++) data.pack(members[first + k], mean[members[first + k]], this.#weights, packed + k * n * 8);
      data.gram(packed, count, list, first + count, this.#gram + first * room * 8, room);
    }
    frame.release(packed);
    frame.release(list);
    const gram = heap.f64(this.#gram, room * after);
    // One factor of each product is centred by the weights, which is enough: packed sums to zero only as far as rounding lets it.
    for (let row = before; row < after; row++) for (let k = 0; k < row; k++) gram[k * room + row] = gram[row * room + k];
  }

  #grow(room: number): void {
    const { frame, heap } = this.#problem;
    const larger = frame.uninitialised(room * room * 8);
    const m = this.columns.length;
    for (let k = 0; k < m; k++) heap.f64(larger + k * room * 8, m).set(heap.f64(this.#gram + k * this.#room * 8, m));
    frame.release(this.#gram);
    this.#gram = larger;
    this.#room = room;
  }

  /**
   * Minimises over the members from `coef` with gradients q = x'u (both by slot, both updated) at lambda; epochs used. `mass`: see `denseEpochF64`.
   */
  solve(lambda: number, mass: number, coef: Float64Array, q: Float64Array, enough: number): number {
    const { frame, heap, kernels, penalty, p } = this.#problem;
    const m = this.columns.length;
    const room = this.#room;
    const gather = (pointer: Pointer) => (pointer ? frame.put(select(heap.f64(pointer, p), this.columns)) : 0);
    const { l2, lower, upper, spread } = this.#problem;
    const parts = [gather(this.#l1), gather(l2), gather(lower), gather(upper), gather(spread)];
    const [L1, L2, low, high, sd] = parts;
    const b = frame.put(coef);
    const g = frame.put(q);
    let epochs = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let largest = 0;
      for (let k = 0; k < EPOCHS; k++, epochs++) {
        largest =
          mass * kernels.gramEpoch(this.#gram, room, m, g, lambda, L1, L2, low, high, b, this.#code, penalty.shape, sd, mass);
      }
      if (largest <= enough) break;
      if (this.#code === 0) this.#newton(lambda, b, g, [L1, L2, low, high], m);
    }
    coef.set(heap.f64(b, m));
    q.set(heap.f64(g, m));
    for (const pointer of [...parts, b, g]) frame.release(pointer);
    return epochs;
  }

  /** Newton steps on the support with its signs: each goes on until a coefficient reaches zero or a bound, which then stays there. */
  #newton(lambda: number, b: Pointer, g: Pointer, [L1, L2, low, high]: Pointer[], m: number): void {
    const { frame, heap, kernels } = this.#problem;
    const room = this.#room;
    const lower = low ? heap.f64(low, m) : undefined;
    const upper = high ? heap.f64(high, m) : undefined;
    const start = heap.f64(b, m);
    let support = Array.from(start.keys()).filter((k) => start[k] !== 0 && start[k] !== lower?.[k] && start[k] !== upper?.[k]);
    const factor = frame.uninitialised(support.length ** 2 * 8);
    const rest = frame.uninitialised(support.length * 8);
    const list = frame.uninitialised(support.length * 4);
    const ld = support.length;
    const R = heap.f64(factor, ld * ld);
    const whole = heap.f64(this.#gram, room * m);
    const ridge = heap.f64(L2, m);
    for (let rank = -1; rank < support.length; ) {
      // A column in the span of the others stays as it is while they move.
      if (rank >= 0) support.splice(rank, 1);
      for (const [row, k] of support.entries()) {
        for (let col = row; col < support.length; col++) R[row * ld + col] = whole[k * room + support[col]];
        R[row * ld + row] += lambda * ridge[k];
      }
      rank = kernels.choleskyFactor(factor, support.length, ld, DEPENDENT);
    }
    while (support.length > 0) {
      const s = support.length;
      const [coef, q] = [heap.f64(b, m), heap.f64(g, m)];
      const [soft1, soft2] = [heap.f64(L1, m), heap.f64(L2, m)];
      const right = heap.f64(rest, s);
      for (const [row, k] of support.entries()) {
        right[row] = q[k] - lambda * (soft1[k] * Math.sign(coef[k]) + soft2[k] * coef[k]);
      }
      kernels.choleskySolve(factor, s, ld, rest);
      let share = 1;
      let stopped = -1;
      for (const [row, k] of support.entries()) {
        const step = right[row];
        const end = step * coef[k] < 0 ? 0 : step > 0 ? upper?.[k] : lower?.[k];
        const room = end === undefined ? Infinity : (end - coef[k]) / step;
        if (room < share) {
          share = room;
          stopped = row;
        }
      }
      for (const [row, k] of support.entries()) {
        const step = right[row];
        const end = step * coef[k] < 0 ? 0 : step > 0 ? upper?.[k] : lower?.[k];
        const next = row === stopped ? end! : coef[k] + share * step;
        right[row] = coef[k] - next;
        coef[k] = next;
      }
      heap.i32(list, s).set(support);
      kernels.denseCombineF64(this.#gram, room, m, list, rest, s, g);
      if (stopped < 0) break;
      kernels.choleskyDelete(factor, s, ld, stopped);
      support = support.filter((_, row) => row !== stopped);
    }
    for (const pointer of [list, rest, factor]) frame.release(pointer);
  }
}
