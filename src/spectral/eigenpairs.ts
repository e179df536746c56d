import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';

/** Eigenvalues from large to small, and where row i of the eigenvectors lies: `vectors + 8 n order[i]`. */
export interface Eigenpairs {
  values: Float64Array;
  order: Int32Array;
  /** n x n, one eigenvector per row; 0 where only values were asked for. */
  vectors: Pointer;
}

/** All eigenpairs of the symmetric A (n x n, row-major, in full), which is destroyed. Entries are scaled, so that squares do not overflow. */
export function eigenpairs(frame: Arena, A: Pointer, n: number, withVectors = true): Eigenpairs {
  const { kernels } = frame;
  const largest = kernels.normMax(A, n * n);
  const unit = largest > 0 ? powerOfTwoNear(largest) : 1;
  if (unit !== 1) kernels.scale(1 / unit, A, n * n);
  const d = frame.f64(n);
  const e = frame.f64(n);
  const scratch = frame.f64(2 * n);
  const vectors = withVectors ? frame.uninitialised(n * n * 8) : 0;
  const found = kernels.symmetricEigen(A, n, d, e, vectors, scratch);
  if (found < n) throw new SpinifexError('NO_CONVERGENCE', `eigenvalue ${found} of a ${n} x ${n} matrix did not settle`);
  const raw = frame.read(d, n);
  for (const pointer of [scratch, e, d]) frame.release(pointer);
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => raw[b] - raw[a] || a - b);
  const values = Float64Array.from(order, (i) => raw[i] * unit);
  return { values, order, vectors };
}

/** All eigenpairs of a small matrix outside linear memory; eigenvectors are rows. */
export function smallEigenpairs(frame: Arena, A: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const at = frame.put(A);
  const { values, order, vectors } = eigenpairs(frame, at, n);
  const rows = frame.heap.f64(vectors, n * n);
  const sorted = new Float64Array(n * n);
  for (let i = 0; i < n; i++) sorted.set(rows.subarray(order[i] * n, (order[i] + 1) * n), i * n);
  frame.release(vectors);
  frame.release(at);
  return { values, vectors: sorted };
}

function powerOfTwoNear(x: number): number {
  let power = 1;
  while (power * 2 <= x && power < 1e301) power *= 2;
  while (power > x && power > 1e-301) power /= 2;
  return power;
}
