import type { MathKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';

// Every operation below is in the order of assembly/: equal bits depend on it.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const ROUND = 6755399441055744;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2^k for k in [-1022, 1023] */
function powerOfTwo(k: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (k + 1023) << 20;
  return scratch[0];
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = x * Math.LOG2E + ROUND - ROUND;
  const hi = x - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = hi - lo;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  const y = 1 + (r + (r * r * p + (hi - r - lo)));
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  if (k < -1021) return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return y * powerOfTwo(k);
}

export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let e = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    e = -54;
  }
  scratch[0] = x;
  const high = words[HIGH];
  e += (high >>> 20) - 1023;
  words[HIGH] = (high & 0xfffff) | 0x3ff00000;
  let m = scratch[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    e += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let R = 2 / 25;
  R = 2 / 23 + z * R;
  R = 2 / 21 + z * R;
  R = 2 / 19 + z * R;
  R = 2 / 17 + z * R;
  R = 2 / 15 + z * R;
  R = 2 / 13 + z * R;
  R = 2 / 11 + z * R;
  R = 2 / 9 + z * R;
  R = 2 / 7 + z * R;
  R = 2 / 5 + z * R;
  R = 2 / 3 + z * R;
  R = z * R;
  const h = 0.5 * f * f;
  return e * LN2_HIGH + (f - (h - (s * (h + R) + e * LN2_LOW)));
}

export function log1p(x: number): number {
  if (Number.isNaN(x) || x < -1) return NaN;
  if (x === -1) return -Infinity;
  if (x === Infinity) return Infinity;
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  const u = 1 + x;
  if (u === 1) return x;
  const c = u - 1;
  return log(u) + (x - c) / u;
}

export function mathKernels(memory: JsMemory): Omit<MathKernels, 'randomUniform' | 'randomNormal'> {
  return {
    exp,
    log,
    log1p,

    expVector(x, out, n) {
      const f = memory.f64;
      x >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) f[out + i] = exp(f[x + i]);
    },

    logVector(x, out, n) {
      const f = memory.f64;
      x >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) f[out + i] = log(f[x + i]);
    },

    log1pVector(x, out, n) {
      const f = memory.f64;
      x >>>= 3;
      out >>>= 3;
      for (let i = 0; i < n; i++) f[out + i] = log1p(f[x + i]);
    },
  };
}
