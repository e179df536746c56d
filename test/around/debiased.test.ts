import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { debiasedLasso } from '../../src/linear/around/index.ts';
import { normalQuantile, twoSidedTail } from '../../src/linear/around/normal.ts';
import { dot } from '../linear/oracle.ts';
import { Dice, linearData } from '../linear/problems.ts';
import { leastSquares, naiveScaledLasso, standardised } from './naive.ts';

const { kernels } = currentBackend();

describe('the normal distribution', () => {
  // Quantiles to at least 14 digits, as tabulated (Wichura 1988 and R 4).
  test.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489],
    [0.999, 3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-20, -9.2623400897984],
  ])('has the quantile of %f', (p, z) => {
    expect(Math.abs(normalQuantile(kernels, p) - z)).toBeLessThanOrEqual(2e-14 * Math.max(1, Math.abs(z)));
  });

  test('has tails that give the quantile back, over sixty orders of magnitude and across the seam of its two series', () => {
    for (let p = 0.4999; p > 1e-60; p *= 0.63) {
      const tail = twoSidedTail(kernels, normalQuantile(kernels, p));
      expect(Math.abs(tail / (2 * p) - 1)).toBeLessThan(1e-12);
    }
    expect(twoSidedTail(kernels, 0)).toBe(1);
    expect(twoSidedTail(kernels, -Infinity)).toBe(0);
  });
});

/** Columns with correlation 0.5^|j - k|, and a sparse truth. */
function sample(seed: number, n: number, p: number) {
  const dice = new Dice(seed);
  const rows = Array.from({ length: n }, () => {
    const row = dice.vector(p);
    for (let j = 1; j < p; j++) row[j] = 0.5 * row[j - 1] + 0.8660254037844386 * row[j];
    return row;
  });
  const truth = rows[0].map((_, j) => (j === 2 ? 1 : j === 10 ? -0.5 : j === 11 ? 0.3 : 0));
  const y = rows.map((row) => 3 + dot(row, truth) + dice.normal());
  return { rows, y, truth };
}

describe('debiasedLasso', () => {
  test('covers the truth in 90 to 98 % of 200 simulations with intervals of 95 %', () => {
    const columns = [2, 3, 10, 11];
    const covered = columns.map(() => 0);
    let noise = 0;
    for (let k = 0; k < 200; k++) {
      const { rows, y, truth } = sample(7000 + k, 100, 60);
      const result = debiasedLasso(rows, y, { columns });
      noise += result.noise / 200;
      for (const [s, j] of columns.entries()) {
        if (result.lower[s] <= truth[j] && truth[j] <= result.upper[s]) covered[s]++;
      }
    }
    const share = covered.reduce((a, b) => a + b) / (200 * columns.length);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
    for (const each of covered) {
      expect(each / 200).toBeGreaterThanOrEqual(0.9);
      expect(each / 200).toBeLessThanOrEqual(0.98);
    }
    expect(noise).toBeGreaterThan(0.95);
    expect(noise).toBeLessThan(1.2);
  });

  test('covers the truth with more columns than rows', () => {
    const columns = [2, 10, 11, 50];
    let covered = 0;
    for (let k = 0; k < 50; k++) {
      const { rows, y, truth } = sample(9000 + k, 80, 120);
      const { lower, upper } = debiasedLasso(rows, y, { columns });
      for (const [s, j] of columns.entries()) if (lower[s] <= truth[j] && truth[j] <= upper[s]) covered++;
    }
    expect(covered / 200).toBeGreaterThanOrEqual(0.9);
    expect(covered / 200).toBeLessThanOrEqual(0.98);
  });

  const { rows, y } = sample(1, 60, 15);

  test('is what the definition gives', () => {
    const result = debiasedLasso(rows, y, { columnLambda: 0.2 });
    const { columns, spread } = standardised(rows);
    const n = y.length;
    const mean = y.reduce((a, b) => a + b) / n;
    const centred = y.map((v) => v - mean);
    const { b, r } = naiveScaledLasso(columns, centred, Math.sqrt(Math.log(15) / n));
    const df = b.filter((v) => v !== 0).length;
    const noise = Math.sqrt(dot(r, r) / (n - df - 1));
    expect(result.noise).toBeCloseTo(noise, 5);
    expect(Array.from(result.columns)).toEqual(columns.map((_, j) => j));
    for (const [j, x] of columns.entries()) {
      const { r: z } = naiveScaledLasso(columns, x, 0.2, j);
      const step = dot(z, r) / dot(z, x);
      const error = (noise * Math.sqrt(dot(z, z))) / Math.abs(dot(z, x));
      expect(result.coef[j]).toBeCloseTo((b[j] + step) / spread[j], 5);
      expect(result.standardErrors[j]).toBeCloseTo(error / spread[j], 5);
      expect(result.upper[j] - result.coef[j]).toBeCloseTo(1.959963984540054 * result.standardErrors[j], 10);
      expect(result.coef[j] - result.lower[j]).toBeCloseTo(1.959963984540054 * result.standardErrors[j], 10);
      expect(result.pValues[j]).toBeCloseTo(twoSidedTail(kernels, result.coef[j] / result.standardErrors[j]), 12);
      expect(result.model.coef[j]).toBeCloseTo(b[j] / spread[j], 5);
    }
    expect(result.columnGap).toBeLessThan(1e-7);
  });

  test.each([true, false])('turns into least squares as the penalty on the columns vanishes (intercept: %s)', (fitIntercept) => {
    const sampleWeight = y.map((_, i) => 1 + (i % 3));
    const result = debiasedLasso(rows, y, { columnLambda: 1e-9, noise: 1, sampleWeight, fitIntercept });
    const oracle = leastSquares(rows, y, sampleWeight, fitIntercept);
    // Diagonal of (X'WX)^-1 by solving for each unit response: the weights have mean 1.
    const scale = sampleWeight.reduce((a, b) => a + b) / y.length;
    for (const [j, b] of oracle.coef.entries()) {
      expect(result.coef[j]).toBeCloseTo(b, 6);
      const others = rows.map((row) => row.filter((_, k) => k !== j));
      const column = rows.map((row) => row[j]);
      const fit = leastSquares(others, column, sampleWeight, fitIntercept);
      const left = column.reduce(
        (sum, v, i) => sum + (sampleWeight[i] / scale) * (v - dot(others[i], fit.coef) - fit.intercept) ** 2,
        0,
      );
      expect(result.standardErrors[j]).toBeCloseTo(1 / Math.sqrt(left), 6);
    }
  });

  test('looks at the columns asked for, in their order, and at no other', () => {
    const all = debiasedLasso(rows, y, { confidence: 0.8 });
    const some = debiasedLasso(rows, y, { confidence: 0.8, columns: [11, 2] });
    expect(Array.from(some.columns)).toEqual([11, 2]);
    for (const name of ['coef', 'standardErrors', 'lower', 'upper', 'pValues'] as const) {
      expect(Array.from(some[name])).toEqual([all[name][11], all[name][2]]);
    }
    expect(some.upper[0] - some.coef[0]).toBeCloseTo(1.2815515655446004 * some.standardErrors[0], 10);
  });

  test('takes the strength of the first lasso, an offset and a known noise', () => {
    const offset = y.map((_, i) => i / 10);
    const shifted = y.map((v, i) => v + offset[i]);
    const options = { lambda: 0.1, noise: 2, columns: [3] };
    const [a, b] = [debiasedLasso(rows, y, options), debiasedLasso(rows, shifted, { ...options, offset })];
    expect(a.model.lambda).toBe(0.1);
    expect(a.noise).toBe(2);
    expect(b.coef[0]).toBeCloseTo(a.coef[0], 10);
    expect(debiasedLasso(rows, y, { ...options, noise: 1 }).standardErrors[0]).toBeCloseTo(a.standardErrors[0] / 2, 12);
  });

  test('says nothing about columns that are constant or a copy of another', () => {
    const special = rows.map((row) => [...row, 5, row[0]]);
    const { standardErrors, lower, upper, pValues } = debiasedLasso(special, y, { columns: [15, 16, 0, 1], columnLambda: 1e-6 });
    for (const s of [0, 1, 2])
      expect([standardErrors[s], lower[s], upper[s], pValues[s]]).toEqual([Infinity, -Infinity, Infinity, 1]);
    expect(standardErrors[3]).toBeLessThan(1);
  });

  test('reports its progress, stops when aborted, and gives memory back', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const steps: number[] = [];
    debiasedLasso(rows, y, { columns: [1, 2, 3], onProgress: ({ done, total }) => steps.push(done / total) });
    expect(steps).toEqual([1 / 3, 2 / 3, 1]);
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 3 && controller.abort(new Error('enough'));
    expect(() => debiasedLasso(rows, y, { signal: controller.signal, onProgress })).toThrow('enough');
    expect(heap.inUse).toBe(before);
  });

  const small = linearData(new Dice(1), 10, 3);
  test.each<[string, () => unknown, string]>([
    [
      'a confidence of 1',
      () => debiasedLasso(small.rows, small.y, { confidence: 1 }),
      'confidence: expected a number in (0, 1), got 1',
    ],
    [
      'a column that is not there',
      () => debiasedLasso(small.rows, small.y, { columns: [3] }),
      'columns[0] is 3: expected an integer in 0..2',
    ],
    ['a lambda of 0', () => debiasedLasso(small.rows, small.y, { lambda: 0 }), 'lambda: expected a number > 0, got 0'],
    ['a negative noise', () => debiasedLasso(small.rows, small.y, { noise: -1 }), 'noise: expected a number > 0, got -1'],
    [
      'an unknown option',
      () => debiasedLasso(small.rows, small.y, { alpha: 1 } as never),
      'debiasedLasso: unknown option "alpha"',
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
