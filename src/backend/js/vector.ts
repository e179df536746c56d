import type { VectorKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled, clip, dotProduct, shrink } from './loops.ts';

export function vectorKernels(memory: JsMemory): VectorKernels {
  return {
    dot(x, y, n) {
      const f = memory.f64;
      return dotProduct(f, x >>> 3, f, y >>> 3, n);
    },

    dotWeighted(w, x, y, n) {
      const f = memory.f64;
      w >>>= 3;
      x >>>= 3;
      y >>>= 3;
      let a = 0;
      let b = 0;
      let i = 0;
      for (const end = n - 1; i < end; i += 2) {
        a += f[w + i] * f[x + i] * f[y + i];
        b += f[w + i + 1] * f[x + i + 1] * f[y + i + 1];
      }
      if (i < n) a += f[w + i] * f[x + i] * f[y + i];
      return a + b;
    },

    axpy(a, x, y, n) {
      const f = memory.f64;
      addScaled(a, f, x >>> 3, f, y >>> 3, n);
    },

    scale(a, x, n) {
      const f = memory.f64;
      x >>>= 3;
      for (let i = 0; i < n; i++) f[x + i] *= a;
    },

    shift(a, x, n) {
      const f = memory.f64;
      x >>>= 3;
      for (let i = 0; i < n; i++) f[x + i] += a;
    },

    multiply(x, y, out, n) {
      const f = memory.f64;
      x >>>= 3;
      y >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) f[out + i] = f[x + i] * f[y + i];
    },

    sum(x, n) {
      const f = memory.f64;
      x >>>= 3;
      let a = 0;
      let b = 0;
      let i = 0;
      for (const end = n - 1; i < end; i += 2) {
        a += f[x + i];
        b += f[x + i + 1];
      }
      if (i < n) a += f[x + i];
      return a + b;
    },

    norm1(x, n) {
      const f = memory.f64;
      x >>>= 3;
      let a = 0;
      let b = 0;
      let i = 0;
      for (const end = n - 1; i < end; i += 2) {
        a += Math.abs(f[x + i]);
        b += Math.abs(f[x + i + 1]);
      }
      if (i < n) a += Math.abs(f[x + i]);
      return a + b;
    },

    norm2(x, n) {
      const f = memory.f64;
      x >>>= 3;
      return Math.sqrt(dotProduct(f, x, f, x, n));
    },

    normMax(x, n) {
      const f = memory.f64;
      x >>>= 3;
      let largest = 0;
      for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(f[x + i]));
      return largest;
    },

    softThreshold(x, t, out, n) {
      const f = memory.f64;
      x >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) f[out + i] = shrink(f[x + i], t);
    },

    proximalStep(z, g, step, metric, lambda, l1, l2, lower, upper, out, n) {
      const f = memory.f64;
      const bounded = lower !== 0;
      z >>>= 3;
      g >>>= 3;
      metric >>>= 3;
      l1 >>>= 3;
      l2 >>>= 3;
      lower >>>= 3;
      upper >>>= 3;
      out >>>= 3;
      for (let j = 0; j < n; j++) {
        const t = step * f[metric + j];
        const b = shrink(f[z + j] + t * f[g + j], t * (lambda * f[l1 + j])) / (1 + t * (lambda * f[l2 + j]));
        f[out + j] = bounded ? clip(b, f[lower + j], f[upper + j]) : b;
      }
    },
  };
}
