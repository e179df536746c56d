import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { Label } from '../../core/labels.ts';
import type { MatrixInput } from '../../core/matrixInput.ts';
import type { Certificate } from '../certificate.ts';
import type { BlockFit } from './blockJob.ts';
import { decisions, rowOf, usedColumns } from './decisions.ts';
import { readCertificate } from './readCertificate.ts';

const KIND = 'MultinomialModel';
const VERSION = 1;

/** A fitted multinomial logistic regression: probabilities are the softmax of decisions f = intercept + coef x (+ offset). Immutable. */
export class MultinomialModel<L extends Label = Label> {
  /** The labels, ascending. */
  readonly classes: readonly L[];
  /** classes x p, on the scale of X as given. */
  readonly coef: DenseMatrix;
  /** One per class, with mean zero. */
  readonly intercept: Float64Array;
  /** Strength of the penalty it was fitted with. */
  readonly lambda: number;
  /** Columns that some class uses, ascending. */
  readonly support: Int32Array;
  /** Proof of accuracy. */
  readonly certificate: Certificate;

  /** @internal */
  constructor(parts: {
    classes: readonly L[];
    coef: DenseMatrix;
    intercept: Float64Array;
    lambda: number;
    certificate: Certificate;
  }) {
    this.classes = parts.classes;
    this.coef = parts.coef;
    this.intercept = parts.intercept;
    this.lambda = parts.lambda;
    this.certificate = parts.certificate;
    this.support = usedColumns(this.coef.cols, this.coef.rows, (j, k) => this.coef.get(k, j));
  }

  /**
   * f, rows of X by classes.
   *
   * @param options.offset known part of f, n x classes, as in the fit
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per column of `coef`
   */
  decision(X: DesignInput, options?: { offset?: MatrixInput }): DenseMatrix {
    const { offset } = optionsObject(options, 'decision', ['offset']);
    const { coef, intercept } = this;
    const { fitted, rows } = decisions(X, coef.cols, intercept, (k) => rowOf(coef, k), offset);
    return new DenseMatrix(fitted, rows, intercept.length, 'column');
  }

  /** Softmax of `decision`: rows of X by classes. */
  predictProbability(X: DesignInput, options?: { offset?: MatrixInput }): DenseMatrix {
    const f = this.decision(X, options);
    const { exp } = currentBackend().kernels;
    const out = new DenseMatrix(new Float64Array(f.data.length), f.rows, f.cols);
    for (let i = 0; i < f.rows; i++) {
      const row = rowOf(f, i);
      const top = row.reduce((a, b) => Math.max(a, b));
      const terms = row.map((value) => exp(value - top));
      const mass = terms.reduce((a, b) => a + b, 0);
      for (let k = 0; k < f.cols; k++) out.data[i * f.cols + k] = terms[k] / mass;
    }
    return out;
  }

  /** The most probable class of each row, the first of several. */
  predict(X: DesignInput, options?: { offset?: MatrixInput }): L[] {
    const f = this.decision(X, options);
    return Array.from({ length: f.rows }, (_, i) => {
      const row = rowOf(f, i);
      return this.classes[row.indexOf(row.reduce((a, b) => Math.max(a, b)))];
    });
  }

  /** A plain object for `JSON.stringify`, without loss: `MultinomialModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    const { classes, coef, intercept, lambda, certificate } = this;
    return modelJson(KIND, VERSION, { classes, coef, intercept, lambda, certificate });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): MultinomialModel {
    const reader = readModelJson(json, KIND, VERSION);
    const coef = reader.denseMatrix('coef');
    const classes = reader.labels('classes');
    if (classes.length !== coef.rows) reader.fail(`coef: expected one row per class (${classes.length}), got ${coef.rows}`);
    const intercept = reader.float64Array('intercept', coef.rows);
    return new MultinomialModel({
      classes,
      coef,
      intercept,
      lambda: reader.number('lambda'),
      certificate: readCertificate(reader),
    });
  }
}

/** What a fit of `fitMultinomial` says, with the names of its classes. */
export function multinomialModel<L extends Label>(classes: readonly L[]): (fit: BlockFit) => MultinomialModel<L> {
  return ({ p, index, values, intercept, lambda, certificate }) => {
    const count = classes.length;
    const coef = new DenseMatrix(new Float64Array(count * p), count, p);
    for (const [c, j] of index.entries()) for (let k = 0; k < count; k++) coef.data[k * p + j] = values[c * count + k];
    return new MultinomialModel({ classes, coef, intercept, lambda, certificate });
  };
}
