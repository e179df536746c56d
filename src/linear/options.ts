import {
  booleanFlag,
  integerIn,
  isNumberArray,
  nonNegativeNumber,
  nonNegativeVector,
  numberIn,
  oneOf,
  optionsObject,
  refuse,
  refuseEntry,
  vector,
} from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import type { PenaltyShape } from './penaltyFactors.ts';

/** How to solve; all reach the same optimum. */
export type SolverName = 'auto' | 'cd' | 'ista' | 'fista' | 'admm' | 'subgradient' | 'sgd';

const SOLVERS: readonly SolverName[] = ['auto', 'cd', 'ista', 'fista', 'admm', 'subgradient', 'sgd'];

/** What every linear model takes beside its strength. */
export interface LinearOptions {
  /** Fit an intercept, which is never penalised. @default true */
  fitIntercept?: boolean;
  /** Penalise coefficients of columns scaled to unit (weighted, population) standard deviation; they are reported on the original scale. @default false */
  standardize?: boolean;
  /** Relative duality gap to stop at. @default 1e-6 */
  tol?: number;
  /** Most passes of the solver; reaching it is reported in the certificate. Default: depends on the solver. */
  maxEpochs?: number;
  /** @default 'auto' */
  solver?: SolverName;
  /** One factor >= 0 per column, multiplying both penalty terms, used as given: 0 leaves a column free, Infinity keeps it out. @default all 1 */
  penaltyFactors?: VectorInput;
  /** Lower bounds <= 0 of the coefficients, one for all or one each; -Infinity: none. @default none */
  lower?: number | VectorInput;
  /** Upper bounds >= 0 of the coefficients, one for all or one each; Infinity: none. @default none */
  upper?: number | VectorInput;
  /** Only coefficients >= 0. @default false */
  positive?: boolean;
  /** Keep the objective after every pass in `model.history`, for convergence plots. @default false */
  history?: boolean;
  /** Seed of `'sgd'`. @default 0 */
  seed?: number;
}

/** What `fit` takes beside X and y. */
export interface FitOptions<Extra extends object = object> extends RunOptions<Extra> {
  /** One weight >= 0 per row; the loss is divided by their sum, so that only ratios matter. A weight k equals k copies of the row. */
  sampleWeight?: VectorInput;
  /** A known part of the prediction, one value per row, with coefficient 1. */
  offset?: VectorInput;
}

/** The part of them that a job reads. */
export type DataOptions = Pick<FitOptions, 'sampleWeight' | 'offset' | 'signal'>;

/** Options checked and completed; what depends on X is checked when X is there. */
export interface Recipe {
  l1Ratio: number;
  fitIntercept: boolean;
  standardize: boolean;
  tol: number;
  maxEpochs: number | undefined;
  solver: SolverName;
  penaltyFactors: VectorInput | undefined;
  lower: number | VectorInput | undefined;
  upper: number | VectorInput | undefined;
  positive: boolean;
  history: boolean;
  seed: number;
}

export const LINEAR_OPTIONS = [
  'fitIntercept',
  'standardize',
  'tol',
  'maxEpochs',
  'solver',
  'penaltyFactors',
  'lower',
  'upper',
  'positive',
  'history',
  'seed',
] as const satisfies readonly (keyof LinearOptions)[];

/** Checks the options that do not depend on data. */
export function recipeOf(options: LinearOptions, l1Ratio: number): Recipe {
  const { fitIntercept = true, standardize = false, tol = 1e-6, maxEpochs, solver = 'auto' } = options;
  const { penaltyFactors, lower, upper, positive = false, history = false, seed = 0 } = options;
  return {
    l1Ratio: numberIn(l1Ratio, 'l1Ratio', 0, 1),
    fitIntercept: booleanFlag(fitIntercept, 'fitIntercept'),
    standardize: booleanFlag(standardize, 'standardize'),
    tol: nonNegativeNumber(tol, 'tol'),
    maxEpochs: maxEpochs === undefined ? undefined : integerIn(maxEpochs, 'maxEpochs', 1),
    solver: oneOf(solver, 'solver', SOLVERS),
    penaltyFactors: copied(penaltyFactors),
    lower: copied(lower),
    upper: copied(upper),
    positive: booleanFlag(positive, 'positive'),
    history: booleanFlag(history, 'history'),
    seed: integerIn(seed, 'seed', 0),
  };
}

/** A recipe does not change when the caller's array does. */
export function copied<T extends number | VectorInput | undefined>(value: T): T {
  return isNumberArray(value) ? (Array.from(value) as unknown as T) : value;
}

/** The penalty for p columns. */
export function shapeOf(recipe: Recipe, p: number): PenaltyShape {
  const { l1Ratio, fitIntercept, standardize } = recipe;
  const shape: PenaltyShape = { l1Ratio, fitIntercept, standardize };
  if (recipe.penaltyFactors !== undefined) {
    shape.penaltyFactors = extended(recipe.penaltyFactors, 'penaltyFactors', p, 'a number >= 0 or Infinity', (f) => f >= 0);
  }
  if (recipe.lower !== undefined || recipe.upper !== undefined || recipe.positive) {
    const lower = extended(
      recipe.lower ?? -Infinity,
      'lower',
      p,
      'a bound <= 0 (the coefficient 0 must be allowed)',
      (b) => b <= 0,
    );
    shape.lower = recipe.positive ? lower.map((b) => Math.max(b, 0)) : lower;
    shape.upper = extended(
      recipe.upper ?? Infinity,
      'upper',
      p,
      'a bound >= 0 (the coefficient 0 must be allowed)',
      (b) => b >= 0,
    );
  }
  return shape;
}

/** Data of a fit, checked against n rows. */
export function responseOf(
  y: VectorInput,
  options: DataOptions,
  n: number,
  title: string,
): { response: Float64Array; sampleWeight?: Float64Array } {
  const response = vector(y, title, n);
  if (options.offset !== undefined) {
    const offset = vector(options.offset, 'offset', n);
    for (let i = 0; i < n; i++) response[i] -= offset[i];
  }
  if (options.sampleWeight === undefined) return { response };
  return { response, sampleWeight: nonNegativeVector(options.sampleWeight, 'sampleWeight', n) };
}

/** The options of `fit`, checked by name. */
export function fitOptionsOf<T extends FitOptions>(options: T | undefined, title: string): T {
  return optionsObject(options, title, ['sampleWeight', 'offset', 'signal', 'onProgress'] as const);
}

function extended(
  value: number | VectorInput,
  title: string,
  p: number,
  expected: string,
  allowed: (x: number) => boolean,
): Float64Array {
  if (typeof value === 'number') {
    if (!allowed(value)) refuse(value, title, expected, true);
    return new Float64Array(p).fill(value === 0 ? 0 : value);
  }
  if (!isNumberArray(value)) refuse(value, title, `a number or ${p} numbers`, false);
  if (value.length !== p) refuse(value, title, `one value per column of X (${p})`, true);
  return Float64Array.from(value, (x, j) => {
    if (typeof x !== 'number' || !allowed(x)) refuseEntry(x, `${title}[${j}]`, expected);
    return x === 0 ? 0 : x;
  });
}
