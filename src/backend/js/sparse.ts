import type { Pointer, SparseKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { clip, type MatrixView } from './loops.ts';
import { coordinate } from './proximal.ts';

// In the inner functions `data` (and `outData`) is an element number in `view`; everything else is a pointer.

export function sparseKernels(memory: JsMemory): SparseKernels {
  return {
    csrMatvecF64: (indptr, indices, data, outer, x, out) =>
      dots(memory, memory.f64, indptr, indices, data >>> 3, 0, outer, x, out),
    csrMatvecF32: (indptr, indices, data, outer, x, out) =>
      dots(memory, memory.f32, indptr, indices, data >>> 2, 0, outer, x, out),
    csrRmatvecF64: (indptr, indices, data, outer, x, y) =>
      combine(memory, memory.f64, indptr, indices, data >>> 3, 0, x, outer, y),
    csrRmatvecF32: (indptr, indices, data, outer, x, y) =>
      combine(memory, memory.f32, indptr, indices, data >>> 2, 0, x, outer, y),
    csrMultiplyF64: (indptr, indices, data, outer, B, k, out) =>
      multiply(memory, memory.f64, indptr, indices, data >>> 3, outer, B, k, out),
    csrMultiplyF32: (indptr, indices, data, outer, B, k, out) =>
      multiply(memory, memory.f32, indptr, indices, data >>> 2, outer, B, k, out),
    cscDotsF64: (indptr, indices, data, index, count, u, out) =>
      dots(memory, memory.f64, indptr, indices, data >>> 3, index, count, u, out),
    cscDotsF32: (indptr, indices, data, index, count, u, out) =>
      dots(memory, memory.f32, indptr, indices, data >>> 2, index, count, u, out),
    cscDotsPairF64: (indptr, indices, data, index, count, u, v, outU, outV) =>
      dotsPair(memory, memory.f64, indptr, indices, data >>> 3, index, count, u, v, outU, outV),
    cscDotsPairF32: (indptr, indices, data, index, count, u, v, outU, outV) =>
      dotsPair(memory, memory.f32, indptr, indices, data >>> 2, index, count, u, v, outU, outV),
    cscCombineF64: (indptr, indices, data, index, coef, count, y) =>
      combine(memory, memory.f64, indptr, indices, data >>> 3, index, coef, count, y),
    cscCombineF32: (indptr, indices, data, index, coef, count, y) =>
      combine(memory, memory.f32, indptr, indices, data >>> 2, index, coef, count, y),
    cscMomentsF64: (indptr, indices, data, n, count, w, mean, second, index = 0) =>
      moments(memory, memory.f64, indptr, indices, data >>> 3, n, count, w, mean, second, index),
    cscMomentsF32: (indptr, indices, data, n, count, w, mean, second, index = 0) =>
      moments(memory, memory.f32, indptr, indices, data >>> 2, n, count, w, mean, second, index),
    cscPackF64: (indptr, indices, data, n, j, mean, w, out) =>
      pack(memory, memory.f64, indptr, indices, data >>> 3, n, j, mean, w, out),
    cscPackF32: (indptr, indices, data, n, j, mean, w, out) =>
      pack(memory, memory.f32, indptr, indices, data >>> 2, n, j, mean, w, out),
    cscCount(indices, nnz, counts) {
      const { i32 } = memory;
      indices >>>= 2;
      counts >>>= 2;
      for (let e = 0; e < nnz; e++) i32[counts + i32[indices + e]]++;
    },
    cscScatterF64: (indptr, rows, indices, data, first, next, outIndices, outData) =>
      scatter(memory, memory.f64, indptr, rows, indices, data >>> 3, first, next, outIndices, outData >>> 3),
    cscScatterF32: (indptr, rows, indices, data, first, next, outIndices, outData) =>
      scatter(memory, memory.f32, indptr, rows, indices, data >>> 2, first, next, outIndices, outData >>> 2),
    cscEpochF64: (indptr, indices, data, ...rest) => epoch(memory, memory.f64, indptr, indices, data >>> 3, ...rest),
    cscEpochF32: (indptr, indices, data, ...rest) => epoch(memory, memory.f32, indptr, indices, data >>> 2, ...rest),
  };
}

function dots(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  index: Pointer,
  count: number,
  u: Pointer,
  out: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  indptr >>>= 2;
  indices >>>= 2;
  u >>>= 3;
  out >>>= 3;
  for (let k = 0; k < count; k++) {
    const j = index === 0 ? k : i32[list + k];
    const end = i32[indptr + j + 1];
    let s = 0;
    for (let e = i32[indptr + j]; e < end; e++) s += view[data + e] * f64[u + i32[indices + e]];
    f64[out + k] = s;
  }
}

function dotsPair(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  index: Pointer,
  count: number,
  u: Pointer,
  v: Pointer,
  outU: Pointer,
  outV: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  indptr >>>= 2;
  indices >>>= 2;
  u >>>= 3;
  v >>>= 3;
  outU >>>= 3;
  outV >>>= 3;
  for (let k = 0; k < count; k++) {
    const j = index === 0 ? k : i32[list + k];
    const end = i32[indptr + j + 1];
    let a = 0;
    let b = 0;
    for (let e = i32[indptr + j]; e < end; e++) {
      const i = i32[indices + e];
      const x = view[data + e];
      a += x * f64[u + i];
      b += x * f64[v + i];
    }
    f64[outU + k] = a;
    f64[outV + k] = b;
  }
}

function combine(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  index: Pointer,
  coef: Pointer,
  count: number,
  y: Pointer,
): void {
  const { f64, i32 } = memory;
  const list = index >>> 2;
  indptr >>>= 2;
  indices >>>= 2;
  coef >>>= 3;
  y >>>= 3;
  for (let k = 0; k < count; k++) {
    const a = f64[coef + k];
    if (a === 0) continue;
    const j = index === 0 ? k : i32[list + k];
    const end = i32[indptr + j + 1];
    for (let e = i32[indptr + j]; e < end; e++) f64[y + i32[indices + e]] += a * view[data + e];
  }
}

function multiply(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  outer: number,
  B: Pointer,
  k: number,
  out: Pointer,
): void {
  const { f64, i32 } = memory;
  indptr >>>= 2;
  indices >>>= 2;
  B >>>= 3;
  out >>>= 3;
  f64.fill(0, out, out + outer * k);
  for (let o = 0; o < outer; o++) {
    const row = out + o * k;
    const end = i32[indptr + o + 1];
    for (let e = i32[indptr + o]; e < end; e++) {
      const x = view[data + e];
      const b = B + i32[indices + e] * k;
      for (let c = 0; c < k; c++) f64[row + c] += x * f64[b + c];
    }
  }
}

function moments(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  n: number,
  count: number,
  w: Pointer,
  mean: Pointer,
  second: Pointer,
  index: Pointer,
): void {
  const { f64, i32 } = memory;
  const weighted = w !== 0;
  const each = n > 0 ? 1 / n : 0;
  indptr >>>= 2;
  indices >>>= 2;
  w >>>= 3;
  mean >>>= 3;
  second >>>= 3;
  for (let k = 0; k < count; k++) {
    const j = index === 0 ? k : i32[(index >>> 2) + k];
    const start = i32[indptr + j];
    const end = i32[indptr + j + 1];
    let m = 0;
    let s = 0;
    let mass = 0;
    if (weighted) {
      for (let e = start; e < end; e++) m += f64[w + i32[indices + e]] * view[data + e];
      for (let e = start; e < end; e++) {
        const weight = f64[w + i32[indices + e]];
        const z = view[data + e] - m;
        mass += weight;
        s += weight * z * z;
      }
    } else {
      for (let e = start; e < end; e++) m += view[data + e];
      m *= each;
      for (let e = start; e < end; e++) {
        const z = view[data + e] - m;
        s += z * z;
      }
      s *= each;
      mass = (end - start) * each;
    }
    f64[mean + j] = m;
    f64[second + j] = s + (1 - mass) * m * m;
  }
}

function pack(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
  n: number,
  j: number,
  mean: number,
  w: Pointer,
  out: Pointer,
): void {
  const { f64, i32 } = memory;
  const weighted = w !== 0;
  indptr >>>= 2;
  indices >>>= 2;
  w >>>= 3;
  out >>>= 3;
  if (weighted) for (let i = 0; i < n; i++) f64[out + i] = -mean * f64[w + i];
  else f64.fill(-mean, out, out + n);
  const end = i32[indptr + j + 1];
  for (let e = i32[indptr + j]; e < end; e++) {
    const i = i32[indices + e];
    const z = view[data + e] - mean;
    f64[out + i] = weighted ? f64[w + i] * z : z;
  }
}

function scatter(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  rows: number,
  indices: Pointer,
  data: number,
  first: number,
  next: Pointer,
  outIndices: Pointer,
  outData: number,
): void {
  const { i32 } = memory;
  indptr >>>= 2;
  indices >>>= 2;
  next >>>= 2;
  outIndices >>>= 2;
  const origin = i32[indptr];
  for (let i = 0; i < rows; i++) {
    const end = i32[indptr + i + 1] - origin;
    for (let e = i32[indptr + i] - origin; e < end; e++) {
      const at = i32[next + i32[indices + e]]++;
      i32[outIndices + at] = first + i;
      view[outData + at] = view[data + e];
    }
  }
}

function epoch(
  memory: JsMemory,
  view: MatrixView,
  indptr: Pointer,
  indices: Pointer,
  data: number,
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
  indptr >>>= 2;
  indices >>>= 2;
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
    const start = i32[indptr + j];
    const end = i32[indptr + j + 1];
    const m = f64[mean + j];
    const old = f64[coef + j];
    let g = 0;
    for (let e = start; e < end; e++) g += view[data + e] * f64[u + i32[indices + e]];
    g -= m * sum;
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
    if (weighted) {
      for (let e = start; e < end; e++) {
        const i = i32[indices + e];
        f64[u + i] -= d * f64[w + i] * view[data + e];
      }
    } else {
      const each = d / n;
      for (let e = start; e < end; e++) f64[u + i32[indices + e]] -= each * view[data + e];
    }
    sum -= d * m;
    largest = Math.max(largest, s * d * d);
  }
  f64[total] = sum;
  return largest;
}
