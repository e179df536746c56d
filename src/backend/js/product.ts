import type { LayerKernels } from '../layerKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'affine' | 'affineGradient' | 'sparseAffine' | 'sparseGradient' | 'transpose' | 'addRows' | 'rectify';
type Forms = { [N in Names]: LayerKernels[`${N}F32`] };

/** Products are rounded before they are added, as in Wasm: spikes further on depend on the last bit. */
function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  /** out (m x n) = start + A B over k terms, A's element (r, i) at A + r rowA + i stepA: four sums at a time stay in locals. */
  function multiply(
    A: number,
    rowA: number,
    stepA: number,
    m: number,
    k: number,
    B: number,
    n: number,
    start: number,
    out: number,
  ): void {
    const f = values(memory);
    for (let r = 0; r < m; r++) {
      for (let j = 0; j < n; j += 4) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        if (start >= 0) {
          a = f[start + j];
          b = f[start + j + 1];
          c = f[start + j + 2];
          d = f[start + j + 3];
        }
        let w = B + j;
        let x = A + r * rowA;
        for (let i = 0; i < k; i++) {
          const value = f[x];
          a = round(a + round(value * f[w]));
          b = round(b + round(value * f[w + 1]));
          c = round(c + round(value * f[w + 2]));
          d = round(d + round(value * f[w + 3]));
          w += n;
          x += stepA;
        }
        const to = out + r * n + j;
        f[to] = a;
        f[to + 1] = b;
        f[to + 2] = c;
        f[to + 3] = d;
      }
    }
  }

  return {
    affine(X, ldx, rows, k, W, stride, bias, out) {
      multiply(X >>> shift, ldx, 1, rows, k, W >>> shift, stride, bias ? bias >>> shift : -1, out >>> shift);
    },

    affineGradient(X, ldx, rows, k, D, stride, out) {
      multiply(X >>> shift, 1, ldx, k, rows, D >>> shift, stride, -1, out >>> shift);
    },

    sparseAffine(XT, batch, k, indptr, indices, data, bias, n, outT) {
      const f = values(memory);
      const { i32 } = memory;
      XT >>>= shift;
      indptr >>>= 2;
      indices >>>= 2;
      data >>>= shift;
      outT >>>= shift;
      const start = bias >>> shift;
      for (let j = 0; j < n; j++) f.fill(bias ? f[start + j] : 0, outT + j * batch, outT + (j + 1) * batch);
      for (let i = 0; i < k; i++) {
        const x = XT + i * batch;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const to = outT + i32[indices + e] * batch;
          const w = f[data + e];
          for (let b = 0; b < batch; b++) f[to + b] += round(w * f[x + b]);
        }
      }
    },

    sparseGradient(XT, DT, batch, k, indptr, indices, out) {
      const f = values(memory);
      const { i32 } = memory;
      XT >>>= shift;
      DT >>>= shift;
      indptr >>>= 2;
      indices >>>= 2;
      out >>>= shift;
      for (let i = 0; i < k; i++) {
        const x = XT + i * batch;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const d = DT + i32[indices + e] * batch;
          let sum = 0;
          for (let b = 0; b < batch; b++) sum += f[x + b] * f[d + b];
          f[out + e] = sum;
        }
      }
    },

    transpose(A, lda, rows, cols, out, ldo) {
      const f = values(memory);
      A >>>= shift;
      out >>>= shift;
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < cols; c++) f[out + c * ldo + r] = f[A + r * lda + c];
      }
    },

    addRows(A, rows, stride, out) {
      const f = values(memory);
      A >>>= shift;
      out >>>= shift;
      for (let r = 0; r < rows; r++) {
        for (let j = 0; j < stride; j++) f[out + j] += f[A + r * stride + j];
      }
    },

    rectify(A, mask, n) {
      const f = values(memory);
      A >>>= shift;
      mask >>>= shift;
      for (let i = 0; i < n; i++) if (!(f[mask + i] > 0)) f[A + i] = 0;
    },
  };
}

export function productKernels(memory: JsMemory): Pick<LayerKernels, `${Names}F32` | `${Names}F64`> {
  const [f32, f64] = [forms(memory, single), forms(memory, double)];
  return {
    affineF32: f32.affine,
    affineF64: f64.affine,
    affineGradientF32: f32.affineGradient,
    affineGradientF64: f64.affineGradient,
    sparseAffineF32: f32.sparseAffine,
    sparseAffineF64: f64.sparseAffine,
    sparseGradientF32: f32.sparseGradient,
    sparseGradientF64: f64.sparseGradient,
    transposeF32: f32.transpose,
    transposeF64: f64.transpose,
    addRowsF32: f32.addRows,
    addRowsF64: f64.addRows,
    rectifyF32: f32.rectify,
    rectifyF64: f64.rectify,
  };
}
