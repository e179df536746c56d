import { describe, expect, test } from 'vitest';
import {
  GeneralizedRegression,
  HuberRegression,
  LinearSvm,
  LogisticRegression,
  logisticPath,
  PoissonRegression,
  poissonPath,
} from '../../src/linear/models/index.ts';
import { Dice } from '../linear/problems.ts';
import { randomSetup } from './problems.ts';

const apart = [[-2], [-1], [1], [2]];
const labels = ['no', 'no', 'yes', 'yes'];

describe('separable classes', () => {
  test('without a penalty are said to be so', () => {
    const { certificate } = new LogisticRegression({ lambda: 0 }).fit(apart, labels);
    expect(certificate).toMatchObject({ status: 'separable', converged: false });
  });

  test('that touch in a point are said to be so', () => {
    const { certificate } = new LogisticRegression({ lambda: 0 }).fit(
      [[-2], [-1], [0], [0], [1], [2]],
      ['no', 'no', 'no', 'yes', 'yes', 'yes'],
    );
    expect(certificate).toMatchObject({ status: 'separable', converged: false });
  });

  test('that one free column tells apart are said to be so at any lambda', () => {
    const rows = apart.map(([x], i) => [x, [1, -1, 2, -2][i]]);
    const { certificate } = new LogisticRegression({ lambda: 0.1, penaltyFactors: [0, 1] }).fit(rows, labels);
    expect(certificate.status).toBe('separable');
  });

  test('are fitted like any others with a penalty, a bound, or the squared hinge', () => {
    expect(new LogisticRegression({ lambda: 1e-3 }).fit(apart, labels).certificate.status).toBe('converged');
    expect(new LogisticRegression({ lambda: 0, upper: 3, lower: -3, tol: 1e-9 }).fit(apart, labels).coef[0]).toBe(3);
    expect(new LinearSvm({ lambda: 0 }).fit(apart, labels).certificate.status).toBe('converged');
  });

  test('end a path that goes down to lambda 0 with that status, and nothing before', () => {
    const { points } = logisticPath(apart, labels, { lambdas: [0.5, 0.1, 0] });
    expect(points.map(({ certificate }) => certificate.status)).toEqual(['converged', 'converged', 'separable']);
  });

  test('are not claimed where one row lies on the wrong side', () => {
    const { certificate } = new LogisticRegression({ lambda: 0 }).fit([...apart, [3]], [...labels, 'no']);
    expect(certificate.status).toBe('converged');
  });
});

describe('imbalance', () => {
  const dice = new Dice(5);
  const n = 3003;
  const y = Array.from({ length: n }, (_, i) => (i < 3 ? 1 : 0));
  const rows = y.map((label) => [dice.normal() + 2 * label, dice.normal(), dice.normal()]);

  test.each([
    ['logistic', LogisticRegression],
    ['support vector machine', LinearSvm],
  ] as const)('of 1 in 1000 does not keep a %s from converging', (_, Model) => {
    for (const lambda of [1e-2, 1e-4, 1e-6]) {
      const { certificate } = new Model({ lambda, tol: 1e-9 }).fit(rows, y);
      expect(certificate.status).toBe('converged');
    }
  });

  test('is made good by balanced class weights: both classes weigh the same', () => {
    const model = new LogisticRegression({ lambda: 10, classWeight: 'balanced' }).fit(rows, y);
    expect(Math.abs(model.intercept)).toBeLessThan(1e-6);
    const plain = new LogisticRegression({ lambda: 10 }).fit(rows, y);
    expect(Math.abs(plain.intercept - Math.log(3 / 3000))).toBeLessThan(1e-6);
  });

  test('class weights are sample weights', () => {
    const classWeight = new Map([[1, 7]]);
    const a = new LogisticRegression({ lambda: 0.001, classWeight, tol: 1e-12 }).fit(rows, y);
    const b = new LogisticRegression({ lambda: 0.001, tol: 1e-12 }).fit(rows, y, {
      sampleWeight: y.map((label) => (label === 1 ? 7 : 1)),
    });
    expect(Array.from(a.coef)).toEqual(Array.from(b.coef));
  });
});

test('a fit that may not go on says maxEpochs', () => {
  const { rows, y } = randomSetup('logistic', 3);
  const { certificate } = new LogisticRegression({ lambda: 1e-4, tol: 1e-12, maxEpochs: 1 }).fit(rows, y);
  expect(certificate).toMatchObject({ status: 'maxEpochs', converged: false });
});

test('gaps of Poisson fits are relative to half the null deviance, also where the null loss is negative', () => {
  const { rows } = randomSetup('poisson', 4);
  const y = rows.map((row, i) => Math.round(100 + 20 * row[0]) + (i % 3));
  const model = new PoissonRegression({ lambda: 0.05, tol: 1e-8 }).fit(rows, y);
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const half = y.reduce((sum, v) => sum + v * Math.log(v / mean) - v + mean, 0) / y.length;
  const { certificate } = model;
  expect(certificate.primal).toBeLessThan(0);
  expect(certificate.status).toBe('converged');
  expect(certificate.gap).toBeLessThanOrEqual(1e-8);
  expect(Math.abs(certificate.gap * half - (certificate.primal - certificate.dual))).toBeLessThan(1e-12);
  const path = poissonPath(rows, y, { nLambdas: 5 });
  expect(path.points[0].devianceRatio).toBeCloseTo(0, 6);
  expect(path.points[4].devianceRatio).toBeGreaterThan(0.5);
});

test('outliers move a Huber regression less than least squares', () => {
  const rows = Array.from({ length: 30 }, (_, i) => [i]);
  const y = rows.map(([x], i) => 2 * x + (i === 29 ? 1000 : (i % 3) - 1));
  const robust = new HuberRegression({ lambda: 0, delta: 1.5 }).fit(rows, y);
  const plain = new GeneralizedRegression({ loss: 'squared', lambda: 0 }).fit(rows, y);
  expect(Math.abs(robust.coef[0] - 2)).toBeLessThan(0.05);
  expect(Math.abs(plain.coef[0] - 2)).toBeGreaterThan(1);
});
