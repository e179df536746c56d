import { describe, expect, test } from 'vitest';
import {
  booleanFlag,
  finiteNumber,
  integerIn,
  integerVector,
  nonNegativeNumber,
  nonNegativeVector,
  numberIn,
  oneOf,
  optionsObject,
  positiveNumber,
  vector,
} from '../../src/core/checks.ts';

const nan = Number.NaN;

describe('checks of numbers', () => {
  test('return the value when it will do', () => {
    expect(finiteNumber(-1.5, 'a')).toBe(-1.5);
    expect(nonNegativeNumber(0, 'a')).toBe(0);
    expect(positiveNumber(1e-300, 'a')).toBe(1e-300);
    expect(numberIn(1, 'a', 0, 1)).toBe(1);
    expect(numberIn(0, 'a', 0, 1, '[)')).toBe(0);
    expect(integerIn(3, 'a', 0, 3)).toBe(3);
    expect(booleanFlag(false, 'a')).toBe(false);
    expect(oneOf('cd', 'solver', ['auto', 'cd'])).toBe('cd');
  });

  test.each<[() => unknown, ErrorConstructor, string]>([
    [() => finiteNumber(nan, 'a'), RangeError, 'a: expected a finite number, got NaN'],
    [() => finiteNumber(-Infinity, 'a'), RangeError, 'a: expected a finite number, got -Infinity'],
    [() => finiteNumber(undefined, 'a'), TypeError, 'a: expected a finite number, got undefined'],
    [() => finiteNumber(3n, 'a'), TypeError, 'a: expected a finite number, got 3n (bigint)'],
    [() => nonNegativeNumber('0.1', 'lambda'), TypeError, 'lambda: expected a number >= 0, got "0.1" (string)'],
    [() => nonNegativeNumber(-1, 'lambda'), RangeError, 'lambda: expected a number >= 0, got -1'],
    [() => nonNegativeNumber(nan, 'lambda'), RangeError, 'lambda: expected a number >= 0, got NaN'],
    [() => nonNegativeNumber(Infinity, 'lambda'), RangeError, 'lambda: expected a finite number >= 0, got Infinity'],
    [() => positiveNumber(0, 'tol'), RangeError, 'tol: expected a number > 0, got 0'],
    [() => positiveNumber(Infinity, 'tol'), RangeError, 'tol: expected a finite number > 0, got Infinity'],
    [() => positiveNumber(null, 'tol'), TypeError, 'tol: expected a number > 0, got null'],
    [() => numberIn(1, 'damping', 0, 1, '[)'), RangeError, 'damping: expected a number in [0, 1), got 1'],
    [() => numberIn(0, 'p', 0, 1, '()'), RangeError, 'p: expected a number in (0, 1), got 0'],
    [() => numberIn(nan, 'p', 0, 1), RangeError, 'p: expected a number in [0, 1], got NaN'],
    [() => numberIn([0.5], 'p', 0, 1), TypeError, 'p: expected a number in [0, 1], got an array of length 1'],
    [() => integerIn(1.5, 'rank', 1), RangeError, 'rank: expected an integer >= 1, got 1.5'],
    [() => integerIn(9, 'folds', 2, 5), RangeError, 'folds: expected an integer in 2..5, got 9'],
    [() => integerIn(2 ** 53, 'seed', 0), RangeError, 'seed: expected an integer >= 0, got 9007199254740992'],
    [() => integerIn(true, 'rank', 1), TypeError, 'rank: expected an integer >= 1, got true (boolean)'],
    [() => booleanFlag(1, 'fitIntercept'), TypeError, 'fitIntercept: expected true or false, got 1'],
    [() => oneOf('CD', 'solver', ['auto', 'cd']), RangeError, 'solver: expected one of "auto", "cd", got "CD" (string)'],
    [() => oneOf(() => 1, 'solver', ['auto', 'cd']), TypeError, 'solver: expected one of "auto", "cd", got a function'],
    [() => finiteNumber(new Map(), 'a'), TypeError, 'a: expected a finite number, got an object (Map)'],
    [() => finiteNumber(Object.create(null), 'a'), TypeError, 'a: expected a finite number, got an object'],
    [() => finiteNumber(Symbol('s'), 'a'), TypeError, 'a: expected a finite number, got a symbol'],
    [() => finiteNumber('x'.repeat(50), 'a'), TypeError, `a: expected a finite number, got "${'x'.repeat(40)}..." (string)`],
  ])('refuse with the name, what was expected and what was seen (%#)', (check, kind, message) => {
    expect(check).toThrow(new kind(message));
    expect(check).toThrow(kind);
  });
});

describe('checks of vectors', () => {
  test('copy plain arrays and typed arrays', () => {
    const y = Float64Array.of(1, 2);
    const copy = vector(y, 'y', 2);
    copy[0] = 9;
    expect(y).toEqual(Float64Array.of(1, 2));
    expect(vector([1, 2], 'y')).toEqual(y);
    expect(vector(Uint8Array.of(1, 2), 'y')).toEqual(y);
    expect(nonNegativeVector([0, 2], 'w', 2)).toEqual(Float64Array.of(0, 2));
    expect(integerVector([3, 4], 'i', 3, 4)).toEqual(Int32Array.of(3, 4));
  });

  test.each<[() => unknown, ErrorConstructor, string]>([
    [() => vector([1, nan], 'y'), RangeError, 'y[1] is NaN: expected a finite number'],
    [() => vector(Float32Array.of(Infinity), 'y'), RangeError, 'y[0] is Infinity: expected a finite number'],
    [() => vector([1, '2'], 'y'), TypeError, 'y[1] is "2" (string): expected a finite number'],
    [() => vector([1, null], 'y'), TypeError, 'y[1] is null: expected a finite number'],
    [() => vector(new Array(2), 'y'), TypeError, 'y[0] is undefined: expected a finite number'],
    [() => vector('12', 'y', 2), TypeError, 'y: expected an array of 2 numbers, got "12" (string)'],
    [() => vector({ length: 1, 0: 1 }, 'y'), TypeError, 'y: expected an array of numbers, got an object'],
    [() => vector(BigInt64Array.of(1n), 'y'), TypeError, 'y: expected an array of numbers, got BigInt64Array of length 1'],
    [() => vector(new DataView(new ArrayBuffer(8)), 'y'), TypeError, 'y: expected an array of numbers, got an object (DataView)'],
    [() => vector([1, 2, 3], 'y', 2), RangeError, 'y: expected 2 numbers, got 3'],
    [() => nonNegativeVector([1, -1], 'sampleWeight'), RangeError, 'sampleWeight[1] is -1: expected a number >= 0'],
    [() => nonNegativeVector([0, 0], 'sampleWeight'), RangeError, 'sampleWeight: expected at least one positive weight'],
    [() => nonNegativeVector([nan], 'sampleWeight'), RangeError, 'sampleWeight[0] is NaN: expected a finite number'],
    [() => integerVector([5], 'i', 0, 4), RangeError, 'i[0] is 5: expected an integer in 0..4'],
    [() => integerVector([0.5], 'i', 0, 4), RangeError, 'i[0] is 0.5: expected an integer'],
  ])('refuse with the name and the position (%#)', (check, kind, message) => {
    expect(check).toThrow(new kind(message));
    expect(check).toThrow(kind);
  });
});

describe('optionsObject', () => {
  const known = ['lambda', 'tol'] as const;

  test('lets known options through, and no options at all', () => {
    const options = { lambda: 1 };
    expect(optionsObject<{ lambda?: number; tol?: number }>(options, 'Lasso', known)).toBe(options);
    expect(optionsObject<{ lambda?: number; tol?: number }>(undefined, 'Lasso', known)).toEqual({});
  });

  test('names the unknown option and the known ones', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a wrong option on purpose
    expect(() => optionsObject<any>({ alpha: 1 }, 'Lasso', known)).toThrow(
      new TypeError('Lasso: unknown option "alpha"; known options: lambda, tol'),
    );
  });

  test.each([
    [null, 'null'],
    [[1], 'an array of length 1'],
    [5, '5'],
    [new Map(), 'an object (Map)'],
  ])('refuses what is not a plain object (%#)', (value, text) => {
    // biome-ignore lint/suspicious/noExplicitAny: a wrong kind on purpose
    expect(() => optionsObject<any>(value, 'Lasso', known)).toThrow(
      new TypeError(`Lasso: expected an options object, got ${text}`),
    );
  });
});
