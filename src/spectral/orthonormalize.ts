import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Random } from '../core/random.ts';

/** Rows that pass through a buffer at a time. */
const CHUNK = 256;
/** A pivot below this share of its diagonal is not trusted by Cholesky. */
const PIVOT = 1e-10;
/** A column that loses more than this to earlier ones depends on them. */
const DEPENDENT = 1e-13;

/**
 * Y = Q R in place, Y rows x k with row stride ld: Cholesky of the Gram matrix, twice (CholeskyQR2, Yamamoto and others 2015), on columns
 * scaled to norm 1; modified Gram-Schmidt where they are nearly dependent. Columns that do depend on earlier ones are replaced by random
 * directions, and their diagonal of R is 0.
 *
 * @returns R, k x k, upper triangular, row-major
 */
export function orthonormalize(frame: Arena, Y: Pointer, rows: number, k: number, ld: number, random: Random): Float64Array {
  const first = choleskyPass(frame, Y, rows, k, ld);
  if (first) {
    const second = choleskyPass(frame, Y, rows, k, ld);
    if (second) return product(second, first, k);
  }
  const rest = gramSchmidt(frame, Y, rows, k, ld, random);
  return first ? product(rest, first, k) : rest;
}

/** One Y := Y R^-1; undefined, with Y as it was, where the columns are too dependent. */
function choleskyPass(frame: Arena, Y: Pointer, rows: number, k: number, ld: number): Float64Array | undefined {
  const { kernels, heap } = frame;
  const G = frame.f64(k * k);
  kernels.tallGramF64(Y, ld, k, Y, ld, k, rows, G, k);
  const g = heap.f64(G, k * k);
  const norms = Float64Array.from({ length: k }, (_, j) => Math.sqrt(g[j * k + j]));
  let usable = norms.every((x) => x > 0 && Number.isFinite(x));
  if (usable) {
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) g[i * k + j] /= norms[i] * norms[j];
    usable = kernels.choleskyFactor(G, k, k, PIVOT) === k;
  }
  if (!usable) {
    frame.release(G);
    return undefined;
  }
  const R = frame.read(G, k * k);
  frame.release(G);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) R[i * k + j] = j < i ? 0 : R[i * k + j] * norms[j];
  multiplyInPlace(frame, Y, rows, k, ld, upperInverse(R, k), k);
  return R;
}

/** The first `count` columns of Y := (first k columns of Y) times a k x count matrix, by chunks of rows. */
export function multiplyInPlace(
  frame: Arena,
  Y: Pointer,
  rows: number,
  k: number,
  ld: number,
  right: Float64Array,
  count: number,
): void {
  const { kernels, heap } = frame;
  const C = frame.put(right);
  const chunk = frame.uninitialised(CHUNK * count * 8);
  for (let r = 0; r < rows; r += CHUNK) {
    const many = Math.min(CHUNK, rows - r);
    heap.f64(chunk, many * count).fill(0);
    kernels.tallMultiply(Y + r * ld * 8, ld, many, k, C, count, count, 1, chunk, count);
    kernels.copyRows(chunk, count, many, count, Y + r * ld * 8, ld);
  }
  frame.release(chunk);
  frame.release(C);
}

/** Column after column, twice against all earlier ones. */
function gramSchmidt(frame: Arena, Y: Pointer, rows: number, k: number, ld: number, random: Random): Float64Array {
  const y = frame.heap.f64(Y, (rows - 1) * ld + k);
  const R = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const before = norm(y, rows, ld, j);
    let drawn = false;
    for (let attempt = 0; ; attempt++) {
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i < Math.min(j, rows); i++) {
          let s = 0;
          for (let r = 0; r < rows; r++) s += y[r * ld + i] * y[r * ld + j];
          for (let r = 0; r < rows; r++) y[r * ld + j] -= s * y[r * ld + i];
          if (!drawn) R[i * k + j] += s;
        }
      }
      const left = norm(y, rows, ld, j);
      if (left > (drawn ? 1e-6 : DEPENDENT * before) || attempt > 20) {
        if (!drawn) R[j * k + j] = left;
        for (let r = 0; r < rows; r++) y[r * ld + j] = left > 0 ? y[r * ld + j] / left : 0;
        break;
      }
      drawn = true;
      for (let r = 0; r < rows; r++) y[r * ld + j] = 2 * random.uniform() - 1;
    }
  }
  return R;
}

function norm(y: Float64Array, rows: number, ld: number, j: number): number {
  let s = 0;
  for (let r = 0; r < rows; r++) s += y[r * ld + j] ** 2;
  return Math.sqrt(s);
}

function upperInverse(R: Float64Array, k: number): Float64Array {
  const inverse = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    inverse[j * k + j] = 1 / R[j * k + j];
    for (let i = j - 1; i >= 0; i--) {
      let s = 0;
      for (let t = i + 1; t <= j; t++) s += R[i * k + t] * inverse[t * k + j];
      inverse[i * k + j] = -s / R[i * k + i];
    }
  }
  return inverse;
}

/** A B of two upper triangular matrices. */
function product(A: Float64Array, B: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let t = i; t < k; t++) for (let j = t; j < k; j++) out[i * k + j] += A[i * k + t] * B[t * k + j];
  }
  return out;
}
