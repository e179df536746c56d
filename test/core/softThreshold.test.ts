import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign } from '../../src/core/sign.ts';
import { softThreshold } from '../../src/core/softThreshold.ts';

describe('softThreshold', () => {
  test('moves towards zero and stops there', () => {
    expect(softThreshold(3, 1)).toBe(2);
    expect(softThreshold(-3, 1)).toBe(-2);
    expect(softThreshold(1, 1)).toBe(0);
    expect(softThreshold(-0.5, 1)).toBe(0);
    expect(softThreshold(-0, 0)).toBe(0);
    expect(softThreshold([3, -0.5, -3], 1)).toEqual(Float64Array.of(2, 0, -2));
  });

  test('minimises 1/2 (v - w)^2 + t |v|', () => {
    const amount = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(amount, fc.double({ min: 0, max: 50, noNaN: true }), amount, (w, t, other) => {
        const value = (v: number) => 0.5 * (v - w) ** 2 + t * Math.abs(v);
        expect(value(softThreshold(w, t))).toBeLessThanOrEqual(value(other) + 1e-9);
      }),
    );
  });

  test('leaves the array of the caller as it was, and refuses bad amounts', () => {
    const w = Float64Array.of(5);
    softThreshold(w, 1);
    expect(w[0]).toBe(5);
    expect(() => softThreshold(1, -1)).toThrow(new RangeError('t: expected a number >= 0, got -1'));
    expect(() => softThreshold(Number.NaN, 1)).toThrow(new RangeError('w: expected a finite number, got NaN'));
    expect(() => softThreshold([1, Number.NaN], 1)).toThrow(new RangeError('w[1] is NaN: expected a finite number'));
    expect(() => softThreshold('1' as never, 1)).toThrow(new TypeError('w: expected an array of numbers, got "1" (string)'));
  });
});

describe('sign', () => {
  test('is +1, 0 or -1, for numbers and arrays', () => {
    expect([sign(0.1), sign(0), sign(-0), sign(-7)]).toEqual([1, 0, 0, -1]);
    expect(sign([2, 0, -2])).toEqual(Float64Array.of(1, 0, -1));
    expect(() => sign([Infinity])).toThrow(new RangeError('w[0] is Infinity: expected a finite number'));
  });
});
