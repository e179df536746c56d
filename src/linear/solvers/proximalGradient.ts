import type { Pointer } from '../../backend/kernels.ts';
import type { Certificate } from '../certificate.ts';
import { Coefficients } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import { curvature, diagonalMetric, extrapolate, type Metric, openColumns } from './metric.ts';
import { CHECK_EVERY, Progress } from './progress.ts';

/** Rounding in the difference of two residuals, as a share of ||y~||. */
const DIFFERENCE_ROUNDING = 1e-14;

/** A point b with its residual y~ - Z b and gradient Z'(y~ - Z b). */
interface Point {
  coef: Pointer;
  residual: Pointer;
  gradient: Pointer;
}

/**
 * Proximal gradient descent: ISTA, or FISTA where `accelerated` (Beck and Teboulle 2009), for
 *
 *   min over b   1/2 ||y~ - Z b||^2 + phi(b),   phi(b) = lambda sum_j (l1_j |b_j| + l2_j / 2 b_j^2) on lower <= b <= upper
 *
 *   b+ = prox_(phi / L)( a + (1 / L) D^-1 Z'(y~ - Z a) ),   D = diag(||z~_j||^2)
 *
 * ISTA steps from a = b, FISTA from a = b + (t - 1) / t+ (b - b before), t+ = (1 + sqrt(1 + 4 t^2)) / 2, forgetting its momentum when it
 * points uphill (gradient scheme of O'Donoghue and Candes 2015). L is estimated by power iterations and doubled where a step shows that
 * ||Z (b+ - a)||^2 > L ||b+ - a||^2_D. The objective falls as O(1/k), accelerated O(1/k^2), and linearly once the support is found.
 * A pass is one iteration.
 */
export class ProximalGradient implements Solver {
  readonly #problem: Problem;
  readonly #accelerated: boolean;
  readonly #metric: Metric;
  readonly #largest: number;
  /** What is judged and returned. */
  readonly #judged: Coefficients;
  readonly #now: Coefficients;
  readonly #before: Point;
  /** Where the next step starts. */
  readonly #ahead: Point;
  #curvature: number;

  constructor(problem: Problem, accelerated = true) {
    this.#problem = problem;
    this.#accelerated = accelerated;
    this.#metric = diagonalMetric(problem);
    this.#curvature = curvature(problem, this.#metric);
    this.#largest = openColumns(problem);
    this.#judged = new Coefficients(problem);
    this.#now = new Coefficients(problem);
    this.#before = point(problem);
    this.#ahead = point(problem);
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#judged.coefficients();
  }

  solve(run: Run): Certificate {
    const progress = new Progress(this.#problem, this.#judged, run);
    let over = progress.look();
    this.#copy(this.#judged, this.#now);
    this.#copy(this.#judged, this.#ahead);
    let t = 1;
    while (!over) {
      this.#copy(this.#now, this.#before);
      this.#step(run.lambda);
      if (this.#accelerated && this.#isUphill()) t = 1;
      const next = this.#accelerated ? 0.5 * (1 + Math.sqrt(1 + 4 * t * t)) : 1;
      this.#lookAhead((t - 1) / next);
      t = next;
      const look = (progress.epochs + 1) % CHECK_EVERY === 0;
      over = progress.pass(look, this.#now.coef);
      // A look refits the columns without penalty: descending from there keeps the objective falling.
      if (look && !this.#accelerated) {
        this.#copy(this.#judged, this.#now);
        this.#copy(this.#judged, this.#ahead);
      }
    }
    return progress.certificate();
  }

  /** From `ahead` to `now`, with a curvature that majorises. */
  #step(lambda: number): void {
    const { kernels, p, l2, lower, upper } = this.#problem;
    const { coef, gradient } = this.#ahead;
    const { inverse, l1 } = this.#metric;
    for (;;) {
      kernels.proximalStep(coef, gradient, 1 / this.#curvature, inverse, lambda, l1, l2, lower, upper, this.#now.coef, p);
      this.#now.update();
      if (this.#curvature >= this.#largest || this.#majorises()) return;
      this.#curvature = Math.min(2 * this.#curvature, this.#largest);
    }
  }

  #majorises(): boolean {
    const { heap, n, p, second, nullLoss } = this.#problem;
    const image = squareDistance(heap.f64(this.#now.residual, n), heap.f64(this.#ahead.residual, n));
    const length = squareDistance(heap.f64(this.#now.coef, p), heap.f64(this.#ahead.coef, p), heap.f64(second, p));
    return Math.sqrt(image) <= Math.sqrt(this.#curvature * length) + DIFFERENCE_ROUNDING * Math.sqrt(2 * nullLoss);
  }

  /** Whether the last move makes an acute angle with the gradient step back: (a - b+)' D (b+ - b) > 0. */
  #isUphill(): boolean {
    const { heap, p } = this.#problem;
    const second = heap.f64(this.#problem.second, p);
    const now = heap.f64(this.#now.coef, p);
    const before = heap.f64(this.#before.coef, p);
    const ahead = heap.f64(this.#ahead.coef, p);
    let product = 0;
    for (let j = 0; j < p; j++) product += second[j] * (ahead[j] - now[j]) * (now[j] - before[j]);
    return product > 0;
  }

  /** Residual and gradient are linear in the coefficients, so that looking ahead costs no product with Z. */
  #lookAhead(momentum: number): void {
    const { n, p } = this.#problem;
    extrapolate(this.#problem, this.#now.coef, this.#before.coef, momentum, this.#ahead.coef, p);
    extrapolate(this.#problem, this.#now.residual, this.#before.residual, momentum, this.#ahead.residual, n);
    extrapolate(this.#problem, this.#now.gradient, this.#before.gradient, momentum, this.#ahead.gradient, p);
  }

  #copy(from: Point, to: Point): void {
    const { heap, n, p } = this.#problem;
    heap.f64(to.coef, p).set(heap.f64(from.coef, p));
    heap.f64(to.residual, n).set(heap.f64(from.residual, n));
    heap.f64(to.gradient, p).set(heap.f64(from.gradient, p));
  }
}

function point({ frame, n, p }: Problem): Point {
  return { coef: frame.f64(p), residual: frame.f64(n), gradient: frame.f64(p) };
}

function squareDistance(a: Float64Array, b: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (weights ? weights[i] : 1) * (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}
