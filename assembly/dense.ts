import { at, fold, get, pair, pick, set } from './access';
import { coordinate } from './proximal';
import { axpyOf, axpyWeightedOf, dotOf } from './vector';

// @ts-ignore: decorator
@inline
function column<V>(X: usize, ld: i32, j: i32): usize {
  return X + <usize>j * <usize>ld * sizeof<V>();
}

/**
 * Four columns share every load of u; each column keeps two f64x2 accumulators (blocks of 4 rows), so that a column's sum has the
 * same bits alone and in a group.
 */
// @ts-ignore: decorator
@inline
function dots4<V>(a: usize, b: usize, c: usize, d: usize, n: i32, u: usize, out: usize): void {
  let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  let i = 0;
  for (const end = n - 3; i < end; i += 4) {
    const u0 = pair<f64>(u, i), u1 = pair<f64>(u, i + 2);
    a0 = f64x2.add(a0, f64x2.mul(pair<V>(a, i), u0));
    a1 = f64x2.add(a1, f64x2.mul(pair<V>(a, i + 2), u1));
    b0 = f64x2.add(b0, f64x2.mul(pair<V>(b, i), u0));
    b1 = f64x2.add(b1, f64x2.mul(pair<V>(b, i + 2), u1));
    c0 = f64x2.add(c0, f64x2.mul(pair<V>(c, i), u0));
    c1 = f64x2.add(c1, f64x2.mul(pair<V>(c, i + 2), u1));
    d0 = f64x2.add(d0, f64x2.mul(pair<V>(d, i), u0));
    d1 = f64x2.add(d1, f64x2.mul(pair<V>(d, i + 2), u1));
  }
  let sa = fold(f64x2.add(a0, a1)), sb = fold(f64x2.add(b0, b1)), sc = fold(f64x2.add(c0, c1)), sd = fold(f64x2.add(d0, d1));
  for (; i < n; i++) {
    const ui = get(u, i);
    sa += at<V>(a, i) * ui;
    sb += at<V>(b, i) * ui;
    sc += at<V>(c, i) * ui;
    sd += at<V>(d, i) * ui;
  }
  set(out, 0, sa);
  set(out, 1, sb);
  set(out, 2, sc);
  set(out, 3, sd);
}

/** The same sum as one column of dots4. */
// @ts-ignore: decorator
@inline
function dots1<V>(a: usize, n: i32, u: usize): f64 {
  let i = 0;
  let s = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a0 = f64x2.splat(0), a1 = a0;
    for (const end = n - 3; i < end; i += 4) {
      a0 = f64x2.add(a0, f64x2.mul(pair<V>(a, i), pair<f64>(u, i)));
      a1 = f64x2.add(a1, f64x2.mul(pair<V>(a, i + 2), pair<f64>(u, i + 2)));
    }
    s = fold(f64x2.add(a0, a1));
  }
  for (; i < n; i++) s += at<V>(a, i) * get(u, i);
  return s;
}

// @ts-ignore: decorator
@inline
function denseDots<V>(X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, out: usize): void {
  let k = 0;
  if (ASC_FEATURE_SIMD) {
    for (const end = count - 3; k < end; k += 4) {
      dots4<V>(
        column<V>(X, ld, pick(index, k)), column<V>(X, ld, pick(index, k + 1)), column<V>(X, ld, pick(index, k + 2)),
        column<V>(X, ld, pick(index, k + 3)), n, u, out + (<usize>k << 3),
      );
    }
  }
  for (; k < count; k++) set(out, k, dots1<V>(column<V>(X, ld, pick(index, k)), n, u));
}

export function denseDotsF64(X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, out: usize): void {
  denseDots<f64>(X, ld, n, index, count, u, out);
}
export function denseDotsF32(X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, out: usize): void {
  denseDots<f32>(X, ld, n, index, count, u, out);
}

/** Two columns against two vectors per pass; each of the four sums keeps the accumulators of dots1. */
// @ts-ignore: decorator
@inline
function denseDotsPair<V>(
  X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  let k = 0;
  if (ASC_FEATURE_SIMD) {
    for (const last = count - 1; k < last; k += 2) {
      const a = column<V>(X, ld, pick(index, k)), b = column<V>(X, ld, pick(index, k + 1));
      let au0 = f64x2.splat(0), au1 = au0, av0 = au0, av1 = au0, bu0 = au0, bu1 = au0, bv0 = au0, bv1 = au0;
      let i = 0;
      for (const end = n - 3; i < end; i += 4) {
        const u0 = pair<f64>(u, i), v0 = pair<f64>(v, i), u1 = pair<f64>(u, i + 2), v1 = pair<f64>(v, i + 2);
        const a0 = pair<V>(a, i), b0 = pair<V>(b, i), a1 = pair<V>(a, i + 2), b1 = pair<V>(b, i + 2);
        au0 = f64x2.add(au0, f64x2.mul(a0, u0));
        av0 = f64x2.add(av0, f64x2.mul(a0, v0));
        bu0 = f64x2.add(bu0, f64x2.mul(b0, u0));
        bv0 = f64x2.add(bv0, f64x2.mul(b0, v0));
        au1 = f64x2.add(au1, f64x2.mul(a1, u1));
        av1 = f64x2.add(av1, f64x2.mul(a1, v1));
        bu1 = f64x2.add(bu1, f64x2.mul(b1, u1));
        bv1 = f64x2.add(bv1, f64x2.mul(b1, v1));
      }
      let au = fold(f64x2.add(au0, au1)), av = fold(f64x2.add(av0, av1)), bu = fold(f64x2.add(bu0, bu1)), bv = fold(f64x2.add(bv0, bv1));
      for (; i < n; i++) {
        const ui = get(u, i), vi = get(v, i), ai = at<V>(a, i), bi = at<V>(b, i);
        au += ai * ui;
        av += ai * vi;
        bu += bi * ui;
        bv += bi * vi;
      }
      set(outU, k, au);
      set(outV, k, av);
      set(outU, k + 1, bu);
      set(outV, k + 1, bv);
    }
  }
  for (; k < count; k++) {
    const a = column<V>(X, ld, pick(index, k));
    set(outU, k, dots1<V>(a, n, u));
    set(outV, k, dots1<V>(a, n, v));
  }
}

export function denseDotsPairF64(
  X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  denseDotsPair<f64>(X, ld, n, index, count, u, v, outU, outV);
}
export function denseDotsPairF32(
  X: usize, ld: i32, n: i32, index: usize, count: i32, u: usize, v: usize, outU: usize, outV: usize,
): void {
  denseDotsPair<f32>(X, ld, n, index, count, u, v, outU, outV);
}

/** Rows per block: 2048 values of y (16 kB) stay in the first-level cache while the columns stream past. */
const COMBINE_ROWS = 2048;

/** y += sum coef_k x_k, in the order of k for every row: four columns per pass over a block of y. */
// @ts-ignore: decorator
@inline
function denseCombine<V>(X: usize, ld: i32, n: i32, index: usize, coef: usize, count: i32, y: usize): void {
  for (let first = 0; first < n; first += COMBINE_ROWS) {
    const rows = min(COMBINE_ROWS, n - first);
    const base = X + <usize>first * sizeof<V>();
    const yb = y + (<usize>first << 3);
    let k = 0;
    if (ASC_FEATURE_SIMD) {
      for (const end = count - 3; k < end; k += 4) {
        const a = column<V>(base, ld, pick(index, k)), b = column<V>(base, ld, pick(index, k + 1));
        const c = column<V>(base, ld, pick(index, k + 2)), d = column<V>(base, ld, pick(index, k + 3));
        const ca = get(coef, k), cb = get(coef, k + 1), cc = get(coef, k + 2), cd = get(coef, k + 3);
        const va = f64x2.splat(ca), vb = f64x2.splat(cb), vc = f64x2.splat(cc), vd = f64x2.splat(cd);
        let i = 0;
        for (const stop = rows - 1; i < stop; i += 2) {
          const p = yb + (<usize>i << 3);
          let t = f64x2.add(v128.load(p), f64x2.mul(va, pair<V>(a, i)));
          t = f64x2.add(t, f64x2.mul(vb, pair<V>(b, i)));
          t = f64x2.add(t, f64x2.mul(vc, pair<V>(c, i)));
          v128.store(p, f64x2.add(t, f64x2.mul(vd, pair<V>(d, i))));
        }
        for (; i < rows; i++) set(yb, i, get(yb, i) + ca * at<V>(a, i) + cb * at<V>(b, i) + cc * at<V>(c, i) + cd * at<V>(d, i));
      }
    }
    for (; k < count; k++) axpyOf<V>(get(coef, k), column<V>(base, ld, pick(index, k)), yb, rows);
  }
}

export function denseCombineF64(X: usize, ld: i32, n: i32, index: usize, coef: usize, count: i32, y: usize): void {
  denseCombine<f64>(X, ld, n, index, coef, count, y);
}
export function denseCombineF32(X: usize, ld: i32, n: i32, index: usize, coef: usize, count: i32, y: usize): void {
  denseCombine<f32>(X, ld, n, index, coef, count, y);
}

// @ts-ignore: decorator
@inline
function denseMoments<V>(X: usize, ld: i32, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize): void {
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    const x = column<V>(X, ld, j);
    let m = 0.0;
    let s = 0.0;
    let i = 0;
    if (w) {
      m = dotOf<V>(x, w, n);
    } else {
      if (ASC_FEATURE_SIMD) {
        let a = f64x2.splat(0), b = a, c = a, d = a;
        for (const end = n - 7; i < end; i += 8) {
          a = f64x2.add(a, pair<V>(x, i));
          b = f64x2.add(b, pair<V>(x, i + 2));
          c = f64x2.add(c, pair<V>(x, i + 4));
          d = f64x2.add(d, pair<V>(x, i + 6));
        }
        m = fold(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
      }
      for (; i < n; i++) m += at<V>(x, i);
      m /= <f64>n;
    }
    i = 0;
    if (ASC_FEATURE_SIMD) {
      const centre = f64x2.splat(m);
      let a = f64x2.splat(0), b = a;
      for (const end = n - 3; i < end; i += 4) {
        const e = f64x2.sub(pair<V>(x, i), centre), f = f64x2.sub(pair<V>(x, i + 2), centre);
        if (w) {
          a = f64x2.add(a, f64x2.mul(pair<f64>(w, i), f64x2.mul(e, e)));
          b = f64x2.add(b, f64x2.mul(pair<f64>(w, i + 2), f64x2.mul(f, f)));
        } else {
          a = f64x2.add(a, f64x2.mul(e, e));
          b = f64x2.add(b, f64x2.mul(f, f));
        }
      }
      s = fold(f64x2.add(a, b));
    }
    for (; i < n; i++) {
      const e = at<V>(x, i) - m;
      s += w ? get(w, i) * (e * e) : e * e;
    }
    set(mean, j, m);
    set(second, j, w ? s : s / <f64>n);
  }
}

export function denseMomentsF64(X: usize, ld: i32, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize): void {
  denseMoments<f64>(X, ld, n, count, w, mean, second, index);
}
export function denseMomentsF32(X: usize, ld: i32, n: i32, count: i32, w: usize, mean: usize, second: usize, index: usize): void {
  denseMoments<f32>(X, ld, n, count, w, mean, second, index);
}

// @ts-ignore: decorator
@inline
function densePack<V>(X: usize, ld: i32, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  const x = column<V>(X, ld, j);
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const centre = f64x2.splat(mean);
    for (const end = n - 1; i < end; i += 2) {
      let v = f64x2.sub(pair<V>(x, i), centre);
      if (w) v = f64x2.mul(pair<f64>(w, i), v);
      v128.store(out + (<usize>i << 3), v);
    }
  }
  for (; i < n; i++) set(out, i, (w ? get(w, i) : 1.0) * (at<V>(x, i) - mean));
}

export function densePackF64(X: usize, ld: i32, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  densePack<f64>(X, ld, n, j, mean, w, out);
}
export function densePackF32(X: usize, ld: i32, n: i32, j: i32, mean: f64, w: usize, out: usize): void {
  densePack<f32>(X, ld, n, j, mean, w, out);
}

// @ts-ignore: decorator
@inline
function denseFromRows<V>(block: usize, rows: i32, cols: i32, X: usize, ld: i32, first: i32): void {
  const stride = <usize>cols * sizeof<V>();
  let j = 0;
  if (ASC_FEATURE_SIMD && sizeof<V>() == 8) {
    // 2 x 2 tiles: rows (a0 a1), (b0 b1) become columns (a0 b0), (a1 b1)
    for (const end = cols - 1; j < end; j += 2) {
      let source = block + (<usize>j << 3);
      const p = column<V>(X, ld, j) + (<usize>first << 3), q = p + (<usize>ld << 3);
      let i = 0;
      for (const stop = rows - 1; i < stop; i += 2) {
        const a = v128.load(source), b = v128.load(source + stride);
        v128.store(p + (<usize>i << 3), v128.shuffle<u64>(a, b, 0, 2));
        v128.store(q + (<usize>i << 3), v128.shuffle<u64>(a, b, 1, 3));
        source += stride << 1;
      }
      if (i < rows) {
        store<f64>(p + (<usize>i << 3), load<f64>(source));
        store<f64>(q + (<usize>i << 3), load<f64>(source, 8));
      }
    }
  }
  for (; j < cols; j++) {
    let source = block + <usize>j * sizeof<V>();
    let target = column<V>(X, ld, j) + <usize>first * sizeof<V>();
    for (let i = 0; i < rows; i++) {
      store<V>(target, load<V>(source));
      source += stride;
      target += sizeof<V>();
    }
  }
}

export function denseFromRowsF64(block: usize, rows: i32, cols: i32, X: usize, ld: i32, first: i32): void {
  denseFromRows<f64>(block, rows, cols, X, ld, first);
}
export function denseFromRowsF32(block: usize, rows: i32, cols: i32, X: usize, ld: i32, first: i32): void {
  denseFromRows<f32>(block, rows, cols, X, ld, first);
}

/** Four columns of X and rows of B per pass over out. */
// @ts-ignore: decorator
@inline
function denseMultiply<V>(X: usize, ld: i32, n: i32, cols: i32, B: usize, k: i32, out: usize): void {
  const width = <usize>k << 3;
  memory.fill(out, 0, <usize>n * width);
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    for (const last = cols - 3; j < last; j += 4) {
      const x0 = column<V>(X, ld, j), x1 = column<V>(X, ld, j + 1), x2 = column<V>(X, ld, j + 2), x3 = column<V>(X, ld, j + 3);
      const b0 = B + <usize>j * width, b1 = b0 + width, b2 = b1 + width, b3 = b2 + width;
      for (let i = 0; i < n; i++) {
        const row = out + <usize>i * width;
        const s0 = at<V>(x0, i), s1 = at<V>(x1, i), s2 = at<V>(x2, i), s3 = at<V>(x3, i);
        const v0 = f64x2.splat(s0), v1 = f64x2.splat(s1), v2 = f64x2.splat(s2), v3 = f64x2.splat(s3);
        let c = 0;
        for (const end = k - 1; c < end; c += 2) {
          const p = row + (<usize>c << 3);
          let t = f64x2.add(v128.load(p), f64x2.mul(v0, pair<f64>(b0, c)));
          t = f64x2.add(t, f64x2.mul(v1, pair<f64>(b1, c)));
          t = f64x2.add(t, f64x2.mul(v2, pair<f64>(b2, c)));
          v128.store(p, f64x2.add(t, f64x2.mul(v3, pair<f64>(b3, c))));
        }
        if (c < k) set(row, c, get(row, c) + s0 * get(b0, c) + s1 * get(b1, c) + s2 * get(b2, c) + s3 * get(b3, c));
      }
    }
  }
  for (; j < cols; j++) {
    const x = column<V>(X, ld, j), b = B + <usize>j * width;
    for (let i = 0; i < n; i++) axpyOf<f64>(at<V>(x, i), b, out + <usize>i * width, k);
  }
}

export function denseMultiplyF64(X: usize, ld: i32, n: i32, cols: i32, B: usize, k: i32, out: usize): void {
  denseMultiply<f64>(X, ld, n, cols, B, k, out);
}
export function denseMultiplyF32(X: usize, ld: i32, n: i32, cols: i32, B: usize, k: i32, out: usize): void {
  denseMultiply<f32>(X, ld, n, cols, B, k, out);
}

// @ts-ignore: decorator
@inline
function denseEpoch<V>(
  X: usize, ld: i32, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  const share = 1.0 / <f64>n;
  let largest = 0.0;
  for (let k = 0; k < count; k++) {
    const j = pick(index, k);
    const v = get(second, j);
    if (v <= 0) continue;
    const x = column<V>(X, ld, j);
    const old = get(coef, j);
    const g = dotOf<V>(x, u, n) - get(mean, j) * get(total, 0);
    let b = coordinate(penalty, shape, spread, mass, j, g + v * old, v, lambda, l1, l2);
    if (lower) b = Math.max(get(lower, j), Math.min(get(upper, j), b));
    const d = b - old;
    if (d == 0) continue;
    set(coef, j, b);
    if (w) axpyWeightedOf<V>(-d, w, x, u, n);
    else axpyOf<V>(-d * share, x, u, n);
    set(total, 0, get(total, 0) - d * get(mean, j));
    largest = Math.max(largest, v * d * d);
  }
  return largest;
}

export function denseEpochF64(
  X: usize, ld: i32, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  return denseEpoch<f64>(X, ld, n, index, count, w, mean, second, lambda, l1, l2, lower, upper, coef, u, total, penalty, shape, spread, mass);
}
export function denseEpochF32(
  X: usize, ld: i32, n: i32, index: usize, count: i32, w: usize, mean: usize, second: usize,
  lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize, u: usize, total: usize, penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  return denseEpoch<f32>(X, ld, n, index, count, w, mean, second, lambda, l1, l2, lower, upper, coef, u, total, penalty, shape, spread, mass);
}
