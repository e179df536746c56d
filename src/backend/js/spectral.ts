import type { SpectralKernels } from '../spectralKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled } from './loops.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'centredGram' | 'centredProducts' | 'rowMoments' | 'sliceGram' | 'sliceScatter';
type Forms = { [N in Names]: SpectralKernels[`${N}F32`] };

const BLOCK = 64;

/** out (rows x b) += factor A C: four sums at a time stay in locals. */
function multiply(
  f: Float64Array,
  A: number,
  lda: number,
  rows: number,
  a: number,
  C: number,
  ldc: number,
  b: number,
  factor: number,
  out: number,
  ldo: number,
): void {
  for (let r = 0; r < rows; r++) {
    const from = A + r * lda;
    const to = out + r * ldo;
    let j = 0;
    for (; j + 3 < b; j += 4) {
      let p = 0;
      let q = 0;
      let s = 0;
      let t = 0;
      for (let i = 0, c = C + j; i < a; i++, c += ldc) {
        const x = f[from + i];
        p += x * f[c];
        q += x * f[c + 1];
        s += x * f[c + 2];
        t += x * f[c + 3];
      }
      f[to + j] += factor * p;
      f[to + j + 1] += factor * q;
      f[to + j + 2] += factor * s;
      f[to + j + 3] += factor * t;
    }
    for (; j < b; j++) {
      let p = 0;
      for (let i = 0, c = C + j; i < a; i++, c += ldc) p += f[from + i] * f[c];
      f[to + j] += factor * p;
    }
  }
}

/** out (p x b) += A'W over the rows, four rows for each visit to out; triangular: only from the diagonal on. */
function transposed(
  f: Float64Array,
  A: number,
  p: number,
  rows: number,
  W: number,
  b: number,
  out: number,
  triangular: boolean,
): void {
  let r = 0;
  for (; r + 3 < rows; r += 4) {
    const x = A + r * p;
    const w = W + r * b;
    for (let i = 0; i < p; i++) {
      const [c, d, g, h] = [f[x + i], f[x + p + i], f[x + 2 * p + i], f[x + 3 * p + i]];
      const to = out + i * b;
      for (let j = triangular ? i : 0; j < b; j++) {
        f[to + j] += c * f[w + j] + d * f[w + b + j] + (g * f[w + 2 * b + j] + h * f[w + 3 * b + j]);
      }
    }
  }
  for (; r < rows; r++) {
    for (let i = 0; i < p; i++) {
      const from = triangular ? i : 0;
      addScaled(f[A + r * p + i], f, W + r * b + from, f, out + i * b + from, b - from);
    }
  }
}

function forms(memory: JsMemory, { values, shift }: Precision): Forms {
  function centre(
    X: number,
    ldx: number,
    first: number,
    rows: number,
    p: number,
    mean: number,
    factor: number,
    byRow: number,
    out: number,
  ): void {
    const x = values(memory);
    const f = memory.f64;
    for (let r = 0; r < rows; r++) {
      const from = (X >>> shift) + (first + r) * ldx;
      const to = (out >>> 3) + r * p;
      for (let j = 0; j < p; j++) {
        const k = byRow ? first + r : j;
        const v = mean ? x[from + j] - f[(mean >>> 3) + k] : x[from + j];
        f[to + j] = factor ? v * f[(factor >>> 3) + k] : v;
      }
    }
  }

  return {
    centredGram(X, ldx, rows, p, mean, factor, byRow, out, scratch) {
      const f = memory.f64;
      const [S, G] = [scratch >>> 3, out >>> 3];
      for (let r = 0; r < rows; r += BLOCK) {
        const count = Math.min(BLOCK, rows - r);
        centre(X, ldx, r, count, p, mean, factor, byRow, scratch);
        transposed(f, S, p, count, S, p, G, true);
      }
      for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) f[G + i * p + j] = f[G + j * p + i];
    },

    centredProducts(X, ldx, rows, p, mean, factor, byRow, B, W, b, out, scratch) {
      const f = memory.f64;
      const S = scratch >>> 3;
      for (let r = 0; r < rows; r += BLOCK) {
        const count = Math.min(BLOCK, rows - r);
        const w = (W >>> 3) + r * b;
        centre(X, ldx, r, count, p, mean, factor, byRow, scratch);
        if (B) {
          f.fill(0, w, w + count * b);
          multiply(f, S, p, count, p, B >>> 3, b, b, 1, w, b);
        }
        if (out) transposed(f, S, p, count, w, b, out >>> 3, false);
      }
    },

    rowMoments(X, ldx, rows, p, mean, second) {
      const x = values(memory);
      const f = memory.f64;
      X >>>= shift;
      mean >>>= 3;
      second >>>= 3;
      f.fill(0, mean, mean + p);
      for (let r = 0; r < rows; r++) for (let j = 0; j < p; j++) f[mean + j] += x[X + r * ldx + j];
      for (let j = 0; j < p; j++) f[mean + j] /= rows;
      f.fill(0, second, second + p);
      for (let r = 0; r < rows; r++) for (let j = 0; j < p; j++) f[second + j] += x[X + r * ldx + j] - f[mean + j];
      for (let j = 0; j < p; j++) f[mean + j] += f[second + j] / rows;
      f.fill(0, second, second + p);
      for (let r = 0; r < rows; r++) {
        for (let j = 0; j < p; j++) {
          const d = x[X + r * ldx + j] - f[mean + j];
          f[second + j] += d * d;
        }
      }
      for (let j = 0; j < p; j++) f[second + j] /= rows;
    },

    sliceGram(indptr, indices, data, outer, m, factor, U, b, total, out, sum) {
      const x = values(memory);
      const { f64: f, i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      data >>>= shift;
      U >>>= 3;
      out >>>= 3;
      m >>>= 3;
      factor >>>= 3;
      total >>>= 3;
      sum >>>= 3;
      for (let o = 0; o < outer; o++) {
        const from = i32[indptr + o];
        const to = i32[indptr + o + 1];
        const centre = m ? f[m + o] : 1;
        const scale = factor ? f[factor + o] : 1;
        let j = 0;
        for (; j + 3 < b; j += 4) {
          let p = 0;
          let q = 0;
          let s = 0;
          let t = 0;
          for (let e = from; e < to; e++) {
            const u = U + i32[indices + e] * b + j;
            const v = x[data + e];
            p += v * f[u];
            q += v * f[u + 1];
            s += v * f[u + 2];
            t += v * f[u + 3];
          }
          if (total) {
            p -= centre * f[total + j];
            q -= centre * f[total + j + 1];
            s -= centre * f[total + j + 2];
            t -= centre * f[total + j + 3];
          }
          p *= scale;
          q *= scale;
          s *= scale;
          t *= scale;
          for (let e = from; e < to; e++) {
            const u = out + i32[indices + e] * b + j;
            const v = x[data + e];
            f[u] += v * p;
            f[u + 1] += v * q;
            f[u + 2] += v * s;
            f[u + 3] += v * t;
          }
          if (total) {
            f[sum + j] += centre * p;
            f[sum + j + 1] += centre * q;
            f[sum + j + 2] += centre * s;
            f[sum + j + 3] += centre * t;
          }
        }
        for (; j < b; j++) {
          let p = 0;
          for (let e = from; e < to; e++) p += x[data + e] * f[U + i32[indices + e] * b + j];
          if (total) p -= centre * f[total + j];
          p *= scale;
          for (let e = from; e < to; e++) f[out + i32[indices + e] * b + j] += x[data + e] * p;
          if (total) f[sum + j] += centre * p;
        }
      }
    },

    sliceScatter(indptr, indices, data, outer, B, k, out) {
      const x = values(memory);
      const { f64: f, i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      data >>>= shift;
      for (let o = 0; o < outer; o++) {
        for (let e = i32[indptr + o]; e < i32[indptr + o + 1]; e++) {
          addScaled(x[data + e], f, (B >>> 3) + o * k, f, (out >>> 3) + i32[indices + e] * k, k);
        }
      }
    },
  };
}

export function spectralKernels(memory: JsMemory): SpectralKernels {
  const [f32, f64] = [forms(memory, single), forms(memory, double)];
  return {
    centredGramF32: f32.centredGram,
    centredGramF64: f64.centredGram,
    centredProductsF32: f32.centredProducts,
    centredProductsF64: f64.centredProducts,
    rowMomentsF32: f32.rowMoments,
    rowMomentsF64: f64.rowMoments,
    sliceGramF32: f32.sliceGram,
    sliceGramF64: f64.sliceGram,
    sliceScatterF32: f32.sliceScatter,
    sliceScatterF64: f64.sliceScatter,

    shiftRows(W, rows, k, m, c, factor) {
      const f = memory.f64;
      W >>>= 3;
      for (let r = 0; r < rows; r++) {
        if (c) addScaled(m ? -f[(m >>> 3) + r] : -1, f, c >>> 3, f, W + r * k, k);
        if (factor) for (let j = 0; j < k; j++) f[W + r * k + j] *= f[(factor >>> 3) + r];
      }
    },

    copyRows(from, ldFrom, rows, width, to, ldTo) {
      const f = memory.f64;
      from >>>= 3;
      to >>>= 3;
      for (let r = 0; r < rows; r++) for (let j = 0; j < width; j++) f[to + r * ldTo + j] = f[from + r * ldFrom + j];
    },

    tallMultiply(A, lda, rows, a, C, ldc, b, factor, out, ldo) {
      multiply(memory.f64, A >>> 3, lda, rows, a, C >>> 3, ldc, b, factor, out >>> 3, ldo);
    },
  };
}
