import type { BlockKernels } from '../blockKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { exp, log, log1p } from './math.ts';

const PASSES = 8;
const SMALL = 1e-3;
const TINY = 1e-300;

export function blockKernels(memory: JsMemory): BlockKernels {
  return {
    softmaxDerivatives(F, label, w, n, classes, R, P) {
      const { f64, i32 } = memory;
      const [f, l, W, r, q] = [F >>> 3, label >>> 2, w >>> 3, R >>> 3, P >>> 3];
      const share = 1 / n;
      let total = 0;
      for (let i = 0; i < n; i++) {
        const weight = w ? f64[W + i] : share;
        const own = i32[l + i];
        let top = f64[f + i];
        let best = 0;
        for (let k = 1; k < classes; k++) {
          if (f64[f + k * n + i] > top) {
            top = f64[f + k * n + i];
            best = k;
          }
        }
        let rest = 0;
        for (let k = 0; k < classes; k++) {
          const e = k === best ? 1 : exp(f64[f + k * n + i] - top);
          if (k !== best) rest += e;
          f64[q + k * n + i] = e;
        }
        const mass = 1 + rest;
        let others = 0;
        for (let k = 0; k < classes; k++) {
          const p = f64[q + k * n + i] / mass;
          f64[q + k * n + i] = p;
          f64[r + k * n + i] = -weight * p;
          if (k !== own) others += p;
        }
        f64[r + own * n + i] = weight * others;
        total += weight * (top - f64[f + own * n + i] + log1p(rest));
      }
      return total;
    },

    softmaxGap(label, w, n, R, P, s) {
      if (s === 1) return 0;
      const { f64, i32 } = memory;
      const [l, W, r, q] = [label >>> 2, w >>> 3, R >>> 3, P >>> 3];
      const share = 1 / n;
      const rest = 1 - s;
      let total = 0;
      for (let i = 0; i < n; i++) {
        const weight = w ? f64[W + i] : share;
        if (weight === 0) continue;
        const at = i32[l + i] * n + i;
        const others = f64[r + at] / weight;
        const own = f64[q + at];
        const lift = (rest * others) / Math.max(own, TINY);
        total += weight * Math.max(0, s * others * log(s) + (own + rest * others) * log1p(lift));
      }
      return total;
    },

    blockEpoch(G, ld, rows, width, starts, count, bound, a, l1, l2, Q, B, scratch) {
      const { f64, i32 } = memory;
      const [gram, q, b, old] = [G >>> 3, Q >>> 3, B >>> 3, scratch >>> 3];
      const [start, tops, groups, lones, ridges] = [starts >>> 2, bound >>> 3, a >>> 3, l1 >>> 3, l2 >>> 3];
      const pull = (row: number, from: number, to: number, moved: number) => {
        const line = gram + row * ld;
        for (let r = from; r < to; r++) {
          const g = f64[line + r];
          if (g === 0) continue;
          for (let k = 0; k < width; k++) f64[q + r * width + k] -= g * f64[moved + k];
        }
      };
      let most = 0;
      for (let g = 0; g < count; g++) {
        const first = i32[start + g];
        const last = i32[start + g + 1];
        const offset = first * width;
        const size = (last - first) * width;
        const [group, lone, ridge, top] = [f64[groups + g], f64[lones + g], f64[ridges + g], f64[tops + g]];
        const step = old + size;
        f64.copyWithin(old, b + offset, b + offset + size);
        if (group === 0) {
          for (let r = first; r < last; r++) {
            const own = f64[gram + r * ld + r];
            if (own + ridge <= 0) continue;
            let moved = false;
            for (let k = 0; k < width; k++) {
              const at = r * width + k;
              const now = f64[b + at];
              const next = shrunk(f64[q + at] + own * now, lone) / (own + ridge);
              f64[step + k] = next - now;
              f64[b + at] = next;
              if (next !== now) moved = true;
            }
            if (moved) pull(r, first, last, step);
          }
        } else if (top > 0) {
          const passes = last - first === 1 ? 1 : PASSES;
          let reach = 0;
          for (let pass = 0; pass < passes; pass++) {
            let norm = 0;
            for (let c = 0; c < size; c++) {
              const t = shrunk(f64[q + offset + c] + top * f64[b + offset + c], lone);
              f64[step + c] = t;
              norm += t * t;
            }
            norm = Math.sqrt(norm);
            const factor = norm > group ? (1 - group / norm) / (top + ridge) : 0;
            let moved = 0;
            for (let c = 0; c < size; c++) {
              const next = factor * f64[step + c];
              const d = next - f64[b + offset + c];
              f64[step + c] = d;
              f64[b + offset + c] = next;
              moved = Math.max(moved, Math.abs(d));
            }
            if (moved === 0) break;
            for (let r = first; r < last; r++) pull(r, first, last, step + (r - first) * width);
            reach = Math.max(reach, moved);
            if (moved <= SMALL * reach) break;
          }
        }
        for (let r = first; r < last; r++) {
          const from = old + (r - first) * width;
          const curvature = group === 0 ? f64[gram + r * ld + r] : top;
          let moved = false;
          for (let k = 0; k < width; k++) {
            const d = f64[b + r * width + k] - f64[from + k];
            f64[from + k] = d;
            if (d !== 0) moved = true;
            most = Math.max(most, curvature * d * d);
          }
          if (!moved) continue;
          pull(r, 0, first, from);
          pull(r, last, rows, from);
        }
      }
      return most;
    },
  };
}

function shrunk(u: number, t: number): number {
  return u > t ? u - t : u < -t ? u + t : 0;
}
