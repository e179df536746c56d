import { arena } from '../backend/arena.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { integerIn, numberIn, oneOf, optionsObject, positiveNumber } from '../core/checks.ts';
import { foldLabels, kFold } from '../core/folds.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { devianceRatio, PathFollower, type Visit } from './followPath.ts';
import { boundsBetween, type KnownFit } from './interpolation.ts';
import { type Job, runJob } from './job.ts';
import { lambdaGrid } from './lambdas.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions, walkPath } from './lassoPath.ts';
import type { LinearModel } from './linearModel.ts';
import type { LinearPath } from './linearPath.ts';
import { type FitOptions, fitOptionsOf, type Recipe } from './options.ts';
import type { Problem } from './problem.ts';

/** Fits inside folds only rank lambdas: they may be coarser than the path by this factor, but not coarser than COARSEST. */
const FOLD_TOL_FACTOR = 100;
const COARSEST_FOLD_TOL = 1e-4;

/** Inside folds every so many lambdas are solved before those between them are looked at. */
const STRIDE = 4;

/** Which lambda `model` uses: the one with the smallest error, or the largest within one standard error of it. */
export type SelectionRule = 'min' | '1se';

/** Options of `LassoCV`. */
export interface LassoCvOptions extends Omit<PathOptions, 'l1Ratio' | keyof FitOptions> {
  /** Number of folds, drawn at random from `seed`. @default 10 */
  folds?: number;
  /** The folds themselves: one integer per row, any labels. */
  foldIds?: ArrayLike<number>;
  /** @default 'min' */
  rule?: SelectionRule;
  /** Relative duality gap inside the folds. @default 100 times `tol`, at most 1e-4 */
  foldTol?: number;
}

/** Options of `ElasticNetCV`. */
export interface ElasticNetCvOptions extends LassoCvOptions {
  /** Share of the L1 part. @default 0.5 */
  l1Ratio?: number;
}

/** Outcome of a cross-validation. Immutable. */
export interface CrossValidated {
  /** The path on all rows. */
  readonly path: LinearPath;
  /** Mean squared error on held-out rows for every lambda of the path: the mean over folds, weighted by their rows' weights. */
  readonly mean: Float64Array;
  /** Its standard error: sqrt(weighted variance of the folds' errors / (folds - 1)). */
  readonly standardError: Float64Array;
  /** Largest lambda with the smallest mean error. */
  readonly lambdaMin: number;
  /** Largest lambda whose mean error is within one standard error of the smallest (Breiman et al. 1984). */
  readonly lambda1se: number;
  /** The path's model at the lambda that `rule` chose. */
  readonly model: LinearModel;
  /** Fold of every row, 0 to folds - 1. */
  readonly fold: Int32Array;
  /** The coarsest relative gap inside any fold. */
  readonly foldGap: number;
}

const CV_OPTIONS = [
  ...PATH_OPTIONS.filter((name) => !['sampleWeight', 'offset', 'signal', 'onProgress', 'l1Ratio', 'history'].includes(name)),
  'folds',
  'foldIds',
  'rule',
  'foldTol',
] as (keyof LassoCvOptions)[];

/** Elastic net with lambda chosen by cross-validation: X is stored once, folds are zero weights. See `ElasticNet`. */
export class ElasticNetCV {
  readonly #options: ElasticNetCvOptions;
  readonly #rule: SelectionRule;
  readonly #folds: number;

  constructor(options: ElasticNetCvOptions = {}) {
    this.#options = { ...optionsObject(options, 'ElasticNetCV', [...CV_OPTIONS, 'l1Ratio']) };
    this.#options.l1Ratio = numberIn(options.l1Ratio ?? 0.5, 'l1Ratio', 0, 1);
    this.#rule = oneOf(options.rule ?? 'min', 'rule', ['min', '1se']);
    this.#folds = integerIn(options.folds ?? 10, 'folds', 2);
    if (options.foldTol !== undefined) positiveNumber(options.foldTol, 'foldTol');
    pathPart(this.#options);
  }

  /** As `Lasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): CrossValidated {
    const { recipe, plan } = pathPart(this.#options);
    const fitOptions = fitOptionsOf(options, 'fit');
    const { foldIds, seed = 0, foldTol = Math.min(COARSEST_FOLD_TOL, FOLD_TOL_FACTOR * recipe.tol) } = this.#options;
    return runJob(X, y, recipe, fitOptions, (job) => {
      const n = job.response.length;
      const fold = foldIds === undefined ? kFold(n, this.#folds, seed) : foldLabels(foldIds, n).fold;
      const count = fold.reduce((a, b) => Math.max(a, b), 0) + 1;
      const steps = progress(fitOptions, count + 1);
      // The path's own working memory goes before the first fold needs its share.
      const path = arena(job.frame.backend, (frame) => {
        const problem = job.problem(job.sampleWeight, frame);
        const follower = new PathFollower(problem, recipe);
        const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), n, problem.p, frame.kernels);
        return walkPath(problem, follower, lambdas, recipe, steps(0));
      });
      const { lambdas } = path;
      const held = Array.from({ length: count }, (_, k) => foldErrors(job, recipe, lambdas, fold, k, foldTol, steps(k + 1)));
      return { ...summary(path, held, this.#rule), fold };
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

function pathPart({ folds: _folds, foldIds: _ids, rule: _rule, foldTol: _tol, ...path }: ElasticNetCvOptions) {
  return readPathOptions(path, 'ElasticNetCV');
}

/** Options for step k of `count` equal steps, so that progress runs over all of them. */
function progress({ signal, onProgress }: FitOptions, count: number): (k: number) => FitOptions<{ lambda: number }> {
  return (k) => ({
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: ({ done, total }) => onProgress({ done: k * total + done, total: count * total }) } : {}),
  });
}

interface HeldOut {
  /** Weighted mean squared error at every lambda. */
  errors: Float64Array;
  /** Weight of the fold's rows. */
  weight: number;
  /** Coarsest relative gap. */
  gap: number;
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
  const { response } = job;
  const weights = job.sampleWeight ?? new Float64Array(response.length).fill(1);
  const rows = Int32Array.from(fold.keys()).filter((i) => fold[i] === k && weights[i] > 0);
  const weight = rows.reduce((total, i) => total + weights[i], 0);
  const errors = new Float64Array(lambdas.length);
  if (weight === 0) return { errors, weight, gap: 0 };
  const kept = weights.map((w, i) => (fold[i] === k ? 0 : w));
  if (!kept.some((w) => w > 0)) throw new RangeError(`foldIds: without fold ${k} no row with a positive weight is left to fit`);
  return arena(job.frame.backend, (frame) => {
    const problem = job.problem(kept, frame);
    const follower = new PathFollower(problem, recipe);
    const fitted = frame.f64(response.length);
    let gap = 0;
    let done = 0;
    coarseToFine(problem, follower, lambdas, tol, (l, index, values, at) => {
      options.signal?.throwIfAborted();
      gap = Math.max(gap, at);
      const list = frame.put(index);
      const coef = frame.put(values);
      frame.heap.f64(fitted, response.length).fill(problem.intercept(index, values));
      problem.columns.combine(list, coef, index.length, fitted);
      frame.release(coef);
      frame.release(list);
      const f = frame.heap.f64(fitted, response.length);
      let total = 0;
      for (const i of rows) total += weights[i] * (response[i] - f[i]) ** 2;
      errors[l] = total / weight;
      options.onProgress?.({ done: ++done, total: lambdas.length, lambda: lambdas[l] });
    });
    return { errors, weight, gap };
  });
}

/**
 * Visits every lambda of a path with a relative gap <= tol, but solves only where interpolating between two solved neighbours would not be as
 * good: every STRIDE-th lambda first, then the middle of whatever the bound refuses. Coefficient paths are piecewise linear, so that most
 * lambdas between two solutions come for free.
 */
function coarseToFine(
  problem: Problem,
  follower: PathFollower,
  lambdas: Float64Array,
  tol: number,
  visit: (l: number, index: Int32Array, values: Float64Array, gap: number) => void,
): void {
  const solve = (l: number): Solved => {
    const at = follower.visit(lambdas[l], tol);
    const { primal, dual, gap } = at.certificate;
    visit(l, at.index, at.values, gap);
    return { l, at, known: { lambda: at.lambda, loss: problem.nullLoss * (1 - devianceRatio(problem, at)), primal, dual } };
  };
  const fill = (high: Solved, low: Solved): void => {
    for (let l = high.l + 1; l < low.l; l++) {
      const share = shareOf(lambdas, high.l, low.l, l);
      const { primal, dual } = boundsBetween(high.known, low.known, share, lambdas[l]);
      if (!(primal - dual <= tol * problem.nullLoss)) {
        const middle = solve((high.l + low.l) >> 1);
        fill(high, middle);
        fill(middle, low);
        return;
      }
    }
    for (let l = high.l + 1; l < low.l; l++) {
      const share = shareOf(lambdas, high.l, low.l, l);
      const { primal, dual } = boundsBetween(high.known, low.known, share, lambdas[l]);
      const { index, values } = mixture(high.at, low.at, share);
      visit(l, index, values, problem.nullLoss > 0 ? (primal - dual) / problem.nullLoss : 0);
    }
  };
  let high = solve(0);
  for (let l = 0; l < lambdas.length - 1; ) {
    l = Math.min(l + STRIDE, lambdas.length - 1);
    const low = solve(l);
    fill(high, low);
    high = low;
  }
}

interface Solved {
  l: number;
  at: Visit;
  known: KnownFit;
}

function shareOf(lambdas: Float64Array, high: number, low: number, l: number): number {
  return lambdas[high] === lambdas[low] ? 1 : (lambdas[l] - lambdas[low]) / (lambdas[high] - lambdas[low]);
}

/** share a + (1 - share) b of two sparse vectors with ascending indices. */
function mixture(a: Visit, b: Visit, share: number): { index: Int32Array; values: Float64Array } {
  const index = new Int32Array(a.index.length + b.index.length);
  const values = new Float64Array(index.length);
  let count = 0;
  for (let i = 0, k = 0; i < a.index.length || k < b.index.length; count++) {
    const j = Math.min(a.index[i] ?? Number.POSITIVE_INFINITY, b.index[k] ?? Number.POSITIVE_INFINITY);
    index[count] = j;
    if (a.index[i] === j) values[count] += share * a.values[i++];
    if (b.index[k] === j) values[count] += (1 - share) * b.values[k++];
  }
  return { index: index.slice(0, count), values: values.slice(0, count) };
}

function summary(path: LinearPath, held: HeldOut[], rule: SelectionRule): Omit<CrossValidated, 'fold'> {
  const { lambdas } = path;
  const used = held.filter((fold) => fold.weight > 0);
  const total = used.reduce((sum, fold) => sum + fold.weight, 0);
  const mean = new Float64Array(lambdas.length);
  const standardError = new Float64Array(lambdas.length);
  for (const l of lambdas.keys()) {
    for (const { errors, weight } of used) mean[l] += (weight / total) * errors[l];
    for (const { errors, weight } of used) standardError[l] += (weight / total) * (errors[l] - mean[l]) ** 2;
    standardError[l] = Math.sqrt(standardError[l] / (used.length - 1));
  }
  // lambdas fall, so the first index with a property is the largest lambda that has it.
  const best = mean.indexOf(mean.reduce((a, b) => Math.min(a, b)));
  const within = mean.findIndex((error) => error <= mean[best] + standardError[best]);
  const lambdaMin = lambdas[best];
  const lambda1se = lambdas[within];
  return {
    path,
    mean,
    standardError,
    lambdaMin,
    lambda1se,
    model: path.at(rule === 'min' ? lambdaMin : lambda1se),
    foldGap: used.reduce((most, fold) => Math.max(most, fold.gap), 0),
  };
}
