import { expLanes, expOf } from './exponential';

// Derivatives that stand in for the Heaviside step's, as functions of x = |u - theta|. Each has the value `peak` at the threshold.
//   0  fast sigmoid   peak / (1 + k x)^2
//   1  sigmoid        4 peak s(kx) (1 - s(kx)) = 4 peak e / (1 + e)^2 with e = exp(-k x)
//   2  atan           peak / (1 + (pi/2 k x)^2)
//   3  triangular     peak max(0, 1 - k x)

// @ts-ignore: decorator
@inline
export function surrogateLanes<V>(x: v128, shape: i32, slope: v128, peak: v128): v128 {
  const one = v128.splat<V>(<V>1);
  const scaled = v128.mul<V>(slope, x);
  if (shape == 0) {
    const q = v128.add<V>(one, scaled);
    return v128.div<V>(peak, v128.mul<V>(q, q));
  }
  if (shape == 1) {
    const e = expLanes<V>(v128.neg<V>(scaled)), q = v128.add<V>(one, e);
    return v128.div<V>(v128.mul<V>(v128.mul<V>(v128.splat<V>(<V>4), peak), e), v128.mul<V>(q, q));
  }
  if (shape == 2) {
    const z = v128.mul<V>(v128.splat<V>(<V>1.5707963267948966), scaled);
    return v128.div<V>(peak, v128.add<V>(one, v128.mul<V>(z, z)));
  }
  return v128.mul<V>(peak, v128.max<V>(v128.splat<V>(<V>0), v128.sub<V>(one, scaled)));
}

// @ts-ignore: decorator
@inline
export function surrogateOf<V>(x: V, shape: i32, slope: V, peak: V): V {
  const scaled: V = slope * x;
  if (shape == 0) {
    const q: V = <V>1 + scaled;
    return peak / (q * q);
  }
  if (shape == 1) {
    const e = expOf<V>(-scaled), q: V = <V>1 + e;
    return (<V>4 * peak * e) / (q * q);
  }
  if (shape == 2) {
    const z: V = <V>1.5707963267948966 * scaled;
    return peak / (<V>1 + z * z);
  }
  return peak * max<V>(<V>0, <V>1 - scaled);
}
