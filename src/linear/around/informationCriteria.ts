import { currentBackend } from '../../backend/backend.ts';
import { integerIn, nonNegativeNumber, numberIn, optionsObject } from '../../core/checks.ts';

/** The likelihood of a saturated Gaussian fit is without bound: a fit that leaves a smaller share of the deviance counts as saturated. */
const SATURATED = 1e-12;

/** What the criteria need of a path, whatever its loss: `LinearPath` has it. */
export interface PathSummary {
  points: readonly {
    lambda: number;
    /** Coefficients that are not zero. */
    df: number;
    /** 1 - deviance / null deviance */
    devianceRatio: number;
  }[];
}

/** Options of `informationCriteria`. */
export interface CriteriaOptions {
  /** Number of rows of the fit, n (without those of weight 0). */
  rows: number;
  /** Number of columns to choose from, p. */
  columns: number;
  /** Weight of the number of models of a size in EBIC, 0 to 1; 0 makes it BIC. @default 0.5 */
  gamma?: number;
  /**
   * The null deviance, -2 log likelihood of the null model against the saturated one, where the loss has no unknown scale (logistic, Poisson). Default: a
   * Gaussian with unknown variance, -2 log L = n log(RSS / n) + constant.
   */
  nullDeviance?: number;
}

/** Criteria along a path, up to a constant that all its points share; smaller is better. */
export interface InformationCriteria {
  aic: Float64Array;
  bic: Float64Array;
  ebic: Float64Array;
  /** Lambdas with the smallest criterion, the largest of equal ones. */
  lambdaAic: number;
  lambdaBic: number;
  lambdaEbic: number;
}

/**
 * Information criteria along a path of any loss:
 *
 *   AIC = -2 log L + 2 df,   BIC = -2 log L + df log n,   EBIC = BIC + 2 gamma log(p choose df)
 *
 * (Akaike 1974, Schwarz 1978, Chen and Chen 2008; beyond df = p / 2, where p choose df would fall again, it keeps its value). For the lasso df is the number of coefficients that are not zero (Zou, Hastie and Tibshirani 2007).
 * A Gaussian fit without residual degrees of freedom (df >= n - 1, or nothing left to explain) has the value Infinity: its likelihood says nothing.
 *
 * @throws TypeError, RangeError for values of the wrong kind or amount
 * @example
 * const path = lassoPath(X, y);
 * const { lambdaEbic } = informationCriteria(path, { rows: X.rows, columns: X.cols });
 * path.at(lambdaEbic).support;
 */
export function informationCriteria(path: PathSummary, options: CriteriaOptions): InformationCriteria {
  const known = ['rows', 'columns', 'gamma', 'nullDeviance'] as const;
  const { rows, columns, gamma = 0.5, nullDeviance } = optionsObject(options, 'informationCriteria', known);
  integerIn(rows, 'rows', 1);
  integerIn(columns, 'columns', 1);
  numberIn(gamma, 'gamma', 0, 1);
  if (nullDeviance !== undefined) nonNegativeNumber(nullDeviance, 'nullDeviance');
  const points = path?.points;
  if (!Array.isArray(points) || points.length === 0) throw new TypeError('path: expected a path with at least one point');
  const { kernels } = currentBackend();
  const logRows = kernels.log(rows);
  const models = logBinomials(columns, Math.max(...points.map(({ df }) => integerIn(df, 'df', 0, columns))), kernels.log);
  const fits = Float64Array.from(points, ({ df, devianceRatio }) => {
    const left = 1 - devianceRatio;
    if (nullDeviance !== undefined) return nullDeviance * left;
    return df >= rows - 1 || left <= SATURATED ? Infinity : rows * kernels.log(left);
  });
  const aic = fits.map((fit, k) => fit + 2 * points[k].df);
  const bic = fits.map((fit, k) => fit + logRows * points[k].df);
  const ebic = bic.map((value, k) => value + 2 * gamma * models[points[k].df]);
  const best = (values: Float64Array) => points[values.indexOf(values.reduce((a, b) => Math.min(a, b)))].lambda;
  return { aic, bic, ebic, lambdaAic: best(aic), lambdaBic: best(bic), lambdaEbic: best(ebic) };
}

/** log(p choose k) for k = 0 to most, but not falling again beyond p / 2: a larger model is never cheaper. */
function logBinomials(p: number, most: number, log: (x: number) => number): Float64Array {
  const values = new Float64Array(most + 1);
  for (let k = 1; k <= most; k++) values[k] = values[k - 1] + Math.max(0, log((p - k + 1) / k));
  return values;
}
