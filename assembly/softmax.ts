import { expLanes, expOf } from './exponential';
import { lanes, place, put, total, value } from './lanes';
import { log } from './math';

/** Cross-entropy of one row: the padding beyond the classes counts as probability 0. Returns the loss before scaling. */
// @ts-ignore: decorator
@inline
function row<V>(z: usize, stride: i32, classes: i32, label: i32, scale: V, g: usize): f64 {
  let top = value<V>(z, 0);
  for (let c = 1; c < classes; c++) top = max<V>(top, value<V>(z, c));
  let mass: V = 0;
  if (ASC_FEATURE_SIMD) {
    const tops = v128.splat<V>(top);
    let masses = v128.splat<V>(<V>0);
    for (let c = 0; c < stride; c += lanes<V>()) {
      const p = place<V>(g, c);
      v128.store(p, expLanes<V>(v128.sub<V>(v128.load(place<V>(z, c)), tops)));
      for (let k = max(classes, c); k < c + lanes<V>(); k++) put<V>(g, k, <V>0);
      masses = v128.add<V>(masses, v128.load(p));
    }
    mass = total<V>(masses);
    const factor = v128.splat<V>(scale / mass);
    for (let c = 0; c < stride; c += lanes<V>()) {
      const p = place<V>(g, c);
      v128.store(p, v128.mul<V>(v128.load(p), factor));
    }
  } else {
    for (let c = 0; c < stride; c++) {
      const e: V = c < classes ? expOf<V>(value<V>(z, c) - top) : <V>0;
      put<V>(g, c, e);
      mass += e;
    }
    for (let c = 0; c < stride; c++) put<V>(g, c, value<V>(g, c) * (scale / mass));
  }
  put<V>(g, label, value<V>(g, label) - scale);
  return log(<f64>mass) + <f64>top - <f64>value<V>(z, label);
}

// @ts-ignore: decorator
@inline
function softmaxLoss<V>(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: V, G: usize): f64 {
  let loss = 0.0;
  for (let r = 0; r < rows; r++) loss += row<V>(place<V>(Z, r * stride), stride, classes, label, scale, place<V>(G, r * stride));
  return loss;
}

export function softmaxLossF32(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: f64, G: usize): f64 {
  return softmaxLoss<f32>(Z, rows, stride, classes, label, <f32>scale, G);
}
export function softmaxLossF64(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: f64, G: usize): f64 {
  return softmaxLoss<f64>(Z, rows, stride, classes, label, scale, G);
}
