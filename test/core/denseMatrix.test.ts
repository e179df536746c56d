import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { columnMajor, naiveProduct, naiveTranspose, someRows, someVector } from './matrices.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong kinds on purpose
const wrong = (value: unknown) => value as any;

describe('DenseMatrix', () => {
  test('reads a flat array row by row unless told otherwise', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect(new DenseMatrix(data, 2, 3).toRows()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(new DenseMatrix(data, 2, 3, 'column').toRows()).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(new DenseMatrix(data, 2, 3, 'column').get(1, 2)).toBe(6);
  });

  test('keeps the array it is given, of either width', () => {
    const data = Float32Array.of(0.1, 2);
    expect(new DenseMatrix(data, 1, 2).data).toBe(data);
  });

  test('copies an array of rows, plain or typed', () => {
    const row = [3, 4];
    const X = DenseMatrix.from([Float32Array.of(1, 2), row]);
    row[0] = 9;
    expect(X.toRows()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(X.data).toBeInstanceOf(Float64Array);
    expect(X.order).toBe('row');
  });

  test('multiplies as the definition says, in both orders, bit for bit', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const x = someVector(rows[0].length);
        const y = someVector(rows.length);
        for (const X of [DenseMatrix.from(rows), columnMajor(rows)]) {
          expect(X.toRows()).toEqual(rows);
          expect(X.matvec(x)).toEqual(naiveProduct(rows, x));
          expect(X.rmatvec(y)).toEqual(naiveProduct(naiveTranspose(rows), y));
        }
      }),
    );
  });

  test('sums 32-bit values in 64 bits', () => {
    const X = new DenseMatrix(Float32Array.of(16777216, 1), 1, 2);
    expect(X.matvec([1, 1])[0]).toBe(16777217);
  });

  test('lets NaN in: only fits refuse it', () => {
    expect(DenseMatrix.from([[Number.NaN]]).get(0, 0)).toBeNaN();
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'a plain array',
      () => new DenseMatrix(wrong([1]), 1, 1),
      TypeError,
      'data: expected a Float64Array or a Float32Array, got an array of length 1',
    ],
    [
      'integers',
      () => new DenseMatrix(wrong(new Int8Array(1)), 1, 1),
      TypeError,
      'data: expected a Float64Array or a Float32Array, got Int8Array of length 1',
    ],
    [
      'too little data',
      () => new DenseMatrix(new Float64Array(5), 2, 3),
      RangeError,
      'data: expected rows * cols = 6 numbers, got 5',
    ],
    ['no rows', () => new DenseMatrix(new Float64Array(0), 0, 3), RangeError, 'X: expected at least one row'],
    ['no columns', () => new DenseMatrix(new Float64Array(0), 3, 0), RangeError, 'X: expected at least one column'],
    ['half a row', () => new DenseMatrix(new Float64Array(3), 1.5, 2), RangeError, 'rows: expected an integer >= 1, got 1.5'],
    [
      'text for cols',
      () => new DenseMatrix(new Float64Array(3), 1, wrong('3')),
      TypeError,
      'cols: expected an integer >= 1, got "3" (string)',
    ],
    [
      'an unknown order',
      () => new DenseMatrix(new Float64Array(3), 1, 3, wrong('F')),
      RangeError,
      'order: expected one of "row", "column", got "F" (string)',
    ],
    ['ragged rows', () => DenseMatrix.from([[1, 2], [3, 4], [5]]), RangeError, 'X[2]: expected 2 numbers, as in row 0, got 1'],
    ['an empty list', () => DenseMatrix.from([]), RangeError, 'X: expected at least one row'],
    ['empty rows', () => DenseMatrix.from([[], []]), RangeError, 'X: expected at least one column'],
    [
      'text in a row',
      () =>
        DenseMatrix.from(
          [
            [1, 2],
            [3, wrong('4')],
          ],
          'Z',
        ),
      TypeError,
      'Z[1][1] is "4" (string): expected a number',
    ],
    ['a hole', () => DenseMatrix.from([[1, wrong(undefined)]]), TypeError, 'X[0][1] is undefined: expected a number'],
    ['a flat array', () => DenseMatrix.from(wrong([1, 2])), TypeError, 'X[0]: expected a row of numbers, got 1'],
    ['a missing row', () => DenseMatrix.from(wrong([[1], null])), TypeError, 'X[1]: expected a row of numbers, got null'],
    [
      'big integers',
      () => DenseMatrix.from(wrong([new BigInt64Array(2)])),
      TypeError,
      'X[0]: expected a row of numbers, got BigInt64Array of length 2',
    ],
    ['an object', () => DenseMatrix.from(wrong({})), TypeError, 'X: expected an array of rows, got an object'],
    [
      'a row out of range',
      () => new DenseMatrix(new Float64Array(1), 1, 1).get(1, 0),
      RangeError,
      'i: expected an integer in 0..0, got 1',
    ],
    [
      'a column out of range',
      () => new DenseMatrix(new Float64Array(1), 1, 1).get(0, -1),
      RangeError,
      'j: expected an integer in 0..0, got -1',
    ],
    ['a short x', () => new DenseMatrix(new Float64Array(2), 1, 2).matvec([1]), RangeError, 'x: expected 2 numbers, got 1'],
    [
      'NaN in y',
      () => new DenseMatrix(new Float64Array(2), 2, 1).rmatvec([1, Number.NaN]),
      RangeError,
      'y[1] is NaN: expected a finite number',
    ],
  ])('refuses %s', (_, build, kind, message) => {
    expect(build).toThrow(new kind(message));
    expect(build).toThrow(kind);
  });
});
