import { at, fold, get, pair, pick, set } from './access';

/** Rows per block: eight left vectors of 512 rows (32 kB) stay in the first-level cache while the columns stream past. */
const GRAM_ROWS = 512;

// @ts-ignore: decorator
@inline
function deposit(out: usize, value: f64, first: bool): void {
  store<f64>(out, first ? value : load<f64>(out) + value);
}

/**
 * Register tile: 2 left vectors x 4 right columns over rows 0..n-1, eight f64x2 accumulators and six loads per eight products.
 * Adds to (or, at the first row block, sets) out[row * stride + k] for row 0, 1 and k = 0..3.
 */
// @ts-ignore: decorator
@inline
function tile2x4<L, V>(p: usize, q: usize, a: usize, b: usize, c: usize, d: usize, n: i32, out: usize, stride: usize, first: bool): void {
  let pa = f64x2.splat(0), pb = pa, pc = pa, pd = pa, qa = pa, qb = pa, qc = pa, qd = pa;
  let i = 0;
  for (const end = n - 1; i < end; i += 2) {
    const pi = pair<L>(p, i), qi = pair<L>(q, i);
    let x = pair<V>(a, i);
    pa = f64x2.add(pa, f64x2.mul(pi, x));
    qa = f64x2.add(qa, f64x2.mul(qi, x));
    x = pair<V>(b, i);
    pb = f64x2.add(pb, f64x2.mul(pi, x));
    qb = f64x2.add(qb, f64x2.mul(qi, x));
    x = pair<V>(c, i);
    pc = f64x2.add(pc, f64x2.mul(pi, x));
    qc = f64x2.add(qc, f64x2.mul(qi, x));
    x = pair<V>(d, i);
    pd = f64x2.add(pd, f64x2.mul(pi, x));
    qd = f64x2.add(qd, f64x2.mul(qi, x));
  }
  let spa = fold(pa), spb = fold(pb), spc = fold(pc), spd = fold(pd), sqa = fold(qa), sqb = fold(qb), sqc = fold(qc), sqd = fold(qd);
  if (i < n) {
    const pi = at<L>(p, i), qi = at<L>(q, i);
    const ai = at<V>(a, i), bi = at<V>(b, i), ci = at<V>(c, i), di = at<V>(d, i);
    spa += pi * ai;
    spb += pi * bi;
    spc += pi * ci;
    spd += pi * di;
    sqa += qi * ai;
    sqb += qi * bi;
    sqc += qi * ci;
    sqd += qi * di;
  }
  deposit(out, spa, first);
  deposit(out + 8, spb, first);
  deposit(out + 16, spc, first);
  deposit(out + 24, spd, first);
  const below = out + (stride << 3);
  deposit(below, sqa, first);
  deposit(below + 8, sqb, first);
  deposit(below + 16, sqc, first);
  deposit(below + 24, sqd, first);
}

/** 1 x 1 remainder of tile2x4: one f64x2 accumulator, the same order of addition. */
// @ts-ignore: decorator
@inline
function tile1x1<L, V>(p: usize, a: usize, n: i32, out: usize, first: bool): void {
  let i = 0;
  let s = 0.0;
  if (ASC_FEATURE_SIMD) {
    let pa = f64x2.splat(0);
    for (const end = n - 1; i < end; i += 2) pa = f64x2.add(pa, f64x2.mul(pair<L>(p, i), pair<V>(a, i)));
    s = fold(pa);
  }
  for (; i < n; i++) s += at<L>(p, i) * at<V>(a, i);
  deposit(out, s, first);
}

/** out[row * stride + k] = left_row . x_index[k] for `vectors` left vectors with leading dimension lld. */
// @ts-ignore: decorator
@inline
function products<L, V>(left: usize, lld: usize, vectors: i32, X: usize, ld: usize, n: i32, index: usize, count: i32, out: usize, stride: usize): void {
  for (let row = 0; row < n; row += GRAM_ROWS) {
    const rows = min(GRAM_ROWS, n - row), first = row == 0;
    const P = left + <usize>row * sizeof<L>(), Y = X + <usize>row * sizeof<V>();
    const step = lld * sizeof<L>(), leap = ld * sizeof<V>();
    // Four columns are loaded once for all pairs of left vectors.
    const pairs = ASC_FEATURE_SIMD ? vectors & ~1 : 0;
    if (pairs) {
      let k = 0;
      for (const end = count - 3; k < end; k += 4) {
        const a = Y + <usize>pick(index, k) * leap, b = Y + <usize>pick(index, k + 1) * leap;
        const c = Y + <usize>pick(index, k + 2) * leap, d = Y + <usize>pick(index, k + 3) * leap;
        for (let v = 0; v < pairs; v += 2) {
          const p = P + <usize>v * step;
          tile2x4<L, V>(p, p + step, a, b, c, d, rows, out + ((<usize>v * stride + <usize>k) << 3), stride, first);
        }
      }
      for (; k < count; k++) {
        const a = Y + <usize>pick(index, k) * leap;
        for (let v = 0; v < pairs; v++) tile1x1<L, V>(P + <usize>v * step, a, rows, out + ((<usize>v * stride + <usize>k) << 3), first);
      }
    }
    for (let v = pairs; v < vectors; v++) {
      for (let k = 0; k < count; k++) {
        tile1x1<L, V>(P + <usize>v * step, Y + <usize>pick(index, k) * leap, rows, out + ((<usize>v * stride + <usize>k) << 3), first);
      }
    }
  }
  if (n <= 0) for (let v = 0; v < vectors; v++) memory.fill(out + ((<usize>v * stride) << 3), 0, <usize>count << 3);
}

export function denseGramF64(packed: usize, vectors: i32, X: usize, ld: i32, n: i32, index: usize, count: i32, out: usize, stride: i32): void {
  products<f64, f64>(packed, n, vectors, X, ld, n, index, count, out, stride);
}
export function denseGramF32(packed: usize, vectors: i32, X: usize, ld: i32, n: i32, index: usize, count: i32, out: usize, stride: i32): void {
  products<f64, f32>(packed, n, vectors, X, ld, n, index, count, out, stride);
}

/** Two rows of the lower triangle at a time, then mirrored: entry (a, b) and (b, a) are the same bits. */
// @ts-ignore: decorator
@inline
function syrk<V>(X: usize, ld: i32, n: i32, p: i32, out: usize): void {
  for (let a = 0; a < p; a += 2) {
    const vectors = min(2, p - a);
    products<V, V>(X + <usize>a * <usize>ld * sizeof<V>(), ld, vectors, X, ld, n, 0, a + vectors, out + ((<usize>a * <usize>p) << 3), p);
  }
  for (let a = 0; a < p; a++) {
    const row = out + ((<usize>a * <usize>p) << 3);
    for (let b = a + 1; b < p; b++) set(row, b, get(out + ((<usize>b * <usize>p) << 3), a));
  }
}

export function syrkF64(X: usize, ld: i32, n: i32, p: i32, out: usize): void {
  syrk<f64>(X, ld, n, p, out);
}
export function syrkF32(X: usize, ld: i32, n: i32, p: i32, out: usize): void {
  syrk<f32>(X, ld, n, p, out);
}
