import type { Pointer } from '../backend/kernels.ts';
import { Random } from '../core/random.ts';
import type { CentredMatrix } from './centredMatrix.ts';
import { multiplyInPlace, orthonormalize } from './orthonormalize.ts';
import { smallSvd } from './smallSvd.ts';
import type { Subspace } from './subspace.ts';

/** Products of long vectors below this are orthogonal. */
const ORTHOGONAL = 1e-13;
/** Rows that are transposed at a time. */
const CHUNK = 512;
/** Entries that differ by less than this share the first place when a sign is chosen. */
const TIE = 1e-9;

/** Singular triplets of C and how good they are. */
export interface Triplets {
  /** From large to small. */
  singularValues: Float64Array;
  /** k x p, one component per row, its largest entry positive. */
  components: Float64Array;
  /** Largest ||C v_i - sigma_i u_i|| or ||C'u_i - sigma_i v_i|| over sigma_1 (absolute where that is 0). */
  residual: number;
  /** Largest |v_i . v_j - (i = j)|. */
  orthogonality: number;
  /** Distance of each singular value to its nearest neighbour, over sigma_1. */
  gaps: Float64Array;
}

/**
 * From an orthonormal basis U of the short side to singular triplets: W = M'U; where its columns are orthogonal they are sigma v, otherwise
 * W = V R and the small SVD of R turns both sides, so that small singular values are exact to rounding of the largest, as in LAPACK.
 */
export function triplets(C: CentredMatrix, { vectors: U, k, next }: Subspace): Triplets {
  const { frame, short: s, long: l, features } = C;
  const { kernels, heap } = frame;
  const W = frame.uninitialised(l * k * 8);
  C.toLong(U, k, W);
  const G = frame.f64(k * k);
  const measure = (A: Pointer, rows: number) => {
    heap.f64(G, k * k).fill(0);
    kernels.tallGramF64(A, k, k, A, k, k, rows, G, k);
    return frame.read(G, k * k);
  };
  const g = measure(W, l);
  let sigma: Float64Array = Float64Array.from({ length: k }, (_, j) => Math.sqrt(g[j * k + j]));
  const unit = Math.max(...sigma);
  const clean = sigma.every(
    (x, i) =>
      x > 0 && (i === 0 || x <= sigma[i - 1]) && sigma.every((y, j) => i === j || Math.abs(g[i * k + j]) <= ORTHOGONAL * x * y),
  );
  let back = 0;
  // Columns of W are sigma v where they are orthogonal as they come, and v otherwise.
  let lengths: Float64Array = sigma;
  if (!clean) {
    const R = orthonormalize(frame, W, l, k, k, new Random(0, 2));
    const { values, left, right } = smallSvd(R, k);
    sigma = values;
    lengths = new Float64Array(k).fill(1);
    multiplyInPlace(frame, W, l, k, k, left, k);
    multiplyInPlace(frame, U, s, k, k, right, k);
    const again = frame.uninitialised(l * k * 8);
    C.toLong(U, k, again);
    back = residualOf(again, lengths, W, l);
    frame.release(again);
  }
  const image = frame.uninitialised(s * k * 8);
  C.toShort(W, k, image);
  const residual = Math.max(back, residualOf(image, lengths, U, s)) / (unit > 0 ? unit : 1);
  frame.release(image);

  const ones = new Float64Array(k).fill(1);
  const [right, norms] = features ? [U, ones] : [W, lengths];
  const products = clean && !features ? g : measure(right, C.cols);
  let orthogonality = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const product = products[i * k + j] / (norms[i] * norms[j]);
      orthogonality = Math.max(orthogonality, Math.abs(product - (i === j ? 1 : 0)));
    }
  }
  const components = turned(right, norms, C.cols);
  for (const pointer of [G, W, U]) frame.release(pointer);
  return { singularValues: sigma, components, residual, orthogonality, gaps: gapsOf(sigma, next) };

  /** Largest column norm of A diag(lengths)^-1 - B diag(sigma). */
  function residualOf(A: Pointer, lengths: Float64Array, B: Pointer, rows: number): number {
    const [a, b] = [heap.f64(A, rows * k), heap.f64(B, rows * k)];
    const squares = new Float64Array(k);
    const inverse = lengths.map((x) => 1 / x);
    for (let i = 0, e = 0; i < rows; i++) {
      for (let j = 0; j < k; j++, e++) {
        const d = a[e] * inverse[j] - sigma[j] * b[e];
        squares[j] += d * d;
      }
    }
    return Math.sqrt(Math.max(...squares));
  }

  /** The columns of V diag(norms)^-1 (p x k) as rows, turned as `orient` does. */
  function turned(V: Pointer, norms: Float64Array, p: number): Float64Array {
    const out = new Float64Array(k * p);
    const chunk = frame.uninitialised(k * CHUNK * 8);
    const inverse = norms.map((x) => 1 / x);
    const most = new Float64Array(k);
    for (let first = 0; first < p; first += CHUNK) {
      const count = Math.min(CHUNK, p - first);
      kernels.transposeF64(V + first * k * 8, k, count, k, chunk, count);
      for (let j = 0; j < k; j++) {
        const row = chunk + j * count * 8;
        kernels.scale(inverse[j], row, count);
        most[j] = Math.max(most[j], kernels.normMax(row, count));
        out.set(heap.f64(row, count), j * p + first);
      }
    }
    frame.release(chunk);
    for (let j = 0; j < k; j++) orient(out.subarray(j * p, (j + 1) * p), most[j]);
    return out;
  }
}

/** Turns a vector so that the first of its entries of largest magnitude is positive. */
export function orient(v: Float64Array, most: number = largestOf(v)): void {
  const limit = most * (1 - TIE);
  let first = 0;
  while (first < v.length && v[first] < limit && -v[first] < limit) first++;
  if (v[first] < 0) for (let i = 0; i < v.length; i++) v[i] = v[i] === 0 ? 0 : -v[i];
}

function largestOf(v: Float64Array): number {
  let most = 0;
  for (let i = 0; i < v.length; i++) most = Math.max(most, Math.abs(v[i]));
  return most;
}

function gapsOf(sigma: Float64Array, next: number | undefined): Float64Array {
  const after = next === undefined ? Number.NaN : Math.sqrt(next);
  const unit = sigma[0] > 0 ? sigma[0] : 1;
  return sigma.map((x, i) => {
    const below = i + 1 < sigma.length ? x - sigma[i + 1] : x - after;
    const above = i > 0 ? sigma[i - 1] - x : Infinity;
    const gap = Number.isNaN(below) ? above : Math.min(above, below);
    return (gap === Infinity ? x : Math.max(gap, 0)) / unit;
  });
}
