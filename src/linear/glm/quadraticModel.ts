import type { Pointer } from '../../backend/kernels.ts';
import type { GlmProblem } from './glmProblem.ts';
import type { GlmState } from './glmState.ts';

/** Most epochs for one model: what is left is the next step's. */
const MOST_EPOCHS = 1000;
/** Epochs over the support between two over the whole working set. */
const INNER = 50;

/**
 * The quadratic model of the loss at the present predictions, with the penalty, over a working set:
 *
 *   -r'X d + 1/2 sum h (d0 + X d)^2 + penalty(b + d)
 *
 * divided by H = sum h, so that h / H are weights and the intercept d0 goes by centring under them.
 */
export class QuadraticModel {
  readonly #problem: GlmProblem;
  readonly #state: GlmState;
  readonly #coef: Pointer;
  readonly #weights: Pointer;
  readonly #u: Pointer;
  readonly #mean: Pointer;
  readonly #second: Pointer;
  readonly #total: Pointer;
  readonly #list: Pointer;
  readonly #active: Pointer;

  constructor(problem: GlmProblem, state: GlmState, coef: Pointer) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.#state = state;
    this.#coef = coef;
    this.#weights = frame.f64(n);
    this.#u = frame.f64(n);
    this.#mean = frame.f64(p);
    this.#second = frame.f64(p);
    this.#total = frame.f64(1);
    this.#list = frame.i32(p);
    this.#active = frame.i32(p);
  }

  /** Minimises over the coefficients of the members, in place, until no coordinate gains more than `enough`; returns the step of the intercept. */
  minimise(lambda: number, members: Int32Array, enough: number): { epochs: number; total: number } {
    const { kernels, heap, columns, n, p, shape, penalty } = this.#problem;
    const count = members.length;
    const mass = this.#state.mass();
    heap.i32(this.#list, count).set(members);
    heap.f64(this.#weights, n).set(heap.f64(this.#state.h, n));
    kernels.scale(1 / mass, this.#weights, n);
    heap.f64(this.#u, n).set(heap.f64(this.#state.r, n));
    kernels.scale(1 / mass, this.#u, n);
    columns.moments(this.#weights, this.#mean, this.#second, this.#list, count);
    const mean = heap.f64(this.#mean, p);
    const second = heap.f64(this.#second, p);
    const total = heap.f64(this.#total, 1);
    if (shape.fitIntercept) total[0] = kernels.sum(this.#u, n);
    else {
      total[0] = 0;
      for (const j of members) {
        second[j] += mean[j] * mean[j];
        mean[j] = 0;
      }
    }
    const { l1, l2, lower, upper, spread } = this.#problem;
    const epoch = (index: Pointer, size: number) =>
      mass *
      columns.epoch({
        index,
        count: size,
        w: this.#weights,
        mean: this.#mean,
        second: this.#second,
        lambda: lambda / mass,
        l1,
        l2,
        lower,
        upper,
        coef: this.#coef,
        u: this.#u,
        total: this.#total,
        penalty: penalty.code,
        shape: penalty.shape,
        spread,
        mass,
      });
    let epochs = 0;
    while (epochs < MOST_EPOCHS) {
      epochs++;
      if (epoch(this.#list, count) <= enough) break;
      const active = members.filter((j) => heap.f64(this.#coef, p)[j] !== 0);
      heap.i32(this.#active, active.length).set(active);
      for (let k = 0; k < INNER && epochs < MOST_EPOCHS; k++) {
        epochs++;
        if (epoch(this.#active, active.length) <= enough) break;
      }
    }
    return { epochs, total: heap.f64(this.#total, 1)[0] };
  }
}
