import type { DenseKernels, Pointer } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled, clip, dotInOrder, dotProduct, type MatrixView } from './loops.ts';
import { coordinate } from './proximal.ts';

/** Rows per block where a result is revisited: a block of a few columns stays in the first-level cache. */
const ROWS = 256;

// In the inner functions X (and `block`) is an element number in `view`; everything else is a pointer.

export function denseKernels(memory: JsMemory): DenseKernels {
  return {
    denseDotsF64: (X, ld, n, index, count, u, out) => dots(memory, memory.f64, X >>> 3, ld, n, index, count, u, out),
    denseDotsF32: (X, ld, n, index, count, u, out) => dots(memory, memory.f32, X >>> 2, ld, n, index, count, u, out),
    denseDotsPairF64: (X, ld, n, index, count, u, v, outU, outV) =>
      dotsPair(memory, memory.f64, X >>> 3, ld, n, index, count, u, v, outU, outV),
    denseDotsPairF32: (X, ld, n, index, count, u, v, outU, outV) =>
      dotsPair(memory, memory.f32, X >>> 2, ld, n, index, count, u, v, outU, outV),
    denseCombineF64: (X, ld, n, index, coef, count, y) => combine(memory, memory.f64, X >>> 3, ld, n, index, coef, count, y),
    denseCombineF32: (X, ld, n, index, coef, count, y) => combine(memory, memory.f32, X >>> 2, ld, n, index, coef, count, y),
    denseMomentsF64: (X, ld, n, count, w, mean, second, index = 0) =>
      moments(memory, memory.f64, X >>> 3, ld, n, count, w, mean, second, index),
    denseMomentsF32: (X, ld, n, count, w, mean, second, index = 0) =>
      moments(memory, memory.f32, X >>> 2, ld, n, count, w, mean, second, index),
    densePackF64: (X, ld, n, j, mean, w, out) => pack(memory, memory.f64, (X >>> 3) + j * ld, n, mean, w, out),
    densePackF32: (X, ld, n, j, mean, w, out) => pack(memory, memory.f32, (X >>> 2) + j * ld, n, mean, w, out),
    denseFromRowsF64: (block, rows, cols, X, ld, first) => fromRows(memory.f64, block >>> 3, rows, cols, (X >>> 3) + first, ld),
    denseFromRowsF32: (block, rows, cols, X, ld, first) => fromRows(memory.f32, block >>> 2, rows, cols, (X >>> 2) + first, ld),
    denseMultiplyF64: (X, ld, n, cols, B, k, out) => multiply(memory, memory.f64, X >>> 3, ld, n, cols, B, k, out),
    denseMultiplyF32: (X, ld, n, cols, B, k, out) => multiply(memory, memory.f32, X >>> 2, ld, n, cols, B, k, out),
    denseEpochF64: (X, ...rest) => epoch(memory, memory.f64, X >>> 3, ...rest),
    denseEpochF32: (X, ...rest) => epoch(memory, memory.f32, X >>> 2, ...rest),
  };
}

function dots(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  index: Pointer,
  count: number,
  u: Pointer,
  out: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  u >>>= 3;
  out >>>= 3;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const a = X + (index === 0 ? k : i32[list + k]) * ld;
    const b = X + (index === 0 ? k + 1 : i32[list + k + 1]) * ld;
    const c = X + (index === 0 ? k + 2 : i32[list + k + 2]) * ld;
    const d = X + (index === 0 ? k + 3 : i32[list + k + 3]) * ld;
    let sa = 0;
    let sb = 0;
    let sc = 0;
    let sd = 0;
    for (let i = 0; i < n; i++) {
      const ui = f64[u + i];
      sa += view[a + i] * ui;
      sb += view[b + i] * ui;
      sc += view[c + i] * ui;
      sd += view[d + i] * ui;
    }
    f64[out + k] = sa;
    f64[out + k + 1] = sb;
    f64[out + k + 2] = sc;
    f64[out + k + 3] = sd;
  }
  for (; k < count; k++) f64[out + k] = dotInOrder(view, X + (index === 0 ? k : i32[list + k]) * ld, f64, u, n);
}

function dotsPair(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  index: Pointer,
  count: number,
  u: Pointer,
  v: Pointer,
  outU: Pointer,
  outV: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  u >>>= 3;
  v >>>= 3;
  outU >>>= 3;
  outV >>>= 3;
  for (let k = 0; k < count; k++) {
    const x = X + (index === 0 ? k : i32[list + k]) * ld;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = 0;
    for (const end = n - 1; i < end; i += 2) {
      const x0 = view[x + i];
      const x1 = view[x + i + 1];
      a += x0 * f64[u + i];
      b += x1 * f64[u + i + 1];
      c += x0 * f64[v + i];
      d += x1 * f64[v + i + 1];
    }
    if (i < n) {
      a += view[x + i] * f64[u + i];
      c += view[x + i] * f64[v + i];
    }
    f64[outU + k] = a + b;
    f64[outV + k] = c + d;
  }
}

function combine(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  index: Pointer,
  coef: Pointer,
  count: number,
  y: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  coef >>>= 3;
  y >>>= 3;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const a = X + (index === 0 ? k : i32[list + k]) * ld;
    const b = X + (index === 0 ? k + 1 : i32[list + k + 1]) * ld;
    const c = X + (index === 0 ? k + 2 : i32[list + k + 2]) * ld;
    const d = X + (index === 0 ? k + 3 : i32[list + k + 3]) * ld;
    const ca = f64[coef + k];
    const cb = f64[coef + k + 1];
    const cc = f64[coef + k + 2];
    const cd = f64[coef + k + 3];
    for (let i = 0; i < n; i++) {
      f64[y + i] = f64[y + i] + ca * view[a + i] + cb * view[b + i] + cc * view[c + i] + cd * view[d + i];
    }
  }
  for (; k < count; k++) addScaled(f64[coef + k], view, X + (index === 0 ? k : i32[list + k]) * ld, f64, y, n);
}

function moments(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  count: number,
  w: Pointer,
  mean: Pointer,
  second: Pointer,
  index: Pointer,
): void {
  const { f64: f, i32 } = memory;
  const weighted = w !== 0;
  const each = n > 0 ? 1 / n : 0;
  w >>>= 3;
  mean >>>= 3;
  second >>>= 3;
  for (let k = 0; k < count; k++) {
    const j = index === 0 ? k : i32[(index >>> 2) + k];
    const x = X + j * ld;
    let m = 0;
    if (weighted) m = dotProduct(view, x, f, w, n);
    else {
      for (let i = 0; i < n; i++) m += view[x + i];
      m *= each;
    }
    let s = 0;
    if (weighted) {
      for (let i = 0; i < n; i++) {
        const z = view[x + i] - m;
        s += f[w + i] * z * z;
      }
    } else {
      for (let i = 0; i < n; i++) {
        const z = view[x + i] - m;
        s += z * z;
      }
      s *= each;
    }
    f[mean + j] = m;
    f[second + j] = s;
  }
}

function pack(memory: JsMemory, view: MatrixView, x: number, n: number, mean: number, w: Pointer, out: Pointer): void {
  const f = memory.f64;
  out >>>= 3;
  if (w === 0) {
    for (let i = 0; i < n; i++) f[out + i] = view[x + i] - mean;
    return;
  }
  w >>>= 3;
  for (let i = 0; i < n; i++) f[out + i] = f[w + i] * (view[x + i] - mean);
}

function fromRows(view: MatrixView, block: number, rows: number, cols: number, X: number, ld: number): void {
  for (let start = 0; start < rows; start += 16) {
    const end = Math.min(rows, start + 16);
    for (let j = 0; j < cols; j++) {
      const x = X + j * ld;
      for (let i = start; i < end; i++) view[x + i] = view[block + i * cols + j];
    }
  }
}

function multiply(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  cols: number,
  B: Pointer,
  k: number,
  out: Pointer,
): void {
  const f = memory.f64;
  B >>>= 3;
  out >>>= 3;
  f.fill(0, out, out + n * k);
  for (let first = 0; first < n; first += ROWS) {
    const end = Math.min(n, first + ROWS);
    let j = 0;
    for (; j + 3 < cols; j += 4) {
      const x = X + j * ld;
      const b = B + j * k;
      for (let i = first; i < end; i++) {
        const x0 = view[x + i];
        const x1 = view[x + ld + i];
        const x2 = view[x + 2 * ld + i];
        const x3 = view[x + 3 * ld + i];
        const o = out + i * k;
        for (let c = 0; c < k; c++) {
          const at = b + c;
          f[o + c] = f[o + c] + x0 * f[at] + x1 * f[at + k] + x2 * f[at + 2 * k] + x3 * f[at + 3 * k];
        }
      }
    }
    for (; j < cols; j++) {
      const x = X + j * ld;
      const b = B + j * k;
      for (let i = first; i < end; i++) addScaled(view[x + i], f, b, f, out + i * k, k);
    }
  }
}

function epoch(
  memory: JsMemory,
  view: MatrixView,
  X: number,
  ld: number,
  n: number,
  index: Pointer,
  count: number,
  w: Pointer,
  mean: Pointer,
  second: Pointer,
  lambda: number,
  l1: Pointer,
  l2: Pointer,
  lower: Pointer,
  upper: Pointer,
  coef: Pointer,
  u: Pointer,
  total: Pointer,
  penalty = 0,
  shape = 0,
  spread: Pointer = 0,
  mass = 1,
): number {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  const weighted = w !== 0;
  const bounded = lower !== 0;
  w >>>= 3;
  mean >>>= 3;
  second >>>= 3;
  l1 >>>= 3;
  l2 >>>= 3;
  lower >>>= 3;
  upper >>>= 3;
  coef >>>= 3;
  u >>>= 3;
  total >>>= 3;
  let sum = f64[total];
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const j = index === 0 ? k : i32[list + k];
    const s = f64[second + j];
    if (s <= 0) continue;
    const x = X + j * ld;
    const m = f64[mean + j];
    const old = f64[coef + j];
    const g = dotProduct(view, x, f64, u, n) - m * sum;
    let b = coordinate(
      penalty,
      shape,
      spread ? f64[(spread >>> 3) + j] : 1,
      mass,
      g + s * old,
      s,
      lambda * f64[l1 + j],
      lambda * f64[l2 + j],
    );
    if (bounded) b = clip(b, f64[lower + j], f64[upper + j]);
    const d = b - old;
    if (d === 0) continue;
    f64[coef + j] = b;
    if (weighted) for (let i = 0; i < n; i++) f64[u + i] -= d * f64[w + i] * view[x + i];
    else addScaled(-d / n, view, x, f64, u, n);
    sum -= d * m;
    largest = Math.max(largest, s * d * d);
  }
  f64[total] = sum;
  return largest;
}
