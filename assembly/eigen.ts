import { get, pair, set } from './access';
import { axpyOf, dotOf } from './vector';

// Symmetric eigenproblem: Householder reflections to tridiagonal form, then implicit QL steps (Golub and Van Loan, sections 8.3.1 and 8.3.3). The matrix
// is stored in full and row-major, so that its columns are rows and every inner loop is contiguous.

/** Against entries near 1 this is nothing; squares of what is smaller lose their digits below the smallest normal number. */
const NOTHING: f64 = 1e-146;

/** QL steps for one eigenvalue; two or three are usual. */
const STEPS = 60;

// @ts-ignore: decorator
@inline
function row(A: usize, n: i32, i: i32): usize {
  return A + ((<usize>i * <usize>n) << 3);
}

/** x -= a y + b z for n values. */
// @ts-ignore: decorator
@inline
function subtractTwo(x: usize, a: f64, y: usize, b: f64, z: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const va = f64x2.splat(a), vb = f64x2.splat(b);
    for (const end = n - 1; i < end; i += 2) {
      const p = x + (<usize>i << 3);
      v128.store(p, f64x2.sub(v128.load(p), f64x2.add(f64x2.mul(va, pair<f64>(y, i)), f64x2.mul(vb, pair<f64>(z, i)))));
    }
  }
  for (; i < n; i++) set(x, i, get(x, i) - (a * get(y, i) + b * get(z, i)));
}

/** (x, y) := (c x - s y, s x + c y) */
// @ts-ignore: decorator
@inline
function rotate(x: usize, y: usize, c: f64, s: f64, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const cs = f64x2.splat(c), sn = f64x2.splat(s);
    for (const end = n - 1; i < end; i += 2) {
      const p = x + (<usize>i << 3), q = y + (<usize>i << 3);
      const u = v128.load(p), v = v128.load(q);
      v128.store(p, f64x2.sub(f64x2.mul(cs, u), f64x2.mul(sn, v)));
      v128.store(q, f64x2.add(f64x2.mul(sn, u), f64x2.mul(cs, v)));
    }
  }
  for (; i < n; i++) {
    const u = get(x, i), v = get(y, i);
    set(x, i, c * u - s * v);
    set(y, i, s * u + c * v);
  }
}

/** A becomes tridiagonal (d, e); reflection k stays in row k of A, right of its diagonal, with its factor in beta. */
function tridiagonalise(A: usize, n: i32, d: usize, e: usize, beta: usize, p: usize): void {
  for (let k = 0; k < n - 2; k++) {
    const m = n - k - 1;
    const v = row(A, n, k) + (<usize>(k + 1) << 3);
    set(d, k, get(row(A, n, k), k));
    const head = get(v, 0), tail = dotOf<f64>(v + 8, v + 8, m - 1);
    if (tail <= NOTHING * NOTHING) {
      set(e, k, head);
      set(beta, k, 0);
      continue;
    }
    const norm = Math.sqrt(head * head + tail);
    const alpha = head > 0 ? -norm : norm;
    set(e, k, alpha);
    const first = head - alpha;
    set(v, 0, first);
    const b = 2 / (first * first + tail);
    set(beta, k, b);
    for (let i = 0; i < m; i++) set(p, i, b * dotOf<f64>(row(A, n, k + 1 + i) + (<usize>(k + 1) << 3), v, m));
    axpyOf<f64>(-0.5 * b * dotOf<f64>(p, v, m), v, p, m);
    for (let i = 0; i < m; i++) subtractTwo(row(A, n, k + 1 + i) + (<usize>(k + 1) << 3), get(v, i), p, get(p, i), v, m);
  }
  for (let k = max(0, n - 2); k < n; k++) {
    set(d, k, get(row(A, n, k), k));
    set(e, k, k + 1 < n ? get(row(A, n, k), k + 1) : 0);
  }
}

/** Rows of Z become the columns of the product of the reflections, from the last to the first, so that only its own block is touched by each. */
function accumulate(A: usize, n: i32, beta: usize, Z: usize): void {
  memory.fill(Z, 0, (<usize>n * <usize>n) << 3);
  for (let i = 0; i < n; i++) set(row(Z, n, i), i, 1);
  for (let k = n - 3; k >= 0; k--) {
    const b = get(beta, k);
    if (b == 0) continue;
    const m = n - k - 1;
    const v = row(A, n, k) + (<usize>(k + 1) << 3);
    for (let i = k + 1; i < n; i++) {
      const z = row(Z, n, i) + (<usize>(k + 1) << 3);
      axpyOf<f64>(-b * dotOf<f64>(z, v, m), v, z, m);
    }
  }
}

/** Implicit QL with Wilkinson's shift; rotations act on rows of Z. Returns n, or the eigenvalue that did not settle. */
function implicitQl(n: i32, d: usize, e: usize, Z: usize): i32 {
  // Against the largest entry so far, as EISPACK's tql2: below it, what is left of a matrix of low rank is rounding and would never settle by itself.
  let size = 0.0;
  for (let l = 0; l < n; l++) {
    size = Math.max(size, Math.abs(get(d, l)) + Math.abs(get(e, l)));
    for (let step = 0; ; step++) {
      let m = l;
      for (; m < n - 1; m++) {
        if (Math.abs(get(e, m)) <= 1.1102230246251565e-16 * size) break;
      }
      if (m == l) break;
      if (step == STEPS) return l;
      let g = (get(d, l + 1) - get(d, l)) / (2 * get(e, l));
      let r = Math.sqrt(g * g + 1);
      g = get(d, m) - get(d, l) + get(e, l) / (g + (g >= 0 ? r : -r));
      let s = 1.0, c = 1.0, p = 0.0;
      let i = m - 1;
      for (; i >= l; i--) {
        let f = s * get(e, i);
        const b = c * get(e, i);
        r = Math.sqrt(f * f + g * g);
        set(e, i + 1, r);
        if (r == 0) {
          set(d, i + 1, get(d, i + 1) - p);
          set(e, m, 0);
          break;
        }
        s = f / r;
        c = g / r;
        g = get(d, i + 1) - p;
        r = (get(d, i) - g) * s + 2 * c * b;
        p = s * r;
        set(d, i + 1, g + p);
        g = c * r - b;
        if (Z) rotate(row(Z, n, i), row(Z, n, i + 1), c, s, n);
      }
      if (r == 0 && i >= l) continue;
      set(d, l, get(d, l) - p);
      set(e, l, g);
      set(e, m, 0);
    }
  }
  return n;
}

export function symmetricEigen(A: usize, n: i32, d: usize, e: usize, Z: usize, scratch: usize): i32 {
  tridiagonalise(A, n, d, e, scratch, scratch + (<usize>n << 3));
  if (Z) accumulate(A, n, scratch, Z);
  return implicitQl(n, d, e, Z);
}
