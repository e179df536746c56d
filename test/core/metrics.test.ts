import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  auc,
  balancedAccuracy,
  confusionMatrix,
  meanAbsoluteError,
  meanSquaredError,
  precisionRecallF1,
  r2,
} from '../../src/core/metrics.ts';

const value = fc.integer({ min: -40, max: 40 }).map((v) => v / 8);
const rows = fc.array(fc.record({ y: value, f: value, copies: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 25 });
const classed = fc.array(
  fc.record({ y: fc.integer({ min: 0, max: 3 }), f: fc.integer({ min: 1, max: 5 }), copies: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 25 },
);
const binary = fc
  .array(fc.record({ y: fc.boolean(), score: fc.integer({ min: 0, max: 6 }), copies: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 2,
    maxLength: 25,
  })
  .filter((data) => data.some(({ y }) => y) && data.some(({ y }) => !y));

/** Each row as often as its number of copies says. */
function repeated<T extends { copies: number }>(data: T[]): T[] {
  return data.flatMap((row) => Array.from({ length: row.copies }, () => row));
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const copies = (data: { copies: number }[]): number[] => data.map((row) => row.copies);

describe('metrics of numbers', () => {
  test('are what their formulas say, and a weight is a number of copies', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const [y, f] = [data.map((row) => row.y), data.map((row) => row.f)];
        const many = repeated(data);
        const square = mean(many.map((row) => (row.y - row.f) ** 2));
        const centre = mean(many.map((row) => row.y));
        const spread = mean(many.map((row) => (row.y - centre) ** 2));
        const options = { sampleWeight: copies(data) };
        expect(meanSquaredError(y, f, options)).toBeCloseTo(square, 10);
        expect(meanAbsoluteError(y, f, options)).toBeCloseTo(mean(many.map((row) => Math.abs(row.y - row.f))), 10);
        const constant = y.every((v) => v === y[0]);
        const share = constant ? (square === 0 ? 1 : 0) : 1 - square / spread;
        expect(Math.abs(r2(y, f, options) - share)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(share)));
      }),
    );
  });

  test('r2 of a constant is 1 for a perfect prediction and 0 otherwise, also where its mean is rounded', () => {
    expect(r2([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toBe(1);
    expect(r2([0.1, 0.1, 0.1], [0.1, 0.1, 0.2])).toBe(0);
    expect(r2([7, 0.1, 0.1], [7, 0.1, 0.2], { sampleWeight: [0, 1, 1] })).toBe(0);
  });
});

describe('metrics of labels', () => {
  test('count agreements per class, and a weight is a number of copies', () => {
    fc.assert(
      fc.property(classed, (data) => {
        const [y, f] = [data.map((row) => row.y), data.map((row) => row.f)];
        const options = { sampleWeight: copies(data) };
        const many = repeated(data);
        const { classes, counts } = confusionMatrix(y, f, options);
        expect(classes).toEqual([...new Set([...y, ...f])].sort((a, b) => a - b));
        for (const [i, a] of classes.entries())
          for (const [j, b] of classes.entries())
            expect(counts.get(i, j)).toBe(many.filter((row) => row.y === a && row.f === b).length);
        expect(accuracy(y, f, options)).toBeCloseTo(mean(many.map((row) => +(row.y === row.f))), 12);
        const scores = precisionRecallF1(y, f, options);
        for (const [k, label] of classes.entries()) {
          const [own, claimed] = [many.filter((row) => row.y === label), many.filter((row) => row.f === label)];
          const hits = own.filter((row) => row.f === label).length;
          const [precision, recall] = [claimed.length ? hits / claimed.length : 0, own.length ? hits / own.length : 0];
          expect(scores.precision[k]).toBeCloseTo(precision, 12);
          expect(scores.recall[k]).toBeCloseTo(recall, 12);
          expect(scores.f1[k]).toBeCloseTo(hits ? (2 * precision * recall) / (precision + recall) : 0, 12);
          expect(scores.support[k]).toBe(own.length);
        }
        const present = [...new Set(y)];
        const recalls = present.map((label) => mean(many.filter((row) => row.y === label).map((row) => +(row.f === label))));
        expect(balancedAccuracy(y, f, options)).toBeCloseTo(mean(recalls), 12);
      }),
    );
  });

  test('know strings', () => {
    const { classes, precision, recall } = precisionRecallF1(['tea', 'tea', 'ale'], ['tea', 'ale', 'ale']);
    expect(classes).toEqual(['ale', 'tea']);
    expect(Array.from(precision)).toEqual([0.5, 1]);
    expect(Array.from(recall)).toEqual([1, 0.5]);
  });
});

describe('auc', () => {
  test('is the share of pairs in order, ties counting half, and a weight is a number of copies', () => {
    fc.assert(
      fc.property(binary, (data) => {
        const many = repeated(data);
        const wins = many
          .filter((a) => a.y)
          .flatMap((a) => many.filter((b) => !b.y).map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
        const y = data.map((row) => +row.y);
        const scores = data.map((row) => row.score);
        expect(auc(y, scores, { sampleWeight: copies(data) })).toBeCloseTo(mean(wins), 12);
        const names = y.map((v) => (v ? 'yes' : 'no'));
        expect(
          auc(
            names,
            scores.map((s) => -s),
            { sampleWeight: copies(data), positive: 'no' },
          ),
        ).toBeCloseTo(mean(wins), 12);
      }),
    );
  });

  test('takes one class of many against the rest', () => {
    expect(auc(['a', 'b', 'c', 'b'], [1, 3, 2, 4], { positive: 'b' })).toBe(1);
    expect(auc(['a', 'b', 'c', 'b'], [1, 3, 2, 4], { positive: 'c' })).toBeCloseTo(1 / 3, 15);
  });
});

describe('metrics refuse', () => {
  test.each<[string, () => unknown, Error]>([
    ['no rows', () => meanSquaredError([], []), new RangeError('y: expected at least one number')],
    ['other lengths', () => meanAbsoluteError([1, 2], [1]), new RangeError('predicted: expected 2 numbers, got 1')],
    ['NaN', () => r2([1, Number.NaN], [1, 2]), new RangeError('y[1] is NaN: expected a finite number')],
    [
      'weights below 0',
      () => r2([1], [1], { sampleWeight: [-1] }),
      new RangeError('sampleWeight[0] is -1: expected a number >= 0'),
    ],
    [
      'unknown options',
      () => accuracy([1], [1], { weights: [1] } as object),
      new TypeError('accuracy: unknown option "weights"; known options: sampleWeight'),
    ],
    [
      'labels of another kind',
      () => accuracy<string | number>([1, 2], ['1', '2']),
      new TypeError('predicted[0]: expected a number, as the labels in y, got "1" (string)'),
    ],
    [
      'too few labels',
      () => confusionMatrix([1, 2], [1]),
      new RangeError('predicted: expected 2 labels, one for each row, got 1'),
    ],
    [
      'three classes',
      () => auc([1, 2, 3], [1, 2, 3]),
      new RangeError('y: expected 2 classes, or the option positive, got 3 classes'),
    ],
    [
      'one class by weight',
      () => auc([0, 1], [1, 2], { sampleWeight: [1, 0] }),
      new RangeError('y: expected positive and negative rows with a positive weight, got no positive ones'),
    ],
  ])('%s', (_, call, error) => {
    expect(call).toThrow(error);
  });
});
