import type { SynapseKernels } from '../simulationKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { clip, type MatrixView } from './loops.ts';
import { log } from './math.ts';
import { next, uniform } from './random.ts';

const fround = Math.fround;
const exact = (x: number) => x;

/** How many trials fail before the next success, inverse = 1 / log(1 - p). */
function skip(u32: Uint32Array, state: number, inverse: number): number {
  return Math.floor(log(1 - uniform(u32, state)) * inverse);
}

export function synapseKernels(memory: JsMemory): SynapseKernels {
  function propagate(view: MatrixView, shift: number, single: boolean): SynapseKernels['propagateF64'] {
    return (spikes, count, indptr, targets, weights, weight, out) => {
      const { i32 } = memory;
      const round = single ? fround : exact;
      weight = round(weight);
      spikes >>>= 2;
      indptr >>>= 2;
      targets >>>= 2;
      out >>>= shift;
      let events = 0;
      for (let k = 0; k < count; k++) {
        const s = i32[spikes + k];
        const from = i32[indptr + s];
        const to = i32[indptr + s + 1];
        events += to - from;
        if (weights > 0) {
          const w = weights >>> shift;
          for (let e = from; e < to; e++) view[out + i32[targets + e]] += round(weight * view[w + e]);
        } else for (let e = targets + from; e < targets + to; e++) view[out + i32[e]] += weight;
      }
      return events;
    };
  }

  /** `single`: the intermediate product is rounded as the kernel does; storing rounds the rest. */
  function stdpArrive(view: MatrixView, shift: number, single: boolean): SynapseKernels['stdpArriveF64'] {
    return (spikes, count, indptr, targets, weights, gain, out, before, after, aMinus, wMin, wMax) => {
      const { i32 } = memory;
      const round = single ? fround : exact;
      spikes >>>= 2;
      indptr >>>= 2;
      targets >>>= 2;
      weights >>>= shift;
      out >>>= shift;
      before >>>= shift;
      after >>>= shift;
      [gain, aMinus, wMin, wMax] = [round(gain), round(aMinus), round(wMin), round(wMax)];
      let events = 0;
      for (let k = 0; k < count; k++) {
        const s = i32[spikes + k];
        const from = i32[indptr + s];
        const to = i32[indptr + s + 1];
        events += to - from;
        for (let e = from; e < to; e++) {
          const t = i32[targets + e];
          const w = view[weights + e];
          view[out + t] += round(gain * w);
          view[weights + e] = clip(round(w - round(aMinus * view[after + t])), wMin, wMax);
        }
        view[before + s] += 1;
      }
      return events;
    };
  }

  function stdpFire(view: MatrixView, shift: number, single: boolean): SynapseKernels['stdpFireF64'] {
    return (spikes, count, colptr, sources, edges, weights, before, after, aPlus, wMin, wMax) => {
      const { i32 } = memory;
      const round = single ? fround : exact;
      spikes >>>= 2;
      colptr >>>= 2;
      sources >>>= 2;
      edges >>>= 2;
      weights >>>= shift;
      before >>>= shift;
      after >>>= shift;
      [aPlus, wMin, wMax] = [round(aPlus), round(wMin), round(wMax)];
      for (let k = 0; k < count; k++) {
        const t = i32[spikes + k];
        const to = i32[colptr + t + 1];
        for (let c = i32[colptr + t]; c < to; c++) {
          const e = weights + i32[edges + c];
          view[e] = clip(round(view[e] + round(aPlus * view[before + i32[sources + c]])), wMin, wMax);
        }
        view[after + t] += 1;
      }
    };
  }

  function poissonInput(view: MatrixView, shift: number, single: boolean): SynapseKernels['poissonInputF64'] {
    return (state, gap, inverse, first, table, guide, weight, out, n) => {
      const { f64, i32, u32 } = memory;
      const round = single ? fround : exact;
      state >>>= 2;
      gap >>>= 3;
      table >>>= 2;
      guide >>>= 2;
      out >>>= shift;
      weight = round(weight);
      let i = f64[gap];
      while (i < n) {
        const u = next(u32, state) >>> 0;
        let k = i32[guide + (u >>> 24)];
        while (u > u32[table + k]) k++;
        k += first;
        view[out + i] += round(weight * k);
        i += 1;
        if (inverse !== 0) i += skip(u32, state, inverse);
      }
      f64[gap] = i - n;
    };
  }

  // Views change when memory grows: each call takes the current one.
  return {
    propagateF32: (...a) => propagate(memory.f32, 2, true)(...a),
    propagateF64: (...a) => propagate(memory.f64, 3, false)(...a),
    stdpArriveF32: (...a) => stdpArrive(memory.f32, 2, true)(...a),
    stdpArriveF64: (...a) => stdpArrive(memory.f64, 3, false)(...a),
    stdpFireF32: (...a) => stdpFire(memory.f32, 2, true)(...a),
    stdpFireF64: (...a) => stdpFire(memory.f64, 3, false)(...a),
    poissonInputF32: (...a) => poissonInput(memory.f32, 2, true)(...a),
    poissonInputF64: (...a) => poissonInput(memory.f64, 3, false)(...a),

    bernoulliSpikes(state, gap, inverse, n, spikes, at) {
      const { f64, i32, u32 } = memory;
      state >>>= 2;
      gap >>>= 3;
      spikes >>>= 2;
      let i = f64[gap];
      while (i < n) {
        i32[spikes + at++] = i;
        i += 1 + skip(u32, state, inverse);
      }
      f64[gap] = i - n;
      return at;
    },

    bernoulliRows(state, inverse, row, rows, cols, indptr, targets, capacity) {
      const { i32, u32 } = memory;
      state >>>= 2;
      indptr >>>= 2;
      targets >>>= 2;
      let at = i32[indptr];
      let r = row;
      for (; r < rows && at + cols <= capacity; r++) {
        for (let j = skip(u32, state, inverse); j < cols; j += 1 + skip(u32, state, inverse)) i32[targets + at++] = j;
        i32[indptr + r - row + 1] = at;
      }
      return r;
    },

    randomIntegers(state, below, out, n) {
      const { i32, u32 } = memory;
      state >>>= 2;
      out >>>= 2;
      const limit = 2 ** 32 - (2 ** 32 % below);
      for (let i = 0; i < n; i++) {
        let draw = next(u32, state) >>> 0;
        while (draw >= limit) draw = next(u32, state) >>> 0;
        i32[out + i] = draw % below;
      }
    },
  };
}
