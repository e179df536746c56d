import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, optionsObject } from '../core/checks.ts';
import type { Estimator, Targets } from './estimator.ts';
import { checkEstimator, evaluateFolds, type FoldScores, SELECTION_OPTIONS, type SelectionOptions } from './evaluateFolds.ts';

/** Options of `crossValidate`. */
export interface CrossValidateOptions<M = unknown> extends SelectionOptions<M> {
  /** Keep the fitted models, one per fold. @default false */
  models?: boolean;
}

/** How a recipe does on rows that it was not fitted to. */
export interface CrossValidation<M> {
  /** By the name of the metric. */
  scores: Record<string, FoldScores>;
  /** Fold of every row, 0 to folds - 1. */
  fold: Int32Array;
  /** The model fitted without fold k at place k, where they were asked for; none otherwise. */
  models: M[];
}

/**
 * Judges a recipe by cross-validation: fitted to all rows but a fold's, scored on that fold's, for every fold. Rows are copied in the storage
 * that X has; sparse X stays sparse. Everything that is learnt from data belongs into the recipe's `fit`, or it leaks.
 *
 * @param estimator a recipe: `fit(X, y, options?)` returns a model with `predict(X)` (or whatever `scoring` needs), or, as `LassoCV`, a search with one
 * @param X n x p, dense or sparse
 * @param y n numbers, or labels that are all numbers or all strings
 * @throws SpinifexError `FOLD_FAILED` naming the fold, with the error of the fit or the metric as its cause
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const { scores } = crossValidate(new Lasso({ lambda: 0.1 }), X, y, { scoring: ['r2', 'meanAbsoluteError'] });
 * `${scores.r2.mean} +- ${scores.r2.standardError}`;
 */
export function crossValidate<M>(
  estimator: Estimator<M>,
  X: DesignInput,
  y: Targets,
  options?: CrossValidateOptions<M>,
): CrossValidation<M> {
  const given = optionsObject(options, 'crossValidate', [...SELECTION_OPTIONS, 'models']);
  const keep = booleanFlag(given.models ?? false, 'models');
  const recipe = { estimator: checkEstimator(estimator, 'estimator'), title: 'estimator' };
  const { scores, fold, models } = evaluateFolds([recipe], X, y, given, 0, keep);
  return { scores: scores[0], fold, models: models[0] };
}
