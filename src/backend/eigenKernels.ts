import type { Pointer } from './kernels.ts';

/** Dense symmetric eigenproblems. */
export interface EigenKernels {
  /**
   * Eigenvalues d (n, in no order) and orthonormal eigenvectors, the rows of Z (n x n; 0: none), of the symmetric A (n x n, row-major, in full),
   * which is destroyed. e: n, scratch: 2n. Squares of the entries must not overflow, and entries below 1e-146 count as 0. Returns n, or the number of the eigenvalue that did not settle.
   */
  symmetricEigen(A: Pointer, n: number, d: Pointer, e: Pointer, Z: Pointer, scratch: Pointer): number;
}
