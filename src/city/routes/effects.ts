import { arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';

/** A row of the design in few numbers: the first `dense` columns, then (column, value) of the others. */
export interface SparseRow {
  dense: Float64Array;
  columns: number[];
  values: number[];
}

/** Rows that are multiplied at once. */
const BLOCK = 512;

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
  readonly #prior: { precision: Float64Array; logDeterminant: number };
  /** Products of dense columns, q x q. */
  readonly #gram: Float64Array;
  /** Products of sparse columns with dense ones, one row for each sparse column. */
  readonly #cross: Float64Array;
  /** Products of sparse columns, upper triangle. */
  readonly #sparse: Float64Array;
  readonly #right: Float64Array;
  /** Dense parts that wait to be multiplied, row after row. */
  readonly #block: Float64Array;
  #waiting = 0;
  #squares = 0;

  constructor(prior: { precision: Float64Array; logDeterminant: number }, size: number, dense: number) {
    this.#size = size;
    this.#dense = dense;
    this.#prior = prior;
    this.#gram = new Float64Array(dense * dense);
    this.#cross = new Float64Array((size - dense) * dense);
    this.#sparse = new Float64Array((size - dense) ** 2);
    this.#right = new Float64Array(size);
    this.#block = new Float64Array(BLOCK * dense);
  }

  /** Adds one row. */
  add({ dense, columns, values }: SparseRow, y: number): void {
    const [q, m, b] = [this.#dense, this.#size - this.#dense, this.#right];
    this.#block.set(dense, this.#waiting * q);
    for (let a = 0; a < q; a++) b[a] += dense[a] * y;
    for (let s = 0; s < columns.length; s++) {
      const own = columns[s] - q;
      for (let a = 0, at = own * q; a < q; a++, at++) this.#cross[at] += values[s] * dense[a];
      for (let t = 0; t < columns.length; t++) {
        if (columns[t] >= columns[s]) this.#sparse[own * m + columns[t] - q] += values[s] * values[t];
      }
      b[columns[s]] += values[s] * y;
    }
    this.#squares += y * y;
    if (++this.#waiting === BLOCK) this.#multiply();
  }

  #multiply(): void {
    const [q, n] = [this.#dense, this.#waiting];
    if (n === 0) return;
    this.#waiting = 0;
    arena(currentBackend(), (frame) => {
      const out = frame.f64(q * q);
      const block = frame.put(this.#block.subarray(0, n * q));
      frame.kernels.tallGramF64(block, q, q, block, q, q, n, out, q);
      const product = frame.heap.f64(out, q * q);
      for (let e = 0; e < q * q; e++) this.#gram[e] += product[e];
    });
  }

  /** The whole matrix, upper triangle. */
  #matrix(): Float64Array {
    const [p, q] = [this.#size, this.#dense];
    const A = this.#prior.precision.slice();
    for (let a = 0; a < q; a++) {
      for (let c = a; c < q; c++) A[a * p + c] += this.#gram[a * q + c];
      for (let c = q; c < p; c++) A[a * p + c] += this.#cross[(c - q) * q + a];
    }
    for (let s = q; s < p; s++) for (let c = s; c < p; c++) A[s * p + c] += this.#sparse[(s - q) * (p - q) + c - q];
    return A;
  }

  solve(wantCovariance: boolean): Posterior {
    this.#multiply();
    const p = this.#size;
    const backend = currentBackend();
    return arena(backend, (frame) => {
      const { kernels, heap } = backend;
      const R = frame.put(this.#matrix());
      if (kernels.choleskyFactor(R, p, p, 0) < p)
        throw new RangeError('the normal equations of the routes are not positive definite');
      let deviance = this.#squares - this.#prior.logDeterminant;
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

/** z'M z for every row z, M the posterior covariance. */
export function posteriorVariances({ theta, covariance: M }: Posterior, rows: readonly SparseRow[]): Float64Array {
  const [p, n, q] = [theta.length, rows.length, rows[0].dense.length];
  const out = new Float64Array(n);
  const Z = new Float64Array(n * q);
  for (let k = 0; k < n; k++) for (let a = 0; a < q; a++) Z[a * n + k] = rows[k].dense[a];
  const block = new Float64Array(q * q);
  for (let a = 0; a < q; a++) block.set(M.subarray(a * p, a * p + q), a * q);
  arena(currentBackend(), (frame) => {
    const product = frame.f64(n * q);
    frame.kernels.denseMultiplyF64(frame.put(Z), n, n, q, frame.put(block), q, product);
    const ZM = frame.heap.f64(product, n * q);
    for (let k = 0; k < n; k++) for (let a = 0; a < q; a++) out[k] += ZM[k * q + a] * rows[k].dense[a];
  });
  for (let k = 0; k < n; k++) {
    const { dense, columns, values } = rows[k];
    for (let s = 0; s < columns.length; s++) {
      const row = columns[s] * p;
      let cross = 0;
      for (let a = 0; a < q; a++) cross += M[row + a] * dense[a];
      let own = 0;
      for (let t = 0; t < columns.length; t++) own += M[row + columns[t]] * values[t];
      out[k] += values[s] * (2 * cross + own);
    }
  }
  return out;
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
