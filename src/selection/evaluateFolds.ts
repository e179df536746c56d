import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { isNumberArray, nonNegativeVector, refuse } from '../core/checks.ts';
import { SpinifexError } from '../core/errors.ts';
import { foldLabels } from '../core/folds.ts';
import { checkFinite, type VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { takeRows } from '../core/takeRows.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import type { Estimator, Rows, Targets } from './estimator.ts';
import { kFold, splitsOf } from './kFold.ts';
import { type DirectedScorer, defaultScorers, type Scoring, scoreOf, scorersOf } from './scoring.ts';

/** What `crossValidate` and `gridSearch` have in common. */
export interface SelectionOptions<M = unknown> extends RunOptions {
  /** Number of folds, drawn at random from `seed`. @default 5 */
  folds?: number;
  /** The folds themselves, one integer per row: of `kFold` for stratified or grouped ones, or your own. */
  foldIds?: ArrayLike<number>;
  /** @default 0 */
  seed?: number;
  /** @default 'accuracy' for models that have classes, 'r2' for others */
  scoring?: Scoring<M>;
  /** One weight >= 0 per row, given to fits and to metrics. */
  sampleWeight?: VectorInput;
}

export const SELECTION_OPTIONS = [
  'folds',
  'foldIds',
  'seed',
  'scoring',
  'sampleWeight',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof SelectionOptions)[];

/** Scores of one recipe by one metric. */
export interface FoldScores {
  /** One per fold. */
  values: Float64Array;
  /** Over folds, weighted by the weight of their rows. */
  mean: number;
  /** Of the mean: sqrt(weighted variance of the values / (folds - 1)). */
  standardError: number;
}

/** Recipes judged on folds. */
export interface Evaluation<M> {
  /** Fold of every row, 0 to folds - 1. */
  fold: Int32Array;
  /** For each recipe, its scores by the name of the metric. */
  scores: Record<string, FoldScores>[];
  scorers: Record<string, DirectedScorer<M>>;
  /** For each recipe, its models fold by fold, where they are kept. */
  models: M[][];
  /** All rows, for a fit at the end. */
  data: Rows;
}

/** Fits every recipe to the rows outside each fold and judges it on the fold; the rows of a fold are copied once for all recipes. */
export function evaluateFolds<M>(
  recipes: { estimator: Estimator<M>; title: string }[],
  X: DesignInput,
  y: Targets,
  options: SelectionOptions<M>,
  extraFits: number,
  keep: boolean,
): Evaluation<M> {
  const { folds = 5, foldIds, seed = 0, signal, onProgress } = options;
  let scorers = scorersOf(options.scoring);
  const data = dataOf(X, y, options.sampleWeight);
  const n = data.X.rows;
  const { fold } = foldLabels(foldIds ?? kFold(n, { folds, seed }), n);
  const splits = splitsOf(fold);
  const report = withTimeLeft(onProgress);
  const total = splits.length * recipes.length + extraFits;
  const models: M[][] = recipes.map(() => []);
  const values: Record<string, Float64Array>[] = recipes.map(() => ({}));
  const weights = new Float64Array(splits.length);
  let done = 0;
  for (const [k, { train, test }] of splits.entries()) {
    const [seenRows, held] = [rowsOf(data, train), rowsOf(data, test)];
    weights[k] = held.sampleWeight ? held.sampleWeight.reduce((a, b) => a + b, 0) : test.length;
    for (const [r, { estimator, title }] of recipes.entries()) {
      signal?.throwIfAborted();
      try {
        const model = fitRows(estimator, seenRows, signal);
        scorers ??= defaultScorers(model) as Record<string, DirectedScorer<M>>;
        for (const [name, scorer] of Object.entries(scorers)) {
          values[r][name] ??= new Float64Array(splits.length);
          // A fold of weight 0 says nothing, and metrics are not defined on it.
          if (weights[k] > 0) values[r][name][k] = scoreOf(name, scorer, model, held.X, held.y, weighted(held));
        }
        if (keep) models[r].push(model);
      } catch (cause) {
        signal?.throwIfAborted();
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new SpinifexError('FOLD_FAILED', `${title} without fold ${k}: ${message}`, { cause });
      }
      report?.({ done: ++done, total });
    }
  }
  const scores = values.map((metrics) =>
    Object.fromEntries(Object.entries(metrics).map(([name, list]) => [name, summary(list, weights)])),
  );
  return { fold, scores, scorers: scorers as Record<string, DirectedScorer<M>>, models, data };
}

/** Fits a recipe, with the weights and the signal only where they were given. */
export function fitRows<M>(estimator: Estimator<M>, rows: Rows, signal: AbortSignal | undefined): M {
  const options = { ...weighted(rows), ...(signal && { signal }) };
  return Object.keys(options).length > 0 ? estimator.fit(rows.X, rows.y, options) : estimator.fit(rows.X, rows.y);
}

/** A recipe that can be fitted. */
export function checkEstimator<M>(estimator: Estimator<M>, title: string): Estimator<M> {
  if (typeof estimator?.fit !== 'function') refuse(estimator, title, 'a recipe with a method fit(X, y)', false);
  return estimator;
}

function dataOf(X: DesignInput, y: Targets, sampleWeight: VectorInput | undefined): Rows {
  const matrix = checkFinite(hostMatrix(X));
  if (!isNumberArray(y)) refuse(y, 'y', 'an array of numbers or labels', false);
  if (y.length !== matrix.rows) throw new RangeError(`y: expected ${matrix.rows} values, one for each row, got ${y.length}`);
  if (sampleWeight === undefined) return { X: matrix, y };
  return { X: matrix, y, sampleWeight: nonNegativeVector(sampleWeight, 'sampleWeight', matrix.rows) };
}

function rowsOf({ X, y, sampleWeight }: Rows, rows: Int32Array): Rows {
  const some: Rows = { X: takeRows(X, rows), y: Array.from(rows, (i) => y[i]) as number[] | string[] };
  if (sampleWeight) some.sampleWeight = Float64Array.from(rows, (i) => sampleWeight[i]);
  return some;
}

function weighted({ sampleWeight }: Rows): { sampleWeight?: Float64Array } {
  return sampleWeight ? { sampleWeight } : {};
}

function summary(values: Float64Array, weights: Float64Array): FoldScores {
  const total = weights.reduce((a, b) => a + b, 0);
  const used = weights.filter((w) => w > 0).length;
  const mean = values.reduce((sum, v, k) => sum + (weights[k] / total) * v, 0);
  const spread = values.reduce((sum, v, k) => sum + (weights[k] / total) * (v - mean) ** 2, 0);
  return { values, mean, standardError: used > 1 ? Math.sqrt(spread / (used - 1)) : 0 };
}
