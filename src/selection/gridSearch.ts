import type { DesignInput } from '../backend/residentMatrix.ts';
import { isNumberArray, isPlainObject, oneOf, optionsObject, refuse } from '../core/checks.ts';
import { seen } from '../core/seen.ts';
import type { Estimator, Targets } from './estimator.ts';
import {
  checkEstimator,
  evaluateFolds,
  type FoldScores,
  fitRows,
  SELECTION_OPTIONS,
  type SelectionOptions,
} from './evaluateFolds.ts';
import { scorersOf } from './scoring.ts';

/** Values to try for every parameter. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** One value for every parameter of a grid. */
export type Params<G extends Grid> = { [K in keyof G]: G[K][number] };

/** Options of `gridSearch`. */
export interface GridSearchOptions<M = unknown> extends SelectionOptions<M> {
  /** Name of the metric that decides, where there are several. @default the first */
  decide?: string;
  /**
   * `'best'`: the best mean score; `'1se'`: the first row of the table within one standard error of it, for grids that go from simple to
   * complex (falling lambda). @default 'best'
   */
  rule?: 'best' | '1se';
}

/** One row of the table. */
export interface GridPoint<P> {
  params: P;
  /** By the name of the metric. */
  scores: Record<string, FoldScores>;
}

/** Outcome of a search. */
export interface GridSearch<P, M> {
  /** All combinations, the last parameter changing fastest. */
  table: GridPoint<P>[];
  /** The row that `rule` chose; the first of equal ones. */
  best: GridPoint<P>;
  /** Its recipe fitted to all rows. */
  model: M;
  /** Fold of every row, 0 to folds - 1, the same for all rows of the table. */
  fold: Int32Array;
}

/**
 * Cross-validates a recipe for every combination of parameters on the same folds, chooses one and fits it to all rows. For lambda alone, the
 * path-based `LassoCV` and its kind are faster.
 *
 * @param recipe makes the recipe for one combination; all are made, and their options checked, before the first fit
 * @param grid values to try for every parameter
 * @param X n x p, dense or sparse
 * @param y n numbers or labels
 * @throws as `crossValidate`
 * @example
 * const { best, model } = gridSearch((params) => new ElasticNet(params), { lambda: [1, 0.1, 0.01], l1Ratio: [1, 0.5] }, X, y, { rule: '1se' });
 */
export function gridSearch<M, const G extends Grid>(
  recipe: (params: Params<G>) => Estimator<M>,
  grid: G,
  X: DesignInput,
  y: Targets,
  options?: GridSearchOptions<M>,
): GridSearch<Params<G>, M> {
  const given = optionsObject(options, 'gridSearch', [...SELECTION_OPTIONS, 'decide', 'rule']);
  const rule = oneOf(given.rule ?? 'best', 'rule', ['best', '1se']);
  if (typeof recipe !== 'function') refuse(recipe, 'recipe', 'a function from parameters to a recipe', false);
  const known = Object.keys(scorersOf(given.scoring) ?? { r2: true, accuracy: true });
  if (given.decide !== undefined) oneOf(given.decide, 'decide', known);
  const combinations = productOf(grid);
  const recipes = combinations.map((params) => {
    const values = Object.entries(params).map(([name, value]) => `${name} = ${seen(value)}`);
    const title = `recipe(${values.join(', ')})`;
    return { estimator: checkEstimator(recipe(params), title), title };
  });
  const { scores, scorers, fold, data } = evaluateFolds(recipes, X, y, given, 1, false);
  const decide = given.decide === undefined ? Object.keys(scorers)[0] : oneOf(given.decide, 'decide', Object.keys(scorers));
  const sign = scorers[decide].best === 'max' ? 1 : -1;
  const means = scores.map((metrics) => sign * metrics[decide].mean);
  const top = means.indexOf(Math.max(...means));
  const enough = rule === 'best' ? means[top] : means[top] - scores[top][decide].standardError;
  const chosen = means.findIndex((mean) => mean >= enough);
  given.signal?.throwIfAborted();
  const model = fitRows(recipes[chosen].estimator, data, given.signal);
  const total = recipes.length * (1 + fold.reduce((a, b) => Math.max(a, b), 0)) + 1;
  given.onProgress?.({ done: total, total });
  const table = combinations.map((params, r) => ({ params, scores: scores[r] }));
  return { table, best: table[chosen], model, fold };
}

function productOf<const G extends Grid>(grid: G): Params<G>[] {
  if (!isPlainObject(grid)) refuse(grid, 'grid', 'an object with an array of values for each parameter', false);
  let combinations: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries<unknown>(grid)) {
    if (!isNumberArray(values)) refuse(values, `grid.${name}`, 'an array of values', false);
    if (values.length === 0) throw new RangeError(`grid.${name}: expected at least one value`);
    const list = Array.from(values as ArrayLike<unknown>);
    combinations = combinations.flatMap((params) => list.map((value) => ({ ...params, [name]: value })));
  }
  return combinations as Params<G>[];
}
