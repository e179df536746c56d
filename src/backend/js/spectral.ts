import type { SpectralKernels } from '../spectralKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled } from './loops.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'centredGram' | 'centredProducts' | 'rowMoments' | 'sliceGram' | 'sliceScatter';
type Forms = { [N in Names]: SpectralKernels[`${N}F32`] };

const BLOCK = 64;

/** out (rows x b) += factor A C */
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
    for (let i = 0; i < a; i++) addScaled(factor * f[A + r * lda + i], f, C + i * ldc, f, out + r * ldo, b);
  }
}

/** out (p x b) += A'W over the rows */
function transposed(f: Float64Array, A: number, p: number, rows: number, W: number, b: number, out: number): void {
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < p; i++) addScaled(f[A + r * p + i], f, W + r * b, f, out + i * b, b);
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
        for (let k = 0; k < count; k++) {
          for (let i = 0; i < p; i++) addScaled(f[S + k * p + i], f, S + k * p + i, f, G + i * p + i, p - i);
        }
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
        if (out) transposed(f, S, p, count, w, b, out >>> 3);
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
      const t = new Float64Array(b);
      for (let o = 0; o < outer; o++) {
        const [from, to] = [i32[indptr + o], i32[indptr + o + 1]];
        const centre = m ? f[(m >>> 3) + o] : 1;
        const scale = factor ? f[(factor >>> 3) + o] : 1;
        t.fill(0);
        for (let e = from; e < to; e++) addScaled(x[data + e], f, U + i32[indices + e] * b, t, 0, b);
        if (total) addScaled(-centre, f, total >>> 3, t, 0, b);
        for (let j = 0; j < b; j++) t[j] *= scale;
        for (let e = from; e < to; e++) addScaled(x[data + e], t, 0, f, out + i32[indices + e] * b, b);
        if (total) addScaled(centre, t, 0, f, sum >>> 3, b);
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

    tallMultiply(A, lda, rows, a, C, ldc, b, factor, out, ldo) {
      multiply(memory.f64, A >>> 3, lda, rows, a, C >>> 3, ldc, b, factor, out >>> 3, ldo);
    },
  };
}
