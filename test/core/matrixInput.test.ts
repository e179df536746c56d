import { describe, expect, test } from 'vitest';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { asMatrix, checkFinite } from '../../src/core/matrixInput.ts';
import { columnMajor } from './matrices.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong kinds on purpose
const wrong = (value: unknown) => value as any;

describe('asMatrix', () => {
  test('returns matrices as they are and reads arrays of rows', () => {
    for (const X of [DenseMatrix.from([[1]]), CsrMatrix.fromDense([[1]]), CscMatrix.fromDense([[1]])]) {
      expect(asMatrix(X)).toBe(X);
    }
    expect(asMatrix([[1, 2]])).toEqual(DenseMatrix.from([[1, 2]]));
  });

  const expected = 'expected a DenseMatrix, CsrMatrix, CscMatrix or an array of rows';

  test.each<[unknown, string]>([
    [5, `X: ${expected}, got 5`],
    [undefined, `X: ${expected}, got undefined`],
    [{ rows: 1 }, `X: ${expected}, got an object`],
    [new Float64Array(6), `X: ${expected} (for flat data: new DenseMatrix(data, rows, cols)), got Float64Array of length 6`],
    [[[1], ['2']], 'X[1][0] is "2" (string): expected a number'],
  ])('explains what it saw (%#)', (value, message) => {
    expect(() => asMatrix(wrong(value))).toThrow(new TypeError(message));
  });
});

describe('checkFinite', () => {
  const bad = [
    [1, 2, 3],
    [4, 5, Number.NaN],
  ];

  test('returns a matrix of finite numbers', () => {
    const X = CsrMatrix.fromDense([[1, 0]]);
    expect(checkFinite(X)).toBe(X);
  });

  test.each([
    ['row-major', DenseMatrix.from(bad)],
    ['column-major', columnMajor(bad)],
    ['CSR', CsrMatrix.fromDense(bad)],
    ['CSC', CscMatrix.fromDense(bad)],
  ])('names the row and the column in a %s matrix', (_, X) => {
    expect(() => checkFinite(X)).toThrow(new RangeError('X[1][2] is NaN: expected a finite number'));
  });

  test('names the place in a sparse matrix with empty rows', () => {
    const X = CsrMatrix.fromCoo(5, 4, { row: [4, 1], col: [0, 3], value: [1, -Infinity] });
    expect(() => checkFinite(X, 'A')).toThrow(new RangeError('A[1][3] is -Infinity: expected a finite number'));
  });
});
