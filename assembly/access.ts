/** Address arithmetic, written once. `V` is the stored type of matrix values (f32 or f64); sums are always f64. */

// @ts-ignore: decorator
@inline
export function at<V>(x: usize, i: i32): f64 {
  return <f64>load<V>(x + <usize>i * sizeof<V>());
}

// @ts-ignore: decorator
@inline
export function get(x: usize, i: i32): f64 {
  return load<f64>(x + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
export function set(x: usize, i: i32, value: f64): void {
  store<f64>(x + (<usize>i << 3), value);
}

// @ts-ignore: decorator
@inline
export function geti(x: usize, i: i32): i32 {
  return load<i32>(x + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function seti(x: usize, i: i32, value: i32): void {
  store<i32>(x + (<usize>i << 2), value);
}

/** Column number k of an index list; an absent list (0) means k itself. */
// @ts-ignore: decorator
@inline
export function pick(index: usize, k: i32): i32 {
  return index ? geti(index, k) : k;
}

/** Values i and i + 1 as f64x2. */
// @ts-ignore: decorator
@inline
export function pair<V>(x: usize, i: i32): v128 {
  if (sizeof<V>() == 8) return v128.load(x + (<usize>i << 3));
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(x + (<usize>i << 2)));
}

/** x[a], x[b] as f64x2: the gather that Wasm does not have. */
// @ts-ignore: decorator
@inline
export function gather(x: usize, a: i32, b: i32): v128 {
  return v128.load_lane<f64>(x + (<usize>b << 3), v128.load_zero<f64>(x + (<usize>a << 3)), 1);
}

/** Lane 0 + lane 1. */
// @ts-ignore: decorator
@inline
export function fold(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
