import { get, pair, set } from './access';
import { coordinate } from './proximal';
import { axpyOf, dotOf } from './vector';

// Upper triangular R with A = R'R, row-major: row i holds R[i][i..], so that every inner loop below is contiguous.

// @ts-ignore: decorator
@inline
function row(R: usize, ld: i32, i: i32): usize {
  return R + ((<usize>i * <usize>ld) << 3);
}

/** target[0..n-1] -= sum over rows r = 0..count-1 of R[r][i] R[r][i..i+n-1]: four rows per pass over the target. */
// @ts-ignore: decorator
@inline
function subtractRows(R: usize, ld: i32, i: i32, count: i32, target: usize, n: i32): void {
  let r = 0;
  if (ASC_FEATURE_SIMD) {
    const leap = <usize>ld << 3;
    for (const end = count - 3; r < end; r += 4) {
      const a = row(R, ld, r) + (<usize>i << 3), b = a + leap, c = b + leap, d = c + leap;
      const ca = get(a, 0), cb = get(b, 0), cc = get(c, 0), cd = get(d, 0);
      const va = f64x2.splat(ca), vb = f64x2.splat(cb), vc = f64x2.splat(cc), vd = f64x2.splat(cd);
      let k = 0;
      for (const stop = n - 1; k < stop; k += 2) {
        const p = target + (<usize>k << 3);
        let t = f64x2.sub(v128.load(p), f64x2.mul(va, pair<f64>(a, k)));
        t = f64x2.sub(t, f64x2.mul(vb, pair<f64>(b, k)));
        t = f64x2.sub(t, f64x2.mul(vc, pair<f64>(c, k)));
        v128.store(p, f64x2.sub(t, f64x2.mul(vd, pair<f64>(d, k))));
      }
      if (k < n) set(target, k, get(target, k) - ca * get(a, k) - cb * get(b, k) - cc * get(c, k) - cd * get(d, k));
    }
  }
  for (; r < count; r++) {
    const a = row(R, ld, r) + (<usize>i << 3);
    axpyOf<f64>(-get(a, 0), a, target, n);
  }
}

export function choleskyFactor(A: usize, m: i32, ld: i32, tol: f64): i32 {
  for (let i = 0; i < m; i++) {
    const target = row(A, ld, i) + (<usize>i << 3);
    const diagonal = get(target, 0);
    subtractRows(A, ld, i, i, target, m - i);
    const pivot = get(target, 0);
    if (!(pivot > tol * diagonal)) return i;
    const root = Math.sqrt(pivot);
    set(target, 0, root);
    const inverse = 1 / root;
    for (let k = 1; k < m - i; k++) set(target, k, get(target, k) * inverse);
  }
  return m;
}

/** Four unknowns at a time: their own triangle first, then one pass over what is left of b. */
export function choleskyForward(R: usize, m: i32, ld: i32, b: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const leap = <usize>ld << 3;
    for (const last = m - 3; i < last; i += 4) {
      const r0 = row(R, ld, i) + (<usize>i << 3), r1 = r0 + leap, r2 = r1 + leap, r3 = r2 + leap;
      const p = b + (<usize>i << 3);
      const x0 = get(p, 0) / get(r0, 0);
      const x1 = (get(p, 1) - x0 * get(r0, 1)) / get(r1, 1);
      const x2 = (get(p, 2) - x0 * get(r0, 2) - x1 * get(r1, 2)) / get(r2, 2);
      const x3 = (get(p, 3) - x0 * get(r0, 3) - x1 * get(r1, 3) - x2 * get(r2, 3)) / get(r3, 3);
      set(p, 0, x0);
      set(p, 1, x1);
      set(p, 2, x2);
      set(p, 3, x3);
      const v0 = f64x2.splat(x0), v1 = f64x2.splat(x1), v2 = f64x2.splat(x2), v3 = f64x2.splat(x3);
      const n = m - i;
      let k = 4;
      for (const end = n - 1; k < end; k += 2) {
        const at = p + (<usize>k << 3);
        let t = f64x2.sub(v128.load(at), f64x2.mul(v0, pair<f64>(r0, k)));
        t = f64x2.sub(t, f64x2.mul(v1, pair<f64>(r1, k)));
        t = f64x2.sub(t, f64x2.mul(v2, pair<f64>(r2, k)));
        v128.store(at, f64x2.sub(t, f64x2.mul(v3, pair<f64>(r3, k))));
      }
      if (k < n) set(p, k, get(p, k) - x0 * get(r0, k) - x1 * get(r1, k) - x2 * get(r2, k) - x3 * get(r3, k));
    }
  }
  for (; i < m; i++) {
    const r = row(R, ld, i) + (<usize>i << 3);
    const value = get(b, i) / get(r, 0);
    set(b, i, value);
    axpyOf<f64>(-value, r + 8, b + (<usize>(i + 1) << 3), m - i - 1);
  }
}

export function choleskyBackward(R: usize, m: i32, ld: i32, b: usize): void {
  for (let i = m - 1; i >= 0; i--) {
    const r = row(R, ld, i) + (<usize>i << 3);
    set(b, i, (get(b, i) - dotOf<f64>(r + 8, b + (<usize>(i + 1) << 3), m - i - 1)) / get(r, 0));
  }
}

export function choleskySolve(R: usize, m: i32, ld: i32, b: usize): void {
  choleskyForward(R, m, ld, b);
  choleskyBackward(R, m, ld, b);
}

export function choleskyAppend(R: usize, m: i32, ld: i32, column: usize, diagonal: f64, tol: f64): f64 {
  choleskyForward(R, m, ld, column);
  const rest = diagonal - dotOf<f64>(column, column, m);
  if (rest > tol * diagonal) {
    for (let i = 0; i < m; i++) set(row(R, ld, i), m, get(column, i));
    set(row(R, ld, m), m, Math.sqrt(rest));
  }
  return rest;
}

/**
 * Rows above k lose one entry; rows from k on are upper Hessenberg after the column has gone and are rotated back in pairs.
 * Row i is read at its new columns, row i + 1 still at its old ones (one to the right), so the shift costs no pass of its own.
 */
export function choleskyDelete(R: usize, m: i32, ld: i32, k: i32): void {
  for (let i = 0; i <= k; i++) {
    const r = row(R, ld, i) + (<usize>k << 3);
    memory.copy(r, r + 8, <usize>(m - 1 - k) << 3);
  }
  for (let i = k; i < m - 1; i++) {
    const a = row(R, ld, i) + (<usize>i << 3);
    const b = row(R, ld, i + 1) + (<usize>i << 3);
    const x = get(a, 0), y = get(b, 1);
    const radius = Math.sqrt(x * x + y * y);
    const c = x / radius, s = y / radius;
    set(a, 0, radius);
    const n = m - 1 - i;
    let j = 1;
    if (ASC_FEATURE_SIMD) {
      const cs = f64x2.splat(c), sn = f64x2.splat(s);
      for (const end = n - 1; j < end; j += 2) {
        const p = a + (<usize>j << 3), q = b + (<usize>j << 3);
        const u = v128.load(p), v = v128.load(q, 8);
        v128.store(p, f64x2.add(f64x2.mul(cs, u), f64x2.mul(sn, v)));
        v128.store(q, f64x2.sub(f64x2.mul(cs, v), f64x2.mul(sn, u)));
      }
    }
    for (; j < n; j++) {
      const u = get(a, j), v = get(b, j + 1);
      set(a, j, c * u + s * v);
      set(b, j, c * v - s * u);
    }
  }
}

export function gramEpoch(
  G: usize, ld: i32, m: i32, q: usize, lambda: f64, l1: usize, l2: usize, lower: usize, upper: usize, coef: usize,
  penalty: i32, shape: f64, spread: usize, mass: f64,
): f64 {
  let largest = 0.0;
  for (let j = 0; j < m; j++) {
    const g = row(G, ld, j);
    const v = get(g, j);
    if (v <= 0) continue;
    const old = get(coef, j);
    let b = coordinate(penalty, shape, spread, mass, j, get(q, j) + v * old, v, lambda, l1, l2);
    if (lower) b = Math.max(get(lower, j), Math.min(get(upper, j), b));
    const d = b - old;
    if (d == 0) continue;
    set(coef, j, b);
    axpyOf<f64>(-d, g, q, m);
    largest = Math.max(largest, v * d * d);
  }
  return largest;
}
