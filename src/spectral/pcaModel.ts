import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import { asMatrix, checkFinite, type MatrixInput } from '../core/matrixInput.ts';
import type { ModelReader } from '../core/modelReader.ts';
import { designProducts } from './designProducts.ts';
import type { SpectralCertificate } from './singularTriplets.ts';
import { SpectralOperator } from './spectralOperator.ts';

const KIND = 'PcaModel';
const VERSION = 1;

/** The parts of a fitted principal component analysis. */
export interface PcaParts {
  components: DenseMatrix;
  singularValues: Float64Array;
  explainedVariance: Float64Array;
  totalVariance: number;
  noiseVariance: number;
  mean: Float64Array;
  scale: Float64Array | undefined;
  rows: number;
  whiten: boolean;
  certificate: SpectralCertificate;
}

/** A fitted principal component analysis. Immutable. */
export class PcaModel {
  /** k x p, one orthonormal direction per row; its entry of largest magnitude is positive, the first of equals. */
  readonly components: DenseMatrix;
  /** Singular values of the centred (and scaled) X. */
  readonly singularValues: Float64Array;
  /** Variance of the scores of each component, sigma^2 / (n - 1). */
  readonly explainedVariance: Float64Array;
  /** explainedVariance over the variance of all columns, also of those directions that were not computed. */
  readonly explainedVarianceRatio: Float64Array;
  /** Sum of the variances of all columns. */
  readonly totalVariance: number;
  /** Mean variance of the directions left out (the noise of probabilistic PCA), 0 with all of them. */
  readonly noiseVariance: number;
  /** Means of the columns. */
  readonly mean: Float64Array;
  /** What columns were divided by, with `standardize`. */
  declare readonly scale?: Float64Array;
  readonly certificate: SpectralCertificate;
  readonly #parts: PcaParts;

  /** @internal */
  constructor(parts: PcaParts) {
    this.#parts = parts;
    this.components = parts.components;
    this.singularValues = parts.singularValues;
    this.explainedVariance = parts.explainedVariance;
    this.totalVariance = parts.totalVariance;
    const { totalVariance } = parts;
    this.explainedVarianceRatio = parts.explainedVariance.map((v) => (totalVariance > 0 ? v / totalVariance : 0));
    this.noiseVariance = parts.noiseVariance;
    this.mean = parts.mean;
    if (parts.scale) this.scale = parts.scale;
    this.certificate = parts.certificate;
  }

  /**
   * Scores of the rows of X: coordinates along the components (divided by their standard deviation, with `whiten`), n x k.
   * @throws TypeError, RangeError for X with another number of columns, or a value that is not finite
   */
  transform(X: DesignInput): DenseMatrix {
    const { components, mean, scale } = this;
    const [k, p] = [components.rows, components.cols];
    return arena(currentBackend(), (frame) => {
      const { products } = designProducts(frame, X);
      if (products.cols !== p) throw new RangeError(`X: expected ${p} columns, as in the fit, got ${products.cols}`);
      const op = new SpectralOperator(frame, products, frame.put(mean), scale ? frame.put(scale.map((s) => 1 / s)) : 0);
      const V = Float64Array.from(components.data);
      for (let a = 0; a < k; a++) {
        const divisor = this.#divisor(a);
        for (let j = 0; j < p; j++) V[a * p + j] /= divisor;
      }
      const n = products.rows;
      const U = frame.f64(k * n);
      op.forwardAll(frame.put(V), k, U);
      const out = frame.f64(n * k);
      frame.kernels.transposeF64(U, n, k, n, out, k);
      return new DenseMatrix(frame.read(out, n * k), n, k);
    });
  }

  /** The rows that have these scores, n x p and dense: scores times components, scaled back, plus the means. */
  inverseTransform(Z: MatrixInput): DenseMatrix {
    const { components, mean, scale } = this;
    const [k, p] = [components.rows, components.cols];
    const given = checkFinite(asMatrix(Z, 'Z'), 'Z');
    if (given.cols !== k) throw new RangeError(`Z: expected ${k} columns, one per component, got ${given.cols}`);
    const scores = given instanceof DenseMatrix ? given : given.toDense();
    const out = new Float64Array(scores.rows * p);
    for (let i = 0; i < scores.rows; i++) {
      for (let a = 0; a < k; a++) {
        const z = scores.get(i, a) * this.#divisor(a);
        for (let j = 0; j < p; j++) out[i * p + j] += z * components.data[a * p + j];
      }
      for (let j = 0; j < p; j++) out[i * p + j] = out[i * p + j] * (scale ? scale[j] : 1) + mean[j];
    }
    return new DenseMatrix(out, scores.rows, p);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): object {
    return modelJson(KIND, VERSION, this.#parts);
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): PcaModel {
    const reader = readModelJson(json, KIND, VERSION);
    const components = reader.denseMatrix('components');
    const [k, p] = [components.rows, components.cols];
    return new PcaModel({
      components,
      singularValues: reader.float64Array('singularValues', k),
      explainedVariance: reader.float64Array('explainedVariance', k),
      totalVariance: reader.number('totalVariance'),
      noiseVariance: reader.number('noiseVariance'),
      mean: reader.float64Array('mean', p),
      scale: reader.has('scale') ? reader.float64Array('scale', p) : undefined,
      rows: reader.integer('rows', 1),
      whiten: reader.boolean('whiten'),
      certificate: readSpectralCertificate(reader.object('certificate')),
    });
  }

  /** Standard deviation of the scores, with `whiten`; a direction without variance is left as it is. */
  #divisor(a: number): number {
    const variance = this.explainedVariance[a];
    return this.#parts.whiten && variance > 0 ? Math.sqrt(variance) : 1;
  }
}

export function readSpectralCertificate(reader: ModelReader): SpectralCertificate {
  return {
    converged: reader.boolean('converged'),
    status: reader.oneOf('status', ['converged', 'maxIterations']),
    residual: reader.number('residual'),
    orthogonality: reader.number('orthogonality'),
    gaps: reader.float64Array('gaps'),
    products: reader.number('products'),
    tol: reader.number('tol'),
  };
}
