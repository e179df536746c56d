import { arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { numberIn, optionsObject, vector } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { CV_OPTIONS, type LassoCvOptions, readCvOptions } from '../crossValidation.ts';
import { predictions } from '../fitsAlong.ts';
import { PathFollower } from '../followPath.ts';
import { foldsOf, type HeldOut, heldOut, overFolds, sharedProgress } from '../heldOut.ts';
import { type Job, runJob } from '../job.ts';
import { type LambdaPlan, lambdaGrid } from '../lambdas.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from '../lassoPath.ts';
import { type FitOptions, fitOptionsOf, type Recipe } from '../options.ts';
import { PathRecord } from '../pathRecord.ts';
import { blend, type RelaxedModel, RelaxedPath } from './relaxedPath.ts';
import { type Refit, SupportRefit } from './supportRefit.ts';

/** A refit knows no bounds. */
type Bounds = 'lower' | 'upper' | 'positive';
const unbounded = <T extends string>(names: readonly T[]) =>
  names.filter((name) => !['lower', 'upper', 'positive', 'history'].includes(name)) as Exclude<T, Bounds | 'history'>[];

/** Options of `relaxedLassoPath`: those of `lassoPath`, without bounds. */
export type RelaxedPathOptions = Omit<PathOptions, Bounds>;

/**
 * The relaxed lasso (Meinshausen 2007, in the form of Hastie, Tibshirani and Tibshirani 2020): at every lambda the lasso chooses the columns, least
 * squares on them undoes its shrinkage, and gamma blends the two:
 *
 *   b(lambda, gamma) = gamma b_lasso(lambda) + (1 - gamma) b_refit(support of b_lasso(lambda))
 *
 * Columns of a support that depend on each other get a basic solution: coefficient 0 for those that add nothing (`refits[k].dependent`).
 *
 * @param X n x p, dense or sparse
 * @param y n values
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const path = relaxedLassoPath(X, y);
 * path.at(path.lambdas[20], 0.5).coef;
 */
export function relaxedLassoPath(X: DesignInput, y: VectorInput, options: RelaxedPathOptions = {}): RelaxedPath {
  optionsObject(options, 'relaxedLassoPath', unbounded(PATH_OPTIONS));
  const { recipe, plan, fitOptions } = readPathOptions(options, 'relaxedLassoPath');
  return runJob(X, y, recipe, fitOptions, (job) => relaxedPath(job, recipe, plan, fitOptions));
}

function relaxedPath(job: Job, recipe: Recipe, plan: LambdaPlan, options: FitOptions<{ lambda: number }>): RelaxedPath {
  return arena(job.frame.backend, (frame) => {
    const problem = job.problem(job.sampleWeight, frame);
    const follower = new PathFollower(problem, recipe);
    const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), problem.n, problem.p, frame.kernels);
    const record = new PathRecord(problem, recipe);
    const refit = new SupportRefit(problem);
    const refits: Refit[] = [];
    for (const [k, lambda] of lambdas.entries()) {
      options.signal?.throwIfAborted();
      refits.push(refit.fit(record.add(follower.visit(lambda, recipe.tol)).index));
      options.onProgress?.({ done: k + 1, total: lambdas.length, lambda });
    }
    const intercepts = Float64Array.from(refits, ({ index, values }) => problem.intercept(index, values));
    return new RelaxedPath(record.path(), refits, intercepts);
  });
}

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
