import type { DesignInput } from '../../backend/residentMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { ModelReader } from '../../core/modelReader.ts';
import type { Certificate } from '../certificate.ts';
import { LinearModel, readCertificate } from '../linearModel.ts';

/** What `predict` and `score` take. */
export interface OffsetOption {
  /** Known part of the linear prediction, as in the fit. */
  offset?: VectorInput;
}

/** What the fitted models share: a linear prediction f = intercept + X coef (+ offset). Immutable. */
export abstract class GeneralizedModel {
  /** One coefficient per column, exact zeros outside the support, on the scale of X as given. */
  readonly coef: Float64Array;
  readonly intercept: number;
  /** Strength of the penalty it was fitted with. */
  readonly lambda: number;
  /** Columns with a coefficient that is not zero, ascending. */
  readonly support: Int32Array;
  /** Proof of accuracy. */
  readonly certificate: Certificate;
  readonly #linear: LinearModel;

  /** @internal */
  constructor(linear: LinearModel) {
    this.coef = linear.coef;
    this.intercept = linear.intercept;
    this.lambda = linear.lambda;
    this.support = linear.support;
    this.certificate = linear.certificate;
    this.#linear = linear;
  }

  /** @internal f, one per row. */
  protected linear(X: DesignInput, options?: OffsetOption): Float64Array {
    return this.#linear.predict(X, options);
  }

  /** @internal What a saved model holds. */
  protected fields() {
    const { coef, intercept, lambda, certificate } = this;
    return { coef, intercept, lambda, certificate };
  }
}

/** The part of a saved model that `fields` wrote. */
export function readFields(reader: ModelReader): LinearModel {
  const coef = reader.float64Array('coef');
  if (coef.length === 0) reader.fail('coef: expected at least one coefficient');
  const [intercept, lambda] = [reader.number('intercept'), reader.number('lambda')];
  return new LinearModel({ coef, intercept, lambda, certificate: readCertificate(reader.object('certificate')) });
}
