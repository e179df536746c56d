import type { Pointer } from '../../backend/kernels.ts';
import type { Certificate } from '../certificate.ts';
import { Coefficients } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import { Anderson } from './anderson.ts';
import { Progress } from './progress.ts';
import { createSweeps, type Sweeps } from './sweeps.ts';

/** Most epochs over the active set between two over all columns: two extrapolations. */
const ACTIVE_EPOCHS = 10;
/** The active set has settled when its squared changes are below this share of those of the full epoch before. */
const SETTLED = 1e-3;

/**
 * Cyclic coordinate descent (Friedman, Hastie, Tibshirani 2010) for
 *
 *   min over b   1/2 ||y~ - Z b||^2 + lambda sum_j (l1_j |b_j| + l2_j / 2 b_j^2),   lower <= b <= upper
 *
 * Each step is the exact minimum over one coefficient, with r = y~ - Z b:
 *
 *   b_j <- clip( S(z~_j.r + ||z~_j||^2 b_j, lambda l1_j) / (||z~_j||^2 + lambda l2_j), lower_j, upper_j )
 *
 * An epoch over all columns is followed by epochs over those that are not zero, extrapolated after every fifth (Bertrand and Massias
 * 2021) where that lowers the objective. A pass is one epoch of either kind.
 */
export class CoordinateDescent implements Solver {
  readonly #problem: Problem;
  readonly #state: Coefficients;
  readonly #sweeps: Sweeps;
  readonly #anderson: Anderson;
  readonly #kept: Pointer;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#state = new Coefficients(problem);
    this.#sweeps = createSweeps(problem, this.#state);
    this.#anderson = new Anderson(problem);
    this.#kept = problem.frame.f64(problem.p);
  }

  coefficients(): { index: Int32Array; values: Float64Array } {
    return this.#state.coefficients();
  }

  solve(run: Run): Certificate {
    const { lambda } = run;
    const progress = new Progress(this.#problem, this.#state, run);
    let over = progress.look();
    while (!over) {
      this.#sweeps.sync(lambda);
      const first = this.#sweeps.epoch(lambda, false);
      this.#anderson.begin(this.#state.coef);
      over = progress.pass(false);
      for (let k = 1, settled = false; k <= ACTIVE_EPOCHS && !settled && !over; k++) {
        settled = this.#sweeps.epoch(lambda, true) <= SETTLED * first;
        if (this.#anderson.push(this.#state.coef)) this.#jump(lambda);
        over = progress.pass(settled || k === ACTIVE_EPOCHS);
      }
    }
    return progress.certificate();
  }

  /** Moves to the extrapolated point where that lowers the objective. */
  #jump(lambda: number): void {
    const { heap, p } = this.#problem;
    const coef = heap.f64(this.#state.coef, p);
    const kept = heap.f64(this.#kept, p);
    kept.set(coef);
    const before = this.#sweeps.sync(lambda);
    heap.f64(this.#state.coef, p).set(heap.f64(this.#anderson.candidate, p));
    if (!(this.#sweeps.sync(lambda) < before)) {
      heap.f64(this.#state.coef, p).set(heap.f64(this.#kept, p));
      this.#sweeps.sync(lambda);
    }
    this.#anderson.begin(this.#state.coef);
  }
}
