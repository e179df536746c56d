import type { LayerKernels } from '../layerKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';
import { next } from './random.ts';

type Names = 'adam' | 'momentum' | 'groupStep' | 'dropConnections' | 'multiplyBy';
type Forms = { [N in Names]: LayerKernels[`${N}F32`] };

const soften = (z: number, t: number) => Math.max(z - t, 0) - Math.max(-t - z, 0);

function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  return {
    adam(w, g, m, v, n, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper) {
      const f = values(memory);
      const bounded = lower !== 0;
      [rate, beta1, beta2] = [rate, beta1, beta2].map(round);
      [correction1, correction2, epsilon, lambda] = [correction1, correction2, epsilon, lambda].map(round);
      w >>>= shift;
      g >>>= shift;
      m >>>= shift;
      v >>>= shift;
      lower >>>= shift;
      upper >>>= shift;
      for (let i = 0; i < n; i++) {
        const before = f[w + i];
        const gradient = f[g + i];
        const first = beta1 * f[m + i] + (1 - beta1) * gradient;
        const second = beta2 * f[v + i] + (1 - beta2) * gradient * gradient;
        const metric = rate / (epsilon + Math.sqrt(second) * correction2);
        let after = soften(before - metric * first * correction1, metric * lambda);
        if (bounded) after = Math.min(Math.max(after, f[lower + i]), f[upper + i]);
        f[w + i] = after;
        f[m + i] = after === 0 && before !== 0 ? 0 : first;
        f[v + i] = second;
      }
    },

    momentum(w, g, m, n, rate, decay, lambda, lower, upper) {
      const f = values(memory);
      const bounded = lower !== 0;
      [rate, decay, lambda] = [rate, decay, lambda].map(round);
      w >>>= shift;
      g >>>= shift;
      m >>>= shift;
      lower >>>= shift;
      upper >>>= shift;
      for (let i = 0; i < n; i++) {
        const before = f[w + i];
        const first = decay * f[m + i] + f[g + i];
        let after = soften(before - rate * first, rate * lambda);
        if (bounded) after = Math.min(Math.max(after, f[lower + i]), f[upper + i]);
        f[w + i] = after;
        f[m + i] = after === 0 && before !== 0 ? 0 : first;
      }
    },

    groupStep(w, g, m, v, rows, indptr, width, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper) {
      const f = values(memory);
      const { i32 } = memory;
      const [sparse, adaptive, bounded] = [indptr !== 0, v !== 0, lower !== 0];
      w >>>= shift;
      g >>>= shift;
      m >>>= shift;
      v >>>= shift;
      lower >>>= shift;
      upper >>>= shift;
      indptr >>>= 2;
      for (let r = 0; r < rows; r++) {
        const from = sparse ? i32[indptr + r] : r * width;
        const to = sparse ? i32[indptr + r + 1] : from + width;
        let metric = rate;
        if (adaptive) {
          let squares = 0;
          for (let i = from; i < to; i++) squares += f[g + i] ** 2;
          const second = beta2 * f[v + r] + (1 - beta2) * (to > from ? squares / (to - from) : 0);
          f[v + r] = second;
          metric = rate / (epsilon + Math.sqrt(second) * correction2);
        }
        const gain = adaptive ? 1 - beta1 : 1;
        let norm = 0;
        let lived = false;
        for (let i = from; i < to; i++) {
          const first = beta1 * f[m + i] + gain * f[g + i];
          lived ||= f[w + i] !== 0;
          let z = f[w + i] - metric * correction1 * first;
          if (bounded) z = Math.min(Math.max(z, f[lower + i]), f[upper + i]);
          f[m + i] = first;
          f[w + i] = z;
          norm += z * z;
        }
        norm = Math.sqrt(norm);
        const threshold = metric * lambda;
        const keep = norm <= threshold ? 0 : 1 - threshold / norm;
        for (let i = from; i < to; i++) {
          f[w + i] = keep === 0 ? 0 : f[w + i] * keep;
          if (keep === 0 && lived) f[m + i] = 0;
        }
      }
    },

    dropConnections(w, n, share, state, mask, out) {
      const f = values(memory);
      const keep = 1 / (1 - share);
      const limit = share * 4294967296;
      w >>>= shift;
      mask >>>= shift;
      out >>>= shift;
      for (let i = 0; i < n; i++) {
        f[mask + i] = next(memory.u32, state >>> 2) >>> 0 < Math.floor(limit) ? 0 : keep;
        f[out + i] = f[w + i] * f[mask + i];
      }
    },

    multiplyBy(x, factor, n) {
      const f = values(memory);
      x >>>= shift;
      factor >>>= shift;
      for (let i = 0; i < n; i++) f[x + i] *= f[factor + i];
    },
  };
}

export function optimizeKernels(memory: JsMemory): Pick<LayerKernels, `${Names}F32` | `${Names}F64`> {
  const [f32, f64] = [forms(memory, single), forms(memory, double)];
  return {
    adamF32: f32.adam,
    adamF64: f64.adam,
    momentumF32: f32.momentum,
    momentumF64: f64.momentum,
    groupStepF32: f32.groupStep,
    groupStepF64: f64.groupStep,
    dropConnectionsF32: f32.dropConnections,
    dropConnectionsF64: f64.dropConnections,
    multiplyByF32: f32.multiplyBy,
    multiplyByF64: f64.multiplyBy,
  };
}
