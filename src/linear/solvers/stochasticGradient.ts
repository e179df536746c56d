import type { Pointer } from '../../backend/kernels.ts';
import { Random } from '../../core/random.ts';
import type { Certificate } from '../certificate.ts';
import { Coefficients } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import { curvature, diagonalMetric, type Metric } from './metric.ts';
import { CHECK_EVERY, Progress, ROUNDING } from './progress.ts';
import { RowBlocks } from './rowBlocks.ts';

/**
 * Proximal stochastic gradient descent with variance reduction (prox-SVRG; Xiao and Zhang 2014) for
 *
 *   min over b   1/2 ||y~ - Z b||^2 + phi(b),   phi(b) = lambda sum_j (l1_j |b_j| + l2_j / 2 b_j^2) on lower <= b <= upper
 *
 * Each pass starts from a point a with its full gradient and steps once for every block B of rows, in random order (K blocks in all):
 *
 *   b <- prox_(eta phi)( b + eta D^-1 (Z'(y~ - Z a) - K Z_B'Z_B (b - a)) ),   D = diag(||z~_j||^2)
 *
 * The step direction is the full gradient on average, and its noise vanishes as b approaches a, so that eta need not decrease: linear
 * convergence under strong convexity, where plain SGD has O(1/t). eta starts at 1 / (largest curvature) and is halved when a pass raises
 * the objective, which is then undone. Matrices too large for a copy by rows make one full step per pass instead. A pass is one walk
 * through all blocks and the full gradient at its end.
 */
export class StochasticGradient implements Solver {
  readonly #problem: Problem;
  readonly #random: Random;
  readonly #metric: Metric;
  readonly #blocks?: RowBlocks;
  readonly #order: Int32Array;
  readonly #judged: Coefficients;
  /** b */
  readonly #now: Coefficients;
  /** a, and its gradient Z'(y~ - Z a) */
  readonly #start: Pointer;
  readonly #gradient: Pointer;
  readonly #difference: Pointer;
  readonly #direction: Pointer;
  #eta: number;

  constructor(problem: Problem, seed = 0) {
    const { frame, p } = problem;
    this.#problem = problem;
    this.#random = new Random(seed, 1);
    this.#metric = diagonalMetric(problem);
    this.#eta = 1 / curvature(problem, this.#metric);
    this.#blocks = RowBlocks.of(problem, seed);
    this.#order = Int32Array.from({ length: this.#blocks?.count ?? 0 }, (_, k) => k);
    this.#judged = new Coefficients(problem);
    this.#now = new Coefficients(problem);
    this.#start = frame.f64(p);
    this.#gradient = frame.f64(p);
    this.#difference = frame.f64(p);
    this.#direction = frame.f64(p);
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#judged.coefficients();
  }

  solve(run: Run): Certificate {
    const { lambda } = run;
    const { heap, p, nullLoss } = this.#problem;
    const now = this.#now;
    const progress = new Progress(this.#problem, this.#judged, run);
    let over = progress.look();
    heap.f64(now.coef, p).set(heap.f64(this.#judged.coef, p));
    now.update();
    this.#keep();
    let least = progress.primal;
    while (!over) {
      this.#walk(lambda);
      now.update();
      const objective = now.objective(lambda);
      if (objective <= least + ROUNDING * nullLoss) {
        least = objective;
        this.#keep();
      } else {
        heap.f64(now.coef, p).set(heap.f64(this.#start, p));
        this.#eta /= 2;
      }
      over = progress.pass((progress.epochs + 1) % CHECK_EVERY === 0, this.#start);
    }
    return progress.certificate();
  }

  /** Where the next pass starts, or this one is undone to. */
  #keep(): void {
    const { heap, p } = this.#problem;
    heap.f64(this.#start, p).set(heap.f64(this.#now.coef, p));
    heap.f64(this.#gradient, p).set(heap.f64(this.#now.gradient, p));
  }

  #walk(lambda: number): void {
    const { heap, kernels, p } = this.#problem;
    if (!this.#blocks) {
      this.#step(lambda, this.#gradient);
      return;
    }
    for (const block of this.#random.shuffle(this.#order)) {
      heap.f64(this.#difference, p).set(heap.f64(this.#now.coef, p));
      kernels.axpy(-1, this.#start, this.#difference, p);
      heap.f64(this.#direction, p).set(heap.f64(this.#gradient, p));
      this.#blocks.subtract(block, this.#difference, this.#direction);
      this.#step(lambda, this.#direction);
    }
  }

  #step(lambda: number, direction: Pointer): void {
    const { kernels, p, l2, lower, upper } = this.#problem;
    const { inverse, l1 } = this.#metric;
    const { coef } = this.#now;
    kernels.proximalStep(coef, direction, this.#eta, inverse, lambda, l1, l2, lower, upper, coef, p);
  }
}
