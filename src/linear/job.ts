import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type Columns, uploadColumns } from '../backend/columns.ts';
import { type DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { asMatrix, type Matrix, type VectorInput } from '../core/matrixInput.ts';
import { type DataOptions, type Recipe, responseOf, shapeOf } from './options.ts';
import { Problem } from './problem.ts';

/** A fit's data, checked and in linear memory for the length of the job: from it a problem can be set up for any row weights. */
export interface Job {
  frame: Arena;
  columns: Columns;
  response: Float64Array;
  sampleWeight: Float64Array | undefined;
  /** The problem under these row weights (default: those of the fit), in `owner` (default: the job's own frame). */
  problem(sampleWeight?: Float64Array, owner?: Arena): Problem;
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
  options.signal?.throwIfAborted();
  const matrix: Matrix | undefined = X instanceof ResidentMatrix ? undefined : asMatrix(X, names.X);
  const { rows, cols } = matrix ?? (X as ResidentMatrix);
  const { response, sampleWeight } = responseOf(y, options, rows, names.y);
  const shape = shapeOf(recipe, cols);
  return arena(currentBackend(), (frame) => {
    const columns = matrix ? uploadColumns(frame, matrix) : (X as ResidentMatrix).columns(frame.backend);
    const problem = (weights = sampleWeight, owner = frame) =>
      new Problem(owner, columns, response, shape, weights, matrix && { matrix, name: names.X });
    return body({ frame, columns, response, sampleWeight, problem });
  });
}
