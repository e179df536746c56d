import type { DesignInput } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { certificateOf } from './decompose.ts';
import { expand, project } from './project.ts';
import type { SpectralCertificate } from './spectralCertificate.ts';

const KIND = 'TruncatedSvd';

/** Leading singular values and right singular vectors of a matrix. Immutable. */
export class TruncatedSvdModel {
  /** k x p: one right singular vector per row, its first entry of largest magnitude positive. */
  readonly components: DenseMatrix;
  /** From large to small. */
  readonly singularValues: Float64Array;
  /** Population variance (1/n) of each column of scores. X is not centred, so these need not fall. */
  readonly explainedVariance: Float64Array;
  /** Shares of the sum of the population variances of the columns of X. */
  readonly explainedVarianceRatio: Float64Array;
  /** Share of the squares of X: sigma_i^2 / ||X||^2. These do fall, and sum to at most 1. */
  readonly squaredNormRatio: Float64Array;
  /** Rows of the fit. */
  readonly rows: number;
  readonly certificate: SpectralCertificate;

  /** @internal `means`: of the columns of X; `variance`: sum of their population variances; `squares`: of all entries of X */
  constructor(
    parts: {
      components: Float64Array;
      singularValues: Float64Array;
      rows: number;
      cols: number;
      certificate: SpectralCertificate;
    } & (
      | { means: Float64Array; variance: number; squares: number }
      | { explainedVariance: Float64Array; explainedVarianceRatio: Float64Array; squaredNormRatio: Float64Array }
    ),
  ) {
    const { components, singularValues, rows, cols } = parts;
    const k = singularValues.length;
    this.components = new DenseMatrix(components, k, cols);
    this.singularValues = singularValues;
    this.rows = rows;
    this.certificate = parts.certificate;
    if ('explainedVariance' in parts) {
      this.explainedVariance = parts.explainedVariance;
      this.explainedVarianceRatio = parts.explainedVarianceRatio;
      this.squaredNormRatio = parts.squaredNormRatio;
      return;
    }
    const { means, variance, squares } = parts;
    // The mean score is the mean row times the component.
    this.explainedVariance = singularValues.map((s, i) => {
      let mean = 0;
      for (let j = 0; j < cols; j++) mean += means[j] * components[i * cols + j];
      return Math.max((s * s) / rows - mean * mean, 0);
    });
    this.explainedVarianceRatio = this.explainedVariance.map((v) => (variance > 0 ? v / variance : 0));
    const explained = singularValues.reduce((a, s) => a + s * s, 0);
    this.squaredNormRatio = singularValues.map((s) => (explained > 0 ? (s * s) / Math.max(squares, explained) : 0));
  }

  /** Scores X V: one row of k numbers per row of X. @throws RangeError for another number of columns, NaN and infinities */
  transform(X: DesignInput): DenseMatrix {
    return project(X, this.components, {});
  }

  /** Rows of X from scores: their best approximation in k dimensions, always dense. */
  inverseTransform(Z: DesignInput): DenseMatrix {
    return expand(Z, this.components, {});
  }

  toJSON(): { [name: string]: Json } {
    const { components, singularValues, explainedVariance, explainedVarianceRatio, squaredNormRatio, rows, certificate } = this;
    const fields = { components, singularValues, explainedVariance, explainedVarianceRatio, squaredNormRatio, rows, certificate };
    return modelJson(KIND, 1, fields);
  }

  /** @throws SpinifexError `'BAD_MODEL'` for anything else than a saved TruncatedSvd */
  static fromJSON(json: unknown): TruncatedSvdModel {
    const reader = readModelJson(json, KIND, 1);
    const components = reader.denseMatrix('components');
    const { rows: k, cols } = components;
    return new TruncatedSvdModel({
      components: components.data as Float64Array,
      singularValues: reader.float64Array('singularValues', k),
      explainedVariance: reader.float64Array('explainedVariance', k),
      explainedVarianceRatio: reader.float64Array('explainedVarianceRatio', k),
      squaredNormRatio: reader.float64Array('squaredNormRatio', k),
      rows: reader.integer('rows', 1),
      cols,
      certificate: certificateOf(reader.object('certificate'), k),
    });
  }
}
