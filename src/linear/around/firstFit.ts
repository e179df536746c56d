import { arena } from '../../backend/arena.ts';
import type { Kernels } from '../../backend/kernels.ts';
import { oneOf, positiveNumber } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import { fitProblem } from '../fitLinear.ts';
import type { Job } from '../job.ts';
import { LinearModel } from '../linearModel.ts';
import type { Recipe } from '../options.ts';
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

export const ADAPTIVE = ['gamma', 'initial', 'initialLambda'] as const satisfies readonly (keyof AdaptiveOptions)[];

/** Options, checked. */
export interface AdaptivePlan {
  gamma: number;
  initial: InitialFit;
  initialLambda: number | undefined;
}

/** The first fit, and the penalty factors that it gives. */
export interface First {
  initial: LinearModel;
  penaltyFactors: Float64Array;
}

export function readAdaptive({ gamma = 1, initial = 'ridge', initialLambda }: AdaptiveOptions): AdaptivePlan {
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

/** The first fit under these row weights. */
export function firstFit(job: Job, recipe: Recipe, plan: AdaptivePlan, weights: Float64Array | undefined): First {
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
