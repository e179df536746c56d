import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, optionsObject } from '../../core/checks.ts';
import { type LambdaOptions, type LambdaPlan, lambdaGrid, lambdaPlan } from '../lambdas.ts';
import type { PathPoint } from '../linearPath.ts';
import type { FitOptions } from '../options.ts';
import { columnsOf } from '../pathRecord.ts';
import type { Family } from './family.ts';
import type { Follower, PathVisit } from './follower.ts';
import { type GlmJob, runGlm } from './glmJob.ts';
import { GlmPath, type Predicts } from './glmPath.ts';
import { GLM_OPTIONS, type GlmOptions, type GlmRecipe, glmRecipe, maxEpochsOf } from './glmRecipe.ts';

/** Options of a path without those of a fit. */
export interface GlmGridOptions extends GlmOptions, LambdaOptions {
  /** The path ends before the first lambda with more coefficients than that, and says so (`path.stopped`). @default no limit */
  maxDf?: number;
}

/** Options of a path: those of the models, of the grid and of a fit. */
export interface GlmPathOptions extends GlmGridOptions, FitOptions<{ lambda: number }> {}

export const GRID_OPTIONS = [...GLM_OPTIONS, 'lambdas', 'nLambdas', 'lambdaMinRatio', 'maxDf'] as (keyof GlmGridOptions)[];
export const GLM_PATH_OPTIONS = [...GRID_OPTIONS, 'sampleWeight', 'offset', 'signal', 'onProgress'] as (keyof GlmPathOptions)[];

/** A path before its data. */
export interface GlmPlan<Y, M> {
  glm: GlmRecipe<Y, M>;
  plan: LambdaPlan;
  maxDf: number;
}

/** Checks what does not depend on data. */
export function glmPlan<Y, M>(family: Family<Y, M>, options: GlmGridOptions, title: string): GlmPlan<Y, M> {
  const { lambdas, nLambdas, lambdaMinRatio, maxDf, ...rest } = optionsObject(options, title, GRID_OPTIONS);
  const grid: LambdaOptions = {};
  if (lambdas !== undefined) grid.lambdas = lambdas;
  if (nLambdas !== undefined) grid.nLambdas = nLambdas;
  if (lambdaMinRatio !== undefined) grid.lambdaMinRatio = lambdaMinRatio;
  return {
    glm: glmRecipe(family, rest, title),
    plan: lambdaPlan(grid),
    maxDf: maxDf === undefined ? Infinity : integerIn(maxDf, 'maxDf', 1),
  };
}

/** The fits of a family at many lambdas, each starting from the last one and each with its own certificate. */
export function glmPath<Y, M extends Predicts>(
  family: Family<Y, M>,
  X: DesignInput,
  y: Y,
  options: GlmPathOptions,
  title: string,
): GlmPath<Y, M> {
  const { sampleWeight, offset, signal, onProgress, ...rest } = optionsObject(options, title, GLM_PATH_OPTIONS);
  const plan = glmPlan(family, rest, title);
  const fitOptions: FitOptions<{ lambda: number }> = {};
  if (sampleWeight !== undefined) fitOptions.sampleWeight = sampleWeight;
  if (offset !== undefined) fitOptions.offset = offset;
  if (signal !== undefined) fitOptions.signal = signal;
  if (onProgress !== undefined) fitOptions.onProgress = onProgress;
  return runGlm(plan.glm, X, y, fitOptions, (job) => walkGlmPath(plan, job, fitOptions));
}

/** Visits every lambda and gathers the fits. */
export function walkGlmPath<Y, M extends Predicts>(
  { glm, plan, maxDf }: GlmPlan<Y, M>,
  { follower: set, target, p, frame }: GlmJob,
  { signal, onProgress }: FitOptions<{ lambda: number }>,
  owner = frame,
): GlmPath<Y, M> {
  const { recipe } = glm;
  const follower = set(undefined, owner);
  const n = target.response.length;
  const grid = lambdaGrid(plan, plan.given ? 0 : follower.largestLambda(), n, p, frame.kernels);
  const maxEpochs = maxEpochsOf(recipe);
  const visits: PathVisit[] = [];
  for (const [k, lambda] of grid.entries()) {
    signal?.throwIfAborted();
    const visit = follower.visit({ lambda, tol: recipe.tol, maxEpochs });
    const df = visit.index.length;
    if (df > maxDf) {
      if (k === 0) throw new RangeError(`maxDf: ${maxDf}, but the first lambda (${lambda}) already has ${df} coefficients`);
      onProgress?.({ done: grid.length, total: grid.length, lambda });
      break;
    }
    visits.push(visit);
    onProgress?.({ done: k + 1, total: grid.length, lambda });
  }
  return gatherGlmPath(
    { glm, plan, maxDf },
    { target, p },
    follower,
    grid,
    visits,
    visits.length < grid.length ? 'maxDf' : undefined,
  );
}

/** The path of the lambdas visited so far. */
export function gatherGlmPath<Y, M extends Predicts>(
  { glm }: GlmPlan<Y, M>,
  { target, p }: Pick<GlmJob, 'target' | 'p'>,
  { floor, scale }: Follower,
  grid: Float64Array,
  visits: readonly PathVisit[],
  stopped: 'maxDf' | undefined,
): GlmPath<Y, M> {
  const points = visits.map(
    ({ lambda, index, devianceRatio, certificate }): PathPoint => ({ lambda, df: index.length, devianceRatio, certificate }),
  );
  return new GlmPath({
    lambdas: grid.slice(0, visits.length),
    intercepts: Float64Array.from(visits, (visit) => visit.intercept),
    coefs: columnsOf(visits, p),
    points,
    stopped,
    glm,
    classes: target.classes,
    floor,
    scale,
  });
}
