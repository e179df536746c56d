import { Random } from '../core/random.ts';
import type { CentredMatrix } from './centredMatrix.ts';
import { eigenpairs } from './eigenpairs.ts';
import { orthonormalize } from './orthonormalize.ts';
import type { Subspace, Watch } from './subspace.ts';

/** Settings of the Lanczos solver. */
export interface LanczosSettings {
  tol: number;
  /** Most blocks that C C' is applied to. */
  maxIterations: number;
  seed: number;
}

/** Vectors per block: a gathered row of four is one cache line's half, and tall products have whole tiles. */
const BLOCK = 4;
/** Columns between two looks at the Ritz values. */
const LOOK = 20;

/** Whether the basis would be so close to the whole space that solving in full is the better way. */
export const tooSmallForLanczos = (short: number, k: number): boolean => short <= 2 * k + 10 * BLOCK;

/**
 * Block Lanczos on the short side's Gram matrix with full reorthogonalisation and thick restart (Wu and Simon 2000; Golub and Underwood 1977):
 * each block is multiplied once, orthogonalised against its neighbours and then against the whole basis; the projected matrix T is exact,
 * and a Ritz vector's residual is the last block's coupling times the end of its eigenvector.
 */
export function lanczosSubspace(C: CentredMatrix, k: number, settings: LanczosSettings, watch: Watch): Subspace {
  const { frame, short: s } = C;
  const { kernels, heap } = frame;
  const { tol, maxIterations, seed } = settings;
  const b = BLOCK;
  const most = Math.min(Math.floor((s - b) / b) * b, Math.ceil(Math.max(2.4 * k, k + 40) / b) * b);
  const ld = most + b;
  const random = new Random(seed, 1);
  const Q = frame.f64(s * ld);
  const U = frame.uninitialised(s * b * 8);
  const W = frame.uninitialised(s * b * 8);
  const H = frame.uninitialised(ld * b * 8);
  const state = frame.put(Random.seedState(seed));
  const T = new Float64Array(most * most);

  const column = (j: number) => Q + j * 8;
  /** W -= Q[:, from..to) (its coefficients), which are returned. */
  const subtract = (from: number, to: number): Float64Array => {
    const count = to - from;
    heap.f64(H, count * b).fill(0);
    kernels.tallGramF64(column(from), ld, count, W, b, b, s, H, b);
    kernels.tallMultiply(column(from), ld, s, count, H, b, b, -1, W, b);
    return heap.f64(H, count * b);
  };

  kernels.randomNormal(state, W, s * b);
  orthonormalize(frame, W, s, b, b, random);
  kernels.copyRows(W, b, s, b, column(0), ld);

  let m = 0;
  let coupled = 0;
  let iterations = 0;
  let norm = 0;
  for (;;) {
    kernels.copyRows(column(m), ld, s, b, U, b);
    C.applyGram(U, b, W);
    iterations++;
    const end = m + b;
    const near = subtract(coupled, end);
    for (let i = coupled; i < end; i++) {
      for (let j = 0; j < b; j++) T[i * most + m + j] = T[(m + j) * most + i] = near[(i - coupled) * b + j];
    }
    for (let i = 0; i < b; i++) {
      // The diagonal block was written from both sides: the mean is what rounding left symmetric.
      for (let j = 0; j < i; j++) {
        const mean = 0.5 * (near[(m - coupled + i) * b + j] + near[(m - coupled + j) * b + i]);
        T[(m + i) * most + m + j] = T[(m + j) * most + m + i] = mean;
      }
      norm = Math.max(norm, T[(m + i) * most + m + i]);
    }
    subtract(0, end);
    const B = orthonormalize(frame, W, s, b, b, random);
    let least = Infinity;
    for (let j = 0; j < b; j++) least = Math.min(least, B[j * b + j]);
    if (least <= 1e-5 * norm) {
      // What little was left of the block is mostly rounding, and not orthogonal to the basis.
      for (let pass = 0; pass < 2; pass++) {
        subtract(0, end);
        orthonormalize(frame, W, s, b, b, random);
      }
    }
    kernels.copyRows(W, b, s, b, column(end), ld);
    coupled = m;
    m = end;
    watch.step(iterations, maxIterations);

    const full = m + b > most;
    const last = iterations >= maxIterations && m >= k;
    if (!(full || last || (m >= k + b && m % LOOK < b))) continue;
    const at = frame.uninitialised(m * m * 8);
    const t = heap.f64(at, m * m);
    for (let i = 0; i < m; i++) t.set(T.subarray(i * most, i * most + m), i * m);
    const { values, order, vectors } = eigenpairs(frame, at, m);
    frame.release(at);
    const S = heap.f64(vectors, m * m);
    const largest = Math.sqrt(Math.max(values[0], 0));
    let settled = true;
    for (let i = 0; i < k && settled; i++) {
      const row = order[i] * m + m - b;
      let squares = 0;
      for (let p = 0; p < b; p++) {
        let x = 0;
        for (let q = p; q < b; q++) x += B[p * b + q] * S[row + q];
        squares += x * x;
      }
      // ||G u - sigma^2 u|| / sigma is the residual of the singular triplet; below the rounding of G nothing more is to be had.
      const sigma = Math.sqrt(Math.max(values[i], 0));
      settled = Math.sqrt(squares) <= Math.max(0.5 * tol * sigma * largest, 1e-15 * largest * largest);
    }
    if (settled || last) {
      const X = ritz(k, S, order, m);
      frame.release(vectors);
      for (const pointer of [state, H, W, U, Q]) frame.release(pointer);
      return { vectors: X, k, next: k < m ? Math.max(values[k], 0) : undefined, iterations };
    }
    if (full) {
      const keep = Math.min(most - 3 * b, k + Math.floor(0.4 * (most - k)));
      const X = ritz(keep, S, order, m);
      kernels.copyRows(X, keep, s, keep, Q, ld);
      kernels.copyRows(column(m), ld, s, b, U, b);
      kernels.copyRows(U, b, s, b, column(keep), ld);
      frame.release(X);
      T.fill(0);
      for (let i = 0; i < keep; i++) T[i * most + i] = values[i];
      m = keep;
      coupled = 0;
    }
    frame.release(vectors);
  }

  /** Q S for the first `count` Ritz vectors, s x count. */
  function ritz(count: number, S: Float64Array, order: Int32Array, m: number): number {
    const right = new Float64Array(m * count);
    for (let j = 0; j < count; j++) for (let i = 0; i < m; i++) right[i * count + j] = S[order[j] * m + i];
    const C = frame.put(right);
    const X = frame.f64(s * count);
    kernels.tallMultiply(Q, ld, s, m, C, count, count, 1, X, count);
    frame.release(C);
    return X;
  }
}
