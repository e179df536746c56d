import type { OnlineKernels } from '../onlineKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { exp, log1p } from './math.ts';

/** As in assembly/online.ts. */
const LIMIT = 1e300;

export function onlineKernels(memory: JsMemory): Pick<OnlineKernels, 'ftrlRows'> {
  return {
    // Every operation in the order of assembly/online.ts: equal bits depend on it.
    ftrlRows(
      indptr,
      rows,
      indices,
      data,
      y,
      weight,
      loss,
      alpha,
      beta,
      l1,
      l2,
      lambda1,
      lambda2,
      intercept,
      learned,
      scratch,
      total,
    ) {
      const { f64, i32 } = memory;
      const rate = 1 / alpha;
      indptr >>>= 2;
      indices >>>= 2;
      data >>>= 3;
      y >>>= 3;
      learned >>>= 3;
      scratch >>>= 3;
      total >>>= 3;
      const last = learned + 2 * intercept;
      let [t, sum, wrong] = [f64[total], f64[total + 1], f64[total + 2]];
      let i = 0;
      for (let from = i32[indptr]; i < rows; i++) {
        const to = i32[indptr + i + 1];
        const s = weight === 0 ? 1 : f64[(weight >>> 3) + i];
        const target = f64[y + i];
        const threshold = l1 + t * lambda1;
        const ridge = l2 + t * lambda2;
        let f = 0;
        let square = 1;
        let b = 0;
        for (let e = from; e < to; e++) {
          const x = f64[data + e];
          const w = weightOf(f64, learned + 2 * i32[indices + e], rate, beta, threshold, ridge);
          f64[scratch + e - from] = w;
          f += w * x;
          square += x * x;
        }
        if (intercept >= 0) {
          b = weightOf(f64, last, rate, beta, 0, 0);
          f += b;
        }
        let d = f - target;
        let value = 0.5 * d * d;
        if (loss === 0) {
          const q = exp(-Math.abs(f));
          d = (f >= 0 ? 1 / (1 + q) : q / (1 + q)) - target;
          value = log1p(q) + Math.max(target > 0.5 ? -f : f, 0);
        } else if (loss === 2) {
          const mean = exp(f);
          d = mean - target;
          value = mean - target * f;
        }
        d *= s;
        if (!(d * d * square < LIMIT)) break;
        if (d !== 0) {
          for (let e = from; e < to; e++) {
            const x = f64[data + e];
            if (x !== 0) learn(f64, learned + 2 * i32[indices + e], f64[scratch + e - from], d * x, rate);
          }
          if (intercept >= 0) learn(f64, last, b, d, rate);
        }
        if (loss === 0 && f > 0 !== target > 0.5) wrong += s;
        t += s;
        sum += s * value;
        from = to;
      }
      f64[total] = t;
      f64[total + 1] = sum;
      f64[total + 2] = wrong;
      return i;
    },
  };
}

function weightOf(f64: Float64Array, c: number, rate: number, beta: number, l1: number, l2: number): number {
  const z = f64[c];
  const excess = Math.abs(z) - l1;
  if (!(excess > 0)) return 0;
  return (z > 0 ? -excess : excess) / ((beta + f64[c + 1]) * rate + l2);
}

function learn(f64: Float64Array, c: number, w: number, g: number, rate: number): void {
  const r = f64[c + 1];
  const grown = Math.sqrt(r * r + g * g);
  f64[c] += g - (grown - r) * rate * w;
  f64[c + 1] = grown;
}
