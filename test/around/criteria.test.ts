import { describe, expect, test } from 'vitest';
import { lassoPath } from '../../src/index.ts';
import { informationCriteria, relaxedLassoPath } from '../../src/linear/around/index.ts';
import { Dice, linearData } from '../linear/problems.ts';

const { rows, y, truth } = linearData(new Dice(77), 60, 40);

function choose(p: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (p - k + i)) / i;
  return value;
}

describe('informationCriteria', () => {
  test('of a Gaussian path are n log RSS plus what the columns cost', () => {
    const path = lassoPath(rows, y, { nLambdas: 40 });
    const { aic, bic, ebic, lambdaAic, lambdaBic, lambdaEbic } = informationCriteria(path, { rows: 60, columns: 40, gamma: 0.7 });
    const mean = y.reduce((a, b) => a + b) / 60;
    const nullSquares = y.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const naive = path.points.map(({ lambda, df }) => {
      const fitted = path.predict(rows, lambda);
      const fit = 60 * Math.log(y.reduce((sum, v, i) => sum + (v - fitted[i]) ** 2, 0) / nullSquares);
      return [fit + 2 * df, fit + df * Math.log(60), fit + df * Math.log(60) + 1.4 * Math.log(choose(40, Math.min(df, 20)))];
    });
    naive.forEach((values, k) => {
      [aic, bic, ebic].forEach((found, c) => {
        expect(found[k]).toBeCloseTo(values[c], 6);
      });
    });
    [lambdaAic, lambdaBic, lambdaEbic].forEach((lambda, c) => {
      const column = naive.map((values) => values[c]);
      expect(lambda).toBe(path.lambdas[column.indexOf(Math.min(...column))]);
    });
    expect(lambdaEbic).toBeGreaterThanOrEqual(lambdaBic);
    expect(lambdaBic).toBeGreaterThanOrEqual(lambdaAic);
    const plain = informationCriteria(path, { rows: 60, columns: 40, gamma: 0 });
    expect(plain.ebic).toEqual(plain.bic);
  });

  test('find the planted columns', () => {
    const path = lassoPath(rows, y);
    const { lambdaEbic } = informationCriteria(path, { rows: 60, columns: 40, gamma: 1 });
    const { support } = relaxedLassoPath(rows, y).at(lambdaEbic, 0);
    for (const [j, b] of truth.entries()) if (b !== 0) expect(support).toContain(j);
    expect(support.length).toBeLessThanOrEqual(8);
  });

  test('of a path with another loss start from its deviance', () => {
    const points = [
      { lambda: 1, df: 0, devianceRatio: 0 },
      { lambda: 0.5, df: 2, devianceRatio: 0.4 },
      { lambda: 0.25, df: 3, devianceRatio: 0.41 },
    ];
    const { aic, bic, lambdaAic } = informationCriteria({ points }, { rows: 100, columns: 5, nullDeviance: 50 });
    expect(Array.from(aic, (v) => Math.round(v * 1e9) / 1e9)).toEqual([50, 34, 35.5]);
    expect(bic[1]).toBeCloseTo(30 + 2 * Math.log(100), 10);
    expect(lambdaAic).toBe(0.5);
  });

  test('do not choose a fit that has no residual degrees of freedom', () => {
    const wide = linearData(new Dice(4), 12, 50);
    const path = lassoPath(wide.rows, wide.y, { lambdaMinRatio: 1e-6 });
    const { bic, lambdaBic } = informationCriteria(path, { rows: 12, columns: 50 });
    const saturated = path.points.flatMap(({ df }, k) => (df >= 11 ? [k] : []));
    expect(saturated.length).toBeGreaterThan(0);
    for (const k of saturated) expect(bic[k]).toBe(Infinity);
    expect(path.at(lambdaBic).support.length).toBeLessThan(11);
  });

  const path = lassoPath(rows, y, { nLambdas: 3 });
  test.each<[string, () => unknown, string]>([
    [
      'gamma above 1',
      () => informationCriteria(path, { rows: 60, columns: 40, gamma: 2 }),
      'gamma: expected a number in [0, 1], got 2',
    ],
    ['no rows', () => informationCriteria(path, { columns: 40 } as never), 'rows: expected an integer >= 1, got undefined'],
    [
      'fewer columns than coefficients',
      () => informationCriteria(path, { rows: 60, columns: 1 }),
      'df: expected an integer in 0..1, got',
    ],
    [
      'what is no path',
      () => informationCriteria(y as never, { rows: 60, columns: 40 }),
      'path: expected a path with at least one point',
    ],
    [
      'a negative deviance',
      () => informationCriteria(path, { rows: 60, columns: 40, nullDeviance: -1 }),
      'nullDeviance: expected a number >= 0, got -1',
    ],
  ])('refuse %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
