import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import { lambdaGrid } from '../lambdas.ts';
import type { PathPoint } from '../linearPath.ts';
import type { FitOptions } from '../options.ts';
import { checkSame, pathState, readPathState } from '../stream/pathState.ts';
import { PathStream, type PathWalker } from '../stream/pathStream.ts';
import type { Family } from './family.ts';
import type { Follower, PathVisit } from './follower.ts';
import { type GlmJob, openGlm } from './glmJob.ts';
import type { GlmPath, Predicts } from './glmPath.ts';
import { maxEpochsOf } from './glmRecipe.ts';
import { GLM_PATH_OPTIONS, type GlmPathOptions, type GlmPlan, gatherGlmPath, glmPlan } from './walkGlmPath.ts';

/** A fresh solver visits the lambdas above its first new one at steps of this factor, to this tolerance. */
const RETURN_STEP = 0.6;
const RETURN_TOL = 1e-3;

/** Options of the streams of generalised regressions. */
export interface GlmStreamOptions extends Omit<GlmPathOptions, 'maxDf'> {
  /** `state()` of an earlier stream over the same data with the same options, or its JSON: only the points that it has not reached are computed. */
  resume?: unknown;
}

/** A point of a stream: that of a path, with its model and its place. */
export interface GlmStreamPoint<M> extends PathPoint {
  model: M;
  /** 0 to total - 1 */
  index: number;
  total: number;
}

export type GlmStream<Y, M extends Predicts> = PathStream<GlmStreamPoint<M>, GlmPath<Y, M>>;

/** The path of a family point by point; see `LassoPath.stream`. */
export function streamGlmPath<Y, M extends Predicts>(
  family: Family<Y, M>,
  X: DesignInput,
  y: Y,
  options: GlmStreamOptions,
  title: string,
): GlmStream<Y, M> {
  const { resume, sampleWeight, offset, signal, onProgress, ...rest } = optionsObject(options, title, [
    ...GLM_PATH_OPTIONS.filter((name) => name !== 'maxDf'),
    'resume',
  ] as (keyof GlmStreamOptions)[]);
  const plan = glmPlan(family, rest, title);
  const fitOptions: FitOptions = { ...(sampleWeight && { sampleWeight }), ...(offset && { offset }), ...(signal && { signal }) };
  const state = resume === undefined ? undefined : readPathState(resume);
  const job = openGlm(plan.glm, X, y, fitOptions);
  try {
    const walker = new GlmWalker(plan, job, state);
    return new PathStream(walker, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
  } catch (error) {
    job.frame.releaseAll();
    throw error;
  }
}

class GlmWalker<Y, M extends Predicts> implements PathWalker<GlmStreamPoint<M>, GlmPath<Y, M>> {
  readonly lambdas: Float64Array;
  readonly known: number;
  readonly #plan: GlmPlan<Y, M>;
  readonly #job: GlmJob;
  readonly #follower: Follower;
  readonly #visits: PathVisit[] = [];
  #cold: boolean;

  constructor(plan: GlmPlan<Y, M>, job: GlmJob, resume?: ReturnType<typeof readPathState>) {
    this.#plan = plan;
    this.#job = job;
    this.#follower = job.follower();
    const largest = plan.plan.given ? 0 : this.#follower.largestLambda();
    this.lambdas = lambdaGrid(plan.plan, largest, job.target.response.length, job.p, job.frame.kernels);
    if (resume) {
      checkSame(resume, this.#identity());
      this.#visits.push(...resume.points);
    }
    this.known = this.#visits.length;
    this.#cold = this.known > 0;
  }

  visit(k: number): GlmStreamPoint<M> {
    this.#job.checkData();
    if (this.#cold) this.#goTo(k - 1);
    this.#cold = false;
    const visit = this.#solve(this.lambdas[k], this.#plan.glm.recipe.tol);
    this.#visits.push(visit);
    const { lambda, devianceRatio, certificate, index } = visit;
    const model = this.path().at(lambda);
    return { lambda, df: index.length, devianceRatio, certificate, model, index: k, total: this.lambdas.length };
  }

  path(): GlmPath<Y, M> {
    return gatherGlmPath(this.#plan, this.#job, this.#follower, this.lambdas, this.#visits, undefined);
  }

  state() {
    const points = this.#visits.map((visit) => ({ ...visit, df: visit.index.length }));
    return pathState(this.#identity(), points);
  }

  close(): void {
    this.#job.frame.releaseAll();
  }

  #solve(lambda: number, tol: number): PathVisit {
    return this.#follower.visit({ lambda, tol, maxEpochs: maxEpochsOf(this.#plan.glm.recipe) });
  }

  /** Brings a fresh solver to a point that is known already. */
  #goTo(last: number): void {
    const { tol } = this.#plan.glm.recipe;
    let lambda = Infinity;
    for (let k = 0; k < last; k++) {
      if (this.lambdas[k] > lambda * RETURN_STEP) continue;
      lambda = this.lambdas[k];
      this.#solve(lambda, Math.max(RETURN_TOL, tol));
    }
    this.#solve(this.lambdas[last], tol);
  }

  #identity() {
    const { target, p } = this.#job;
    const { l1Ratio } = this.#plan.glm.recipe;
    return { rows: target.response.length, columns: p, nullLoss: this.#follower.scale, l1Ratio, lambdas: this.lambdas };
  }
}
