import type { Pointer } from '../../backend/kernels.ts';
import { Random } from '../../core/random.ts';
import type { SvmState } from './svmState.ts';

/** Dual coordinate descent with shrinking (Hsieh et al. 2008); a free intercept by the method of multipliers. */
export class DualDescent {
  readonly #state: SvmState;
  readonly #alpha: Pointer;
  readonly #square: Pointer;
  readonly #ridge: Pointer;
  readonly #upper: Pointer;
  readonly #order: Pointer;
  readonly #random: Pointer;
  readonly #range: Pointer;
  /** The constant column during passes: for a free intercept it only holds sum alpha y near 0 (augmented Lagrangian). */
  readonly #bias: number;
  #active = 0;

  constructor(state: SvmState, seed: number) {
    const { frame, problem, n } = state;
    const { rows, cost, loss } = problem;
    this.#state = state;
    let sum = 0;
    for (const square of rows.squares) sum += square;
    this.#bias = state.free ? Math.sqrt(sum / n) || 1 : state.bias;
    this.#alpha = frame.f64(n);
    this.#square = frame.put(rows.squares.map((square) => square + this.#bias ** 2));
    this.#ridge = loss === 'hinge' ? 0 : frame.put(cost.map((c) => 0.5 / c));
    this.#upper = loss === 'hinge' ? frame.put(cost) : 0;
    this.#order = frame.i32(n);
    this.#random = frame.put(Random.seedState(seed));
    this.#range = frame.f64(2);
    this.#reset(Infinity, -Infinity);
  }

  /** One pass; the spread of the projected gradients that it met. */
  pass(): number {
    const { frame, problem, y, w, size } = this.#state;
    const { heap } = frame;
    const range = heap.f64(this.#range, 2);
    // As in liblinear: a limit without a violation on its side says nothing.
    if (range[0] <= 0) range[0] = Infinity;
    if (range[1] >= 0) range[1] = -Infinity;
    this.#active = problem.rows.pass(
      y,
      this.#square,
      this.#ridge,
      this.#upper,
      this.#bias,
      this.#state.offset,
      this.#order,
      this.#active,
      this.#random,
      this.#alpha,
      w,
      this.#range,
    );
    // The multiplier of sum alpha y = 0 is the intercept.
    if (this.#state.free) this.#state.offset += this.#bias * heap.f64(w, size)[size - 1];
    const [most, least] = frame.heap.f64(this.#range, 2);
    return this.#active === 0 ? 0 : most - least;
  }

  /**
   * Makes the point feasible (sum alpha y = 0 for a free intercept), w and margins anew from alpha, and lists the rows that may still move.
   * Returns the duality gap, a sum of terms that are >= 0.
   */
  check(): number {
    const state = this.#state;
    const { frame, problem, n, w, size, scratch, margin } = state;
    const { heap } = frame;
    const { y, cost, loss } = problem;
    const alpha = heap.f64(this.#alpha, n);
    if (state.free) balance(alpha, y, loss === 'hinge');
    const coef = heap.f64(scratch, n);
    for (let i = 0; i < n; i++) coef[i] = alpha[i] * y[i];
    heap.f64(w, size).fill(0);
    state.add(0, scratch, n, w);
    state.settle();
    const m = heap.f64(margin, n);
    let gap = 0;
    for (let i = 0; i < n; i++) {
      if (cost[i] === 0) continue;
      const short = 1 - m[i];
      const a = alpha[i];
      if (loss === 'hinge') gap += short > 0 ? (cost[i] - a) * short : -a * short;
      else gap += short > 0 ? cost[i] * (short - (0.5 * a) / cost[i]) ** 2 : (0.25 * a * a) / cost[i] - a * short;
    }
    const [most, least] = heap.f64(this.#range, 2);
    this.#reset(most > 0 ? most : Infinity, least < 0 ? least : -Infinity);
    return gap;
  }

  /** Hinge: the largest violation of complementarity over all rows at the point of the last `check`; alpha counts as a share of its bound. */
  violation(): number {
    const { frame, problem, n, margin } = this.#state;
    const alpha = frame.heap.f64(this.#alpha, n);
    const m = frame.heap.f64(margin, n);
    const { cost } = problem;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      if (cost[i] === 0) continue;
      const g = m[i] - 1;
      const share = alpha[i] / cost[i];
      largest = Math.max(largest, g > 0 ? Math.min(g, share) : Math.min(-g, 1 - share));
    }
    return largest;
  }

  /** All rows of positive cost that are not held at a bound with more than the limit; the limits stay as they are. */
  #reset(most: number, least: number): void {
    const { frame, problem, n, margin } = this.#state;
    const { heap } = frame;
    const { cost, loss } = problem;
    const alpha = heap.f64(this.#alpha, n);
    const m = heap.f64(margin, n);
    const order = heap.i32(this.#order, n);
    let active = 0;
    for (let i = 0; i < n; i++) {
      if (cost[i] === 0) continue;
      const g = m[i] - 1;
      if (alpha[i] === 0 && g > most) continue;
      if (loss === 'hinge' && alpha[i] === cost[i] && g < least) continue;
      order[active++] = i;
    }
    this.#active = active;
    heap.f64(this.#range, 2).set([most, least]);
  }
}

/** Scales the two classes so that their sums agree; inside a box the larger one shrinks. */
function balance(alpha: Float64Array, y: Float64Array, boxed: boolean): void {
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i] > 0) positive += alpha[i];
    else negative += alpha[i];
  }
  const target = boxed ? Math.min(positive, negative) : Math.sqrt(positive * negative);
  const up = positive > 0 ? target / positive : 0;
  const down = negative > 0 ? target / negative : 0;
  for (let i = 0; i < y.length; i++) alpha[i] *= y[i] > 0 ? up : down;
}
