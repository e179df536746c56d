import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { certificateOf } from './decompose.ts';
import { checkedMatrix, expand, project } from './project.ts';
import type { SpectralCertificate } from './spectralCertificate.ts';

const KIND = 'Pca';
const LOG_TWO_PI = 1.8378770664093453;

/** Principal components of a data set. Immutable. */
export class PcaModel {
  /** k x p: one component per row, of norm 1, orthogonal, its first entry of largest magnitude positive. */
  readonly components: DenseMatrix;
  /** sigma_i^2 / (n - 1). */
  readonly explainedVariance: Float64Array;
  /** Shares of the variance of all columns, whatever the number of components. */
  readonly explainedVarianceRatio: Float64Array;
  /** Of the centred (and scaled) X, from large to small. */
  readonly singularValues: Float64Array;
  /** Column means. */
  readonly mean: Float64Array;
  /** Population standard deviations of the columns under `standardize`, 1 where there is no spread. */
  readonly scale: Float64Array | undefined;
  /** Mean variance of the p - k directions that were left out: the noise of probabilistic PCA (Tipping and Bishop 1999); 0 for k = p. */
  readonly noiseVariance: number;
  /** Sum of the variances of all columns, 1/(n - 1). */
  readonly totalVariance: number;
  /** Rows of the fit. */
  readonly rows: number;
  /** Whether `transform` gives scores of variance 1. */
  readonly whiten: boolean;
  readonly certificate: SpectralCertificate;

  /** @internal */
  constructor(parts: {
    components: Float64Array;
    singularValues: Float64Array;
    totalVariance: number;
    mean: Float64Array;
    scale?: Float64Array;
    rows: number;
    cols: number;
    whiten: boolean;
    certificate: SpectralCertificate;
  }) {
    const { components, singularValues, totalVariance, rows, cols } = parts;
    const k = singularValues.length;
    this.components = new DenseMatrix(components, k, cols);
    this.singularValues = singularValues;
    this.explainedVariance = singularValues.map((s) => (s * s) / (rows - 1));
    this.totalVariance = totalVariance;
    const explained = this.explainedVariance.reduce((a, b) => a + b, 0);
    // The two were summed in different orders: no share may exceed the whole by rounding.
    const whole = Math.max(this.totalVariance, explained);
    this.explainedVarianceRatio = this.explainedVariance.map((v) => (whole > 0 ? v / whole : 0));
    this.noiseVariance = k < cols ? Math.max(this.totalVariance - explained, 0) / (cols - k) : 0;
    this.mean = parts.mean;
    this.scale = parts.scale;
    this.rows = rows;
    this.whiten = parts.whiten;
    this.certificate = parts.certificate;
  }

  /**
   * Scores: (X - mean) / scale times the components, one row of k numbers per row of X; divided by their standard deviations under `whiten`
   * (a component without variance gives 0).
   * @throws RangeError for another number of columns, NaN and infinities
   */
  transform(X: DesignInput): DenseMatrix {
    const Z = project(X, this.components, this.#centring());
    if (!this.whiten) return Z;
    const k = this.singularValues.length;
    const deviation = this.explainedVariance.map(Math.sqrt);
    for (let e = 0; e < Z.data.length; e++) {
      const d = deviation[e % k];
      Z.data[e] = d > 0 ? Z.data[e] / d : 0;
    }
    return Z;
  }

  /** Rows of X from scores: their best approximation in k dimensions, always dense. */
  inverseTransform(Z: DesignInput): DenseMatrix {
    const k = this.singularValues.length;
    if (!this.whiten) return expand(Z, this.components, this.#centring());
    checkedMatrix(Z, k, 'Z');
    const { data } = this.components;
    const p = this.components.cols;
    const scaled = data.map((v, e) => v * Math.sqrt(this.explainedVariance[Math.floor(e / p)]));
    return expand(Z, new DenseMatrix(scaled, k, p), this.#centring());
  }

  /**
   * Mean log-likelihood per row under probabilistic PCA (Tipping and Bishop 1999), N(mean, V'(diag(variance) - noise) V + noise I), on the
   * scale of C. For k = p it is the Gaussian with the sample's covariance; -Infinity where a variance is 0.
   */
  score(X: DesignInput): number {
    const { components, explainedVariance, noiseVariance } = this;
    const { rows: k, cols: p } = components;
    let squares = 0;
    const Z = project(X, components, this.#centring(), 'X', (_, C) => {
      squares = C.squares;
    });
    const { log } = currentBackend().kernels;
    let logDeterminant = p - k > 0 ? (p - k) * log(noiseVariance) : 0;
    for (const v of explainedVariance) logDeterminant += log(v);
    if (logDeterminant === -Infinity) return -Infinity;
    let [inside, distance] = [0, 0];
    for (let e = 0; e < Z.data.length; e++) {
      const square = Z.data[e] * Z.data[e];
      inside += square;
      distance += square / explainedVariance[e % k];
    }
    const outside = p > k ? Math.max(squares - inside, 0) / noiseVariance : 0;
    return -0.5 * (p * LOG_TWO_PI + logDeterminant + (distance + outside) / Z.rows);
  }

  toJSON(): { [name: string]: Json } {
    const { components, singularValues, mean, scale, totalVariance, rows, whiten, certificate } = this;
    return modelJson(KIND, 1, { components, singularValues, mean, scale, totalVariance, rows, whiten, certificate });
  }

  /** @throws SpinifexError `'BAD_MODEL'` for anything else than a saved Pca */
  static fromJSON(json: unknown): PcaModel {
    const reader = readModelJson(json, KIND, 1);
    const components = reader.denseMatrix('components');
    const { rows: k, cols } = components;
    const rows = reader.integer('rows', 2);
    return new PcaModel({
      components: components.data as Float64Array,
      singularValues: reader.float64Array('singularValues', k),
      totalVariance: reader.number('totalVariance'),
      mean: reader.float64Array('mean', cols),
      ...(reader.has('scale') ? { scale: reader.float64Array('scale', cols) } : {}),
      rows,
      cols,
      whiten: reader.boolean('whiten'),
      certificate: certificateOf(reader.object('certificate'), k),
    });
  }

  #centring() {
    return { mean: this.mean, ...(this.scale ? { scale: this.scale } : {}) };
  }
}
