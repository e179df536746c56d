import { at, get, geti } from './access';
import { put, value } from './lanes';
import { shrink } from './vector';

// CCD++ (Yu, Hsieh, Si and Dhillon 2012): one factor of all rows at a time, the residual of every entry kept up to date.

/** residual_e += sign u_i v_j */
// @ts-ignore: decorator
@inline
function rankOneAdd<V>(rows: i32, indptr: usize, indices: usize, u: usize, v: usize, sign: f64, residual: usize): void {
  for (let i = 0; i < rows; i++) {
    const a: V = <V>(sign * at<V>(u, i));
    if (a == 0) continue;
    for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) {
      put<V>(residual, e, value<V>(residual, e) + a * value<V>(v, geti(indices, e)));
    }
  }
}

export function rankOneAddF32(rows: i32, indptr: usize, indices: usize, u: usize, v: usize, sign: f64, residual: usize): void {
  rankOneAdd<f32>(rows, indptr, indices, u, v, sign, residual);
}
export function rankOneAddF64(rows: i32, indptr: usize, indices: usize, u: usize, v: usize, sign: f64, residual: usize): void {
  rankOneAdd<f64>(rows, indptr, indices, u, v, sign, residual);
}

/** Two entries at a time in f64: sum w r v and sum w v^2. */
// @ts-ignore: decorator
@inline
function rankOneUpdate<V>(
  rows: i32, indptr: usize, indices: usize, weight: usize, residual: usize, v: usize, ridge: usize, prior: usize, l1: f64, lower: f64, u: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let e = geti(indptr, i);
    const end = geti(indptr, i + 1);
    let a = 0.0, b = 0.0, c = 0.0, d = 0.0;
    for (; e + 1 < end; e += 2) {
      const p = at<V>(v, geti(indices, e)), q = at<V>(v, geti(indices, e + 1));
      const wp = weight ? at<V>(weight, e) * p : p, wq = weight ? at<V>(weight, e + 1) * q : q;
      a += wp * at<V>(residual, e);
      b += wq * at<V>(residual, e + 1);
      c += wp * p;
      d += wq * q;
    }
    if (e < end) {
      const p = at<V>(v, geti(indices, e));
      const wp = weight ? at<V>(weight, e) * p : p;
      a += wp * at<V>(residual, e);
      c += wp * p;
    }
    const r = get(ridge, i);
    const size = r + (c + d);
    const x = shrink((a + b) + (prior ? r * at<V>(prior, i) : 0.0), l1);
    put<V>(u, i, <V>(size > 0 ? Math.max(lower, x / size) : 0.0));
  }
}

export function rankOneUpdateF32(
  rows: i32, indptr: usize, indices: usize, weight: usize, residual: usize, v: usize, ridge: usize, prior: usize, l1: f64, lower: f64, u: usize,
): void {
  rankOneUpdate<f32>(rows, indptr, indices, weight, residual, v, ridge, prior, l1, lower, u);
}
export function rankOneUpdateF64(
  rows: i32, indptr: usize, indices: usize, weight: usize, residual: usize, v: usize, ridge: usize, prior: usize, l1: f64, lower: f64, u: usize,
): void {
  rankOneUpdate<f64>(rows, indptr, indices, weight, residual, v, ridge, prior, l1, lower, u);
}
