import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, oneOf, optionsObject } from '../../core/checks.ts';
import type { LabelInput } from '../../core/labels.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { LOSS_NAMES, type LossName } from '../glm/loss.ts';
import type { LinearModel } from '../linearModel.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { huberFamily, logisticFamily, poissonFamily, squaredFamily, svmFamily } from './families.ts';
import type { Family } from './family.ts';
import { fitGlm } from './fitGlm.ts';
import { type CrossValidatedGlm, CV_OPTIONS, GlmCrossValidation, type GlmCvOptions } from './glmCrossValidation.ts';
import type { GlmPath } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe } from './glmRecipe.ts';
import type { DeltaOption } from './huberRegression.ts';
import type { LogisticModel } from './logisticModel.ts';
import type { ClassOptions } from './logisticRegression.ts';
import type { PoissonModel } from './poissonModel.ts';
import type { SvmModel } from './svmModel.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, glmPath } from './walkGlmPath.ts';

/** What each loss is fitted to. */
export interface ResponseOf {
  squared: VectorInput;
  huber: VectorInput;
  poisson: VectorInput;
  logistic: LabelInput;
  squaredHinge: LabelInput;
}

/** What each loss gives. */
export interface ModelOf {
  squared: LinearModel;
  huber: LinearModel;
  poisson: PoissonModel;
  logistic: LogisticModel;
  squaredHinge: SvmModel;
}

/** A loss with its own options: `delta` for `'huber'`, `classWeight` for `'logistic'` and `'squaredHinge'`. */
export interface LossOptions<N extends LossName> extends DeltaOption, ClassOptions {
  loss: N;
}

/**
 * Any loss with any penalty:
 *
 *   min over w, b   sum_i s_i loss(y_i, b + x_i'w + offset_i) / sum s + lambda sum_j omega_j (rho P(|w_j|) + (1 - rho)/2 w_j^2)
 *
 * loss: `'squared'` (y - f)^2 / 2, `'huber'`, `'logistic'`, `'squaredHinge'`, `'poisson'`; penalty P: `'l1'`, `'l2'` (rho = 0), `'mcp'` (Zhang 2010), `'scad'` (Fan and
 * Li 2001), `'l1/2'`, `'l2/3'`, `{ name: 'lp', p }`, `'logSum'`. With a penalty that is not convex the fit is a local minimum, reached from larger lambdas.
 * `LogisticRegression`, `LinearSvm`, `PoissonRegression` and `HuberRegression` are names for the losses.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount, or that do not go together
 * @example
 * const model = new GeneralizedRegression({ loss: 'squared', penalty: 'mcp', lambda: 0.1, standardize: true }).fit(X, y);
 * model.certificate.status; // 'local'
 */
export class GeneralizedRegression<N extends LossName> {
  readonly lambda: number;
  readonly #glm: GlmRecipe<ResponseOf[N], ModelOf[N]>;

  constructor(options: GlmOptions & LossOptions<N> & { lambda: number }) {
    const [family, { lambda, ...rest }] = lossPart(options, 'GeneralizedRegression', [...GLM_OPTIONS, 'lambda']);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#glm = glmRecipe(family, rest, 'GeneralizedRegression');
  }

  /** @param y numbers, counts or labels, as the loss wants them */
  fit(X: DesignInput, y: ResponseOf[N], options?: FitOptions): ModelOf[N] {
    return fitGlm(this.#glm, this.lambda, X, y, fitOptionsOf(options, 'fit'));
  }
}

/** Any loss with any penalty at many lambdas, as `logisticPath`. */
export function generalizedPath<N extends LossName>(
  X: DesignInput,
  y: ResponseOf[N],
  options: GlmPathOptions & LossOptions<N>,
): GlmPath<ResponseOf[N], ModelOf[N]> {
  const [family, rest] = lossPart(options, 'generalizedPath', GLM_PATH_OPTIONS);
  return glmPath(family, X, y, rest, 'generalizedPath');
}

/** Any loss with any penalty, lambda chosen by cross-validation. */
export class GeneralizedRegressionCV<N extends LossName> {
  readonly #validation: GlmCrossValidation<ResponseOf[N], ModelOf[N]>;

  constructor(options: GlmCvOptions & LossOptions<N>) {
    const [family, rest] = lossPart(options, 'GeneralizedRegressionCV', CV_OPTIONS);
    this.#validation = new GlmCrossValidation(family, rest, 'GeneralizedRegressionCV');
  }

  /** As `GeneralizedRegression.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: ResponseOf[N], options?: FitOptions): CrossValidatedGlm<ResponseOf[N], ModelOf[N]> {
    return this.#validation.fit(X, y, options);
  }
}

/** The family of the loss, and the options without it. */
function lossPart<N extends LossName, O extends object>(
  options: O & LossOptions<N>,
  title: string,
  known: readonly (keyof O & string)[],
): [Family<ResponseOf[N], ModelOf[N]>, Omit<O & LossOptions<N>, keyof LossOptions<N>>] {
  const { loss, delta, classWeight, ...rest } = optionsObject(options, title, [...known, 'loss', 'delta', 'classWeight']);
  oneOf(loss, 'loss', LOSS_NAMES);
  if (delta !== undefined && loss !== 'huber') throw new TypeError(`delta: the loss "${loss}" has none, only "huber"`);
  if (classWeight !== undefined && loss !== 'logistic' && loss !== 'squaredHinge') {
    throw new TypeError(`classWeight: the loss "${loss}" has no classes, only "logistic" and "squaredHinge"`);
  }
  const family = {
    squared: () => squaredFamily,
    huber: () => huberFamily(delta),
    poisson: () => poissonFamily,
    logistic: () => logisticFamily(classWeight),
    squaredHinge: () => svmFamily(classWeight),
  }[loss as LossName]();
  return [family as unknown as Family<ResponseOf[N], ModelOf[N]>, rest];
}
