import type { LossKernels } from '../lossKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { exp, log, log1p } from './math.ts';

const FLAT = 1e-6;
const FULL = 1e300;

export function lossKernels(memory: JsMemory): LossKernels {
  return {
    lossDerivatives(loss, parameter, y, f, w, n, r, h) {
      const { f64 } = memory;
      const [Y, F, W, R, H] = [y >>> 3, f >>> 3, w >>> 3, r >>> 3, h >>> 3];
      const share = 1 / n;
      let total = 0;
      let product = 1;
      for (let i = 0; i < n; i++) {
        const weight = w ? f64[W + i] : share;
        const response = f64[Y + i];
        const at = f64[F + i];
        let value = 0;
        let slope = 0;
        let bend = 1;
        if (loss === 1) {
          const e = exp(-Math.abs(at));
          const mass = 1 + e;
          slope = (at >= 0 ? 1 / mass : e / mass) - response;
          bend = e / (mass * mass);
          value = Math.max(at, 0) - response * at;
          if (w) value += log1p(e);
          else {
            product *= mass;
            if (product > FULL) {
              total += share * log(product);
              product = 1;
            }
          }
        } else if (loss === 2) {
          const short = 1 - response * at;
          if (short > 0) {
            value = short * short;
            slope = -2 * response * short;
            bend = 2;
          } else bend = 2 * FLAT;
        } else if (loss === 3) {
          const mean = exp(at);
          value = mean - response * at;
          slope = mean - response;
          bend = mean;
        } else {
          const e = at - response;
          const size = Math.abs(e);
          if (loss === 4 && size > parameter) {
            value = parameter * (size - 0.5 * parameter);
            slope = e > 0 ? parameter : -parameter;
            bend = parameter / size;
          } else {
            value = 0.5 * e * e;
            slope = e;
          }
        }
        total += weight * value;
        f64[R + i] = -weight * slope;
        f64[H + i] = weight * bend;
      }
      return product > 1 ? total + share * log(product) : total;
    },

    lossGap(loss, parameter, y, f, w, n, r, h, s) {
      if (s === 1) return 0;
      const { f64 } = memory;
      const [Y, F, W, R, H] = [y >>> 3, f >>> 3, w >>> 3, r >>> 3, h >>> 3];
      const share = 1 / n;
      const rest = 1 - s;
      const more = 1 / s;
      let total = 0;
      for (let i = 0; i < n; i++) {
        const g = f64[R + i];
        if (g === 0) continue;
        const ratio = (g * g) / f64[H + i];
        if (loss === 1) total += ratio + Math.abs(g) * (more - 1);
        else if (loss === 3) total += g < 0 ? ratio * more : ratio;
        else if (loss === 4) {
          const size = Math.abs(f64[F + i] - f64[Y + i]);
          const linear = (w ? f64[W + i] : share) * parameter * (size - 0.5 * (1 + s) * parameter);
          total += size > parameter ? (2 / rest) * linear : ratio;
        } else total += ratio;
      }
      return 0.5 * rest * rest * total;
    },
  };
}
