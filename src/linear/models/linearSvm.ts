import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject, positiveNumber } from '../../core/checks.ts';
import type { Label, LabelInput } from '../../core/labels.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { svmFamily } from './families.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, CV_OPTIONS, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import { type GlmStream, type GlmStreamOptions, streamGlmPath } from './glmStream.ts';
import type { ClassOptions } from './logisticRegression.ts';
import { fitRidgeSvm } from './ridgeSvm.ts';
import type { SvmModel } from './svmModel.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, glmPath } from './walkGlmPath.ts';

/** Options of `LinearSvm`. */
export interface SvmOptions extends GlmOptions, ClassOptions {
  /** Strength of the penalty, >= 0. */
  lambda: number;
  /** With `penalty: 'l2'` only: penalise the intercept, as the coefficient of a column with this value, as liblinear does. @default the intercept is free */
  interceptScaling?: number;
}

/**
 * Linear support vector machine with the squared hinge:
 *
 *   min over w, b   sum_i s_i max(0, 1 - y_i f_i)^2 / sum s + lambda sum_j omega_j (rho |w_j| + (1 - rho)/2 w_j^2),   f_i = b + x_i'w + offset_i
 *
 * with y_i = 1 for the second class and -1 for the first. The intercept is never penalised. `penalty: 'l1'` chooses columns (liblinear's
 * `-s 5`), `'l2'` is the classical machine (`-s 1` and `-s 2`; Cortes and Vapnik 1995); `l1Ratio` mixes them. With liblinear's C lambda = 1 / (n C),
 * see `lambdaFromC`.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new LinearSvm({ lambda: 0.1, penalty: 'l1' }).fit([[-2], [-1], [1], [2]], ['no', 'no', 'yes', 'yes']);
 * model.predict([[3]]); // ['yes']
 */
export class LinearSvm {
  readonly lambda: number;
  readonly #glm: GlmRecipe<LabelInput, SvmModel>;
  readonly #interceptScaling: number | undefined;

  constructor(options: SvmOptions) {
    const { lambda, classWeight, interceptScaling, ...rest } = optionsObject(options, 'LinearSvm', [
      'lambda',
      ...GLM_OPTIONS,
      'classWeight',
      'interceptScaling',
    ]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#glm = glmRecipe(svmFamily(classWeight), rest, 'LinearSvm');
    this.#interceptScaling = interceptScaling === undefined ? undefined : positiveNumber(interceptScaling, 'interceptScaling');
    if (interceptScaling !== undefined && this.#glm.recipe.l1Ratio !== 0) {
      throw new TypeError("interceptScaling: only with penalty 'l2'; otherwise the intercept is free");
    }
  }

  /** As `LogisticRegression.fit`. @throws SpinifexError `NOT_BINARY` for more than two classes */
  fit<L extends Label>(X: DesignInput, labels: LabelInput<L>, options?: FitOptions): SvmModel<L> {
    const fitOptions = fitOptionsOf(options, 'fit');
    if (this.#glm.recipe.l1Ratio > 0) return fitGlm(this.#glm, this.lambda, X, labels, fitOptions) as SvmModel<L>;
    return fitRidgeSvm(this.#glm, this.lambda, X, labels, fitOptions, this.#interceptScaling) as SvmModel<L>;
  }
}

/** Support vector machines at many lambdas, as `logisticPath`. */
export function svmPath<L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: GlmPathOptions & ClassOptions,
): GlmPath<LabelInput<L>, SvmModel<L>> {
  const { classWeight, ...rest } = optionsObject(options, 'svmPath', [...GLM_PATH_OPTIONS, 'classWeight']);
  return glmPath(svmFamily(classWeight), X, labels, rest, 'svmPath') as unknown as GlmPath<LabelInput<L>, SvmModel<L>>;
}

/** The same path point by point, to be left, cancelled and resumed: see `LassoPath.stream`. */
svmPath.stream = <L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options?: GlmStreamOptions & ClassOptions,
): GlmStream<LabelInput<L>, SvmModel<L>> => {
  const { classWeight, ...rest } = options ?? {};
  const stream = streamGlmPath(svmFamily(classWeight), X, labels, rest, 'svmPath.stream');
  return stream as unknown as GlmStream<LabelInput<L>, SvmModel<L>>;
};

/** Support vector machine with lambda chosen by cross-validation on held-out squared hinge loss (`'deviance'`), accuracy or area under the ROC curve. */
export class LinearSvmCV {
  readonly #validation: GlmCrossValidation<LabelInput, SvmModel>;

  constructor(options: GlmCvOptions<'deviance' | 'accuracy' | 'auc'> & ClassOptions = {}) {
    const { classWeight, ...rest } = optionsObject(options, 'LinearSvmCV', [...CV_OPTIONS, 'classWeight']);
    this.#validation = new GlmCrossValidation(svmFamily(classWeight), rest, 'LinearSvmCV');
  }

  /** As `LinearSvm.fit`; `onProgress` counts the path and every fold. */
  fit<L extends Label>(
    X: DesignInput,
    labels: LabelInput<L>,
    options?: FitOptions,
  ): CrossValidatedGlm<LabelInput<L>, SvmModel<L>> {
    return this.#validation.fit(X, labels, options) as unknown as CrossValidatedGlm<LabelInput<L>, SvmModel<L>>;
  }
}
