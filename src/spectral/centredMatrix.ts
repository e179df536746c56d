import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix } from '../core/matrixInput.ts';
import { columnMoments, refuseUnusable } from './columnMoments.ts';

/** Column-major input passes through a buffer of about this many bytes. */
const STAGING_BYTES = 2 ** 20;

/** Columns of the identity that a sparse Gram matrix is built from at a time. */
const UNITS = 8;

/** A column is constant when its spread is within rounding of its mean: sd <= this * |mean|. */
const FLAT = 1e-13;

/** What is done to X, implicitly. */
export interface Centring {
  /** Subtract column means. */
  centre: boolean;
  /** Divide columns by their population standard deviation; constant columns by 1. */
  standardize: boolean;
  /** Means and scales of another matrix instead of its own. */
  given?: { mean?: Float64Array; scale?: Float64Array };
  /** `'features'`: columns are the short side, whatever the shape. @default 'auto' */
  short?: 'auto' | 'features';
}

/** How the stored numbers are multiplied; `M` is the short x long matrix C or C'. */
interface Products {
  /** out (s x s, zeros) = M M' */
  gram(out: Pointer): void;
  /** out (s x b) = M M' U */
  applyGram(U: Pointer, b: number, out: Pointer): void;
  /** W (l x k) = M' U */
  toLong(U: Pointer, k: number, W: Pointer): void;
  /** out (s x k) = M W */
  toShort(W: Pointer, k: number, out: Pointer): void;
}

/**
 * C = (X - 1 mean') / scale in linear memory, never formed: X is stored once, as given, with its longer side in rows (dense) or slices
 * (sparse). Everything is then seen from the shorter side, because the Gram matrix is smaller there and its vectors stay in cache.
 */
export class CentredMatrix implements Products {
  readonly frame: Arena;
  readonly rows: number;
  readonly cols: number;
  /** Whether the short side is the columns of X. */
  readonly features: boolean;
  readonly short: number;
  readonly long: number;
  /** What is subtracted; zeros without centring. */
  readonly mean: Float64Array;
  /** What is divided by; absent when nothing is. */
  readonly scale: Float64Array | undefined;
  /** Sum of the squares of all entries of C. */
  readonly squares: number;
  /** Of X itself. */
  readonly columnMeans: Float64Array;
  /** Of X itself, 1/n. */
  readonly columnVariances: Float64Array;
  readonly gram: Products['gram'];
  readonly applyGram: Products['applyGram'];
  readonly toLong: Products['toLong'];
  readonly toShort: Products['toShort'];

  constructor(frame: Arena, X: Matrix, { centre, standardize, given, short = 'auto' }: Centring, title = 'X') {
    const { rows: n, cols: p } = X;
    this.frame = frame;
    this.rows = n;
    this.cols = p;
    this.features = short === 'features' || p <= n;
    [this.short, this.long] = this.features ? [p, n] : [n, p];

    const dense = X instanceof DenseMatrix ? denseStorage(frame, X, this.features) : undefined;
    const { mean, second } = columnMoments(frame, X, dense && { ...dense, features: this.features });
    refuseUnusable(X, title, mean, second);
    let scale = given?.scale;
    if (given === undefined && standardize) {
      scale = second.map((v, j) => (v <= (FLAT * mean[j]) ** 2 || v === 0 ? 1 : Math.sqrt(v)));
    }
    const taken = given?.mean ?? (centre ? mean : undefined);
    let squares = 0;
    for (let j = 0; j < p; j++) {
      const offset = taken ? mean[j] - taken[j] : mean[j];
      const total = n * (second[j] + offset * offset);
      squares += scale ? total / (scale[j] * scale[j]) : total;
    }
    this.squares = squares;
    this.columnMeans = mean;
    this.columnVariances = second;
    this.mean = taken ?? new Float64Array(p);
    this.scale = scale;
    const inverse = scale?.map((s) => 1 / s);
    const { gram, applyGram, toLong, toShort } = dense
      ? denseProducts(frame, dense, this, taken, inverse)
      : sparseProducts(frame, X as CsrMatrix | CscMatrix, this, taken, inverse);
    this.gram = gram;
    this.applyGram = applyGram;
    this.toLong = toLong;
    this.toShort = toShort;
  }

  /** C V (rows x k) for V p x k, whichever side is short. */
  scores(V: Pointer, k: number, out: Pointer): void {
    if (this.features) this.toLong(V, k, out);
    else this.toShort(V, k, out);
  }

  /** C'U (cols x k) for U n x k. */
  loadings(U: Pointer, k: number, out: Pointer): void {
    if (this.features) this.toShort(U, k, out);
    else this.toLong(U, k, out);
  }
}

/** Row-major, rows along the long side. */
interface DenseStorage {
  pointer: Pointer;
  single: boolean;
}

function denseStorage(frame: Arena, X: DenseMatrix, features: boolean): DenseStorage {
  const { heap, kernels } = frame;
  const { data } = X;
  const single = data instanceof Float32Array;
  if ((X.order === 'row') === features) return { pointer: frame.put(data), single };
  const [outer, inner] = X.order === 'row' ? [X.rows, X.cols] : [X.cols, X.rows];
  const bytes = data.BYTES_PER_ELEMENT;
  const pointer = frame.uninitialised(data.byteLength);
  const step = Math.max(1, Math.min(outer, Math.floor(STAGING_BYTES / (inner * bytes))));
  const staging = frame.uninitialised(step * inner * bytes);
  const transpose = single ? kernels.transposeF32 : kernels.transposeF64;
  for (let first = 0; first < outer; first += step) {
    const count = Math.min(step, outer - first);
    const view = single ? heap.f32(staging, count * inner) : heap.f64(staging, count * inner);
    view.set(data.subarray(first * inner, (first + count) * inner));
    transpose(staging, inner, count, inner, pointer + first * bytes, outer);
  }
  frame.release(staging);
  return { pointer, single };
}

type Shape = Pick<CentredMatrix, 'features' | 'short' | 'long'>;

function denseProducts(
  frame: Arena,
  { pointer, single }: DenseStorage,
  { features, short: s, long: l }: Shape,
  mean: Float64Array | undefined,
  inverse: Float64Array | undefined,
): Products {
  const { kernels, heap } = frame;
  const means = mean ? frame.put(mean) : 0;
  const factors = inverse ? frame.put(inverse) : 0;
  const byRow = features ? 0 : 1;
  const scratch = frame.uninitialised(64 * s * 8);
  const products = single ? kernels.centredProductsF32 : kernels.centredProductsF64;
  const gramOf = single ? kernels.centredGramF32 : kernels.centredGramF64;
  return {
    gram: (out) => gramOf(pointer, s, l, s, means, factors, byRow, out, scratch),
    applyGram(U, b, out) {
      const W = frame.uninitialised(l * b * 8);
      heap.f64(out, s * b).fill(0);
      products(pointer, s, l, s, means, factors, byRow, U, W, b, out, scratch);
      frame.release(W);
    },
    toLong: (U, k, W) => products(pointer, s, l, s, means, factors, byRow, U, W, k, 0, scratch),
    toShort(W, k, out) {
      heap.f64(out, s * k).fill(0);
      products(pointer, s, l, s, means, factors, byRow, 0, W, k, out, scratch);
    },
  };
}

/** M' = F_l (S - m c') F_s: slices S along the long side; features short: c = mean, F_s = 1/scale; otherwise m = mean, F_l = 1/scale. */
function sparseProducts(
  frame: Arena,
  X: CsrMatrix | CscMatrix,
  { features, short: s, long: l }: Shape,
  mean: Float64Array | undefined,
  inverse: Float64Array | undefined,
): Products {
  const { kernels, heap } = frame;
  const slices = features ? (X instanceof CsrMatrix ? X : X.toCsr()) : X instanceof CscMatrix ? X : X.toCsc();
  const single = slices.data instanceof Float32Array;
  const indptr = frame.put(slices.indptr);
  const indices = frame.put(slices.indices);
  const data = frame.put(slices.data);
  const gramOf = single ? kernels.sliceGramF32 : kernels.sliceGramF64;
  const gather = single ? kernels.csrMultiplyF32 : kernels.csrMultiplyF64;
  const scatter = single ? kernels.sliceScatterF32 : kernels.sliceScatterF64;
  const ones = (length: number) => frame.put(new Float64Array(length).fill(1));
  const centred = mean !== undefined;
  const m = centred && !features ? frame.put(mean) : 0;
  const c = centred ? (features ? frame.put(mean) : ones(s)) : 0;
  const shortFactor = inverse && features ? frame.put(inverse) : 0;
  const longFactor = inverse && !features ? frame.put(inverse) : 0;
  const longSquared = inverse && !features ? frame.put(inverse.map((f) => f * f)) : 0;
  const left = centred ? m || ones(l) : 0;

  /** v'B into a fresh row of k values, 0 without centring. */
  function weighted(v: Pointer, B: Pointer, length: number, k: number): Pointer {
    if (!v) return 0;
    const out = frame.f64(k);
    kernels.tallGramF64(v, 1, 1, B, k, k, length, out, k);
    return out;
  }
  /** B itself, or a scaled copy that the caller releases. */
  function scaled(B: Pointer, rows: number, k: number, factor: Pointer): Pointer {
    if (!factor) return B;
    const copy = frame.uninitialised(rows * k * 8);
    heap.f64(copy, rows * k).set(heap.f64(B, rows * k));
    kernels.shiftRows(copy, rows, k, 0, 0, factor);
    return copy;
  }

  function applyGram(U: Pointer, b: number, out: Pointer): void {
    const B = scaled(U, s, b, shortFactor);
    const total = weighted(c, B, s, b);
    const shift = centred ? frame.f64(b) : 0;
    heap.f64(out, s * b).fill(0);
    gramOf(indptr, indices, data, l, m, longSquared, B, b, total, out, shift);
    if (shift || shortFactor) kernels.shiftRows(out, s, b, c, shift, shortFactor);
    if (B !== U) frame.release(B);
    frame.release(total);
    frame.release(shift);
  }

  return {
    applyGram,
    gram(out) {
      const unit = frame.f64(s * UNITS);
      const block = frame.f64(s * UNITS);
      for (let first = 0; first < s; first += UNITS) {
        const count = Math.min(UNITS, s - first);
        const E = heap.f64(unit, s * UNITS);
        E.fill(0);
        for (let j = 0; j < count; j++) E[(first + j) * UNITS + j] = 1;
        applyGram(unit, UNITS, block);
        const G = heap.f64(out, s * s);
        const from = heap.f64(block, s * UNITS);
        for (let i = 0; i < s; i++) for (let j = 0; j < count; j++) G[i * s + first + j] = from[i * UNITS + j];
      }
      const G = heap.f64(out, s * s);
      for (let i = 0; i < s; i++) for (let j = 0; j < i; j++) G[i * s + j] = G[j * s + i];
      frame.release(block);
      frame.release(unit);
    },
    toLong(U, k, W) {
      const B = scaled(U, s, k, shortFactor);
      const total = weighted(c, B, s, k);
      gather(indptr, indices, data, l, B, k, W);
      if (total || longFactor) kernels.shiftRows(W, l, k, m, total, longFactor);
      if (B !== U) frame.release(B);
      frame.release(total);
    },
    toShort(W, k, out) {
      const B = scaled(W, l, k, longFactor);
      const total = weighted(left, B, l, k);
      heap.f64(out, s * k).fill(0);
      scatter(indptr, indices, data, l, B, k, out);
      if (total || shortFactor) kernels.shiftRows(out, s, k, c, total, shortFactor);
      if (B !== W) frame.release(B);
      frame.release(total);
    },
  };
}
