import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, numberIn, optionsObject } from '../../core/checks.ts';
import type { MatrixInput, VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { lossOf } from '../glm/loss.ts';
import { type LambdaOptions, lambdaPlan } from '../lambdas.ts';
import { fitOptionsOf } from '../options.ts';
import { type BlockCrossValidated, checkFolds, crossValidateBlocks, FOLD_OPTIONS, type FoldOptions } from './blockFolds.ts';
import {
  BLOCK_OPTIONS,
  type BlockOptions,
  type BlockRecipe,
  type BlockSetup,
  blockRecipe,
  byOutput,
  fitBlocks,
  runBlockJob,
} from './blockJob.ts';
import { BlockPath, walkBlocks } from './blockPath.ts';
import { singleColumns } from './groups.ts';
import { type MultiTaskModel, multiTaskModel } from './multiTaskModel.ts';
import { separableLoss } from './outputLoss.ts';

/** What the penalty of a multi-task model needs beside its strength. */
export interface MultiTaskShape extends BlockOptions {
  /** Share of the row norms; the rest is ridge. @default 1 */
  l1Ratio?: number;
  /** One factor >= 0 per column, multiplying both penalty terms: 0 leaves a column free, Infinity keeps it out. @default all 1 */
  penaltyFactors?: VectorInput;
}

/** Options of `MultiTaskLasso`. */
export interface MultiTaskLassoOptions extends MultiTaskShape {
  /** Strength of the penalty, >= 0. */
  lambda: number;
}

/** What `fit` takes beside X and Y. */
export interface MultiTaskFitOptions<Extra extends object = object> extends RunOptions<Extra> {
  /** One weight >= 0 per row; only ratios matter. */
  sampleWeight?: VectorInput;
  /** A known part of the predictions, n x K. */
  offset?: MatrixInput;
}

/** Options of `multiTaskLassoPath`. */
export interface MultiTaskPathOptions extends MultiTaskShape, LambdaOptions, MultiTaskFitOptions<{ lambda: number }> {}

/** Options of `MultiTaskLassoCV`. */
export interface MultiTaskLassoCvOptions extends MultiTaskShape, LambdaOptions, FoldOptions {}

const SHAPE_OPTIONS = [...BLOCK_OPTIONS, 'l1Ratio', 'penaltyFactors'] as const;
const GRID_OPTIONS = ['lambdas', 'nLambdas', 'lambdaMinRatio'] as const;
const RUN_OPTIONS = ['sampleWeight', 'offset', 'signal', 'onProgress'] as const;

/**
 * Least squares for K responses at once, with a penalty that lets a column enter for all of them or none (Obozinski et al. 2010):
 *
 *   min over B (p x K), c   1/(2 sum s) sum_i s_i ||y_i - c - B'x_i||^2 + lambda sum_j omega_j (rho ||B_j||_2 + (1 - rho) / 2 ||B_j||_2^2)
 *
 * with rho = `l1Ratio`. For K = 1 it is the lasso (elastic net).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new MultiTaskLasso({ lambda: 0.1 }).fit(X, Y);
 * model.support; // columns that matter for any response
 */
export class MultiTaskLasso {
  readonly lambda: number;
  readonly #options: MultiTaskShape;

  constructor(options: MultiTaskLassoOptions) {
    const { lambda, ...rest } = optionsObject(options, 'MultiTaskLasso', ['lambda', ...SHAPE_OPTIONS]);
    this.lambda = nonNegativeNumber(lambda, 'lambda');
    this.#options = rest;
    recipeOf(rest);
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @param Y n x K responses
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position)
   */
  fit(X: DesignInput, Y: MatrixInput, options?: MultiTaskFitOptions): MultiTaskModel {
    const run = fitOptionsOf(options as never, 'fit') as MultiTaskFitOptions;
    return multiTaskModel(fitBlocks(X, setupOf(this.#options, Y, run.offset), recipeOf(this.#options), this.lambda, run));
  }
}

/** `MultiTaskLasso` at many lambdas, each fit starting from the last one and each with its own certificate. */
export function multiTaskLassoPath(
  X: DesignInput,
  Y: MatrixInput,
  options: MultiTaskPathOptions = {},
): BlockPath<MultiTaskModel> {
  optionsObject(options, 'multiTaskLassoPath', [...SHAPE_OPTIONS, ...GRID_OPTIONS, ...RUN_OPTIONS]);
  const recipe = recipeOf(options);
  const plan = lambdaPlan(options);
  return runBlockJob(X, setupOf(options, Y, options.offset), recipe, options, (job) => {
    return new BlockPath(walkBlocks(job, recipe, plan, options), multiTaskModel);
  });
}

/** `MultiTaskLasso` with lambda chosen by cross-validation of the squared error, summed over tasks. */
export class MultiTaskLassoCV {
  readonly #options: MultiTaskLassoCvOptions;

  constructor(options: MultiTaskLassoCvOptions = {}) {
    this.#options = { ...optionsObject(options, 'MultiTaskLassoCV', [...SHAPE_OPTIONS, ...GRID_OPTIONS, ...FOLD_OPTIONS]) };
    recipeOf(options);
    lambdaPlan(options);
    checkFolds(options);
  }

  /** As `MultiTaskLasso.fit`; `onProgress` counts the path and every fold. */
  fit(X: DesignInput, Y: MatrixInput, options?: MultiTaskFitOptions): BlockCrossValidated<MultiTaskModel> {
    const run = fitOptionsOf(options as never, 'fit') as MultiTaskFitOptions;
    let response: Float64Array = new Float64Array(0);
    const setup = setupOf(this.#options, Y, run.offset, (values) => {
      response = values;
    });
    const deviance = (fitted: Float64Array, i: number, n: number) => {
      let total = 0;
      for (let at = i; at < response.length; at += n) total += (response[at] - fitted[at]) ** 2;
      return total;
    };
    const task = { setup, recipe: recipeOf(this.#options), plan: lambdaPlan(this.#options), model: multiTaskModel, deviance };
    return crossValidateBlocks(X, task, this.#options, run);
  }
}

function recipeOf(options: MultiTaskShape): BlockRecipe {
  numberIn(options.l1Ratio ?? 1, 'l1Ratio', 0, 1);
  return blockRecipe(options);
}

function setupOf(
  { l1Ratio = 1, penaltyFactors }: MultiTaskShape,
  Y: MatrixInput,
  offset: MatrixInput | undefined,
  seen?: (response: Float64Array) => void,
): BlockSetup {
  return (n, p) => {
    const response = byOutput(Y, 'Y', n);
    seen?.(response);
    return {
      loss: (frame, weights) => separableLoss(frame, lossOf('squared'), response, weights, n),
      offset: offset === undefined ? undefined : byOutput(offset, 'offset', n, response.length / n),
      blocks: singleColumns(p, { a: l1Ratio, l1: 0, l2: 1 - l1Ratio }, penaltyFactors),
    };
  };
}
