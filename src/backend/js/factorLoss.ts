import type { FactorizationKernels } from '../factorizationKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'entryProducts' | 'entryLoss' | 'ridgePenalty';
type Forms = { [N in Names]: FactorizationKernels[`${N}F32`] };

function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  return {
    entryProducts(rows, indptr, indices, X, Y, stride, out) {
      const f = values(memory);
      const { i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      for (let i = 0; i < rows; i++) {
        const x = (X >>> shift) + i * stride;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const y = (Y >>> shift) + i32[indices + e] * stride;
          let s = 0;
          for (let t = 0; t < stride; t++) s += f[x + t] * f[y + t];
          f[(out >>> shift) + e] = s;
        }
      }
    },

    entryLoss(rows, indptr, indices, weight, moment, implicit, X, Y, stride) {
      const f = values(memory);
      const { i32 } = memory;
      indptr >>>= 2;
      indices >>>= 2;
      let loss = 0;
      for (let i = 0; i < rows; i++) {
        const x = (X >>> shift) + i * stride;
        for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
          const y = (Y >>> shift) + i32[indices + e] * stride;
          let d = 0;
          for (let t = 0; t < stride; t++) d += f[x + t] * f[y + t];
          d = round(d);
          const w = weight ? f[(weight >>> shift) + e] : 1;
          const m = f[(moment >>> shift) + e];
          if (implicit) loss += (w * d - 2 * m) * d;
          else if (w > 0) loss += w * (m / w - d) ** 2;
        }
      }
      return loss;
    },

    ridgePenalty(rows, Z, stride, k, biased, ownSlot, ridge, biasRidge, prior) {
      const f = values(memory);
      const { f64 } = memory;
      let penalty = 0;
      for (let i = 0; i < rows; i++) {
        const z = (Z >>> shift) + i * stride;
        const p = (prior >>> shift) + i * stride;
        let s = 0;
        for (let t = 0; t < k; t++) s += (f[z + t] - (prior ? f[p + t] : 0)) ** 2;
        penalty += f64[(ridge >>> 3) + i] * s;
        if (biased) penalty += f64[(biasRidge >>> 3) + i] * (f[z + ownSlot] - (prior ? f[p + ownSlot] : 0)) ** 2;
      }
      return penalty;
    },
  };
}

export function factorLossKernels(memory: JsMemory): Pick<FactorizationKernels, `${Names}${'F32' | 'F64'}`> {
  const f32 = forms(memory, single);
  const f64 = forms(memory, double);
  return {
    entryProductsF32: f32.entryProducts,
    entryProductsF64: f64.entryProducts,
    entryLossF32: f32.entryLoss,
    entryLossF64: f64.entryLoss,
    ridgePenaltyF32: f32.ridgePenalty,
    ridgePenaltyF64: f64.ridgePenalty,
  };
}
