import { get, set } from './access';
import { exp, log, log1p } from './math';

// Losses by number: 0 squared, 1 logistic (y 0 or 1), 2 squared hinge (y -1 or 1), 3 Poisson, 4 Huber (parameter delta).

/** Curvature of the flat piece of the squared hinge, as a share of that of the other: without it a quadratic model would not see it. */
const FLAT = 1e-6;
/** Largest product of 1 + e^-|f| (each <= 2) that another factor cannot make infinite. */
const FULL: f64 = 1e300;

/** r_i = -w_i phi'(f_i), h_i = w_i phi''(f_i), for Huber's linear pieces delta / |e|, the parabola above them; returns sum w_i phi(f_i). */
export function lossDerivatives(
  loss: i32, parameter: f64, y: usize, f: usize, w: usize, n: i32, r: usize, h: usize,
): f64 {
  const share = 1.0 / <f64>n;
  let total = 0.0, product = 1.0;
  for (let i = 0; i < n; i++) {
    const weight = w ? get(w, i) : share;
    const response = get(y, i), at = get(f, i);
    let value = 0.0, slope = 0.0, bend = 1.0;
    if (loss == 1) {
      const e = exp(-Math.abs(at)), mass = 1 + e;
      slope = (at >= 0 ? 1 / mass : e / mass) - response;
      bend = e / (mass * mass);
      value = Math.max(at, 0) - response * at;
      if (w) value += log1p(e);
      else {
        // One logarithm for the product of many rows instead of one for each.
        product *= mass;
        if (product > FULL) {
          total += share * log(product);
          product = 1;
        }
      }
    } else if (loss == 2) {
      const short = 1 - response * at;
      if (short > 0) {
        value = short * short;
        slope = -2 * response * short;
        bend = 2;
      } else bend = 2 * FLAT;
    } else if (loss == 3) {
      const mean = exp(at);
      value = mean - response * at;
      slope = mean - response;
      bend = mean;
    } else {
      const e = at - response, size = Math.abs(e);
      if (loss == 4 && size > parameter) {
        value = parameter * (size - 0.5 * parameter);
        slope = e > 0 ? parameter : -parameter;
        bend = parameter / size;
      } else {
        value = 0.5 * e * e;
        slope = e;
      }
    }
    total += weight * value;
    set(r, i, -weight * slope);
    set(h, i, weight * bend);
  }
  return product > 1 ? total + share * log(product) : total;
}

/**
 * At least sum w_i [phi(f_i) + phi*(u_i) - u_i f_i] with u_i = s phi'(f_i), 0 < s <= 1: what scaling the dual point costs in the loss. phi* is bent
 * by at most 1 / phi'' (logistic, Poisson: by at most 1 / s of that) between the two points, which gives (1 - s)^2 / 2 sum r_i^2 / h_i for most losses.
 */
export function lossGap(loss: i32, parameter: f64, y: usize, f: usize, w: usize, n: i32, r: usize, h: usize, s: f64): f64 {
  if (s == 1) return 0;
  const share = 1.0 / <f64>n, rest = 1 - s, more = 1 / s;
  let total = 0.0;
  for (let i = 0; i < n; i++) {
    const g = get(r, i);
    if (g == 0) continue;
    const ratio = (g * g) / get(h, i);
    if (loss == 1) total += ratio + Math.abs(g) * (more - 1);
    else if (loss == 3) total += g < 0 ? ratio * more : ratio;
    else if (loss == 4) {
      const size = Math.abs(get(f, i) - get(y, i));
      const linear = (w ? get(w, i) : share) * parameter * (size - 0.5 * (1 + s) * parameter);
      total += size > parameter ? (2 / rest) * linear : ratio;
    } else total += ratio;
  }
  return 0.5 * rest * rest * total;
}
