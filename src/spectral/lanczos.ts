import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { Random } from '../core/random.ts';
import { eigenSystem } from './eigenSystem.ts';

export interface LanczosOptions {
  /** Wanted eigenvectors of the largest eigenvalues. */
  wanted: number;
  /** A pair has settled when |B q - theta q| <= tol sqrt(theta theta_1): the residual of a singular pair relative to the largest. */
  tol: number;
  maxRestarts: number;
  seed: number;
  /** Called after every product, for reports and for stopping. */
  tick(products: number): void;
}

export interface LanczosResult {
  /** `wanted` eigenvalues, largest first. */
  values: Float64Array;
  /** Orthonormal vectors, one after the other, in the caller's arena. */
  vectors: Pointer;
  converged: boolean;
  /** Products with the matrix. */
  products: number;
}

/** The basis holds this many vectors beside twice the wanted ones. */
const EXTRA = 24;
/** Before the basis is full, whether all have settled is looked at this often, once there are so many vectors more than wanted ones. */
const EVERY = 8;
const EARLIEST = 16;
/** Components that rounding leaves along the basis are taken out until this share of a vector remains. */
const REORTHOGONALISE = 0.7;

/**
 * The largest eigenvalues of a symmetric positive semidefinite matrix of size n, known by its products, by Lanczos steps with full
 * reorthogonalisation and thick restarts (Wu and Simon 2000).
 */
export function lanczos(
  frame: Arena,
  n: number,
  multiply: (q: Pointer, out: Pointer) => void,
  { wanted, tol, maxRestarts, seed, tick }: LanczosOptions,
): LanczosResult {
  const { heap, kernels } = frame;
  const size = Math.min(n, Math.max(2 * wanted + EXTRA, 3 * EXTRA));
  const basis = frame.uninitialised((size + 1) * n * 8);
  const spare = frame.uninitialised(size * n * 8);
  const coefficients = frame.f64(size + 1);
  const state = frame.put(Random.seedState(seed, 0));
  const T = new Float64Array(size * size);
  const at = (j: number) => basis + j * n * 8;

  /** Takes out of x what lies along the first `count` vectors, once more where that was much of it; returns what lay along the last one. */
  const orthogonalise = (x: Pointer, count: number): number => {
    let along = 0;
    for (let before = kernels.norm2(x, n), pass = 0; pass < 3 && count > 0; pass++) {
      kernels.denseDotsF64(basis, n, n, 0, count, x, coefficients);
      const h = heap.f64(coefficients, count);
      along += h[count - 1];
      for (let i = 0; i < count; i++) h[i] = -h[i];
      kernels.denseCombineF64(basis, n, n, 0, coefficients, count, x);
      const after = kernels.norm2(x, n);
      if (after > REORTHOGONALISE * before) break;
      before = after;
    }
    return along;
  };
  const start = (j: number): void => {
    for (;;) {
      kernels.randomNormal(state, at(j), n);
      kernels.scale(1 / kernels.norm2(at(j), n), at(j), n);
      orthogonalise(at(j), j);
      const norm = kernels.norm2(at(j), n);
      if (norm > 1e-8) {
        kernels.scale(1 / norm, at(j), n);
        return;
      }
    }
  };

  start(0);
  let kept = 0;
  let products = 0;
  let beta = 0;
  let split = false;
  /** Eigenpairs of the projection on the first m vectors, and how many of the leading ones have settled. */
  const ritz = (m: number) => {
    const small = frame.f64(m * m);
    const block = heap.f64(small, m * m);
    for (let i = 0; i < m; i++) block.set(T.subarray(i * size, i * size + m), i * m);
    const { values, vectors } = eigenSystem(frame, small, m);
    frame.release(small);
    const top = Math.max(values[0], 0);
    const error = (k: number) => Math.abs(beta * vectors[k * m + m - 1]);
    let settled = 0;
    while (settled < wanted && error(settled) <= tol * Math.sqrt(Math.max(values[settled], 0) * top) + 1e-16 * top) settled++;
    return { values, vectors, settled };
  };
  /** The first `keep` Ritz vectors replace the basis. */
  const project = (vectors: Float64Array, m: number, keep: number): void => {
    const S = frame.put(vectors.subarray(0, keep * m));
    const turned = frame.f64(m * keep);
    kernels.transposeF64(S, m, keep, m, turned, keep);
    kernels.denseMultiplyF64(basis, n, n, m, turned, keep, spare);
    kernels.transposeF64(spare, keep, n, keep, basis, n);
    frame.release(turned);
    frame.release(S);
  };
  for (let restart = 0; ; restart++) {
    for (let j = kept; j < size; j++) {
      const w = at(j + 1);
      multiply(at(j), w);
      tick(++products);
      const before = kernels.norm2(w, n);
      // Known couplings first: to the vector before, or to all that a restart has kept. What is left along the basis is rounding.
      for (let i = j === kept ? 0 : j - 1; i < j; i++) kernels.axpy(-T[i * size + j], at(i), w, n);
      const alpha = kernels.dot(at(j), w, n);
      kernels.axpy(-alpha, at(j), w, n);
      T[j * size + j] = alpha + orthogonalise(w, j + 1);
      beta = kernels.norm2(w, n);
      if (beta > 1e-14 * before && beta > 0) kernels.scale(1 / beta, w, n);
      else {
        // The vectors so far span an invariant space: another one starts beside it, for what is there more than once.
        beta = 0;
        split = true;
        if (j + 1 < n) start(j + 1);
      }
      if (j + 1 < size) T[j * size + j + 1] = T[(j + 1) * size + j] = beta;
      const m = j + 1;
      const due = m === size || (!split && m >= wanted + EARLIEST && (m - kept) % EVERY === 0);
      if (!due) continue;
      const { values, vectors, settled } = ritz(m);
      const done = settled === wanted || size === n;
      if (m < size && !done) continue;
      if (done || restart === maxRestarts) {
        project(vectors, m, wanted);
        for (const pointer of [spare, coefficients, state]) frame.release(pointer);
        return { values: values.slice(0, wanted), vectors: basis, converged: done, products };
      }
      const keep = Math.min(size - 2, wanted + Math.max(8, wanted >> 1));
      const residue = heap.f64(at(size), n).slice();
      project(vectors, size, keep);
      heap.f64(at(keep), n).set(residue);
      T.fill(0);
      for (let i = 0; i < keep; i++) {
        T[i * (size + 1)] = values[i];
        T[i * size + keep] = T[keep * size + i] = beta * vectors[i * size + size - 1];
      }
      kept = keep;
    }
  }
}
