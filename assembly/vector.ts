import { at, fold, get, pair, set } from './access';

/**
 * Sum of x_i y_i. Fixed order: four f64x2 accumulators over blocks of 8, added as (0 + 1) + (2 + 3), then lanes, then the rest one by one.
 */
// @ts-ignore: decorator
@inline
export function dotOf<V>(x: usize, y: usize, n: i32): f64 {
  let i = 0;
  let total = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a, c = a, d = a;
    for (const end = n - 7; i < end; i += 8) {
      a = f64x2.add(a, f64x2.mul(pair<V>(x, i), pair<f64>(y, i)));
      b = f64x2.add(b, f64x2.mul(pair<V>(x, i + 2), pair<f64>(y, i + 2)));
      c = f64x2.add(c, f64x2.mul(pair<V>(x, i + 4), pair<f64>(y, i + 4)));
      d = f64x2.add(d, f64x2.mul(pair<V>(x, i + 6), pair<f64>(y, i + 6)));
    }
    total = fold(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  }
  for (; i < n; i++) total += at<V>(x, i) * get(y, i);
  return total;
}

/** y += a x. */
// @ts-ignore: decorator
@inline
export function axpyOf<V>(a: f64, x: usize, y: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f64x2.splat(a);
    for (const end = n - 3; i < end; i += 4) {
      const p = y + (<usize>i << 3);
      v128.store(p, f64x2.add(v128.load(p), f64x2.mul(s, pair<V>(x, i))));
      v128.store(p, f64x2.add(v128.load(p, 16), f64x2.mul(s, pair<V>(x, i + 2))), 16);
    }
  }
  for (; i < n; i++) set(y, i, get(y, i) + a * at<V>(x, i));
}

/** y += a w x. */
// @ts-ignore: decorator
@inline
export function axpyWeightedOf<V>(a: f64, w: usize, x: usize, y: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f64x2.splat(a);
    for (const end = n - 1; i < end; i += 2) {
      const p = y + (<usize>i << 3);
      v128.store(p, f64x2.add(v128.load(p), f64x2.mul(f64x2.mul(s, pair<f64>(w, i)), pair<V>(x, i))));
    }
  }
  for (; i < n; i++) set(y, i, get(y, i) + a * get(w, i) * at<V>(x, i));
}

export function dot(x: usize, y: usize, n: i32): f64 {
  return dotOf<f64>(x, y, n);
}

export function dotWeighted(w: usize, x: usize, y: usize, n: i32): f64 {
  let i = 0;
  let total = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (const end = n - 3; i < end; i += 4) {
      a = f64x2.add(a, f64x2.mul(pair<f64>(w, i), f64x2.mul(pair<f64>(x, i), pair<f64>(y, i))));
      b = f64x2.add(b, f64x2.mul(pair<f64>(w, i + 2), f64x2.mul(pair<f64>(x, i + 2), pair<f64>(y, i + 2))));
    }
    total = fold(f64x2.add(a, b));
  }
  for (; i < n; i++) total += get(w, i) * (get(x, i) * get(y, i));
  return total;
}

export function axpy(a: f64, x: usize, y: usize, n: i32): void {
  axpyOf<f64>(a, x, y, n);
}

export function scale(a: f64, x: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f64x2.splat(a);
    for (const end = n - 1; i < end; i += 2) v128.store(x + (<usize>i << 3), f64x2.mul(s, pair<f64>(x, i)));
  }
  for (; i < n; i++) set(x, i, a * get(x, i));
}

export function shift(a: f64, x: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f64x2.splat(a);
    for (const end = n - 1; i < end; i += 2) v128.store(x + (<usize>i << 3), f64x2.add(s, pair<f64>(x, i)));
  }
  for (; i < n; i++) set(x, i, a + get(x, i));
}

export function multiply(x: usize, y: usize, out: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (const end = n - 1; i < end; i += 2) v128.store(out + (<usize>i << 3), f64x2.mul(pair<f64>(x, i), pair<f64>(y, i)));
  }
  for (; i < n; i++) set(out, i, get(x, i) * get(y, i));
}

export function sum(x: usize, n: i32): f64 {
  let i = 0;
  let total = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (const end = n - 3; i < end; i += 4) {
      a = f64x2.add(a, pair<f64>(x, i));
      b = f64x2.add(b, pair<f64>(x, i + 2));
    }
    total = fold(f64x2.add(a, b));
  }
  for (; i < n; i++) total += get(x, i);
  return total;
}

export function norm1(x: usize, n: i32): f64 {
  let i = 0;
  let total = 0.0;
  if (ASC_FEATURE_SIMD) {
    let a = f64x2.splat(0), b = a;
    for (const end = n - 3; i < end; i += 4) {
      a = f64x2.add(a, f64x2.abs(pair<f64>(x, i)));
      b = f64x2.add(b, f64x2.abs(pair<f64>(x, i + 2)));
    }
    total = fold(f64x2.add(a, b));
  }
  for (; i < n; i++) total += Math.abs(get(x, i));
  return total;
}

export function norm2(x: usize, n: i32): f64 {
  return Math.sqrt(dotOf<f64>(x, x, n));
}

export function normMax(x: usize, n: i32): f64 {
  let i = 0;
  let most = 0.0;
  if (ASC_FEATURE_SIMD) {
    let m = f64x2.splat(0);
    for (const end = n - 1; i < end; i += 2) m = f64x2.max(m, f64x2.abs(pair<f64>(x, i)));
    most = Math.max(f64x2.extract_lane(m, 0), f64x2.extract_lane(m, 1));
  }
  for (; i < n; i++) most = Math.max(most, Math.abs(get(x, i)));
  return most;
}

/** S(x, t) in two lanes: x - clamp(x, -t, t) keeps the sign without a branch and gives an exact 0 inside. */
// @ts-ignore: decorator
@inline
function shrink2(x: v128, t: v128): v128 {
  return f64x2.sub(x, f64x2.max(f64x2.neg(t), f64x2.min(t, x)));
}

/** S(x, t) = sign(x) max(|x| - t, 0). */
// @ts-ignore: decorator
@inline
export function shrink(x: f64, t: f64): f64 {
  return x - Math.max(-t, Math.min(t, x));
}

export function softThreshold(x: usize, t: f64, out: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f64x2.splat(t);
    for (const end = n - 1; i < end; i += 2) v128.store(out + (<usize>i << 3), shrink2(pair<f64>(x, i), s));
  }
  for (; i < n; i++) set(out, i, shrink(get(x, i), t));
}

export function proximalStep(
  z: usize, g: usize, step: f64, metric: usize, lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, out: usize, n: i32,
): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const steps = f64x2.splat(step), strength = f64x2.splat(lambda), one = f64x2.splat(1);
    for (const end = n - 1; i < end; i += 2) {
      const t = f64x2.mul(steps, pair<f64>(metric, i));
      const tl = f64x2.mul(t, strength);
      const v = f64x2.add(pair<f64>(z, i), f64x2.mul(t, pair<f64>(g, i)));
      let b = f64x2.div(shrink2(v, f64x2.mul(tl, pair<f64>(l1, i))), f64x2.add(one, f64x2.mul(tl, pair<f64>(l2, i))));
      if (lower) b = f64x2.max(pair<f64>(lower, i), f64x2.min(pair<f64>(upper, i), b));
      v128.store(out + (<usize>i << 3), b);
    }
  }
  for (; i < n; i++) {
    const t = step * get(metric, i);
    const tl = t * lambda;
    let b = shrink(get(z, i) + t * get(g, i), tl * get(l1, i)) / (1 + tl * get(l2, i));
    if (lower) b = Math.max(get(lower, i), Math.min(get(upper, i), b));
    set(out, i, b);
  }
}
