import { get, geti, set } from './access';
import { exp, log1p } from './math';

/** Squared gradients beyond this stop the pass. */
const LIMIT: f64 = 1e300;

/** The weight of the coordinate at `c` = (z, r). */
// @ts-ignore: decorator
@inline
function weightOf(c: usize, rate: f64, beta: f64, l1: f64, l2: f64): f64 {
  const z = load<f64>(c);
  const excess = Math.abs(z) - l1;
  if (!(excess > 0)) return 0;
  return (z > 0 ? -excess : excess) / ((beta + load<f64>(c, 8)) * rate + l2);
}

/** z += g - sigma w with sigma the growth of r / alpha. */
// @ts-ignore: decorator
@inline
function learn(c: usize, w: f64, g: f64, rate: f64): void {
  const r = load<f64>(c, 8);
  const grown = Math.sqrt(r * r + g * g);
  store<f64>(c, load<f64>(c) + (g - (grown - r) * rate * w));
  store<f64>(c, grown, 8);
}

// @ts-ignore: decorator
@inline
function place(learned: usize, j: i32): usize {
  return learned + (<usize>j << 4);
}

export function ftrlRows(
  indptr: usize, rows: i32, indices: usize, data: usize, y: usize, weight: usize, loss: i32, alpha: f64, beta: f64, l1: f64, l2: f64,
  lambda1: f64, lambda2: f64, intercept: i32, learned: usize, scratch: usize, total: usize,
): i32 {
  const rate = 1 / alpha;
  let t = get(total, 0), sum = get(total, 1), wrong = get(total, 2), i = 0;
  for (let from = geti(indptr, 0); i < rows; i++) {
    const to = geti(indptr, i + 1);
    const s = weight ? get(weight, i) : 1.0, target = get(y, i);
    const threshold = l1 + t * lambda1, ridge = l2 + t * lambda2;
    let f = 0.0, square = 1.0, b = 0.0;
    for (let e = from; e < to; e++) {
      const x = get(data, e), w = weightOf(place(learned, geti(indices, e)), rate, beta, threshold, ridge);
      set(scratch, e - from, w);
      f += w * x;
      square += x * x;
    }
    if (intercept >= 0) {
      b = weightOf(place(learned, intercept), rate, beta, 0, 0);
      f += b;
    }
    let d: f64, value: f64;
    if (loss == 0) {
      const q = exp(-Math.abs(f));
      d = (f >= 0 ? 1 / (1 + q) : q / (1 + q)) - target;
      value = log1p(q) + Math.max(target > 0.5 ? -f : f, 0);
    } else if (loss == 1) {
      d = f - target;
      value = 0.5 * d * d;
    } else {
      const mean = exp(f);
      d = mean - target;
      value = mean - target * f;
    }
    d *= s;
    if (!(d * d * square < LIMIT)) break;
    if (d != 0) {
      for (let e = from; e < to; e++) {
        const x = get(data, e);
        if (x != 0) learn(place(learned, geti(indices, e)), get(scratch, e - from), d * x, rate);
      }
      if (intercept >= 0) learn(place(learned, intercept), b, d, rate);
    }
    if (loss == 0 && f > 0 != target > 0.5) wrong += s;
    t += s;
    sum += s * value;
    from = to;
  }
  set(total, 0, t);
  set(total, 1, sum);
  set(total, 2, wrong);
  return i;
}
