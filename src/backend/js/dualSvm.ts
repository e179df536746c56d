import type { OnlineKernels } from '../onlineKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { addScaled, dotProduct } from './loops.ts';
import { next } from './random.ts';

/** As in assembly/dualSvm.ts. */
const STILL = 1e-14;

type Pass = OnlineKernels['svmPassF64'];

function pass(memory: JsMemory, single: boolean): Pass {
  return (indptr, indices, data, width, y, square, ridge, upper, bias, offset, order, active, state, alpha, w, range) => {
    const { f64, i32, u32 } = memory;
    const view = single ? memory.f32 : f64;
    const dense = indices === 0;
    data >>>= single ? 2 : 3;
    indptr >>>= 2;
    indices >>>= 2;
    order >>>= 2;
    state >>>= 2;
    y >>>= 3;
    square >>>= 3;
    alpha >>>= 3;
    w >>>= 3;
    range >>>= 3;
    const most = f64[range];
    const least = f64[range + 1];
    let largest = -Infinity;
    let smallest = Infinity;
    for (let k = active - 1; k > 0; k--) swap(i32, order + k, order + ((next(u32, state) >>> 0) % (k + 1)));
    for (let k = 0; k < active; k++) {
      const i = i32[order + k];
      const sign = f64[y + i];
      const a = f64[alpha + i];
      const r = ridge === 0 ? 0 : f64[(ridge >>> 3) + i];
      const top = upper === 0 ? Infinity : f64[(upper >>> 3) + i];
      const row = data + i * width;
      const from = dense ? 0 : i32[indptr + i];
      const to = dense ? 0 : i32[indptr + i + 1];
      let product = 0;
      if (dense) product = dotProduct(view, row, f64, w, width);
      else for (let e = from; e < to; e++) product += view[data + e] * f64[w + i32[indices + e]];
      const g = sign * (product + bias * f64[w + width] + offset) - 1 + r * a;
      let projected = g;
      if (a === 0) {
        if (g > most) {
          swap(i32, order + k--, order + --active);
          continue;
        }
        projected = Math.min(g, 0);
      } else if (a === top) {
        if (g < least) {
          swap(i32, order + k--, order + --active);
          continue;
        }
        projected = Math.max(g, 0);
      }
      largest = Math.max(largest, projected);
      smallest = Math.min(smallest, projected);
      if (Math.abs(projected) < STILL) continue;
      const curvature = f64[square + i] + r;
      const b = curvature > 0 ? Math.min(Math.max(a - g / curvature, 0), top) : top;
      const d = (b - a) * sign;
      f64[alpha + i] = b;
      if (dense) addScaled(d, view, row, f64, w, width);
      else for (let e = from; e < to; e++) f64[w + i32[indices + e]] += d * view[data + e];
      f64[w + width] += d * bias;
    }
    f64[range] = largest;
    f64[range + 1] = smallest;
    return active;
  };
}

function swap(i32: Int32Array, a: number, b: number): void {
  const held = i32[a];
  i32[a] = i32[b];
  i32[b] = held;
}

export function dualSvmKernels(memory: JsMemory): Pick<OnlineKernels, 'svmPassF32' | 'svmPassF64'> {
  return { svmPassF32: pass(memory, true), svmPassF64: pass(memory, false) };
}
