import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject, vector } from '../../core/checks.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { Certificate } from '../certificate.ts';
import { LOSS_NAMES, type LossName } from '../glm/loss.ts';
import type { BlockFit } from './blockJob.ts';
import { decisions, usedColumns } from './decisions.ts';
import { readCertificate } from './readCertificate.ts';

const KIND = 'GroupLassoModel';
const VERSION = 1;

/** A fitted group lasso: decision f = intercept + X coef (+ offset). Immutable. */
export class GroupLassoModel {
  /** One coefficient per column, exact zeros outside the support, on the scale of X as given. */
  readonly coef: Float64Array;
  readonly intercept: number;
  /** Strength of the penalty it was fitted with. */
  readonly lambda: number;
  readonly loss: LossName;
  /** Groups with a coefficient that is not zero, ascending: positions in the list of groups, or of labels in ascending order. */
  readonly groups: Int32Array;
  /** Columns with a coefficient that is not zero, ascending. */
  readonly support: Int32Array;
  /** Proof of accuracy. */
  readonly certificate: Certificate;

  /** @internal */
  constructor(parts: {
    coef: Float64Array;
    intercept: number;
    lambda: number;
    loss: LossName;
    groups: Int32Array;
    certificate: Certificate;
  }) {
    this.coef = parts.coef;
    this.intercept = parts.intercept;
    this.lambda = parts.lambda;
    this.loss = parts.loss;
    this.groups = parts.groups;
    this.certificate = parts.certificate;
    this.support = usedColumns(this.coef.length, 1, (j) => this.coef[j]);
  }

  /**
   * f, one value per row of X.
   *
   * @param options.offset known part of f, as in the fit
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per coefficient
   */
  decision(X: DesignInput, options?: { offset?: VectorInput }): Float64Array {
    const { offset } = optionsObject(options, 'decision', ['offset']);
    const { fitted, rows } = decisions(X, this.coef.length, Float64Array.of(this.intercept), () => this.coef);
    if (offset === undefined) return fitted;
    const known = vector(offset, 'offset', rows);
    return fitted.map((f, i) => f + known[i]);
  }

  /** What the loss expects of y: f for squared and Huber, e^f for Poisson, the class of the sign of f for logistic (0, 1) and squared hinge (-1, 1). */
  predict(X: DesignInput, options?: { offset?: VectorInput }): Float64Array {
    const f = this.decision(X, options);
    const { exp } = currentBackend().kernels;
    switch (this.loss) {
      case 'poisson':
        return f.map(exp);
      case 'logistic':
        return f.map((value) => (value > 0 ? 1 : 0));
      case 'squaredHinge':
        return f.map((value) => (value > 0 ? 1 : -1));
      default:
        return f;
    }
  }

  /** A plain object for `JSON.stringify`, without loss: `GroupLassoModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    const { coef, intercept, lambda, loss, groups, certificate } = this;
    return modelJson(KIND, VERSION, { coef, intercept, lambda, loss, groups, certificate });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): GroupLassoModel {
    const reader = readModelJson(json, KIND, VERSION);
    const coef = reader.float64Array('coef');
    if (coef.length === 0) reader.fail('coef: expected at least one coefficient');
    return new GroupLassoModel({
      coef,
      intercept: reader.number('intercept'),
      lambda: reader.number('lambda'),
      loss: reader.oneOf('loss', LOSS_NAMES),
      groups: reader.int32Array('groups', undefined, 0),
      certificate: readCertificate(reader),
    });
  }
}

/** @internal */
export function groupModel(loss: LossName): (fit: BlockFit) => GroupLassoModel {
  return ({ p, index, values, intercept, lambda, active, certificate }) => {
    const coef = new Float64Array(p);
    for (const [c, j] of index.entries()) coef[j] = values[c];
    return new GroupLassoModel({ coef, intercept: intercept[0], lambda, loss, groups: active, certificate });
  };
}
