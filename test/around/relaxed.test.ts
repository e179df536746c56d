import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { type FitOptions, lassoPath } from '../../src/index.ts';
import { RelaxedLassoCV, type RelaxedPathOptions, relaxedLassoPath } from '../../src/linear/around/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { dot } from '../linear/oracle.ts';
import { Dice, linearData } from '../linear/problems.ts';
import { leastSquares } from './naive.ts';

const { rows, y } = linearData(new Dice(7), 40, 30);
const variants: [string, RelaxedPathOptions][] = [
  ['a plain path', {}],
  ['a standardised path', { standardize: true }],
  ['a path without intercept', { fitIntercept: false }],
  ['an elastic net', { l1Ratio: 0.6 }],
  ['a path with weights and offset', { sampleWeight: y.map((_, i) => (i % 4) / 2), offset: y.map((_, i) => i / 20) }],
  ['a path with penalty factors', { penaltyFactors: rows[0].map((_, j) => (j === 3 ? Infinity : j % 3)) }],
  ['a path by coordinate descent', { solver: 'cd' }],
];

describe('a relaxed path', () => {
  test.each(variants)('of %s is the lasso at gamma 1 and least squares on its support at gamma 0', (_, options) => {
    const all = { ...options, nLambdas: 15, lambdaMinRatio: 0.02 };
    const path = relaxedLassoPath(rows, y, all);
    const lasso = lassoPath(rows, y, all);
    expect(path.lambdas).toEqual(lasso.lambdas);
    for (const [k, lambda] of lasso.lambdas.entries()) {
      const shrunken = lasso.at(lambda);
      const one = path.at(lambda, 1);
      expect([one.coef, one.intercept, one.certificate]).toEqual([shrunken.coef, shrunken.intercept, shrunken.certificate]);
      const zero = path.at(lambda, 0);
      const { support } = shrunken;
      const weights = options.sampleWeight && Array.from(options.sampleWeight);
      const response = y.map((v, i) => v - (options.offset ? options.offset[i] : 0));
      const chosen = rows.map((row) => Array.from(support, (j) => row[j]));
      const oracle = leastSquares(chosen, response, weights, options.fitIntercept ?? true);
      expect(zero.support).toEqual(support);
      for (const [s, j] of support.entries()) expect(Math.abs(zero.coef[j] - oracle.coef[s])).toBeLessThan(1e-9);
      expect(Math.abs(zero.intercept - oracle.intercept)).toBeLessThan(1e-9);
      expect(zero.certificate).toEqual(lasso.points[k].certificate);
      expect(zero.refit).toEqual({ residual: path.refits[k].residual, dependent: 0 });
      expect(zero.refit.residual).toBeLessThan(1e-13);
    }
  });

  test('blends the two in between, and interpolates between lambdas', () => {
    const path = relaxedLassoPath(rows, y, { nLambdas: 10 });
    const [a, b] = [path.lambdas[4], path.lambdas[5]];
    const [shrunken, free, half] = [path.at(a, 1), path.at(a, 0), path.at(a, 0.25)];
    half.coef.forEach((v, j) => {
      expect(v).toBeCloseTo(0.25 * shrunken.coef[j] + 0.75 * free.coef[j], 12);
    });
    const between = path.at((a + b) / 2, 0);
    between.coef.forEach((v, j) => {
      expect(v).toBeCloseTo((free.coef[j] + path.at(b, 0).coef[j]) / 2, 12);
    });
    expect(between.refit.residual).toBeNaN();
    expect(path.predict(rows, a, 0.25)).toEqual(half.predict(rows));
    expect(path.at(0, 0).coef).toEqual(path.at(path.lambdas[9], 0).coef);
    expect(half.gamma).toBe(0.25);
  });

  test('gives dependent columns of a support a basic solution and counts them', () => {
    const twins = rows.map((row) => [...row, row[0], row[0] + row[1]]);
    const path = relaxedLassoPath(twins, y, { l1Ratio: 0.5, nLambdas: 20 });
    const seen = path.refits.map(({ dependent }) => dependent);
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(1);
    for (const [k, lambda] of path.lambdas.entries()) {
      const model = path.at(lambda, 0);
      const rest = model.predict(twins).map((f, i) => y[i] - f);
      const whole = Math.sqrt(dot(y, y));
      for (const j of path.at(lambda, 1).support)
        expect(
          Math.abs(
            dot(
              rest,
              twins.map((row) => row[j]),
            ),
          ),
        ).toBeLessThan(1e-10 * whole * 40);
      expect(model.support.length).toBe(path.at(lambda, 1).support.length - seen[k]);
    }
  });

  test('with more columns than rows ends in an exact fit, not in a crash', () => {
    const { rows: wide, y: response } = linearData(new Dice(3), 15, 60);
    const path = relaxedLassoPath(wide, response, { lambdaMinRatio: 1e-4, nLambdas: 40 });
    const last = path.at(path.lambdas[39], 0);
    last.predict(wide).forEach((f, i) => {
      expect(f).toBeCloseTo(response[i], 6);
    });
  });

  test('is the same in all formats, to rounding', () => {
    const reference = relaxedLassoPath(rows, y, { nLambdas: 8 });
    for (const format of FORMATS) {
      const path = relaxedLassoPath(stored(rows, format), y, { nLambdas: 8 });
      const [a, b] = [path.at(path.lambdas[6], 0), reference.at(reference.lambdas[6], 0)];
      a.coef.forEach((v, j) => {
        expect(v).toBeCloseTo(b.coef[j], 6);
      });
    }
  });
});

describe('RelaxedLassoCV', () => {
  const foldIds = y.map((_, i) => i % 4);
  const sampleWeight = y.map((_, i) => 1 + (i % 3));
  const settings = { foldIds, nLambdas: 12, foldTol: 1e-12, tol: 1e-12, gammas: [0, 0.5, 1] };

  test('is what fitting by hand on the rows of each fold gives', () => {
    const { path, mean, standardError, gammas, ...chosen } = new RelaxedLassoCV(settings).fit(rows, y, { sampleWeight });
    expect(Array.from(gammas)).toEqual([1, 0.5, 0]);
    const total = sampleWeight.reduce((a, b) => a + b);
    const table = [0, 1, 2, 3].map((k) => {
      const inside = y.map((_, i) => i).filter((i) => foldIds[i] !== k);
      const outside = y.map((_, i) => i).filter((i) => foldIds[i] === k);
      const options = { lambdas: path.lambdas, tol: 1e-12, sampleWeight: inside.map((i) => sampleWeight[i]) };
      const fold = relaxedLassoPath(
        inside.map((i) => rows[i]),
        inside.map((i) => y[i]),
        options,
      );
      const weight = outside.reduce((sum, i) => sum + sampleWeight[i], 0);
      const errors = Array.from(path.lambdas, (lambda) =>
        Array.from(gammas, (gamma) => {
          const fitted = fold.predict(
            outside.map((i) => rows[i]),
            lambda,
            gamma,
          );
          return outside.reduce((sum, i, s) => sum + (sampleWeight[i] * (y[i] - fitted[s]) ** 2) / weight, 0);
        }),
      );
      return { errors, share: weight / total };
    });
    let [best, lambdaMin, gammaMin] = [Infinity, 0, 0];
    for (const [l, lambda] of path.lambdas.entries()) {
      for (const [g, gamma] of gammas.entries()) {
        const average = table.reduce((sum, { errors, share }) => sum + share * errors[l][g], 0);
        const spread = table.reduce((sum, { errors, share }) => sum + share * (errors[l][g] - average) ** 2, 0);
        expect(mean.data[l * 3 + g]).toBeCloseTo(average, 8);
        expect(standardError.data[l * 3 + g]).toBeCloseTo(Math.sqrt(spread / 3), 8);
        if (average < best) [best, lambdaMin, gammaMin] = [average, lambda, gamma];
      }
    }
    expect([chosen.lambdaMin, chosen.gammaMin]).toEqual([lambdaMin, gammaMin]);
    expect(chosen.lambda1se).toBeGreaterThanOrEqual(lambdaMin);
    expect(chosen.model).toEqual(path.at(lambdaMin, gammaMin));
    const simple = new RelaxedLassoCV({ ...settings, rule: '1se' }).fit(rows, y, { sampleWeight });
    expect(simple.model).toEqual(path.at(chosen.lambda1se, chosen.gamma1se));
  });

  test('is deterministic, and relaxes where signals are strong', () => {
    const strong = linearData(new Dice(5), 60, 40, { noise: 0.3 });
    const learn = () => new RelaxedLassoCV({ folds: 5, nLambdas: 25 }).fit(strong.rows, strong.y);
    const outcome = learn();
    expect(outcome).toEqual(learn());
    expect(outcome.gammaMin).toBeLessThan(1);
    expect(outcome.model.support.length).toBeLessThan(outcome.path.at(outcome.path.lambdas[24], 1).support.length);
    expect([outcome.mean.rows, outcome.mean.cols]).toEqual([25, 5]);
  });

  test('stops when aborted, reports a full bar, and gives memory back', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const work: ((options: FitOptions) => unknown)[] = [
      (options) => relaxedLassoPath(rows, y, { nLambdas: 6, ...options }),
      (options) => new RelaxedLassoCV({ folds: 3, nLambdas: 6 }).fit(rows, y, options),
    ];
    for (const run of work) {
      const controller = new AbortController();
      const onProgress = ({ done }: { done: number }) => done === 5 && controller.abort(new Error('enough'));
      expect(() => run({ signal: controller.signal, onProgress })).toThrow('enough');
      expect(heap.inUse).toBe(before);
      const shares: number[] = [];
      run({ onProgress: ({ done, total }) => shares.push(done / total) });
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(heap.inUse).toBe(before);
    }
  });
});

test.each<[string, () => unknown, string]>([
  ['bounds', () => relaxedLassoPath(rows, y, { positive: true } as never), 'relaxedLassoPath: unknown option "positive"'],
  ['gamma above 1', () => relaxedLassoPath(rows, y, { nLambdas: 3 }).at(1, 1.5), 'gamma: expected a number in [0, 1], got 1.5'],
  ['a negative lambda', () => relaxedLassoPath(rows, y, { nLambdas: 3 }).at(-1, 1), 'lambda: expected a number >= 0, got -1'],
  ['a gamma out of range', () => new RelaxedLassoCV({ gammas: [0, 2] }), 'gammas: expected a number in [0, 1], got 2'],
  ['no gammas', () => new RelaxedLassoCV({ gammas: [] }), 'gammas: expected at least one number'],
  ['bounds in a cross-validation', () => new RelaxedLassoCV({ upper: 1 } as never), 'RelaxedLassoCV: unknown option "upper"'],
  ['an unknown rule', () => new RelaxedLassoCV({ rule: 'best' as never }), 'rule: expected one of "min", "1se", got "best"'],
  ['NaN', () => relaxedLassoPath([[1], [Number.NaN]], [1, 2]), 'X[1][0] is NaN: expected a finite number'],
])('%s is refused', (_, run, message) => {
  expect(run).toThrow(message);
});
