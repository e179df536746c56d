import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { optionsObject, vector } from '../core/checks.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { checkFinite } from '../core/matrixInput.ts';
import { columnSpread } from './columnSpread.ts';
import { type Mapped, mapColumns } from './mapColumns.ts';

const KIND = 'MinMaxScaling';
const VERSION = 1;

/** Options of `MinMaxScaler`. */
export interface MinMaxScalerOptions {
  /** Where the smallest and the largest value of every column go. @default [0, 1] */
  range?: readonly [low: number, high: number];
}

/**
 * Min-max scaling of columns (equation 3 of the guide):
 *
 *   x' = low + (high - low) (x - min) / (max - min)
 *
 * with min and max of each column in the data of the fit. A column without spread becomes `low` there; its unit is 1.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const scaling = new MinMaxScaler().fit([[100, 10], [30, 60], [20, 100]]);
 * scaling.transform([[60, 55]]).toRows(); // [[0.5, 0.5]]
 */
export class MinMaxScaler {
  readonly range: readonly [low: number, high: number];

  constructor(options?: MinMaxScalerOptions) {
    const { range = [0, 1] } = optionsObject(options, 'MinMaxScaler', ['range']);
    this.range = rangeOf(range);
  }

  /**
   * @param X n x p, dense or sparse (what is not stored is 0)
   * @throws TypeError, RangeError for data of the wrong kind, or with a value that is not finite (named with its position)
   */
  fit(X: DesignInput): MinMaxScaling {
    const { minimum, maximum } = columnSpread(checkFinite(hostMatrix(X)));
    return new MinMaxScaling({ minimum, maximum, range: this.range });
  }
}

function rangeOf(range: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = vector(range, 'range', 2);
  if (!(low < high && high - low < Infinity)) throw new RangeError(`range: expected low < high, got [${low}, ${high}]`);
  return Object.freeze([low, high] as [number, number]);
}

/** The scaling that `MinMaxScaler.fit` found. Immutable. */
export class MinMaxScaling {
  /** Smallest value of each column in the fit. */
  readonly minimum: Float64Array;
  /** Largest value of each column in the fit. */
  readonly maximum: Float64Array;
  readonly range: readonly [low: number, high: number];
  readonly #unit: Float64Array;

  /** @internal */
  constructor({ minimum, maximum, range }: Pick<MinMaxScaling, 'minimum' | 'maximum' | 'range'>) {
    this.minimum = minimum;
    this.maximum = maximum;
    this.range = range;
    this.#unit = minimum.map((low, j) => maximum[j] - low || 1);
  }

  /**
   * The scaled columns: dense as a `DenseMatrix`, sparse as it came. Values beyond those of the fit go beyond the range.
   * @throws RangeError for another number of columns, values that are not finite, and a sparse X with a column in which 0 does not go to 0
   */
  transform<X extends DesignInput>(X: X): Mapped<X> {
    const { minimum, range } = this;
    const [low, high] = range;
    const unit = this.#unit;
    const image = (x: number, j: number) => {
      const share = (x - minimum[j]) / unit[j];
      // Both ends are met exactly.
      return low * (1 - share) + high * share;
    };
    return mapColumns(
      X,
      minimum.length,
      image,
      (j) => `0 in column ${j}, whose minimum is ${minimum[j]}, goes to ${image(0, j)}`,
    );
  }

  /** The columns before the scaling. @throws as `transform` */
  inverseTransform<X extends DesignInput>(X: X): Mapped<X> {
    const { minimum, range } = this;
    const [low, high] = range;
    const unit = this.#unit;
    const image = (x: number, j: number) => minimum[j] + ((x - low) / (high - low)) * unit[j];
    return mapColumns(X, minimum.length, image, (j) => `0 in column ${j} comes from ${image(0, j)}`);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): { [name: string]: Json } {
    const { minimum, maximum, range } = this;
    return modelJson(KIND, VERSION, { minimum, maximum, range });
  }

  /**
   * The scaling saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): MinMaxScaling {
    const reader = readModelJson(json, KIND, VERSION);
    const minimum = reader.float64Array('minimum');
    const maximum = reader.float64Array('maximum', minimum.length);
    const [low, high] = reader.float64Array('range', 2);
    if (minimum.length === 0) reader.fail('minimum: expected at least one column');
    if (!minimum.every((least, j) => maximum[j] - least >= 0 && maximum[j] - least < Infinity)) {
      reader.fail('maximum: expected finite numbers, none below minimum');
    }
    if (!(low < high && high - low < Infinity)) reader.fail(`range: expected low < high, got [${low}, ${high}]`);
    return new MinMaxScaling({ minimum, maximum, range: Object.freeze([low, high] as [number, number]) });
  }
}
