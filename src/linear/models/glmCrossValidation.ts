import { type Arena, arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, oneOf, optionsObject, positiveNumber } from '../../core/checks.ts';
import { foldLabels, kFold } from '../../core/folds.ts';
import { Random } from '../../core/random.ts';
import { select } from '../../core/select.ts';
import type { SelectionRule } from '../crossValidation.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import type { Family, Target } from './family.ts';
import { type GlmJob, runGlm } from './glmJob.ts';
import type { GlmPath, Predicts } from './glmPath.ts';
import { maxEpochsOf } from './glmRecipe.ts';
import { type GlmGridOptions, type GlmPlan, GRID_OPTIONS, glmPlan, walkGlmPath } from './walkGlmPath.ts';

/** Fits inside folds only rank lambdas: a coarser gap than the path's will do. */
const FOLD_TOL = 1e-4;

/** Options of a cross-validation; `metric` depends on the family. */
export interface GlmCvOptions<Metric extends string = string> extends GlmGridOptions {
  /** Number of folds, drawn at random from `seed`; classes are dealt out evenly (stratified). @default 10 */
  folds?: number;
  /** The folds themselves: one integer per row, any labels. */
  foldIds?: ArrayLike<number>;
  /** @default 0 */
  seed?: number;
  /** Which lambda `model` uses: the best one, or the largest within one standard error of it. @default 'min' */
  rule?: SelectionRule;
  /** How held-out rows are judged. @default 'deviance' */
  metric?: Metric;
  /** Relative duality gap inside the folds (KKT residual for penalties that are not convex). @default 1e-4, or `tol` where that is coarser */
  foldTol?: number;
}

export const CV_OPTIONS = [...GRID_OPTIONS, 'folds', 'foldIds', 'seed', 'rule', 'metric', 'foldTol'] as (keyof GlmCvOptions)[];

/** Outcome of a cross-validation. Immutable. */
export interface CrossValidatedGlm<Y, M extends Predicts> {
  /** The path on all rows. */
  readonly path: GlmPath<Y, M>;
  readonly metric: string;
  /** The metric on held-out rows for every lambda of the path: the mean over folds, weighted by their rows' weights. */
  readonly mean: Float64Array;
  /** Its standard error: sqrt(weighted variance of the folds' values / (folds - 1)). */
  readonly standardError: Float64Array;
  /** Largest lambda with the best mean. */
  readonly lambdaMin: number;
  /** Largest lambda whose mean is within one standard error of the best (Breiman et al. 1984). */
  readonly lambda1se: number;
  /** The path's model at the lambda that `rule` chose. */
  readonly model: M;
  /** Fold of every row, 0 to folds - 1. */
  readonly fold: Int32Array;
  /** The coarsest relative gap inside any fold (KKT residual for penalties that are not convex). */
  readonly foldGap: number;
}

/** Cross-validation of any family: X is stored once, folds are zero weights. */
export class GlmCrossValidation<Y, M extends Predicts> {
  readonly #plan: GlmPlan<Y, M>;
  readonly #options: Required<Pick<GlmCvOptions, 'folds' | 'seed' | 'rule' | 'metric' | 'foldTol'>>;
  readonly #foldIds: ArrayLike<number> | undefined;

  constructor(family: Family<Y, M>, options: GlmCvOptions, title: string) {
    const {
      folds = 10,
      foldIds,
      seed = 0,
      rule = 'min',
      metric = 'deviance',
      foldTol,
      ...path
    } = optionsObject(options, title, CV_OPTIONS);
    this.#plan = glmPlan(family, path, title);
    this.#options = {
      folds: integerIn(folds, 'folds', 2),
      seed: integerIn(seed, 'seed', 0),
      rule: oneOf(rule, 'rule', ['min', '1se']),
      metric: oneOf(metric, 'metric', Object.keys(family.metrics)),
      foldTol: foldTol === undefined ? Math.max(FOLD_TOL, this.#plan.glm.recipe.tol) : positiveNumber(foldTol, 'foldTol'),
    };
    this.#foldIds = foldIds;
  }

  fit(X: DesignInput, y: Y, options?: FitOptions): CrossValidatedGlm<Y, M> {
    const fitOptions = fitOptionsOf(options, 'fit');
    return runGlm(this.#plan.glm, X, y, fitOptions, (job) => {
      const n = job.target.response.length;
      const { folds, seed } = this.#options;
      const fold = this.#foldIds === undefined ? foldsOf(job.target, folds, seed) : foldLabels(this.#foldIds, n).fold;
      const held = this.#heldOut(job, fold);
      const steps = progress(fitOptions, held.length + 1);
      // The path's own working memory goes before the first fold needs its share.
      const path = arena(job.frame.backend, (owner) => walkGlmPath(this.#plan, job, steps(0), owner));
      const results = held.map((each, k) =>
        arena(job.frame.backend, (owner) => this.#foldValues(job, path.lambdas, each, owner, steps(k + 1))),
      );
      return { ...this.#summary(path, held, results), fold };
    });
  }

  /** Every fold's rows with a positive weight, and the weights without them. */
  #heldOut({ weights: given, target }: GlmJob, fold: Int32Array): HeldOut[] {
    const weights = given ?? new Float64Array(fold.length).fill(1);
    const { family } = this.#plan.glm;
    const { metric } = this.#options;
    const held: HeldOut[] = [];
    const count = fold.reduce((a, b) => Math.max(a, b), 0) + 1;
    for (let k = 0; k < count; k++) {
      const rows = Int32Array.from(fold.keys()).filter((i) => fold[i] === k && weights[i] > 0);
      if (rows.length === 0) continue;
      const kept = weights.map((w, i) => (fold[i] === k ? 0 : w));
      if (!kept.some((w) => w > 0))
        throw new RangeError(`foldIds: without fold ${k} no row with a positive weight is left to fit`);
      family.check?.(target, kept, ` without fold ${k}`);
      const own = select(target.response, rows);
      if (metric === 'auc' && own.every((y) => y === own[0])) {
        throw new RangeError(`foldIds: fold ${k} has rows of one class only, and the metric "auc" compares two`);
      }
      held.push({ rows, kept, weights: select(weights, rows), response: own });
    }
    if (held.length < 2) throw new RangeError('foldIds: expected at least 2 folds with rows of a positive weight');
    return held;
  }

  #foldValues(
    job: GlmJob,
    lambdas: Float64Array,
    { rows, kept, weights, response }: HeldOut,
    owner: Arena,
    { signal, onProgress }: FitOptions<{ lambda: number }>,
  ): FoldResult {
    const { family, recipe } = this.#plan.glm;
    const { foldTol: tol, metric } = this.#options;
    const follower = job.follower(kept, owner);
    const maxEpochs = maxEpochsOf(recipe);
    let gap = 0;
    const values = lambdas.map((lambda, l) => {
      signal?.throwIfAborted();
      const { certificate } = follower.visit({ lambda, tol, maxEpochs });
      gap = Math.max(gap, certificate.status === 'local' ? certificate.kkt : certificate.gap);
      const value = family.metrics[metric].of(response, select(follower.predictions(), rows), weights);
      onProgress?.({ done: l + 1, total: lambdas.length, lambda });
      return value;
    });
    return { values, gap };
  }

  #summary(path: GlmPath<Y, M>, held: HeldOut[], results: FoldResult[]): Omit<CrossValidatedGlm<Y, M>, 'fold'> {
    const { lambdas } = path;
    const { metric, rule } = this.#options;
    const weight = held.map(({ weights }) => weights.reduce((a, b) => a + b, 0));
    const total = weight.reduce((a, b) => a + b, 0);
    const mean = new Float64Array(lambdas.length);
    const standardError = new Float64Array(lambdas.length);
    for (const l of lambdas.keys()) {
      for (const [k, { values }] of results.entries()) mean[l] += (weight[k] / total) * values[l];
      for (const [k, { values }] of results.entries()) standardError[l] += (weight[k] / total) * (values[l] - mean[l]) ** 2;
      standardError[l] = Math.sqrt(standardError[l] / (results.length - 1));
    }
    const sign = this.#plan.glm.family.metrics[metric].best === 'min' ? 1 : -1;
    const cost = mean.map((value) => sign * value);
    // lambdas fall, so the first index with a property is the largest lambda that has it.
    const best = cost.indexOf(cost.reduce((a, b) => Math.min(a, b)));
    const within = cost.findIndex((value) => value <= cost[best] + standardError[best]);
    const [lambdaMin, lambda1se] = [lambdas[best], lambdas[within]];
    return {
      path,
      metric,
      mean,
      standardError,
      lambdaMin,
      lambda1se,
      model: path.at(rule === 'min' ? lambdaMin : lambda1se),
      foldGap: results.reduce((most, { gap }) => Math.max(most, gap), 0),
    };
  }
}

interface HeldOut {
  rows: Int32Array;
  /** Weights of all rows, 0 in the fold. */
  kept: Float64Array;
  /** Of the fold's rows. */
  weights: Float64Array;
  response: Float64Array;
}

interface FoldResult {
  values: Float64Array;
  gap: number;
}

/** Random folds; those of classes are stratified: class after class is dealt out in turns. */
function foldsOf({ response, classes }: Target, folds: number, seed: number): Int32Array {
  const n = response.length;
  if (classes === undefined) return kFold(n, folds, seed);
  integerIn(folds, 'folds', 2, n);
  const random = new Random(seed);
  const order = random.shuffle(Int32Array.from(response.keys()));
  const turn = random.shuffle(Int32Array.from({ length: folds }, (_, k) => k));
  const fold = new Int32Array(n);
  const byClass = [...order.filter((i) => response[i] !== 1), ...order.filter((i) => response[i] === 1)];
  for (const [dealt, i] of byClass.entries()) fold[i] = turn[dealt % folds];
  return fold;
}

/** Options for step k of `count` equal steps, so that progress runs over all of them. */
function progress({ signal, onProgress }: FitOptions, count: number): (k: number) => FitOptions<{ lambda: number }> {
  // A path that stops at `maxDf` leaves folds with fewer lambdas: they count in units of the first step.
  let unit = 0;
  const report = (k: number, done: number, total: number) => {
    unit ||= total;
    onProgress?.({ done: k * unit + Math.round((unit * done) / total), total: count * unit });
  };
  return (k) => ({
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: ({ done, total }) => report(k, done, total) } : {}),
  });
}
