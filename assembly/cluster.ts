import { fold, get, geti, pair, set, seti } from './access';
import { multiplyAdd, put, value } from './lanes';
import { exp, log } from './math';
import { affineF32, affineF64 } from './product';
import { mirror, tallBlock } from './tall';

// Clusters. The nearest centre is looked for in f32, with a bound on its error; what the bound cannot tell apart is decided in f64.

/** Rows that are compared with all centres at once. */
const ROWS = 128;
const BLOCK = 64;
/** More than one rounding of a sum or root. */
const UP: f64 = 1.0000000000000004;
/** Of the slack for f32: far more than f64 loses. */
const SURE: f64 = 1e-6;

/** ||x - c||^2 in four sums, (0 + 2) + (1 + 3), then the tail. */
// @ts-ignore: decorator
@inline
function apart(x: usize, c: usize, p: i32): f64 {
  let j = 0;
  let a0 = 0.0, a1 = 0.0, a2 = 0.0, a3 = 0.0, total: f64;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (const end = p - 3; j < end; j += 4) {
      const u = f64x2.sub(pair<f64>(x, j), pair<f64>(c, j)), v = f64x2.sub(pair<f64>(x, j + 2), pair<f64>(c, j + 2));
      a = f64x2.add(a, f64x2.mul(u, u));
      b = f64x2.add(b, f64x2.mul(v, v));
    }
    total = fold(f64x2.add(a, b));
  } else {
    for (const end = p - 3; j < end; j += 4) {
      const u = get(x, j) - get(c, j), v = get(x, j + 1) - get(c, j + 1), w = get(x, j + 2) - get(c, j + 2), z = get(x, j + 3) - get(c, j + 3);
      a0 += u * u;
      a1 += v * v;
      a2 += w * w;
      a3 += z * z;
    }
    total = a0 + a2 + (a1 + a3);
  }
  for (; j < p; j++) {
    const d = get(x, j) - get(c, j);
    total += d * d;
  }
  return total;
}

/** ||x - c||^2 = ||c||^2 + sum over the stored x of (x - c)^2 - c^2, at least 0. */
// @ts-ignore: decorator
@inline
function apartSparse(indices: usize, data: usize, from: i32, to: i32, c: usize, norm: f64): f64 {
  let s = norm;
  for (let e = from; e < to; e++) {
    const v = get(c, geti(indices, e)), d = get(data, e) - v;
    s += d * d - v * v;
  }
  return max(s, 0);
}

/** A row by its number: dense (indptr = 0) or compressed. */
function distance(indptr: usize, indices: usize, X: usize, i: i32, p: i32, C: usize, norms: usize, c: i32): f64 {
  const centre = C + ((<usize>c * <usize>p) << 3);
  if (indptr) return apartSparse(indices, X, geti(indptr, i), geti(indptr, i + 1), centre, get(norms, c));
  return apart(X + ((<usize>i * <usize>p) << 3), centre, p);
}

/** scores = bias + x C' for one compressed row, 16 or 8 centres at a time. */
// @ts-ignore: decorator
@inline
function scoresSparse(indices: usize, data: usize, from: i32, to: i32, T: usize, stride: i32, bias: usize, out: usize): void {
  let j = 0;
  const row = <usize>stride << 2;
  if (ASC_FEATURE_SIMD) {
    for (; j + 15 < stride; j += 16) {
      const at = <usize>j << 2, b = bias + at, t = T + at, o = out + at;
      let p = v128.load(b), q = v128.load(b, 16), r = v128.load(b, 32), s = v128.load(b, 48);
      for (let e = from; e < to; e++) {
        const a = f32x4.splat(<f32>get(data, e)), w = t + <usize>geti(indices, e) * row;
        p = multiplyAdd<f32>(p, a, v128.load(w));
        q = multiplyAdd<f32>(q, a, v128.load(w, 16));
        r = multiplyAdd<f32>(r, a, v128.load(w, 32));
        s = multiplyAdd<f32>(s, a, v128.load(w, 48));
      }
      v128.store(o, p);
      v128.store(o, q, 16);
      v128.store(o, r, 32);
      v128.store(o, s, 48);
    }
    for (; j < stride; j += 8) {
      const at = <usize>j << 2, b = bias + at, t = T + at, o = out + at;
      let p = v128.load(b), q = v128.load(b, 16);
      for (let e = from; e < to; e++) {
        const a = f32x4.splat(<f32>get(data, e)), w = t + <usize>geti(indices, e) * row;
        p = multiplyAdd<f32>(p, a, v128.load(w));
        q = multiplyAdd<f32>(q, a, v128.load(w, 16));
      }
      v128.store(o, p);
      v128.store(o, q, 16);
    }
  }
  for (; j < stride; j++) {
    let s = value<f32>(bias, j);
    for (let e = from; e < to; e++) s += <f32>get(data, e) * value<f32>(T + <usize>geti(indices, e) * row, j);
    put<f32>(out, j, s);
  }
}

/** Decides one row from its f32 scores; returns whether its label changed. */
function decide(
  indptr: usize, indices: usize, X: usize, i: i32, p: i32, square: f64, C: usize, norms: usize, k: i32, scores: usize, slack: f64,
  labels: usize, upper: usize, lower: usize, dirty: usize,
): i32 {
  let best = 0, first: f32 = -Infinity, second: f32 = -Infinity, c = 0;
  if (ASC_FEATURE_SIMD) {
    let m = f32x4.splat(-Infinity), o = m;
    for (const end = k - 3; c < end; c += 4) {
      const s = v128.load(scores + (<usize>c << 2));
      o = f32x4.pmax(o, f32x4.pmin(s, m));
      m = f32x4.pmax(m, s);
    }
    const low = f32x4.pmin(m, i8x16.shuffle(m, m, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    const high = f32x4.pmax(m, i8x16.shuffle(m, m, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    const a = f32x4.extract_lane(high, 0), b = f32x4.extract_lane(high, 1);
    first = max(a, b);
    o = f32x4.pmax(o, low);
    second = max(min(a, b), max(max(f32x4.extract_lane(o, 0), f32x4.extract_lane(o, 1)), max(f32x4.extract_lane(o, 2), f32x4.extract_lane(o, 3))));
    const top = f32x4.splat(first);
    for (let t = 0; t < c; t += 4) {
      const hit = i32x4.bitmask(f32x4.eq(v128.load(scores + (<usize>t << 2)), top));
      if (hit) {
        best = t + ctz(hit);
        break;
      }
    }
  }
  for (; c < k; c++) {
    const s = value<f32>(scores, c);
    if (s > first) {
      second = first;
      first = s;
      best = c;
    } else second = max(second, s);
  }
  let bound = square - 2 * (<f64>second + slack);
  let above: f64;
  if (<f64>first - <f64>second > 2 * slack) above = square - 2 * (<f64>first - slack);
  else {
    const least = <f64>first - 2 * slack;
    bound = square - 2 * (<f64>first + slack);
    above = Infinity;
    for (c = 0; c < k; c++) {
      if (<f64>value<f32>(scores, c) < least) continue;
      const d = distance(indptr, indices, X, i, p, C, norms, c);
      if (d < above) {
        above = d;
        best = c;
      }
    }
    above += slack * SURE;
  }
  set(upper, i, Math.sqrt(max(above, 0)) * UP);
  set(lower, i, bound > 0 ? Math.sqrt(bound) : 0);
  const old = geti(labels, i);
  if (old == best) return 0;
  seti(labels, i, best);
  if (old >= 0) seti(dirty, old, 1);
  seti(dirty, best, 1);
  return 1;
}

export function hamerlyStep(
  indptr: usize, indices: usize, X: usize, n: i32, p: i32, squares: usize, C: usize, norms: usize, k: i32, T: usize, stride: i32, bias: usize,
  half: usize, moved: usize, drop: usize, slope: f64, offset: f64, labels: usize, upper: usize, lower: usize, dirty: usize, scratch: usize,
): i32 {
  const scores = scratch, list = scores + ((<usize>ROWS * <usize>stride) << 2), panel = list + (ROWS << 2), rows = panel + (<usize>p << 5);
  let changed = 0, waiting = 0;
  for (let i = 0; i <= n; i++) {
    if (waiting == ROWS || (i == n && waiting > 0)) {
      affineF32(rows, p, waiting, p, T, stride, bias, scores, panel);
      for (let r = 0; r < waiting; r++) {
        const row = geti(list, r), square = get(squares, row);
        changed += decide(
          0, 0, X, row, p, square, C, norms, k, scores + ((<usize>r * <usize>stride) << 2), slope * Math.sqrt(square) + offset, labels, upper,
          lower, dirty,
        );
      }
      waiting = 0;
    }
    if (i == n) break;
    const a = geti(labels, i);
    if (a >= 0) {
      let u = (get(upper, i) + get(moved, a)) * UP;
      const l = get(lower, i) - get(drop, a), m = max(l, get(half, a));
      set(lower, i, l);
      if (!(u < m)) {
        const d = distance(indptr, indices, X, i, p, C, norms, a);
        u = Math.sqrt(d + (slope * Math.sqrt(get(squares, i)) + offset) * SURE) * UP;
      }
      set(upper, i, u);
      if (u < m) continue;
    }
    if (indptr) {
      const square = get(squares, i);
      scoresSparse(indices, X, geti(indptr, i), geti(indptr, i + 1), T, stride, bias, scores);
      changed += decide(
        indptr, indices, X, i, p, square, C, norms, k, scores, slope * Math.sqrt(square) + offset, labels, upper, lower, dirty,
      );
    } else {
      const from = X + ((<usize>i * <usize>p) << 3), to = rows + ((<usize>waiting * <usize>p) << 2);
      for (let j = 0; j < p; j++) put<f32>(to, j, <f32>get(from, j));
      seti(list, waiting++, i);
    }
  }
  return changed;
}

export function centreSums(
  indptr: usize, indices: usize, X: usize, n: i32, p: i32, labels: usize, weight: usize, k: i32, dirty: usize, sums: usize, mass: usize,
): void {
  const row = <usize>p << 3;
  for (let c = 0; c < k; c++) {
    if (!geti(dirty, c)) continue;
    memory.fill(sums + <usize>c * row, 0, row);
    set(mass, c, 0);
  }
  for (let i = 0; i < n; i++) {
    const c = geti(labels, i);
    if (!geti(dirty, c)) continue;
    const w = weight ? get(weight, i) : 1, to = sums + <usize>c * row;
    set(mass, c, get(mass, c) + w);
    if (indptr) {
      for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) {
        const j = geti(indices, e);
        set(to, j, get(to, j) + w * get(X, e));
      }
      continue;
    }
    const from = X + <usize>i * row;
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      const ws = f64x2.splat(w);
      for (const end = p - 3; j < end; j += 4) {
        const t = to + (<usize>j << 3), f = from + (<usize>j << 3);
        v128.store(t, multiplyAdd<f64>(v128.load(t), ws, v128.load(f)));
        v128.store(t, multiplyAdd<f64>(v128.load(t, 16), ws, v128.load(f, 16)), 16);
      }
    }
    for (; j < p; j++) set(to, j, get(to, j) + w * get(from, j));
  }
}

export function centreDistances(
  indptr: usize, indices: usize, X: usize, n: i32, p: i32, C: usize, norms: usize, labels: usize, out: usize,
): void {
  for (let i = 0; i < n; i++) set(out, i, distance(indptr, indices, X, i, p, C, norms, labels ? geti(labels, i) : 0));
}

export function halfSeparations(C: usize, k: i32, p: i32, half: usize): void {
  const row = <usize>p << 3;
  for (let c = 0; c < k; c++) set(half, c, Infinity);
  for (let c = 1; c < k; c++) {
    for (let b = 0; b < c; b++) {
      const d = Math.sqrt(apart(C + <usize>c * row, C + <usize>b * row, p)) / 2;
      set(half, b, min(get(half, b), d));
      set(half, c, min(get(half, c), d));
    }
  }
}

/** (x - mean) * factor for one row; root 0: no mean. */
// @ts-ignore: decorator
@inline
function spread(x: usize, mean: usize, p: i32, factor: f64, out: usize): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const f = f64x2.splat(factor);
    for (const end = p - 1; j < end; j += 2) v128.store(out + (<usize>j << 3), f64x2.mul(f, f64x2.sub(pair<f64>(x, j), pair<f64>(mean, j))));
  }
  for (; j < p; j++) set(out, j, factor * (get(x, j) - get(mean, j)));
}

export function gaussianDistances(
  X: usize, n: i32, p: i32, mean: usize, P: usize, stride: i32, out: usize, ldo: i32, scratch: usize,
): void {
  const product = scratch + ((<usize>BLOCK * <usize>p) << 3), panel = product + ((<usize>BLOCK * <usize>stride) << 3);
  for (let first = 0; first < n; first += BLOCK) {
    const rows = min(BLOCK, n - first);
    for (let r = 0; r < rows; r++) spread(X + ((<usize>(first + r) * <usize>p) << 3), mean, p, 1, scratch + ((<usize>r * <usize>p) << 3));
    if (stride > 0) affineF64(scratch, p, rows, p, P, stride, 0, product, panel);
    for (let r = 0; r < rows; r++) {
      let total = 0.0;
      for (let j = 0; j < p; j++) {
        const v = stride > 0 ? get(product, r * stride + j) : get(scratch, r * p + j) * get(P, j);
        total += v * v;
      }
      set(out, (first + r) * ldo, total);
    }
  }
}

export function gaussianScatter(
  X: usize, n: i32, p: i32, mean: usize, weight: usize, ldw: i32, full: i32, out: usize, scratch: usize,
): void {
  for (let first = 0; first < n; first += BLOCK) {
    const rows = min(BLOCK, n - first);
    for (let r = 0; r < rows; r++) {
      const to = scratch + ((<usize>r * <usize>p) << 3);
      spread(X + ((<usize>(first + r) * <usize>p) << 3), mean, p, Math.sqrt(get(weight, (first + r) * ldw)), to);
      if (!full) for (let j = 0; j < p; j++) set(out, j, get(out, j) + get(to, j) * get(to, j));
    }
    if (full) tallBlock<f64>(scratch, p, p, scratch, p, p, rows, out, p, true);
  }
  if (full) mirror(out, p, p);
}

export function logSumExpRows(S: usize, n: i32, k: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const row = S + ((<usize>i * <usize>k) << 3);
    let most = get(row, 0);
    for (let c = 1; c < k; c++) most = max(most, get(row, c));
    let total = 0.0;
    for (let c = 0; c < k; c++) total += exp(get(row, c) - most);
    const l = most + log(total);
    set(out, i, l);
    for (let c = 0; c < k; c++) set(row, c, exp(get(row, c) - l));
  }
}
