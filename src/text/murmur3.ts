import { integerIn, refuse } from '../core/checks.ts';

/**
 * MurmurHash3 (x86, 32 bits; Appleby 2011) of a text's UTF-8 bytes, as a signed integer: what `HashingVectorizer` and scikit-learn's
 * `murmurhash3_32` compute. Five values to compare other programs with (seed 0):
 *
 *   '' 0 · 'a' 1009084850 · 'hello' 613153351 · 'café' 605818632 · '東京' -1765863102
 *
 * @param seed an integer in 0..4294967295 @default 0
 * @throws TypeError, RangeError for anything else than a string and such a seed
 * @example
 * murmur3('hello'); // 613153351
 */
export function murmur3(text: string, seed = 0): number {
  if (typeof text !== 'string') refuse(text, 'text', 'a string', false);
  const padded = new TextEncoder().encode(`${text}\0\0\0`);
  return murmur3Of(new DataView(padded.buffer, padded.byteOffset), 0, padded.length - 3, integerIn(seed, 'seed', 0, 0xffffffff));
}

/** The hash of the bytes from `start` up to `end`, after which three more must be readable. */
export function murmur3Of(bytes: DataView, start: number, end: number, seed: number): number {
  let h = seed | 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    h ^= scramble(bytes.getInt32(i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (i < end) h ^= scramble(bytes.getInt32(i, true) & tailMask(end - i));
  h ^= end - start;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Keeps the first 1 to 3 bytes of four. */
export function tailMask(bytes: number): number {
  return -1 >>> (32 - 8 * bytes);
}

function scramble(k: number): number {
  const product = Math.imul(k, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
