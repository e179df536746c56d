import { get, geti, pair, seti } from './access';

/**
 * Two columns per step; only when one of the two reaches its limit are they looked at one by one.
 *
 *   bound by the span of earlier residuals   |centre_j| + tail_j radius        (Cauchy-Schwarz on the part outside the span)
 *   bound by the column's own last value     |reference_j| + norm_j distance[age_j]
 */
export function screen(
  p: i32, skip: usize, centre: usize, tail: usize, radius: f64, reference: usize, norm: usize, age: usize, distance: usize,
  limit: f64, l1: usize, out: usize,
): i32 {
  let found = 0;
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const r = f64x2.splat(radius), most = f64x2.splat(limit);
    for (const end = p - 1; j < end; j += 2) {
      const span = f64x2.add(f64x2.abs(pair<f64>(centre, j)), f64x2.mul(pair<f64>(tail, j), r));
      const reach = f64x2.ge(span, f64x2.mul(most, pair<f64>(l1, j)));
      if (!v128.any_true(reach)) continue;
      found = one(j, skip, centre, tail, radius, reference, norm, age, distance, limit, l1, out, found);
      found = one(j + 1, skip, centre, tail, radius, reference, norm, age, distance, limit, l1, out, found);
    }
  }
  for (; j < p; j++) found = one(j, skip, centre, tail, radius, reference, norm, age, distance, limit, l1, out, found);
  return found;
}

// @ts-ignore: decorator
@inline
function one(
  j: i32, skip: usize, centre: usize, tail: usize, radius: f64, reference: usize, norm: usize, age: usize, distance: usize,
  limit: f64, l1: usize, out: usize, found: i32,
): i32 {
  if (load<u8>(skip + <usize>j)) return found;
  const least = limit * get(l1, j);
  if (Math.abs(get(centre, j)) + get(tail, j) * radius < least) return found;
  if (Math.abs(get(reference, j)) + get(norm, j) * get(distance, geti(age, j)) < least) return found;
  seti(out, found, j);
  return found + 1;
}
