import type { Pointer } from '../../backend/kernels.ts';
import type { Certificate } from '../certificate.ts';
import { Coefficients } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import { gramMatrix, kernelMatrix } from './gramMatrix.ts';
import { diagonalMetric, type Metric } from './metric.ts';
import { CHECK_EVERY, Progress } from './progress.ts';

/** Over-relaxation, as Boyd et al. recommend. */
const RELAXATION = 1.6;
/** rho is looked at every so many iterations, this often in all: it must come to rest for the method to converge. */
const BALANCE_EVERY = 10;
const MOST_BALANCED = 200;
/** Residuals further apart than this factor move rho, by at most so much at once. */
const UNBALANCED = 1.5;
const LARGEST_CHANGE = 10;

/**
 * Alternating direction method of multipliers (Boyd, Parikh, Chu, Peleato, Eckstein 2011, section 6.4) for
 *
 *   min   1/2 ||y~ - Z x||^2 + phi(z),   x = z,   phi(z) = lambda sum_j (l1_j |z_j| + l2_j / 2 z_j^2) on lower <= z <= upper
 *
 * With D = diag(||z~_j||^2), the scaled dual u and x^ = 1.6 x - 0.6 z:
 *
 *   x <- (Z'Z + rho D)^-1 (Z'y~ + rho D (z - u)),   z <- prox_(phi / rho)(x^ + u),   u <- u + x^ - z
 *
 * The matrix is factored once per rho: Z'Z + rho D where p <= n, otherwise rho I + Z D^-1 Z' (matrix inversion lemma). The result is z,
 * whose zeros are exact. A pass is one iteration.
 */
export class Admm implements Solver {
  readonly #problem: Problem;
  readonly #metric: Metric;
  readonly #judged: Coefficients;
  readonly #tall: boolean;
  /** Z'Z, or Z D^-1 Z' */
  readonly #matrix: Pointer;
  readonly #factor: Pointer;
  readonly #x: Pointer;
  readonly #z: Pointer;
  readonly #before: Pointer;
  readonly #u: Pointer;
  readonly #zeros: Pointer;
  readonly #image: Pointer;
  #rho = 0.1;
  #factored = 0;

  constructor(problem: Problem) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.#metric = diagonalMetric(problem);
    this.#judged = new Coefficients(problem);
    this.#tall = p <= n;
    this.#matrix = this.#tall ? gramMatrix(problem) : kernelMatrix(problem);
    this.#factor = frame.f64(this.#size * this.#size);
    this.#x = frame.f64(p);
    this.#z = frame.f64(p);
    this.#before = frame.f64(p);
    this.#u = frame.f64(p);
    this.#zeros = frame.f64(p);
    this.#image = frame.f64(n);
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#judged.coefficients();
  }

  solve(run: Run): Certificate {
    const { heap, kernels, p, l2, lower, upper } = this.#problem;
    const { inverse, l1 } = this.#metric;
    const progress = new Progress(this.#problem, this.#judged, run);
    let over = progress.look();
    this.#begin(run.lambda);
    for (let k = 1; !over; k++) {
      this.#solve();
      heap.f64(this.#before, p).set(heap.f64(this.#z, p));
      kernels.axpy(RELAXATION, this.#x, this.#u, p);
      kernels.axpy(1 - RELAXATION, this.#z, this.#u, p);
      kernels.proximalStep(this.#u, this.#zeros, 1 / this.#rho, inverse, run.lambda, l1, l2, lower, upper, this.#z, p);
      kernels.axpy(-1, this.#z, this.#u, p);
      over = progress.pass(k % CHECK_EVERY === 0, this.#z);
      if (k % BALANCE_EVERY === 0 && k <= BALANCE_EVERY * MOST_BALANCED) this.#balance();
    }
    return progress.certificate();
  }

  get #size(): number {
    return this.#tall ? this.#problem.p : this.#problem.n;
  }

  /** z = the last solution, and rho D u = the gradient there as far as a subgradient of phi can match it: all of it at a minimum. */
  #begin(lambda: number): void {
    const { heap, p, lower, upper } = this.#problem;
    const inverse = heap.f64(this.#metric.inverse, p);
    const l1 = heap.f64(this.#metric.l1, p);
    const l2 = heap.f64(this.#problem.l2, p);
    const low = lower ? heap.f64(lower, p) : undefined;
    const high = upper ? heap.f64(upper, p) : undefined;
    const g = heap.f64(this.#judged.gradient, p);
    const z = heap.f64(this.#z, p);
    const u = heap.f64(this.#u, p);
    z.set(heap.f64(this.#judged.coef, p));
    for (let j = 0; j < p; j++) {
      const least = low && z[j] === low[j] ? -Infinity : -lambda * l1[j];
      const most = high && z[j] === high[j] ? Infinity : lambda * l1[j];
      const ridge = lambda * l2[j] * z[j];
      u[j] = (inverse[j] / this.#rho) * (ridge + Math.max(least, Math.min(most, g[j] - ridge)));
    }
  }

  /** The x update. */
  #solve(): void {
    if (this.#factored !== this.#rho) this.#refactor();
    if (this.#tall) this.#solveColumns();
    else this.#solveRows();
  }

  #solveColumns(): void {
    const { heap, kernels, p } = this.#problem;
    const second = heap.f64(this.#problem.second, p);
    const c = heap.f64(this.#problem.correlation, p);
    const x = heap.f64(this.#x, p);
    const z = heap.f64(this.#z, p);
    const u = heap.f64(this.#u, p);
    for (let j = 0; j < p; j++) x[j] = second[j] > 0 ? c[j] + this.#rho * second[j] * (z[j] - u[j]) : 0;
    kernels.choleskySolve(this.#factor, p, p, this.#x);
  }

  /** With a = z - u and its residual r: x = a + D^-1 Z' (rho I + Z D^-1 Z')^-1 r. */
  #solveRows(): void {
    const { heap, kernels, n, p } = this.#problem;
    const a = heap.f64(this.#z, p).slice();
    const u = heap.f64(this.#u, p);
    for (let j = 0; j < p; j++) a[j] -= u[j];
    this.#problem.residual(
      Int32Array.from(a, (_, j) => j),
      a,
      this.#image,
    );
    kernels.choleskySolve(this.#factor, n, n, this.#image);
    this.#problem.correlate(this.#image, 0, p, this.#x);
    kernels.multiply(this.#metric.inverse, this.#x, this.#x, p);
    const x = heap.f64(this.#x, p);
    for (let j = 0; j < p; j++) x[j] += a[j];
  }

  #refactor(): void {
    const { heap, kernels, p } = this.#problem;
    const m = this.#size;
    for (;;) {
      const factor = heap.f64(this.#factor, m * m);
      factor.set(heap.f64(this.#matrix, m * m));
      const second = heap.f64(this.#problem.second, p);
      for (let k = 0; k < m; k++)
        factor[k * m + k] += this.#tall && second[k] > 0 ? this.#rho * second[k] : this.#tall ? 1 : this.#rho;
      if (kernels.choleskyFactor(this.#factor, m, m, 0) === m) break;
      this.#setRho(10 * this.#rho);
    }
    this.#factored = this.#rho;
  }

  /** Residual balancing (section 3.4.1): the distance of x from z and the step of z should shrink together. */
  #balance(): void {
    const { heap, p } = this.#problem;
    const second = heap.f64(this.#problem.second, p);
    const x = heap.f64(this.#x, p);
    const z = heap.f64(this.#z, p);
    const before = heap.f64(this.#before, p);
    let primal = 0;
    let dual = 0;
    for (let j = 0; j < p; j++) {
      primal += second[j] * (x[j] - z[j]) * (x[j] - z[j]);
      dual += second[j] * (z[j] - before[j]) * (z[j] - before[j]);
    }
    const ratio = Math.sqrt(Math.sqrt(primal / dual) / this.#rho);
    if (!(ratio > 0) || ratio === Infinity) return;
    if (ratio > UNBALANCED) this.#setRho(this.#rho * Math.min(ratio, LARGEST_CHANGE));
    else if (ratio < 1 / UNBALANCED) this.#setRho(this.#rho * Math.max(ratio, 1 / LARGEST_CHANGE));
  }

  #setRho(rho: number): void {
    this.#problem.kernels.scale(this.#rho / rho, this.#u, this.#problem.p);
    this.#rho = rho;
  }
}
