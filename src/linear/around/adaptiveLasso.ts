import { type Arena, arena } from '../../backend/arena.ts';
import type { Kernels } from '../../backend/kernels.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, oneOf, optionsObject, positiveNumber } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { type CrossValidated, CV_OPTIONS, type LassoCvOptions, readCvOptions, summary } from '../crossValidation.ts';
import { fitProblem } from '../fitLinear.ts';
import { fitsAlong } from '../fitsAlong.ts';
import { PathFollower } from '../followPath.ts';
import { foldsOf, type HeldOut, heldOut, sharedProgress } from '../heldOut.ts';
import { type Job, runJob } from '../job.ts';
import { lambdaGrid } from '../lambdas.ts';
import type { LassoOptions } from '../lasso.ts';
import { walkPath } from '../lassoPath.ts';
import { LinearModel, type LinearModelParts } from '../linearModel.ts';
import { type FitOptions, fitOptionsOf, LINEAR_OPTIONS, type Recipe, recipeOf } from '../options.ts';
import type { Problem } from '../problem.ts';
import { scaledLasso, universalLambda } from './scaledLasso.ts';

/** Where the first coefficients come from. */
export type InitialFit = 'ridge' | 'leastSquares' | 'lasso';

/** How the weights of an adaptive lasso come about. */
export interface AdaptiveOptions {
  /** Power of the first coefficients, > 0. @default 1 */
  gamma?: number;
  /** @default 'ridge' */
  initial?: InitialFit;
  /**
   * Strength of a first ridge or lasso. Default for a ridge: sum of the columns' variances / n (p / n under `standardize`), the posterior mean where
   * signal and noise have the same variance; for a lasso: that of the scaled lasso, sigma sqrt(2 log p / n).
   */
  initialLambda?: number;
}

const ADAPTIVE = ['gamma', 'initial', 'initialLambda'] as const satisfies readonly (keyof AdaptiveOptions)[];

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

/** Options of `AdaptiveLassoCV`. */
export interface AdaptiveLassoCvOptions extends LassoCvOptions, AdaptiveOptions {}

/** Outcome of a cross-validation of the adaptive lasso. Immutable. */
export interface AdaptiveCrossValidated extends CrossValidated {
  /** Of the path on all rows. */
  readonly penaltyFactors: Float64Array;
  /** The first fit on all rows. */
  readonly initial: LinearModel;
}

/**
 * Adaptive lasso with lambda chosen by cross-validation. The first fit is part of every fold: a fold's weights know nothing of the rows that judge
 * it.
 */
export class AdaptiveLassoCV {
  readonly #settings: ReturnType<typeof readCvOptions>;
  readonly #plan: AdaptivePlan;

  constructor(options: AdaptiveLassoCvOptions = {}) {
    const { gamma, initial, initialLambda, ...rest } = optionsObject(options, 'AdaptiveLassoCV', [...CV_OPTIONS, ...ADAPTIVE]);
    this.#plan = readAdaptive({ gamma, initial, initialLambda } as AdaptiveOptions);
    this.#settings = readCvOptions({ ...rest, l1Ratio: 1 }, 'AdaptiveLassoCV');
  }

  /** As `AdaptiveLasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): AdaptiveCrossValidated {
    const { recipe, plan, rule } = this.#settings;
    const fitOptions = fitOptionsOf(options, 'fit');
    return runJob(X, y, recipe, fitOptions, (job) => {
      const n = job.response.length;
      const { fold, count } = foldsOf(n, this.#settings);
      const steps = sharedProgress(fitOptions, count + 1);
      const first = firstFit(job, recipe, this.#plan, job.sampleWeight);
      const path = arena(job.frame.backend, (frame) => {
        const problem = job.problem(job.sampleWeight, frame, { ...job.shape, penaltyFactors: first.penaltyFactors });
        const follower = new PathFollower(problem, recipe);
        const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), n, problem.p, frame.kernels);
        return walkPath(problem, follower, lambdas, { ...recipe, penaltyFactors: first.penaltyFactors }, steps(0));
      });
      const held = Array.from({ length: count }, (_, k) => this.#fold(job, path.lambdas, fold, k, steps(k + 1)));
      return { ...summary(path, held, rule), fold, ...first };
    });
  }

  #fold(job: Job, lambdas: Float64Array, fold: Int32Array, k: number, options: FitOptions<{ lambda: number }>): HeldOut {
    const { recipe, foldTol } = this.#settings;
    return heldOut(job, fold, k, lambdas.length, (frame: Arena, kept, judge) => {
      const { penaltyFactors } = firstFit(job, recipe, this.#plan, kept);
      const problem = job.problem(kept, frame, { ...job.shape, penaltyFactors });
      let done = 0;
      fitsAlong(problem, new PathFollower(problem, recipe), lambdas, foldTol, (l, fitted, gap) => {
        options.signal?.throwIfAborted();
        judge(l, fitted, gap);
        options.onProgress?.({ done: ++done, total: lambdas.length, lambda: lambdas[l] });
      });
    });
  }
}

interface AdaptivePlan {
  gamma: number;
  initial: InitialFit;
  initialLambda: number | undefined;
}

interface First {
  initial: LinearModel;
  penaltyFactors: Float64Array;
}

function readAdaptive({ gamma = 1, initial = 'ridge', initialLambda }: AdaptiveOptions): AdaptivePlan {
  const plan = {
    gamma: positiveNumber(gamma, 'gamma'),
    initial: oneOf(initial, 'initial', ['ridge', 'leastSquares', 'lasso']),
    initialLambda: initialLambda === undefined ? undefined : positiveNumber(initialLambda, 'initialLambda'),
  };
  if (plan.initial === 'leastSquares' && initialLambda !== undefined) {
    throw new TypeError("initialLambda: expected none with initial 'leastSquares', which has no penalty");
  }
  return plan;
}

/** The first fit under these row weights, and the penalty factors that it gives. */
function firstFit(job: Job, recipe: Recipe, plan: AdaptivePlan, weights: Float64Array | undefined): First {
  return arena(job.frame.backend, (frame) => {
    const { gamma, initial: kind } = plan;
    const problem = job.problem(weights, frame, { ...job.shape, l1Ratio: kind === 'ridge' ? 0 : 1 });
    const lambda = kind === 'leastSquares' ? 0 : (plan.initialLambda ?? usualLambda(problem, kind, weights));
    const initial = new LinearModel(fitProblem(problem, { ...recipe, solver: 'auto', history: false }, lambda, {}));
    if (kind === 'leastSquares' && initial.certificate.unique === false) {
      throw new SpinifexError(
        'NOT_UNIQUE',
        "initial: expected columns that do not depend on each other for 'leastSquares'; 'ridge' and 'lasso' take any",
      );
    }
    const spread = problem.spread ? frame.heap.f64(problem.spread, problem.p) : undefined;
    const given = job.shape.penaltyFactors;
    const penaltyFactors = initial.coef.map((b, j) => {
      const own = given ? given[j] : 1;
      const size = Math.abs(b) * (spread ? spread[j] : 1);
      return own === 0 || own === Infinity ? own : size > 0 ? own / power(frame.kernels, size, gamma) : Infinity;
    });
    return { initial, penaltyFactors };
  });
}

function usualLambda(problem: Problem, kind: 'ridge' | 'lasso', weights: Float64Array | undefined): number {
  const { heap, kernels, p, second, spread } = problem;
  const rows = weights ? weights.filter((w) => w > 0).length : problem.n;
  const squares = heap.f64(second, p);
  const used = squares.filter((square) => square > 0).length;
  const total = spread ? used : squares.reduce((sum, square) => sum + square, 0);
  if (kind === 'ridge' || used === 0) return total / rows;
  return scaledLasso(problem, universalLambda(kernels, rows, used) * Math.sqrt(total / used)).lambda;
}

/** size^gamma; the usual powers without the detour over logarithms. */
function power(kernels: Kernels, size: number, gamma: number): number {
  if (gamma === 1) return size;
  if (gamma === 0.5) return Math.sqrt(size);
  return gamma === 2 ? size * size : kernels.exp(gamma * kernels.log(size));
}
