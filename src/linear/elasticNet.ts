import type { DesignInput } from '../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { fitLinear } from './fitLinear.ts';
import type { LinearModel } from './linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type LinearOptions, type Recipe, recipeOf } from './options.ts';

/** Options of `ElasticNet`. */
export interface ElasticNetOptions extends LinearOptions {
  /** Strength of the penalty, >= 0. */
  lambda: number;
  /** Share rho of the L1 part, 0 (ridge) to 1 (lasso). @default 0.5 */
  l1Ratio?: number;
}

/**
 * Least squares with L1 and L2 penalties (Zou and Hastie 2005):
 *
 *   min over w, b   1/(2 sum s) sum_i s_i (y_i - b - x_i'w)^2 + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2)
 *
 * Correlated columns share their weight, where the lasso picks one. scikit-learn's `alpha`, `l1_ratio` are these lambda, rho; glmnet's
 * `alpha` is this rho (glmnet also divides y by its standard deviation first, which changes the L2 part by that factor).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 */
export class ElasticNet {
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly #recipe: Recipe;

  constructor(options: ElasticNetOptions) {
    const { lambda, l1Ratio = 0.5, ...rest } = optionsObject(options, 'ElasticNet', ['lambda', 'l1Ratio', ...LINEAR_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#recipe = recipeOf(rest, l1Ratio);
    this.l1Ratio = this.#recipe.l1Ratio;
  }

  /** As `Lasso.fit`. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): LinearModel {
    return fitLinear(this.#recipe, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}
