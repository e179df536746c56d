import { geti } from './access';
import { lanes, multiplyAdd, place, put, value } from './lanes';
import { next } from './random';

// Proximal steps on weights. A weight that arrives at exactly 0 loses its momentum: an old gradient must not bring it back.

/** sign(z) max(|z| - t, 0). */
// @ts-ignore: decorator
@inline
function soften<V>(z: v128, t: v128): v128 {
  const zero = v128.splat<V>(<V>0);
  return v128.sub<V>(v128.max<V>(v128.sub<V>(z, t), zero), v128.max<V>(v128.sub<V>(v128.neg<V>(t), z), zero));
}

// @ts-ignore: decorator
@inline
function softenOne<V>(z: V, t: V): V {
  return max<V>(z - t, <V>0) - max<V>(-t - z, <V>0);
}

/** What a step keeps of the first moment: nothing where a weight has just become 0. */
// @ts-ignore: decorator
@inline
function kept<V>(moment: v128, before: v128, after: v128): v128 {
  const zero = v128.splat<V>(<V>0);
  return v128.andnot(moment, v128.and(v128.eq<V>(after, zero), v128.ne<V>(before, zero)));
}

// @ts-ignore: decorator
@inline
function adam<V>(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: V, beta1: V, beta2: V, correction1: V, correction2: V, epsilon: V, lambda: V,
  lower: usize, upper: usize,
): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const b1 = v128.splat<V>(beta1), b2 = v128.splat<V>(beta2), d1 = v128.splat<V>(<V>1 - beta1), d2 = v128.splat<V>(<V>1 - beta2);
    const c1 = v128.splat<V>(correction1), c2 = v128.splat<V>(correction2), eps = v128.splat<V>(epsilon);
    const rates = v128.splat<V>(rate), lambdas = v128.splat<V>(lambda);
    for (const wide = lanes<V>(); i + wide <= n; i += wide) {
      const at = <usize>i * sizeof<V>();
      const before = v128.load(w + at), gradient = v128.load(g + at);
      const first = multiplyAdd<V>(v128.mul<V>(b1, v128.load(m + at)), d1, gradient);
      const second = multiplyAdd<V>(v128.mul<V>(b2, v128.load(v + at)), d2, v128.mul<V>(gradient, gradient));
      const metric = v128.div<V>(rates, multiplyAdd<V>(eps, v128.sqrt<V>(second), c2));
      let after = soften<V>(v128.sub<V>(before, v128.mul<V>(metric, v128.mul<V>(first, c1))), v128.mul<V>(metric, lambdas));
      if (lower) after = v128.min<V>(v128.max<V>(after, v128.load(lower + at)), v128.load(upper + at));
      v128.store(w + at, after);
      v128.store(m + at, kept<V>(first, before, after));
      v128.store(v + at, second);
    }
  }
  for (; i < n; i++) {
    const before = value<V>(w, i), gradient = value<V>(g, i);
    const first: V = beta1 * value<V>(m, i) + (<V>1 - beta1) * gradient;
    const second: V = beta2 * value<V>(v, i) + (<V>1 - beta2) * (gradient * gradient);
    const metric: V = rate / (epsilon + sqrt<V>(second) * correction2);
    let after = softenOne<V>(before - metric * (first * correction1), metric * lambda);
    if (lower) after = min<V>(max<V>(after, value<V>(lower, i)), value<V>(upper, i));
    put<V>(w, i, after);
    put<V>(m, i, after == 0 && before != 0 ? <V>0 : first);
    put<V>(v, i, second);
  }
}

export function adamF32(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: f64, beta1: f64, beta2: f64, correction1: f64, correction2: f64, epsilon: f64,
  lambda: f64, lower: usize, upper: usize,
): void {
  adam<f32>(
    w, g, m, v, n, <f32>rate, <f32>beta1, <f32>beta2, <f32>correction1, <f32>correction2, <f32>epsilon, <f32>lambda, lower, upper,
  );
}
export function adamF64(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: f64, beta1: f64, beta2: f64, correction1: f64, correction2: f64, epsilon: f64,
  lambda: f64, lower: usize, upper: usize,
): void {
  adam<f64>(w, g, m, v, n, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper);
}

// @ts-ignore: decorator
@inline
function momentum<V>(w: usize, g: usize, m: usize, n: i32, rate: V, decay: V, lambda: V, lower: usize, upper: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const decays = v128.splat<V>(decay), rates = v128.splat<V>(rate), thresholds = v128.splat<V>(rate * lambda);
    for (const wide = lanes<V>(); i + wide <= n; i += wide) {
      const at = <usize>i * sizeof<V>();
      const before = v128.load(w + at);
      const first = v128.add<V>(v128.mul<V>(decays, v128.load(m + at)), v128.load(g + at));
      let after = soften<V>(v128.sub<V>(before, v128.mul<V>(rates, first)), thresholds);
      if (lower) after = v128.min<V>(v128.max<V>(after, v128.load(lower + at)), v128.load(upper + at));
      v128.store(w + at, after);
      v128.store(m + at, kept<V>(first, before, after));
    }
  }
  for (; i < n; i++) {
    const before = value<V>(w, i);
    const first: V = decay * value<V>(m, i) + value<V>(g, i);
    let after = softenOne<V>(before - rate * first, rate * lambda);
    if (lower) after = min<V>(max<V>(after, value<V>(lower, i)), value<V>(upper, i));
    put<V>(w, i, after);
    put<V>(m, i, after == 0 && before != 0 ? <V>0 : first);
  }
}

export function momentumF32(
  w: usize, g: usize, m: usize, n: i32, rate: f64, decay: f64, lambda: f64, lower: usize, upper: usize,
): void {
  momentum<f32>(w, g, m, n, <f32>rate, <f32>decay, <f32>lambda, lower, upper);
}
export function momentumF64(
  w: usize, g: usize, m: usize, n: i32, rate: f64, decay: f64, lambda: f64, lower: usize, upper: usize,
): void {
  momentum<f64>(w, g, m, n, rate, decay, lambda, lower, upper);
}

/**
 * One group per row: every row shares one second moment, v[r], so that its metric is a number and the proximal map of the norm is exact.
 * Rows have `width` values from r*width on, or those of the CSR row when indptr is given. v = 0: heavy ball with decay beta1.
 */
// @ts-ignore: decorator
@inline
function groupStep<V>(
  w: usize, g: usize, m: usize, v: usize, rows: i32, indptr: usize, width: i32, rate: f64, beta1: f64, beta2: f64, correction1: f64,
  correction2: f64, epsilon: f64, lambda: f64, lower: usize, upper: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const from = indptr ? geti(indptr, r) : r * width, to = indptr ? geti(indptr, r + 1) : from + width;
    let metric = rate, gain = 1.0;
    if (v) {
      let squares = 0.0;
      for (let i = from; i < to; i++) squares += <f64>value<V>(g, i) * <f64>value<V>(g, i);
      const second = beta2 * <f64>value<V>(v, r) + (1 - beta2) * (to > from ? squares / <f64>(to - from) : 0);
      put<V>(v, r, <V>second);
      metric = rate / (epsilon + Math.sqrt(second) * correction2);
      gain = 1 - beta1;
    }
    let norm = 0.0, lived = false;
    for (let i = from; i < to; i++) {
      const first = beta1 * <f64>value<V>(m, i) + gain * <f64>value<V>(g, i);
      const before = <f64>value<V>(w, i);
      lived = lived || before != 0;
      let z = before - metric * correction1 * first;
      if (lower) z = min<f64>(max<f64>(z, <f64>value<V>(lower, i)), <f64>value<V>(upper, i));
      put<V>(m, i, <V>first);
      put<V>(w, i, <V>z);
      norm += z * z;
    }
    norm = Math.sqrt(norm);
    const threshold = metric * lambda;
    // Asked this way round, a norm of NaN is not taken for a group that vanishes.
    const keep = norm <= threshold ? 0 : 1 - threshold / norm;
    for (let i = from; i < to; i++) {
      put<V>(w, i, keep == 0 ? <V>0 : <V>(<f64>value<V>(w, i) * keep));
      if (keep == 0 && lived) put<V>(m, i, <V>0);
    }
  }
}

export function groupStepF32(
  w: usize, g: usize, m: usize, v: usize, rows: i32, indptr: usize, width: i32, rate: f64, beta1: f64, beta2: f64, correction1: f64,
  correction2: f64, epsilon: f64, lambda: f64, lower: usize, upper: usize,
): void {
  groupStep<f32>(w, g, m, v, rows, indptr, width, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper);
}
export function groupStepF64(
  w: usize, g: usize, m: usize, v: usize, rows: i32, indptr: usize, width: i32, rate: f64, beta1: f64, beta2: f64, correction1: f64,
  correction2: f64, epsilon: f64, lambda: f64, lower: usize, upper: usize,
): void {
  groupStep<f64>(w, g, m, v, rows, indptr, width, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper);
}

/** mask = 1 / (1 - share) or 0, and out = w mask: the connections that take part in a batch. */
// @ts-ignore: decorator
@inline
function dropConnections<V>(w: usize, n: i32, share: f64, state: usize, mask: usize, out: usize): void {
  const keep = <V>(1 / (1 - share)), limit = <u32>(share * 4294967296.0);
  for (let i = 0; i < n; i++) {
    const k: V = next(state) < limit ? <V>0 : keep;
    put<V>(mask, i, k);
    put<V>(out, i, value<V>(w, i) * k);
  }
}

export function dropConnectionsF32(w: usize, n: i32, share: f64, state: usize, mask: usize, out: usize): void {
  dropConnections<f32>(w, n, share, state, mask, out);
}
export function dropConnectionsF64(w: usize, n: i32, share: f64, state: usize, mask: usize, out: usize): void {
  dropConnections<f64>(w, n, share, state, mask, out);
}

// @ts-ignore: decorator
@inline
function multiplyBy<V>(x: usize, factor: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (const wide = lanes<V>(); i + wide <= n; i += wide) {
      v128.store(place<V>(x, i), v128.mul<V>(v128.load(place<V>(x, i)), v128.load(place<V>(factor, i))));
    }
  }
  for (; i < n; i++) put<V>(x, i, value<V>(x, i) * value<V>(factor, i));
}

export function multiplyByF32(x: usize, factor: usize, n: i32): void {
  multiplyBy<f32>(x, factor, n);
}
export function multiplyByF64(x: usize, factor: usize, n: i32): void {
  multiplyBy<f64>(x, factor, n);
}
