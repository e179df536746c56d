import { arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { PathFollower } from '../followPath.ts';
import { type Job, runJob } from '../job.ts';
import { type LambdaPlan, lambdaGrid } from '../lambdas.ts';
import type { FitOptions, Recipe } from '../options.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from '../pathOptions.ts';
import { PathRecord } from '../pathRecord.ts';
import { RelaxedPath } from './relaxedPath.ts';
import { type Refit, SupportRefit } from './supportRefit.ts';

/** A refit knows no bounds. */
export type Bounds = 'lower' | 'upper' | 'positive';
export const unbounded = <T extends string>(names: readonly T[]) =>
  names.filter((name) => !['lower', 'upper', 'positive', 'history'].includes(name)) as Exclude<T, Bounds | 'history'>[];

/** Options of `relaxedLassoPath`: those of `lassoPath`, without bounds. */
export type RelaxedPathOptions = Omit<PathOptions, Bounds>;

/**
 * The relaxed lasso (Meinshausen 2007, in the form of Hastie, Tibshirani and Tibshirani 2020): at every lambda the lasso chooses the columns, least
 * squares on them undoes its shrinkage, and gamma blends the two:
 *
 *   b(lambda, gamma) = gamma b_lasso(lambda) + (1 - gamma) b_refit(support of b_lasso(lambda))
 *
 * Columns of a support that depend on each other get a basic solution: coefficient 0 for those that add nothing (`refits[k].dependent`).
 *
 * @param X n x p, dense or sparse
 * @param y n values
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const path = relaxedLassoPath(X, y);
 * path.at(path.lambdas[20], 0.5).coef;
 */
export function relaxedLassoPath(X: DesignInput, y: VectorInput, options: RelaxedPathOptions = {}): RelaxedPath {
  optionsObject(options, 'relaxedLassoPath', unbounded(PATH_OPTIONS));
  const { recipe, plan, fitOptions } = readPathOptions(options, 'relaxedLassoPath');
  return runJob(X, y, recipe, fitOptions, (job) => relaxedPath(job, recipe, plan, fitOptions));
}

/** The path of a job's rows. */
export function relaxedPath(job: Job, recipe: Recipe, plan: LambdaPlan, options: FitOptions<{ lambda: number }>): RelaxedPath {
  return arena(job.frame.backend, (frame) => {
    const problem = job.problem(job.sampleWeight, frame);
    const follower = new PathFollower(problem, recipe);
    const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), problem.n, problem.p, frame.kernels);
    const record = new PathRecord(problem, recipe);
    const refit = new SupportRefit(problem);
    const refits: Refit[] = [];
    for (const [k, lambda] of lambdas.entries()) {
      options.signal?.throwIfAborted();
      refits.push(refit.fit(record.add(follower.visit(lambda, recipe.tol)).index));
      options.onProgress?.({ done: k + 1, total: lambdas.length, lambda });
    }
    const intercepts = Float64Array.from(refits, ({ index, values }) => problem.intercept(index, values));
    return new RelaxedPath(record.path(), refits, intercepts);
  });
}
