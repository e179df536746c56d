import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { MatrixInput } from '../../core/matrixInput.ts';
import type { Certificate } from '../certificate.ts';
import type { BlockFit } from './blockJob.ts';
import { decisions, usedColumns } from './decisions.ts';
import { readCertificate } from './readCertificate.ts';

const KIND = 'MultiTaskModel';
const VERSION = 1;

/** A fitted linear model of several responses: predictions = intercept + X coef (+ offset). Immutable. */
export class MultiTaskModel {
  /** p x K, exact zeros in the rows outside the support, on the scale of X as given. */
  readonly coef: DenseMatrix;
  /** One per task. */
  readonly intercept: Float64Array;
  /** Strength of the penalty it was fitted with. */
  readonly lambda: number;
  /** Columns that some task uses, ascending. */
  readonly support: Int32Array;
  /** Proof of accuracy. */
  readonly certificate: Certificate;

  /** @internal */
  constructor(parts: { coef: DenseMatrix; intercept: Float64Array; lambda: number; certificate: Certificate }) {
    this.coef = parts.coef;
    this.intercept = parts.intercept;
    this.lambda = parts.lambda;
    this.certificate = parts.certificate;
    this.support = usedColumns(this.coef.rows, this.coef.cols, (j, k) => this.coef.get(j, k));
  }

  /**
   * Predictions, rows of X by tasks.
   *
   * @param options.offset known part of the predictions, n x K, as in the fit
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per row of `coef`
   */
  predict(X: DesignInput, options?: { offset?: MatrixInput }): DenseMatrix {
    const { offset } = optionsObject(options, 'predict', ['offset']);
    const { coef, intercept } = this;
    const task = (k: number) => Float64Array.from({ length: coef.rows }, (_, j) => coef.get(j, k));
    const { fitted, rows } = decisions(X, coef.rows, intercept, task, offset);
    return new DenseMatrix(fitted, rows, intercept.length, 'column');
  }

  /** A plain object for `JSON.stringify`, without loss: `MultiTaskModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    const { coef, intercept, lambda, certificate } = this;
    return modelJson(KIND, VERSION, { coef, intercept, lambda, certificate });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): MultiTaskModel {
    const reader = readModelJson(json, KIND, VERSION);
    const coef = reader.denseMatrix('coef');
    const intercept = reader.float64Array('intercept', coef.cols);
    return new MultiTaskModel({ coef, intercept, lambda: reader.number('lambda'), certificate: readCertificate(reader) });
  }
}

/** @internal */
export function multiTaskModel({ p, index, values, intercept, lambda, certificate }: BlockFit): MultiTaskModel {
  const outputs = intercept.length;
  const coef = new DenseMatrix(new Float64Array(p * outputs), p, outputs);
  for (const [c, j] of index.entries()) coef.data.set(values.subarray(c * outputs, (c + 1) * outputs), j * outputs);
  return new MultiTaskModel({ coef, intercept, lambda, certificate });
}
