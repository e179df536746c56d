import { integerIn } from './checks.ts';

const two32 = 4294967296;

/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna 2021), seeded by SplitMix32. The same seed gives the same numbers
 * on every machine, here and in the kernels, which continue from `state()`.
 *
 * @example Shuffle reproducibly.
 * ```ts
 * import { Random } from 'spinifex';
 * new Random(0).shuffle([1, 2, 3, 4, 5]);
 * ```
 */
export class Random {
  readonly #state: Uint32Array;

  /**
   * @param seed an integer >= 0
   * @param stream an integer >= 0: streams of one seed are independent of each other
   * @default stream 0
   */
  constructor(seed: number, stream = 0) {
    this.#state = Random.seedState(seed, stream);
  }

  /** The four state words that a generator with this seed and stream starts from; no two pairs share them. */
  static seedState(seed: number, stream = 0): Uint32Array {
    integerIn(seed, 'seed', 0);
    integerIn(stream, 'stream', 0);
    const state = Uint32Array.of(seed, seed / two32, stream, stream / two32);
    // Three rounds of a bijection of the 128 bits, so every word depends on every input bit. The forbidden all-zero state
    // would need 0x8fc83bdd as the high half of the seed, which is more than 53 bits.
    for (let k = 0, counter = 0; k < 12; k++) {
      counter = (counter + 0x9e3779b9) >>> 0;
      state[k & 3] = mix((state[k & 3] ^ state[(k + 3) & 3]) + counter);
    }
    return state;
  }

  /** A copy of the four state words as they are now. */
  state(): Uint32Array {
    return this.#state.slice();
  }

  /** The next integer in 0..2^32 - 1. */
  next(): number {
    const s = this.#state;
    const out = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return out;
  }

  /** The next number in [0, 1), a multiple of 2^-53. Uses two integers. */
  uniform(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** The next integer in 0..n - 1, every one equally likely, for n in 1..2^32. */
  integer(n: number): number {
    integerIn(n, 'n', 1, two32);
    const limit = two32 - (two32 % n);
    let draw = this.next();
    while (draw >= limit) draw = this.next();
    return draw % n;
  }

  /** Puts the entries of an array into random order, in place (Fisher and Yates), and returns it. */
  shuffle<T extends { readonly length: number; [index: number]: unknown }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return array;
  }
}

/** The output function of SplitMix32: a bijection of 32-bit integers. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

function rotateLeft(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
