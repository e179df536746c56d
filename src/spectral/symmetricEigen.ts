import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { checkFinite } from '../core/matrixInput.ts';
import { eigenpairs } from './eigenpairs.ts';
import { orient } from './triplets.ts';

/** Options of `symmetricEigen`. */
export interface SymmetricEigenOptions {
  /** Largest difference between A and its transpose that is taken for rounding, relative to the largest entry. @default 1e-12 */
  tol?: number;
}

/** All eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** From large to small. */
  values: Float64Array;
  /** n x n; row i is the eigenvector of `values[i]`, of norm 1, its first entry of largest magnitude positive. */
  vectors: DenseMatrix;
  certificate: {
    /** Largest ||A v_i - lambda_i v_i|| over the largest |lambda|: every lambda_i is within that of an exact eigenvalue. */
    residual: number;
    /** Largest |v_i . v_j - (i = j)|. */
    orthogonality: number;
  };
}

/**
 * Solves A v = lambda v (equation 28 of the guide) for a symmetric A: Householder reflections to tridiagonal form, then implicit QL steps
 * (Golub and Van Loan, Matrix Computations, section 8.3), in 64 bits. O(n^3).
 *
 * @param A n x n, symmetric; sparse input is expanded
 * @throws RangeError where A is not square, not finite or not symmetric: the message names the pair that differs most
 * @example
 * const { values, vectors } = symmetricEigen([[2, 1], [1, 2]]);
 * values; // Float64Array [3, 1]
 * vectors.toRows()[0]; // [0.7071067811865475, 0.7071067811865475]
 */
export function symmetricEigen(A: DesignInput, options?: SymmetricEigenOptions): SymmetricEigen {
  const { tol = 1e-12 } = optionsObject(options, 'symmetricEigen', ['tol']);
  nonNegativeNumber(tol, 'tol');
  const given = checkFinite(hostMatrix(A, 'A'), 'A');
  const { rows: n, cols } = given;
  if (n !== cols) throw new RangeError(`A: expected a square matrix, got ${n} x ${cols}`);
  const dense = given instanceof DenseMatrix ? given : given.toDense();
  const full = symmetrised(dense, tol);
  return arena(currentBackend(), (frame) => {
    const { kernels, heap } = frame;
    const at = frame.put(full);
    const { values, order, vectors } = eigenpairs(frame, at, n);
    const V = new Float64Array(n * n);
    const raw = heap.f64(vectors, n * n);
    for (let i = 0; i < n; i++) {
      V.set(raw.subarray(order[i] * n, (order[i] + 1) * n), i * n);
      orient(V.subarray(i * n, (i + 1) * n));
    }
    // Rows of V A are A v, because A is symmetric; columns of V' are needed for V V'.
    const rows = frame.put(V);
    const columns = frame.uninitialised(n * n * 8);
    kernels.transposeF64(rows, n, n, n, columns, n);
    const matrix = frame.put(full);
    const product = frame.f64(n * n);
    kernels.tallMultiply(rows, n, n, n, matrix, n, n, 1, product, n);
    const unit = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
    const image = heap.f64(product, n * n);
    let residual = 0;
    for (let i = 0; i < n; i++) {
      let squares = 0;
      for (let j = 0; j < n; j++) squares += ((image[i * n + j] - values[i] * V[i * n + j]) / (unit || 1)) ** 2;
      residual = Math.max(residual, Math.sqrt(squares));
    }
    heap.f64(product, n * n).fill(0);
    kernels.tallMultiply(rows, n, n, n, columns, n, n, 1, product, n);
    const gram = heap.f64(product, n * n);
    let orthogonality = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) orthogonality = Math.max(orthogonality, Math.abs(gram[i * n + j] - (i === j ? 1 : 0)));
    }
    return { values, vectors: new DenseMatrix(V, n, n), certificate: { residual, orthogonality } };
  });
}

/** (A + A') / 2, row-major, where the two agree to rounding. */
function symmetrised(A: DenseMatrix, tol: number): Float64Array {
  const { rows: n, data, rowStride, columnStride } = A;
  const out = new Float64Array(n * n);
  let largest = 0;
  let worst = { apart: 0, i: 0, j: 0 };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const a = data[i * rowStride + j * columnStride];
      const b = data[j * rowStride + i * columnStride];
      largest = Math.max(largest, Math.abs(a), Math.abs(b));
      const apart = Math.abs(a / 2 - b / 2);
      if (apart > worst.apart) worst = { apart, i: j, j: i };
      out[i * n + j] = out[j * n + i] = a / 2 + b / 2;
    }
  }
  if (worst.apart > (tol / 2) * largest) {
    const { i, j } = worst;
    throw new RangeError(
      `A: expected a symmetric matrix, but A[${i}][${j}] is ${data[i * rowStride + j * columnStride]} and ` +
        `A[${j}][${i}] is ${data[j * rowStride + i * columnStride]}`,
    );
  }
  return out;
}
