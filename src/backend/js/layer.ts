import type { Pointer } from '../kernels.ts';
import type { LayerKernels } from '../layerKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';
import { surrogate } from './surrogate.ts';

const SUBTRACT = 1;
const ZERO = 2;

type Names = 'lifForward' | 'spread' | 'lifBackward' | 'eventGradient' | 'leakBackward';
type Forms = { [N in Names]: LayerKernels[`${N}F32`] };

function forms(memory: JsMemory, { values, shift, round }: Precision): Forms {
  /** f[out ..] += v * row j of a block of synapses. */
  function addRow(block: Pointer, j: number, v: number, out: number, stride: number): void {
    const f = values(memory);
    const { i32, u32 } = memory;
    const dense = u32[block >>> 2];
    if (dense) {
      const w = (dense >>> shift) + j * stride;
      for (let k = 0; k < stride; k++) f[out + k] += round(v * f[w + k]);
      return;
    }
    const indptr = u32[(block >>> 2) + 1] >>> 2;
    const indices = u32[(block >>> 2) + 2] >>> 2;
    const data = u32[(block >>> 2) + 3] >>> shift;
    for (let e = i32[indptr + j]; e < i32[indptr + j + 1]; e++) f[out + i32[indices + e]] += round(v * f[data + e]);
  }

  function dotRow(block: Pointer, j: number, x: number, stride: number): number {
    const f = values(memory);
    const { i32, u32 } = memory;
    const dense = u32[block >>> 2];
    let sum = 0;
    if (dense) {
      const w = (dense >>> shift) + j * stride;
      for (let k = 0; k < stride; k++) sum += f[w + k] * f[x + k];
      return sum;
    }
    const indptr = u32[(block >>> 2) + 1] >>> 2;
    const indices = u32[(block >>> 2) + 2] >>> 2;
    const data = u32[(block >>> 2) + 3] >>> shift;
    for (let e = i32[indptr + j]; e < i32[indptr + j + 1]; e++) sum += f[data + e] * f[x + i32[indices + e]];
    return sum;
  }

  function spreadStep(
    u: number,
    size: number,
    theta: number,
    window: number,
    block: Pointer,
    d: number,
    post: number,
    e: number,
  ): void {
    const f = values(memory);
    for (let j = 0; j < size; j++) {
      if (Math.abs(round(f[u + j] - theta)) < window) f[e + j] += dotRow(block, j, d, post);
    }
  }

  return {
    lifForward(steps, stride, beta, theta, reset, drive, events, synapses, recurrent, U, offsets, ids) {
      const f = values(memory);
      const { i32, u32 } = memory;
      const at = events >>> 2;
      const eventOffsets = u32[at] >>> 2;
      const eventIds = u32[at + 1] >>> 2;
      const eventValues = u32[at + 2] >>> shift;
      const hasDrive = drive !== 0;
      const spikes = offsets !== 0;
      drive >>>= shift;
      U >>>= shift;
      offsets >>>= 2;
      ids >>>= 2;
      beta = round(beta);
      theta = round(theta);
      if (!spikes) reset = 0;
      let found = 0;
      if (spikes) i32[offsets] = 0;
      for (let t = 0; t < steps; t++) {
        const u = U + t * stride;
        for (let j = 0; j < stride; j++) {
          const input = hasDrive ? f[drive + j] : 0;
          if (t === 0) {
            f[u + j] = input;
            continue;
          }
          const before = f[u - stride + j];
          let kept = round(before * beta);
          if (before >= theta) {
            if (reset === SUBTRACT) kept = round(kept - theta);
            else if (reset === ZERO) kept = 0;
          }
          f[u + j] = kept + input;
        }
        if (events) {
          for (let e = i32[eventOffsets + t]; e < i32[eventOffsets + t + 1]; e++) {
            addRow(synapses, i32[eventIds + e], eventValues ? f[eventValues + e] : 1, u, stride);
          }
        }
        if (!spikes) continue;
        if (recurrent && t > 0) {
          for (let e = i32[offsets + t - 1]; e < found; e++) addRow(recurrent, i32[ids + e], 1, u, stride);
        }
        for (let j = 0; j < stride; j++) if (f[u + j] >= theta) i32[ids + found++] = j;
        i32[offsets + t + 1] = found;
      }
    },

    spread(steps, stride, size, theta, window, U, synapses, D, post, E) {
      const f = values(memory);
      U >>>= shift;
      D >>>= shift;
      E >>>= shift;
      theta = round(theta);
      window = round(window);
      f.fill(0, E, E + steps * stride);
      for (let t = 0; t < steps; t++) {
        spreadStep(U + t * stride, size, theta, window, synapses, D + t * post, post, E + t * stride);
      }
    },

    lifBackward(steps, stride, size, beta, theta, reset, detached, shape, slope, peak, window, cost, push, recurrent, U, E, sum) {
      const f = values(memory);
      const [hasPush, hasSum] = [push !== 0, sum !== 0];
      U >>>= shift;
      E >>>= shift;
      push >>>= shift;
      sum >>>= shift;
      [beta, theta, slope, peak, window, cost] = [beta, theta, slope, peak, window, cost].map(round);
      for (let t = steps - 1; t >= 0; t--) {
        const u = U + t * stride;
        const e = E + t * stride;
        const last = t + 1 === steps;
        if (recurrent && !last) spreadStep(u, size, theta, window, recurrent, e + stride, stride, e);
        f.fill(0, e + size, e + stride);
        for (let j = 0; j < size; j++) {
          const membrane = f[u + j];
          const distance = Math.abs(round(membrane - theta));
          const after = last ? 0 : f[e + stride + j];
          let carry = reset === ZERO && membrane >= theta ? 0 : beta * after;
          if (distance < window) {
            let back = f[e + j] + cost;
            if (!detached) {
              if (reset === SUBTRACT) back -= theta * after;
              else if (reset === ZERO) back -= beta * membrane * after;
            }
            carry += surrogate(distance, shape, slope, peak) * back;
          }
          if (hasPush) carry += f[push + j];
          f[e + j] = carry;
          if (hasSum) f[sum + j] += carry;
        }
      }
    },

    eventGradient(steps, events, gradient, D, stride) {
      const f = values(memory);
      const { i32, u32 } = memory;
      const offsets = u32[events >>> 2] >>> 2;
      const ids = u32[(events >>> 2) + 1] >>> 2;
      const weights = u32[(events >>> 2) + 2] >>> shift;
      const dense = u32[gradient >>> 2] >>> shift;
      const indptr = u32[(gradient >>> 2) + 1] >>> 2;
      const indices = u32[(gradient >>> 2) + 2] >>> 2;
      const data = u32[(gradient >>> 2) + 3] >>> shift;
      D >>>= shift;
      for (let t = 0; t < steps; t++) {
        const d = D + t * stride;
        for (let e = i32[offsets + t]; e < i32[offsets + t + 1]; e++) {
          const v = weights ? f[weights + e] : 1;
          const j = i32[ids + e];
          if (dense) {
            const to = dense + j * stride;
            for (let k = 0; k < stride; k++) f[to + k] += round(v * f[d + k]);
          } else {
            for (let k = i32[indptr + j]; k < i32[indptr + j + 1]; k++) f[data + k] += round(v * f[d + i32[indices + k]]);
          }
        }
      }
    },

    leakBackward(steps, stride, beta, G) {
      const f = values(memory);
      G >>>= shift;
      beta = round(beta);
      for (let k = (steps - 1) * stride - 1; k >= 0; k--) f[G + k] += round(beta * f[G + k + stride]);
    },
  };
}

export function layerKernels(memory: JsMemory): Pick<LayerKernels, `${Names}F32` | `${Names}F64`> {
  const [f32, f64] = [forms(memory, single), forms(memory, double)];
  return {
    lifForwardF32: f32.lifForward,
    lifForwardF64: f64.lifForward,
    spreadF32: f32.spread,
    spreadF64: f64.spread,
    lifBackwardF32: f32.lifBackward,
    lifBackwardF64: f64.lifBackward,
    eventGradientF32: f32.eventGradient,
    eventGradientF64: f64.eventGradient,
    leakBackwardF32: f32.leakBackward,
    leakBackwardF64: f64.leakBackward,
  };
}
