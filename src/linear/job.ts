import { Arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type Columns, uploadColumns } from '../backend/columns.ts';
import { type DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { asMatrix, type Matrix, type VectorInput } from '../core/matrixInput.ts';
import { type DataOptions, type Recipe, responseOf, shapeOf } from './options.ts';
import type { PenaltyShape } from './penaltyFactors.ts';
import { Problem } from './problem.ts';

/** A fit's data, checked and in linear memory for the length of the job: from it a problem can be set up for any row weights. */
export interface Job {
  frame: Arena;
  columns: Columns;
  response: Float64Array;
  sampleWeight: Float64Array | undefined;
  shape: PenaltyShape;
  /** The problem under these row weights (default: those of the fit), in `owner` (default: the job's own frame), with this penalty (default: the recipe's). */
  problem(sampleWeight?: Float64Array, owner?: Arena, shape?: PenaltyShape): Problem;
  /** Refuses to go on when X was uploaded by the caller and has been freed since. */
  checkData(): void;
}

/** Checks the data, copies X into linear memory once, runs the body and gives everything back, whatever happens. */
export function runJob<T>(
  X: DesignInput,
  y: VectorInput,
  recipe: Recipe,
  options: DataOptions,
  body: (job: Job) => T,
  names = { X: 'X', y: 'y' },
): T {
  const job = openJob(X, y, recipe, options, names);
  try {
    return body(job);
  } finally {
    job.frame.releaseAll();
  }
}

/** The first half of `runJob`: who opens a job gives its frame back (`frame.releaseAll()`). */
export function openJob(X: DesignInput, y: VectorInput, recipe: Recipe, options: DataOptions, names = { X: 'X', y: 'y' }): Job {
  options.signal?.throwIfAborted();
  const matrix: Matrix | undefined = X instanceof ResidentMatrix ? undefined : asMatrix(X, names.X);
  const { rows, cols } = matrix ?? (X as ResidentMatrix);
  const { response, sampleWeight } = responseOf(y, options, rows, names.y);
  const shape = shapeOf(recipe, cols);
  const frame = new Arena(currentBackend());
  const resident = () => (X as ResidentMatrix).columns(frame.backend);
  try {
    const columns = matrix ? uploadColumns(frame, matrix) : resident();
    const problem = (weights = sampleWeight, owner = frame, penalty = shape) =>
      new Problem(owner, columns, response, penalty, weights, matrix && { matrix, name: names.X });
    const checkData = () => void (matrix || resident());
    return { frame, columns, response, sampleWeight, shape, problem, checkData };
  } catch (error) {
    frame.releaseAll();
    throw error;
  }
}
