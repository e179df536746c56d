/** Vectors of V = f32 (four lanes) or f64 (two): one source for both, with sums in V itself. */

// @ts-ignore: decorator
@inline
export function lanes<V>(): i32 {
  return 16 / <i32>sizeof<V>();
}

/** Address of element i. */
// @ts-ignore: decorator
@inline
export function place<V>(x: usize, i: i32): usize {
  return x + <usize>i * sizeof<V>();
}

// @ts-ignore: decorator
@inline
export function value<V>(x: usize, i: i32): V {
  return load<V>(place<V>(x, i));
}

// @ts-ignore: decorator
@inline
export function put<V>(x: usize, i: i32, v: V): void {
  store<V>(place<V>(x, i), v);
}

/** a + b * c, rounded twice. */
// @ts-ignore: decorator
@inline
export function multiplyAdd<V>(a: v128, b: v128, c: v128): v128 {
  return v128.add<V>(a, v128.mul<V>(b, c));
}

/** Sum of the lanes: (0 + 2) + (1 + 3), or 0 + 1. */
// @ts-ignore: decorator
@inline
export function total<V>(v: v128): V {
  if (sizeof<V>() == 8) return <V>(f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1));
  const a = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2);
  const b = f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3);
  return <V>(a + b);
}

/** Which lanes of a comparison are true, lane 0 in bit 0. */
// @ts-ignore: decorator
@inline
export function bits<V>(mask: v128): i32 {
  return sizeof<V>() == 8 ? i64x2.bitmask(mask) : i32x4.bitmask(mask);
}
