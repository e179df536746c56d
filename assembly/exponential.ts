import { exp } from './math';

// e^x in the precision at hand. The single one is Cephes' expf (Moshier): ln 2 in two parts, a polynomial of degree 7, exponent bits.

const LOG2E: f32 = 1.44269504088896341;
const LN2_HI: f32 = 0.693359375;
const LN2_LO: f32 = -2.12194440e-4;
/** Below, the result is 0 to single precision; above, it would not be finite. */
const LEAST: f32 = -87;
const MOST: f32 = 88;

// @ts-ignore: decorator
@inline
function step(p: v128, r: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(c));
}

// @ts-ignore: decorator
@inline
export function expLanes<V>(x: v128): v128 {
  if (sizeof<V>() == 8) return f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)));
  const within = f32x4.min(f32x4.max(x, f32x4.splat(LEAST)), f32x4.splat(MOST));
  const k = f32x4.nearest(f32x4.mul(within, f32x4.splat(LOG2E)));
  const r = f32x4.sub(f32x4.sub(within, f32x4.mul(k, f32x4.splat(LN2_HI))), f32x4.mul(k, f32x4.splat(LN2_LO)));
  let p = f32x4.splat(1.9875691500e-4);
  p = step(p, r, 1.3981999507e-3);
  p = step(p, r, 8.3334519073e-3);
  p = step(p, r, 4.1665795894e-2);
  p = step(p, r, 1.6666665459e-1);
  p = step(p, r, 5.0000001201e-1);
  const y = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(y, power), f32x4.lt(x, f32x4.splat(LEAST)));
}

/** The same operations one by one. */
// @ts-ignore: decorator
@inline
export function expOf<V>(x: V): V {
  if (sizeof<V>() == 8) return <V>exp(<f64>x);
  const single = <f32>x;
  if (single < LEAST) return <V>0;
  const within = min<f32>(single, MOST);
  const k = nearest<f32>(within * LOG2E);
  const r: f32 = within - k * LN2_HI - k * LN2_LO;
  let p: f32 = 1.9875691500e-4;
  p = p * r + <f32>1.3981999507e-3;
  p = p * r + <f32>8.3334519073e-3;
  p = p * r + <f32>4.1665795894e-2;
  p = p * r + <f32>1.6666665459e-1;
  p = p * r + <f32>5.0000001201e-1;
  const y: f32 = p * (r * r) + r + 1;
  return <V>(y * reinterpret<f32>((<i32>k + 127) << 23));
}
