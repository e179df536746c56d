import type { JsMemory } from './jsMemory.ts';
import type { Precision } from './precision.ts';

/** What the graph says about a row of factors. */
export function factorPull(memory: JsMemory, { values, shift }: Precision) {
  /** Weighted sum over the neighbours of row i of what their slot t says, seen from row i's own prior. */
  function neighbours(i: number, graph: number, prior: number, Z: number, stride: number, t: number): number {
    const f = values(memory);
    const { i32, f64 } = memory;
    const [indptr, indices, data] = [i32[graph >>> 2] >>> 2, i32[(graph >>> 2) + 1] >>> 2, i32[(graph >>> 2) + 2] >>> 3];
    const p = prior >>> shift;
    const mine = prior ? f[p + i * stride + t] : 0;
    let s = 0;
    for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) {
      const l = i32[indices + e] * stride + t;
      s += f64[data + e] * (f[(Z >>> shift) + l] - (prior ? f[p + l] : 0) + mine);
    }
    return s;
  }

  function degree(i: number, graph: number): number {
    const { i32, f64 } = memory;
    const [indptr, data] = [i32[graph >>> 2] >>> 2, i32[(graph >>> 2) + 2] >>> 3];
    let s = 0;
    for (let e = i32[indptr + i]; e < i32[indptr + i + 1]; e++) s += f64[data + e];
    return s;
  }

  return { neighbours, degree };
}
