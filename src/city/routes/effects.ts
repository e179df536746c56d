import { arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';

/** A row of the design in few numbers: the first `dense` columns, then (column, value) of the others. */
export interface SparseRow {
  dense: Float64Array;
  columns: number[];
  values: number[];
}

/** Weighted ridge regression with a Gaussian prior, and what its posterior says. */
export interface Posterior {
  theta: Float64Array;
  /** Posterior covariance, p x p, row after row. */
  covariance: Float64Array;
  /** -2 log marginal likelihood of the data, but for what no parameter changes. */
  deviance: number;
}

/**
 * Normal equations A theta = b, A = prior precision + sum of z z' over the rows that were added, b = sum of z y: Bayesian linear regression
 * (Rasmussen and Williams 2006, section 2.1) with rows that are already divided by their standard deviations.
 */
export class NormalEquations {
  readonly #size: number;
  readonly #dense: number;
  readonly #matrix: Float64Array;
  readonly #right: Float64Array;
  readonly #priorLogDeterminant: number;
  #squares = 0;

  constructor(prior: { precision: Float64Array; logDeterminant: number }, size: number, dense: number) {
    this.#size = size;
    this.#dense = dense;
    this.#matrix = prior.precision.slice();
    this.#right = new Float64Array(size);
    this.#priorLogDeterminant = prior.logDeterminant;
  }

  /** Adds one row; only the upper triangle is kept. */
  add({ dense, columns, values }: SparseRow, y: number): void {
    const [p, q, A, b] = [this.#size, this.#dense, this.#matrix, this.#right];
    for (let a = 0; a < q; a++) {
      const z = dense[a];
      const row = a * p;
      for (let c = a; c < q; c++) A[row + c] += z * dense[c];
      for (let t = 0; t < columns.length; t++) A[row + columns[t]] += z * values[t];
      b[a] += z * y;
    }
    for (let s = 0; s < columns.length; s++) {
      const row = columns[s] * p;
      for (let t = 0; t < columns.length; t++) if (columns[t] >= columns[s]) A[row + columns[t]] += values[s] * values[t];
      b[columns[s]] += values[s] * y;
    }
    this.#squares += y * y;
  }

  solve(wantCovariance: boolean): Posterior {
    const p = this.#size;
    const backend = currentBackend();
    return arena(backend, (frame) => {
      const { kernels, heap } = backend;
      const R = frame.put(this.#matrix);
      if (kernels.choleskyFactor(R, p, p, 0) < p)
        throw new RangeError('the normal equations of the routes are not positive definite');
      let deviance = this.#squares - this.#priorLogDeterminant;
      const factor = heap.f64(R, p * p);
      for (let i = 0; i < p; i++) deviance += 2 * kernels.log(factor[i * p + i]);
      const x = frame.put(this.#right);
      kernels.choleskySolve(R, p, p, x);
      const theta = frame.read(x, p);
      for (let i = 0; i < p; i++) deviance -= theta[i] * this.#right[i];
      const covariance = new Float64Array(wantCovariance ? p * p : 0);
      for (let i = 0; i < p && wantCovariance; i++) {
        const unit = heap.f64(x, p).fill(0);
        unit[i] = 1;
        kernels.choleskySolve(R, p, p, x);
        covariance.set(heap.f64(x, p), i * p);
      }
      return { theta, covariance, deviance };
    });
  }
}

/** Inverse and log determinant of the inverse of a symmetric positive definite n x n matrix, row after row. */
export function precisionOf(matrix: Float64Array, n: number): { precision: Float64Array; logDeterminant: number } {
  const backend = currentBackend();
  return arena(backend, (frame) => {
    const { kernels, heap } = backend;
    const R = frame.put(matrix);
    if (kernels.choleskyFactor(R, n, n, 0) < n) throw new RangeError('the kernel matrix of the zones is not positive definite');
    const factor = heap.f64(R, n * n);
    let logDeterminant = 0;
    for (let i = 0; i < n; i++) logDeterminant -= 2 * kernels.log(factor[i * n + i]);
    const x = frame.f64(n);
    const precision = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      const unit = heap.f64(x, n).fill(0);
      unit[i] = 1;
      kernels.choleskySolve(R, n, n, x);
      precision.set(heap.f64(x, n), i * n);
    }
    return { precision, logDeterminant };
  });
}
