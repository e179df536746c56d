import { expLanes, expOf } from './exponential';
import { lanes, place, put, total, value } from './lanes';
import { log } from './math';

/** Largest product of masses that a further row cannot make infinite: a row has less than 2^31 classes. */
const FULL: f64 = 1e290;

/** One row: the padding beyond the classes counts as probability 0. Returns sum_c exp(z_c - top); `g` holds softmax - onehot, scaled. */
// @ts-ignore: decorator
@inline
function row<V>(z: usize, stride: i32, classes: i32, label: i32, scale: V, top: V, g: usize): V {
  let mass: V = 0;
  if (ASC_FEATURE_SIMD) {
    const wide = lanes<V>(), tops = v128.splat<V>(top);
    let masses = v128.splat<V>(<V>0), c = 0;
    for (; c + wide <= classes; c += wide) {
      const e = expLanes<V>(v128.sub<V>(v128.load(place<V>(z, c)), tops));
      v128.store(place<V>(g, c), e);
      masses = v128.add<V>(masses, e);
    }
    mass = total<V>(masses);
    if (c < classes) {
      v128.store(place<V>(g, c), expLanes<V>(v128.sub<V>(v128.load(place<V>(z, c)), tops)));
      for (; c < classes; c++) mass += value<V>(g, c);
    }
    for (; c < stride; c++) put<V>(g, c, <V>0);
    const factor = v128.splat<V>(scale / mass);
    for (c = 0; c < classes; c += wide) v128.store(place<V>(g, c), v128.mul<V>(v128.load(place<V>(g, c)), factor));
  } else {
    for (let c = 0; c < stride; c++) {
      const e: V = c < classes ? expOf<V>(value<V>(z, c) - top) : <V>0;
      put<V>(g, c, e);
      mass += e;
    }
    for (let c = 0; c < classes; c++) put<V>(g, c, value<V>(g, c) * (scale / mass));
  }
  put<V>(g, label, value<V>(g, label) - scale);
  return mass;
}

// @ts-ignore: decorator
@inline
function softmaxLoss<V>(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: V, G: usize): f64 {
  let loss = 0.0, product = 1.0;
  for (let r = 0; r < rows; r++) {
    const z = place<V>(Z, r * stride);
    let top = value<V>(z, 0);
    for (let c = 1; c < classes; c++) top = max<V>(top, value<V>(z, c));
    // One logarithm for the product of many rows' masses instead of one for each.
    product *= <f64>row<V>(z, stride, classes, label, scale, top, place<V>(G, r * stride));
    loss += <f64>top - <f64>value<V>(z, label);
    if (product > FULL) {
      loss += log(product);
      product = 1;
    }
  }
  return loss + log(product);
}

export function softmaxLossF32(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: f64, G: usize): f64 {
  return softmaxLoss<f32>(Z, rows, stride, classes, label, <f32>scale, G);
}
export function softmaxLossF64(Z: usize, rows: i32, stride: i32, classes: i32, label: i32, scale: f64, G: usize): f64 {
  return softmaxLoss<f64>(Z, rows, stride, classes, label, scale, G);
}
