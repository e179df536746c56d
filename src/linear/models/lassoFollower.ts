import { ActiveSet } from '../activeSet.ts';
import { createSolver } from '../createSolver.ts';
import { devianceRatio, PathFollower } from '../followPath.ts';
import type { Recipe } from '../options.ts';
import type { Problem } from '../problem.ts';
import type { Run, Solver } from '../solver.ts';
import type { Follower, PathVisit } from './follower.ts';

/** Follows a path of least squares with a convex penalty by the solvers of the lasso. */
export class LassoFollower implements Follower {
  readonly #problem: Problem;
  readonly #recipe: Recipe;
  readonly #offset: Float64Array | undefined;
  readonly #solver: Solver;
  readonly floor = 0;
  readonly scale: number;
  #last: PathVisit | undefined;

  /** `offset`: what was taken off the response of the problem. */
  constructor(problem: Problem, recipe: Recipe, offset: Float64Array | undefined) {
    this.#problem = problem;
    this.#recipe = recipe;
    this.#offset = offset;
    this.#solver = createSolver(recipe.solver, problem, recipe.seed);
    this.scale = problem.nullLoss;
  }

  largestLambda(): number {
    return new PathFollower(this.#problem, this.#recipe).largestLambda();
  }

  visit(run: Run, alone = false): PathVisit {
    const solver = this.#solver;
    const certificate = alone && solver instanceof ActiveSet ? solver.descend(run) : solver.solve(run);
    const { index, values } = solver.coefficients();
    const { lambda } = run;
    const visit = { lambda, index, values, certificate };
    const intercept = this.#problem.intercept(index, values);
    this.#last = { ...visit, intercept, devianceRatio: devianceRatio(this.#problem, visit) };
    return this.#last;
  }

  predictions(): Float64Array {
    const { frame, heap, columns, n } = this.#problem;
    const { index, values, intercept } = this.#last as PathVisit;
    const f = frame.put(this.#offset ?? new Float64Array(n));
    const list = frame.put(index);
    const coef = frame.put(values);
    columns.combine(list, coef, index.length, f);
    const fitted = heap.f64(f, n).map((value) => value + intercept);
    for (const pointer of [coef, list, f]) frame.release(pointer);
    return fitted;
  }
}
