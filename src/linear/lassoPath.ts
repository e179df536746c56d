import type { DesignInput } from '../backend/residentMatrix.ts';
import { optionsObject } from '../core/checks.ts';
import { Compressed } from '../core/compressed.ts';
import { cscFromTrusted } from '../core/cscMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { devianceRatio, PathFollower, type Visit } from './followPath.ts';
import { runJob } from './job.ts';
import { type LambdaOptions, lambdaGrid, lambdaPlan } from './lambdas.ts';
import { LinearPath, type PathPoint } from './linearPath.ts';
import { type FitOptions, LINEAR_OPTIONS, type LinearOptions, type Recipe, recipeOf } from './options.ts';
import type { Problem } from './problem.ts';

/** Options of `lassoPath`: those of the models, of the grid and of a fit. */
export interface PathOptions extends Omit<LinearOptions, 'history'>, LambdaOptions, FitOptions<{ lambda: number }> {
  /** Share of the L1 part; 1 is the lasso, 0 the ridge. @default 1 */
  l1Ratio?: number;
}

export const PATH_OPTIONS = [
  ...LINEAR_OPTIONS,
  'l1Ratio',
  'lambdas',
  'nLambdas',
  'lambdaMinRatio',
  'sampleWeight',
  'offset',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof PathOptions | 'history')[];

/**
 * The lasso (or elastic net) at many lambdas, each fit starting from the last one and each with its own certificate. All lambdas are
 * computed; nothing stops early.
 *
 * @param X n x p, dense or sparse
 * @param y n values
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const path = lassoPath(X, y, { nLambdas: 50 });
 * path.points.map(({ lambda, df }) => [lambda, df]);
 */
export function lassoPath(X: DesignInput, y: VectorInput, options: PathOptions = {}): LinearPath {
  const { recipe, plan, fitOptions } = readPathOptions(options, 'lassoPath');
  return runJob(X, y, recipe, fitOptions, (job) => {
    const problem = job.problem();
    const follower = new PathFollower(problem, recipe);
    const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), problem.n, problem.p, job.frame.kernels);
    return walkPath(problem, follower, lambdas, recipe, fitOptions);
  });
}

/**
 * Smallest lambda at which every penalised coefficient is zero, given intercept, weights, offset, penalty factors and signs that bounds
 * allow: max_j |z_j'r| / (l1Ratio omega_j) with r the residual of the null model.
 */
export function lambdaMax(X: DesignInput, y: VectorInput, options: PathOptions = {}): number {
  const { recipe, fitOptions } = readPathOptions(options, 'lambdaMax');
  return runJob(X, y, recipe, fitOptions, (job) =>
    new PathFollower(job.problem(), { ...recipe, solver: 'auto' }).largestLambda(),
  );
}

/** Checks what does not depend on data. */
export function readPathOptions(options: PathOptions, title: string) {
  optionsObject<PathOptions & { history?: boolean }>(options, title, PATH_OPTIONS);
  const { sampleWeight, offset, signal, onProgress } = options;
  const fitOptions: FitOptions<{ lambda: number }> = {};
  if (sampleWeight !== undefined) fitOptions.sampleWeight = sampleWeight;
  if (offset !== undefined) fitOptions.offset = offset;
  if (signal !== undefined) fitOptions.signal = signal;
  if (onProgress !== undefined) fitOptions.onProgress = onProgress;
  return { recipe: recipeOf(options, options.l1Ratio ?? 1), plan: lambdaPlan(options), fitOptions };
}

/** Visits every lambda and gathers the fits. */
export function walkPath(
  problem: Problem,
  follower: PathFollower,
  lambdas: Float64Array,
  recipe: Recipe,
  options: FitOptions<{ lambda: number }>,
): LinearPath {
  const points: PathPoint[] = [];
  const visits: Visit[] = [];
  const intercepts = new Float64Array(lambdas.length);
  for (const [k, lambda] of lambdas.entries()) {
    options.signal?.throwIfAborted();
    const visit = follower.visit(lambda, recipe.tol);
    const { index, values, certificate } = visit;
    visits.push(visit);
    intercepts[k] = problem.intercept(index, values);
    points.push({ lambda, df: index.length, devianceRatio: devianceRatio(problem, visit), certificate });
    options.onProgress?.({ done: k + 1, total: lambdas.length, lambda });
  }
  return new LinearPath({ lambdas, intercepts, coefs: columnsOf(visits, problem.p), points, recipe, nullLoss: problem.nullLoss });
}

/** p x L matrix with the coefficients of visit k in column k. */
function columnsOf(visits: Visit[], p: number) {
  const indptr = new Int32Array(visits.length + 1);
  for (const [k, { index }] of visits.entries()) indptr[k + 1] = indptr[k] + index.length;
  const indices = new Int32Array(indptr[visits.length]);
  const data = new Float64Array(indices.length);
  for (const [k, { index, values }] of visits.entries()) {
    indices.set(index, indptr[k]);
    data.set(values, indptr[k]);
  }
  return cscFromTrusted(new Compressed(visits.length, p, indptr, indices, data));
}
