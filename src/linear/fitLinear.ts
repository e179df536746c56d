import type { DesignInput } from '../backend/residentMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { ActiveSet } from './activeSet.ts';
import { createSolver, maxEpochsOf } from './createSolver.ts';
import { runJob } from './job.ts';
import { LinearModel, type LinearModelParts } from './linearModel.ts';
import type { FitOptions, Recipe } from './options.ts';
import { dense } from './pathRecord.ts';
import type { Problem } from './problem.ts';

/** One penalised least-squares fit at one lambda. */
export function fitLinear(recipe: Recipe, lambda: number, X: DesignInput, y: VectorInput, options: FitOptions): LinearModel {
  return runJob(X, y, recipe, options, ({ problem }) => new LinearModel(fitProblem(problem(), recipe, lambda, options)));
}

/** The same for a problem that is set up already. */
export function fitProblem(problem: Problem, recipe: Recipe, lambda: number, options: FitOptions): LinearModelParts {
  const solver = createSolver(recipe.solver, problem, recipe.seed);
  const maxEpochs = maxEpochsOf(recipe.solver, recipe.maxEpochs);
  const objectives: number[] = [];
  let passes = 0;
  const { signal, onProgress } = options;
  const watched = recipe.history || signal || onProgress;
  const record = (objective: number) => {
    if (recipe.history) objectives.push(objective);
    passes++;
    onProgress?.({ done: passes, total: maxEpochs });
    signal?.throwIfAborted();
  };
  const run = { lambda, tol: recipe.tol, maxEpochs, ...(watched ? { record } : {}) };
  const certificate = solver instanceof ActiveSet ? solver.descend(run) : solver.solve(run);
  onProgress?.({ done: passes, total: passes });
  const { index, values } = solver.coefficients();
  return {
    coef: dense(index, values, problem.p),
    intercept: problem.intercept(index, values),
    lambda,
    certificate,
    ...(recipe.history ? { history: Float64Array.from(objectives) } : {}),
  };
}
