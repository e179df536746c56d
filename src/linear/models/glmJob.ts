import { Arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';
import { uploadColumns } from '../../backend/columns.ts';
import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import { nonNegativeVector, vector } from '../../core/checks.ts';
import { asMatrix, type Matrix } from '../../core/matrixInput.ts';
import { GlmProblem } from '../glm/glmProblem.ts';
import { type DataOptions, shapeOf } from '../options.ts';
import { Problem } from '../problem.ts';
import type { Target } from './family.ts';
import type { Follower } from './follower.ts';
import { GlmFollower } from './glmFollower.ts';
import type { GlmRecipe } from './glmRecipe.ts';
import { LassoFollower } from './lassoFollower.ts';

/** A fit's data, checked and in linear memory for the length of the job. */
export interface GlmJob {
  frame: Arena;
  target: Target;
  /** Number of columns. */
  p: number;
  /** Sample weights times class weights. */
  weights: Float64Array | undefined;
  /** The problem under these row weights (default: those of the fit), in `owner` (default: the job's own frame), ready to be solved. */
  follower(weights?: Float64Array, owner?: Arena): Follower;
  /** Refuses to go on when X was uploaded by the caller and has been freed since. */
  checkData(): void;
}

/** Checks the data, copies X into linear memory once, runs the body and gives everything back, whatever happens. */
export function runGlm<Y, M, T>(glm: GlmRecipe<Y, M>, X: DesignInput, y: Y, options: DataOptions, body: (job: GlmJob) => T): T {
  const job = openGlm(glm, X, y, options);
  try {
    return body(job);
  } finally {
    job.frame.releaseAll();
  }
}

/** The first half of `runGlm`: who opens a job gives its frame back (`frame.releaseAll()`). */
export function openGlm<Y, M>({ family, penalty, recipe }: GlmRecipe<Y, M>, X: DesignInput, y: Y, options: DataOptions): GlmJob {
  options.signal?.throwIfAborted();
  const matrix: Matrix | undefined = X instanceof ResidentMatrix ? undefined : asMatrix(X);
  const { rows, cols } = matrix ?? (X as ResidentMatrix);
  const target = family.target(y, rows);
  const offset = options.offset === undefined ? undefined : vector(options.offset, 'offset', rows);
  const weights = fitWeights(options, target, rows);
  family.check?.(target, weights, '');
  const shape = shapeOf(recipe, cols);
  const frame = new Arena(currentBackend());
  const resident = () => (X as ResidentMatrix).columns(frame.backend);
  try {
    const columns = matrix ? uploadColumns(frame, matrix) : resident();
    const { response } = target;
    const source = matrix && { matrix, name: 'X' };
    const follower = (sampleWeight = weights, owner = frame): Follower => {
      if (family.loss.name === 'squared' && penalty.convex) {
        const rest = offset ? response.map((y, i) => y - offset[i]) : response;
        return new LassoFollower(new Problem(owner, columns, rest, shape, sampleWeight, source), recipe, offset);
      }
      const data = { response, sampleWeight, offset };
      return new GlmFollower(new GlmProblem(owner, columns, family.loss, data, shape, penalty, source), family, target, recipe);
    };
    return { frame, target, p: cols, weights, follower, checkData: () => void (matrix || resident()) };
  } catch (error) {
    frame.releaseAll();
    throw error;
  }
}

/** Sample weights times those of the classes. */
export function fitWeights({ sampleWeight }: DataOptions, { rowWeight }: Target, n: number): Float64Array | undefined {
  const given = sampleWeight === undefined ? undefined : nonNegativeVector(sampleWeight, 'sampleWeight', n);
  return given && rowWeight ? given.map((w, i) => w * rowWeight[i]) : (given ?? rowWeight);
}
