import type { Pointer } from '../../backend/kernels.ts';
import type { GlmProblem } from './glmProblem.ts';

/** The intercept is settled when what its next Newton step would gain is below this share of the loss of the null model. */
const SETTLED = 1e-16;
const MOST_STEPS = 100;
/** Below this share it is rounding. */
const NOTHING = 1e-29;

/**
 * Predictions f = offset + intercept + X b in linear memory, with what the loss says about them: its value, its negative gradient r and its
 * curvature h by rows. A trial lies beside them, so that a step can be looked at before it is taken.
 */
export class GlmState {
  readonly #problem: GlmProblem;
  f: Pointer;
  r: Pointer;
  h: Pointer;
  #trial: { f: Pointer; r: Pointer; h: Pointer; loss: number };
  intercept = 0;
  loss: number;
  readonly #ones: Pointer;

  constructor(problem: GlmProblem) {
    const { frame, n, offset } = problem;
    this.#problem = problem;
    this.f = frame.f64(n);
    this.r = frame.f64(n);
    this.h = frame.f64(n);
    this.#trial = { f: frame.f64(n), r: frame.f64(n), h: frame.f64(n), loss: 0 };
    this.#ones = frame.put(new Float64Array(n).fill(1));
    if (offset) problem.heap.f64(this.f, n).set(problem.heap.f64(offset, n));
    this.loss = this.#derivatives(this.f, this.r, this.h);
  }

  #derivatives(f: Pointer, r: Pointer, h: Pointer): number {
    const { kernels, loss, response, weights, n } = this.#problem;
    return kernels.lossDerivatives(loss.code, loss.parameter, response, f, weights, n, r, h);
  }

  /** Loss at f + t direction. */
  try(direction: Pointer, t: number): number {
    const { kernels, heap, n } = this.#problem;
    const { f, r, h } = this.#trial;
    heap.f64(f, n).set(heap.f64(this.f, n));
    kernels.axpy(t, direction, f, n);
    this.#trial.loss = this.#derivatives(f, r, h);
    return this.#trial.loss;
  }

  /** The trial becomes the state. */
  accept(): void {
    const { f, r, h, loss } = this.#trial;
    this.#trial = { f: this.f, r: this.r, h: this.h, loss: this.loss };
    this.f = f;
    this.r = r;
    this.h = h;
    this.loss = loss;
  }

  /** f anew from the coefficients: takes off what rounding has gathered over many steps. */
  recompute(index: Int32Array, values: Float64Array): void {
    const { frame, heap, columns, n, offset } = this.#problem;
    const f = heap.f64(this.f, n);
    if (offset) f.set(heap.f64(offset, n));
    else f.fill(0);
    for (let i = 0; i < n; i++) f[i] += this.intercept;
    const list = frame.put(index);
    const coef = frame.put(values);
    columns.combine(list, coef, index.length, this.f);
    frame.release(coef);
    frame.release(list);
    this.loss = this.#derivatives(this.f, this.r, this.h);
  }

  /** Newton on the intercept alone. What is left of its gradient is `imbalance`. */
  balance(enough: number): void {
    const { shape } = this.#problem;
    if (!shape.fitIntercept) return;
    let step = 0;
    for (let k = 0; k < MOST_STEPS; k++) {
      const rest = this.imbalance();
      const mass = this.mass();
      if (!(mass > 0) || rest * rest <= 2 * mass * Math.max(enough, NOTHING * Math.abs(this.loss))) return;
      const next = rest / mass;
      // At the limit of rounding steps no longer shrink.
      if (k > 0 && Math.abs(next) >= Math.abs(step) && Math.abs(next) <= 1e-12 * (1 + Math.abs(this.intercept))) return;
      step = next;
      let t = 1;
      while (!(this.try(this.#ones, t * step) <= this.loss + 1e-15 * Math.abs(this.loss))) {
        t /= 2;
        if (t < 1e-12) return;
      }
      this.intercept += t * step;
      this.accept();
    }
  }

  /** The intercept of the null model, to rounding. */
  settle(): void {
    this.balance(SETTLED * Math.max(Math.abs(this.loss), 1e-300));
  }

  imbalance(): number {
    return this.#problem.kernels.sum(this.r, this.#problem.n);
  }

  /** sum h */
  mass(): number {
    return this.#problem.kernels.sum(this.h, this.#problem.n);
  }
}
