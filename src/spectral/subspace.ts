import type { Pointer } from '../backend/kernels.ts';

/** What a solver finds on the short side of C. */
export interface Subspace {
  /** short x k, orthonormal columns: approximate singular vectors, from large to small. */
  vectors: Pointer;
  k: number;
  /** Estimate of the square of the next singular value, where one is known. */
  next: number | undefined;
  /** Applications of C C' or C'C to a block of vectors, or 1 for a matrix that was solved in full. */
  iterations: number;
  /** All squared singular values, where they are known. */
  spectrum?: Float64Array;
}

/** Reports and stops long work. */
export interface Watch {
  /** Called after each step. */
  step(done: number, total: number): void;
}
