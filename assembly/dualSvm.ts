import { get, geti, set, seti } from './access';
import { next } from './random';
import { sliceAxpy, sliceDot } from './sparse';
import { axpyOf, dotOf } from './vector';

// Dual coordinate descent for linear support vector machines (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008), with shrinking.

/** A change of the dual variable below this is not worth touching w. */
const STILL: f64 = 1e-14;

// @ts-ignore: decorator
@inline
function swap(order: usize, a: i32, b: i32): void {
  const held = geti(order, a);
  seti(order, a, geti(order, b));
  seti(order, b, held);
}

// @ts-ignore: decorator
@inline
function svmPass<V>(
  indptr: usize, indices: usize, data: usize, width: i32, y: usize, square: usize, ridge: usize, upper: usize, bias: f64, offset: f64,
  order: usize, active: i32, state: usize, alpha: usize, w: usize, range: usize,
): i32 {
  const most = get(range, 0), least = get(range, 1), dense = indices == 0;
  let largest = -Infinity, smallest = Infinity;
  for (let k = active - 1; k > 0; k--) swap(order, k, <i32>(next(state) % <u32>(k + 1)));
  for (let k = 0; k < active; k++) {
    const i = geti(order, k);
    const sign = get(y, i), a = get(alpha, i), r = ridge ? get(ridge, i) : 0, top = upper ? get(upper, i) : Infinity;
    const row = data + <usize>i * <usize>width * sizeof<V>();
    const from = dense ? 0 : geti(indptr, i), to = dense ? 0 : geti(indptr, i + 1);
    const product = dense ? dotOf<V>(row, w, width) : sliceDot<V>(indices, data, from, to, w);
    const g = sign * (product + bias * get(w, width) + offset) - 1 + r * a;
    let projected = g;
    if (a == 0) {
      if (g > most) {
        swap(order, k--, --active);
        continue;
      }
      projected = Math.min(g, 0);
    } else if (a == top) {
      if (g < least) {
        swap(order, k--, --active);
        continue;
      }
      projected = Math.max(g, 0);
    }
    largest = Math.max(largest, projected);
    smallest = Math.min(smallest, projected);
    if (Math.abs(projected) < STILL) continue;
    const curvature = get(square, i) + r;
    const b = curvature > 0 ? Math.min(Math.max(a - g / curvature, 0), top) : top;
    const d = (b - a) * sign;
    set(alpha, i, b);
    if (dense) axpyOf<V>(d, row, w, width);
    else sliceAxpy<V>(d, indices, data, from, to, w);
    set(w, width, get(w, width) + d * bias);
  }
  set(range, 0, largest);
  set(range, 1, smallest);
  return active;
}

export function svmPassF64(
  indptr: usize, indices: usize, data: usize, width: i32, y: usize, square: usize, ridge: usize, upper: usize, bias: f64, offset: f64,
  order: usize, active: i32, state: usize, alpha: usize, w: usize, range: usize,
): i32 {
  return svmPass<f64>(indptr, indices, data, width, y, square, ridge, upper, bias, offset, order, active, state, alpha, w, range);
}
export function svmPassF32(
  indptr: usize, indices: usize, data: usize, width: i32, y: usize, square: usize, ridge: usize, upper: usize, bias: f64, offset: f64,
  order: usize, active: i32, state: usize, alpha: usize, w: usize, range: usize,
): i32 {
  return svmPass<f32>(indptr, indices, data, width, y, square, ridge, upper, bias, offset, order, active, state, alpha, w, range);
}
