import type { MathKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { log } from './math.ts';

export function randomKernels(memory: JsMemory): Pick<MathKernels, 'randomUniform' | 'randomNormal'> {
  return {
    randomUniform(state, out, n) {
      const { f64, u32 } = memory;
      state >>>= 2;
      out >>>= 3;
      for (let i = 0; i < n; i++) f64[out + i] = uniform(u32, state);
    },

    randomNormal(state, out, n) {
      const { f64, u32 } = memory;
      state >>>= 2;
      out >>>= 3;
      for (let i = 0; i < n; i += 2) {
        let u = 0;
        let v = 0;
        let q = 0;
        do {
          u = 2 * uniform(u32, state) - 1;
          v = 2 * uniform(u32, state) - 1;
          q = u * u + v * v;
        } while (!(q > 0 && q < 1));
        const m = Math.sqrt((-2 * log(q)) / q);
        f64[out + i] = u * m;
        if (i + 1 < n) f64[out + i + 1] = v * m;
      }
    },
  };
}

export function uniform(u32: Uint32Array, s: number): number {
  const a = next(u32, s);
  const b = next(u32, s);
  return ((a >>> 5) * 67108864 + (b >>> 6)) * 2 ** -53;
}

/** xoshiro128** (Blackman and Vigna) */
export function next(u32: Uint32Array, s: number): number {
  let s0 = u32[s];
  let s1 = u32[s + 1];
  let s2 = u32[s + 2];
  let s3 = u32[s + 3];
  const five = Math.imul(s1, 5);
  const result = Math.imul((five << 7) | (five >>> 25), 9);
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = (s3 << 11) | (s3 >>> 21);
  u32[s] = s0;
  u32[s + 1] = s1;
  u32[s + 2] = s2;
  u32[s + 3] = s3;
  return result;
}
