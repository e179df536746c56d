import type { ClusterKernels } from '../clusterKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { exp, log } from './math.ts';

/** As in Wasm: more than one rounding of a sum or root. */
const UP = 1.0000000000000004;
const SURE = 1e-6;

type Distance = (i: number, c: number) => number;

/** Squared distances of rows to centres, summed as in Wasm. */
function distances(memory: JsMemory, indptr: number, indices: number, X: number, p: number, C: number, norms: number): Distance {
  const { f64, i32 } = memory;
  X >>>= 3;
  C >>>= 3;
  if (indptr !== 0) {
    [indptr, indices, norms] = [indptr >>> 2, indices >>> 2, norms >>> 3];
    return (i, c) => {
      const centre = C + c * p;
      let s = f64[norms + c];
      for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
        const v = f64[centre + i32[indices + e]];
        const d = f64[X + e] - v;
        s += d * d - v * v;
      }
      return Math.max(s, 0);
    };
  }
  return (i, c) => apart(f64, X + i * p, C + c * p, p);
}

function apart(f64: Float64Array, x: number, c: number, p: number): number {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let j = 0;
  for (const end = p - 3; j < end; j += 4) {
    const u = f64[x + j] - f64[c + j];
    const v = f64[x + j + 1] - f64[c + j + 1];
    const w = f64[x + j + 2] - f64[c + j + 2];
    const z = f64[x + j + 3] - f64[c + j + 3];
    a0 += u * u;
    a1 += v * v;
    a2 += w * w;
    a3 += z * z;
  }
  let total = a0 + a2 + (a1 + a3);
  for (; j < p; j++) {
    const d = f64[x + j] - f64[c + j];
    total += d * d;
  }
  return total;
}

export function clusterKernels(memory: JsMemory): ClusterKernels {
  return {
    // Without f32 there is nothing to gain from candidates: every distance is computed as it is defined.
    hamerlyStep(
      indptr,
      indices,
      X,
      n,
      p,
      squares,
      C,
      norms,
      k,
      _T,
      _stride,
      _bias,
      half,
      moved,
      drop,
      slope,
      offset,
      labels,
      upper,
      lower,
      dirty,
    ) {
      const { f64, i32 } = memory;
      const distance = distances(memory, indptr, indices, X, p, C, norms);
      [squares, half, moved, drop, upper, lower] = [squares, half, moved, drop, upper, lower].map((at) => at >>> 3);
      [labels, dirty] = [labels >>> 2, dirty >>> 2];
      let changed = 0;
      for (let i = 0; i < n; i++) {
        const a = i32[labels + i];
        const margin = (slope * Math.sqrt(f64[squares + i]) + offset) * SURE;
        if (a >= 0) {
          let u = (f64[upper + i] + f64[moved + a]) * UP;
          const l = f64[lower + i] - f64[drop + a];
          const m = Math.max(l, f64[half + a]);
          f64[lower + i] = l;
          if (!(u < m)) u = Math.sqrt(distance(i, a) + margin) * UP;
          f64[upper + i] = u;
          if (u < m) continue;
        }
        let best = 0;
        let first = Infinity;
        let second = Infinity;
        for (let c = 0; c < k; c++) {
          const d = distance(i, c);
          if (d < first) {
            second = first;
            first = d;
            best = c;
          } else if (d < second) second = d;
        }
        f64[upper + i] = Math.sqrt(first + margin) * UP;
        f64[lower + i] = Math.sqrt(Math.max(second - margin, 0));
        if (a === best) continue;
        i32[labels + i] = best;
        if (a >= 0) i32[dirty + a] = 1;
        i32[dirty + best] = 1;
        changed++;
      }
      return changed;
    },

    centreSums(indptr, indices, X, n, p, labels, weight, k, dirty, sums, mass) {
      const { f64, i32 } = memory;
      const sparse = indptr !== 0;
      const weighted = weight !== 0;
      [indptr, indices, labels, dirty] = [indptr, indices, labels, dirty].map((at) => at >>> 2);
      [X, weight, sums, mass] = [X, weight, sums, mass].map((at) => at >>> 3);
      for (let c = 0; c < k; c++) {
        if (i32[dirty + c] === 0) continue;
        f64.fill(0, sums + c * p, sums + c * p + p);
        f64[mass + c] = 0;
      }
      for (let i = 0; i < n; i++) {
        const c = i32[labels + i];
        if (i32[dirty + c] === 0) continue;
        const w = weighted ? f64[weight + i] : 1;
        const to = sums + c * p;
        f64[mass + c] += w;
        if (sparse) {
          for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) f64[to + i32[indices + e]] += w * f64[X + e];
        } else {
          for (let j = 0, from = X + i * p; j < p; j++) f64[to + j] += w * f64[from + j];
        }
      }
    },

    centreDistances(indptr, indices, X, n, p, C, norms, labels, out) {
      const { f64, i32 } = memory;
      const distance = distances(memory, indptr, indices, X, p, C, norms);
      out >>>= 3;
      for (let i = 0; i < n; i++) f64[out + i] = distance(i, labels === 0 ? 0 : i32[(labels >>> 2) + i]);
    },

    halfSeparations(C, k, p, half) {
      const { f64 } = memory;
      C >>>= 3;
      half >>>= 3;
      f64.fill(Infinity, half, half + k);
      for (let c = 1; c < k; c++) {
        for (let b = 0; b < c; b++) {
          const d = Math.sqrt(apart(f64, C + c * p, C + b * p, p)) / 2;
          f64[half + b] = Math.min(f64[half + b], d);
          f64[half + c] = Math.min(f64[half + c], d);
        }
      }
    },

    gaussianDistances(X, n, p, mean, P, stride, out, ldo, scratch) {
      const { f64 } = memory;
      [X, mean, P, out, scratch] = [X, mean, P, out, scratch].map((at) => at >>> 3);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < p; j++) f64[scratch + j] = f64[X + i * p + j] - f64[mean + j];
        let total = 0;
        for (let j = 0; j < p; j++) {
          let v = 0;
          if (stride === 0) v = f64[scratch + j] * f64[P + j];
          else for (let l = 0; l < p; l++) v += f64[scratch + l] * f64[P + l * stride + j];
          total += v * v;
        }
        f64[out + i * ldo] = total;
      }
    },

    gaussianScatter(X, n, p, mean, weight, ldw, full, out, scratch) {
      const { f64 } = memory;
      [X, mean, weight, out, scratch] = [X, mean, weight, out, scratch].map((at) => at >>> 3);
      for (let first = 0; first < n; first += 64) {
        const rows = Math.min(64, n - first);
        for (let r = 0; r < rows; r++) {
          const factor = Math.sqrt(f64[weight + (first + r) * ldw]);
          const from = X + (first + r) * p;
          for (let j = 0; j < p; j++) {
            const v = factor * (f64[from + j] - f64[mean + j]);
            f64[scratch + r * p + j] = v;
            if (!full) f64[out + j] += v * v;
          }
        }
        if (!full) continue;
        for (let i = 0; i < p; i++) {
          for (let j = i; j < p; j++) {
            let s = 0;
            for (let r = 0; r < rows; r++) s += f64[scratch + r * p + i] * f64[scratch + r * p + j];
            f64[out + i * p + j] += s;
          }
        }
      }
      if (full) for (let i = 1; i < p; i++) for (let j = 0; j < i; j++) f64[out + i * p + j] = f64[out + j * p + i];
    },

    logSumExpRows(S, n, k, out) {
      const { f64 } = memory;
      S >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) {
        const row = S + i * k;
        let most = f64[row];
        for (let c = 1; c < k; c++) most = Math.max(most, f64[row + c]);
        let total = 0;
        for (let c = 0; c < k; c++) total += exp(f64[row + c] - most);
        const l = most + log(total);
        f64[out + i] = l;
        for (let c = 0; c < k; c++) f64[row + c] = exp(f64[row + c] - l);
      }
    },
  };
}
