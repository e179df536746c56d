import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { LinearModel } from '../linearModel.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { huberFamily } from './families.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, CV_OPTIONS, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import { type GlmStream, type GlmStreamOptions, streamGlmPath } from './glmStream.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, glmPath } from './walkGlmPath.ts';

/** What Huber's loss takes. */
export interface DeltaOption {
  /** Residuals beyond that count in proportion, not squared; in the units of y. @default 1.345 (95 % efficiency for noise of standard deviation 1) */
  delta?: number;
}

/** Options of `HuberRegression`. */
export interface HuberOptions extends GlmOptions, DeltaOption {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/**
 * Linear regression that outliers do not carry away (Huber 1964):
 *
 *   min over w, b   sum_i s_i h(y_i - f_i) / sum s + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2),   f_i = b + x_i'w + offset_i
 *
 * h(e) = e^2 / 2 for |e| <= delta, delta |e| - delta^2 / 2 beyond. delta is not estimated: scale y to noise of about 1, or give delta in its units.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new HuberRegression({ lambda: 0, delta: 1 }).fit([[0], [1], [2], [3]], [0, 1, 2, 100]);
 * model.coef; // not 26.2, the slope of least squares
 */
export class HuberRegression {
  readonly lambda: number;
  readonly #glm: GlmRecipe<VectorInput, LinearModel>;

  constructor(options: HuberOptions) {
    const { lambda, delta, ...rest } = optionsObject(options, 'HuberRegression', ['lambda', ...GLM_OPTIONS, 'delta']);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#glm = glmRecipe(huberFamily(delta), rest, 'HuberRegression');
  }

  /** As `Lasso.fit`. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): LinearModel {
    return fitGlm(this.#glm, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}

/** Huber regressions at many lambdas, as `logisticPath`. */
export function huberPath(
  X: DesignInput,
  y: VectorInput,
  options?: GlmPathOptions & DeltaOption,
): GlmPath<VectorInput, LinearModel> {
  const { delta, ...rest } = optionsObject(options, 'huberPath', [...GLM_PATH_OPTIONS, 'delta']);
  return glmPath(huberFamily(delta), X, y, rest, 'huberPath');
}

/** The same path point by point, to be left, cancelled and resumed: see `LassoPath.stream`. */
huberPath.stream = (
  X: DesignInput,
  y: VectorInput,
  options?: GlmStreamOptions & DeltaOption,
): GlmStream<VectorInput, LinearModel> => {
  const { delta, ...rest } = options ?? {};
  return streamGlmPath(huberFamily(delta), X, y, rest, 'huberPath.stream');
};

/** Huber regression with lambda chosen by cross-validation on held-out deviance (twice Huber's loss), mean squared or mean absolute error. */
export class HuberRegressionCV {
  readonly #validation: GlmCrossValidation<VectorInput, LinearModel>;

  constructor(options: GlmCvOptions<'deviance' | 'mse' | 'mae'> & DeltaOption = {}) {
    const { delta, ...rest } = optionsObject(options, 'HuberRegressionCV', [...CV_OPTIONS, 'delta']);
    this.#validation = new GlmCrossValidation(huberFamily(delta), rest, 'HuberRegressionCV');
  }

  /** As `HuberRegression.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): CrossValidatedGlm<VectorInput, LinearModel> {
    return this.#validation.fit(X, y, options);
  }
}
