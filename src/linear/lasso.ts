import type { DesignInput } from '../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { fitLinear } from './fitLinear.ts';
import type { LinearModel } from './linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type LinearOptions, type Recipe, recipeOf } from './options.ts';

/** Options of `Lasso`. */
export interface LassoOptions extends LinearOptions {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/**
 * Least squares with an L1 penalty (Tibshirani 1996):
 *
 *   min over w, b   1/(2 sum s) sum_i s_i (y_i - b - x_i'w)^2 + lambda sum_j omega_j |w_j|
 *
 * with sample weights s and penalty factors omega (all 1 by default). Coefficients that do not pay are exactly zero.
 * In other conventions: scikit-learn's `alpha` and glmnet's `lambda` are this lambda; with a loss of 1/2 sum (y - f)^2 divide by n.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new Lasso({ lambda: 0.1 }).fit([[-1], [0], [1]], [-1, 0, 1]);
 * model.coef; // Float64Array [ 0.85 ]
 */
export class Lasso {
  readonly lambda: number;
  readonly #recipe: Recipe;

  constructor(options: LassoOptions) {
    const { lambda, ...rest } = optionsObject(options, 'Lasso', ['lambda', ...LINEAR_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#recipe = recipeOf(rest, 1);
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param y n values
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position)
   */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): LinearModel {
    return fitLinear(this.#recipe, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}
