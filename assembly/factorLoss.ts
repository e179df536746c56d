import { at, get, geti } from './access';
import { place, put } from './lanes';
import { inner } from './product';

// Products of factors at the entries, the loss there, and the ridge.

/** x_i . y_j over the entries of a CSR pattern. */
// @ts-ignore: decorator
@inline
function entryProducts<V>(rows: i32, indptr: usize, indices: usize, X: usize, Y: usize, stride: i32, out: usize): void {
  for (let i = 0; i < rows; i++) {
    const x = place<V>(X, i * stride);
    for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) put<V>(out, e, inner<V>(x, place<V>(Y, geti(indices, e) * stride), stride));
  }
}

export function entryProductsF32(rows: i32, indptr: usize, indices: usize, X: usize, Y: usize, stride: i32, out: usize): void {
  entryProducts<f32>(rows, indptr, indices, X, Y, stride, out);
}
export function entryProductsF64(rows: i32, indptr: usize, indices: usize, X: usize, Y: usize, stride: i32, out: usize): void {
  entryProducts<f64>(rows, indptr, indices, X, Y, stride, out);
}

// @ts-ignore: decorator
@inline
function entryLoss<V>(rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, implicit: i32, X: usize, Y: usize, stride: i32): f64 {
  let loss = 0.0;
  for (let i = 0; i < rows; i++) {
    const x = place<V>(X, i * stride);
    for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) {
      const d = <f64>inner<V>(x, place<V>(Y, geti(indices, e) * stride), stride);
      const w = weight ? at<V>(weight, e) : 1.0, m = at<V>(moment, e);
      if (implicit) loss += (w * d - 2 * m) * d;
      else if (w > 0) loss += w * (m / w - d) * (m / w - d);
    }
  }
  return loss;
}

export function entryLossF32(rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, implicit: i32, X: usize, Y: usize, stride: i32): f64 {
  return entryLoss<f32>(rows, indptr, indices, weight, moment, implicit, X, Y, stride);
}
export function entryLossF64(rows: i32, indptr: usize, indices: usize, weight: usize, moment: usize, implicit: i32, X: usize, Y: usize, stride: i32): f64 {
  return entryLoss<f64>(rows, indptr, indices, weight, moment, implicit, X, Y, stride);
}

/** sum_i ridge_i |z_i - prior_i|^2 over the factors, and biasRidge_i (bias - its prior)^2. */
// @ts-ignore: decorator
@inline
function ridgePenalty<V>(rows: i32, Z: usize, stride: i32, k: i32, biased: i32, ownSlot: i32, ridge: usize, biasRidge: usize, prior: usize): f64 {
  let penalty = 0.0;
  for (let i = 0; i < rows; i++) {
    const z = place<V>(Z, i * stride), p = prior ? place<V>(prior, i * stride) : 0;
    let s = 0.0;
    for (let t = 0; t < k; t++) {
      const d = at<V>(z, t) - (p ? at<V>(p, t) : 0.0);
      s += d * d;
    }
    penalty += get(ridge, i) * s;
    if (biased) {
      const d = at<V>(z, ownSlot) - (p ? at<V>(p, ownSlot) : 0.0);
      penalty += get(biasRidge, i) * d * d;
    }
  }
  return penalty;
}

export function ridgePenaltyF32(rows: i32, Z: usize, stride: i32, k: i32, biased: i32, ownSlot: i32, ridge: usize, biasRidge: usize, prior: usize): f64 {
  return ridgePenalty<f32>(rows, Z, stride, k, biased, ownSlot, ridge, biasRidge, prior);
}
export function ridgePenaltyF64(rows: i32, Z: usize, stride: i32, k: i32, biased: i32, ownSlot: i32, ridge: usize, biasRidge: usize, prior: usize): f64 {
  return ridgePenalty<f64>(rows, Z, stride, k, biased, ownSlot, ridge, biasRidge, prior);
}
