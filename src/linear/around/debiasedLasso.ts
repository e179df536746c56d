import { arena } from '../../backend/arena.ts';
import type { Pointer } from '../../backend/kernels.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerVector, numberIn, optionsObject, positiveNumber } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { PathFollower } from '../followPath.ts';
import { type Job, runJob } from '../job.ts';
import { LinearModel } from '../linearModel.ts';
import { type FitOptions, recipeOf } from '../options.ts';
import { dense } from '../pathRecord.ts';
import { Problem } from '../problem.ts';
import { normalQuantile, twoSidedTail } from './normal.ts';
import { scaledLasso, universalLambda } from './scaledLasso.ts';

/** A column is explained by the others when this share of it is left, or less: nothing can be said about its own coefficient. */
const EXPLAINED = 1e-7;
const TOL = 1e-8;

/** Options of `debiasedLasso`. */
export interface DebiasedOptions extends FitOptions {
  /** Strength of the first lasso, on columns scaled to unit standard deviation. Default: that of the scaled lasso, sigma sqrt(log(p) / n). */
  lambda?: number;
  /** Strength of the lassos of the columns on each other, in units of what each leaves of its column. @default sqrt(log(p) / (2 n)) */
  columnLambda?: number;
  /** Probability that an interval covers its coefficient. @default 0.95 */
  confidence?: number;
  /** Columns to look at. @default all */
  columns?: ArrayLike<number>;
  /** Standard deviation of the noise, where it is known. */
  noise?: number;
  /** @default true */
  fitIntercept?: boolean;
}

/** Coefficients without the bias of the lasso, with confidence intervals; entry k belongs to column `columns[k]`. */
export interface DebiasedLasso {
  columns: Int32Array;
  coef: Float64Array;
  standardErrors: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** Of the hypothesis that the coefficient is 0, two-sided; not corrected for the number of columns. */
  pValues: Float64Array;
  confidence: number;
  /** Standard deviation of the noise. */
  noise: number;
  /** The first lasso. */
  model: LinearModel;
  /** Coarsest relative duality gap of the lassos of the columns. */
  columnGap: number;
}

/**
 * The debiased (desparsified) lasso: confidence intervals for single coefficients, also with more columns than rows (Zhang and Zhang 2014; van de Geer,
 * Buehlmann, Ritov and Dezeure 2014; Javanmard and Montanari 2014). With b and r = y - X b of a lasso, and z_j what a lasso of column j on all others
 * leaves of it,
 *
 *   coef_j = b_j + z_j'r / z_j'x_j,   standard error_j = noise ||z_j|| / |z_j'x_j|
 *
 * All are scaled lassos (Sun and Zhang 2012) on standardised columns; noise^2 is the residual sum of squares of the first, divided by n - df - 1 (Reid,
 * Tibshirani and Friedman 2016), which also pays for what its bias leaves in the residuals. The intervals assume independent noise of one variance (with `sampleWeight` s_i: noise^2 / s_i,
 * s scaled to mean 1), a sparse truth and rows that are a sample. A column that the others explain completely has an infinite standard error.
 *
 * @param X n x p, dense or sparse
 * @param y n values
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const { coef, lower, upper, pValues } = debiasedLasso(X, y, { columns: [0, 1, 2] });
 */
export function debiasedLasso(X: DesignInput, y: VectorInput, options: DebiasedOptions = {}): DebiasedLasso {
  const known = ['lambda', 'columnLambda', 'confidence', 'columns', 'noise', 'fitIntercept', ...FIT_OPTIONS] as const;
  const {
    lambda,
    columnLambda,
    confidence = 0.95,
    noise,
    fitIntercept = true,
    ...rest
  } = optionsObject(options, 'debiasedLasso', known);
  if (lambda !== undefined) positiveNumber(lambda, 'lambda');
  if (columnLambda !== undefined) positiveNumber(columnLambda, 'columnLambda');
  if (noise !== undefined) positiveNumber(noise, 'noise');
  numberIn(confidence, 'confidence', 0, 1, '()');
  const { columns: chosen, ...fitOptions } = rest;
  const recipe = recipeOf({ fitIntercept, standardize: true, tol: TOL }, 1);
  return runJob(X, y, recipe, fitOptions, (job) => {
    const { frame, columns: data } = job;
    const problem = job.problem();
    const { kernels, p } = problem;
    const columns =
      chosen === undefined ? Int32Array.from({ length: p }, (_, j) => j) : integerVector(chosen, 'columns', 0, p - 1);
    const rows = job.sampleWeight ? job.sampleWeight.filter((w) => w > 0).length : problem.n;
    const universal = universalLambda(kernels, rows, p);
    const first =
      lambda === undefined
        ? scaledLasso(problem, universal * Math.SQRT1_2)
        : new PathFollower(problem, recipe).visit(lambda, TOL);
    const residual = frame.uninitialised(problem.n * 8);
    problem.residual(first.index, first.values, residual);
    const free = Math.max(1, rows - first.index.length - (fitIntercept ? 1 : 0));
    const sigma = noise ?? Math.sqrt((kernels.dot(residual, residual, problem.n) * rows) / free);
    const b = dense(first.index, first.values, p);
    const model = new LinearModel({
      coef: b,
      intercept: problem.intercept(first.index, first.values),
      lambda: first.lambda,
      certificate: first.certificate,
    });
    const z = normalQuantile(kernels, 0.5 + confidence / 2);
    const out = Array.from({ length: 5 }, () => new Float64Array(columns.length));
    const [coef, standardErrors, lower, upper, pValues] = out;
    let columnGap = 0;
    for (const [k, j] of columns.entries()) {
      fitOptions.signal?.throwIfAborted();
      const usable = frame.heap.f64(problem.second, data.cols)[j] > 0;
      const part = usable ? withoutOthers(job, j, columnLambda ?? universal / 2, residual) : undefined;
      coef[k] = b[j] + (part?.step ?? 0);
      standardErrors[k] = part ? (sigma * part.spread) / Math.sqrt(rows) : Infinity;
      lower[k] = coef[k] - z * standardErrors[k];
      upper[k] = coef[k] + z * standardErrors[k];
      pValues[k] = coef[k] === 0 ? 1 : twoSidedTail(kernels, coef[k] / standardErrors[k]);
      columnGap = Math.max(columnGap, part?.gap ?? 0);
      fitOptions.onProgress?.({ done: k + 1, total: columns.length });
    }
    return { columns, coef, standardErrors, lower, upper, pValues, confidence, noise: sigma, model, columnGap };
  });
}

const FIT_OPTIONS = ['sampleWeight', 'offset', 'signal', 'onProgress'] as const;

/** What is left of column j after a lasso on the others, z: the step z'r / z'x_j and the spread ||z|| / |z'x_j|. */
function withoutOthers(
  job: Job,
  j: number,
  lambda0: number,
  residual: Pointer,
): { step: number; spread: number; gap: number } | undefined {
  return arena(job.frame.backend, (frame) => {
    const { kernels, heap } = frame;
    const { rows: n, cols: p } = job.columns;
    const column = frame.uninitialised(n * 8);
    job.columns.pack(j, 0, 0, column);
    const penaltyFactors = new Float64Array(p).fill(1);
    penaltyFactors[j] = Infinity;
    const shape = { ...job.shape, penaltyFactors };
    const problem = new Problem(frame, job.columns, heap.f64(column, n).slice(), shape, job.sampleWeight);
    const { index, values, certificate } = scaledLasso(problem, lambda0);
    problem.residual(index, values, column);
    const own = kernels.dot(column, problem.response, n);
    if (!(own > EXPLAINED * 2 * problem.nullLoss)) return undefined;
    const step = kernels.dot(column, residual, n) / own;
    return { step, spread: Math.sqrt(kernels.dot(column, column, n)) / own, gap: certificate.gap };
  });
}
