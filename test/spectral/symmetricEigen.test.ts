import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix, covariance, DenseMatrix, symmetricEigen } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { centred, countData, Dice, dot, factorData } from './samples.ts';

const column = (rows: number[][], j: number) => rows.map((row) => row[j]);

describe('symmetricEigen', () => {
  test('solves A v = lambda v (equation 28 of the guide) for the covariance of equation 29', () => {
    const X = factorData(new Dice(1), 30, 3, 2);
    const Sigma = covariance(X, { centre: false, ddof: 0 });
    const S = Sigma.toRows();
    S.forEach((row, i) => {
      row.forEach((v, j) => {
        expect(v).toBeCloseTo(dot(column(X, i), column(X, j)) / 30, 12);
      });
    });
    const { values, vectors, certificate } = symmetricEigen(Sigma);
    vectors.toRows().forEach((v, i) => {
      S.forEach((row, r) => {
        expect(Math.abs(dot(row, v) - values[i] * v[r])).toBeLessThan(1e-13 * values[0]);
      });
    });
    expect(certificate.residual).toBeLessThan(1e-14);
    expect(certificate.orthogonality).toBeLessThan(1e-14);
  });

  test('keeps its certificate for any symmetric matrix, whatever its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(1e-180, 1, 1e180),
        (n, seed, unit) => {
          const M = new Dice(seed).matrix(n, n);
          const A = M.map((row, i) => row.map((v, j) => unit * (v + M[j][i])));
          const { values, vectors, certificate } = symmetricEigen(A);
          for (let i = 1; i < n; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
          expect(certificate.residual).toBeLessThan(1e-13);
          expect(certificate.orthogonality).toBeLessThan(1e-13);
          const trace = A.reduce((s, row, i) => s + row[i] / unit, 0);
          expect(values.reduce((s, v) => s + v / unit, 0)).toBeCloseTo(trace, 9);
          for (const v of vectors.toRows()) {
            const most = Math.max(...v.map(Math.abs));
            expect(v.find((x) => Math.abs(x) > most * (1 - 1e-10))!).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  test('knows closed forms: diagonal, rank one, and the second difference matrix', () => {
    expect(
      Array.from(
        symmetricEigen([
          [3, 0],
          [0, -5],
        ]).values,
      ),
    ).toEqual([3, -5]);
    expect(Array.from(symmetricEigen([[0]]).values)).toEqual([0]);
    const n = 30;
    const T = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const { values } = symmetricEigen(CsrMatrix.fromDense(T));
    values.forEach((v, k) => {
      expect(v).toBeCloseTo(2 + 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
    });
    const ones = symmetricEigen(Array.from({ length: 7 }, () => new Array(7).fill(1)));
    expect(ones.values[0]).toBeCloseTo(7, 13);
    expect(Math.abs(ones.values[1])).toBeLessThan(1e-14);
  });

  test('refuses what is not symmetric and names the worst pair', () => {
    const A = [
      [1, 2, 3],
      [2.5, 4, 5],
      [3.1, 5, 6],
    ];
    expect(() => symmetricEigen(A)).toThrow('A: expected a symmetric matrix, but A[0][1] is 2 and A[1][0] is 2.5');
    expect(() => symmetricEigen(A)).toThrow(RangeError);
    expect(symmetricEigen(A, { tol: 1 }).values.length).toBe(3);
    expect(() => symmetricEigen([[1, 2]])).toThrow('A: expected a square matrix, got 1 x 2');
    expect(() =>
      symmetricEigen([
        [1, NaN],
        [NaN, 1],
      ]),
    ).toThrow('A[0][1] is NaN');
    expect(() => symmetricEigen([[1]], { tolerance: 1 } as object)).toThrow('unknown option "tolerance"');
    expect(() => symmetricEigen([[1]], { tol: -1 })).toThrow('tol: expected a number >= 0');
  });
});

describe('symmetricEigen of matrices of low rank', () => {
  test('settles where everything below a few eigenvalues is rounding', () => {
    for (let seed = 0; seed < 60; seed++) {
      const [n, rank] = [20 + ((seed * 7) % 60), 1 + (seed % 5)];
      const F = new Dice(seed + 1).matrix(n, rank);
      const { values, certificate } = symmetricEigen(F.map((a) => F.map((b) => dot(a, b))));
      expect(certificate.residual).toBeLessThan(1e-14);
      expect(Math.abs(values[rank])).toBeLessThan(1e-13 * values[0]);
    }
  });
});

describe('covariance', () => {
  test('is the same in every storage, symmetric to the last bit', () => {
    const rows = countData(new Dice(2), 40, 12, 0.2);
    const C = centred(rows);
    for (const format of FORMATS) {
      for (const Values of [Float64Array, Float32Array]) {
        const S = covariance(stored(rows, format, Values)).toRows();
        S.forEach((row, i) => {
          row.forEach((v, j) => {
            expect(v).toBe(S[j][i]);
            expect(v).toBeCloseTo(dot(column(C, i), column(C, j)) / 39, 12);
          });
        });
      }
    }
    const wide = covariance(rows.slice(0, 5), { ddof: 0 });
    expect([wide.rows, wide.cols]).toEqual([12, 12]);
  });

  test('keeps the digits of columns far from zero', () => {
    const rows = factorData(new Dice(3), 50, 3, 2).map((row) => row.map((v) => Math.round(v * 1024) / 1024));
    const far = new DenseMatrix(
      Float64Array.from(rows.flat(), (v) => v + 2 ** 30),
      50,
      3,
    );
    const [a, b] = [covariance(rows), covariance(far)];
    a.data.forEach((v, e) => {
      expect(Math.abs(b.data[e] - v)).toBeLessThan(1e-12 * a.data[0]);
    });
  });

  test('refuses what has no covariance', () => {
    expect(() => covariance([[1, 2]])).toThrow('X: expected at least 2 rows for ddof = 1, got 1');
    expect(Array.from(covariance([[1, 2]], { ddof: 0 }).data)).toEqual([0, 0, 0, 0]);
    expect(() =>
      covariance([
        [1, 2],
        [NaN, 3],
      ]),
    ).toThrow('X[1][0] is NaN');
    expect(() =>
      covariance(
        [
          [1, 2],
          [3, 4],
        ],
        { ddof: 0.5 },
      ),
    ).toThrow('ddof: expected an integer');
    expect(() =>
      covariance([
        [1e200, 2],
        [3, 4],
      ]),
    ).toThrow('exceed the range of 64-bit numbers');
  });
});
