import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, numberIn, oneOf, optionsObject, positiveNumber, refuseEntry, vector } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { LOSS_NAMES, type LossName, lossOf } from '../glm/loss.ts';
import { type LambdaOptions, lambdaPlan } from '../lambdas.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { type BlockCrossValidated, checkFolds, crossValidateBlocks, FOLD_OPTIONS, type FoldOptions } from './blockFolds.ts';
import {
  BLOCK_OPTIONS,
  type BlockOptions,
  type BlockRecipe,
  type BlockSetup,
  blockRecipe,
  fitBlocks,
  runBlockJob,
} from './blockJob.ts';
import { BlockPath, walkBlocks } from './blockPath.ts';
import { times } from './blockPenalty.ts';
import { type GroupLassoModel, groupModel } from './groupModel.ts';
import { type GroupsInput, groupColumns, weightsOf } from './groups.ts';
import { separableLoss } from './outputLoss.ts';

/** What a group lasso needs beside its strength. */
export interface GroupShape extends BlockOptions {
  /** One label per column (groups in ascending order of their labels), or lists of column numbers. Every column is in exactly one group. */
  groups: GroupsInput;
  /** Share of the plain L1 norm inside groups: 0 is the group lasso, between 0 and 1 the sparse-group lasso, 1 the lasso. @default 0 */
  l1Ratio?: number;
  /** One factor >= 0 per group: 0 leaves a group free, Infinity keeps it out. @default all 1 */
  groupWeights?: VectorInput;
  /**
   * `'squared'`, `'logistic'` (y 0 or 1), `'squaredHinge'` (y -1 or 1), `'poisson'` (y >= 0, f is the log of the mean) or `'huber'`.
   * @default 'squared'
   */
  loss?: LossName;
  /** Where Huber's loss turns from squares to absolute values. @default 1 */
  delta?: number;
}

/** Options of `GroupLasso`. */
export interface GroupLassoOptions extends GroupShape {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/** Options of `groupLassoPath`. */
export interface GroupLassoPathOptions extends GroupShape, LambdaOptions, FitOptions<{ lambda: number }> {}

/** Options of `GroupLassoCV`. */
export interface GroupLassoCvOptions extends GroupShape, LambdaOptions, FoldOptions {}

const SHAPE_OPTIONS = [...BLOCK_OPTIONS, 'groups', 'l1Ratio', 'groupWeights', 'loss', 'delta'] as const;
const GRID_OPTIONS = ['lambdas', 'nLambdas', 'lambdaMinRatio'] as const;
const RUN_OPTIONS = ['sampleWeight', 'offset', 'signal', 'onProgress'] as const;

/**
 * Group lasso (Yuan and Lin 2006) and sparse-group lasso (Simon et al. 2013): groups of columns enter together.
 *
 *   min over b, b0   sum_i w_i phi(y_i, b0 + x_i'b) + lambda sum_g omega_g ((1 - rho) sqrt(|g|) ||b_g||_2 + rho ||b_g||_1)
 *
 * with weights w that sum to 1, rho = `l1Ratio`, omega = `groupWeights` and phi the loss (for squared loss (y - f)^2 / 2).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new GroupLasso({ lambda: 0.1, groups: [0, 0, 0, 1, 1] }).fit(X, y);
 * model.groups; // Int32Array with the groups that matter
 */
export class GroupLasso {
  readonly lambda: number;
  readonly #shape: GroupShape;

  constructor(options: GroupLassoOptions) {
    const { lambda, ...rest } = optionsObject(options, 'GroupLasso', ['lambda', ...SHAPE_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#shape = rest;
    recipeOf(rest);
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param y n values, as the loss expects them
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position), and for groups that
   * overlap or miss a column
   */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): GroupLassoModel {
    const run = fitOptionsOf(options, 'fit');
    const fit = fitBlocks(X, setupOf(this.#shape, y, run.offset), recipeOf(this.#shape), this.lambda, run);
    return groupModel(this.#shape.loss ?? 'squared')(fit);
  }
}

/** `GroupLasso` at many lambdas, each fit starting from the last one and each with its own certificate. */
export function groupLassoPath(X: DesignInput, y: VectorInput, options: GroupLassoPathOptions): BlockPath<GroupLassoModel> {
  optionsObject(options, 'groupLassoPath', [...SHAPE_OPTIONS, ...GRID_OPTIONS, ...RUN_OPTIONS]);
  const recipe = recipeOf(options);
  const plan = lambdaPlan(options);
  return runBlockJob(X, setupOf(options, y, options.offset), recipe, options, (job) => {
    return new BlockPath(walkBlocks(job, recipe, plan, options), groupModel(options.loss ?? 'squared'));
  });
}

/** `GroupLasso` with lambda chosen by cross-validation: of the squared error for squared loss, otherwise of the deviance (twice the loss, less that of a perfect fit). */
export class GroupLassoCV {
  readonly #options: GroupLassoCvOptions;

  constructor(options: GroupLassoCvOptions) {
    this.#options = { ...optionsObject(options, 'GroupLassoCV', [...SHAPE_OPTIONS, ...GRID_OPTIONS, ...FOLD_OPTIONS]) };
    recipeOf(options);
    lambdaPlan(options);
    checkFolds(options);
  }

  /** As `GroupLasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, y: VectorInput, options?: FitOptions): BlockCrossValidated<GroupLassoModel> {
    const run = fitOptionsOf(options, 'fit');
    const { loss = 'squared', delta = 1 } = this.#options;
    const task = {
      setup: setupOf(this.#options, y, run.offset),
      recipe: recipeOf(this.#options),
      plan: lambdaPlan(this.#options),
      model: groupModel(loss),
      deviance: (fitted: Float64Array, i: number) => 2 * lossAt(loss, delta, y[i], fitted[i]),
    };
    return crossValidateBlocks(X, task, this.#options, run);
  }
}

function recipeOf({ l1Ratio = 0, loss = 'squared', delta = 1, ...options }: GroupShape): BlockRecipe {
  numberIn(l1Ratio, 'l1Ratio', 0, 1);
  oneOf(loss, 'loss', LOSS_NAMES);
  positiveNumber(delta, 'delta');
  return blockRecipe(options);
}

function setupOf(shape: GroupShape, y: VectorInput, offset: VectorInput | undefined): BlockSetup {
  const { l1Ratio = 0, loss = 'squared', delta = 1 } = shape;
  return (n, p) => {
    const columns = groupColumns(shape.groups, p);
    const count = columns.length;
    const weights = shape.groupWeights === undefined ? undefined : weightsOf(shape.groupWeights, 'groupWeights', count, 'group');
    const response = responseFor(loss, vector(y, 'y', n));
    const penalties = columns.map((members, g) =>
      times({ a: (1 - l1Ratio) * Math.sqrt(members.length), l1: l1Ratio, l2: 0 }, weights ? weights[g] : 1),
    );
    return {
      loss: (frame, w) => separableLoss(frame, lossOf(loss, delta), response, w, n),
      offset: offset === undefined ? undefined : vector(offset, 'offset', n),
      blocks: { columns, penalties },
    };
  };
}

/** y, checked for its loss. */
function responseFor(loss: LossName, y: Float64Array): Float64Array {
  if (loss === 'poisson') {
    for (const [i, value] of y.entries()) if (value < 0) refuseEntry(value, `y[${i}]`, 'a count >= 0');
  }
  if (loss !== 'logistic' && loss !== 'squaredHinge') return y;
  const low = loss === 'logistic' ? 0 : -1;
  for (const [i, value] of y.entries()) if (value !== low && value !== 1) refuseEntry(value, `y[${i}]`, `${low} or 1`);
  if (y.every((value) => value === y[0])) throw new RangeError(`y: expected both classes, ${low} and 1, got only ${y[0]}`);
  return y;
}

/** phi(y, f) less its smallest value: half the deviance. */
function lossAt(loss: LossName, delta: number, y: number, f: number): number {
  const { exp, log, log1p } = currentBackend().kernels;
  const e = Math.abs(y - f);
  switch (loss) {
    case 'logistic':
      return Math.max(f, 0) - y * f + log1p(exp(-Math.abs(f)));
    case 'squaredHinge':
      return Math.max(0, 1 - y * f) ** 2;
    case 'poisson':
      return exp(f) - y * f + (y > 0 ? y * (log(y) - 1) : 0);
    default:
      return loss === 'huber' && e > delta ? delta * (e - 0.5 * delta) : 0.5 * e * e;
  }
}
