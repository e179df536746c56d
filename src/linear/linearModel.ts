import { type DesignInput, ResidentMatrix } from '../backend/residentMatrix.ts';
import { optionsObject, vector } from '../core/checks.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import { asMatrix, checkFinite, type VectorInput } from '../core/matrixInput.ts';
import type { ModelReader } from '../core/modelReader.ts';
import { type Certificate, STATUSES } from './certificate.ts';

const KIND = 'LinearModel';
const VERSION = 1;

/** The parts of a fitted linear model. */
export interface LinearModelParts {
  coef: Float64Array;
  intercept: number;
  lambda: number;
  certificate: Certificate;
  history?: Float64Array;
}

/** A fitted linear model: prediction = intercept + X coef (+ offset). Immutable. */
export class LinearModel {
  /** One coefficient per column, exact zeros outside the support, on the scale of X as given. */
  readonly coef: Float64Array;
  readonly intercept: number;
  /** Strength of the penalty it was fitted with. */
  readonly lambda: number;
  /** Columns with a coefficient that is not zero, ascending. */
  readonly support: Int32Array;
  /** Proof of accuracy. */
  readonly certificate: Certificate;
  /** Objective after every pass of the solver, where `history` was asked for. */
  declare readonly history?: Float64Array;

  /** @internal */
  constructor({ coef, intercept, lambda, certificate, history }: LinearModelParts) {
    this.coef = coef;
    this.intercept = intercept;
    this.lambda = lambda;
    this.certificate = certificate;
    this.support = supportOf(coef);
    if (history) this.history = history;
  }

  /**
   * Predictions, one per row of X.
   *
   * @param options.offset known part of the prediction, as in the fit
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per coefficient
   */
  predict(X: DesignInput, options?: { offset?: VectorInput }): Float64Array {
    const { offset } = optionsObject(options, 'predict', ['offset']);
    const matrix = X instanceof ResidentMatrix ? X : checkFinite(asMatrix(X));
    if (matrix.cols !== this.coef.length) {
      throw new RangeError(`X: expected ${this.coef.length} columns, as in the fit, got ${matrix.cols}`);
    }
    const fitted = matrix.matvec(this.coef);
    const known = offset === undefined ? undefined : vector(offset, 'offset', matrix.rows);
    for (let i = 0; i < fitted.length; i++) fitted[i] += this.intercept + (known ? known[i] : 0);
    return fitted;
  }

  /**
   * Share of the variance of y that is explained, R^2 = 1 - sum w (y - f)^2 / sum w (y - mean)^2. A constant y gives 1 for a perfect fit and
   * 0 otherwise.
   */
  score(X: DesignInput, y: VectorInput, options?: { sampleWeight?: VectorInput; offset?: VectorInput }): number {
    const { sampleWeight, offset } = optionsObject(options, 'score', ['sampleWeight', 'offset']);
    const fitted = this.predict(X, offset === undefined ? undefined : { offset });
    const response = vector(y, 'y', fitted.length);
    const weights = sampleWeight === undefined ? undefined : vector(sampleWeight, 'sampleWeight', fitted.length);
    let total = 0;
    let mean = 0;
    for (let i = 0; i < fitted.length; i++) {
      const w = weights ? weights[i] : 1;
      total += w;
      mean += w * response[i];
    }
    mean /= total;
    let rest = 0;
    let spread = 0;
    for (let i = 0; i < fitted.length; i++) {
      const w = weights ? weights[i] : 1;
      rest += w * (response[i] - fitted[i]) ** 2;
      spread += w * (response[i] - mean) ** 2;
    }
    return spread > 0 ? 1 - rest / spread : rest === 0 ? 1 : 0;
  }

  /** A plain object for `JSON.stringify`, without loss: `LinearModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    const { coef, intercept, lambda, certificate } = this;
    return modelJson(KIND, VERSION, { coef, intercept, lambda, certificate });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): LinearModel {
    const reader = readModelJson(json, KIND, VERSION);
    const certificate = readCertificate(reader.object('certificate'));
    const coef = reader.float64Array('coef');
    if (coef.length === 0) reader.fail('coef: expected at least one coefficient');
    return new LinearModel({
      coef,
      intercept: reader.number('intercept'),
      lambda: reader.number('lambda'),
      certificate,
    });
  }
}

/** A certificate as `toJSON` writes it. */
export function readCertificate(proof: ModelReader): Certificate {
  const certificate: Certificate = {
    converged: proof.boolean('converged'),
    status: proof.oneOf('status', STATUSES),
    gap: proof.number('gap'),
    kkt: proof.number('kkt'),
    primal: proof.number('primal'),
    dual: proof.number('dual'),
    epochs: proof.number('epochs'),
    tol: proof.number('tol'),
  };
  if (proof.has('unique')) certificate.unique = proof.boolean('unique');
  return certificate;
}

function supportOf(coef: Float64Array): Int32Array {
  const support = new Int32Array(coef.length);
  let count = 0;
  for (let j = 0; j < coef.length; j++) if (coef[j] !== 0) support[count++] = j;
  return support.slice(0, count);
}
