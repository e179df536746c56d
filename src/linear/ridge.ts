import type { DesignInput } from '../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { fitLinear } from './fitLinear.ts';
import type { LassoOptions } from './lasso.ts';
import type { LinearModel } from './linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type Recipe, recipeOf } from './options.ts';

/** Options of `Ridge`. */
export type RidgeOptions = LassoOptions;

/**
 * Least squares with an L2 penalty (Hoerl and Kennard 1970):
 *
 *   min over w, b   1/(2 sum s) sum_i s_i (y_i - b - x_i'w)^2 + lambda/2 sum_j omega_j w_j^2
 *
 * scikit-learn's Ridge `alpha` is n times this lambda. Every coefficient shrinks, none becomes zero.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 */
export class Ridge {
  readonly lambda: number;
  readonly #recipe: Recipe;

  constructor(options: RidgeOptions) {
    const { lambda, ...rest } = optionsObject(options, 'Ridge', ['lambda', ...LINEAR_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#recipe = recipeOf(rest, 0);
  }

  /** As `Lasso.fit`. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): LinearModel {
    return fitLinear(this.#recipe, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}
