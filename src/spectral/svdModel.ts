import type { DesignInput } from '../backend/residentMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import type { MatrixInput } from '../core/matrixInput.ts';
import { PcaModel, readSpectralCertificate } from './pcaModel.ts';
import type { SpectralCertificate } from './singularTriplets.ts';

const KIND = 'SvdModel';
const VERSION = 1;

/** The parts of a truncated singular value decomposition. */
export interface SvdParts {
  components: DenseMatrix;
  singularValues: Float64Array;
  explainedVariance: Float64Array;
  totalVariance: number;
  certificate: SpectralCertificate;
}

/** A truncated singular value decomposition. Immutable. */
export class SvdModel {
  /** k x p, one right singular vector per row; its entry of largest magnitude is positive, the first of equals. */
  readonly components: DenseMatrix;
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** Variance (1 / (n - 1)) of each column of scores. X is not centred: these need not fall. */
  readonly explainedVariance: Float64Array;
  /** explainedVariance over the variance of all columns of X. */
  readonly explainedVarianceRatio: Float64Array;
  readonly totalVariance: number;
  readonly certificate: SpectralCertificate;
  readonly #parts: SvdParts;
  /** The same directions, without a mean. */
  readonly #directions: PcaModel;

  /** @internal */
  constructor(parts: SvdParts) {
    this.#parts = parts;
    this.components = parts.components;
    this.singularValues = parts.singularValues;
    this.explainedVariance = parts.explainedVariance;
    this.totalVariance = parts.totalVariance;
    this.explainedVarianceRatio = parts.explainedVariance.map((v) => (parts.totalVariance > 0 ? v / parts.totalVariance : 0));
    this.certificate = parts.certificate;
    const mean = new Float64Array(parts.components.cols);
    this.#directions = new PcaModel({ ...parts, mean, scale: undefined, noiseVariance: 0, rows: 1, whiten: false });
  }

  /** X V: scores of the rows, n x k. @throws TypeError, RangeError for X with another number of columns, or a value that is not finite */
  transform(X: DesignInput): DenseMatrix {
    return this.#directions.transform(X);
  }

  /** Scores times components, n x p and dense. */
  inverseTransform(Z: MatrixInput): DenseMatrix {
    return this.#directions.inverseTransform(Z);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): object {
    return modelJson(KIND, VERSION, this.#parts);
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): SvdModel {
    const reader = readModelJson(json, KIND, VERSION);
    const components = reader.denseMatrix('components');
    return new SvdModel({
      components,
      singularValues: reader.float64Array('singularValues', components.rows),
      explainedVariance: reader.float64Array('explainedVariance', components.rows),
      totalVariance: reader.number('totalVariance'),
      certificate: readSpectralCertificate(reader.object('certificate')),
    });
  }
}
