import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLabels, type Label, labelIndices } from '../../src/core/labels.ts';

const nan = Number.NaN;

describe('encodeLabels', () => {
  test('sorts numbers by value and numbers the classes in that order', () => {
    expect(encodeLabels([10, -3, 10, 9, 0.5])).toEqual({ classes: [-3, 0.5, 9, 10], index: Int32Array.of(3, 0, 3, 2, 1) });
    expect(encodeLabels(Uint8Array.of(200, 7, 200))).toEqual({ classes: [7, 200], index: Int32Array.of(1, 0, 1) });
  });

  test('sorts strings by code units, whatever the locale', () => {
    const labels = ['ä', 'b', 'Z', 'a', '', '\u{1F600}', '\uffff'];
    const { classes, index } = encodeLabels(labels);
    expect(classes).toEqual(['', 'Z', 'a', 'b', 'ä', '\u{1F600}', '\uffff']);
    expect(Array.from(index, (k) => classes[k])).toEqual(labels);
  });

  test('gives every row the position of its own label, and every class at least one row', () => {
    const kinds = fc.oneof(
      fc.array(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => (v === 0 ? 0 : v)),
        { minLength: 1, maxLength: 30 },
      ),
      fc.array(fc.string({ maxLength: 2 }), { minLength: 1, maxLength: 30 }),
    );
    fc.assert(
      fc.property(kinds, (labels) => {
        const { classes, index } = encodeLabels<Label>(labels, 'y', labels.length, 1);
        expect(Array.from(index, (k) => classes[k])).toEqual(labels);
        expect(new Set(index).size).toBe(classes.length);
        for (let k = 1; k < classes.length; k++) expect(classes[k - 1] < classes[k]).toBe(true);
        expect(labelIndices<Label>(labels, classes)).toEqual(index);
      }),
    );
  });

  test('takes -0 and 0 for one class', () => {
    expect(encodeLabels([-0, 1, 0])).toEqual({ classes: [0, 1], index: Int32Array.of(0, 1, 0) });
    expect(labelIndices([-0], [0, 1])).toEqual(Int32Array.of(0));
  });

  test('leaves the labels alone', () => {
    const labels = Object.freeze(['b', 'a']);
    encodeLabels(labels);
    expect(labels).toEqual(['b', 'a']);
  });

  test('asks for fewer classes where the caller says so', () => {
    expect(encodeLabels([4, 4], 'y', 2, 1)).toEqual({ classes: [4], index: Int32Array.of(0, 0) });
    expect(() => encodeLabels([], 'y', 0, 1)).toThrow(new RangeError('y: expected at least 1 different labels, got none'));
  });

  test.each<[unknown, ErrorConstructor, string]>([
    [[1, nan, 2], RangeError, 'y[1] is NaN: expected a finite number'],
    [[Infinity, 1, 2], RangeError, 'y[0] is Infinity: expected a finite number'],
    [[1, 2], RangeError, 'y: expected 3 labels, one for each row, got 2'],
    [[5, 5, 5], RangeError, 'y: expected at least 2 different labels, got 1: 5'],
    [['yes', 'yes', 'yes'], RangeError, 'y: expected at least 2 different labels, got 1: "yes"'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what this row is about
    [[1, , 2], TypeError, 'y[1] is undefined: expected a number, as y[0]'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what this row is about
    [[, 1, 2], TypeError, 'y[0] is undefined: expected a finite number or a string'],
    [[true, false, true], TypeError, 'y[0] is true (boolean): expected a finite number or a string'],
    [[{}, 1, 2], TypeError, 'y[0] is an object: expected a finite number or a string'],
    [[1, '1', 2], TypeError, 'y[1] is "1" (string): expected a number, as y[0]'],
    [['a', 'b', 3], TypeError, 'y[2] is 3: expected a string, as y[0]'],
    [['a', 'b', null], TypeError, 'y[2] is null: expected a string, as y[0]'],
    ['abc', TypeError, 'y: expected an array of labels (all numbers or all strings), got "abc" (string)'],
    [undefined, TypeError, 'y: expected an array of labels (all numbers or all strings), got undefined'],
    [{ length: 3 }, TypeError, 'y: expected an array of labels (all numbers or all strings), got an object'],
    [
      BigInt64Array.of(1n, 2n, 3n),
      TypeError,
      'y: expected an array of labels (all numbers or all strings), got BigInt64Array of length 3',
    ],
  ])('refuses row %# of the table of bad labels', (labels, kind, message) => {
    expect(() => encodeLabels(labels as number[], 'y', 3)).toThrow(new kind(message));
    expect(() => encodeLabels(labels as number[], 'y', 3)).toThrow(kind);
  });
});

describe('labelIndices', () => {
  test('numbers other data by the classes of the training data', () => {
    expect(labelIndices(['b', 'a', 'b'], ['a', 'b', 'c'], 'labels', 3)).toEqual(Int32Array.of(1, 0, 1));
    expect(labelIndices([], [1, 2])).toEqual(new Int32Array(0));
  });

  test.each<[unknown, Label[], ErrorConstructor, string]>([
    [[1, 3], [1, 2], RangeError, 'validation[1] is 3: expected one of the classes 1, 2'],
    [['a', 'c'], ['a', 'b'], RangeError, 'validation[1] is "c": expected one of the classes "a", "b"'],
    [
      [1, -1],
      Array.from({ length: 20 }, (_, k) => k),
      RangeError,
      'validation[1] is -1: expected one of the classes 0, 1, 2, 3, 4, 5, 6, 7, ... (20 in all)',
    ],
    [['1', '2'], [1, 2], TypeError, 'validation[0] is "1" (string): expected a number, as the classes'],
    [[1, 2], ['1', '2'], TypeError, 'validation[0] is 1: expected a string, as the classes'],
    [[1, nan], [1, 2], RangeError, 'validation[1] is NaN: expected a finite number'],
    [[1], [1, 2], RangeError, 'validation: expected 2 labels, one for each row, got 1'],
  ])('refuses row %# of the table of bad labels', (labels, classes, kind, message) => {
    expect(() => labelIndices(labels as Label[], classes, 'validation', 2)).toThrow(new kind(message));
    expect(() => labelIndices(labels as Label[], classes, 'validation', 2)).toThrow(kind);
  });
});
