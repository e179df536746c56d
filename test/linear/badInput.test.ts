import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  basisPursuit,
  CscMatrix,
  CsrMatrix,
  DenseMatrix,
  type DesignInput,
  ElasticNet,
  ElasticNetCV,
  Lasso,
  LassoCV,
  LinearModel,
  LinearRegression,
  lambdaMax,
  lassoPath,
  OutOfMemoryError,
  Ridge,
  SpinifexError,
  setBackend,
  upload,
  type VectorInput,
} from '../../src/index.ts';
import { contents, FORMATS, stored } from './formats.ts';
import { Dice, linearData } from './problems.ts';

const { rows, y } = linearData(new Dice(21), 12, 4);
const lasso = new Lasso({ lambda: 0.1 });
const expected = lasso.fit(rows, y).coef;

type Kind = new (...given: never[]) => Error;

/** Runs something that must be refused; the message must match, no memory may stay behind, and a valid fit must still be what it was. */
function expectRefused(body: () => unknown, kind: Kind, message: RegExp | string): void {
  const { heap } = currentBackend();
  const before = heap.inUse;
  let error: unknown;
  try {
    body();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, 'nothing was thrown').toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect(Object.getPrototypeOf(error)).toBe(kind.prototype);
  expect(heap.inUse).toBe(before);
  expect(lasso.fit(rows, y).coef).toEqual(expected);
}

/** A copy of the data with one value replaced. */
function spoilt(i: number, j: number, value: number): number[][] {
  return rows.map((row, k) => row.map((v, l) => (k === i && l === j ? value : v)));
}

function replaced(at: number, value: unknown, values: readonly number[] = y): number[] {
  return values.map((v, i) => (i === at ? (value as number) : v));
}

const fits: [string, (X: DesignInput, y: VectorInput, options?: object) => unknown][] = [
  ['Lasso', (X, y, options) => new Lasso({ lambda: 0.1 }).fit(X, y, options)],
  ['ElasticNet', (X, y, options) => new ElasticNet({ lambda: 0.1 }).fit(X, y, options)],
  ['Ridge', (X, y, options) => new Ridge({ lambda: 0.1 }).fit(X, y, options)],
  ['LinearRegression', (X, y, options) => new LinearRegression().fit(X, y, options)],
  ['lassoPath', (X, y, options) => lassoPath(X, y, { nLambdas: 5, ...options })],
  ['lambdaMax', (X, y, options) => lambdaMax(X, y, options)],
  ['LassoCV', (X, y, options) => new LassoCV({ folds: 3, nLambdas: 5 }).fit(X, y, options)],
];

describe.each(fits)('%s refuses', (_, learn) => {
  test.each([Number.NaN, Infinity, -Infinity])('%s in X, and names its place in every format', (bad) => {
    for (const format of FORMATS) {
      const X = stored(spoilt(7, 2, bad), format);
      const before = contents(X);
      expectRefused(() => learn(X, y), RangeError, `X[7][2] is ${bad}`);
      expect(contents(X)).toEqual(before);
    }
    expectRefused(() => learn(spoilt(0, 0, bad), y), RangeError, `X[0][0] is ${bad}`);
    expectRefused(() => learn(stored(spoilt(11, 3, bad), 'row-major', Float32Array), y), RangeError, `X[11][3] is ${bad}`);
  });

  test('values in X that are not numbers', () => {
    expectRefused(
      () =>
        learn(
          [
            [1, 2],
            [3, '4' as unknown as number],
          ],
          [1, 2],
        ),
      TypeError,
      'X[1][1] is "4" (string)',
    );
    expectRefused(
      () =>
        learn(
          [
            [1, 2],
            [3, null as unknown as number],
          ],
          [1, 2],
        ),
      TypeError,
      'X[1][1] is null',
    );
  });

  test('rows of different lengths', () => {
    expectRefused(
      () =>
        learn(
          [
            [1, 2, 3],
            [4, 5, 6],
            [7, 8],
          ],
          [1, 2, 3],
        ),
      RangeError,
      /X\[2\].*3.*2/,
    );
  });

  test('an X without rows, without columns, or that is no matrix', () => {
    expectRefused(() => learn([], []), RangeError, /^X: expected at least one row/);
    expectRefused(() => learn([[], []], [1, 2]), RangeError, /^X: expected at least one column/);
    for (const X of [undefined, null, 'X', 7, Float64Array.of(1, 2), { rows: 1 }]) {
      expectRefused(() => learn(X as unknown as number[][], [1, 2]), TypeError, /^X: expected a DenseMatrix/);
    }
    expectRefused(() => learn([1, 2] as unknown as number[][], [1, 2]), TypeError, /^X\[0\]/);
  });

  test('a y of another length, of another kind, or with a value that is not finite', () => {
    expectRefused(() => learn(rows, y.slice(1)), RangeError, 'y: expected 12 numbers, got 11');
    expectRefused(() => learn(rows, []), RangeError, 'y: expected 12 numbers, got 0');
    expectRefused(() => learn(rows, replaced(5, Number.NaN)), RangeError, 'y[5] is NaN');
    expectRefused(() => learn(rows, replaced(11, -Infinity)), RangeError, 'y[11] is -Infinity');
    expectRefused(() => learn(rows, replaced(2, '1')), TypeError, 'y[2] is "1" (string)');
    expectRefused(() => learn(rows, undefined as unknown as number[]), TypeError, /^y: expected an array/);
    expectRefused(() => learn(rows, 'abcdefghijkl' as unknown as number[]), TypeError, /^y: expected an array/);
  });

  test('sample weights that are negative, all zero, too few or not finite', () => {
    const ones = y.map(() => 1);
    expectRefused(() => learn(rows, y, { sampleWeight: replaced(4, -0.5, ones) }), RangeError, 'sampleWeight[4] is -0.5');
    expectRefused(
      () => learn(rows, y, { sampleWeight: y.map(() => 0) }),
      RangeError,
      /^sampleWeight: expected at least one positive/,
    );
    expectRefused(() => learn(rows, y, { sampleWeight: [1, 1] }), RangeError, 'sampleWeight: expected 12 numbers, got 2');
    expectRefused(() => learn(rows, y, { sampleWeight: replaced(0, Number.NaN, ones) }), RangeError, 'sampleWeight[0] is NaN');
    expectRefused(() => learn(rows, y, { sampleWeight: 1 }), TypeError, /^sampleWeight: expected an array/);
  });

  test('an offset of another length or with a value that is not finite', () => {
    expectRefused(() => learn(rows, y, { offset: [1] }), RangeError, 'offset: expected 12 numbers, got 1');
    expectRefused(() => learn(rows, y, { offset: replaced(3, Infinity) }), RangeError, 'offset[3] is Infinity');
  });

  test('options that it does not know', () => {
    expectRefused(() => learn(rows, y, { sampleWeights: y }), TypeError, /unknown option "sampleWeights"/);
  });

  test('without writing to what it was given', () => {
    const given = {
      X: rows.map((row) => [...row]),
      y: [...y],
      sampleWeight: y.map((_, i) => i),
      offset: y.map((_, i) => 0.1 * i),
    };
    const before = structuredClone(given);
    learn(given.X, given.y, { sampleWeight: given.sampleWeight, offset: given.offset });
    expect(given).toEqual(before);
    given.sampleWeight[3] = -1;
    expectRefused(
      () => learn(given.X, given.y, { sampleWeight: given.sampleWeight, offset: given.offset }),
      RangeError,
      'sampleWeight[3]',
    );
    expect({ ...given, sampleWeight: before.sampleWeight }).toEqual(before);
  });
});

/** An options object of the wrong type, on purpose. */
function wrong(options: object): never {
  return options as never;
}

const recipes: [string, (options: object) => unknown][] = [
  ['Lasso', (options) => new Lasso(wrong({ lambda: 0.1, ...options })).fit(rows, y)],
  ['ElasticNet', (options) => new ElasticNet(wrong({ lambda: 0.1, ...options })).fit(rows, y)],
  ['Ridge', (options) => new Ridge(wrong({ lambda: 0.1, ...options })).fit(rows, y)],
  ['lassoPath', (options) => lassoPath(rows, y, wrong({ nLambdas: 5, ...options }))],
  ['lambdaMax', (options) => lambdaMax(rows, y, wrong(options))],
  ['LassoCV', (options) => new LassoCV(wrong({ folds: 3, nLambdas: 5, ...options })).fit(rows, y)],
];

describe.each(recipes)('%s refuses', (_, use) => {
  test('bounds that exclude 0, that are not numbers, or too few', () => {
    expectRefused(() => use({ lower: 0.1 }), RangeError, /^lower: .*<= 0.*0\.1/);
    expectRefused(() => use({ upper: -0.1 }), RangeError, /^upper: .*>= 0.*-0\.1/);
    expectRefused(() => use({ lower: [0, -1, 0.5, 0] }), RangeError, 'lower[2] is 0.5');
    expectRefused(() => use({ upper: [0, 1, 2, -3] }), RangeError, 'upper[3] is -3');
    expectRefused(() => use({ upper: [0, 1, 2] }), RangeError, /^upper: .*4/);
    expectRefused(() => use({ lower: [0, Number.NaN, 0, 0] }), RangeError, 'lower[1] is NaN');
    expectRefused(() => use({ lower: Number.NaN }), RangeError, /^lower: /);
    expectRefused(() => use({ lower: '-1' }), TypeError, /^lower: /);
    expectRefused(() => use({ upper: [0, 1, '2', 3] }), TypeError, 'upper[2] is "2" (string)');
  });

  test('penalty factors that are negative, NaN, too few or too many', () => {
    expectRefused(() => use({ penaltyFactors: [1, 1, 1] }), RangeError, /^penaltyFactors: .*4.*3/);
    expectRefused(() => use({ penaltyFactors: [1, 1, 1, 1, 1] }), RangeError, /^penaltyFactors: .*4.*5/);
    expectRefused(() => use({ penaltyFactors: [1, -1, 1, 1] }), RangeError, 'penaltyFactors[1] is -1');
    expectRefused(() => use({ penaltyFactors: [1, 1, Number.NaN, 1] }), RangeError, 'penaltyFactors[2] is NaN');
    expectRefused(() => use({ penaltyFactors: ['1', 1, 1, 1] }), TypeError, 'penaltyFactors[0] is "1" (string)');
    expectRefused(() => use({ penaltyFactors: 'none' }), TypeError, /^penaltyFactors: /);
  });

  test('options of the wrong kind or amount, by name', () => {
    expectRefused(() => use({ solver: 'newton' }), RangeError, /^solver: .*"auto".*"newton"/);
    expectRefused(() => use({ solver: 3 }), TypeError, /^solver: /);
    expectRefused(() => use({ tol: -1 }), RangeError, /^tol: .*-1/);
    expectRefused(() => use({ tol: '1e-6' }), TypeError, /^tol: .*string/);
    expectRefused(() => use({ maxEpochs: 0 }), RangeError, /^maxEpochs: .*0/);
    expectRefused(() => use({ maxEpochs: 2.5 }), RangeError, /^maxEpochs: .*2\.5/);
    expectRefused(() => use({ fitIntercept: 1 }), TypeError, /^fitIntercept: /);
    expectRefused(() => use({ standardize: 'yes' }), TypeError, /^standardize: /);
    expectRefused(() => use({ positive: 'yes' }), TypeError, /^positive: /);
    expectRefused(() => use({ normalize: true }), TypeError, /unknown option "normalize"/);
  });
});

describe('lambda', () => {
  test.each([Lasso, ElasticNet, Ridge])('is refused by %o when it is negative, NaN, infinite, missing or a string', (Model) => {
    const make = (lambda: unknown) => () => new Model(wrong({ lambda }));
    expectRefused(make(-1), RangeError, /^lambda: .*-1/);
    expectRefused(make(Number.NaN), RangeError, /^lambda: .*NaN/);
    expectRefused(make(Infinity), RangeError, /^lambda: .*Infinity/);
    expectRefused(make('0.1'), TypeError, 'lambda: expected a number >= 0, got "0.1" (string)');
    expectRefused(make(undefined), TypeError, /^lambda: .*undefined/);
    expectRefused(() => new Model(wrong([])), TypeError, /options object/);
  });

  test('grids are refused when they hold a negative number, none, or a ratio outside (0, 1)', () => {
    expectRefused(() => lassoPath(rows, y, { lambdas: [1, -1] }), RangeError, 'lambdas[1] is -1');
    expectRefused(() => lassoPath(rows, y, { lambdas: [1, Number.NaN] }), RangeError, 'lambdas[1] is NaN');
    expectRefused(() => lassoPath(rows, y, { lambdas: [] }), RangeError, /^lambdas: /);
    expectRefused(() => lassoPath(rows, y, wrong({ lambdas: 0.1 })), TypeError, /^lambdas: /);
    expectRefused(() => lassoPath(rows, y, { nLambdas: 0 }), RangeError, /^nLambdas: .*0/);
    expectRefused(() => lassoPath(rows, y, { nLambdas: 1.5 }), RangeError, /^nLambdas: /);
    for (const lambdaMinRatio of [0, 1, -1])
      expectRefused(() => lassoPath(rows, y, { lambdaMinRatio }), RangeError, /^lambdaMinRatio: /);
  });

  test('shares of the L1 part outside [0, 1] are refused', () => {
    for (const l1Ratio of [-0.1, 1.1, Number.NaN]) {
      expectRefused(() => new ElasticNet({ lambda: 1, l1Ratio }), RangeError, /^l1Ratio: /);
      expectRefused(() => lassoPath(rows, y, { l1Ratio }), RangeError, /^l1Ratio: /);
      expectRefused(() => new ElasticNetCV({ l1Ratio }), RangeError, /^l1Ratio: /);
    }
    expectRefused(() => new ElasticNet(wrong({ lambda: 1, l1Ratio: '1' })), TypeError, /^l1Ratio: /);
  });

  test('of a point asked from a path is refused when it is negative or a string', () => {
    const path = lassoPath(rows, y, { nLambdas: 3 });
    expectRefused(() => path.at(-1), RangeError, /^lambda: /);
    expectRefused(() => path.predict(rows, wrong('1' as never)), TypeError, /^lambda: /);
    expectRefused(() => path.at(0.1, { X: rows, y: y.slice(2) }), RangeError, /^y: /);
  });
});

describe('folds are refused', () => {
  const cv = (options: object) => () => new LassoCV(wrong({ nLambdas: 5, ...options })).fit(rows, y);

  test('when their ids are of another length, not integers, or fewer than two', () => {
    expectRefused(cv({ foldIds: [0, 1] }), RangeError, 'foldIds: expected 12 numbers, got 2');
    expectRefused(
      cv({
        foldIds: replaced(
          3,
          1.5,
          y.map((_, i) => i % 3),
        ),
      }),
      RangeError,
      'foldIds[3] is 1.5',
    );
    expectRefused(
      cv({
        foldIds: replaced(
          3,
          'a',
          y.map((_, i) => i % 3),
        ),
      }),
      TypeError,
      'foldIds[3] is "a" (string)',
    );
    expectRefused(cv({ foldIds: y.map(() => 7) }), RangeError, /^foldIds: expected at least 2 different/);
  });

  test('when there are fewer than two, or more than rows', () => {
    for (const folds of [1, 0, -2, 2.5, 13]) expectRefused(cv({ folds }), RangeError, /^folds: /);
    expectRefused(cv({ folds: '5' }), TypeError, /^folds: /);
  });

  test('when nothing is left to fit without one of them', () => {
    const run = () =>
      new LassoCV({ foldIds: y.map((_, i) => (i < 6 ? 1 : 2)), nLambdas: 5 }).fit(rows, y, {
        sampleWeight: y.map((_, i) => (i < 6 ? 1 : 0)),
      });
    expectRefused(run, RangeError, /^foldIds: /);
  });

  test('together with an unknown rule or a negative seed', () => {
    expectRefused(cv({ rule: 'best' }), RangeError, /^rule: /);
    expectRefused(cv({ seed: -1 }), RangeError, /^seed: /);
    expectRefused(cv({ foldTol: 0 }), RangeError, /^foldTol: /);
    expectRefused(() => new LassoCV(wrong({ l1Ratio: 0.5 })), TypeError, /unknown option "l1Ratio"/);
  });
});

describe('a damaged model file is refused', () => {
  const good = JSON.parse(JSON.stringify(lasso.fit(rows, y))) as Record<string, unknown>;
  const { coef: _, ...withoutCoef } = good;
  const certificate = good.certificate as object;

  test.each<[string, unknown, RegExp]>([
    ['text that is no JSON', '{"spinifex": "LinearModel"', /JSON/],
    ['nothing', undefined, /undefined/],
    ['null', null, /null/],
    ['an array', [], /array/],
    ['another kind', { ...good, spinifex: 'PcaModel' }, /PcaModel/],
    ['a newer version', { ...good, version: 99 }, /99/],
    ['a missing field', withoutCoef, /"coef" is missing/],
    ['a text among the coefficients', { ...good, coef: [1, 'x', 2, 3] }, /coef\[1\].*"x"/],
    ['coefficients that are no array', { ...good, coef: 7 }, /"coef"/],
    ['an intercept that is no number', { ...good, intercept: 'high' }, /"intercept"/],
    ['no certificate', { ...good, certificate: 1 }, /certificate/],
    ['a certificate with an unknown status', { ...good, certificate: { ...certificate, status: 'fine' } }, /certificate\.status/],
    ['a certificate without gap', { ...good, certificate: { ...certificate, gap: undefined } }, /certificate\.gap/],
    ['a null for a number', { ...good, lambda: null }, /"lambda"/],
    ['no coefficients at all', { ...good, coef: [] }, /coef/],
  ])('%s', (_name, json, message) => {
    expectRefused(() => LinearModel.fromJSON(json), SpinifexError, message);
    try {
      LinearModel.fromJSON(json);
    } catch (error) {
      expect((error as SpinifexError).code).toBe('BAD_MODEL');
    }
  });
});

describe('prediction refuses', () => {
  test('other columns than in the fit, values that are not finite, and offsets of another length', () => {
    const model = lasso.fit(rows, y);
    expectRefused(() => model.predict(rows.map((row) => row.slice(1))), RangeError, /^X: expected 4 columns.*3/);
    expectRefused(() => model.predict(spoilt(3, 1, Number.NaN)), RangeError, 'X[3][1] is NaN');
    expectRefused(() => model.predict(rows, { offset: [1, 2] }), RangeError, /^offset: /);
    expectRefused(() => model.score(rows, y.slice(1)), RangeError, /^y: /);
    expectRefused(() => model.predict(rows, wrong({ offsets: y })), TypeError, /unknown option "offsets"/);
  });
});

describe('memory', () => {
  test('that cannot be had is refused with the bytes that were needed', () => {
    const wide = new CsrMatrix({ rows: 1, cols: 2 ** 28, indptr: [0, 1], indices: [5], data: [1] });
    expectRefused(() => lasso.fit(wide, [1]), OutOfMemoryError, /bytes needed/);
  });

  test('of a freed matrix, or of one on the other backend, is refused', () => {
    const resident = upload(rows);
    expect(lasso.fit(resident, y).coef).toEqual(expected);
    setBackend('js');
    try {
      expect(() => lasso.fit(resident, y)).toThrow(/other|'wasm'/i);
    } finally {
      setBackend('wasm');
    }
    resident.free();
    resident.free();
    expectRefused(() => lasso.fit(resident, y), SpinifexError, /freed/);
    expectRefused(() => upload(spoilt(2, 2, Number.NaN)), RangeError, 'X[2][2] is NaN');
  });
});

describe('what looks wrong but is not gives a certified result', () => {
  let before: number;
  beforeEach(() => (before = currentBackend().heap.inUse));
  afterEach(() => expect(currentBackend().heap.inUse).toBe(before));

  test('a constant y: every coefficient is 0 and the intercept is y', () => {
    for (const format of FORMATS) {
      for (const model of [lasso, new Ridge({ lambda: 0.1 }), new ElasticNet({ lambda: 0 }), new LinearRegression()]) {
        const { coef, intercept, certificate } = model.fit(
          stored(rows, format),
          y.map(() => 0.1),
        );
        expect(Array.from(coef)).toEqual([0, 0, 0, 0]);
        expect(intercept).toBeCloseTo(0.1, 15);
        expect(certificate.converged).toBe(true);
      }
    }
    const zero = new Lasso({ lambda: 0.1, fitIntercept: false }).fit(
      rows,
      y.map(() => 0),
    );
    expect(Array.from(zero.coef)).toEqual([0, 0, 0, 0]);
    expect(zero.certificate.gap).toBe(0);
    expect(
      zero.score(
        rows,
        y.map(() => 0),
      ),
    ).toBe(1);
    const cv = new LassoCV({ folds: 3 }).fit(
      rows,
      y.map(() => 0.1),
    );
    expect(Math.max(...cv.mean)).toBeLessThan(1e-30);
  });

  test('constant and zero columns: they get 0 and the others do not notice', () => {
    for (const format of FORMATS) {
      for (const standardize of [false, true]) {
        const plain = new Lasso({ lambda: 0.1, standardize, tol: 1e-12 }).fit(stored(rows, format), y);
        const more = rows.map(([a, b, c, d]) => [0, a, 0.1, b, c, d, 1e9]);
        const model = new Lasso({ lambda: 0.1, standardize, tol: 1e-12 }).fit(stored(more, format), y);
        expect([model.coef[0], model.coef[2], model.coef[6]]).toEqual([0, 0, 0]);
        for (const [k, j] of [1, 3, 4, 5].entries()) expect(Math.abs(model.coef[j] - plain.coef[k])).toBeLessThanOrEqual(1e-9);
        expect(model.certificate.converged).toBe(true);
      }
    }
    const nothing = lasso.fit(
      rows.map(() => [0, 0]),
      y,
    );
    expect(Array.from(nothing.coef)).toEqual([0, 0]);
    expect(nothing.certificate.gap).toBe(0);
    expect(
      Array.from(
        lassoPath(
          rows.map(() => [0, 0]),
          y,
        ).lambdas,
      ),
    ).toEqual([0]);
  });

  test('one row: the intercept takes it all, and without intercept the closed form holds', () => {
    for (const format of FORMATS) {
      const { coef, intercept, certificate } = lasso.fit(stored([[1.5, -2, 0.5]], format), [3.25]);
      expect(Array.from(coef)).toEqual([0, 0, 0]);
      expect(intercept).toBe(3.25);
      expect(certificate.converged).toBe(true);
      const bare = new Lasso({ lambda: 0.1, fitIntercept: false, tol: 1e-12 }).fit(stored([[1.5, -2, 0.5]], format), [3.25]);
      expect(bare.coef[0]).toBe(0);
      expect(bare.coef[1]).toBeCloseTo(-(2 * 3.25 - 0.1) / 4, 12);
      expect(bare.coef[2]).toBe(0);
    }
  });

  test('one column, and one value', () => {
    expect(new Lasso({ lambda: 0.5, fitIntercept: false }).fit([[2]], [3]).coef[0]).toBeCloseTo((2 * 3 - 0.5) / 4, 12);
    expect(new LinearRegression().fit([[1], [2], [3]], [2, 4, 6]).coef[0]).toBeCloseTo(2, 12);
  });

  test('more columns than rows', () => {
    const wide = linearData(new Dice(8), 6, 50);
    const { certificate, support } = lasso.fit(wide.rows, wide.y);
    expect(certificate.converged).toBe(true);
    expect(support.length).toBeLessThanOrEqual(6);
  });

  test('lambda 0, and a lambda above lambda max', () => {
    const least = new Lasso({ lambda: 0, tol: 1e-12 }).fit(rows, y);
    const regression = new LinearRegression({ tol: 1e-12 }).fit(rows, y);
    expect(Math.max(...least.coef.map((b, j) => Math.abs(b - regression.coef[j])))).toBeLessThanOrEqual(1e-9);
    expect(least.certificate.converged).toBe(true);
    expect(new Lasso({ lambda: 1e300 }).fit(rows, y).support.length).toBe(0);
  });

  test('all factors 0, and all factors infinite', () => {
    const free = new Lasso({ lambda: 5, penaltyFactors: [0, 0, 0, 0], tol: 1e-12 }).fit(rows, y);
    const regression = new LinearRegression().fit(rows, y);
    expect(Math.max(...free.coef.map((b, j) => Math.abs(b - regression.coef[j])))).toBeLessThanOrEqual(1e-9);
    const none = new Lasso({ lambda: 0.01, penaltyFactors: new Array(4).fill(Infinity) }).fit(rows, y);
    expect(none.support.length).toBe(0);
    expect(none.certificate.converged).toBe(true);
  });

  test('bounds of 0 on both sides', () => {
    const { coef, certificate } = new Lasso({ lambda: 0.01, lower: 0, upper: 0 }).fit(rows, y);
    expect(Array.from(coef)).toEqual([0, 0, 0, 0]);
    expect(certificate.converged).toBe(true);
  });

  test('very large and very small numbers', () => {
    for (const scale of [1e-150, 1e-100, 1e100, 1e150]) {
      const small = y.map((v) => v * scale);
      const { coef, certificate } = new Lasso({ lambda: 0.1 * scale }).fit(rows, small);
      expect(certificate.converged).toBe(true);
      for (const [j, b] of coef.entries()) expect(Math.abs(b / scale - expected[j])).toBeLessThanOrEqual(1e-5);
    }
  });

  test('a matrix with explicit zeros, and one without any entry', () => {
    const csc = new CscMatrix({ rows: 3, cols: 2, indptr: [0, 3, 3], indices: [0, 1, 2], data: [1, 0, -1] });
    const model = new Lasso({ lambda: 0.1 }).fit(csc, [1, 0, -1]);
    expect(model.coef).toEqual(new Lasso({ lambda: 0.1 }).fit(csc.toDense(), [1, 0, -1]).coef);
    const empty = new CscMatrix({ rows: 3, cols: 2, indptr: [0, 0, 0], indices: [], data: [] });
    expect(lasso.fit(empty, [1, 2, 3]).intercept).toBe(2);
  });

  test('basis pursuit with fewer equations than unknowns, and a DenseMatrix of 32-bit values', () => {
    const A = new DenseMatrix(Float32Array.of(10, 1), 1, 2);
    expect(basisPursuit(A, [5]).x[0]).toBeCloseTo(0.5, 12);
  });
});
