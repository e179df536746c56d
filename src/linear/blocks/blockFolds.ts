import { arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, oneOf, positiveNumber } from '../../core/checks.ts';
import { foldLabels, kFold } from '../../core/folds.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import type { SelectionRule } from '../crossValidation.ts';
import type { LambdaPlan } from '../lambdas.ts';
import { type BlockFit, type BlockJob, type BlockRecipe, type BlockSetup, runBlockJob } from './blockJob.ts';
import { BlockPath, walkBlocks } from './blockPath.ts';

/** Fits inside folds only rank lambdas: they may be coarser than the path by this factor, but not coarser than COARSEST. */
const FOLD_TOL_FACTOR = 100;
const COARSEST_FOLD_TOL = 1e-5;

/** How lambda is chosen. */
export interface FoldOptions {
  /** Number of folds, drawn at random from `seed`. @default 10 */
  folds?: number;
  /** The folds themselves: one integer per row, any labels. */
  foldIds?: ArrayLike<number>;
  /** @default 'min' */
  rule?: SelectionRule;
  /** Relative duality gap inside the folds. @default 100 times `tol`, at most 1e-5 */
  foldTol?: number;
  /** Seed of the folds. @default 0 */
  seed?: number;
}

export const FOLD_OPTIONS = ['folds', 'foldIds', 'rule', 'foldTol', 'seed'] as const satisfies readonly (keyof FoldOptions)[];

/** Outcome of a cross-validation. Immutable. */
export interface BlockCrossValidated<M> {
  /** The path on all rows. */
  readonly path: BlockPath<M>;
  /** Mean deviance (squared error for squared loss) on held-out rows for every lambda of the path: the mean over folds, weighted by their rows' weights. */
  readonly mean: Float64Array;
  /** Its standard error: sqrt(weighted variance of the folds' means / (folds - 1)). */
  readonly standardError: Float64Array;
  /** Largest lambda with the smallest mean. */
  readonly lambdaMin: number;
  /** Largest lambda whose mean is within one standard error of the smallest (Breiman et al. 1984). */
  readonly lambda1se: number;
  /** The path's model at the lambda that `rule` chose. */
  readonly model: M;
  /** Fold of every row, 0 to folds - 1. */
  readonly fold: Int32Array;
  /** The coarsest relative gap inside any fold. */
  readonly foldGap: number;
}

/** What a kind of model adds: its data, its model, and the deviance of row i of n from predictions (n x K, output after output). */
export interface FoldTask<M> {
  setup: BlockSetup;
  recipe: BlockRecipe;
  plan: LambdaPlan;
  model: (fit: BlockFit) => M;
  deviance: (fitted: Float64Array, i: number, n: number) => number;
}

/** Checks what does not depend on data. */
export function checkFolds({ folds = 10, rule = 'min', foldTol, seed = 0 }: FoldOptions): void {
  integerIn(folds, 'folds', 2);
  oneOf(rule, 'rule', ['min', '1se']);
  if (foldTol !== undefined) positiveNumber(foldTol, 'foldTol');
  integerIn(seed, 'seed', 0);
}

/** Path and folds on one X in linear memory; folds are zero weights. */
export function crossValidateBlocks<M>(
  X: DesignInput,
  task: FoldTask<M>,
  choice: FoldOptions,
  options: RunOptions & { sampleWeight?: VectorInput },
): BlockCrossValidated<M> {
  const { recipe } = task;
  const { folds = 10, foldIds, rule = 'min', seed = 0 } = choice;
  const foldTol = choice.foldTol ?? Math.min(COARSEST_FOLD_TOL, FOLD_TOL_FACTOR * recipe.tol);
  return runBlockJob(X, task.setup, recipe, options, (job) => {
    const n = job.columns.rows;
    const fold = foldIds === undefined ? kFold(n, folds, seed) : foldLabels(foldIds, n).fold;
    const count = fold.reduce((a, b) => Math.max(a, b), 0) + 1;
    const { signal, onProgress } = options;
    const step = (k: number): RunOptions<{ lambda: number }> => ({
      ...(signal ? { signal } : {}),
      ...(onProgress
        ? { onProgress: ({ done, total }) => onProgress({ done: k * total + done, total: (count + 1) * total }) }
        : {}),
    });
    const walk = arena(job.frame.backend, (frame) => walkBlocks(job, recipe, task.plan, step(0), frame));
    const path = new BlockPath(walk, task.model);
    const held = Array.from({ length: count }, (_, k) => {
      return heldOut(job, { ...recipe, tol: foldTol }, path.lambdas, fold, k, task.deviance, step(k + 1));
    });
    return { ...summary(path, held, rule), fold };
  });
}

interface HeldOut {
  errors: Float64Array;
  /** Weight of the fold's rows. */
  weight: number;
  /** Coarsest relative gap. */
  gap: number;
}

/** Mean deviance of the rows of fold k under the path fitted to the others. */
function heldOut(
  job: BlockJob,
  recipe: BlockRecipe,
  lambdas: Float64Array,
  fold: Int32Array,
  k: number,
  deviance: (fitted: Float64Array, i: number, n: number) => number,
  options: RunOptions<{ lambda: number }>,
): HeldOut {
  const weights = job.sampleWeight ?? new Float64Array(fold.length).fill(1);
  const rows = Int32Array.from(fold.keys()).filter((i) => fold[i] === k && weights[i] > 0);
  const weight = rows.reduce((total, i) => total + weights[i], 0);
  const errors = new Float64Array(lambdas.length);
  if (weight === 0) return { errors, weight, gap: 0 };
  const kept = weights.map((w, i) => (fold[i] === k ? 0 : w));
  if (!kept.some((w) => w > 0)) throw new RangeError(`foldIds: without fold ${k} no row with a positive weight is left to fit`);
  return arena(job.frame.backend, (frame) => {
    const solver = job.solver(kept, frame);
    let gap = 0;
    for (const [l, lambda] of lambdas.entries()) {
      options.signal?.throwIfAborted();
      gap = Math.max(gap, solver.solve({ lambda, tol: recipe.tol, maxEpochs: recipe.maxEpochs }).gap);
      const fitted = solver.predictions();
      errors[l] = rows.reduce((total, i) => total + weights[i] * deviance(fitted, i, fold.length), 0) / weight;
      options.onProgress?.({ done: l + 1, total: lambdas.length, lambda });
    }
    return { errors, weight, gap };
  });
}

function summary<M>(path: BlockPath<M>, held: HeldOut[], rule: SelectionRule): Omit<BlockCrossValidated<M>, 'fold'> {
  const used = held.filter((fold) => fold.weight > 0);
  const total = used.reduce((sum, fold) => sum + fold.weight, 0);
  const average = (value: (fold: HeldOut) => number) => used.reduce((sum, fold) => sum + (fold.weight / total) * value(fold), 0);
  const mean = path.lambdas.map((_, l) => average(({ errors }) => errors[l]));
  const standardError = mean.map((m, l) => Math.sqrt(average(({ errors }) => (errors[l] - m) ** 2) / (used.length - 1)));
  // lambdas fall, so the first index with a property is the largest lambda that has it.
  const best = mean.indexOf(mean.reduce((a, b) => Math.min(a, b)));
  const lambdaMin = path.lambdas[best];
  const lambda1se = path.lambdas[mean.findIndex((error) => error <= mean[best] + standardError[best])];
  const model = path.at(rule === 'min' ? lambdaMin : lambda1se);
  const foldGap = used.reduce((most, fold) => Math.max(most, fold.gap), 0);
  return { path, mean, standardError, lambdaMin, lambda1se, model, foldGap };
}
