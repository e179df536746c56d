import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { refuse } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { checkFinite, type Matrix } from '../core/matrixInput.ts';
import { COVARIANCES, type CovarianceKind, covarianceSize, Mixture, type MixtureParameters, parameterCount } from './mixture.ts';

const KIND = 'GaussianMixture';

/** How expectation-maximisation ended. */
export interface MixtureCertificate {
  converged: boolean;
  status: 'converged' | 'maxIterations';
  /** Of the mean log-likelihood, between the starts of the last two iterations; Infinity after one. */
  change: number;
  iterations: number;
  tol: number;
}

/** A fitted mixture of Gaussians. Immutable. */
export class GaussianMixtureModel {
  /** K shares, of sum 1. */
  readonly weights: Float64Array;
  /** K x p. */
  readonly means: DenseMatrix;
  /** 'full': K p x p matrices; 'tied': one of them; 'diagonal': K x p variances; 'spherical': K variances. */
  readonly covariances: DenseMatrix[] | DenseMatrix | Float64Array;
  readonly covariance: CovarianceKind;
  /** Mean log-likelihood per row under the parameters before each iteration, and under those that are returned. */
  readonly history: Float64Array;
  /** The last of `history`. */
  readonly logLikelihood: number;
  /** Free parameters: means, covariances, and weights up to their sum. */
  readonly parameters: number;
  /** What a reader of the results should know; empty where there is nothing. */
  readonly warnings: readonly string[];
  readonly certificate: MixtureCertificate;
  readonly #parts: MixtureParameters;

  /** @internal */
  constructor(
    parts: MixtureParameters & {
      kind: CovarianceKind;
      history: Float64Array;
      warnings: readonly string[];
      certificate: MixtureCertificate;
    },
  ) {
    const { kind, weights, means, covariances, history } = parts;
    const K = weights.length;
    const p = means.length / K;
    this.#parts = { weights, means, covariances };
    this.weights = weights.slice();
    this.means = new DenseMatrix(means.slice(), K, p);
    const flat = Float64Array.from(covariances.flatMap((S) => Array.from(S)));
    const squares = () => covariances.map((S) => new DenseMatrix(S.slice(), p, p));
    if (kind === 'full') this.covariances = squares();
    else if (kind === 'tied') this.covariances = squares()[0];
    else this.covariances = kind === 'diagonal' ? new DenseMatrix(flat, K, p) : flat;
    this.covariance = kind;
    this.history = history;
    this.logLikelihood = history[history.length - 1];
    this.parameters = parameterCount(kind, K, p);
    this.warnings = parts.warnings;
    this.certificate = parts.certificate;
  }

  /** The most probable component of every row, 0..K - 1; the lower one where two are equally so. */
  predict(X: DesignInput): Int32Array {
    const { data, rows, cols: K } = this.predictProbability(X);
    const labels = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let c = 1; c < K; c++) if (data[i * K + c] > data[i * K + labels[i]]) labels[i] = c;
    }
    return labels;
  }

  /** n x K: probabilities of the components given the row. */
  predictProbability(X: DesignInput): DenseMatrix {
    return this.#with(X, (frame, mixture, n) => {
      const K = this.weights.length;
      return new DenseMatrix(frame.read(mixture.responsibilities, n * K), n, K);
    });
  }

  /** Log-likelihood of every row. */
  scoreSamples(X: DesignInput): Float64Array {
    return this.#with(X, (frame, mixture, n) => frame.read(mixture.rowLogs, n));
  }

  /** Mean log-likelihood per row. */
  score(X: DesignInput): number {
    return this.#with(X, (_frame, _mixture, _n, mean) => mean);
  }

  /** Bayesian information criterion, -2 log-likelihood + parameters * log n: smaller is better (Schwarz 1978). */
  bic(X: DesignInput): number {
    return this.#with(X, ({ kernels }, _, n, mean) => -2 * n * mean + this.parameters * kernels.log(n));
  }

  /** Akaike information criterion, -2 log-likelihood + 2 * parameters: smaller is better. */
  aic(X: DesignInput): number {
    return this.#with(X, (_frame, _mixture, n, mean) => -2 * n * mean + 2 * this.parameters);
  }

  toJSON(): { [name: string]: Json } {
    const { covariance, history, warnings, certificate } = this;
    const { weights, means } = this.#parts;
    const covariances = this.#parts.covariances.flatMap((S) => Array.from(S));
    return modelJson(KIND, 1, { covariance, weights, means, covariances, history, warnings, certificate });
  }

  /** @throws SpinifexError `'BAD_MODEL'` for anything else than a saved GaussianMixture */
  static fromJSON(json: unknown): GaussianMixtureModel {
    const reader = readModelJson(json, KIND, 1);
    const kind = reader.oneOf('covariance', COVARIANCES);
    const weights = reader.float64Array('weights');
    const means = reader.float64Array('means');
    const K = weights.length;
    const p = means.length / K;
    if (!(Number.isInteger(p) && p > 0))
      reader.fail(`"means" has ${means.length} numbers: expected some for each of ${K} components`);
    const size = covarianceSize(kind, p);
    const flat = reader.float64Array('covariances', size * (kind === 'tied' ? 1 : K));
    const certificate = reader.object('certificate');
    return new GaussianMixtureModel({
      kind,
      weights,
      means,
      covariances: Array.from({ length: flat.length / size }, (_, c) => flat.slice(c * size, (c + 1) * size)),
      history: reader.float64Array('history'),
      warnings: reader.strings('warnings'),
      certificate: {
        converged: certificate.boolean('converged'),
        status: certificate.oneOf('status', ['converged', 'maxIterations']),
        change: certificate.number('change'),
        iterations: certificate.integer('iterations', 1),
        tol: certificate.number('tol'),
      },
    });
  }

  #with<T>(X: DesignInput, body: (frame: Arena, mixture: Mixture, n: number, mean: number) => T): T {
    const { cols: p, rows: K } = this.means;
    const matrix = hostMatrix(X);
    if (matrix.cols !== p) throw new RangeError(`X: expected ${p} columns, as in the fit, got ${matrix.cols}`);
    const rows = denseRows(matrix);
    return arena(currentBackend(), (frame) => {
      const mixture = new Mixture(frame, rows, p, K, this.covariance);
      return body(frame, mixture, matrix.rows, mixture.expect(this.#parts));
    });
  }
}

/** @internal All numbers of a dense X, row by row. */
export function denseRows(X: Matrix): Float64Array {
  if (!(X instanceof DenseMatrix)) refuse(X, 'X', 'a dense matrix: covariances of sparse columns would be dense', false);
  const { data, rows, cols, order } = checkFinite(X, 'X');
  if (order === 'row') return data instanceof Float64Array ? data : Float64Array.from(data);
  const out = new Float64Array(rows * cols);
  for (let j = 0, e = 0; j < cols; j++) for (let i = 0; i < rows; i++) out[i * cols + j] = data[e++];
  return out;
}
