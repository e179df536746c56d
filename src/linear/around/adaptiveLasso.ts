import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { fitProblem } from '../fitLinear.ts';
import { runJob } from '../job.ts';
import type { LassoOptions } from '../lasso.ts';
import { LinearModel, type LinearModelParts } from '../linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type Recipe, recipeOf } from '../options.ts';
import { ADAPTIVE, type AdaptiveOptions, type AdaptivePlan, type First, firstFit, readAdaptive } from './firstFit.ts';

/** Options of `AdaptiveLasso`. */
export interface AdaptiveLassoOptions extends LassoOptions, AdaptiveOptions {}

/** A lasso with penalty factors that data chose. Immutable. */
export class AdaptiveModel extends LinearModel {
  /** Of every column: 1 / |first coefficient|^gamma, times the factor given; Infinity where it was 0. */
  readonly penaltyFactors: Float64Array;
  /** The first fit. */
  readonly initial: LinearModel;

  /** @internal */
  constructor(parts: LinearModelParts, first: First) {
    super(parts);
    this.penaltyFactors = first.penaltyFactors;
    this.initial = first.initial;
  }
}

/**
 * The adaptive lasso (Zou 2006): a lasso whose penalty factors come from a first fit, so that large coefficients shrink little:
 *
 *   min over w, b   1/(2 sum s) sum_i s_i (y_i - b - x_i'w)^2 + lambda sum_j omega_j |w_j| / |w_j of the first fit|^gamma
 *
 * Columns whose first coefficient is 0 stay out. Under `standardize` the first coefficients are those of the scaled columns.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new AdaptiveLasso({ lambda: 0.1, initial: 'ridge' }).fit(X, y);
 * model.support;
 */
export class AdaptiveLasso {
  readonly lambda: number;
  readonly #recipe: Recipe;
  readonly #plan: AdaptivePlan;

  constructor(options: AdaptiveLassoOptions) {
    const known = ['lambda', ...ADAPTIVE, ...LINEAR_OPTIONS] as const;
    const { lambda, gamma, initial, initialLambda, ...rest } = optionsObject(options, 'AdaptiveLasso', known);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#plan = readAdaptive({ gamma, initial, initialLambda } as AdaptiveOptions);
    this.#recipe = recipeOf(rest, 1);
  }

  /**
   * As `Lasso.fit`.
   * @throws SpinifexError `NOT_UNIQUE` for `initial: 'leastSquares'` where columns depend on each other
   */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): AdaptiveModel {
    const fitOptions = fitOptionsOf(options, 'fit');
    return runJob(X, y, this.#recipe, fitOptions, (job) => {
      const first = firstFit(job, this.#recipe, this.#plan, job.sampleWeight);
      const problem = job.problem(job.sampleWeight, job.frame, { ...job.shape, penaltyFactors: first.penaltyFactors });
      return new AdaptiveModel(fitProblem(problem, this.#recipe, this.lambda, fitOptions), first);
    });
  }
}
