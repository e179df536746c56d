import { get, pair, seti } from './access';

/**
 * Cauchy-Schwarz on the part of the residual outside the span of earlier ones: |x_j'r| <= |centre_j| + tail_j radius.
 * Two columns per step; only when one of the two reaches its limit are they looked at one by one.
 */
export function screen(p: i32, skip: usize, centre: usize, tail: usize, radius: f64, limit: f64, l1: usize, out: usize): i32 {
  let found = 0;
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const r = f64x2.splat(radius), most = f64x2.splat(limit);
    for (const end = p - 1; j < end; j += 2) {
      const bound = f64x2.add(f64x2.abs(pair<f64>(centre, j)), f64x2.mul(pair<f64>(tail, j), r));
      // Not "less" rather than "at least": a bound that is not a number certifies nothing.
      const mask = i64x2.bitmask(f64x2.lt(bound, f64x2.mul(most, pair<f64>(l1, j)))) ^ 3;
      if (!mask) continue;
      if (mask & 1 && !load<u8>(skip + <usize>j)) seti(out, found++, j);
      if (mask & 2 && !load<u8>(skip + <usize>j, 1)) seti(out, found++, j + 1);
    }
  }
  for (; j < p; j++) {
    if (load<u8>(skip + <usize>j) || Math.abs(get(centre, j)) + get(tail, j) * radius < limit * get(l1, j)) continue;
    seti(out, found++, j);
  }
  return found;
}
