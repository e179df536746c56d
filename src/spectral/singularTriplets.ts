import type { Pointer } from '../backend/kernels.ts';
import { Random } from '../core/random.ts';
import { eigenSystem, fixSigns } from './eigenSystem.ts';
import { lanczos } from './lanczos.ts';
import { orthonormalise } from './orthonormalise.ts';
import type { SpectralOperator } from './spectralOperator.ts';

/** How leading singular vectors are found; see `Pca`. */
export type SpectralSolver = 'auto' | 'covariance' | 'lanczos' | 'randomized';

/** Proof of accuracy of a truncated decomposition. */
export interface SpectralCertificate {
  /** Whether `residual` <= `tol`. */
  converged: boolean;
  status: 'converged' | 'maxIterations';
  /** max_i |C'u_i - sigma_i v_i| / sigma_1, with u_i = C v_i / sigma_i exactly. */
  residual: number;
  /** max |V V' - I| */
  orthogonality: number;
  /** Distance of each singular value to its nearest neighbour here, over sigma_1: where it is near 0, single vectors are arbitrary. */
  gaps: Float64Array;
  /** Products of C or C' with a vector. */
  products: number;
  /** The residual that was asked for. */
  tol: number;
}

export interface TripletOptions {
  solver: SpectralSolver;
  tol: number;
  maxIterations: number;
  seed: number;
  oversamples: number;
  powerIterations: number;
  /** Called with the products so far. */
  tick(products: number): void;
}

export interface SingularTriplets {
  /** Largest first. */
  sigma: Float64Array;
  /** k x p, one right singular vector per row, signs fixed. */
  V: Float64Array;
  /** n x k, u sigma: the rows of C in the directions of V. */
  scores: Float64Array;
  certificate: SpectralCertificate;
}

/** A matrix with at most this many columns (or rows) has all its eigenvectors computed at once. */
const SMALL = 1000;

/** The k leading singular triplets of C. */
export function singularTriplets(op: SpectralOperator, k: number, options: TripletOptions): SingularTriplets {
  const { rows: n, cols: p } = op;
  const counter = { products: 0 };
  const count = (products: number) => {
    counter.products += products;
    options.tick(counter.products);
  };
  const solver = options.solver === 'auto' ? automatic(n, p, k) : options.solver;
  const V =
    solver === 'randomized'
      ? byRandomProjection(op, k, options, count)
      : solver === 'lanczos'
        ? byLanczos(op, k, options, count)
        : p <= n
          ? byColumnGram(op, k, count)
          : byRowGram(op, k, options, count);
  return finish(op, V, k, options, counter, count);
}

function automatic(n: number, p: number, k: number): SpectralSolver {
  const small = Math.min(n, p);
  return small <= 200 || (p <= n && p <= SMALL) || 4 * k >= small ? 'covariance' : 'lanczos';
}

/** Eigenvectors of C'C. */
function byColumnGram(op: SpectralOperator, k: number, count: (products: number) => void): Pointer {
  const { frame, cols: p } = op;
  const G = op.gram();
  count(p);
  if (6 * k < p) {
    const { kernels } = frame;
    // A few of many: products with the Gram matrix cost less than its reduction.
    const { vectors, converged } = lanczos(frame, p, (q, out) => kernels.denseDotsF64(G, p, p, 0, p, q, out), {
      wanted: k,
      tol: 1e-15,
      maxRestarts: 30,
      seed: 0,
      tick: () => {},
    });
    if (converged) {
      frame.release(G);
      return vectors;
    }
  }
  const { vectors } = eigenSystem(frame, G, p);
  frame.release(G);
  return frame.put(vectors.subarray(0, k * p));
}

/** Eigenvectors of C C', carried over to the columns. */
function byRowGram(op: SpectralOperator, k: number, { seed }: TripletOptions, count: (products: number) => void): Pointer {
  const { frame, rows: n, cols: p } = op;
  const { heap } = frame;
  const G = frame.f64(n * n);
  const block = Math.min(8, n);
  const units = frame.f64(block * n);
  const across = frame.f64(block * p);
  for (let first = 0; first < n; first += block) {
    const width = Math.min(block, n - first);
    const unit = heap.f64(units, block * n);
    unit.fill(0);
    for (let a = 0; a < width; a++) unit[a * n + first + a] = 1;
    op.backwardAll(units, width, across);
    op.forwardAll(across, width, G + first * n * 8);
    count(2 * width);
  }
  const { vectors } = eigenSystem(frame, G, n);
  for (const pointer of [across, units, G]) frame.release(pointer);
  const U = frame.put(vectors.subarray(0, k * n));
  return carryOver(op, U, k, seed, count);
}

/** v = C'u for orthonormal u, orthonormalised: exact zeros of sigma get some vector orthogonal to the others. */
function carryOver(op: SpectralOperator, U: Pointer, k: number, seed: number, count: (products: number) => void): Pointer {
  const { frame, cols: p } = op;
  const V = frame.uninitialised(k * p * 8);
  op.backwardAll(U, k, V);
  count(k);
  frame.release(U);
  orthonormalise(frame, V, p, k, seed);
  return V;
}

/** Lanczos on the smaller of C'C and C C'. */
function byLanczos(op: SpectralOperator, k: number, options: TripletOptions, count: (products: number) => void): Pointer {
  const { frame, rows: n, cols: p } = op;
  const wide = n < p;
  const middle = frame.f64(wide ? p : n);
  const multiply = (q: Pointer, out: Pointer): void => {
    if (wide) {
      op.backward(q, middle);
      op.forward(middle, out);
    } else {
      op.forward(q, middle);
      op.backward(middle, out);
    }
    count(2);
  };
  const { vectors } = lanczos(frame, Math.min(n, p), multiply, {
    wanted: k,
    tol: options.tol / 2,
    maxRestarts: options.maxIterations,
    seed: options.seed,
    tick: () => {},
  });
  frame.release(middle);
  return wide ? carryOver(op, vectors, k, options.seed, count) : vectors;
}

/** Subspace iteration from random vectors (Halko, Martinsson and Tropp 2011). */
function byRandomProjection(
  op: SpectralOperator,
  k: number,
  { oversamples, powerIterations, seed }: TripletOptions,
  count: (products: number) => void,
): Pointer {
  const { frame, rows: n, cols: p } = op;
  const { kernels } = frame;
  const width = Math.min(k + oversamples, n, p);
  const V = frame.f64(width * p);
  const U = frame.f64(width * n);
  const state = frame.put(Random.seedState(seed, 0));
  kernels.randomNormal(state, V, width * p);
  for (let power = 0; power <= powerIterations; power++) {
    op.forwardAll(V, width, U);
    orthonormalise(frame, U, n, width, seed);
    op.backwardAll(U, width, V);
    count(2 * width);
    if (power < powerIterations) orthonormalise(frame, V, p, width, seed);
  }
  // V holds B = U'C row by row: its leading right singular vectors from the eigenvectors of B B'.
  const G = frame.f64(width * width);
  kernels.syrkF64(V, p, p, width, G);
  const { vectors } = eigenSystem(frame, G, width);
  const S = frame.put(vectors.subarray(0, k * width));
  const turned = frame.f64(width * k);
  kernels.transposeF64(S, width, k, width, turned, k);
  const mixed = frame.f64(p * k);
  kernels.denseMultiplyF64(V, p, p, width, turned, k, mixed);
  const out = frame.f64(k * p);
  kernels.transposeF64(mixed, k, p, k, out, p);
  for (const pointer of [mixed, turned, S, G, state, U, V]) frame.release(pointer);
  orthonormalise(frame, out, p, k, seed);
  return out;
}

/** Singular values as lengths of C v, which small ones need; order, signs and certificate. */
function finish(
  op: SpectralOperator,
  V: Pointer,
  k: number,
  { tol }: TripletOptions,
  counter: { products: number },
  count: (products: number) => void,
): SingularTriplets {
  const { frame, rows: n, cols: p } = op;
  const { heap, kernels } = frame;
  const U = frame.uninitialised(k * n * 8);
  op.forwardAll(V, k, U);
  const back = frame.uninitialised(k * p * 8);
  op.backwardAll(U, k, back);
  count(2 * k);
  const lengths = Float64Array.from({ length: k }, (_, a) => kernels.norm2(U + a * n * 8, n));
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const sigma = Float64Array.from(order, (a) => lengths[a]);
  const rows = new Float64Array(k * p);
  let residual = 0;
  for (const [place, a] of order.entries()) {
    const [v, r] = [V + a * p * 8, back + a * p * 8];
    rows.set(heap.f64(v, p), place * p);
    if (!(lengths[a] > 1e-14 * sigma[0])) continue;
    kernels.scale(1 / lengths[a], r, p);
    kernels.axpy(-lengths[a], v, r, p);
    residual = Math.max(residual, kernels.norm2(r, p) / sigma[0]);
  }
  const gram = frame.f64(k * k);
  kernels.syrkF64(V, p, p, k, gram);
  const products = heap.f64(gram, k * k);
  let orthogonality = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) orthogonality = Math.max(orthogonality, Math.abs(products[i * k + j] - (i === j ? 1 : 0)));
  }
  const turned = fixSigns(rows, p);
  const images = heap.f64(U, k * n);
  const ordered = new Float64Array(n * k);
  for (const [place, a] of order.entries()) {
    const sign = turned[place] ? -1 : 1;
    for (let i = 0; i < n; i++) ordered[i * k + place] = sign * images[a * n + i];
  }
  for (const pointer of [gram, back, U, V]) frame.release(pointer);
  const gaps = Float64Array.from(sigma, (s, i) => {
    const above = i > 0 ? sigma[i - 1] - s : Infinity;
    const below = i + 1 < k ? s - sigma[i + 1] : Infinity;
    const gap = Math.min(above, below);
    return gap < Infinity && sigma[0] > 0 ? gap / sigma[0] : 1;
  });
  return {
    sigma,
    V: rows,
    scores: ordered,
    certificate: {
      converged: residual <= tol,
      status: residual <= tol ? 'converged' : 'maxIterations',
      residual,
      orthogonality,
      gaps,
      products: counter.products,
      tol,
    },
  };
}
