import { type HeldOut, overFolds } from './heldOut.ts';

/** Which lambda `model` uses: the one with the best mean, or the largest within one standard error of it. */
export type SelectionRule = 'min' | '1se';

/** Outcome of a cross-validation over the lambdas of a path P of models M. Immutable. */
export interface FoldSummary<P, M> {
  /** The path on all rows. */
  readonly path: P;
  /**
   * The metric (squared error, deviance or what was asked for) on held-out rows for every lambda of the path: the mean over folds, weighted by
   * their rows' weights.
   */
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

/** Values over folds, and the model of the path that the rule chooses; `best` says whether small or large values are good. */
export function foldSummary<P extends { lambdas: Float64Array; at(lambda: number): unknown }>(
  path: P,
  held: readonly HeldOut[],
  rule: SelectionRule,
  best: 'min' | 'max' = 'min',
): Omit<FoldSummary<P, ReturnType<P['at']>>, 'fold'> {
  const { lambdas } = path;
  const { mean, standardError, foldGap } = overFolds(held);
  const cost = best === 'min' ? mean : mean.map((value) => -value);
  // lambdas fall, so the first index with a property is the largest lambda that has it.
  const first = cost.indexOf(cost.reduce((a, b) => Math.min(a, b)));
  const within = cost.findIndex((value) => value <= cost[first] + standardError[first]);
  const lambdaMin = lambdas[first];
  const lambda1se = lambdas[within];
  const model = path.at(rule === 'min' ? lambdaMin : lambda1se) as ReturnType<P['at']>;
  return { path, mean, standardError, lambdaMin, lambda1se, model, foldGap };
}
