import type { DesignInput } from '../backend/residentMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { PathFollower } from './followPath.ts';
import { runJob } from './job.ts';
import { lambdaGrid } from './lambdas.ts';
import type { LinearPath } from './linearPath.ts';
import type { FitOptions, Recipe } from './options.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from './pathOptions.ts';
import { PathRecord } from './pathRecord.ts';
import type { Problem } from './problem.ts';
import { type LassoStream, type LassoStreamOptions, streamLassoPath } from './stream/lassoStream.ts';

export { PATH_OPTIONS, type PathOptions, readPathOptions };

function fitPath(X: DesignInput, y: VectorInput, options: PathOptions = {}): LinearPath {
  const { recipe, plan, fitOptions } = readPathOptions(options, 'lassoPath');
  return runJob(X, y, recipe, fitOptions, (job) => {
    const problem = job.problem();
    const follower = new PathFollower(problem, recipe);
    const lambdas = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), problem.n, problem.p, job.frame.kernels);
    return walkPath(problem, follower, lambdas, recipe, fitOptions);
  });
}

/** Computes paths: at once, or point by point. */
export interface LassoPath {
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
  (X: DesignInput, y: VectorInput, options?: PathOptions): LinearPath;
  /**
   * The same path point by point: between two points the event loop runs, so that a page stays alive. Same bits as all at once.
   *
   * Leave the loop (`break`) or abort the signal and nothing is lost: iterate the stream again (`stream.resume({ signal })` with another
   * signal) and it goes on where it stopped, to the same bits. It holds linear memory until its last point, or until `dispose()`.
   * `stream.state()` is the same for another process: `lassoPath.stream(X, y, { ...options, resume: state })` with the same data and options
   * goes on from there; its solver starts afresh, so that the rest equals an uninterrupted run within the gaps of the certificates, not in bits.
   *
   * @throws TypeError, RangeError, at once, for data or options of the wrong kind or amount, and for a `resume` of another path
   * @example
   * const stream = lassoPath.stream(X, y, { signal });
   * for await (const { lambda, df, index, total } of stream) if (df > 20) break;
   * const path = stream.path();
   * stream.dispose();
   */
  stream(X: DesignInput, y: VectorInput, options?: LassoStreamOptions): LassoStream;
}

export const lassoPath: LassoPath = /* @__PURE__ */ Object.assign(fitPath, { stream: streamLassoPath });

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

/** Visits every lambda and gathers the fits. */
export function walkPath(
  problem: Problem,
  follower: PathFollower,
  lambdas: Float64Array,
  recipe: Recipe,
  options: FitOptions<{ lambda: number }>,
): LinearPath {
  const record = new PathRecord(problem, recipe);
  for (const [k, lambda] of lambdas.entries()) {
    options.signal?.throwIfAborted();
    record.add(follower.visit(lambda, recipe.tol));
    options.onProgress?.({ done: k + 1, total: lambdas.length, lambda });
  }
  return record.path();
}
