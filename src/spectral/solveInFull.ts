import type { CentredMatrix } from './centredMatrix.ts';
import { type Eigenpairs, eigenpairs } from './eigenpairs.ts';
import type { Subspace, Watch } from './subspace.ts';

/** All eigenpairs of the short side's Gram matrix. */
export interface FullSolution extends Eigenpairs {
  /** Squared singular values, none negative. */
  spectrum: Float64Array;
}

/** Forms the Gram matrix of the short side and solves it in full. */
export function solveInFull(C: CentredMatrix, watch: Watch, withVectors = true): FullSolution {
  const { frame, short: s } = C;
  const G = frame.f64(s * s);
  C.gram(G);
  watch.step(1, 3);
  const pairs = eigenpairs(frame, G, s, withVectors);
  frame.release(G);
  watch.step(2, 3);
  return { ...pairs, spectrum: pairs.values.map((v) => Math.max(v, 0)) };
}

/** The first k eigenvectors as columns. */
export function leading(C: CentredMatrix, { vectors, order, spectrum }: FullSolution, k: number): Subspace {
  const { frame, short: s } = C;
  const columns = frame.uninitialised(s * k * 8);
  const from = frame.heap.f64(vectors, s * s);
  const to = frame.heap.f64(columns, s * k);
  for (let j = 0; j < k; j++) {
    const row = order[j] * s;
    for (let i = 0; i < s; i++) to[i * k + j] = from[row + i];
  }
  frame.release(vectors);
  return { vectors: columns, k, next: k < s ? spectrum[k] : undefined, iterations: 1, spectrum };
}
