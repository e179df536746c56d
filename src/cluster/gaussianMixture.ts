import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { integerIn, nonNegativeNumber, nonNegativeVector, oneOf, optionsObject, refuse, vector } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, checkFinite, type MatrixInput, type VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { denseRows, GaussianMixtureModel } from './gaussianMixtureModel.ts';
import { KMeans } from './kMeans.ts';
import { COVARIANCES, type CovarianceKind, Mixture, type MixtureParameters, parameterCount } from './mixture.ts';

/** Parameters that expectation-maximisation starts from. */
export interface MixtureStart {
  /** K x p. */
  means: MatrixInput;
  /** K positive numbers, scaled to sum 1. @default all alike */
  weights?: VectorInput;
  /** K p x p matrices ('full'), one p x p matrix ('tied'), K x p variances ('diagonal') or K variances ('spherical'). @default of all of X */
  covariances?: readonly MatrixInput[] | MatrixInput | VectorInput;
}

/** Options of `GaussianMixture`. */
export interface GaussianMixtureOptions {
  /** Number of components, K. */
  components: number;
  /** @default 'full' */
  covariance?: CovarianceKind;
  /** Smallest change of the mean log-likelihood per row that is worth another iteration. @default 1e-3 */
  tol?: number;
  /** Added to the variances, in the squared units of X. @default 1e-6 */
  regularization?: number;
  /** @default 100 */
  maxIterations?: number;
  /** Where to start. @default the clusters of k-means */
  initial?: MixtureStart;
  /** Of k-means. @default 0 */
  seed?: number;
}

const OPTIONS = ['components', 'covariance', 'tol', 'regularization', 'maxIterations', 'initial', 'seed'] as const;

/**
 * A mixture of K Gaussians, fitted by expectation-maximisation (Dempster, Laird and Rubin 1977) to a local maximum of the mean log-likelihood
 *
 *   1/n sum_i log sum_k w_k N(x_i; mu_k, Sigma_k)
 *
 * Densities go through the Cholesky factors of the precisions and log-sum-exp. It is the dense counterpart of sparse models: 'full' has
 * K p (p + 1) / 2 covariances to estimate, and the fitted model says so when there are fewer than 10 rows for a parameter.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new GaussianMixture({ components: 2, covariance: 'spherical' }).fit([[0], [1], [9], [10]]);
 * model.predict([[0.5], [9.5]]);
 */
export class GaussianMixture {
  readonly #options: Required<Omit<GaussianMixtureOptions, 'initial'>> & { initial: MixtureStart | undefined };

  constructor(options: GaussianMixtureOptions) {
    const {
      components,
      covariance = 'full',
      tol = 1e-3,
      regularization = 1e-6,
      maxIterations = 100,
      initial,
      seed = 0,
    } = optionsObject(options, 'GaussianMixture', OPTIONS);
    if (initial !== undefined) optionsObject(initial, 'initial', ['means', 'weights', 'covariances']);
    this.#options = {
      components: integerIn(components, 'components', 1),
      covariance: oneOf(covariance, 'covariance', COVARIANCES),
      tol: nonNegativeNumber(tol, 'tol'),
      regularization: nonNegativeNumber(regularization, 'regularization'),
      maxIterations: integerIn(maxIterations, 'maxIterations', 1),
      initial,
      seed: integerIn(seed, 'seed', 0),
    };
  }

  /**
   * @param X n x p, dense
   * @throws TypeError for sparse X, RangeError for NaN and infinities (with their position) or more components than distinct rows
   * @throws SpinifexError `'SINGULAR_COVARIANCE'` where a covariance has no inverse: only without enough regularization
   */
  fit(X: DesignInput, options?: RunOptions<{ logLikelihood: number }>): GaussianMixtureModel {
    const { components: K, covariance: kind, tol, regularization, maxIterations, initial, seed } = this.#options;
    const { signal, onProgress } = optionsObject(options, 'fit', ['signal', 'onProgress']);
    const report = withTimeLeft(onProgress);
    signal?.throwIfAborted();
    const matrix = hostMatrix(X);
    const rows = denseRows(matrix);
    const { rows: n, cols: p } = matrix;
    if (K > n) throw new RangeError(`components: expected at most ${n}, the number of rows, got ${K}`);
    const labels = initial ? undefined : new KMeans({ clusters: K, seed }).fit(matrix, signal ? { signal } : {}).labels;
    return arena(currentBackend(), (frame) => {
      const mixture = new Mixture(frame, rows, p, K, kind);
      const responsibilities = () => frame.heap.f64(mixture.responsibilities, n * K);
      let parameters: MixtureParameters;
      if (labels) {
        responsibilities().forEach((_, e, R) => {
          R[e] = labels[Math.floor(e / K)] === e % K ? 1 : 0;
        });
        parameters = mixture.maximize(regularization);
      } else {
        // Responsibilities that are all alike give every component the mean and covariance of X.
        responsibilities().fill(1 / K);
        parameters = started(initial as MixtureStart, mixture.maximize(0), kind, K, p);
      }
      const history: number[] = [];
      let converged = false;
      let change = Infinity;
      for (let iteration = 0; iteration < maxIterations && !converged; iteration++) {
        const logLikelihood = mixture.expect(parameters);
        change = iteration > 0 ? Math.abs(logLikelihood - history[iteration - 1]) : Infinity;
        history.push(logLikelihood);
        parameters = mixture.maximize(regularization);
        converged = change < tol;
        report?.({ done: converged ? maxIterations : iteration + 1, total: maxIterations, logLikelihood });
        signal?.throwIfAborted();
      }
      const iterations = history.length;
      history.push(mixture.expect(parameters));
      const wanted = 10 * parameterCount(kind, K, p);
      return new GaussianMixtureModel({
        kind,
        ...parameters,
        history: Float64Array.from(history),
        warnings:
          n < wanted
            ? [
                `${n} rows for ${wanted / 10} parameters: with less than 10 rows per parameter (${wanted}), covariances follow noise`,
              ]
            : [],
        certificate: { converged, status: converged ? 'converged' : 'maxIterations', change, iterations, tol },
      });
    });
  }
}

/** The given start, checked; what is not given is that of all rows. */
function started(initial: MixtureStart, all: MixtureParameters, kind: CovarianceKind, K: number, p: number): MixtureParameters {
  const weights = initial.weights === undefined ? all.weights : nonNegativeVector(initial.weights, 'initial.weights', K);
  for (let c = 0; c < K; c++) {
    if (weights[c] === 0) throw new RangeError(`initial.weights[${c}] is 0: expected a number > 0`);
  }
  const total = weights.reduce((a, b) => a + b, 0);
  return {
    weights: weights.map((w) => w / total),
    means: matrixOf(initial.means, 'initial.means', K, p),
    covariances: initial.covariances === undefined ? all.covariances : covariancesOf(initial.covariances, kind, K, p),
  };
}

function covariancesOf(
  input: NonNullable<MixtureStart['covariances']>,
  kind: CovarianceKind,
  K: number,
  p: number,
): Float64Array[] {
  const title = 'initial.covariances';
  if (kind === 'tied') return [symmetric(matrixOf(input as MatrixInput, title, p, p), title, p)];
  if (kind === 'full') {
    if (!Array.isArray(input) || input.length !== K) refuse(input, title, `an array of ${K} matrices`, Array.isArray(input));
    return input.map((S, c) => symmetric(matrixOf(S as MatrixInput, `${title}[${c}]`, p, p), `${title}[${c}]`, p));
  }
  const width = kind === 'diagonal' ? p : 1;
  const flat = kind === 'diagonal' ? matrixOf(input as MatrixInput, title, K, p) : vector(input, title, K);
  return Array.from({ length: K }, (_, c) => flat.slice(c * width, (c + 1) * width));
}

function symmetric(S: Float64Array, title: string, p: number): Float64Array {
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) {
      if (S[i * p + j] !== S[j * p + i]) {
        throw new RangeError(`${title}[${i}][${j}] is ${S[i * p + j]}: expected ${S[j * p + i]}, as in [${j}][${i}]`);
      }
    }
  }
  return S;
}

/** A small matrix of a known shape, row by row. */
function matrixOf(input: MatrixInput, title: string, rows: number, cols: number): Float64Array {
  const M = checkFinite(asMatrix(input, title), title);
  if (M.rows !== rows || M.cols !== cols) {
    throw new RangeError(`${title}: expected ${rows} x ${cols}, got ${M.rows} x ${M.cols}`);
  }
  return Float64Array.from((M instanceof DenseMatrix ? M : M.toDense()).toRows().flat());
}
