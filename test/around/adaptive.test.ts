import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { type FitOptions, Lasso, LassoCV, LinearModel, LinearRegression, Ridge } from '../../src/index.ts';
import { AdaptiveLasso, AdaptiveLassoCV, type AdaptiveOptions } from '../../src/linear/around/index.ts';
import { Dice, linearData } from '../linear/problems.ts';

const { rows, y, truth } = linearData(new Dice(19), 50, 20);
const exact = { tol: 1e-12 };

describe('AdaptiveLasso', () => {
  const kinds: [string, AdaptiveOptions, () => LinearModel][] = [
    ['a ridge', { initial: 'ridge', initialLambda: 0.3 }, () => new Ridge({ lambda: 0.3, ...exact }).fit(rows, y)],
    ['least squares', { initial: 'leastSquares' }, () => new LinearRegression().fit(rows, y)],
    ['a lasso', { initial: 'lasso', initialLambda: 0.1 }, () => new Lasso({ lambda: 0.1, ...exact }).fit(rows, y)],
  ];
  test.each(kinds)('is the lasso with penalty factors 1 / |b|^gamma from %s', (_, options, first) => {
    for (const gamma of [0.5, 1, 1.7, 2]) {
      const model = new AdaptiveLasso({ lambda: 0.05, gamma, ...options, ...exact }).fit(rows, y);
      const penaltyFactors = first().coef.map((b) => 1 / Math.abs(b) ** gamma);
      const oracle = new Lasso({ lambda: 0.05, penaltyFactors, ...exact }).fit(rows, y);
      model.coef.forEach((b, j) => {
        expect(Math.abs(b - oracle.coef[j])).toBeLessThan(1e-7);
      });
      expect(model.support).toEqual(oracle.support);
      expect(model.certificate.converged).toBe(true);
      expect(model.initial.coef.length).toBe(20);
    }
  });

  test('keeps factors 0 and Infinity as given, multiplies others, and leaves zeros of the first fit out', () => {
    const penaltyFactors = rows[0].map((_, j) => [1, 2, 0, Infinity][j % 4]);
    const options = { initial: 'lasso', initialLambda: 0.3 } as const;
    const { penaltyFactors: found, initial, coef } = new AdaptiveLasso({ lambda: 0.01, ...options, penaltyFactors }).fit(rows, y);
    for (const [j, factor] of found.entries()) {
      if (j % 4 === 2) expect(factor).toBe(0);
      else if (j % 4 === 3 || initial.coef[j] === 0) expect([factor, coef[j]]).toEqual([Infinity, 0]);
      else expect(factor).toBeCloseTo(penaltyFactors[j] / Math.abs(initial.coef[j]), 12);
    }
    expect(initial.coef.some((b) => b === 0)).toBe(true);
  });

  test('under standardize does not notice the units of a column', () => {
    const scaled = rows.map((row) => row.map((v, j) => v * (j === 2 ? 1000 : 1)));
    for (const initial of ['ridge', 'lasso', 'leastSquares'] as const) {
      const recipe = new AdaptiveLasso({ lambda: 0.05, initial, standardize: true, ...exact });
      const [a, b] = [recipe.fit(rows, y), recipe.fit(scaled, y)];
      a.coef.forEach((v, j) => {
        expect(Math.abs(v - b.coef[j] * (j === 2 ? 1000 : 1))).toBeLessThan(1e-8);
      });
    }
  });

  test('is saved and read as a linear model', () => {
    const model = new AdaptiveLasso({ lambda: 0.05 }).fit(rows, y);
    expect(LinearModel.fromJSON(JSON.stringify(model)).predict(rows)).toEqual(model.predict(rows));
  });
});

describe('AdaptiveLassoCV', () => {
  const foldIds = y.map((_, i) => i % 5);

  test.each<AdaptiveOptions>([{}, { initial: 'leastSquares' }, { initial: 'lasso', gamma: 2 }])(
    'repeats the first fit inside every fold: %o is what fitting by hand gives',
    (options) => {
      const recipe = new AdaptiveLassoCV({ ...options, foldIds, nLambdas: 8, foldTol: 1e-12, tol: 1e-12 });
      const outcome = recipe.fit(rows, y);
      const errors = [0, 1, 2, 3, 4].map((k) => {
        const inside = y.map((_, i) => i).filter((i) => foldIds[i] !== k);
        const outside = y.map((_, i) => i).filter((i) => foldIds[i] === k);
        return Array.from(outcome.path.lambdas, (lambda) => {
          const fold = new AdaptiveLasso({ ...options, lambda, tol: 1e-12 });
          const model = fold.fit(
            inside.map((i) => rows[i]),
            inside.map((i) => y[i]),
          );
          const fitted = model.predict(outside.map((i) => rows[i]));
          return outside.reduce((sum, i, s) => sum + (y[i] - fitted[s]) ** 2 / outside.length, 0);
        });
      });
      outcome.mean.forEach((mean, l) => {
        expect(mean).toBeCloseTo(
          errors.reduce((sum, fold) => sum + fold[l] / 5, 0),
          6,
        );
      });
      const single = new AdaptiveLasso({ ...options, lambda: outcome.lambdaMin, tol: 1e-12 }).fit(rows, y);
      outcome.model.coef.forEach((b, j) => {
        expect(Math.abs(b - single.coef[j])).toBeLessThan(1e-7);
      });
      expect(outcome.penaltyFactors).toEqual(single.penaltyFactors);
      expect(outcome).toEqual(recipe.fit(rows, y));
    },
  );

  test('finds a sparser model than the lasso, with all of the planted columns', () => {
    const planted = truth.flatMap((b, j) => (b === 0 ? [] : [j]));
    const options = { folds: 5, nLambdas: 30, rule: '1se' } as const;
    const adaptive = new AdaptiveLassoCV({ ...options, gamma: 2 }).fit(rows, y).model;
    const plain = new LassoCV({ ...options, rule: 'min' }).fit(rows, y).model;
    expect(Array.from(adaptive.support)).toEqual(planted);
    expect(plain.support.length).toBeGreaterThan(planted.length);
  });

  test('stops when aborted and gives memory back', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const work: [number, (options: FitOptions) => unknown][] = [
      [1, (options) => new AdaptiveLasso({ lambda: 0.01 }).fit(rows, y, options)],
      [9, (options) => new AdaptiveLassoCV({ folds: 3, nLambdas: 8 }).fit(rows, y, options)],
    ];
    for (const [at, run] of work) {
      const controller = new AbortController();
      const onProgress = ({ done }: { done: number }) => done === at && controller.abort(new Error('enough'));
      expect(() => run({ signal: controller.signal, onProgress })).toThrow('enough');
      expect(heap.inUse).toBe(before);
    }
  });
});

const wide = linearData(new Dice(2), 10, 20);
test.each<[string, () => unknown, string]>([
  ['no lambda', () => new AdaptiveLasso({} as never), 'lambda: expected a number >= 0, got undefined'],
  ['gamma 0', () => new AdaptiveLasso({ lambda: 1, gamma: 0 }), 'gamma: expected a number > 0, got 0'],
  [
    'an unknown first fit',
    () => new AdaptiveLassoCV({ initial: 'ols' as never }),
    'initial: expected one of "ridge", "leastSquares", "lasso", got "ols"',
  ],
  [
    'a strength for least squares',
    () => new AdaptiveLasso({ lambda: 1, initial: 'leastSquares', initialLambda: 1 }),
    "initialLambda: expected none with initial 'leastSquares', which has no penalty",
  ],
  [
    'least squares on dependent columns',
    () => new AdaptiveLasso({ lambda: 1, initial: 'leastSquares' }).fit(wide.rows, wide.y),
    "initial: expected columns that do not depend on each other for 'leastSquares'; 'ridge' and 'lasso' take any",
  ],
  ['an unknown option', () => new AdaptiveLassoCV({ power: 1 } as never), 'AdaptiveLassoCV: unknown option "power"'],
])('%s is refused', (_, run, message) => {
  expect(run).toThrow(message);
});
