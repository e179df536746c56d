import { type Arena, arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';
import { type Columns, uploadColumns } from '../../backend/columns.ts';
import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import { booleanFlag, integerIn, nonNegativeNumber, nonNegativeVector } from '../../core/checks.ts';
import { asMatrix, checkFinite, type Matrix, type MatrixInput, type VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import type { Certificate } from '../certificate.ts';
import { type BlockData, BlockProblem } from './blockProblem.ts';
import { BlockSolver } from './blockSolver.ts';

/** What every model of this room takes beside its strength. */
export interface BlockOptions {
  /** Fit intercepts, which are never penalised. @default true */
  fitIntercept?: boolean;
  /** Penalise coefficients of columns scaled to unit (weighted, population) standard deviation; they are reported on the original scale. @default false */
  standardize?: boolean;
  /** Relative duality gap to stop at. @default 1e-6 */
  tol?: number;
  /** Most epochs of block descent; reaching it is reported in the certificate. @default 100000 */
  maxEpochs?: number;
}

export const BLOCK_OPTIONS = [
  'fitIntercept',
  'standardize',
  'tol',
  'maxEpochs',
] as const satisfies readonly (keyof BlockOptions)[];

/** Options checked and completed. */
export type BlockRecipe = Required<BlockOptions>;

export function blockRecipe({
  fitIntercept = true,
  standardize = false,
  tol = 1e-6,
  maxEpochs = 100_000,
}: BlockOptions): BlockRecipe {
  return {
    fitIntercept: booleanFlag(fitIntercept, 'fitIntercept'),
    standardize: booleanFlag(standardize, 'standardize'),
    tol: nonNegativeNumber(tol, 'tol'),
    maxEpochs: integerIn(maxEpochs, 'maxEpochs', 1),
  };
}

/** What a kind of model makes of its data, checked against n rows and p columns. */
export type BlockSetup = (n: number, p: number) => Pick<BlockData, 'loss' | 'blocks' | 'offset'>;

/** A fit's data, checked and in linear memory for the length of the job. */
export interface BlockJob {
  frame: Arena;
  columns: Columns;
  sampleWeight: Float64Array | undefined;
  /** A solver under these row weights (default: those of the fit), in `owner` (default: the job's own frame). */
  solver(sampleWeight?: Float64Array, owner?: Arena): BlockSolver;
}

/** Checks the data, copies X into linear memory once, runs the body and gives everything back, whatever happens. */
export function runBlockJob<T>(
  X: DesignInput,
  setup: BlockSetup,
  recipe: BlockRecipe,
  options: { sampleWeight?: VectorInput; signal?: AbortSignal },
  body: (job: BlockJob) => T,
): T {
  options.signal?.throwIfAborted();
  const matrix: Matrix | undefined = X instanceof ResidentMatrix ? undefined : asMatrix(X, 'X');
  const { rows, cols } = matrix ?? (X as ResidentMatrix);
  const data = setup(rows, cols);
  const { fitIntercept, standardize } = recipe;
  const sampleWeight =
    options.sampleWeight === undefined ? undefined : nonNegativeVector(options.sampleWeight, 'sampleWeight', rows);
  return arena(currentBackend(), (frame) => {
    const columns = matrix ? uploadColumns(frame, matrix) : (X as ResidentMatrix).columns(frame.backend);
    const source = matrix && { matrix, name: 'X' };
    const solver = (weights = sampleWeight, owner = frame) =>
      new BlockSolver(new BlockProblem(owner, columns, { ...data, sampleWeight: weights, fitIntercept, standardize }, source));
    return body({ frame, columns, sampleWeight, solver });
  });
}

/** One solution, on the scale of X. */
export interface BlockFit {
  lambda: number;
  /** Columns with a coefficient that is not zero, ascending. */
  index: Int32Array;
  /** Their coefficients, columns x K. */
  values: Float64Array;
  /** K intercepts. */
  intercept: Float64Array;
  /** Blocks that are not zero. */
  active: Int32Array;
  /** Loss without penalty. */
  loss: number;
  certificate: Certificate;
  p: number;
}

/** The fit at one lambda. */
export function fitBlocks(
  X: DesignInput,
  setup: BlockSetup,
  recipe: BlockRecipe,
  lambda: number,
  options: RunOptions & { sampleWeight?: VectorInput },
): BlockFit {
  return runBlockJob(X, setup, recipe, options, (job) => {
    const { signal, onProgress } = options;
    const solver = job.solver();
    let passes = 0;
    const record = () => {
      passes++;
      onProgress?.({ done: passes, total: recipe.maxEpochs });
      signal?.throwIfAborted();
    };
    const run = { lambda, tol: recipe.tol, maxEpochs: recipe.maxEpochs, record };
    const certificate = solver.descend(run);
    onProgress?.({ done: passes, total: passes });
    return solutionOf(solver, lambda, certificate, job.columns.cols);
  });
}

export function solutionOf(solver: BlockSolver, lambda: number, certificate: Certificate, p: number): BlockFit {
  return { lambda, ...solver.solution(), active: solver.active(), loss: solver.loss, certificate, p };
}

/** n x K numbers of a matrix, output after output. */
export function byOutput(value: MatrixInput, title: string, n: number, outputs?: number): Float64Array {
  const matrix = checkFinite(asMatrix(value, title), title);
  if (matrix.rows !== n) throw new RangeError(`${title}: expected ${n} rows, as X has, got ${matrix.rows}`);
  if (outputs !== undefined && matrix.cols !== outputs) {
    throw new RangeError(`${title}: expected ${outputs} columns, got ${matrix.cols}`);
  }
  const dense = 'toDense' in matrix ? matrix.toDense() : matrix;
  const out = new Float64Array(n * dense.cols);
  for (let k = 0; k < dense.cols; k++) for (let i = 0; i < n; i++) out[k * n + i] = dense.get(i, k);
  return out;
}
