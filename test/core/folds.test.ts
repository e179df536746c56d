import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLabels, kFold } from '../../src/core/folds.ts';

describe('kFold', () => {
  test('makes folds whose sizes differ by at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (n, pick, seed) => {
        const k = 2 + (pick % (n - 1));
        const counts = new Array(k).fill(0);
        for (const label of kFold(n, k, seed)) counts[label]++;
        expect(Math.min(...counts)).toBe(Math.floor(n / k));
        expect(Math.max(...counts)).toBe(Math.ceil(n / k));
      }),
    );
  });

  test('is the same for the same seed, and another one for another', () => {
    expect(kFold(30, 5, 7)).toEqual(kFold(30, 5, 7));
    expect(kFold(30, 5, 7)).not.toEqual(kFold(30, 5, 8));
  });

  test('refuses more folds than rows, and fewer than two', () => {
    expect(() => kFold(5, 6, 0)).toThrow(new RangeError('folds: expected an integer in 2..5, got 6'));
    expect(() => kFold(5, 1, 0)).toThrow(new RangeError('folds: expected an integer in 2..5, got 1'));
    expect(() => kFold(1, 2, 0)).toThrow(new RangeError('number of rows: expected an integer in 2..2147483647, got 1'));
  });
});

describe('foldLabels', () => {
  test('renumbers any integers in ascending order', () => {
    const ids = [10, -3, 10, 2023];
    expect(foldLabels(ids, 4)).toEqual({ labels: [-3, 10, 2023], fold: Int32Array.of(1, 0, 1, 2) });
    expect(ids).toEqual([10, -3, 10, 2023]);
  });

  test.each<[unknown, ErrorConstructor, string]>([
    [[1, 2], RangeError, 'foldIds: expected 3 numbers, got 2'],
    [[1, 2, 2.5], RangeError, 'foldIds[2] is 2.5: expected an integer'],
    [[1, Number.NaN, 2], RangeError, 'foldIds[1] is NaN: expected an integer'],
    [['a', 'b', 'c'], TypeError, 'foldIds[0] is "a" (string): expected an integer'],
    [[4, 4, 4], RangeError, 'foldIds: expected at least 2 different labels, got 1'],
    ['123', TypeError, 'foldIds: expected an array of 3 numbers, got "123" (string)'],
  ])('refuses %j', (ids, kind, message) => {
    expect(() => foldLabels(ids as number[], 3)).toThrow(new kind(message));
    expect(() => foldLabels(ids as number[], 3)).toThrow(kind);
  });
});
