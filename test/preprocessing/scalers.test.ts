import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CscMatrix } from '../../src/core/cscMatrix.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { upload } from '../../src/index.ts';
import {
  MinMaxScaler,
  MinMaxScaling,
  minMax,
  StandardScaler,
  StandardScaling,
  standardize,
} from '../../src/preprocessing/index.ts';
import { columnMajor, someRows } from '../core/matrices.ts';

/** Table 1 of the guide: traffic, distance, cost of A, B, C. */
const cities = [
  [100, 10, 200],
  [30, 60, 180],
  [20, 100, 150],
];

function expectClose(actual: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-15): void {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}

describe('MinMaxScaler', () => {
  test('sends the columns of the guide’s Table 1 where equation 3 does, worked out by hand', () => {
    const scaling = new MinMaxScaler().fit(cities);
    expect([...scaling.minimum, ...scaling.maximum]).toEqual([20, 10, 150, 100, 100, 200]);
    expectClose(scaling.transform(cities).data, [1, 0, 1, 1 / 8, 5 / 9, 3 / 5, 0, 1, 0]);
  });

  test('meets both ends of any range exactly, and goes beyond it for values beyond those of the fit', () => {
    for (const range of [
      [-1, 1],
      [0.1, 0.7],
      [-3, -1e-3],
    ] as const) {
      const scaled = new MinMaxScaler({ range }).fit(cities).transform(cities).toRows();
      for (const j of [0, 1, 2]) {
        expect(Math.min(...scaled.map((row) => row[j]))).toBe(range[0]);
        expect(Math.max(...scaled.map((row) => row[j]))).toBe(range[1]);
      }
    }
    const scaling = new MinMaxScaler({ range: [-1, 1] }).fit([[10], [20]]);
    expect([...scaling.transform([[15], [25], [5]]).data]).toEqual([0, 2, -2]);
  });

  test('gives 0 for a column without spread, and that column back', () => {
    const scaling = new MinMaxScaler().fit([
      [0.1, 1],
      [0.1, 2],
    ]);
    expect(scaling.transform([[0.1, 1.5]]).toRows()).toEqual([[0, 0.5]]);
    expect(scaling.inverseTransform([[0, 0.5]]).toRows()).toEqual([[0.1, 1.5]]);
  });

  test('keeps a sparse matrix sparse where its columns start at 0, and says which column would not', () => {
    const rows = [
      [0, 2, 5],
      [4, 0, 5],
      [0, 1, 0],
    ];
    const dense = new MinMaxScaler().fit(rows).transform(rows).toRows();
    for (const X of [CsrMatrix.fromDense(rows), CscMatrix.fromDense(rows)]) {
      const scaled = new MinMaxScaler().fit(X).transform(X);
      expect(scaled.constructor).toBe(X.constructor);
      expect(scaled.nnz).toBe(5);
      expect(scaled.toDense().toRows()).toEqual(dense);
      expect(new MinMaxScaler().fit(X).inverseTransform(scaled).toDense().toRows()).toEqual(rows);
    }
    const shifted = CsrMatrix.fromDense([
      [0, -1],
      [2, 1],
    ]);
    expect(() => new MinMaxScaler().fit(shifted).transform(shifted)).toThrow(
      'X: a sparse X would become dense: 0 in column 1, whose minimum is -1, goes to 0.5. Sparse X is never densified; X.toDense() does it',
    );
    expect(() => new MinMaxScaler({ range: [1, 2] }).fit(shifted).inverseTransform(shifted)).toThrow(
      'X: a sparse X would become dense: 0 in column 0 comes from -2. Sparse X is never densified; X.toDense() does it',
    );
  });
});

describe('StandardScaler', () => {
  test('gives mean 0 and variance 1, worked out by hand for Table 1', () => {
    const scaling = new StandardScaler().fit(cities);
    expectClose(scaling.mean, [50, 170 / 3, 530 / 3]);
    // sum (x - 50)^2 = 2500 + 400 + 900
    expectClose(scaling.deviation, [Math.sqrt(3800 / 3), Math.sqrt(12200 / 9), Math.sqrt(3800 / 9)]);
    const scaled = scaling.transform(cities).toRows();
    expectClose(
      scaled.map((row) => row[0]),
      [50, -20, -30].map((apart) => apart / Math.sqrt(3800 / 3)),
      1e-15,
    );
    expectClose(new StandardScaler({ ddof: 1 }).fit(cities).deviation, [
      Math.sqrt(3800 / 2),
      Math.sqrt(12200 / 6),
      Math.sqrt(3800 / 6),
    ]);
  });

  test('centres only or scales only, where that is asked for', () => {
    expect(
      new StandardScaler({ withStd: false })
        .fit([[1], [3]])
        .transform([[1], [3], [5]])
        .toRows(),
    ).toEqual([[-1], [1], [3]]);
    expect(
      new StandardScaler({ withMean: false })
        .fit([[1], [3]])
        .transform([[1], [3]])
        .toRows(),
    ).toEqual([[1], [3]]);
    expect(
      new StandardScaler({ withMean: false })
        .fit([[2], [6]])
        .transform([[2], [6]])
        .toRows(),
    ).toEqual([[1], [3]]);
  });

  test('gives exactly 0 for a column without spread, also where its mean cannot be summed exactly', () => {
    const rows = Array.from({ length: 10 }, (_, i) => [0.1, i]);
    const scaling = new StandardScaler().fit(rows);
    expect(scaling.deviation[0]).toBe(0);
    expect(
      scaling
        .transform(rows)
        .toRows()
        .every(([zero]) => zero === 0),
    ).toBe(true);
    expect(scaling.inverseTransform([[0, 0]]).get(0, 0)).toBe(0.1);
    expect(
      new StandardScaler({ withMean: false })
        .fit(rows)
        .transform([[0.1, 1]])
        .get(0, 0),
    ).toBe(0.1);
  });

  test('loses no digits to a large mean, and overflows nowhere', () => {
    const large = [1e9 + 1, 1e9 + 2, 1e9 + 3];
    expectClose(standardize(large), [-Math.sqrt(1.5), 0, Math.sqrt(1.5)], 1e-6);
    expect(standardize(large)[1]).toBe(0);
    for (const unit of [1e200, 1e-200]) expectClose(standardize([unit, 3 * unit]), [-1, 1]);
  });

  test('scales a sparse matrix without its mean, counting the zeros that are not stored, and says why not with it', () => {
    const rows = [
      [0, 2],
      [4, 0],
      [0, 0],
      [0, 2],
    ];
    const wanted = new StandardScaler({ withMean: false }).fit(rows).transform(rows).toRows();
    expectClose(wanted[1], [4 / Math.sqrt(3), 0]);
    for (const X of [CsrMatrix.fromDense(rows), CscMatrix.fromDense(rows)]) {
      const scaling = new StandardScaler({ withMean: false }).fit(X);
      const scaled = scaling.transform(X);
      expect(scaled.nnz).toBe(3);
      expect(scaled.toDense().toRows()).toEqual(wanted);
      expect(scaling.inverseTransform(scaled).toDense().toRows()[1][0]).toBeCloseTo(4, 14);
      expect(() => new StandardScaler().fit(X).transform(X)).toThrow(
        'X: a sparse X would become dense: the mean of column 0 is 1, not 0 (withMean: false leaves it). ' +
          'Sparse X is never densified; X.toDense() does it',
      );
    }
    // A sparse column of mean 0 needs no centring.
    const balanced = CsrMatrix.fromDense([[-1], [1], [0]]);
    expect(new StandardScaler().fit(balanced).transform(balanced).nnz).toBe(2);
  });
});

describe('both scalers', () => {
  const recipes = [
    new MinMaxScaler(),
    new MinMaxScaler({ range: [-2, 3] }),
    new StandardScaler(),
    new StandardScaler({ ddof: 0, withMean: false }),
  ];

  test('find and give the same, however X is stored, and leave X as it was', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const kept = structuredClone(rows);
        for (const recipe of recipes) {
          const scaling = recipe.fit(rows);
          expect(JSON.stringify(recipe.fit(columnMajor(rows)))).toBe(JSON.stringify(scaling));
          for (const X of [CsrMatrix.fromDense(rows), CscMatrix.fromDense(rows)]) {
            // Zeros that are not stored enter the sums at once, so that moments may differ in the last bits.
            const found = Object.entries(recipe.fit(X)).filter(([, value]) => value instanceof Float64Array);
            expect(found).toHaveLength(2);
            for (const [name, values] of found) expectClose(values, [...(scaling as never)[name]], 1e-11);
          }
          const column = scaling.transform(columnMajor(rows));
          expect(column.order).toBe('column');
          expect(column.toRows()).toEqual(scaling.transform(rows).toRows());
        }
        expect(rows).toEqual(kept);
      }),
    );
  });

  test('come back from inverseTransform', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        for (const recipe of recipes) {
          const scaling = recipe.fit(rows);
          const back = scaling.inverseTransform(scaling.transform(rows)).toRows();
          // Values reach 1000, and cancel against means and minima of that size.
          rows.forEach((row, i) => {
            expectClose(back[i], row, 1e-11);
          });
        }
      }),
    );
  });

  test('keep 32-bit values 32-bit, and take matrices that are in linear memory', () => {
    const X = new DenseMatrix(Float32Array.of(1, 2, 3, 4), 2, 2);
    const resident = upload(X);
    for (const recipe of recipes) {
      expect(recipe.fit(X).transform(X).data).toBeInstanceOf(Float32Array);
      expect(JSON.stringify(recipe.fit(resident))).toBe(JSON.stringify(recipe.fit(X)));
    }
    resident.free();
  });

  test('are saved and loaded without loss', () => {
    const [first, second] = [
      new MinMaxScaler({ range: [-1, 1] }).fit(cities),
      new StandardScaler({ withStd: false }).fit(cities),
    ];
    const text = JSON.stringify(first);
    expect(MinMaxScaling.fromJSON(text).transform(cities)).toEqual(first.transform(cities));
    expect(JSON.stringify(MinMaxScaling.fromJSON(JSON.parse(text)))).toBe(text);
    const other = JSON.stringify(second);
    expect(StandardScaling.fromJSON(other).transform(cities)).toEqual(second.transform(cities));
    expect(JSON.stringify(StandardScaling.fromJSON(JSON.parse(other)))).toBe(other);
  });

  test('refuse files that hold something else', () => {
    const saved = new MinMaxScaler().fit(cities).toJSON();
    const standard = new StandardScaler().fit(cities).toJSON();
    expect(() => MinMaxScaling.fromJSON(standard)).toThrow('MinMaxScaling model: is of the kind "StandardScaling"');
    expect(() => MinMaxScaling.fromJSON({ ...saved, maximum: [0, 0, 0] })).toThrow(
      'maximum: expected finite numbers, none below minimum',
    );
    expect(() => MinMaxScaling.fromJSON({ ...saved, range: [1, 0] })).toThrow('range: expected low < high, got [1, 0]');
    expect(() => MinMaxScaling.fromJSON({ ...saved, minimum: [], maximum: [] })).toThrow('minimum: expected at least one column');
    expect(() => StandardScaling.fromJSON({ ...standard, deviation: [1, -1, 1] })).toThrow(
      'deviation: expected finite numbers >= 0',
    );
    expect(() => StandardScaling.fromJSON({ ...standard, mean: [1, 'NaN', 1] })).toThrow('mean: expected finite numbers');
    expect(() => StandardScaling.fromJSON({ ...standard, mean: [1] })).toThrow(
      '"deviation" is an array of length 3: expected an array of length 1',
    );
  });

  test('refuse bad options and bad data at the door', () => {
    expect(() => new MinMaxScaler({ range: [1, 1] })).toThrow(new RangeError('range: expected low < high, got [1, 1]'));
    expect(() => new MinMaxScaler({ range: [0, 1, 2] as never })).toThrow('range: expected 2 numbers, got 3');
    expect(() => new MinMaxScaler({ copy: false } as never)).toThrow('MinMaxScaler: unknown option "copy"; known options: range');
    expect(() => new StandardScaler({ ddof: -1 })).toThrow('ddof: expected an integer >= 0, got -1');
    expect(() => new StandardScaler({ withMean: 1 as never })).toThrow('withMean: expected true or false, got 1');
    expect(() => new StandardScaler({ ddof: 3 }).fit(cities)).toThrow('X: expected at least 4 rows for ddof = 3, got 3');
    for (const recipe of [new MinMaxScaler(), new StandardScaler()]) {
      expect(() =>
        recipe.fit([
          [1, 2],
          [3, NaN],
        ]),
      ).toThrow('X[1][1] is NaN: expected a finite number');
      expect(() => recipe.fit([[-1e308], [1e308]])).toThrow('X: column 0 reaches from -1e+308 to 1e+308: expected a range below');
      expect(() => recipe.fit(cities).transform([[1, 2]])).toThrow('X: expected 3 columns, as in the fit, got 2');
      expect(() => recipe.fit(cities).inverseTransform([[1, 2, Infinity]])).toThrow(
        'X[0][2] is Infinity: expected a finite number',
      );
    }
  });
});

describe('minMax and standardize', () => {
  test('scale one list of numbers and leave it as it was', () => {
    const traffic = [100, 30, 20];
    expect([...minMax(traffic)]).toEqual([1, 0.125, 0]);
    expect([...minMax(Float32Array.of(2, 4))]).toEqual([0, 1]);
    expect([...minMax([7, 7])]).toEqual([0, 0]);
    expect([...standardize([1, 3])]).toEqual([-1, 1]);
    expectClose(standardize([1, 3], { ddof: 1 }), [-Math.SQRT1_2, Math.SQRT1_2]);
    expect([...standardize([7, 7, 7])]).toEqual([0, 0, 0]);
    expect(traffic).toEqual([100, 30, 20]);
  });

  test('refuse what is not a list of finite numbers', () => {
    expect(() => minMax([])).toThrow(new RangeError('values: expected at least one number'));
    expect(() => minMax([1, NaN])).toThrow('values[1] is NaN: expected a finite number');
    expect(() => standardize('123' as never)).toThrow('values: expected an array of numbers, got "123" (string)');
    expect(() => standardize([1], { ddof: 1 })).toThrow('X: expected at least 2 rows for ddof = 1, got 1');
    expect(() => standardize([1, 2], { withMean: false } as never)).toThrow('standardize: unknown option "withMean"');
  });
});
