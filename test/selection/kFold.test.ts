import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kFold, splitsOf } from '../../src/selection/index.ts';

const counts = (values: ArrayLike<number>, k: number): number[] => {
  const out = new Array(k).fill(0);
  for (let i = 0; i < values.length; i++) out[values[i]]++;
  return out;
};
const spread = (list: number[]): number => Math.max(...list) - Math.min(...list);

describe('kFold', () => {
  test('with labels deals every class out evenly, and the rows too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        (labels, pick, seed) => {
          const folds = 2 + (pick % (labels.length - 1));
          const fold = kFold(labels.length, { folds, seed, labels });
          expect(spread(counts(fold, folds))).toBeLessThanOrEqual(1);
          for (const label of new Set(labels)) {
            const own = Array.from(fold).filter((_, i) => labels[i] === label);
            expect(spread(counts(own, folds))).toBeLessThanOrEqual(1);
          }
          expect(kFold(labels.length, { folds, seed, labels })).toEqual(fold);
        },
      ),
    );
  });

  test('with groups keeps each group in one fold, and no fold is larger than it must be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        (groups, pick, seed) => {
          const names = groups.map((g) => `patient ${g}`);
          const different = new Set(groups).size;
          fc.pre(different >= 2);
          const folds = 2 + (pick % (different - 1));
          const fold = kFold(groups.length, { folds, seed, groups: names });
          for (const g of new Set(groups)) expect(new Set(Array.from(fold).filter((_, i) => groups[i] === g)).size).toBe(1);
          const sizes = counts(fold, folds);
          expect(Math.min(...sizes)).toBeGreaterThan(0);
          // Dealing out by falling size leaves no two folds further apart than the largest group.
          expect(spread(sizes)).toBeLessThanOrEqual(Math.max(...counts(groups, 10)));
        },
      ),
    );
  });

  test('is another draw for another seed', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const groups = Array.from({ length: 40 }, (_, i) => i >> 1);
    for (const kind of [{}, { labels }, { groups }]) {
      expect(kFold(40, { seed: 1, ...kind })).not.toEqual(kFold(40, { seed: 2, ...kind }));
      expect(new Set(kFold(40, kind)).size).toBe(5);
    }
  });

  test.each<[() => unknown, ErrorConstructor, string]>([
    [() => kFold(5, { folds: 6 }), RangeError, 'folds: expected an integer in 2..5, got 6'],
    [() => kFold(5, { folds: 6, labels: [1, 1, 1, 2, 2] }), RangeError, 'folds: expected an integer in 2..5, got 6'],
    [() => kFold(5, { labels: [1, 2] }), RangeError, 'labels: expected 5 labels, one for each row, got 2'],
    [
      () => kFold(5, { folds: 3, groups: ['a', 'b', 'a', 'b', 'a'] }),
      RangeError,
      'groups: expected at least 3 different groups, got 2',
    ],
    [() => kFold(2, { labels: [1, 2], groups: [1, 2] }), TypeError, 'kFold: expected labels or groups, not both'],
    [() => kFold(2, 5 as unknown as object), TypeError, 'kFold: expected an options object, got 5'],
    [() => splitsOf('abc' as unknown as number[]), TypeError, 'foldIds: expected an array of numbers, got "abc" (string)'],
    [() => splitsOf([1, 1]), RangeError, 'foldIds: expected at least 2 different labels, got 1'],
  ])('refuses bad input %#', (call, kind, message) => {
    expect(call).toThrow(new kind(message));
    expect(call).toThrow(kind);
  });
});

describe('splitsOf', () => {
  test('lists the rows of every fold and all others, ascending', () => {
    expect(splitsOf([7, 3, 7, 9])).toEqual([
      { train: Int32Array.of(0, 2, 3), test: Int32Array.of(1) },
      { train: Int32Array.of(1, 3), test: Int32Array.of(0, 2) },
      { train: Int32Array.of(0, 1, 2), test: Int32Array.of(3) },
    ]);
  });
});
