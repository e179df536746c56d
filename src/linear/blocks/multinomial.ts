import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { booleanFlag, integerVector, numberIn } from '../../core/checks.ts';
import type { MatrixInput, VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { type LambdaOptions, lambdaPlan } from '../lambdas.ts';
import { type BlockCrossValidated, checkFolds, crossValidateBlocks, type FoldOptions } from './blockFolds.ts';
import {
  type BlockFit,
  type BlockOptions,
  type BlockRecipe,
  type BlockSetup,
  blockRecipe,
  byOutput,
  fitBlocks,
  runBlockJob,
} from './blockJob.ts';
import { BlockPath, walkBlocks } from './blockPath.ts';
import type { Blocks } from './blockProblem.ts';
import { singleColumns } from './groups.ts';
import { softmaxLoss } from './outputLoss.ts';

/** Recipe of a multinomial fit. */
export interface MultinomialOptions extends BlockOptions {
  /** Share of the L1 (or group) part; the rest is ridge. @default 1 */
  l1Ratio?: number;
  /** Penalise ||B_j||_2 over the classes in place of ||B_j||_1, so that a column enters for all classes or none. @default false */
  grouped?: boolean;
  /** One factor >= 0 per column; 0 leaves a column free, Infinity keeps it out. @default all 1 */
  penaltyFactors?: VectorInput;
}

/** What the fits take beside X and classes. */
export interface MultinomialFitOptions extends RunOptions<object> {
  sampleWeight?: VectorInput;
  /** A known part of the decision, n x classes. */
  offset?: MatrixInput;
}

/**
 * Multinomial logistic regression, softmax over K classes with one coefficient row and one intercept each (intercepts have mean zero):
 *
 *   min sum_i w_i (log sum_k e^f_ik - f_i,y_i) + lambda sum_j omega_j (rho P(B_j) + (1 - rho) / 2 ||B_j||^2)
 *
 * with P = ||.||_1, or ||.||_2 where `grouped` (Friedman, Hastie, Tibshirani 2010; Simon et al. 2013). Classes are numbers 0..classes - 1.
 */
export function fitMultinomial(
  options: MultinomialOptions & { lambda: number },
  X: DesignInput,
  classIndex: Int32Array,
  classes: number,
  fitOptions: MultinomialFitOptions = {},
): BlockFit {
  const { setup, recipe } = multinomialTask(options, classIndex, classes, fitOptions);
  return centred(fitBlocks(X, setup, recipe, options.lambda, fitOptions));
}

/** `fitMultinomial` at many lambdas; `model` makes what the path holds of a fit. */
export function multinomialPath<M>(
  options: MultinomialOptions & LambdaOptions,
  X: DesignInput,
  classIndex: Int32Array,
  classes: number,
  model: (fit: BlockFit) => M,
  fitOptions: MultinomialFitOptions & RunOptions<{ lambda: number }> = {},
): BlockPath<M> {
  const { setup, recipe } = multinomialTask(options, classIndex, classes, fitOptions);
  const plan = lambdaPlan(options);
  return runBlockJob(X, setup, recipe, fitOptions, (job) => {
    const walk = walkBlocks(job, recipe, plan, fitOptions);
    return new BlockPath({ ...walk, fits: walk.fits.map(centred) }, model);
  });
}

/** Lambda by cross-validated deviance -2 log p. */
export function crossValidateMultinomial<M>(
  options: MultinomialOptions & LambdaOptions & FoldOptions,
  X: DesignInput,
  classIndex: Int32Array,
  classes: number,
  model: (fit: BlockFit) => M,
  fitOptions: MultinomialFitOptions = {},
  deviance: (fitted: Float64Array, i: number) => number = multinomialDeviance(classIndex, classes),
): BlockCrossValidated<M> {
  checkFolds(options);
  const { setup, recipe } = multinomialTask(options, classIndex, classes, fitOptions);
  const task = { setup, recipe, plan: lambdaPlan(options), model: (fit: BlockFit) => model(centred(fit)), deviance };
  return crossValidateBlocks(X, task, options, fitOptions);
}

/** -2 log p of the class of row i, for decisions n x classes, class after class. */
export function multinomialDeviance(classIndex: Int32Array, classes: number): (fitted: Float64Array, i: number) => number {
  const n = classIndex.length;
  const exp = currentBackend().kernels.exp;
  const log = currentBackend().kernels.log;
  return (fitted, i) => {
    let top = -Infinity;
    for (let k = 0; k < classes; k++) top = Math.max(top, fitted[k * n + i]);
    let mass = 0;
    for (let k = 0; k < classes; k++) mass += exp(fitted[k * n + i] - top);
    return 2 * (log(mass) + top - fitted[classIndex[i] * n + i]);
  };
}

function multinomialTask(
  options: MultinomialOptions,
  classIndex: Int32Array,
  classes: number,
  { offset }: MultinomialFitOptions,
): { setup: BlockSetup; recipe: BlockRecipe } {
  const l1Ratio = numberIn(options.l1Ratio ?? 1, 'l1Ratio', 0, 1);
  const grouped = booleanFlag(options.grouped ?? false, 'grouped');
  const penalty = { a: grouped ? l1Ratio : 0, l1: grouped ? 0 : l1Ratio, l2: 1 - l1Ratio };
  const setup: BlockSetup = (n, p) => {
    const label = integerVector(classIndex, 'classes', 0, classes - 1, n);
    return {
      loss: (frame, weights) => softmaxLoss(frame, label, classes, weights),
      offset: offset === undefined ? undefined : byOutput(offset, 'offset', n, classes),
      blocks: singleColumns(p, penalty, options.penaltyFactors) satisfies Blocks,
    };
  };
  return { setup, recipe: blockRecipe(options) };
}

/** Softmax does not see a constant added to all intercepts: their mean becomes zero. */
function centred(fit: BlockFit): BlockFit {
  const mean = fit.intercept.reduce((a, b) => a + b, 0) / fit.intercept.length;
  return { ...fit, intercept: fit.intercept.map((c) => c - mean) };
}
