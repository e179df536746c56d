import { type Arena, arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, oneOf, optionsObject, positiveNumber } from '../../core/checks.ts';
import { foldLabels, kFold, stratifiedFolds } from '../../core/folds.ts';
import { select } from '../../core/select.ts';
import { type FoldSummary, foldSummary, type SelectionRule } from '../foldSummary.ts';
import type { HeldOut } from '../heldOut.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import type { Family } from './family.ts';
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
export interface CrossValidatedGlm<Y, M extends Predicts> extends FoldSummary<GlmPath<Y, M>, M> {
  readonly metric: string;
}

/** Cross-validation of any family: X is stored once, folds are zero weights. */
export class GlmCrossValidation<Y, M extends Predicts> {
  readonly plan: GlmPlan<Y, M>;
  readonly settings: Required<Pick<GlmCvOptions, 'folds' | 'seed' | 'rule' | 'metric' | 'foldTol'>>;
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
    this.plan = glmPlan(family, path, title);
    this.settings = {
      folds: integerIn(folds, 'folds', 2),
      seed: integerIn(seed, 'seed', 0),
      rule: oneOf(rule, 'rule', ['min', '1se']),
      metric: oneOf(metric, 'metric', Object.keys(family.metrics)),
      foldTol: foldTol === undefined ? Math.max(FOLD_TOL, this.plan.glm.recipe.tol) : positiveNumber(foldTol, 'foldTol'),
    };
    this.#foldIds = foldIds;
  }

  /** Fold of each of n rows, stratified where they have classes (numbered from 0). */
  foldsOf(n: number, classIndex?: Int32Array): Int32Array {
    const { folds, seed } = this.settings;
    if (this.#foldIds !== undefined) return foldLabels(this.#foldIds, n).fold;
    return classIndex ? stratifiedFolds(classIndex, folds, seed) : kFold(n, folds, seed);
  }

  fit(X: DesignInput, y: Y, options?: FitOptions): CrossValidatedGlm<Y, M> {
    const fitOptions = fitOptionsOf(options, 'fit');
    return runGlm(this.plan.glm, X, y, fitOptions, (job) => {
      const n = job.target.response.length;
      const { metric, rule } = this.settings;
      const fold = this.foldsOf(n, job.target.classes && Int32Array.from(job.target.response, (y) => (y === 1 ? 1 : 0)));
      const held = this.#heldOut(job, fold);
      const steps = progress(fitOptions, held.length + 1);
      // The path's own working memory goes before the first fold needs its share.
      const path = arena(job.frame.backend, (owner) => walkGlmPath(this.plan, job, steps(0), owner));
      const results = held.map((each, k) =>
        arena(job.frame.backend, (owner) => this.#foldValues(job, path.lambdas, each, owner, steps(k + 1))),
      );
      const { best } = this.plan.glm.family.metrics[metric];
      return { ...foldSummary(path, results, rule, best), metric, fold } as CrossValidatedGlm<Y, M>;
    });
  }

  /** Every fold's rows with a positive weight, and the weights without them. */
  #heldOut({ weights: given, target }: GlmJob, fold: Int32Array): HeldOutRows[] {
    const weights = given ?? new Float64Array(fold.length).fill(1);
    const { family } = this.plan.glm;
    const { metric } = this.settings;
    const held: HeldOutRows[] = [];
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
    { rows, kept, weights, response }: HeldOutRows,
    owner: Arena,
    { signal, onProgress }: FitOptions<{ lambda: number }>,
  ): HeldOut {
    const { family, recipe } = this.plan.glm;
    const { foldTol: tol, metric } = this.settings;
    const follower = job.follower(kept, owner);
    const maxEpochs = maxEpochsOf(recipe);
    let gap = 0;
    const errors = lambdas.map((lambda, l) => {
      signal?.throwIfAborted();
      const { certificate } = follower.visit({ lambda, tol, maxEpochs });
      gap = Math.max(gap, certificate.status === 'local' ? certificate.kkt : certificate.gap);
      const value = family.metrics[metric].of(response, select(follower.predictions(), rows), weights);
      onProgress?.({ done: l + 1, total: lambdas.length, lambda });
      return value;
    });
    return { errors, weight: weights.reduce((a, b) => a + b, 0), gap };
  }
}

interface HeldOutRows {
  rows: Int32Array;
  /** Weights of all rows, 0 in the fold. */
  kept: Float64Array;
  /** Of the fold's rows. */
  weights: Float64Array;
  response: Float64Array;
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
