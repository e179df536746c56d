import type { DesignInput } from '../../backend/residentMatrix.ts';
import { booleanFlag, nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import { encodeLabels, type Label, type LabelInput } from '../../core/labels.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { type ClassWeight, logisticFamily } from './families.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, CV_OPTIONS, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import { type GlmStream, type GlmStreamOptions, streamGlmPath } from './glmStream.ts';
import type { LogisticModel } from './logisticModel.ts';
import { fitMultinomial } from './multinomial.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, glmPath } from './walkGlmPath.ts';

/** What classifiers take beside other models. */
export interface ClassOptions {
  /** Factors of the sample weights by class: `'balanced'` for the same total in every class, or a map from labels to numbers > 0. @default all 1 */
  classWeight?: ClassWeight;
}

/** Options of `LogisticRegression`. */
export interface LogisticOptions extends GlmOptions, ClassOptions {
  /** Strength of the penalty, >= 0. */
  lambda: number;
  /** Whether to fit one coefficient vector per class. @default true for more than two classes */
  multinomial?: boolean;
}

/**
 * Logistic regression with a penalty:
 *
 *   min over w, b   sum_i s_i (log(1 + exp(f_i)) - y_i f_i) / sum s + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2),   f_i = b + x_i'w + offset_i
 *
 * with y_i = 1 for the second class and 0 for the first, sample weights s and penalty factors omega. The intercept is never penalised. With the C of
 * scikit-learn and liblinear lambda = 1 / (n C), see `lambdaFromC`. Where nothing is penalised and the classes can be separated there is no
 * minimum: the certificate then says `'separable'`. Solved by proximal Newton (Friedman, Hastie, Tibshirani 2010).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new LogisticRegression({ lambda: 0.1 }).fit([[-2], [-1], [1], [2]], ['no', 'yes', 'no', 'yes']);
 * model.predict([[3]]); // ['yes']
 */
export class LogisticRegression {
  readonly lambda: number;
  readonly #options: LogisticOptions;
  readonly #glm: GlmRecipe<LabelInput, LogisticModel>;

  constructor(options: LogisticOptions) {
    const { lambda, classWeight, multinomial, ...rest } = optionsObject(options, 'LogisticRegression', [
      'lambda',
      ...GLM_OPTIONS,
      'classWeight',
      'multinomial',
    ]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    if (multinomial !== undefined) booleanFlag(multinomial, 'multinomial');
    this.#options = { ...options };
    this.#glm = glmRecipe(logisticFamily(classWeight), rest, 'LogisticRegression');
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param labels n numbers or strings; the classes are sorted
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position), and for one class only
   */
  fit<L extends Label>(X: DesignInput, labels: LabelInput<L>, options?: FitOptions): LogisticModel<L> {
    const fitOptions = fitOptionsOf(options, 'fit');
    const { multinomial = encodeLabels(labels).classes.length > 2 } = this.#options;
    if (multinomial) return fitMultinomial(this.#options, X, labels, fitOptions);
    return fitGlm(this.#glm, this.lambda, X, labels, fitOptions) as LogisticModel<L>;
  }
}

/**
 * Logistic regressions of two classes at many lambdas. All lambdas are computed, unless `maxDf` ends the path.
 *
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; SpinifexError `NOT_BINARY` for more than two classes;
 * `signal.reason` when aborted
 */
export function logisticPath<L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: GlmPathOptions & ClassOptions,
): GlmPath<LabelInput<L>, LogisticModel<L>> {
  const { classWeight, ...rest } = optionsObject(options, 'logisticPath', [...GLM_PATH_OPTIONS, 'classWeight']);
  return glmPath(logisticFamily(classWeight), X, labels, rest, 'logisticPath') as unknown as GlmPath<
    LabelInput<L>,
    LogisticModel<L>
  >;
}

/** The same path point by point, to be left, cancelled and resumed: see `LassoPath.stream`. */
logisticPath.stream = <L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: GlmStreamOptions & ClassOptions,
): GlmStream<LabelInput<L>, LogisticModel<L>> => {
  const { classWeight, ...rest } = options ?? {};
  const stream = streamGlmPath(logisticFamily(classWeight), X, labels, rest, 'logisticPath.stream');
  return stream as unknown as GlmStream<LabelInput<L>, LogisticModel<L>>;
};

/** Logistic regression of two classes with lambda chosen by cross-validation on held-out deviance (twice the log loss), accuracy or area under the ROC curve. */
export class LogisticRegressionCV {
  readonly #validation: GlmCrossValidation<LabelInput, LogisticModel>;

  constructor(options: GlmCvOptions<'deviance' | 'accuracy' | 'auc'> & ClassOptions = {}) {
    const { classWeight, ...rest } = optionsObject(options, 'LogisticRegressionCV', [...CV_OPTIONS, 'classWeight']);
    this.#validation = new GlmCrossValidation(logisticFamily(classWeight), rest, 'LogisticRegressionCV');
  }

  /** As `LogisticRegression.fit`; `onProgress` counts the path and every fold. */
  fit<L extends Label>(
    X: DesignInput,
    labels: LabelInput<L>,
    options?: FitOptions,
  ): CrossValidatedGlm<LabelInput<L>, LogisticModel<L>> {
    return this.#validation.fit(X, labels, options) as unknown as CrossValidatedGlm<LabelInput<L>, LogisticModel<L>>;
  }
}
