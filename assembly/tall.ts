import { get, set } from './access';
import { lanes, multiplyAdd, place } from './lanes';

// Products of tall, narrow row-major matrices. Sums over a block of rows stay in V in registers; blocks are added in f64.

/** 64 rows of 64 f64 are 32 kB: a block stays in the first-level cache while its tiles pass. */
const TALL_ROWS = 64;

// @ts-ignore: decorator
@inline
function deposit<V>(out: usize, v: v128): void {
  if (sizeof<V>() == 8) {
    v128.store(out, f64x2.add(v128.load(out), v));
  } else {
    v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(v)));
    v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))), 16);
  }
}

/** Four columns of A by two vectors of B: eight sums in registers. */
// @ts-ignore: decorator
@inline
function tile4x2<V>(a: usize, lda: usize, b: usize, ldb: usize, rows: i32, out: usize, ldo: usize): void {
  const zero = v128.splat<V>(<V>0);
  let p0 = zero, p1 = zero, p2 = zero, p3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
  for (let r = 0; r < rows; r++) {
    const p = v128.load(b), q = v128.load(b, 16);
    let s = v128.load_splat<V>(a);
    p0 = multiplyAdd<V>(p0, s, p);
    q0 = multiplyAdd<V>(q0, s, q);
    s = v128.load_splat<V>(a, sizeof<V>());
    p1 = multiplyAdd<V>(p1, s, p);
    q1 = multiplyAdd<V>(q1, s, q);
    s = v128.load_splat<V>(a, 2 * sizeof<V>());
    p2 = multiplyAdd<V>(p2, s, p);
    q2 = multiplyAdd<V>(q2, s, q);
    s = v128.load_splat<V>(a, 3 * sizeof<V>());
    p3 = multiplyAdd<V>(p3, s, p);
    q3 = multiplyAdd<V>(q3, s, q);
    a += lda;
    b += ldb;
  }
  const wide: usize = 8 * <usize>lanes<V>();
  deposit<V>(out, p0);
  deposit<V>(out + wide, q0);
  out += ldo;
  deposit<V>(out, p1);
  deposit<V>(out + wide, q1);
  out += ldo;
  deposit<V>(out, p2);
  deposit<V>(out + wide, q2);
  out += ldo;
  deposit<V>(out, p3);
  deposit<V>(out + wide, q3);
}

// @ts-ignore: decorator
@inline
function tile4x1<V>(a: usize, lda: usize, b: usize, ldb: usize, rows: i32, out: usize, ldo: usize): void {
  const zero = v128.splat<V>(<V>0);
  let p0 = zero, p1 = zero, p2 = zero, p3 = zero;
  for (let r = 0; r < rows; r++) {
    const p = v128.load(b);
    p0 = multiplyAdd<V>(p0, v128.load_splat<V>(a), p);
    p1 = multiplyAdd<V>(p1, v128.load_splat<V>(a, sizeof<V>()), p);
    p2 = multiplyAdd<V>(p2, v128.load_splat<V>(a, 2 * sizeof<V>()), p);
    p3 = multiplyAdd<V>(p3, v128.load_splat<V>(a, 3 * sizeof<V>()), p);
    a += lda;
    b += ldb;
  }
  deposit<V>(out, p0);
  deposit<V>(out + ldo, p1);
  deposit<V>(out + 2 * ldo, p2);
  deposit<V>(out + 3 * ldo, p3);
}

// @ts-ignore: decorator
@inline
function tile1x1<V>(a: usize, lda: usize, b: usize, ldb: usize, rows: i32, out: usize): void {
  let p = v128.splat<V>(<V>0);
  for (let r = 0; r < rows; r++) {
    p = multiplyAdd<V>(p, v128.load_splat<V>(a), v128.load(b));
    a += lda;
    b += ldb;
  }
  deposit<V>(out, p);
}

/** One entry of out: what has no whole vector. */
// @ts-ignore: decorator
@inline
function single<V>(a: usize, lda: usize, b: usize, ldb: usize, rows: i32, out: usize): void {
  let s: V = 0;
  for (let r = 0; r < rows; r++) {
    s += load<V>(a) * load<V>(b);
    a += lda;
    b += ldb;
  }
  store<f64>(out, load<f64>(out) + <f64>s);
}

/** out += A'B over one block of rows; triangular: only what lies in or right of the 4 x 4 blocks of the diagonal. */
export function tallBlock<V>(
  A: usize, lda: i32, a: i32, B: usize, ldb: i32, b: i32, rows: i32, out: usize, ldo: i32, triangular: bool,
): void {
  const rowA = <usize>lda * sizeof<V>(), rowB = <usize>ldb * sizeof<V>(), rowOut = <usize>ldo << 3;
  const one = lanes<V>(), two = 2 * one;
  for (let i = 0; i < a; i += 4) {
    const from = place<V>(A, i), to = out + <usize>i * rowOut, depth = min(4, a - i);
    let j = triangular ? i : 0;
    if (ASC_FEATURE_SIMD) {
      if (depth == 4) {
        for (; j + two <= b; j += two) tile4x2<V>(from, rowA, place<V>(B, j), rowB, rows, to + (<usize>j << 3), rowOut);
        for (; j + one <= b; j += one) tile4x1<V>(from, rowA, place<V>(B, j), rowB, rows, to + (<usize>j << 3), rowOut);
      } else {
        for (; j + one <= b; j += one) {
          for (let d = 0; d < depth; d++) {
            tile1x1<V>(place<V>(from, d), rowA, place<V>(B, j), rowB, rows, to + <usize>d * rowOut + (<usize>j << 3));
          }
        }
      }
    }
    for (; j < b; j++) {
      for (let d = 0; d < depth; d++) {
        single<V>(place<V>(from, d), rowA, place<V>(B, j), rowB, rows, to + <usize>d * rowOut + (<usize>j << 3));
      }
    }
  }
}

/** The upper triangle onto the lower. */
export function mirror(out: usize, n: i32, ldo: i32): void {
  for (let i = 1; i < n; i++) {
    const row = out + ((<usize>i * <usize>ldo) << 3);
    for (let j = 0; j < i; j++) set(row, j, get(out + ((<usize>j * <usize>ldo) << 3), i));
  }
}

// @ts-ignore: decorator
@inline
function tallGram<V>(A: usize, lda: i32, a: i32, B: usize, ldb: i32, b: i32, rows: i32, out: usize, ldo: i32): void {
  const triangular = A == B && lda == ldb && a == b;
  for (let r = 0; r < rows; r += TALL_ROWS) {
    tallBlock<V>(place<V>(A, r * lda), lda, a, place<V>(B, r * ldb), ldb, b, min(TALL_ROWS, rows - r), out, ldo, triangular);
  }
  if (triangular) mirror(out, a, ldo);
}

export function tallGramF32(A: usize, lda: i32, a: i32, B: usize, ldb: i32, b: i32, rows: i32, out: usize, ldo: i32): void {
  tallGram<f32>(A, lda, a, B, ldb, b, rows, out, ldo);
}
export function tallGramF64(A: usize, lda: i32, a: i32, B: usize, ldb: i32, b: i32, rows: i32, out: usize, ldo: i32): void {
  tallGram<f64>(A, lda, a, B, ldb, b, rows, out, ldo);
}
