import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { PathFollower } from '../followPath.ts';
import { type Job, openJob } from '../job.ts';
import { type LambdaPlan, lambdaGrid } from '../lambdas.ts';
import { LinearModel } from '../linearModel.ts';
import type { LinearPath, PathPoint } from '../linearPath.ts';
import type { Recipe } from '../options.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from '../pathOptions.ts';
import { dense, PathRecord } from '../pathRecord.ts';
import type { Problem } from '../problem.ts';
import { checkSame, pathState, readPathState } from './pathState.ts';
import { PathStream, type PathWalker } from './pathStream.ts';

/** A solver that starts in the middle of a path visits the lambdas above at these steps first: a large support grows, it is not guessed. */
const RETURN_STEP = 0.6;
const RETURN_TOL = 1e-3;

/** Options of `lassoPath.stream`. */
export interface LassoStreamOptions extends PathOptions {
  /** `state()` of an earlier stream over the same data with the same options, or its JSON: only the points that it has not reached are computed. */
  resume?: unknown;
}

/** A point of a stream: that of a path, with its model and its place. */
export interface StreamPoint extends PathPoint {
  model: LinearModel;
  /** 0 to total - 1 */
  index: number;
  total: number;
}

export type LassoStream = PathStream<StreamPoint, LinearPath>;

/** See `LassoPath.stream`. */
export function streamLassoPath(X: DesignInput, y: VectorInput, options: LassoStreamOptions = {}): LassoStream {
  const { resume, ...rest } = optionsObject<LassoStreamOptions & { history?: boolean }>(options, 'lassoPath.stream', [
    ...PATH_OPTIONS,
    'resume',
  ]);
  const { recipe, plan, fitOptions } = readPathOptions(rest, 'lassoPath.stream');
  const state = resume === undefined ? undefined : readPathState(resume);
  const job = openJob(X, y, recipe, fitOptions);
  try {
    const { signal, onProgress } = fitOptions;
    return new PathStream(new LassoWalker(job, recipe, plan, state), {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
  } catch (error) {
    job.frame.releaseAll();
    throw error;
  }
}

class LassoWalker implements PathWalker<StreamPoint, LinearPath> {
  readonly lambdas: Float64Array;
  readonly known: number;
  readonly #job: Job;
  readonly #recipe: Recipe;
  readonly #problem: Problem;
  readonly #follower: PathFollower;
  readonly #record: PathRecord;
  #cold: boolean;

  constructor(job: Job, recipe: Recipe, plan: LambdaPlan, resume?: ReturnType<typeof readPathState>) {
    this.#job = job;
    this.#recipe = recipe;
    const problem = job.problem();
    this.#problem = problem;
    this.#follower = new PathFollower(problem, recipe);
    this.lambdas = lambdaGrid(plan, plan.given ? 0 : this.#follower.largestLambda(), problem.n, problem.p, job.frame.kernels);
    this.#record = new PathRecord(problem, recipe);
    if (resume) {
      checkSame(resume, this.#identity());
      this.#record.points.push(...resume.points);
    }
    this.known = this.#record.points.length;
    this.#cold = this.known > 0;
  }

  visit(k: number): StreamPoint {
    this.#job.checkData();
    if (this.#cold) this.#goTo(k - 1);
    this.#cold = false;
    const point = this.#record.add(this.#follower.visit(this.lambdas[k], this.#recipe.tol));
    const { index, values, intercept, ...rest } = point;
    const { lambda, certificate } = rest;
    const model = new LinearModel({ coef: dense(index, values, this.#problem.p), intercept, lambda, certificate });
    return { ...rest, model, index: k, total: this.lambdas.length };
  }

  path(): LinearPath {
    return this.#record.path();
  }

  state() {
    return pathState(this.#identity(), this.#record.points);
  }

  close(): void {
    this.#job.frame.releaseAll();
  }

  /** Brings a fresh solver to a point that is known already. */
  #goTo(last: number): void {
    let lambda = this.lambdas[0];
    for (let k = 0; k < last; k++) {
      if (this.lambdas[k] > lambda * RETURN_STEP && k > 0) continue;
      lambda = this.lambdas[k];
      this.#follower.visit(lambda, Math.max(RETURN_TOL, this.#recipe.tol));
    }
    this.#follower.visit(this.lambdas[last], this.#recipe.tol);
  }

  #identity() {
    const { n: rows, p: columns, nullLoss } = this.#problem;
    return { rows, columns, nullLoss, l1Ratio: this.#recipe.l1Ratio, lambdas: this.lambdas };
  }
}
