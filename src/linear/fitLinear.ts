import type { DesignInput } from '../backend/residentMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { ActiveSet } from './activeSet.ts';
import { createSolver, maxEpochsOf } from './createSolver.ts';
import { runJob } from './job.ts';
import { LinearModel } from './linearModel.ts';
import type { FitOptions, Recipe } from './options.ts';

/** One penalised least-squares fit at one lambda. */
export function fitLinear(recipe: Recipe, lambda: number, X: DesignInput, y: VectorInput, options: FitOptions): LinearModel {
  return runJob(X, y, recipe, options, ({ problem: set }) => {
    const problem = set();
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
    const coef = new Float64Array(problem.p);
    for (let k = 0; k < index.length; k++) coef[index[k]] = values[k];
    const intercept = problem.intercept(index, values);
    return new LinearModel({
      coef,
      intercept,
      lambda,
      certificate,
      ...(recipe.history ? { history: Float64Array.from(objectives) } : {}),
    });
  });
}
