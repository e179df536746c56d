import { at, get, geti, pair, set } from './access';
import { multiplyAdd } from './lanes';
import { mirror, tallBlock } from './tall';
import { axpyOf } from './vector';

// A centred matrix by blocks of rows that are promoted to f64, centred and scaled on the way: the matrix itself stays as it was given.

/** 64 rows of a few hundred columns stay in the second-level cache while their tiles pass. */
const BLOCK = 64;

/** out = (X - mean) * factor; mean and factor (0: none) hold one value per row or one per column. */
// @ts-ignore: decorator
@inline
function centre<V>(X: usize, ldx: i32, first: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, out: usize): void {
  for (let r = 0; r < rows; r++) {
    const from = X + <usize>(first + r) * <usize>ldx * sizeof<V>(), to = out + ((<usize>r * <usize>p) << 3);
    const m = mean && byRow ? get(mean, first + r) : 0, f = factor && byRow ? get(factor, first + r) : 1;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const ms = f64x2.splat(m), fs = f64x2.splat(f);
      for (const end = p - 1; j < end; j += 2) {
        let v = f64x2.sub(pair<V>(from, j), mean && !byRow ? pair<f64>(mean, j) : ms);
        if (factor) v = f64x2.mul(v, byRow ? fs : pair<f64>(factor, j));
        v128.store(to + (<usize>j << 3), v);
      }
    }
    for (; j < p; j++) {
      let v = at<V>(from, j) - (mean && !byRow ? get(mean, j) : m);
      if (factor) v *= byRow ? f : get(factor, j);
      set(to, j, v);
    }
  }
}

/** One row by one row of coefficients: what has no whole tile. */
// @ts-ignore: decorator
@inline
function rowTimes(a: usize, stepA: usize, n: i32, c: usize, ldc: usize, factor: f64, out: usize): void {
  let s = 0.0;
  for (let i = 0; i < n; i++) {
    s += load<f64>(a) * load<f64>(c);
    a += stepA;
    c += ldc;
  }
  store<f64>(out, load<f64>(out) + factor * s);
}

/** out (rows x b) += factor A C: four rows by two vectors, eight sums in registers. */
export function tallMultiply(A: usize, lda: i32, rows: i32, a: i32, C: usize, ldc: i32, b: i32, factor: f64, out: usize, ldo: i32): void {
  const rowA = <usize>lda << 3, rowC = <usize>ldc << 3, rowOut = <usize>ldo << 3;
  let r = 0;
  if (ASC_FEATURE_SIMD) {
    const zero = f64x2.splat(0), scale = f64x2.splat(factor);
    for (; r + 3 < rows; r += 4) {
      const from = A + <usize>r * rowA;
      let to = out + <usize>r * rowOut, j = 0;
      for (; j + 3 < b; j += 4) {
        let p0 = zero, p1 = zero, p2 = zero, p3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
        let x = from, y = from + rowA, z = y + rowA, w = z + rowA, c = C + (<usize>j << 3);
        for (let i = 0; i < a; i++) {
          const p = v128.load(c), q = v128.load(c, 16);
          let s = v128.load_splat<f64>(x);
          p0 = multiplyAdd<f64>(p0, s, p);
          q0 = multiplyAdd<f64>(q0, s, q);
          s = v128.load_splat<f64>(y);
          p1 = multiplyAdd<f64>(p1, s, p);
          q1 = multiplyAdd<f64>(q1, s, q);
          s = v128.load_splat<f64>(z);
          p2 = multiplyAdd<f64>(p2, s, p);
          q2 = multiplyAdd<f64>(q2, s, q);
          s = v128.load_splat<f64>(w);
          p3 = multiplyAdd<f64>(p3, s, p);
          q3 = multiplyAdd<f64>(q3, s, q);
          x += 8;
          y += 8;
          z += 8;
          w += 8;
          c += rowC;
        }
        let at = to + (<usize>j << 3);
        v128.store(at, multiplyAdd<f64>(v128.load(at), scale, p0));
        v128.store(at, multiplyAdd<f64>(v128.load(at, 16), scale, q0), 16);
        at += rowOut;
        v128.store(at, multiplyAdd<f64>(v128.load(at), scale, p1));
        v128.store(at, multiplyAdd<f64>(v128.load(at, 16), scale, q1), 16);
        at += rowOut;
        v128.store(at, multiplyAdd<f64>(v128.load(at), scale, p2));
        v128.store(at, multiplyAdd<f64>(v128.load(at, 16), scale, q2), 16);
        at += rowOut;
        v128.store(at, multiplyAdd<f64>(v128.load(at), scale, p3));
        v128.store(at, multiplyAdd<f64>(v128.load(at, 16), scale, q3), 16);
      }
      for (; j < b; j++) {
        for (let d = 0; d < 4; d++) rowTimes(from + <usize>d * rowA, 8, a, C + (<usize>j << 3), rowC, factor, to + <usize>d * rowOut + (<usize>j << 3));
      }
    }
  }
  for (; r < rows; r++) {
    for (let j = 0; j < b; j++) {
      rowTimes(A + <usize>r * rowA, 8, a, C + (<usize>j << 3), rowC, factor, out + <usize>r * rowOut + (<usize>j << 3));
    }
  }
}

// @ts-ignore: decorator
@inline
function centredGram<V>(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, out: usize, scratch: usize): void {
  for (let r = 0; r < rows; r += BLOCK) {
    const count = min(BLOCK, rows - r);
    centre<V>(X, ldx, r, count, p, mean, factor, byRow, scratch);
    tallBlock<f64>(scratch, p, p, scratch, p, p, count, out, p, true);
  }
  mirror(out, p, p);
}

export function centredGramF64(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, out: usize, scratch: usize): void {
  centredGram<f64>(X, ldx, rows, p, mean, factor, byRow, out, scratch);
}
export function centredGramF32(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, out: usize, scratch: usize): void {
  centredGram<f32>(X, ldx, rows, p, mean, factor, byRow, out, scratch);
}

// @ts-ignore: decorator
@inline
function centredProducts<V>(
  X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, B: usize, W: usize, b: i32, out: usize, scratch: usize,
): void {
  for (let r = 0; r < rows; r += BLOCK) {
    const count = min(BLOCK, rows - r);
    const w = W + ((<usize>r * <usize>b) << 3);
    centre<V>(X, ldx, r, count, p, mean, factor, byRow, scratch);
    if (B) {
      memory.fill(w, 0, (<usize>count * <usize>b) << 3);
      tallMultiply(scratch, p, count, p, B, b, b, 1, w, b);
    }
    if (out) tallBlock<f64>(scratch, p, p, w, b, b, count, out, b, false);
  }
}

export function centredProductsF64(
  X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, B: usize, W: usize, b: i32, out: usize, scratch: usize,
): void {
  centredProducts<f64>(X, ldx, rows, p, mean, factor, byRow, B, W, b, out, scratch);
}
export function centredProductsF32(
  X: usize, ldx: i32, rows: i32, p: i32, mean: usize, factor: usize, byRow: i32, B: usize, W: usize, b: i32, out: usize, scratch: usize,
): void {
  centredProducts<f32>(X, ldx, rows, p, mean, factor, byRow, B, W, b, out, scratch);
}

/** Three passes over the rows: sums, what rounding left of the sum about the mean, squares. */
// @ts-ignore: decorator
@inline
function rowMoments<V>(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, second: usize): void {
  memory.fill(mean, 0, <usize>p << 3);
  const count = <f64>rows, step = <usize>ldx * sizeof<V>();
  for (let r = 0; r < rows; r++) axpyOf<V>(1, X + <usize>r * step, mean, p);
  for (let j = 0; j < p; j++) set(mean, j, get(mean, j) / count);
  memory.fill(second, 0, <usize>p << 3);
  for (let r = 0; r < rows; r++) addDeviations<V>(X + <usize>r * step, mean, second, p, false);
  for (let j = 0; j < p; j++) set(mean, j, get(mean, j) + get(second, j) / count);
  memory.fill(second, 0, <usize>p << 3);
  for (let r = 0; r < rows; r++) addDeviations<V>(X + <usize>r * step, mean, second, p, true);
  for (let j = 0; j < p; j++) set(second, j, get(second, j) / count);
}

/** out += x - mean, or its squares. */
// @ts-ignore: decorator
@inline
function addDeviations<V>(x: usize, mean: usize, out: usize, p: i32, squared: bool): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    for (const end = p - 1; j < end; j += 2) {
      const d = f64x2.sub(pair<V>(x, j), pair<f64>(mean, j)), to = out + (<usize>j << 3);
      v128.store(to, f64x2.add(v128.load(to), squared ? f64x2.mul(d, d) : d));
    }
  }
  for (; j < p; j++) {
    const d = at<V>(x, j) - get(mean, j);
    set(out, j, get(out, j) + (squared ? d * d : d));
  }
}

export function rowMomentsF64(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, second: usize): void {
  rowMoments<f64>(X, ldx, rows, p, mean, second);
}
export function rowMomentsF32(X: usize, ldx: i32, rows: i32, p: i32, mean: usize, second: usize): void {
  rowMoments<f32>(X, ldx, rows, p, mean, second);
}

/** Four columns of U at a time: a slice's products stay in registers between the gather and the scatter. */
// @ts-ignore: decorator
@inline
function sliceGram<V>(
  indptr: usize, indices: usize, data: usize, outer: i32, m: usize, f: usize, U: usize, b: i32, total: usize, out: usize, shift: usize,
): void {
  const row = <usize>b << 3;
  let from = geti(indptr, 0);
  for (let o = 0; o < outer; o++) {
    const to = geti(indptr, o + 1);
    const centre = m ? get(m, o) : 1, factor = f ? get(f, o) : 1;
    if (from == to && !total) continue;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      for (; j + 7 < b; j += 8) {
        const u = U + (<usize>j << 3), v = out + (<usize>j << 3);
        let p = f64x2.splat(0), q = p, s = p, t = p;
        for (let e = from; e < to; e++) {
          const x = u + <usize>geti(indices, e) * row, a = f64x2.splat(at<V>(data, e));
          p = multiplyAdd<f64>(p, a, v128.load(x));
          q = multiplyAdd<f64>(q, a, v128.load(x, 16));
          s = multiplyAdd<f64>(s, a, v128.load(x, 32));
          t = multiplyAdd<f64>(t, a, v128.load(x, 48));
        }
        if (total) {
          const c = f64x2.splat(centre), z = total + (<usize>j << 3);
          p = f64x2.sub(p, f64x2.mul(c, v128.load(z)));
          q = f64x2.sub(q, f64x2.mul(c, v128.load(z, 16)));
          s = f64x2.sub(s, f64x2.mul(c, v128.load(z, 32)));
          t = f64x2.sub(t, f64x2.mul(c, v128.load(z, 48)));
        }
        if (f) {
          const c = f64x2.splat(factor);
          p = f64x2.mul(c, p);
          q = f64x2.mul(c, q);
          s = f64x2.mul(c, s);
          t = f64x2.mul(c, t);
        }
        for (let e = from; e < to; e++) {
          const x = v + <usize>geti(indices, e) * row, a = f64x2.splat(at<V>(data, e));
          v128.store(x, multiplyAdd<f64>(v128.load(x), a, p));
          v128.store(x, multiplyAdd<f64>(v128.load(x, 16), a, q), 16);
          v128.store(x, multiplyAdd<f64>(v128.load(x, 32), a, s), 32);
          v128.store(x, multiplyAdd<f64>(v128.load(x, 48), a, t), 48);
        }
        if (total) {
          const c = f64x2.splat(centre), z = shift + (<usize>j << 3);
          v128.store(z, multiplyAdd<f64>(v128.load(z), c, p));
          v128.store(z, multiplyAdd<f64>(v128.load(z, 16), c, q), 16);
          v128.store(z, multiplyAdd<f64>(v128.load(z, 32), c, s), 32);
          v128.store(z, multiplyAdd<f64>(v128.load(z, 48), c, t), 48);
        }
      }
      for (; j + 3 < b; j += 4) {
        const u = U + (<usize>j << 3), v = out + (<usize>j << 3);
        let p = f64x2.splat(0), q = p;
        for (let e = from; e < to; e++) {
          const x = u + <usize>geti(indices, e) * row, a = f64x2.splat(at<V>(data, e));
          p = multiplyAdd<f64>(p, a, v128.load(x));
          q = multiplyAdd<f64>(q, a, v128.load(x, 16));
        }
        if (total) {
          const c = f64x2.splat(centre), z = total + (<usize>j << 3);
          p = f64x2.sub(p, f64x2.mul(c, v128.load(z)));
          q = f64x2.sub(q, f64x2.mul(c, v128.load(z, 16)));
        }
        if (f) {
          p = f64x2.mul(f64x2.splat(factor), p);
          q = f64x2.mul(f64x2.splat(factor), q);
        }
        for (let e = from; e < to; e++) {
          const x = v + <usize>geti(indices, e) * row, a = f64x2.splat(at<V>(data, e));
          v128.store(x, multiplyAdd<f64>(v128.load(x), a, p));
          v128.store(x, multiplyAdd<f64>(v128.load(x, 16), a, q), 16);
        }
        if (total) {
          const c = f64x2.splat(centre), z = shift + (<usize>j << 3);
          v128.store(z, multiplyAdd<f64>(v128.load(z), c, p));
          v128.store(z, multiplyAdd<f64>(v128.load(z, 16), c, q), 16);
        }
      }
    }
    for (; j < b; j++) {
      let t = 0.0;
      for (let e = from; e < to; e++) t += at<V>(data, e) * get(U + <usize>geti(indices, e) * row, j);
      if (total) t -= centre * get(total, j);
      if (f) t *= factor;
      for (let e = from; e < to; e++) {
        const x = out + <usize>geti(indices, e) * row;
        set(x, j, get(x, j) + at<V>(data, e) * t);
      }
      if (total) set(shift, j, get(shift, j) + centre * t);
    }
    from = to;
  }
}

export function sliceGramF64(
  indptr: usize, indices: usize, data: usize, outer: i32, m: usize, f: usize, U: usize, b: i32, total: usize, out: usize, shift: usize,
): void {
  sliceGram<f64>(indptr, indices, data, outer, m, f, U, b, total, out, shift);
}
export function sliceGramF32(
  indptr: usize, indices: usize, data: usize, outer: i32, m: usize, f: usize, U: usize, b: i32, total: usize, out: usize, shift: usize,
): void {
  sliceGram<f32>(indptr, indices, data, outer, m, f, U, b, total, out, shift);
}

// @ts-ignore: decorator
@inline
function sliceScatter<V>(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  const width = <usize>k << 3;
  for (let o = 0; o < outer; o++) {
    const row = B + <usize>o * width;
    for (let e = geti(indptr, o), to = geti(indptr, o + 1); e < to; e++) {
      axpyOf<f64>(at<V>(data, e), row, out + <usize>geti(indices, e) * width, k);
    }
  }
}

export function sliceScatterF64(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  sliceScatter<f64>(indptr, indices, data, outer, B, k, out);
}
export function sliceScatterF32(indptr: usize, indices: usize, data: usize, outer: i32, B: usize, k: i32, out: usize): void {
  sliceScatter<f32>(indptr, indices, data, outer, B, k, out);
}

export function shiftRows(W: usize, rows: i32, k: i32, m: usize, c: usize, f: usize): void {
  for (let r = 0; r < rows; r++) {
    const w = W + ((<usize>r * <usize>k) << 3);
    const a = m ? get(m, r) : 1, b = f ? get(f, r) : 1;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const as = f64x2.splat(a), bs = f64x2.splat(b);
      for (const end = k - 1; j < end; j += 2) {
        const p = w + (<usize>j << 3);
        let v = v128.load(p);
        if (c) v = f64x2.sub(v, f64x2.mul(as, pair<f64>(c, j)));
        v128.store(p, f64x2.mul(v, bs));
      }
    }
    for (; j < k; j++) set(w, j, (c ? get(w, j) - a * get(c, j) : get(w, j)) * b);
  }
}

export function copyRows(from: usize, ldFrom: i32, rows: i32, width: i32, to: usize, ldTo: i32): void {
  for (let r = 0; r < rows; r++) {
    const x = from + ((<usize>r * <usize>ldFrom) << 3), y = to + ((<usize>r * <usize>ldTo) << 3);
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      for (const end = width - 1; j < end; j += 2) v128.store(y + (<usize>j << 3), pair<f64>(x, j));
    }
    for (; j < width; j++) set(y, j, get(x, j));
  }
}
