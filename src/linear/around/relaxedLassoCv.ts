import type { DesignInput } from '../../backend/residentMatrix.ts';
import { numberIn, optionsObject, vector } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { CV_OPTIONS, type LassoCvOptions, readCvOptions } from '../crossValidation.ts';
import { predictions } from '../fitsAlong.ts';
import { PathFollower } from '../followPath.ts';
import { foldsOf, type HeldOut, heldOut, overFolds, sharedProgress } from '../heldOut.ts';
import { type Job, runJob } from '../job.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { type Bounds, relaxedPath, unbounded } from './relaxedLasso.ts';
import { blend, type RelaxedModel, type RelaxedPath } from './relaxedPath.ts';
import { SupportRefit } from './supportRefit.ts';

/** Options of `RelaxedLassoCV`. */
export interface RelaxedLassoCvOptions extends Omit<LassoCvOptions, Bounds> {
  /** Shares of the lasso to try, each in 0..1. @default [0, 0.25, 0.5, 0.75, 1] */
  gammas?: VectorInput;
}

/** Outcome of a cross-validation over lambda and gamma. Immutable. */
export interface RelaxedCrossValidated {
  /** The path on all rows. */
  readonly path: RelaxedPath;
  /** Descending. */
  readonly gammas: Float64Array;
  /** Mean squared error on held-out rows, one row per lambda and one column per gamma: the mean over folds, weighted by their rows' weights. */
  readonly mean: DenseMatrix;
  /** Its standard error: sqrt(weighted variance of the folds' errors / (folds - 1)). */
  readonly standardError: DenseMatrix;
  /** The pair with the smallest mean error; of equal ones that with the largest lambda, then the largest gamma. */
  readonly lambdaMin: number;
  readonly gammaMin: number;
  /** The largest lambda that reaches, with some gamma, a mean error within one standard error of the smallest, and its best gamma. */
  readonly lambda1se: number;
  readonly gamma1se: number;
  /** The path's model at the pair that `rule` chose. */
  readonly model: RelaxedModel;
  /** Fold of every row, 0 to folds - 1. */
  readonly fold: Int32Array;
  /** The coarsest relative gap inside any fold. */
  readonly foldGap: number;
}

/**
 * Relaxed lasso with lambda and gamma chosen together by cross-validation; see `relaxedLassoPath`. Every fold has its own supports and refits.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const { model, lambdaMin, gammaMin } = new RelaxedLassoCV({ folds: 5 }).fit(X, y);
 */
export class RelaxedLassoCV {
  readonly #settings: ReturnType<typeof readCvOptions>;
  readonly #gammas: Float64Array;

  constructor(options: RelaxedLassoCvOptions = {}) {
    const known = unbounded([...CV_OPTIONS, 'gammas']) as (keyof RelaxedLassoCvOptions)[];
    const { gammas = [0, 0.25, 0.5, 0.75, 1], ...rest } = optionsObject(options, 'RelaxedLassoCV', known);
    this.#settings = readCvOptions({ ...rest, l1Ratio: 1 }, 'RelaxedLassoCV');
    this.#gammas = vector(gammas, 'gammas').sort().reverse();
    if (this.#gammas.length === 0) throw new RangeError('gammas: expected at least one number');
    for (const gamma of this.#gammas) numberIn(gamma, 'gammas', 0, 1);
  }

  /** As `Lasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): RelaxedCrossValidated {
    const { recipe, plan, rule } = this.#settings;
    const gammas = this.#gammas;
    const fitOptions = fitOptionsOf(options, 'fit');
    return runJob(X, y, recipe, fitOptions, (job) => {
      const { fold, count } = foldsOf(job.response.length, this.#settings);
      const steps = sharedProgress(fitOptions, count + 1);
      const path = relaxedPath(job, recipe, plan, steps(0));
      const { lambdas } = path;
      const held = Array.from({ length: count }, (_, k) => this.#fold(job, lambdas, fold, k, steps(k + 1)));
      const { mean, standardError, foldGap } = overFolds(held);
      // Candidates are ordered by falling lambda, then falling gamma: the first of equal ones is the simplest.
      const best = mean.indexOf(mean.reduce((a, b) => Math.min(a, b)));
      const row = Math.floor(mean.findIndex((error) => error <= mean[best] + standardError[best]) / gammas.length);
      const errors = mean.subarray(row * gammas.length, (row + 1) * gammas.length);
      const [lambdaMin, gammaMin] = [lambdas[Math.floor(best / gammas.length)], gammas[best % gammas.length]];
      const [lambda1se, gamma1se] = [lambdas[row], gammas[errors.indexOf(errors.reduce((a, b) => Math.min(a, b)))]];
      const model = rule === 'min' ? path.at(lambdaMin, gammaMin) : path.at(lambda1se, gamma1se);
      const table = (values: Float64Array) => new DenseMatrix(values, lambdas.length, gammas.length);
      return {
        path,
        gammas: gammas.slice(),
        mean: table(mean),
        standardError: table(standardError),
        lambdaMin,
        gammaMin,
        lambda1se,
        gamma1se,
        model,
        fold,
        foldGap,
      };
    });
  }

  #fold(job: Job, lambdas: Float64Array, fold: Int32Array, k: number, options: FitOptions<{ lambda: number }>): HeldOut {
    const { recipe, foldTol } = this.#settings;
    const gammas = this.#gammas;
    return heldOut(job, fold, k, lambdas.length * gammas.length, (frame, kept, judge) => {
      const problem = job.problem(kept, frame);
      const follower = new PathFollower(problem, recipe);
      const refit = new SupportRefit(problem);
      for (const [l, lambda] of lambdas.entries()) {
        options.signal?.throwIfAborted();
        const { index, values, certificate } = follower.visit(lambda, foldTol);
        const shrunken = predictions(problem, index, values);
        const free = refit.fit(index);
        const fitted = predictions(problem, free.index, free.values);
        for (const [g, gamma] of gammas.entries()) {
          judge(
            l * gammas.length + g,
            shrunken.map((value, i) => blend(gamma, value, fitted[i])),
            certificate.gap,
          );
        }
        options.onProgress?.({ done: l + 1, total: lambdas.length, lambda });
      }
    });
  }
}
