import type { Pointer } from '../../backend/kernels.ts';
import type { SvmState } from './svmState.ts';

/** Primal Newton on the rows with a loss (squared hinge), directions by conjugate gradients, the step by exact line search. */
export class NewtonDescent {
  readonly #state: SvmState;
  readonly #gradient: Pointer;
  readonly #direction: Pointer;
  readonly #residual: Pointer;
  readonly #search: Pointer;
  readonly #product: Pointer;
  readonly #list: Pointer;
  readonly #change: Pointer;
  #count = 0;

  constructor(state: SvmState) {
    const { frame, size, n } = state;
    this.#state = state;
    [this.#gradient, this.#direction, this.#residual, this.#search, this.#product] = Array.from({ length: 5 }, () =>
      frame.f64(size),
    );
    this.#list = frame.i32(n);
    this.#change = frame.f64(n);
  }

  /** The gap at the present point: half the squared gradient. Margins must be those of w. */
  look(): { gap: number; kkt: number } {
    const { frame, problem, size, n, w, margin, scratch } = this.#state;
    const { heap, kernels } = frame;
    const { y, cost } = problem;
    const m = heap.f64(margin, n);
    const list = heap.i32(this.#list, n);
    const coef = heap.f64(scratch, n);
    let count = 0;
    for (let i = 0; i < n; i++) {
      if (!(m[i] < 1) || cost[i] === 0) continue;
      list[count] = i;
      coef[count++] = -2 * cost[i] * (1 - m[i]) * y[i];
    }
    this.#count = count;
    heap.f64(this.#gradient, size).set(heap.f64(w, size));
    this.#state.add(this.#list, scratch, count, this.#gradient);
    return { gap: 0.5 * kernels.norm2(this.#gradient, size) ** 2, kkt: kernels.normMax(this.#gradient, size) };
  }

  /** One Newton step from the point looked at, its direction solved to `forcing` with at most so many products; returns how many passes it took. */
  step(forcing: number, most: number): number {
    const { frame, size, n, w, problem, margin } = this.#state;
    const { heap, kernels: k } = frame;
    const { y } = problem;
    const [g, d, r, s, h] = [this.#gradient, this.#direction, this.#residual, this.#search, this.#product];
    heap.f64(d, size).fill(0);
    heap.f64(r, size).set(heap.f64(g, size));
    k.scale(-1, r, size);
    heap.f64(s, size).set(heap.f64(r, size));
    let rr = k.dot(r, r, size);
    const enough = forcing * forcing * rr;
    let round = 0;
    for (; round < most && rr > enough; round++) {
      this.#hessian(s, h);
      const step = rr / k.dot(s, h, size);
      k.axpy(step, s, d, size);
      k.axpy(-step, h, r, size);
      const next = k.dot(r, r, size);
      k.scale(next / rr, s, size);
      k.axpy(1, r, s, size);
      rr = next;
    }
    this.#state.apply(0, n, d, this.#change);
    const change = heap.f64(this.#change, n);
    const shift = this.#state.free ? this.#mean(change) : 0;
    for (let i = 0; i < n; i++) change[i] = y[i] * (change[i] - shift);
    const t = this.#lineSearch(change);
    k.axpy(t, d, w, size);
    const m = heap.f64(margin, n);
    for (let i = 0; i < n; i++) m[i] += t * change[i];
    this.#state.offset -= t * shift;
    this.#state.settle();
    return Math.max(1, round);
  }

  /** Cost-weighted mean over the listed rows of a vector over all rows. */
  #mean(u: Float64Array): number {
    const list = this.#state.frame.heap.i32(this.#list, this.#count);
    const { cost } = this.#state.problem;
    let sum = 0;
    let total = 0;
    for (const i of list) {
      sum += cost[i] * u[i];
      total += cost[i];
    }
    return total > 0 ? sum / total : 0;
  }

  /** out = s + 2 X'C X s over the listed rows, the free intercept eliminated by centring. */
  #hessian(s: Pointer, out: Pointer): void {
    const { frame, size, scratch, problem, free } = this.#state;
    const { heap } = frame;
    const count = this.#count;
    this.#state.apply(this.#list, count, s, scratch);
    const u = heap.f64(scratch, count);
    const list = heap.i32(this.#list, count);
    const { cost } = problem;
    let mean = 0;
    if (free) {
      let total = 0;
      for (let k = 0; k < count; k++) {
        mean += cost[list[k]] * u[k];
        total += cost[list[k]];
      }
      mean /= total;
    }
    for (let k = 0; k < count; k++) u[k] = 2 * cost[list[k]] * (u[k] - mean);
    heap.f64(out, size).set(heap.f64(s, size));
    this.#state.add(this.#list, scratch, count, out);
  }

  /** The exact minimiser along the direction: a root of a piecewise linear, increasing derivative. */
  #lineSearch(change: Float64Array): number {
    const { frame, size, w, n, margin, problem } = this.#state;
    const { heap, kernels } = frame;
    const m = heap.f64(margin, n);
    const { cost } = problem;
    const linear = kernels.dot(w, this.#direction, size);
    const quadratic = kernels.dot(this.#direction, this.#direction, size);
    let low = 0;
    let high = Infinity;
    let t = 1;
    for (let round = 0; round < 60; round++) {
      let slope = linear + t * quadratic;
      let curvature = quadratic;
      for (let i = 0; i < n; i++) {
        const short = 1 - m[i] - t * change[i];
        if (short <= 0) continue;
        slope -= 2 * cost[i] * short * change[i];
        curvature += 2 * cost[i] * change[i] * change[i];
      }
      if (slope === 0) return t;
      if (slope < 0) low = t;
      else high = t;
      let next = t - slope / curvature;
      if (!(next > low && next < high)) next = high < Infinity ? 0.5 * (low + high) : next;
      if (Math.abs(next - t) <= 1e-14 * t) return next;
      t = next;
    }
    return t;
  }
}
