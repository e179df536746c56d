import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import type { Label, LabelInput } from '../../core/labels.ts';
import type { BlockPath } from '../blocks/blockPath.ts';
import type { MultinomialModel } from '../blocks/multinomialModel.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { type ClassWeight, logisticFamily } from './families.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, CV_OPTIONS, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import { type GlmStream, type GlmStreamOptions, streamGlmPath } from './glmStream.ts';
import type { LogisticModel } from './logisticModel.ts';
import {
  type CrossValidatedMultinomial,
  checkMulticlass,
  crossValidateMultinomial,
  fitMultinomial,
  isMultinomial,
  type LogisticFitOptions,
  MULTICLASS_OPTIONS,
  type Multiclass,
  type MulticlassOptions,
  multinomialPath,
} from './multinomial.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, glmPath, glmPlan } from './walkGlmPath.ts';

/** What classifiers take beside other models. */
export interface ClassOptions {
  /** Factors of the sample weights by class: `'balanced'` for the same total in every class, or a map from labels to numbers > 0. @default all 1 */
  classWeight?: ClassWeight;
}

/** Options of `LogisticRegression`. */
export interface LogisticOptions<M extends boolean = boolean> extends GlmOptions, ClassOptions, MulticlassOptions<M> {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/** Options of `logisticPath`. */
export interface LogisticPathOptions<M extends boolean = boolean>
  extends Omit<GlmPathOptions, 'offset'>,
    ClassOptions,
    MulticlassOptions<M>,
    Pick<LogisticFitOptions, 'offset'> {}

/** Options of `LogisticRegressionCV`. */
export interface LogisticCvOptions<M extends boolean = boolean>
  extends GlmCvOptions<'deviance' | 'accuracy' | 'auc'>,
    ClassOptions,
    MulticlassOptions<M> {}

const CLASS_OPTIONS = ['classWeight', ...MULTICLASS_OPTIONS] as const;

/**
 * Logistic regression with a penalty. Two classes:
 *
 *   min over w, b   sum_i s_i (log(1 + exp(f_i)) - y_i f_i) / sum s + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2),   f_i = b + x_i'w + offset_i
 *
 * with y_i = 1 for the second class and 0 for the first, sample weights s and penalty factors omega. The intercept is never penalised. With the C of
 * scikit-learn and liblinear lambda = 1 / (n C), see `lambdaFromC`. Where nothing is penalised and the classes can be separated there is no
 * minimum: the certificate then says `'separable'`. Solved by proximal Newton (Friedman, Hastie, Tibshirani 2010).
 *
 * More classes (or `multinomial: true`): softmax with a coefficient row B_.k and an intercept for each class k, and a `MultinomialModel`:
 *
 *   min over B, b   sum_i s_i (log sum_k exp(f_ik) - f_i,y_i) / sum s + lambda sum_j omega_j (rho P(B_j) + (1 - rho)/2 ||B_j||^2)
 *
 * with P = ||.||_1, or ||.||_2 where `grouped` (Simon et al. 2013). It has no bounds, no `maxDf` and only the penalties `'l1'` and `'l2'`.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new LogisticRegression({ lambda: 0.1 }).fit([[-2], [-1], [1], [2]], ['no', 'yes', 'no', 'yes']);
 * model.predict([[3]]); // ['yes']
 * @example
 * const three = new LogisticRegression({ lambda: 0.01, multinomial: true }).fit([[-2], [-1], [0], [1], [2]], ['a', 'a', 'b', 'c', 'c']);
 * three.predictProbability([[2]]).cols; // 3
 */
export class LogisticRegression<M extends boolean = false> {
  readonly lambda: number;
  readonly #multiclass: Multiclass;
  readonly #glm: GlmRecipe<LabelInput, LogisticModel>;

  constructor(options: LogisticOptions<M>) {
    const { lambda, classWeight, multinomial, grouped, ...rest } = optionsObject(options, 'LogisticRegression', [
      'lambda',
      ...GLM_OPTIONS,
      ...CLASS_OPTIONS,
    ]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#multiclass = { classWeight, multinomial, grouped };
    this.#glm = glmRecipe(logisticFamily(classWeight), rest, 'LogisticRegression');
    checkMulticlass(this.#multiclass, this.#glm);
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param labels n numbers or strings; the classes are sorted
   * @returns a `LogisticModel` of two classes, a `MultinomialModel` of more or where `multinomial: true` says so (and only then is typed so)
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position), for one class only,
   * and for options that a multinomial fit does not have; SpinifexError `NOT_BINARY` for more than two classes with `multinomial: false`
   */
  fit<L extends Label>(
    X: DesignInput,
    labels: LabelInput<L>,
    options?: LogisticFitOptions,
  ): M extends true ? MultinomialModel<L> : LogisticModel<L>;
  fit(X: DesignInput, labels: LabelInput, options?: LogisticFitOptions): unknown {
    const fitOptions = fitOptionsOf(options as FitOptions, 'fit');
    if (!isMultinomial(this.#multiclass, labels)) return fitGlm(this.#glm, this.lambda, X, labels, fitOptions);
    return fitMultinomial(this.#glm, this.lambda, this.#multiclass, X, labels, fitOptions);
  }
}

/** The path of two classes, or of more. */
export type LogisticPath<L extends Label = Label, M extends boolean = false> = M extends true
  ? BlockPath<MultinomialModel<L>>
  : GlmPath<LabelInput<L>, LogisticModel<L>>;

/**
 * Logistic regressions at many lambdas. All lambdas are computed, unless `maxDf` (two classes) ends the path. More than two classes, or
 * `multinomial: true`, give a `BlockPath` of `MultinomialModel`s.
 *
 * @throws as `LogisticRegression.fit`; `signal.reason` when aborted
 */
export function logisticPath<L extends Label, M extends boolean = false>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: LogisticPathOptions<M>,
): LogisticPath<L, M>;
export function logisticPath(X: DesignInput, labels: LabelInput, options?: LogisticPathOptions): unknown {
  const title = 'logisticPath';
  const { classWeight, multinomial, grouped, ...rest } = optionsObject(options, title, [...GLM_PATH_OPTIONS, ...CLASS_OPTIONS]);
  const { sampleWeight, offset, signal, onProgress, ...grid } = rest;
  const family = logisticFamily(classWeight);
  const plan = glmPlan(family, grid, title);
  const multiclass = { classWeight, multinomial, grouped };
  checkMulticlass(multiclass, plan.glm);
  if (!isMultinomial(multiclass, labels)) return glmPath(family, X, labels, rest as GlmPathOptions, title);
  return multinomialPath(plan, multiclass, X, labels, { sampleWeight, offset, signal, onProgress });
}

/** The path of two classes point by point, to be left, cancelled and resumed: see `LassoPath.stream`. */
logisticPath.stream = <L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: GlmStreamOptions & ClassOptions,
): GlmStream<LabelInput<L>, LogisticModel<L>> => {
  const { classWeight, ...rest } = options ?? {};
  const stream = streamGlmPath(logisticFamily(classWeight), X, labels, rest, 'logisticPath.stream');
  return stream as unknown as GlmStream<LabelInput<L>, LogisticModel<L>>;
};

/**
 * Logistic regression with lambda chosen by cross-validation on held-out deviance (-2 log p), accuracy or, for two classes, area under the ROC curve.
 * More than two classes as in `LogisticRegression`.
 */
export class LogisticRegressionCV<M extends boolean = false> {
  readonly #validation: GlmCrossValidation<LabelInput, LogisticModel>;
  readonly #multiclass: Multiclass;

  constructor(options: LogisticCvOptions<M> = {}) {
    const { classWeight, multinomial, grouped, ...rest } = optionsObject(options, 'LogisticRegressionCV', [
      ...CV_OPTIONS,
      ...CLASS_OPTIONS,
    ]);
    this.#validation = new GlmCrossValidation(logisticFamily(classWeight), rest, 'LogisticRegressionCV');
    this.#multiclass = { classWeight, multinomial, grouped };
    checkMulticlass(this.#multiclass, this.#validation.plan.glm);
  }

  /** As `LogisticRegression.fit`; `onProgress` counts the path and every fold. */
  fit<L extends Label>(
    X: DesignInput,
    labels: LabelInput<L>,
    options?: LogisticFitOptions,
  ): M extends true ? CrossValidatedMultinomial<L> : CrossValidatedGlm<LabelInput<L>, LogisticModel<L>>;
  fit(X: DesignInput, labels: LabelInput, options?: LogisticFitOptions): unknown {
    const fitOptions = fitOptionsOf(options as FitOptions, 'fit');
    if (!isMultinomial(this.#multiclass, labels)) return this.#validation.fit(X, labels, fitOptions);
    return crossValidateMultinomial(this.#validation, this.#multiclass, X, labels, fitOptions);
  }
}
