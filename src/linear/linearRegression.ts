import type { DesignInput } from '../backend/residentMatrix.ts';
import { optionsObject } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { fitLinear } from './fitLinear.ts';
import type { LinearModel } from './linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type LinearOptions, type Recipe, recipeOf } from './options.ts';

/** Options of `LinearRegression`: those of the penalised models that mean something without a penalty. */
export type LinearRegressionOptions = Omit<LinearOptions, 'standardize' | 'penaltyFactors'>;

/**
 * Ordinary least squares: min over w, b of 1/(2 sum s) sum_i s_i (y_i - b - x_i'w)^2, with bounds or `positive` (non-negative least squares)
 * where asked. Where columns depend on each other the solution is not unique: `certificate.unique` is then false, and dependent columns get
 * coefficient 0 (a basic solution).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 */
export class LinearRegression {
  readonly #recipe: Recipe;

  constructor(options: LinearRegressionOptions = {}) {
    const known = LINEAR_OPTIONS.filter((name) => name !== 'standardize' && name !== 'penaltyFactors');
    this.#recipe = recipeOf(optionsObject(options, 'LinearRegression', known), 1);
  }

  /** As `Lasso.fit`. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): LinearModel {
    return fitLinear(this.#recipe, 0, X, y, fitOptionsOf(options, 'fit'));
  }
}
