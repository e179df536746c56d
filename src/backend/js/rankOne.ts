import type { FactorizationKernels } from '../factorizationKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'rankOneAdd' | 'rankOneUpdate';
type Forms = { [N in Names]: FactorizationKernels[`${N}F32`] };

function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  return {
    rankOneAdd(rows, indptr, indices, u, v, sign, residual) {
      const f = values(memory);
      const { i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      u >>>= shift;
      v >>>= shift;
      residual >>>= shift;
      for (let i = 0; i < rows; i++) {
        const a = sign * f[u + i];
        if (a === 0) continue;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) f[residual + e] += round(a * f[v + i32[indices + e]]);
      }
    },

    rankOneUpdate(rows, indptr, indices, weight, residual, v, ridge, prior, l1, lower, u) {
      const f = values(memory);
      const { i32, f64 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      v >>>= shift;
      residual >>>= shift;
      for (let i = 0; i < rows; i++) {
        let num = 0;
        let den = 0;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const x = f[v + i32[indices + e]];
          const wx = weight ? f[(weight >>> shift) + e] * x : x;
          num += wx * f[residual + e];
          den += wx * x;
        }
        const r = f64[(ridge >>> 3) + i];
        const size = r + den;
        if (prior) num += r * f[(prior >>> shift) + i];
        const x = num - Math.max(-l1, Math.min(l1, num));
        f[(u >>> shift) + i] = size > 0 ? Math.max(lower, x / size) : 0;
      }
    },
  };
}

export function rankOneKernels(memory: JsMemory): Pick<FactorizationKernels, `${Names}${'F32' | 'F64'}`> {
  const f32 = forms(memory, single);
  const f64 = forms(memory, double);
  return {
    rankOneAddF32: f32.rankOneAdd,
    rankOneAddF64: f64.rankOneAdd,
    rankOneUpdateF32: f32.rankOneUpdate,
    rankOneUpdateF64: f64.rankOneUpdate,
  };
}
