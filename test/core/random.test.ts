import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random.ts';

describe('Random', () => {
  test('draws the pinned numbers for seed 0', () => {
    const random = new Random(0);
    expect(random.state()).toEqual(Uint32Array.of(1764796367, 261865127, 1908449037, 1310767890));
    expect([random.next(), random.next(), random.next(), random.next()]).toEqual([809610975, 4082098826, 2613603825, 2182576379]);
    const again = new Random(0);
    expect([again.uniform(), again.uniform(), again.uniform(), again.uniform()]).toEqual([
      0.18850224428204965, 0.6085270606590111, 0.006075206324239746, 0.3833241981905763,
    ]);
  });

  test('uses all 53 bits of the seed, and the stream', () => {
    expect(new Random(2 ** 40 + 7, 3).uniform()).toBe(0.33500604808500134);
    expect(new Random(0, 1).uniform()).toBe(0.559036709653844);
    const states = [0, 1, 2 ** 32, 2 ** 52].flatMap((seed) =>
      [0, 1, 2 ** 32].map((stream) => Random.seedState(seed, stream).join()),
    );
    expect(new Set(states).size).toBe(12);
  });

  test('gives out copies of its state', () => {
    const random = new Random(5);
    const before = random.state();
    expect(before).toEqual(Random.seedState(5));
    random.state().fill(0);
    random.next();
    expect(before).toEqual(Random.seedState(5));
    expect(random.state()).not.toEqual(before);
  });

  test('is uniform: mean, variance and neighbouring pairs', () => {
    const random = new Random(1);
    const n = 100_000;
    let [sum, square, product, previous, outside] = [0, 0, 0, 0.5, 0];
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      if (!(u >= 0 && u < 1)) outside++;
      sum += u - 0.5;
      square += (u - 0.5) ** 2;
      product += (u - 0.5) * (previous - 0.5);
      previous = u;
    }
    expect(outside).toBe(0);
    expect(Math.abs(sum / n)).toBeLessThan(0.004);
    expect(Math.abs(square / n - 1 / 12)).toBeLessThan(0.001);
    expect(Math.abs(product / n)).toBeLessThan(0.001);
  });

  test('draws every integer below n equally often', () => {
    const random = new Random(2);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(random.integer(1)).toBe(0);
    expect(random.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test('shuffles in place, the same way every time', () => {
    const array = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = new Random(3).shuffle(array);
    expect(shuffled).toBe(array);
    expect(new Random(3).shuffle(Int32Array.from({ length: 50 }, (_, i) => i))).toEqual(Int32Array.from(array));
    expect(array.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(array).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('refuses seeds that are not integers >= 0', () => {
    expect(() => new Random(-1)).toThrow(new RangeError('seed: expected an integer >= 0, got -1'));
    expect(() => new Random('7' as never)).toThrow(new TypeError('seed: expected an integer >= 0, got "7" (string)'));
    expect(() => new Random(1, 0.5)).toThrow(new RangeError('stream: expected an integer >= 0, got 0.5'));
    expect(() => new Random(1).integer(0)).toThrow(new RangeError('n: expected an integer in 1..4294967296, got 0'));
  });
});
