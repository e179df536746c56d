import type { Certificate } from '../certificate.ts';
import { Coefficients } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import { curvature, diagonalMetric, type Metric } from './metric.ts';
import { CHECK_EVERY, Progress } from './progress.ts';

/**
 * The subgradient method (Shor 1962; equation 10 of the guide) for
 *
 *   min over b   1/2 ||y~ - Z b||^2 + lambda sum_j (l1_j |b_j| + l2_j / 2 b_j^2),   lower <= b <= upper
 *
 *   b_j <- clip( b_j - eta_tj (z~_j.(Z b - y~) + lambda l1_j sign(b_j) + lambda l2_j b_j), lower_j, upper_j ),   sign(0) = 0
 *
 *   eta_tj = 1 / sqrt(t) / (L ||z~_j||^2 (1 + a_j)^2 + lambda l2_j),   a_j = lambda l1_j / (||z~_j|| ||y~||)
 *
 * L is the largest curvature of the loss with columns of length 1; a_j keeps a penalty that is large for the scale of its column from
 * throwing it about. The best iterate is kept; its objective approaches the minimum as O(1 / sqrt(t)) only. Coefficients jump across 0
 * instead of coming to rest there, so that none of them becomes exactly zero: the reason to prefer the other solvers. A pass is one step;
 * `record` gets the best objective so far.
 */
export class Subgradient implements Solver {
  readonly #problem: Problem;
  readonly #metric: Metric;
  readonly #curvature: number;
  readonly #best: Coefficients;
  readonly #now: Coefficients;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#metric = diagonalMetric(problem);
    this.#curvature = curvature(problem, this.#metric);
    this.#best = new Coefficients(problem);
    this.#now = new Coefficients(problem);
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#best.coefficients();
  }

  solve(run: Run): Certificate {
    const { heap, p } = this.#problem;
    const now = this.#now;
    const progress = new Progress(this.#problem, this.#best, run, false);
    let over = progress.look();
    heap.f64(now.coef, p).set(heap.f64(this.#best.coef, p));
    now.update();
    let least = progress.primal;
    const eta = this.#steps(run.lambda);
    for (let t = 1; !over; t++) {
      this.#step(run.lambda, eta, 1 / Math.sqrt(t));
      now.update();
      const objective = now.objective(run.lambda);
      if (objective < least) {
        least = objective;
        heap.f64(this.#best.coef, p).set(heap.f64(now.coef, p));
      }
      over = progress.pass(t % CHECK_EVERY === 0);
      least = Math.min(least, progress.primal);
    }
    return progress.certificate();
  }

  #step(lambda: number, eta: Float64Array, share: number): void {
    const { heap, p, lower, upper } = this.#problem;
    const l1 = heap.f64(this.#metric.l1, p);
    const l2 = heap.f64(this.#problem.l2, p);
    const g = heap.f64(this.#now.gradient, p);
    const b = heap.f64(this.#now.coef, p);
    const low = lower ? heap.f64(lower, p) : undefined;
    const high = upper ? heap.f64(upper, p) : undefined;
    for (let j = 0; j < p; j++) {
      const slope = lambda * (l1[j] * Math.sign(b[j]) + l2[j] * b[j]) - g[j];
      b[j] -= share * eta[j] * slope;
      if (low && high) b[j] = Math.max(low[j], Math.min(high[j], b[j]));
    }
  }

  /** eta_1j; 0 for columns that may not enter. */
  #steps(lambda: number): Float64Array {
    const { heap, p, nullLoss } = this.#problem;
    const l1 = heap.f64(this.#metric.l1, p);
    const l2 = heap.f64(this.#problem.l2, p);
    return heap.f64(this.#problem.second, p).map((square, j) => {
      if (square === 0) return 0;
      const a = (lambda * l1[j]) / Math.sqrt(2 * nullLoss * square);
      return 1 / (this.#curvature * square * (1 + a) * (1 + a) + lambda * l2[j]);
    });
  }
}
