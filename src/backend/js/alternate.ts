import type { FactorizationKernels } from '../factorizationKernels.ts';
import { factorKernels } from './factor.ts';
import { factorPull } from './factorPull.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

type Names = 'alternate';
type Forms = { [N in Names]: FactorizationKernels[`${N}F32`] };

const ATTEMPTS = 4;

function forms(memory: JsMemory, precision: Precision): Forms {
  const { values, shift } = precision;
  const { neighbours, degree } = factorPull(memory, precision);
  const { choleskyFactor, choleskySolve } = factorKernels(memory);
  const tol = shift === 3 ? 1e-13 : 1e-7;

  return {
    alternate(
      first,
      last,
      indptr,
      indices,
      weight,
      moment,
      Y,
      stride,
      k,
      biased,
      ownSlot,
      offsetSlot,
      base,
      ridge,
      biasRidge,
      prior,
      graph,
      Z,
      _buffer,
      _batch,
      gram,
      rhs,
    ) {
      const f = values(memory);
      const { i32, f64 } = memory;
      const m = k + biased;
      const width = (m + 3) & ~3;
      const rows = new Float64Array(4 * m);
      const scaled = new Float64Array(4 * m);
      indptr >>>= 2;
      indices >>>= 2;
      const [w, mom, y, z, p] = [weight >>> shift, moment >>> shift, Y >>> shift, Z >>> shift, prior >>> shift];
      const [g, b] = [gram >>> 3, rhs >>> 3];
      for (let i = first; i < last; i++) {
        const at = i * stride;
        const [start, end] = [i32[indptr + i], i32[indptr + i + 1]];
        if (start === end && !base && !graph) {
          for (let t = 0; t < k; t++) f[z + at + t] = prior ? f[p + at + t] : 0;
          if (biased) f[z + at + ownSlot] = prior ? f[p + at + ownSlot] : 0;
          continue;
        }
        const links = graph ? degree(i, graph) : 0;
        let jitter = 0;
        let attempt = 0;
        for (; attempt < ATTEMPTS; attempt++) {
          if (base) f64.copyWithin(g, base >>> 3, (base >>> 3) + width * width);
          else f64.fill(0, g, g + width * width);
          f64.fill(0, b, b + width);
          for (let e = start; e < end; e += 4) {
            // Four entries share every load and store of the matrix; a group that is not full has weights of 0.
            for (let q = 0; q < 4; q++) {
              const there = e + q < end;
              const from = y + i32[indices + (there ? e + q : e)] * stride;
              const v = there ? (weight ? f[w + e + q] : 1) : 0;
              const c = there ? f[mom + e + q] - (biased ? v * f[from + offsetSlot] : 0) : 0;
              for (let t = 0; t < k; t++) {
                rows[q * m + t] = f[from + t];
                scaled[q * m + t] = v * f[from + t];
              }
              if (biased) {
                rows[q * m + k] = 1;
                scaled[q * m + k] = v;
              }
              for (let t = 0; t < m; t++) f64[b + t] += c * rows[q * m + t];
            }
            for (let s = 0; s < m; s++) {
              const [a0, a1, a2, a3] = [scaled[s], scaled[m + s], scaled[2 * m + s], scaled[3 * m + s]];
              const to = g + s * width;
              for (let t = s; t < m; t++) {
                f64[to + t] += a0 * rows[t] + a1 * rows[m + t] + (a2 * rows[2 * m + t] + a3 * rows[3 * m + t]);
              }
            }
          }
          let trace = 0;
          for (let t = 0; t < m; t++) {
            const slot = t < k ? t : ownSlot;
            const r = f64[((t < k ? ridge : biasRidge) >>> 3) + i];
            f64[g + t * (width + 1)] += r + links + jitter;
            trace += f64[g + t * (width + 1)];
            if (prior) f64[b + t] += r * f[p + at + slot];
            if (graph) f64[b + t] += neighbours(i, graph, prior, Z, stride, slot);
          }
          if (choleskyFactor(gram, m, width, tol) === m) break;
          jitter = jitter === 0 ? (10 * tol * trace) / m + 1e-300 : 10 * jitter;
        }
        if (attempt === ATTEMPTS) return i;
        choleskySolve(gram, m, width, rhs);
        for (let t = 0; t < k; t++) f[z + at + t] = f64[b + t];
        if (biased) f[z + at + ownSlot] = f64[b + k];
      }
      return last;
    },
  };
}

export function alternateKernels(memory: JsMemory): Pick<FactorizationKernels, `${Names}${'F32' | 'F64'}`> {
  const f32 = forms(memory, single);
  const f64 = forms(memory, double);
  return {
    alternateF32: f32.alternate,
    alternateF64: f64.alternate,
  };
}
