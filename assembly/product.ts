import { geti } from './access';
import { lanes, multiplyAdd, place, total, value, put } from './lanes';

// Products between a batch and a layer's weights. Rows of weights and of results have a stride that is a multiple of 8,
// so a tile is two vectors wide and there are no tails. Every sum runs over its index in order: all builds give the same bits.

/** Four rows of X by two vectors of W: eight sums stay in registers. */
// @ts-ignore: decorator
@inline
function tile4<V>(x: usize, ldx: usize, stepX: usize, k: i32, w: usize, stepW: usize, a: v128, b: v128, out: usize, ldo: usize): void {
  let a0 = a, a1 = a, a2 = a, a3 = a, b0 = b, b1 = b, b2 = b, b3 = b;
  const x1 = ldx, x2 = ldx * 2, x3 = ldx * 3;
  for (let i = 0; i < k; i++) {
    const wa = v128.load(w), wb = v128.load(w, 16);
    let s = v128.load_splat<V>(x);
    a0 = multiplyAdd<V>(a0, s, wa);
    b0 = multiplyAdd<V>(b0, s, wb);
    s = v128.load_splat<V>(x + x1);
    a1 = multiplyAdd<V>(a1, s, wa);
    b1 = multiplyAdd<V>(b1, s, wb);
    s = v128.load_splat<V>(x + x2);
    a2 = multiplyAdd<V>(a2, s, wa);
    b2 = multiplyAdd<V>(b2, s, wb);
    s = v128.load_splat<V>(x + x3);
    a3 = multiplyAdd<V>(a3, s, wa);
    b3 = multiplyAdd<V>(b3, s, wb);
    x += stepX;
    w += stepW;
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  v128.store(out + ldo, a1);
  v128.store(out + ldo, b1, 16);
  v128.store(out + ldo * 2, a2);
  v128.store(out + ldo * 2, b2, 16);
  v128.store(out + ldo * 3, a3);
  v128.store(out + ldo * 3, b3, 16);
}

// @ts-ignore: decorator
@inline
function tile1<V>(x: usize, stepX: usize, k: i32, w: usize, stepW: usize, a: v128, b: v128, out: usize): void {
  for (let i = 0; i < k; i++) {
    const s = v128.load_splat<V>(x);
    a = multiplyAdd<V>(a, s, v128.load(w));
    b = multiplyAdd<V>(b, s, v128.load(w, 16));
    x += stepX;
    w += stepW;
  }
  v128.store(out, a);
  v128.store(out, b, 16);
}

/**
 * out (m x n) = start + A B over k terms. A's element (r, i) lies at A + r*rowA + i*stepA bytes, B's row i at B + i*rowB.
 * `panel` (k x 32 bytes) takes the two columns of vectors in hand when B is long: rows far apart share few cache lines.
 */
// @ts-ignore: decorator
@inline
function multiply<V>(A: usize, rowA: usize, stepA: usize, m: i32, k: i32, B: usize, n: i32, start: usize, out: usize, panel: usize): void {
  const rowB = <usize>n * sizeof<V>();
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const zero = f64x2.splat(0);
    for (const width = 2 * lanes<V>(); j < n; j += width) {
      const offset = <usize>j * sizeof<V>();
      let w = B + offset, stepW = rowB;
      if (panel) {
        let p = panel;
        for (let i = 0; i < k; i++) {
          v128.store(p, v128.load(w));
          v128.store(p, v128.load(w, 16), 16);
          p += 32;
          w += rowB;
        }
        w = panel;
        stepW = 32;
      }
      const a = start ? v128.load(start + offset) : zero, b = start ? v128.load(start + offset, 16) : zero;
      let r = 0, x = A, to = out + offset;
      for (; r + 3 < m; r += 4) {
        tile4<V>(x, rowA, stepA, k, w, stepW, a, b, to, rowB);
        x += rowA * 4;
        to += rowB * 4;
      }
      for (; r < m; r++) {
        tile1<V>(x, stepA, k, w, stepW, a, b, to);
        x += rowA;
        to += rowB;
      }
    }
  }
  for (; j < n; j++) {
    for (let r = 0; r < m; r++) {
      let s: V = start ? value<V>(start, j) : <V>0;
      let x = A + <usize>r * rowA, w = place<V>(B, j);
      for (let i = 0; i < k; i++) {
        s += load<V>(x) * load<V>(w);
        x += stepA;
        w += rowB;
      }
      store<V>(place<V>(out, j) + <usize>r * rowB, s);
    }
  }
}

export function affineF32(X: usize, ldx: i32, rows: i32, k: i32, W: usize, stride: i32, bias: usize, out: usize, panel: usize): void {
  multiply<f32>(X, <usize>ldx << 2, 4, rows, k, W, stride, bias, out, panel);
}
export function affineF64(X: usize, ldx: i32, rows: i32, k: i32, W: usize, stride: i32, bias: usize, out: usize, panel: usize): void {
  multiply<f64>(X, <usize>ldx << 3, 8, rows, k, W, stride, bias, out, panel);
}

export function affineGradientF32(X: usize, ldx: i32, rows: i32, k: i32, D: usize, stride: i32, out: usize): void {
  multiply<f32>(X, 4, <usize>ldx << 2, k, rows, D, stride, 0, out, 0);
}
export function affineGradientF64(X: usize, ldx: i32, rows: i32, k: i32, D: usize, stride: i32, out: usize): void {
  multiply<f64>(X, 8, <usize>ldx << 3, k, rows, D, stride, 0, out, 0);
}

/** y += w x for n values, n a multiple of 8. */
// @ts-ignore: decorator
@inline
export function addScaled<V>(w: V, x: usize, y: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) {
    const s = v128.splat<V>(w);
    for (const end = place<V>(y, n); y < end; y += 32) {
      v128.store(y, multiplyAdd<V>(v128.load(y), s, v128.load(x)));
      v128.store(y, multiplyAdd<V>(v128.load(y, 16), s, v128.load(x, 16)), 16);
      x += 32;
    }
  } else {
    for (let i = 0; i < n; i++) put<V>(y, i, value<V>(y, i) + w * value<V>(x, i));
  }
}

/** x . y for n values, n a multiple of 8: two vector sums, added at the end. The one reduction whose order differs between builds. */
// @ts-ignore: decorator
@inline
export function inner<V>(x: usize, y: usize, n: i32): V {
  if (ASC_FEATURE_SIMD) {
    let a = v128.splat<V>(<V>0), b = a;
    for (const end = place<V>(x, n); x < end; x += 32) {
      a = multiplyAdd<V>(a, v128.load(x), v128.load(y));
      b = multiplyAdd<V>(b, v128.load(x, 16), v128.load(y, 16));
      y += 32;
    }
    return total<V>(v128.add<V>(a, b));
  }
  let s: V = 0;
  for (let i = 0; i < n; i++) s += value<V>(x, i) * value<V>(y, i);
  return s;
}

/** Transposed on both sides, so that one synapse is one product of rows over the whole batch. */
// @ts-ignore: decorator
@inline
function sparseAffine<V>(XT: usize, batch: i32, k: i32, indptr: usize, indices: usize, data: usize, bias: usize, n: i32, outT: usize): void {
  const row = <usize>batch * sizeof<V>();
  for (let j = 0; j < n; j++) {
    const b: V = bias ? value<V>(bias, j) : <V>0;
    const to = outT + <usize>j * row;
    for (let i = 0; i < batch; i++) put<V>(to, i, b);
  }
  for (let i = 0; i < k; i++) {
    for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) {
      addScaled<V>(value<V>(data, e), XT + <usize>i * row, outT + <usize>geti(indices, e) * row, batch);
    }
  }
}

export function sparseAffineF32(XT: usize, batch: i32, k: i32, indptr: usize, indices: usize, data: usize, bias: usize, n: i32, outT: usize): void {
  sparseAffine<f32>(XT, batch, k, indptr, indices, data, bias, n, outT);
}
export function sparseAffineF64(XT: usize, batch: i32, k: i32, indptr: usize, indices: usize, data: usize, bias: usize, n: i32, outT: usize): void {
  sparseAffine<f64>(XT, batch, k, indptr, indices, data, bias, n, outT);
}

// @ts-ignore: decorator
@inline
function sparseGradient<V>(XT: usize, DT: usize, batch: i32, k: i32, indptr: usize, indices: usize, out: usize): void {
  const row = <usize>batch * sizeof<V>();
  for (let i = 0; i < k; i++) {
    for (let e = geti(indptr, i), end = geti(indptr, i + 1); e < end; e++) {
      put<V>(out, e, inner<V>(XT + <usize>i * row, DT + <usize>geti(indices, e) * row, batch));
    }
  }
}

export function sparseGradientF32(XT: usize, DT: usize, batch: i32, k: i32, indptr: usize, indices: usize, out: usize): void {
  sparseGradient<f32>(XT, DT, batch, k, indptr, indices, out);
}
export function sparseGradientF64(XT: usize, DT: usize, batch: i32, k: i32, indptr: usize, indices: usize, out: usize): void {
  sparseGradient<f64>(XT, DT, batch, k, indptr, indices, out);
}

/** Blocks of 16 x 16: one block's rows and columns stay in the first-level cache. */
// @ts-ignore: decorator
@inline
function transpose<V>(A: usize, lda: i32, rows: i32, cols: i32, out: usize, ldo: i32): void {
  for (let r0 = 0; r0 < rows; r0 += 16) {
    const r1 = min(r0 + 16, rows);
    for (let c0 = 0; c0 < cols; c0 += 16) {
      const c1 = min(c0 + 16, cols);
      for (let c = c0; c < c1; c++) {
        let from = place<V>(A, r0 * lda + c), to = place<V>(out, c * ldo + r0);
        for (let r = r0; r < r1; r++) {
          store<V>(to, load<V>(from));
          from = place<V>(from, lda);
          to += sizeof<V>();
        }
      }
    }
  }
}

export function transposeF32(A: usize, lda: i32, rows: i32, cols: i32, out: usize, ldo: i32): void {
  transpose<f32>(A, lda, rows, cols, out, ldo);
}
export function transposeF64(A: usize, lda: i32, rows: i32, cols: i32, out: usize, ldo: i32): void {
  transpose<f64>(A, lda, rows, cols, out, ldo);
}

// @ts-ignore: decorator
@inline
function addRows<V>(A: usize, rows: i32, stride: i32, out: usize): void {
  for (let r = 0; r < rows; r++) addScaled<V>(<V>1, place<V>(A, r * stride), out, stride);
}

export function addRowsF32(A: usize, rows: i32, stride: i32, out: usize): void {
  addRows<f32>(A, rows, stride, out);
}
export function addRowsF64(A: usize, rows: i32, stride: i32, out: usize): void {
  addRows<f64>(A, rows, stride, out);
}

// @ts-ignore: decorator
@inline
function rectify<V>(A: usize, mask: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) {
    const zero = v128.splat<V>(<V>0);
    for (const end = place<V>(A, n); A < end; A += 16) {
      v128.store(A, v128.and(v128.load(A), v128.gt<V>(v128.load(mask), zero)));
      mask += 16;
    }
  } else {
    for (let i = 0; i < n; i++) if (!(value<V>(mask, i) > 0)) put<V>(A, i, <V>0);
  }
}

export function rectifyF32(A: usize, mask: usize, n: i32): void {
  rectify<f32>(A, mask, n);
}
export function rectifyF64(A: usize, mask: usize, n: i32): void {
  rectify<f64>(A, mask, n);
}
