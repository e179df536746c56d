import { arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { type CrossValidated, CV_OPTIONS, type LassoCvOptions, readCvOptions } from '../crossValidation.ts';
import { fitsAlong } from '../fitsAlong.ts';
import { foldSummary } from '../foldSummary.ts';
import { PathFollower } from '../followPath.ts';
import { foldsOf, type HeldOut, heldOut, sharedProgress } from '../heldOut.ts';
import { type Job, runJob } from '../job.ts';
import { lambdaGrid } from '../lambdas.ts';
import { walkPath } from '../lassoPath.ts';
import type { LinearModel } from '../linearModel.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { ADAPTIVE, type AdaptiveOptions, type AdaptivePlan, firstFit, readAdaptive } from './firstFit.ts';

/** Options of `AdaptiveLassoCV`. */
export interface AdaptiveLassoCvOptions extends LassoCvOptions, AdaptiveOptions {}

/** Outcome of a cross-validation of the adaptive lasso. Immutable. */
export interface AdaptiveCrossValidated extends CrossValidated {
  /** Of the path on all rows. */
  readonly penaltyFactors: Float64Array;
  /** The first fit on all rows. */
  readonly initial: LinearModel;
}

/**
 * Adaptive lasso with lambda chosen by cross-validation. The first fit is part of every fold: a fold's weights know nothing of the rows that judge
 * it.
 */
export class AdaptiveLassoCV {
  readonly #settings: ReturnType<typeof readCvOptions>;
  readonly #plan: AdaptivePlan;

  constructor(options: AdaptiveLassoCvOptions = {}) {
    const { gamma, initial, initialLambda, ...rest } = optionsObject(options, 'AdaptiveLassoCV', [...CV_OPTIONS, ...ADAPTIVE]);
    this.#plan = readAdaptive({ gamma, initial, initialLambda } as AdaptiveOptions);
    this.#settings = readCvOptions({ ...rest, l1Ratio: 1 }, 'AdaptiveLassoCV');
  }

  /** As `AdaptiveLasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): AdaptiveCrossValidated {
    const { recipe, plan, rule } = this.#settings;
    const fitOptions = fitOptionsOf(options, 'fit');
    return runJob(X, y, recipe, fitOptions, (job) => {
      const n = job.response.length;
      const { fold, count } = foldsOf(n, this.#settings);
      const steps = sharedProgress(fitOptions, count + 1);
      const first = firstFit(job, recipe, this.#plan, job.sampleWeight);
      const path = arena(job.frame.backend, (frame) => {
        const problem = job.problem(job.sampleWeight, frame, { ...job.shape, penaltyFactors: first.penaltyFactors });
        const follower = new PathFollower(problem, recipe);
        const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), n, problem.p, frame.kernels);
        return walkPath(problem, follower, lambdas, { ...recipe, penaltyFactors: first.penaltyFactors }, steps(0));
      });
      const held = Array.from({ length: count }, (_, k) => this.#fold(job, path.lambdas, fold, k, steps(k + 1)));
      return { ...foldSummary(path, held, rule), fold, ...first };
    });
  }

  #fold(job: Job, lambdas: Float64Array, fold: Int32Array, k: number, options: FitOptions<{ lambda: number }>): HeldOut {
    const { recipe, foldTol } = this.#settings;
    return heldOut(job, fold, k, lambdas.length, (frame, kept, judge) => {
      const { penaltyFactors } = firstFit(job, recipe, this.#plan, kept);
      const problem = job.problem(kept, frame, { ...job.shape, penaltyFactors });
      let done = 0;
      fitsAlong(problem, new PathFollower(problem, recipe), lambdas, foldTol, (l, fitted, gap) => {
        options.signal?.throwIfAborted();
        judge(l, fitted, gap);
        options.onProgress?.({ done: ++done, total: lambdas.length, lambda: lambdas[l] });
      });
    });
  }
}
