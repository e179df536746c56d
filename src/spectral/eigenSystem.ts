import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';

/** Eigenvalues, largest first, and orthonormal eigenvectors, row after row (n x n, or none). */
export interface EigenSystem {
  values: Float64Array;
  vectors: Float64Array;
}

/** The eigensystem of the symmetric matrix at A (n x n, row-major, in full), which is destroyed. */
export function eigenSystem(frame: Arena, A: Pointer, n: number, wantVectors = true): EigenSystem {
  const { heap, kernels } = frame;
  // Scaled by a power of 2, so that squares stay in range and no digit is lost.
  const scale = powerOfTwo(kernels.normMax(A, n * n));
  kernels.scale(1 / scale, A, n * n);
  const d = frame.f64(n);
  const e = frame.f64(n);
  const scratch = frame.f64(2 * n);
  const Z = wantVectors ? frame.uninitialised(n * n * 8) : 0;
  const settled = kernels.symmetricEigen(A, n, d, e, Z, scratch);
  if (settled < n)
    throw new SpinifexError('NO_CONVERGENCE', `eigenvalue ${settled} of ${n} did not settle: the matrix may hold NaN`);
  const found = frame.read(d, n);
  const order = Int32Array.from(found.keys()).sort((a, b) => found[b] - found[a] || a - b);
  const vectors = new Float64Array(wantVectors ? n * n : 0);
  if (wantVectors) {
    const rows = heap.f64(Z, n * n);
    for (const [k, i] of order.entries()) vectors.set(rows.subarray(i * n, (i + 1) * n), k * n);
  }
  for (const pointer of [d, e, scratch, Z]) if (pointer) frame.release(pointer);
  return { values: Float64Array.from(order, (i) => scale * found[i]), vectors };
}

/** The largest power of 2 that is not above x; 1 for 0. */
function powerOfTwo(x: number): number {
  if (!(x > 0) || x === Infinity) return 1;
  let power = 1;
  while (power > x) power /= 2;
  while (power * 2 <= x) power *= 2;
  return power;
}

/** Turns every row of length n so that its entry of largest magnitude is positive, the first of equals; returns where it turned one. */
export function fixSigns(rows: Float64Array, n: number): boolean[] {
  const turned: boolean[] = [];
  for (let from = 0; from < rows.length; from += n) {
    let top = from;
    for (let p = from; p < from + n; p++) if (Math.abs(rows[p]) > Math.abs(rows[top])) top = p;
    const negative = rows[top] < 0;
    if (negative) for (let p = from; p < from + n; p++) rows[p] = -rows[p];
    turned.push(negative);
  }
  return turned;
}
