import { set } from './access';
import { log } from './math';

// xoshiro128** 1.1 (Blackman and Vigna 2018): 32-bit words, so that the JS twin needs no 64-bit integers.

// @ts-ignore: decorator
@inline
export function next(state: usize): u32 {
  const s0 = load<u32>(state), s1 = load<u32>(state, 4);
  let s2 = load<u32>(state, 8), s3 = load<u32>(state, 12);
  const result = rotl<u32>(s1 * 5, 7) * 9;
  s2 ^= s0;
  s3 ^= s1;
  store<u32>(state, s0 ^ s3);
  store<u32>(state, s1 ^ s2, 4);
  store<u32>(state, s2 ^ (s1 << 9), 8);
  store<u32>(state, rotl<u32>(s3, 11), 12);
  return result;
}

// @ts-ignore: decorator
@inline
export function uniform(state: usize): f64 {
  const a = next(state), b = next(state);
  return (<f64>(a >>> 5) * 67108864.0 + <f64>(b >>> 6)) * 1.1102230246251565e-16;
}

export function randomUniform(state: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) set(out, i, uniform(state));
}

/** Marsaglia's polar method: only log and sqrt, both exact across engines. */
export function randomNormal(state: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 2) {
    let u: f64, v: f64, q: f64;
    do {
      u = 2 * uniform(state) - 1;
      v = 2 * uniform(state) - 1;
      q = u * u + v * v;
    } while (q >= 1 || q == 0);
    const m = Math.sqrt((-2 * log(q)) / q);
    set(out, i, u * m);
    if (i + 1 < n) set(out, i + 1, v * m);
  }
}
