import type { Matrix } from '../core/matrixInput.ts';

/** What is predicted, one per row: numbers, or labels that are all numbers or all strings. */
export type Targets = ArrayLike<number> | ArrayLike<string>;

/** What a fit is given beside X and y, each only where it was given to the search. */
export interface EstimatorFitOptions {
  sampleWeight?: Float64Array;
  signal?: AbortSignal;
}

/** A recipe that can be fitted to some of the rows: every supervised recipe of this package, or one of your own. */
export interface Estimator<M = unknown> {
  fit(X: Matrix, y: Targets, options?: EstimatorFitOptions): M;
}

/** Data of a selection with the rows of one fold, or of all. */
export interface Rows {
  X: Matrix;
  y: Targets;
  sampleWeight?: Float64Array;
}
