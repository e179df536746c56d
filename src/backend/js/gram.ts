import type { GramKernels, Pointer } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { dotInOrder, type MatrixView } from './loops.ts';

/** Rows per block where a result is revisited: a block of a few columns stays in the first-level cache. */
const ROWS = 256;

// As in dense.ts, X is an element number in `view` in the inner functions.

export function gramKernels(memory: JsMemory): GramKernels {
  return {
    denseGramF64: (packed, vectors, X, ld, n, index, count, out, stride) =>
      gram(memory, packed, vectors, memory.f64, X >>> 3, ld, n, index, count, out, stride),
    denseGramF32: (packed, vectors, X, ld, n, index, count, out, stride) =>
      gram(memory, packed, vectors, memory.f32, X >>> 2, ld, n, index, count, out, stride),
    syrkF64: (X, ld, n, p, out) => syrk(memory, memory.f64, X >>> 3, ld, n, p, out),
    syrkF32: (X, ld, n, p, out) => syrk(memory, memory.f32, X >>> 2, ld, n, p, out),
  };
}

/** The four products of columns (a, b) of A with columns (c, d) of B are added at out and out + step, + 0 and + 1. */
function tile(
  A: MatrixView,
  a: number,
  b: number,
  B: MatrixView,
  c: number,
  d: number,
  n: number,
  f: Float64Array,
  out: number,
  step: number,
): void {
  let ac = 0;
  let ad = 0;
  let bc = 0;
  let bd = 0;
  for (let i = 0; i < n; i++) {
    const ai = A[a + i];
    const bi = A[b + i];
    const ci = B[c + i];
    const di = B[d + i];
    ac += ai * ci;
    ad += ai * di;
    bc += bi * ci;
    bd += bi * di;
  }
  f[out] += ac;
  f[out + 1] += ad;
  f[out + step] += bc;
  f[out + step + 1] += bd;
}

function gram(
  memory: JsMemory,
  packed: Pointer,
  vectors: number,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  index: Pointer,
  count: number,
  out: Pointer,
  stride: number,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  packed >>>= 3;
  out >>>= 3;
  for (let a = 0; a < vectors; a++) f64.fill(0, out + a * stride, out + a * stride + count);
  for (let first = 0; first < n; first += ROWS) {
    const rows = Math.min(ROWS, n - first);
    let k = 0;
    for (; k + 1 < count; k += 2) {
      const c = X + first + (index === 0 ? k : i32[list + k]) * ld;
      const d = X + first + (index === 0 ? k + 1 : i32[list + k + 1]) * ld;
      let a = 0;
      for (; a + 1 < vectors; a += 2) {
        const row = packed + first + a * n;
        tile(f64, row, row + n, view, c, d, rows, f64, out + a * stride + k, stride);
      }
      if (a < vectors) {
        const row = packed + first + a * n;
        f64[out + a * stride + k] += dotInOrder(view, c, f64, row, rows);
        f64[out + a * stride + k + 1] += dotInOrder(view, d, f64, row, rows);
      }
    }
    if (k < count) {
      const c = X + first + (index === 0 ? k : i32[list + k]) * ld;
      for (let a = 0; a < vectors; a++) {
        f64[out + a * stride + k] += dotInOrder(view, c, f64, packed + first + a * n, rows);
      }
    }
  }
}

function syrk(memory: JsMemory, view: MatrixView, X: number, ld: number, n: number, p: number, out: Pointer): void {
  const f = memory.f64;
  out >>>= 3;
  f.fill(0, out, out + p * p);
  const even = p - (p % 2);
  for (let first = 0; first < n; first += ROWS) {
    const rows = Math.min(ROWS, n - first);
    for (let j = 0; j < even; j += 2) {
      const a = X + j * ld + first;
      for (let k = j; k < even; k += 2) {
        const c = X + k * ld + first;
        tile(view, a, a + ld, view, c, c + ld, rows, f, out + j * p + k, p);
      }
    }
    if (even < p) {
      const c = X + even * ld + first;
      for (let j = 0; j < p; j++) {
        const a = X + j * ld + first;
        let s = 0;
        for (let i = 0; i < rows; i++) s += view[a + i] * view[c + i];
        f[out + j * p + even] += s;
      }
    }
  }
  for (let j = 0; j < p; j++) for (let k = j + 1; k < p; k++) f[out + k * p + j] = f[out + j * p + k];
}
