import type { Arena } from '../backend/arena.ts';
import { strideOf } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';

/** What the covariances of components may be: any, one for all, diagonal, or a multiple of the identity. */
export const COVARIANCES = ['full', 'tied', 'diagonal', 'spherical'] as const;
export type CovarianceKind = (typeof COVARIANCES)[number];

const LOG_TWO_PI = 1.8378770664093453;
/** Keeps a component without rows from dividing by 0. */
const FEW = 10 * Number.EPSILON;
/** Variances below this share of the squared mean are what rounding leaves of equal rows. */
const ROUNDED = 1e-28;

/** Parameters of K components in p dimensions. */
export interface MixtureParameters {
  weights: Float64Array;
  /** K x p. */
  means: Float64Array;
  /** p x p each ('full': K of them, 'tied': 1), or K times p or 1 variances. */
  covariances: Float64Array[];
}

/** Length of one covariance in `MixtureParameters`. */
export const covarianceSize = (kind: CovarianceKind, p: number): number =>
  kind === 'diagonal' ? p : kind === 'spherical' ? 1 : p * p;

/** Free parameters: means, weights up to their sum, covariances. */
export function parameterCount(kind: CovarianceKind, K: number, p: number): number {
  const square = (p * (p + 1)) / 2;
  return K * p + K - 1 + { full: K * square, tied: square, diagonal: K * p, spherical: K }[kind];
}

/** Rows in linear memory, and the two steps of expectation-maximisation on them. */
export class Mixture {
  /** n x K: responsibilities, after `expect`. */
  readonly responsibilities: Pointer;
  /** Log-likelihoods of the rows, after `expect`. */
  readonly rowLogs: Pointer;
  readonly #frame: Arena;
  readonly #X: Pointer;
  readonly #n: number;
  readonly #p: number;
  readonly #K: number;
  readonly #kind: CovarianceKind;
  readonly #mean: Pointer;
  readonly #square: Pointer;
  readonly #factor: Pointer;
  readonly #column: Pointer;
  readonly #scratch: Pointer;

  constructor(frame: Arena, X: Float64Array, p: number, K: number, kind: CovarianceKind) {
    this.#frame = frame;
    this.#X = frame.put(X);
    this.#n = X.length / p;
    [this.#p, this.#K, this.#kind] = [p, K, kind];
    this.responsibilities = frame.f64(this.#n * K);
    this.rowLogs = frame.f64(this.#n);
    const stride = strideOf(p);
    const full = kind === 'full' || kind === 'tied';
    this.#mean = frame.f64(p);
    this.#square = frame.f64(full ? p * p : p);
    this.#factor = frame.f64(full ? p * stride : p);
    this.#column = frame.f64(p);
    this.#scratch = frame.uninitialised((64 * p + 64 * stride) * 8 + 32 * p);
  }

  /** Responsibilities under these parameters; returns the mean log-likelihood of the rows. */
  expect({ weights, means, covariances }: MixtureParameters): number {
    const { heap, kernels } = this.#frame;
    const [n, p, K] = [this.#n, this.#p, this.#K];
    const S = this.responsibilities;
    const full = this.#kind === 'full' || this.#kind === 'tied';
    let logDeterminant = 0;
    for (let c = 0; c < K; c++) {
      heap.f64(this.#mean, p).set(means.subarray(c * p, (c + 1) * p));
      if (c < covariances.length) logDeterminant = this.#whiten(covariances[c], c);
      kernels.gaussianDistances(this.#X, n, p, this.#mean, this.#factor, full ? strideOf(p) : 0, S + c * 8, K, this.#scratch);
      const constant = kernels.log(weights[c]) - 0.5 * (p * LOG_TWO_PI + logDeterminant);
      const scores = heap.f64(S, n * K);
      for (let e = c; e < n * K; e += K) scores[e] = constant - 0.5 * scores[e];
    }
    kernels.logSumExpRows(S, n, K, this.rowLogs);
    const mean = kernels.sum(this.rowLogs, n) / n;
    if (Number.isFinite(mean)) return mean;
    throw new SpinifexError('NOT_FINITE', 'X: a log-likelihood is not finite: distances overflow; scale the columns first');
  }

  /** The parameters of largest likelihood for the responsibilities at hand. */
  maximize(regularization: number): MixtureParameters {
    const { heap, kernels } = this.#frame;
    const [n, p, K] = [this.#n, this.#p, this.#K];
    const S = this.responsibilities;
    const sizes = new Float64Array(K);
    const R = heap.f64(S, n * K);
    for (let i = 0, e = 0; i < n; i++) for (let c = 0; c < K; c++) sizes[c] += R[e++];
    for (let c = 0; c < K; c++) sizes[c] += FEW;
    const total = sizes.reduce((a, b) => a + b, 0);
    const sums = this.#frame.f64(K * p);
    kernels.tallGramF64(S, K, K, this.#X, p, p, n, sums, p);
    const means = this.#frame.read(sums, K * p).map((v, e) => v / sizes[Math.floor(e / p)]);
    this.#frame.release(sums);
    const [tied, full] = [this.#kind === 'tied', this.#kind === 'full' || this.#kind === 'tied'];
    const length = full ? p * p : p;
    const covariances: Float64Array[] = [];
    for (let c = 0; c < K; c++) {
      heap.f64(this.#mean, p).set(means.subarray(c * p, (c + 1) * p));
      if (!tied || c === 0) heap.f64(this.#square, length).fill(0);
      kernels.gaussianScatter(this.#X, n, p, this.#mean, S + c * 8, K, full ? 1 : 0, this.#square, this.#scratch);
      if (tied && c < K - 1) continue;
      const scatter = this.#frame.read(this.#square, length).map((v) => v / (tied ? total : sizes[c]));
      covariances.push(regularized(scatter, this.#kind, p, regularization));
    }
    return { weights: sizes.map((size) => size / total), means, covariances };
  }

  /** The factor P with P P' = inverse of the covariance; returns the covariance's log determinant. */
  #whiten(covariance: Float64Array, component: number): number {
    const { heap, kernels } = this.#frame;
    const p = this.#p;
    const step = this.#kind === 'diagonal' ? 1 : this.#kind === 'spherical' ? 0 : p + 1;
    heap.f64(this.#mean, p).forEach((m, j) => {
      if (!(covariance[j * step] > ROUNDED * m * m)) singular(component);
    });
    let logDeterminant = 0;
    if (this.#kind === 'diagonal' || this.#kind === 'spherical') {
      const factor = heap.f64(this.#factor, p);
      for (let j = 0; j < p; j++) {
        const variance = covariance[j * step];
        factor[j] = 1 / Math.sqrt(variance);
        logDeterminant += kernels.log(variance);
      }
      return logDeterminant;
    }
    const stride = strideOf(p);
    heap.f64(this.#square, p * p).set(covariance);
    if (kernels.choleskyFactor(this.#square, p, p, 1e-15) < p) singular(component);
    for (let j = 0; j < p; j++) {
      logDeterminant += 2 * kernels.log(heap.f64(this.#square, p * p)[j * p + j]);
      heap.f64(this.#column, p).fill(0)[j] = 1;
      kernels.choleskyBackward(this.#square, p, p, this.#column);
      const [column, factor] = [heap.f64(this.#column, p), heap.f64(this.#factor, p * stride)];
      for (let i = 0; i < p; i++) factor[i * stride + j] = column[i];
    }
    return logDeterminant;
  }
}

function regularized(scatter: Float64Array, kind: CovarianceKind, p: number, by: number): Float64Array {
  if (kind === 'spherical') return Float64Array.of(scatter.reduce((a, b) => a + b, 0) / p + by);
  const step = kind === 'diagonal' ? 1 : p + 1;
  for (let e = 0; e < scatter.length; e += step) scatter[e] += by;
  return scatter;
}

function singular(component: number): never {
  throw new SpinifexError(
    'SINGULAR_COVARIANCE',
    `component ${component}: its covariance is not positive definite: raise regularization, or take fewer components or a simpler covariance`,
  );
}
