import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, optionsObject } from '../core/checks.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { checkFinite } from '../core/matrixInput.ts';
import { columnSpread } from './columnSpread.ts';
import { type Mapped, mapColumns } from './mapColumns.ts';

const KIND = 'StandardScaling';
const VERSION = 1;

/** Options of `StandardScaler`. */
export interface StandardScalerOptions {
  /** Subtract the mean. Sparse X can only be scaled without (or where its columns have the mean 0). @default true */
  withMean?: boolean;
  /** Divide by the standard deviation. @default true */
  withStd?: boolean;
  /** What the number of rows is reduced by in the variance: 0 for the population's, 1 for the unbiased estimate. @default 0 */
  ddof?: number;
}

/**
 * Columns of mean 0 and variance 1:
 *
 *   x' = (x - mean) / deviation,   deviation^2 = sum (x - mean)^2 / (n - ddof)
 *
 * with mean and deviation of each column in the data of the fit. A column without spread becomes 0 there (its value, under
 * `withMean: false`); its unit is 1. Linear models do this on their own with `standardize: true`.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * new StandardScaler().fit([[1], [3]]).transform([[1], [3]]).toRows(); // [[-1], [1]]
 */
export class StandardScaler {
  readonly withMean: boolean;
  readonly withStd: boolean;
  readonly ddof: number;

  constructor(options?: StandardScalerOptions) {
    const {
      withMean = true,
      withStd = true,
      ddof = 0,
    } = optionsObject(options, 'StandardScaler', ['withMean', 'withStd', 'ddof']);
    this.withMean = booleanFlag(withMean, 'withMean');
    this.withStd = booleanFlag(withStd, 'withStd');
    this.ddof = integerIn(ddof, 'ddof', 0);
  }

  /**
   * @param X n x p, dense or sparse (what is not stored is 0), n > ddof
   * @throws TypeError, RangeError for data of the wrong kind, too few rows, or a value that is not finite (named with its position)
   */
  fit(X: DesignInput): StandardScaling {
    const matrix = checkFinite(hostMatrix(X));
    const { withMean, withStd, ddof } = this;
    if (matrix.rows <= ddof) {
      throw new RangeError(`X: expected at least ${ddof + 1} rows for ddof = ${ddof}, got ${matrix.rows}`);
    }
    const { mean, norm } = columnSpread(matrix);
    const root = Math.sqrt(matrix.rows - ddof);
    return new StandardScaling({ mean, deviation: norm.map((length) => length / root), withMean, withStd });
  }
}

/** The scaling that `StandardScaler.fit` found. Immutable. */
export class StandardScaling {
  /** Mean of each column in the fit. */
  readonly mean: Float64Array;
  /** Standard deviation of each column in the fit. */
  readonly deviation: Float64Array;
  readonly withMean: boolean;
  readonly withStd: boolean;
  readonly #centre: Float64Array;
  readonly #unit: Float64Array;

  /** @internal */
  constructor({ mean, deviation, withMean, withStd }: Pick<StandardScaling, 'mean' | 'deviation' | 'withMean' | 'withStd'>) {
    this.mean = mean;
    this.deviation = deviation;
    this.withMean = withMean;
    this.withStd = withStd;
    this.#centre = mean.map((m) => (withMean ? m : 0));
    this.#unit = deviation.map((d) => (withStd && d > 0 ? d : 1));
  }

  /**
   * The scaled columns: dense as a `DenseMatrix`, sparse as it came.
   * @throws RangeError for another number of columns, values that are not finite, and a sparse X of which a mean would be subtracted
   */
  transform<X extends DesignInput>(X: X): Mapped<X> {
    const centre = this.#centre;
    const unit = this.#unit;
    return mapColumns(X, centre.length, (x, j) => (x - centre[j]) / unit[j], this.#cause);
  }

  /** The columns before the scaling. @throws as `transform` */
  inverseTransform<X extends DesignInput>(X: X): Mapped<X> {
    const centre = this.#centre;
    const unit = this.#unit;
    return mapColumns(X, centre.length, (x, j) => x * unit[j] + centre[j], this.#cause);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): { [name: string]: Json } {
    const { mean, deviation, withMean, withStd } = this;
    return modelJson(KIND, VERSION, { mean, deviation, withMean, withStd });
  }

  /**
   * The scaling saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): StandardScaling {
    const reader = readModelJson(json, KIND, VERSION);
    const mean = reader.float64Array('mean');
    const deviation = reader.float64Array('deviation', mean.length);
    if (mean.length === 0) reader.fail('mean: expected at least one column');
    if (!mean.every(Number.isFinite)) reader.fail('mean: expected finite numbers');
    if (!deviation.every((d) => d >= 0 && d < Infinity)) reader.fail('deviation: expected finite numbers >= 0');
    return new StandardScaling({ mean, deviation, withMean: reader.boolean('withMean'), withStd: reader.boolean('withStd') });
  }

  #cause = (j: number): string => `the mean of column ${j} is ${this.#centre[j]}, not 0 (withMean: false leaves it)`;
}
