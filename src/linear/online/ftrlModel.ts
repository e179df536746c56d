import { type DesignInput, ResidentMatrix } from '../../backend/residentMatrix.ts';
import { asMatrix, checkFinite } from '../../core/matrixInput.ts';
import type { ModelReader } from '../../core/modelReader.ts';
import { SparseVector } from '../../core/sparseVector.ts';

/** What every model of an online learner has. */
export interface FtrlModelParts {
  coef: SparseVector;
  intercept: number;
  rows: number;
  progressiveLoss: number;
}

/** What an online learner knew when it was asked: f = intercept + X coef. Immutable. */
export class FtrlModel {
  /** One coefficient per column; only those that are not 0 are written down. */
  readonly coef: SparseVector;
  readonly intercept: number;
  /** Columns with a coefficient that is not zero, ascending. */
  readonly support: Int32Array;
  /** Rows learned, a row of weight k counting k times. */
  readonly rows: number;
  /** Mean loss of every row before it was learned. */
  readonly progressiveLoss: number;

  /** @internal */
  constructor({ coef, intercept, rows, progressiveLoss }: FtrlModelParts) {
    this.coef = coef;
    this.intercept = intercept;
    this.support = coef.indices;
    this.rows = rows;
    this.progressiveLoss = progressiveLoss;
  }

  /** f = intercept + X coef, one per row. @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per coefficient */
  decision(X: DesignInput): Float64Array {
    const matrix = X instanceof ResidentMatrix ? X : checkFinite(asMatrix(X));
    if (matrix.cols !== this.coef.length) {
      throw new RangeError(`X: expected ${this.coef.length} columns, as in the fit, got ${matrix.cols}`);
    }
    return matrix.matvec(this.coef.toDense()).map((value) => value + this.intercept);
  }

  /** @internal */
  protected fields(): object {
    const { coef, intercept, rows, progressiveLoss } = this;
    return { features: coef.length, support: coef.indices, values: coef.values, intercept, rows, progressiveLoss };
  }
}

/** The parts that `fields` wrote. */
export function readParts(reader: ModelReader): FtrlModelParts {
  const features = reader.integer('features', 1);
  const support = reader.int32Array('support', undefined, 0, features - 1);
  if (support.some((j, k) => k > 0 && j <= support[k - 1])) reader.fail('"support" is not strictly increasing');
  return {
    coef: new SparseVector(features, support, reader.float64Array('values', support.length)),
    intercept: reader.number('intercept'),
    rows: reader.number('rows'),
    progressiveLoss: reader.number('progressiveLoss'),
  };
}
