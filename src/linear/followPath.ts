import { ActiveSet } from './activeSet.ts';
import type { Certificate } from './certificate.ts';
import { createSolver, maxEpochsOf } from './createSolver.ts';
import type { Recipe } from './options.ts';
import { penaltyValue } from './penalty.ts';
import type { Problem } from './problem.ts';
import type { Solver } from './solver.ts';

/** A ridge has no largest lambda; this stands in for its l1Ratio, as in glmnet. */
const RIDGE_L1_RATIO = 1e-3;

/** A solution on the way along a path. */
export interface Visit {
  lambda: number;
  index: Int32Array;
  values: Float64Array;
  certificate: Certificate;
}

/** One problem solved at falling lambdas, each from the last solution. */
export class PathFollower {
  readonly #problem: Problem;
  readonly #recipe: Recipe;
  readonly #solver: Solver;

  constructor(problem: Problem, recipe: Recipe) {
    this.#problem = problem;
    this.#recipe = recipe;
    this.#solver = createSolver(recipe.solver, problem, recipe.seed);
  }

  /** Smallest lambda at which every penalised coefficient is zero, from the fit of the columns without penalty. */
  largestLambda(): number {
    if (this.#recipe.l1Ratio === 0) return steepestRidge(this.#problem);
    const solver = this.#solver instanceof ActiveSet ? this.#solver : new ActiveSet(this.#problem);
    solver.solve({ lambda: Infinity, tol: 0, maxEpochs: Infinity });
    return solver.steepest();
  }

  visit(lambda: number, tol: number): Visit {
    const maxEpochs = maxEpochsOf(this.#recipe.solver, this.#recipe.maxEpochs);
    const certificate = this.#solver.solve({ lambda, tol, maxEpochs });
    return { lambda, certificate, ...this.#solver.coefficients() };
  }
}

/** 1 - RSS / TSS of a solution, from its objective less its penalty. */
export function devianceRatio(problem: Problem, { lambda, index, values, certificate }: Visit): number {
  if (problem.nullLoss === 0) return 0;
  const penalty = problem.penalties(lambda);
  let loss = certificate.primal;
  for (let k = 0; k < index.length; k++) loss -= penaltyValue(penalty(index[k]), values[k]);
  return 1 - loss / problem.nullLoss;
}

function steepestRidge({ heap, p, correlation, l2, second, spread }: Problem): number {
  const g = heap.f64(correlation, p);
  const factor = heap.f64(l2, p);
  const used = heap.f64(second, p);
  const sd = spread ? heap.f64(spread, p) : undefined;
  let most = 0;
  for (let j = 0; j < p; j++) {
    // l2_j = omega_j s_j^2, but an L1 part would weigh omega_j s_j.
    if (used[j] > 0 && factor[j] > 0) most = Math.max(most, (Math.abs(g[j]) * (sd ? sd[j] : 1)) / (RIDGE_L1_RATIO * factor[j]));
  }
  return most;
}
