import { get, set } from './access';

// Our own exp, log and log1p: only +, -, *, / in a fixed order, so that every engine gives the same bits.

const LOG2E: f64 = 1.4426950408889634;
/** ln 2 = LN2_HI + LN2_LO; LN2_HI has 20 trailing zero bits, so k * LN2_HI is exact for |k| < 2^20. */
const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;

// @ts-ignore: decorator
@inline
function power2(k: i32): f64 {
  return reinterpret<f64>(<u64>(k + 1023) << 52);
}

/** Taylor series on |r| <= ln 2 / 2 (degree 13: remainder below 1e-17), scaled by 2^k. */
export function exp(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = nearest(x * LOG2E);
  const hi = x - k * LN2_HI, lo = k * LN2_LO, r = hi - lo;
  let p: f64 = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  const y = 1.0 + (r + (r * r * p + (hi - r - lo)));
  const e = <i32>k;
  if (e > 1023) return y * 2.0 * power2(e - 1);
  if (e < -1021) return y * power2(e + 1000) * power2(-1000);
  return y * power2(e);
}

/** log(m 2^e) with m in [sqrt 1/2, sqrt 2]: s = f / (2 + f), log(1 + f) = f - (f^2/2 - s (f^2/2 + R(s^2))), R the atanh series. */
export function log(x: f64): f64 {
  if (x != x || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return Infinity;
  let e = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    e = -54;
  }
  const bits = reinterpret<u64>(x);
  e += <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const f = m - 1.0, s = f / (2.0 + f), z = s * s;
  let R: f64 = 2.0 / 25.0;
  R = 2.0 / 23.0 + z * R;
  R = 2.0 / 21.0 + z * R;
  R = 2.0 / 19.0 + z * R;
  R = 2.0 / 17.0 + z * R;
  R = 2.0 / 15.0 + z * R;
  R = 2.0 / 13.0 + z * R;
  R = 2.0 / 11.0 + z * R;
  R = 2.0 / 9.0 + z * R;
  R = 2.0 / 7.0 + z * R;
  R = 2.0 / 5.0 + z * R;
  R = 2.0 / 3.0 + z * R;
  R = z * R;
  const h = 0.5 * f * f, k = <f64>e;
  return k * LN2_HI + (f - (h - (s * (h + R) + k * LN2_LO)));
}

/** log(u) + (x - (u - 1)) / u with u = 1 + x: the second term restores what rounding 1 + x lost. */
export function log1p(x: f64): f64 {
  if (x != x || x < -1) return NaN;
  if (x == -1) return -Infinity;
  if (x == Infinity) return Infinity;
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  const u = 1.0 + x;
  if (u == 1.0) return x;
  return log(u) + (x - (u - 1.0)) / u;
}

export function expVector(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) set(out, i, exp(get(x, i)));
}

export function logVector(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) set(out, i, log(get(x, i)));
}

export function log1pVector(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) set(out, i, log1p(get(x, i)));
}
