import { arena } from '../backend/arena.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { integerIn, oneOf, optionsObject, positiveNumber } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { fitsAlong } from './fitsAlong.ts';
import { type FoldSummary, foldSummary, type SelectionRule } from './foldSummary.ts';
import { PathFollower } from './followPath.ts';
import { foldsOf, type HeldOut, heldOut, sharedProgress } from './heldOut.ts';
import { type Job, runJob } from './job.ts';
import { lambdaGrid } from './lambdas.ts';
import { walkPath } from './lassoPath.ts';
import type { LinearModel } from './linearModel.ts';
import type { LinearPath } from './linearPath.ts';
import { copied, type FitOptions, fitOptionsOf, type Recipe } from './options.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from './pathOptions.ts';

export type { SelectionRule } from './foldSummary.ts';

/** Fits inside folds only rank lambdas: they may be coarser than the path by this factor, but not coarser than COARSEST. */
const FOLD_TOL_FACTOR = 100;
const COARSEST_FOLD_TOL = 1e-5;

/** Options of `LassoCV`. */
export interface LassoCvOptions extends Omit<PathOptions, 'l1Ratio' | keyof FitOptions> {
  /** Number of folds, drawn at random from `seed`. @default 10 */
  folds?: number;
  /** The folds themselves: one integer per row, any labels. */
  foldIds?: ArrayLike<number>;
  /** @default 'min' */
  rule?: SelectionRule;
  /** Relative duality gap inside the folds. @default 100 times `tol`, at most 1e-5 */
  foldTol?: number;
}

/** Options of `ElasticNetCV`. */
export interface ElasticNetCvOptions extends LassoCvOptions {
  /** Share of the L1 part. @default 0.5 */
  l1Ratio?: number;
}

/** Outcome of a cross-validation by mean squared error. Immutable. */
export interface CrossValidated extends FoldSummary<LinearPath, LinearModel> {}

export const CV_OPTIONS = [
  ...PATH_OPTIONS.filter((name) => !['sampleWeight', 'offset', 'signal', 'onProgress', 'l1Ratio', 'history'].includes(name)),
  'folds',
  'foldIds',
  'rule',
  'foldTol',
] as (keyof LassoCvOptions)[];

/** Elastic net with lambda chosen by cross-validation: X is stored once, folds are zero weights. See `ElasticNet`. */
export class ElasticNetCV {
  readonly #settings: ReturnType<typeof readCvOptions>;

  constructor(options: ElasticNetCvOptions = {}) {
    const { l1Ratio = 0.5, ...rest } = optionsObject(options, 'ElasticNetCV', [...CV_OPTIONS, 'l1Ratio']);
    this.#settings = readCvOptions({ ...rest, l1Ratio }, 'ElasticNetCV');
  }

  /** As `Lasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): CrossValidated {
    const { recipe, plan, rule, foldTol } = this.#settings;
    const fitOptions = fitOptionsOf(options, 'fit');
    return runJob(X, y, recipe, fitOptions, (job) => {
      const n = job.response.length;
      const { fold, count } = foldsOf(n, this.#settings);
      const steps = sharedProgress(fitOptions, count + 1);
      // The path's own working memory goes before the first fold needs its share.
      const path = arena(job.frame.backend, (frame) => {
        const problem = job.problem(job.sampleWeight, frame);
        const follower = new PathFollower(problem, recipe);
        const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), n, problem.p, frame.kernels);
        return walkPath(problem, follower, lambdas, recipe, steps(0));
      });
      const { lambdas } = path;
      const held = Array.from({ length: count }, (_, k) => foldErrors(job, recipe, lambdas, fold, k, foldTol, steps(k + 1)));
      return { ...foldSummary(path, held, rule), fold };
    });
  }
}

/** Lasso with lambda chosen by cross-validation: `ElasticNetCV` with l1Ratio 1. */
export class LassoCV {
  readonly #net: ElasticNetCV;

  constructor(options: LassoCvOptions = {}) {
    this.#net = new ElasticNetCV({ ...optionsObject(options, 'LassoCV', CV_OPTIONS), l1Ratio: 1 });
  }

  /** As `ElasticNetCV.fit`. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): CrossValidated {
    return this.#net.fit(X, y, options);
  }
}

/** Checks what does not depend on data; the names must have been looked at. */
export function readCvOptions(options: ElasticNetCvOptions, title: string) {
  const { folds = 10, foldIds, rule = 'min', foldTol, ...path } = options;
  const { recipe, plan } = readPathOptions(path, title);
  return {
    recipe,
    plan,
    folds: integerIn(folds, 'folds', 2),
    foldIds: copied(foldIds),
    seed: recipe.seed,
    rule: oneOf(rule, 'rule', ['min', '1se']),
    foldTol:
      foldTol === undefined ? Math.min(COARSEST_FOLD_TOL, FOLD_TOL_FACTOR * recipe.tol) : positiveNumber(foldTol, 'foldTol'),
  };
}

/** Errors on the rows of fold k of the path fitted to the others: same columns, zero weights on the fold. */
function foldErrors(
  job: Job,
  recipe: Recipe,
  lambdas: Float64Array,
  fold: Int32Array,
  k: number,
  tol: number,
  options: FitOptions<{ lambda: number }>,
): HeldOut {
  return heldOut(job, fold, k, lambdas.length, (frame, kept, judge) => {
    const problem = job.problem(kept, frame);
    let done = 0;
    fitsAlong(problem, new PathFollower(problem, recipe), lambdas, tol, (l, fitted, at) => {
      options.signal?.throwIfAborted();
      judge(l, fitted, at);
      options.onProgress?.({ done: ++done, total: lambdas.length, lambda: lambdas[l] });
    });
  });
}
