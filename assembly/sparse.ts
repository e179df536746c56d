import { at, fold, gather, get, geti, pair, pick, set, seti } from './access';
import { coordinate } from './proximal';
import { axpyOf } from './vector';

/** Entries from..to-1 against a dense vector: two f64x2 accumulators over blocks of 4 entries, then one by one. */
// @ts-ignore: decorator
@inline
export function sliceDot<V>(indices: usize, data: usize, from: i32, to: i32, x: usize): f64 {
  let e = from;
  let s = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (const end = to - 3; e < end; e += 4) {
      a = f64x2.add(a, f64x2.mul(pair<V>(data, e), gather(x, geti(indices, e), geti(indices, e + 1))));
      b = f64x2.add(b, f64x2.mul(pair<V>(data, e + 2), gather(x, geti(indices, e + 2), geti(indices, e + 3))));
    }
    s = fold(f64x2.add(a, b));
  }
  for (; e < to; e++) s += at<V>(data, e) * get(x, geti(indices, e));
  return s;
}

/** y[indices] += a data, entries from..to-1. */
// @ts-ignore: decorator
@inline
export function sliceAxpy<V>(a: f64, indices: usize, data: usize, from: i32, to: i32, y: usize): void {
  for (let e = from; e < to; e++) {
    const i = geti(indices, e);
    set(y, i, get(y, i) + a * at<V>(data, e));
  }
}

// @ts-ignore: decorator
@inline
function csrMatvec<V>(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, out: usize): void {
  let from = geti(indptr, 0);
  for (let o = 0; o < outer; o++) {
    const to = geti(indptr, o + 1);
    set(out, o, sliceDot<V>(indices, data, from, to, x));
    from = to;
  }
}

export function csrMatvecF64(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, out: usize): void {
  csrMatvec<f64>(indptr, indices, data, outer, x, out);
}
export function csrMatvecF32(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, out: usize): void {
  csrMatvec<f32>(indptr, indices, data, outer, x, out);
}

// @ts-ignore: decorator
@inline
function csrRmatvec<V>(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, y: usize): void {
  let from = geti(indptr, 0);
  for (let o = 0; o < outer; o++) {
    const to = geti(indptr, o + 1);
    const a = get(x, o);
    if (a != 0) sliceAxpy<V>(a, indices, data, from, to, y);
    from = to;
  }
}

export function csrRmatvecF64(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, y: usize): void {
  csrRmatvec<f64>(indptr, indices, data, outer, x, y);
}
export function csrRmatvecF32(indptr: usize, indices: usize, data: usize, outer: i32, x: usize, y: usize): void {
  csrRmatvec<f32>(indptr, indices, data, outer, x, y);
}

// @ts-ignore: decorator
@inline
function csrMultiply<V>(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  const width = <usize>k << 3;
  memory.fill(out, 0, <usize>outer * width);
  for (let o = 0; o < outer; o++) {
    const row = out + <usize>o * width;
    for (let e = geti(indptr, o), to = geti(indptr, o + 1); e < to; e++) {
      axpyOf<f64>(at<V>(data, e), B + <usize>geti(indices, e) * width, row, k);
    }
  }
}

export function csrMultiplyF64(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  csrMultiply<f64>(indptr, indices, data, outer, B, k, out);
}
export function csrMultiplyF32(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  csrMultiply<f32>(indptr, indices, data, outer, B, k, out);
}

// @ts-ignore: decorator
@inline
function cscDots<V>(indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, out: usize): void {
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    set(out, k, sliceDot<V>(indices, data, geti(indptr, j), geti(indptr, j + 1), u));
  }
}

export function cscDotsF64(indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, out: usize): void {
  cscDots<f64>(indptr, indices, data, index, count, u, out);
}
export function cscDotsF32(indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, out: usize): void {
  cscDots<f32>(indptr, indices, data, index, count, u, out);
}

// @ts-ignore: decorator
@inline
function cscDotsPair<V>(
  indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  for (let k = 0; k < count; k++) {
    const j = pick(index, k), to = geti(indptr, j + 1);
    let e = geti(indptr, j);
    let su = 0.0, sv = 0.0;
    if (ASC_FEATURE_SIMD) {
      let u0 = f64x2.splat(0), u1 = u0, v0 = u0, v1 = u0;
      for (const end = to - 3; e < end; e += 4) {
        const i = geti(indices, e), l = geti(indices, e + 1), s = geti(indices, e + 2), t = geti(indices, e + 3);
        const x = pair<V>(data, e), y = pair<V>(data, e + 2);
        u0 = f64x2.add(u0, f64x2.mul(x, gather(u, i, l)));
        u1 = f64x2.add(u1, f64x2.mul(y, gather(u, s, t)));
        v0 = f64x2.add(v0, f64x2.mul(x, gather(v, i, l)));
        v1 = f64x2.add(v1, f64x2.mul(y, gather(v, s, t)));
      }
      su = fold(f64x2.add(u0, u1));
      sv = fold(f64x2.add(v0, v1));
    }
    for (; e < to; e++) {
      const i = geti(indices, e), x = at<V>(data, e);
      su += x * get(u, i);
      sv += x * get(v, i);
    }
    set(outU, k, su);
    set(outV, k, sv);
  }
}

export function cscDotsPairF64(
  indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  cscDotsPair<f64>(indptr, indices, data, index, count, u, v, outU, outV);
}
export function cscDotsPairF32(
  indptr: usize, indices: usize, data: usize, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  cscDotsPair<f32>(indptr, indices, data, index, count, u, v, outU, outV);
}

// @ts-ignore: decorator
@inline
function cscCombine<V>(indptr: usize, indices: usize, data: usize, index: usize, coef: usize, count: i32, y: usize): void {
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    const a = get(coef, k);
    if (a != 0) sliceAxpy<V>(a, indices, data, geti(indptr, j), geti(indptr, j + 1), y);
  }
}

export function cscCombineF64(indptr: usize, indices: usize, data: usize, index: usize, coef: usize, count: i32, y: usize): void {
  cscCombine<f64>(indptr, indices, data, index, coef, count, y);
}
export function cscCombineF32(indptr: usize, indices: usize, data: usize, index: usize, coef: usize, count: i32, y: usize): void {
  cscCombine<f32>(indptr, indices, data, index, coef, count, y);
}

/** The zeros of a column contribute (1 - sum of the weights of its nonzeros) m^2, never a pass over them. */
// @ts-ignore: decorator
@inline
function cscMoments<V>(
  indptr: usize, indices: usize, data: usize, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize,
): void {
  const share = 1.0 / <f64>n;
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    const from = geti(indptr, j), to = geti(indptr, j + 1);
    let m = 0.0, seen = 0.0, s = 0.0;
    for (let e = from; e < to; e++) {
      const weight = w ? get(w, geti(indices, e)) : share;
      m += weight * at<V>(data, e);
      seen += weight;
    }
    for (let e = from; e < to; e++) {
      const weight = w ? get(w, geti(indices, e)) : share;
      const d = at<V>(data, e) - m;
      s += weight * (d * d);
    }
    set(mean, j, m);
    set(second, j, to - from == n ? s : s + Math.max(0, 1 - seen) * (m * m));
  }
}

export function cscMomentsF64(
  indptr: usize, indices: usize, data: usize, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize,
): void {
  cscMoments<f64>(indptr, indices, data, n, count, w, mean, second, index);
}
export function cscMomentsF32(
  indptr: usize, indices: usize, data: usize, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize,
): void {
  cscMoments<f32>(indptr, indices, data, n, count, w, mean, second, index);
}

// @ts-ignore: decorator
@inline
function cscPack<V>(indptr: usize, indices: usize, data: usize, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const below = f64x2.splat(-mean);
    for (const end = n - 1; i < end; i += 2) {
      v128.store(out + (<usize>i << 3), w ? f64x2.mul(pair<f64>(w, i), below) : below);
    }
  }
  for (; i < n; i++) set(out, i, w ? get(w, i) * -mean : -mean);
  for (let e = geti(indptr, j), to = geti(indptr, j + 1); e < to; e++) {
    const row = geti(indices, e);
    const value = at<V>(data, e) - mean;
    set(out, row, w ? get(w, row) * value : value);
  }
}

export function cscPackF64(indptr: usize, indices: usize, data: usize, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  cscPack<f64>(indptr, indices, data, n, j, mean, w, out);
}
export function cscPackF32(indptr: usize, indices: usize, data: usize, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  cscPack<f32>(indptr, indices, data, n, j, mean, w, out);
}

export function cscCount(indices: usize, nnz: i32, counts: usize): void {
  for (let e = 0; e < nnz; e++) {
    const j = geti(indices, e);
    seti(counts, j, geti(counts, j) + 1);
  }
}

// @ts-ignore: decorator
@inline
function cscScatter<V>(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, next: usize, outIndices: usize, outData: usize,
): void {
  const base = geti(indptr, 0);
  for (let i = 0; i < rows; i++) {
    for (let e = geti(indptr, i) - base, to = geti(indptr, i + 1) - base; e < to; e++) {
      const j = geti(indices, e);
      const slot = geti(next, j);
      seti(next, j, slot + 1);
      seti(outIndices, slot, first + i);
      store<V>(outData + <usize>slot * sizeof<V>(), load<V>(data + <usize>e * sizeof<V>()));
    }
  }
}

export function cscScatterF64(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, next: usize, outIndices: usize, outData: usize,
): void {
  cscScatter<f64>(indptr, rows, indices, data, first, next, outIndices, outData);
}
export function cscScatterF32(
  indptr: usize, rows: i32, indices: usize, data: usize, first: i32, next: usize, outIndices: usize, outData: usize,
): void {
  cscScatter<f32>(indptr, rows, indices, data, first, next, outIndices, outData);
}

// @ts-ignore: decorator
@inline
function cscEpoch<V>(
  indptr: usize, indices: usize, data: usize, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  const share = 1.0 / <f64>n;
  let largest = 0.0;
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    const v = get(second, j);
    if (v <= 0) continue;
    const from = geti(indptr, j), to = geti(indptr, j + 1);
    const old = get(coef, j);
    const g = sliceDot<V>(indices, data, from, to, u) - get(mean, j) * get(total, 0);
    let b = coordinate(penalty, shape, spread, mass, j, g + v * old, v, lambda, l1, l2);
    if (lower) b = Math.max(get(lower, j), Math.min(get(upper, j), b));
    const d = b - old;
    if (d == 0) continue;
    set(coef, j, b);
    if (w) {
      for (let e = from; e < to; e++) {
        const i = geti(indices, e);
        set(u, i, get(u, i) - d * get(w, i) * at<V>(data, e));
      }
    } else sliceAxpy<V>(-d * share, indices, data, from, to, u);
    set(total, 0, get(total, 0) - d * get(mean, j));
    largest = Math.max(largest, v * d * d);
  }
  return largest;
}

export function cscEpochF64(
  indptr: usize, indices: usize, data: usize, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  return cscEpoch<f64>(indptr, indices, data, n, index, count, w, mean, second, lambda, l1, l2, lower, upper, coef, u, total, penalty, shape, spread, mass);
}
export function cscEpochF32(
  indptr: usize, indices: usize, data: usize, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  return cscEpoch<f32>(indptr, indices, data, n, index, count, w, mean, second, lambda, l1, l2, lower, upper, coef, u, total, penalty, shape, spread, mass);
}
