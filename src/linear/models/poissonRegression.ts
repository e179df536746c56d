import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { poissonFamily } from './families.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import { type GlmStream, type GlmStreamOptions, streamGlmPath } from './glmStream.ts';
import type { PoissonModel } from './poissonModel.ts';
import { type GlmPathOptions, glmPath } from './walkGlmPath.ts';

/** Options of `PoissonRegression`. */
export interface PoissonOptions extends GlmOptions {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/**
 * Regression of counts, whose expectation is exp(f):
 *
 *   min over w, b   sum_i s_i (exp(f_i) - y_i f_i) / sum s + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2),   f_i = b + x_i'w + offset_i
 *
 * For rates give the logarithm of the exposure as `offset`. glmnet's lambda and scikit-learn's `alpha` (of `PoissonRegressor`, with rho = 0) are
 * this lambda. Gaps are relative to half the mean deviance of the null model.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new PoissonRegression({ lambda: 0.01 }).fit([[0], [1], [2], [3]], [1, 2, 4, 9]);
 * model.predict([[4]]); // an expected count
 */
export class PoissonRegression {
  readonly lambda: number;
  readonly #glm: GlmRecipe<VectorInput, PoissonModel>;

  constructor(options: PoissonOptions) {
    const { lambda, ...rest } = optionsObject(options, 'PoissonRegression', ['lambda', ...GLM_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#glm = glmRecipe(poissonFamily, rest, 'PoissonRegression');
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param y n counts >= 0 (not necessarily integers), not all 0
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position)
   */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): PoissonModel {
    return fitGlm(this.#glm, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}

/** Poisson regressions at many lambdas, as `logisticPath`. */
export function poissonPath(X: DesignInput, y: VectorInput, options: GlmPathOptions = {}): GlmPath<VectorInput, PoissonModel> {
  return glmPath(poissonFamily, X, y, options, 'poissonPath');
}

/** The same path point by point, to be left, cancelled and resumed: see `LassoPath.stream`. */
poissonPath.stream = (X: DesignInput, y: VectorInput, options: GlmStreamOptions = {}): GlmStream<VectorInput, PoissonModel> =>
  streamGlmPath(poissonFamily, X, y, options, 'poissonPath.stream');

/** Poisson regression with lambda chosen by cross-validation on held-out deviance, mean squared or mean absolute error of the expected counts. */
export class PoissonRegressionCV {
  readonly #validation: GlmCrossValidation<VectorInput, PoissonModel>;

  constructor(options: GlmCvOptions<'deviance' | 'mse' | 'mae'> = {}) {
    this.#validation = new GlmCrossValidation(poissonFamily, options, 'PoissonRegressionCV');
  }

  /** As `PoissonRegression.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): CrossValidatedGlm<VectorInput, PoissonModel> {
    return this.#validation.fit(X, y, options);
  }
}
