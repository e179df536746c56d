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
 *   b_j <- clip( b_j - eta_t / ||z~_j||^2 (z~_j.(Z b - y~) + lambda l1_j sign(b_j) + lambda l2_j b_j), lower_j, upper_j )
 *
 * with sign(0) = 0 and eta_t = eta_0 / sqrt(t), eta_0 = 1 / (largest curvature of the smooth part). The best iterate is kept; its
 * objective approaches the minimum as O(1 / sqrt(t)) only. Coefficients jump across 0 instead of coming to rest there, so none of them
 * becomes exactly zero: the reason to prefer the other solvers. A pass is one step; `record` gets the best objective so far.
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
    const eta = 1 / (this.#curvature + run.lambda * this.#ridge());
    for (let t = 1; !over; t++) {
      this.#step(run.lambda, eta / Math.sqrt(t));
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

  #step(lambda: number, eta: number): void {
    const { heap, p, lower, upper } = this.#problem;
    const inverse = heap.f64(this.#metric.inverse, p);
    const l1 = heap.f64(this.#metric.l1, p);
    const l2 = heap.f64(this.#problem.l2, p);
    const g = heap.f64(this.#now.gradient, p);
    const b = heap.f64(this.#now.coef, p);
    const low = lower ? heap.f64(lower, p) : undefined;
    const high = upper ? heap.f64(upper, p) : undefined;
    for (let j = 0; j < p; j++) {
      const slope = lambda * (l1[j] * Math.sign(b[j]) + l2[j] * b[j]) - g[j];
      b[j] -= eta * inverse[j] * slope;
      if (low && high) b[j] = Math.max(low[j], Math.min(high[j], b[j]));
    }
  }

  /** Largest curvature of the L2 term at lambda = 1, in the metric. */
  #ridge(): number {
    const { heap, p, l2 } = this.#problem;
    const inverse = heap.f64(this.#metric.inverse, p);
    return heap.f64(l2, p).reduce((most, factor, j) => Math.max(most, factor * inverse[j]), 0);
  }
}
