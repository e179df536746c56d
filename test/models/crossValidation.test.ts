import { describe, expect, test } from 'vitest';
import { auc } from '../../src/core/metrics.ts';
import { DenseMatrix, ElasticNetCV } from '../../src/index.ts';
import {
  GeneralizedRegression,
  GeneralizedRegressionCV,
  LinearSvm,
  LinearSvmCV,
  LogisticRegression,
  LogisticRegressionCV,
  PoissonRegression,
  PoissonRegressionCV,
} from '../../src/linear/models/index.ts';
import { Dice } from '../linear/problems.ts';
import { lossAt } from './oracle.ts';
import { randomSetup } from './problems.ts';

const lambdas = [0.1, 0.05, 0.02, 0.01, 0.005];
const TIGHT = { lambdas, tol: 1e-12, foldTol: 1e-12 };

/** The same by fits on copies of the kept rows: the mean over folds by weight, and its standard error. */
function naive(
  foldIds: number[],
  weights: number[],
  value: (lambda: number, kept: number[], held: number[]) => number,
): { mean: number[]; standardError: number[] } {
  const labels = [...new Set(foldIds)].sort((a, b) => a - b);
  const total = weights.reduce((a, b) => a + b, 0);
  const rows = foldIds.map((_, i) => i);
  const results = lambdas.map((lambda) => {
    const folds = labels.map((label) => {
      const held = rows.filter((i) => foldIds[i] === label);
      return {
        share: held.reduce((sum, i) => sum + weights[i], 0) / total,
        error: value(
          lambda,
          rows.filter((i) => foldIds[i] !== label),
          held,
        ),
      };
    });
    const mean = folds.reduce((sum, { share, error }) => sum + share * error, 0);
    const variance = folds.reduce((sum, { share, error }) => sum + share * (error - mean) ** 2, 0);
    return { mean, standardError: Math.sqrt(variance / (labels.length - 1)) };
  });
  return { mean: results.map(({ mean }) => mean), standardError: results.map(({ standardError }) => standardError) };
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-5): void {
  expect(a.length).toBe(b.length);
  for (let k = 0; k < a.length; k++) expect(Math.abs(a[k] - b[k])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b[k])));
}

const dice = new Dice(77);
const weightsOf = (n: number) => dice.vector(n, () => 0.5 + dice.unit());
const pick = <T>(values: readonly T[], index: number[]): T[] => index.map((i) => values[i]);
const wmean = (w: number[], term: number[]) => term.reduce((sum, t, i) => sum + w[i] * t, 0) / w.reduce((a, b) => a + b, 0);

describe('cross-validation by zero weights is cross-validation by copies', () => {
  test('of logistic regressions, on deviance, accuracy and AUC', () => {
    const { rows, y } = randomSetup('logistic', 21, { n: 60, p: 6 });
    const sampleWeight = weightsOf(60);
    const foldIds = rows.map((_, i) => [7, -2, 40][i % 3]);
    for (const metric of ['deviance', 'accuracy', 'auc'] as const) {
      const cv = new LogisticRegressionCV({ ...TIGHT, foldIds, metric }).fit(rows, y, { sampleWeight });
      const expected = naive(foldIds, sampleWeight, (lambda, kept, held) => {
        const model = new LogisticRegression({ lambda, tol: 1e-12 }).fit(pick(rows, kept), pick(y, kept), {
          sampleWeight: pick(sampleWeight, kept),
        });
        const f = Array.from(model.decision(pick(rows, held)));
        const [own, w] = [pick(y, held), pick(sampleWeight, held)];
        if (metric === 'auc') return auc(own, f, { sampleWeight: w });
        return wmean(
          w,
          f.map((v, i) => (metric === 'deviance' ? 2 * lossAt('logistic', own[i], v) : v > 0 === (own[i] === 1) ? 1 : 0)),
        );
      });
      expectClose(cv.mean, expected.mean);
      expectClose(cv.standardError, expected.standardError);
      const best = metric === 'deviance' ? Math.min(...cv.mean) : Math.max(...cv.mean);
      const at = cv.mean.indexOf(best);
      expect(cv.lambdaMin).toBe(cv.path.lambdas[at]);
      const within = cv.mean.findIndex((v) => Math.abs(v - best) <= cv.standardError[at] || v === best);
      expect(cv.lambda1se).toBe(cv.path.lambdas[within]);
      expect(cv.model.lambda).toBe(cv.lambdaMin);
      expect(Array.from(cv.fold)).toEqual(rows.map((_, i) => [1, 0, 2][i % 3]));
      expect(cv.foldGap).toBeLessThanOrEqual(1e-12);
      expect(cv.metric).toBe(metric);
    }
  });

  test('of support vector machines, on their loss', () => {
    const { rows, y } = randomSetup('squaredHinge', 22, { n: 45, p: 5 });
    const foldIds = rows.map((_, i) => i % 4);
    const cv = new LinearSvmCV({ ...TIGHT, foldIds, rule: '1se' }).fit(rows, y);
    const expected = naive(
      foldIds,
      y.map(() => 1),
      (lambda, kept, held) => {
        const f = new LinearSvm({ lambda, tol: 1e-12 }).fit(pick(rows, kept), pick(y, kept)).decision(pick(rows, held));
        return wmean(
          held.map(() => 1),
          Array.from(f, (v, i) => lossAt('squaredHinge', y[held[i]], v)),
        );
      },
    );
    expectClose(cv.mean, expected.mean);
    expectClose(cv.standardError, expected.standardError);
    expect(cv.model.lambda).toBe(cv.lambda1se);
  });

  test('of Poisson regressions with offset, on deviance and both errors', () => {
    const { rows, y } = randomSetup('poisson', 23, { n: 50, p: 5 });
    const offset = dice.vector(50, () => 0.3 * dice.normal());
    const foldIds = rows.map((_, i) => i % 3);
    for (const metric of ['deviance', 'mse', 'mae'] as const) {
      const cv = new PoissonRegressionCV({ ...TIGHT, foldIds, metric }).fit(rows, y, { offset });
      const expected = naive(
        foldIds,
        y.map(() => 1),
        (lambda, kept, held) => {
          const model = new PoissonRegression({ lambda, tol: 1e-12 }).fit(pick(rows, kept), pick(y, kept), {
            offset: pick(offset, kept),
          });
          const mean = Array.from(model.predict(pick(rows, held), { offset: pick(offset, held) }));
          const errors = mean.map((m, k) => {
            const v = y[held[k]];
            if (metric === 'mse') return (v - m) ** 2;
            return metric === 'mae' ? Math.abs(v - m) : 2 * (m - v + (v > 0 ? v * Math.log(v / m) : 0));
          });
          return wmean(
            held.map(() => 1),
            errors,
          );
        },
      );
      expectClose(cv.mean, expected.mean);
      expectClose(cv.standardError, expected.standardError);
    }
  });

  test('of least squares with a penalty that is not convex, and with offset', () => {
    const { rows, y } = randomSetup('squared', 24, { n: 50, p: 5 });
    const offset = dice.vector(50);
    const foldIds = rows.map((_, i) => i % 5);
    for (const penalty of ['l1', 'mcp'] as const) {
      const cv = new GeneralizedRegressionCV({ loss: 'squared', penalty, ...TIGHT, foldIds }).fit(rows, y, { offset });
      const expected = naive(
        foldIds,
        y.map(() => 1),
        (lambda, kept, held) => {
          const model = new GeneralizedRegression({ loss: 'squared', penalty, lambda, tol: 1e-12 });
          const f = model
            .fit(pick(rows, kept), pick(y, kept), { offset: pick(offset, kept) })
            .predict(pick(rows, held), { offset: pick(offset, held) });
          return wmean(
            held.map(() => 1),
            Array.from(f, (v, i) => (y[held[i]] - v) ** 2),
          );
        },
      );
      expectClose(cv.mean, expected.mean);
    }
  });
});

test('least squares with an elastic net give what ElasticNetCV gives', () => {
  const { rows, y } = randomSetup('squared', 25, { n: 60, p: 12 });
  const options = { l1Ratio: 0.6, nLambdas: 20, seed: 3, folds: 5, foldTol: 1e-12, tol: 1e-12 };
  const a = new GeneralizedRegressionCV({ loss: 'squared', ...options }).fit(rows, y);
  const b = new ElasticNetCV(options).fit(rows, y);
  expect(Array.from(a.fold)).toEqual(Array.from(b.fold));
  expect(Array.from(a.path.lambdas)).toEqual(Array.from(b.path.lambdas));
  expectClose(a.mean, b.mean, 1e-9);
  expect(a.lambda1se).toBe(b.lambda1se);
});

test('folds of classes are stratified and follow the seed', () => {
  const { rows } = randomSetup('logistic', 26, { n: 60, p: 4 });
  const y = rows.map((_, i) => (i % 6 === 0 ? 'rare' : 'usual'));
  const folds = (seed: number) => new LogisticRegressionCV({ folds: 5, seed, nLambdas: 4 }).fit(rows, y).fold;
  const fold = folds(1);
  for (let k = 0; k < 5; k++) {
    const own = y.filter((_, i) => fold[i] === k);
    expect(own.length).toBe(12);
    expect(own.filter((label) => label === 'rare').length).toBe(2);
  }
  expect(Array.from(folds(1))).toEqual(Array.from(fold));
  expect(Array.from(folds(2))).not.toEqual(Array.from(fold));
});

test('a row of weight zero changes nothing, whatever it holds', () => {
  const { rows, y } = randomSetup('logistic', 27, { n: 40, p: 4 });
  const foldIds = rows.map((_, i) => i % 4);
  const plain = new LogisticRegressionCV({ ...TIGHT, foldIds }).fit(rows, y);
  const more = new LogisticRegressionCV({ ...TIGHT, foldIds: [...foldIds, 0] }).fit(
    DenseMatrix.from([...rows, [9, -9, 9, 50]]),
    [...y, 1],
    {
      sampleWeight: [...y.map(() => 1), 0],
    },
  );
  expectClose(more.mean, plain.mean, 1e-7);
});
