import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, checkFinite, type MatrixInput } from '../core/matrixInput.ts';
import { eigenSystem, fixSigns } from './eigenSystem.ts';

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** n eigenvalues, largest first. */
  values: Float64Array;
  /** n x n, one eigenvector per row, of length 1; its entry of largest magnitude is positive, the first of equals. */
  vectors: DenseMatrix;
  certificate: {
    /** max_i |A v_i - lambda_i v_i| / max |lambda| */
    residual: number;
    /** max |V V' - I| */
    orthogonality: number;
  };
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, A v = lambda v, by Householder reflections and implicit QL steps (Golub and Van Loan,
 * section 8.3). Vectors of equal eigenvalues are an arbitrary orthonormal basis of their space.
 *
 * @param A n x n
 * @throws TypeError, RangeError for a matrix that is not square, not finite or not symmetric (to 1e-12 of its largest entry; the worst pair is named)
 * @example
 * symmetricEigen([[2, 1], [1, 2]]).values; // Float64Array [ 3, 1 ]
 */
export function symmetricEigen(A: MatrixInput): SymmetricEigen {
  const matrix = checkFinite(asMatrix(A, 'A'), 'A');
  const n = matrix.rows;
  if (matrix.cols !== n) throw new RangeError(`A: expected a square matrix, got ${n} x ${matrix.cols}`);
  const dense = matrix instanceof DenseMatrix ? matrix : matrix.toDense();
  const full = new Float64Array(n * n);
  let largest = 0;
  let worst = { size: 0, i: 0, j: 0 };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [dense.get(i, j), dense.get(j, i)];
      full[i * n + j] = a / 2 + b / 2;
      largest = Math.max(largest, Math.abs(a));
      if (Math.abs(a - b) > worst.size) worst = { size: Math.abs(a - b), i, j };
    }
  }
  if (worst.size > 1e-12 * largest) {
    const { i, j } = worst;
    throw new RangeError(
      `A: expected a symmetric matrix; A[${i}][${j}] is ${dense.get(i, j)} and A[${j}][${i}] is ${dense.get(j, i)}`,
    );
  }
  return arena(currentBackend(), (frame) => {
    const { values, vectors } = eigenSystem(frame, frame.put(full), n);
    fixSigns(vectors, n);
    const V = frame.put(vectors);
    const AV = frame.f64(n * n);
    const S = frame.put(full);
    // V and A are row-major, which is column-major for their transposes: entry (i, k) of V A.
    frame.kernels.denseGramF64(V, n, S, n, n, 0, n, AV, n);
    const products = frame.heap.f64(AV, n * n);
    let residual = 0;
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += (products[i * n + k] - values[i] * vectors[i * n + k]) ** 2;
      residual = Math.max(residual, Math.sqrt(s));
    }
    const size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
    const orthogonality = orthogonalityOf(frame.kernels, V, n, n, AV, () => frame.heap.f64(AV, n * n));
    return {
      values,
      vectors: new DenseMatrix(vectors, n, n),
      certificate: { residual: size > 0 ? residual / size : residual, orthogonality },
    };
  });
}

/** max |V V' - I| for k vectors of length n, one after the other. */
export function orthogonalityOf(
  kernels: { syrkF64(X: number, ld: number, n: number, p: number, out: number): void },
  V: number,
  n: number,
  k: number,
  out: number,
  view: () => Float64Array,
): number {
  kernels.syrkF64(V, n, n, k, out);
  const gram = view();
  let worst = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) worst = Math.max(worst, Math.abs(gram[i * k + j] - (i === j ? 1 : 0)));
  return worst;
}
