import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, isNumberArray, nonNegativeNumber, oneOf, optionsObject, refuseEntry } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { CentredMatrix } from './centredMatrix.ts';
import { decompose, watchOf } from './decompose.ts';
import { gramOperator } from './gramOperator.ts';
import { checkCount, methodOf } from './pcaOptions.ts';
import { type SparsePcaCertificate, SparsePcaModel } from './sparsePcaModel.ts';
import { sparseRegression } from './sparseRegression.ts';
import { settingsOf } from './spectralOptions.ts';
import type { Watch } from './subspace.ts';
import { orient } from './triplets.ts';
import { truncatedPower } from './truncatedPower.ts';

/** Options of `SparsePca`: `nonzeros` or `lambda`, not both. */
export interface SparsePcaOptions {
  /** How many components, 1 to min(n, p). */
  components: number;
  /** Nonzero loadings of each component, exactly: one number for all, or one each. */
  nonzeros?: number | ArrayLike<number>;
  /** Strength of the L1 penalty of each component: one number for all, or one each. */
  lambda?: number | ArrayLike<number>;
  /** `'truncatedPower'` takes `nonzeros`, `'elasticNet'` takes `lambda`. Default: the one whose option is given. */
  method?: 'truncatedPower' | 'elasticNet';
  /** Strength of the L2 penalty of `'elasticNet'`, which makes it unique where p > n. @default 1e-6 */
  ridge?: number;
  /** Divide columns by their population standard deviation, constant ones by 1. @default false */
  standardize?: boolean;
  /** Change per iteration to stop at (see the certificate). @default 1e-6 */
  tol?: number;
  /** Most iterations: steps for each component, or rounds of regressions. @default 1000 */
  maxIterations?: number;
}

const OPTIONS = ['components', 'nonzeros', 'lambda', 'method', 'ridge', 'standardize', 'tol', 'maxIterations'] as const;

interface Found {
  /** k x p */
  loadings: Float64Array;
  certificate: SparsePcaCertificate;
}

/**
 * Sparse principal components: directions of large variance with few nonzero loadings, C = (X - 1 mean') / scale.
 *
 * `'truncatedPower'` (Yuan and Zhang 2013), component after component with an exact number of nonzeros s:
 *
 *   max v'C'C v   over ||v|| = 1, ||v||_0 <= s,   C deflated by the scores of earlier components (Schur complement)
 *
 * `'elasticNet'` (Zou, Hastie and Tibshirani 2006), all components together:
 *
 *   min over A'A = I, B   1/(2n) ||C - C B A'||^2 + sum_j lambda_j ||b_j||_1 + ridge/2 ||B||^2
 *
 * with loadings b_j / ||b_j||. Both problems have local solutions: the result depends on the start, which is PCA. Sparse X is never expanded.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new SparsePca({ components: 1, nonzeros: 2 }).fit([[1, 2, 0], [2, 4, 1], [3, 6, 0]]);
 * model.supports[0]; // Int32Array [0, 1]
 */
export class SparsePca {
  readonly components: number;
  readonly method: 'truncatedPower' | 'elasticNet';
  readonly #strength: number | number[];
  readonly #ridge: number;
  readonly #standardize: boolean;
  readonly #tol: number;
  readonly #maxIterations: number;

  constructor(options: SparsePcaOptions) {
    const { components, nonzeros, lambda, method, ...rest } = optionsObject(options, 'SparsePca', OPTIONS);
    const { ridge = 1e-6, standardize = false, tol = 1e-6, maxIterations = 1000 } = rest;
    this.components = integerIn(components, 'components', 1);
    if ((nonzeros === undefined) === (lambda === undefined)) {
      throw new TypeError('SparsePca: expected either nonzeros (truncatedPower) or lambda (elasticNet)');
    }
    const implied = nonzeros === undefined ? 'elasticNet' : 'truncatedPower';
    this.method = oneOf(method ?? implied, 'method', ['truncatedPower', 'elasticNet']);
    if (this.method !== implied) {
      throw new TypeError(
        `method: '${this.method}' takes ${implied === 'elasticNet' ? 'nonzeros' : 'lambda'}, not ${implied === 'elasticNet' ? 'lambda' : 'nonzeros'}`,
      );
    }
    this.#strength = strengths(nonzeros ?? lambda!, this.components, nonzeros !== undefined);
    this.#ridge = nonNegativeNumber(ridge, 'ridge');
    this.#standardize = booleanFlag(standardize, 'standardize');
    this.#tol = nonNegativeNumber(tol, 'tol');
    this.#maxIterations = integerIn(maxIterations, 'maxIterations', 1);
  }

  /**
   * @param X n x p, n >= 2, dense or sparse
   * @throws RangeError for NaN and infinities (with their position), one row, more components than min(n, p), more nonzeros than p
   */
  fit(X: DesignInput, options?: RunOptions): SparsePcaModel {
    const watch = watchOf(optionsObject(options, 'fit', ['signal', 'onProgress']));
    const matrix = hostMatrix(X);
    const { rows: n, cols: p } = matrix;
    const k = this.components;
    if (n < 2) throw new RangeError('X: expected at least 2 rows: one has no variance');
    checkCount(k, n, p);
    const strength = typeof this.#strength === 'number' ? new Array<number>(k).fill(this.#strength) : this.#strength;
    if (this.method === 'truncatedPower') {
      for (const [j, s] of strength.entries()) {
        if (s > p)
          throw new RangeError(`nonzeros${typeof this.#strength === 'number' ? '' : `[${j}]`}: X has ${p} columns, got ${s}`);
      }
    }
    return arena(currentBackend(), (frame) => {
      const C = new CentredMatrix(frame, matrix, { centre: true, standardize: this.#standardize });
      const { loadings, certificate } =
        this.method === 'truncatedPower' ? this.#byPower(C, strength, watch) : this.#byRegression(matrix, C, strength, watch);
      for (let j = 0; j < k; j++) orient(loadings.subarray(j * p, (j + 1) * p));
      const adjusted = adjustedSquares(frame, C, loadings, k);
      watch.step(1, 1);
      return new SparsePcaModel({
        components: CsrMatrix.fromDense(new DenseMatrix(loadings, k, p)),
        explainedVariance: adjusted.map((s) => s / (n - 1)),
        totalVariance: C.squares / (n - 1),
        mean: C.mean,
        ...(C.scale ? { scale: C.scale } : {}),
        certificate,
      });
    });
  }

  #byPower(C: CentredMatrix, nonzeros: number[], watch: Watch): Found {
    const p = C.cols;
    const k = nonzeros.length;
    const S = gramOperator(C);
    const loadings = new Float64Array(k * p);
    let [residual, iterations, monotone] = [0, 0, true];
    for (let j = 0; j < k; j++) {
      const found = truncatedPower(S, nonzeros[j], this.#tol, this.#maxIterations, () => watch.step(j, k + 1));
      loadings.set(found.vector, j * p);
      residual = Math.max(residual, found.residual);
      iterations += found.iterations;
      monotone &&= found.monotone;
      S.deflate(found.vector);
    }
    return { loadings, certificate: this.#certificate(residual, iterations, monotone) };
  }

  #byRegression(X: Matrix, C: CentredMatrix, lambda: number[], watch: Watch): Found {
    const p = C.cols;
    const k = lambda.length;
    const method = methodOf('auto', C.short, k, X instanceof DenseMatrix);
    const start = decompose(C, k, method, settingsOf({ tol: 1e-8 }), { step: () => watch.step(0, this.#maxIterations) });
    const settings = {
      lambda: Float64Array.from(lambda),
      ridge: this.#ridge,
      tol: this.#tol,
      maxIterations: this.#maxIterations,
    };
    const found = sparseRegression(X, C, start.components, k, settings, (done) => watch.step(done, this.#maxIterations));
    const { loadings, history } = found;
    for (let j = 0; j < k; j++) {
      const row = loadings.subarray(j * p, (j + 1) * p);
      let squares = 0;
      for (const v of row) squares += v * v;
      if (squares > 0) for (let i = 0; i < p; i++) row[i] /= Math.sqrt(squares);
    }
    const monotone = history.every((value, t) => t === 0 || value <= history[t - 1] + 1e-6 * Math.abs(history[0]));
    return { loadings, certificate: this.#certificate(found.residual, found.iterations, monotone, history) };
  }

  #certificate(residual: number, iterations: number, monotone: boolean, history?: Float64Array): SparsePcaCertificate {
    const converged = residual <= this.#tol;
    const status = converged ? 'converged' : 'maxIterations';
    return { converged, status, residual, monotone, iterations, tol: this.#tol, ...(history ? { history } : {}) };
  }
}

function strengths(value: number | ArrayLike<number>, k: number, counts: boolean): number | number[] {
  const title = counts ? 'nonzeros' : 'lambda';
  const check = (v: number, name: string) => (counts ? integerIn(v, name, 1) : nonNegativeNumber(v, name));
  if (!isNumberArray(value)) return check(value as number, title);
  if (value.length !== k) throw new RangeError(`${title}: expected one value per component (${k}), got ${value.length}`);
  return Array.from(value, (v, j) => {
    if (typeof v !== 'number') refuseEntry(v, `${title}[${j}]`, 'a number');
    return check(v, `${title}[${j}]`);
  });
}

/** Squares of the diagonal of R in the QR factors of the scores (Zou, Hastie and Tibshirani 2006): what each adds to the ones before it. */
function adjustedSquares(frame: Arena, C: CentredMatrix, loadings: Float64Array, k: number): Float64Array {
  const { kernels, heap } = frame;
  const { rows: n, cols: p } = C;
  const [columns, scores, G] = [frame.uninitialised(p * k * 8), frame.uninitialised(n * k * 8), frame.f64(k * k)];
  const to = heap.f64(columns, p * k);
  for (let j = 0; j < k; j++) for (let i = 0; i < p; i++) to[i * k + j] = loadings[j * p + i];
  C.scores(columns, k, scores);
  kernels.tallGramF64(scores, k, k, scores, k, k, n, G, k);
  const g = frame.read(G, k * k);
  const out = new Float64Array(k);
  const R = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    let rest = g[j * k + j];
    for (let i = 0; i < j; i++) {
      if (R[i * k + i] === 0) continue;
      let s = g[i * k + j];
      for (let t = 0; t < i; t++) s -= R[t * k + i] * R[t * k + j];
      R[i * k + j] = s / R[i * k + i];
      rest -= R[i * k + j] ** 2;
    }
    // A score that earlier ones determine leaves rounding only.
    out[j] = rest > 1e-12 * g[j * k + j] ? rest : 0;
    R[j * k + j] = Math.sqrt(out[j]);
  }
  return out;
}
