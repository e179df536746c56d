import { describe, expect, test } from 'vitest';
import { upload } from '../../src/index.ts';
import {
  cFromLambda,
  generalizedPath,
  hingeLoss,
  LinearSvm,
  LinearSvmCV,
  LogisticModel,
  LogisticRegression,
  lambdaFromAlpha,
  lambdaFromC,
  logisticPath,
  logLoss,
  PoissonModel,
  PoissonRegression,
  PoissonRegressionCV,
  poissonDeviance,
  poissonPath,
  SvmModel,
} from '../../src/linear/models/index.ts';
import { lossAt, objective } from './oracle.ts';
import { LOSSES, randomSetup } from './problems.ts';
import { fitOptionsOf, fitted, optionsOf } from './recipes.ts';

const { rows, y } = randomSetup('logistic', 31, { n: 50, p: 8 });
const names = y.map((label) => (label === 1 ? 'zebra' : 'ant'));
const logistic = new LogisticRegression({ lambda: 0.02 }).fit(rows, names);
const svm = new LinearSvm({ lambda: 0.02, penalty: 'l1' }).fit(rows, names);
const counted = randomSetup('poisson', 32, { n: 50, p: 8 });
const poisson = new PoissonRegression({ lambda: 0.05 }).fit(counted.rows, counted.y);

describe('what a model says', () => {
  test('classes are sorted, and f > 0 means the second', () => {
    expect(logistic.classes).toEqual(['ant', 'zebra']);
    const f = logistic.decision(rows);
    expect(logistic.predict(rows)).toEqual(Array.from(f, (v) => (v > 0 ? 'zebra' : 'ant')));
    const right = names.filter((name, i) => name === (f[i] > 0 ? 'zebra' : 'ant')).length;
    expect(logistic.score(rows, names)).toBeCloseTo(right / 50, 14);
    const twice = names.map((name, i) => (name === (f[i] > 0 ? 'zebra' : 'ant') ? 2 : 1));
    expect(logistic.score(rows, names, { sampleWeight: twice })).toBeCloseTo((2 * right) / (50 + right), 14);
  });

  test('probabilities are those of the log odds and sum to 1', () => {
    const f = logistic.decision(rows, { offset: rows.map((_, i) => (i === 0 ? 800 : 0)) });
    const p = logistic.predictProbability(rows, { offset: rows.map((_, i) => (i === 0 ? 800 : 0)) });
    expect([p.rows, p.cols]).toEqual([50, 2]);
    for (let i = 0; i < 50; i++) {
      expect(p.get(i, 0) + p.get(i, 1)).toBeCloseTo(1, 14);
      expect(p.get(i, 1)).toBeCloseTo(1 / (1 + Math.exp(-f[i])), 13);
    }
    expect(p.get(0, 1)).toBe(1);
  });

  test('expected counts are exp(f), and the score is the share of deviance', () => {
    const f = poisson.decision(counted.rows);
    const mu = poisson.predict(counted.rows);
    for (let i = 0; i < 50; i++) expect(mu[i] / Math.exp(f[i])).toBeCloseTo(1, 13);
    const mean = counted.y.reduce((a, b) => a + b, 0) / 50;
    const deviance = (m: (i: number) => number) =>
      counted.y.reduce((sum, v, i) => sum + 2 * ((v > 0 ? v * Math.log(v / m(i)) : 0) - v + m(i)), 0);
    expect(poisson.score(counted.rows, counted.y)).toBeCloseTo(1 - deviance((i) => mu[i]) / deviance(() => mean), 12);
    expect(poissonDeviance(counted.y, mu)).toBeCloseTo(deviance((i) => mu[i]) / 50, 12);
  });

  test('log loss and hinge loss are what the fits minimise', () => {
    const p = logistic.predictProbability(rows);
    const second = Float64Array.from(rows, (_, i) => p.get(i, 1));
    const f = logistic.decision(rows);
    const expected = y.reduce((sum, label, i) => sum + lossAt('logistic', label, f[i]), 0) / 50;
    expect(logLoss(names, second)).toBeCloseTo(expected, 12);
    expect(
      logLoss(
        names,
        second.map((v) => 1 - v),
        { positive: 'ant' },
      ),
    ).toBeCloseTo(expected, 12);
    const margins = svm.decision(rows);
    const hinge = y.map((label, i) => Math.max(0, 1 - (label === 1 ? 1 : -1) * margins[i]));
    expect(hingeLoss(names, margins)).toBeCloseTo(hinge.reduce((a, b) => a + b, 0) / 50, 13);
    expect(hingeLoss(names, margins, { squared: true })).toBeCloseTo(hinge.reduce((a, b) => a + b * b, 0) / 50, 13);
    expect(logLoss([0, 1], [1, 1])).toBe(Infinity);
  });

  test.each([
    ['LogisticModel', logistic, LogisticModel],
    ['SvmModel', svm, SvmModel],
  ] as const)('%s survives JSON with the same bits', (_, model, Kind) => {
    const again = Kind.fromJSON(JSON.stringify(model));
    expect(again).toBeInstanceOf(Kind);
    expect(again.classes).toEqual(model.classes);
    expect(Array.from(again.decision(rows))).toEqual(Array.from(model.decision(rows)));
    expect(again.certificate).toEqual(model.certificate);
    expect(Array.from(again.support)).toEqual(Array.from(model.support));
    expect(again.lambda).toBe(0.02);
  });

  test('PoissonModel and fits with a penalty that is not convex survive JSON', () => {
    expect(Array.from(PoissonModel.fromJSON(JSON.stringify(poisson)).predict(counted.rows))).toEqual(
      Array.from(poisson.predict(counted.rows)),
    );
    const local = new PoissonRegression({ lambda: 0.3, penalty: 'mcp' }).fit(counted.rows, counted.y);
    const again = PoissonModel.fromJSON(local.toJSON());
    expect(again.certificate).toEqual(local.certificate);
    expect(again.certificate.gap).toBeNaN();
  });
});

describe.each(LOSSES)('%s', (loss) => {
  const setup = randomSetup(loss, 41, { n: 40, p: 12, share: 0.15 });
  const tight = { tol: 1e-13 };
  const value = (model: { coef: Float64Array; intercept: number }) => objective(setup, model.coef, model.intercept);
  const plain = fitted(setup, tight);

  test('a weight k is k copies of the row', () => {
    const times = setup.rows.map((_, i) => (i * 7) % 4);
    const spread = <T>(values: readonly T[]) => values.flatMap((v, i) => Array.from({ length: times[i] }, () => v));
    const a = fitted({ ...setup, sampleWeight: times.map((k) => 3 * k) }, tight);
    const b = fitted({ ...setup, rows: spread(setup.rows), y: spread(setup.y) }, tight);
    for (let j = 0; j < 12; j++) expect(Math.abs(a.coef[j] - b.coef[j])).toBeLessThan(1e-5);
  });

  test('permuted rows and columns give the same model', () => {
    const turned = setup.rows.map((row) => [...row].reverse()).reverse();
    const b = fitted({ ...setup, rows: turned, y: [...setup.y].reverse() }, tight);
    for (let j = 0; j < 12; j++) expect(Math.abs(plain.coef[j] - b.coef[11 - j])).toBeLessThan(1e-5);
  });

  test('a column in other units has its coefficient in theirs, when standardised', () => {
    const own = { ...setup, standardize: true };
    const a = fitted(own, tight);
    const b = fitted({ ...own, rows: setup.rows.map((row) => row.map((v, j) => (j === 2 ? 1000 * v : v))) }, tight);
    for (let j = 0; j < 12; j++) expect(Math.abs(a.coef[j] - b.coef[j] * (j === 2 ? 1000 : 1))).toBeLessThan(1e-5);
  });

  test('a constant offset is taken up by the intercept', () => {
    const b = fitted({ ...setup, offset: setup.y.map(() => 0.7) }, tight);
    for (let j = 0; j < 12; j++) expect(Math.abs(plain.coef[j] - b.coef[j])).toBeLessThan(1e-5);
    expect(Math.abs(plain.intercept - b.intercept - 0.7)).toBeLessThan(1e-5);
  });

  test('a factor of 0 leaves a column free, Infinity keeps it out, and bounds hold', () => {
    const big = { ...setup, lambda: 1e6, penaltyFactors: setup.rows[0].map((_, j) => (j === 3 ? 0 : 1)) };
    expect(Array.from(fitted(big, tight).support)).toEqual([3]);
    const [most] = Array.from(plain.support);
    const without = fitted({ ...setup, penaltyFactors: setup.rows[0].map((_, j) => (j === most ? Infinity : 1)) }, tight);
    expect(without.coef[most]).toBe(0);
    const bounded = fitted(setup, { ...tight, lower: -0.1, upper: 0.1 });
    expect(bounded.coef.every((b) => Math.abs(b) <= 0.1)).toBe(true);
    expect(bounded.certificate.converged).toBe(true);
    expect(value(bounded)).toBeGreaterThan(value(plain));
  });

  test('only signs that are allowed occur, also with penalties that are not convex', () => {
    for (const penalty of ['l1', 'mcp', 'scad', 'l1/2', 'logSum'] as const) {
      const model = fitted(setup, { penalty, positive: true, tol: 1e-7 });
      expect(model.certificate.converged, penalty).toBe(true);
      expect(model.coef.every((b) => b >= 0)).toBe(true);
      expect(model.support.length).toBeGreaterThan(0);
    }
  });

  test('no move of one coefficient or of the intercept does better', () => {
    for (let j = -1; j < 12; j++) {
      for (const step of [-1e-2, -1e-3, 1e-3, 1e-2]) {
        const coef = plain.coef.map((b, k) => (k === j ? b + step : b));
        const intercept = plain.intercept + (j < 0 ? step : 0);
        expect(objective(setup, coef, intercept)).toBeGreaterThan(value(plain) - 1e-12);
      }
    }
  });

  test('an uploaded matrix is accepted, and gives the same bits', () => {
    const X = upload(setup.rows);
    const resident = fitted(setup, tight, X as never);
    expect(Array.from(resident.coef)).toEqual(Array.from(plain.coef));
    X.free();
  });

  test('a path holds its fits, and between them the gap bound holds', () => {
    const path = generalizedPath(setup.rows, setup.y, {
      loss,
      nLambdas: 15,
      lambdaMinRatio: 0.02,
      tol: 1e-9,
      ...optionsOf(setup),
      ...fitOptionsOf(setup),
    });
    expect(path.stopped).toBeUndefined();
    for (const k of [0, 7, 14]) {
      const at = path.at(path.lambdas[k]);
      expect(at.certificate).toBe(path.points[k].certificate);
      expect(at.support.length).toBe(path.points[k].df);
      expect(at.intercept).toBe(path.intercepts[k]);
    }
    for (const lambda of [0.4 * path.lambdas[5] + 0.6 * path.lambdas[6], path.lambdas[0] * 2, path.lambdas[14] / 2]) {
      const between = path.at(lambda);
      const exact = path.at(lambda, { X: setup.rows, y: setup.y });
      expect(exact.certificate.converged).toBe(true);
      const [found, best] = [between, exact].map(({ coef, intercept }) => objective({ ...setup, lambda }, coef, intercept));
      expect(found).toBeGreaterThanOrEqual(best - 1e-8);
      expect(between.certificate.primal).toBeGreaterThanOrEqual(found - 1e-9);
      expect(between.certificate.dual).toBeLessThanOrEqual(best + 1e-9);
      expect(between.certificate.kkt).toBeNaN();
    }
  });
});

describe('a path', () => {
  test('stops before it has more coefficients than maxDf, and says so', () => {
    const full = logisticPath(rows, names, { nLambdas: 20 });
    const short = logisticPath(rows, names, { nLambdas: 20, maxDf: 3 });
    expect(full.stopped).toBeUndefined();
    expect(short.stopped).toBe('maxDf');
    expect(short.points.every(({ df }) => df <= 3)).toBe(true);
    const { length } = short.lambdas;
    expect(full.points[length].df).toBeGreaterThan(3);
    expect(Array.from(short.lambdas)).toEqual(Array.from(full.lambdas.slice(0, length)));
    expect([short.coefs.cols, short.intercepts.length, short.points.length]).toEqual([length, length, length]);
  });

  test('predicts labels or counts at any lambda', () => {
    const path = logisticPath(rows, names, { nLambdas: 10 });
    expect(path.predict(rows, path.lambdas[4])).toEqual(path.at(path.lambdas[4]).predict(rows));
    const rates = poissonPath(counted.rows, counted.y, { nLambdas: 4 });
    expect(rates.predict(counted.rows, 0.01)).toBeInstanceOf(Float64Array);
  });

  test('between local minima promises nothing', () => {
    const path = poissonPath(counted.rows, counted.y, { penalty: 'mcp', nLambdas: 6 });
    const { certificate } = path.at(0.5 * (path.lambdas[2] + path.lambdas[3]));
    expect(certificate).toMatchObject({ converged: false, status: 'local' });
    expect(certificate.primal).toBeNaN();
  });
});

describe('watching', () => {
  test('a path reports every lambda, and a fit its passes', () => {
    const steps: { done: number; total: number; lambda: number }[] = [];
    const path = logisticPath(rows, names, { nLambdas: 8, onProgress: (step) => steps.push(step) });
    expect(steps.map(({ done, lambda }) => [done, lambda])).toEqual(Array.from(path.lambdas, (lambda, k) => [k + 1, lambda]));
    const passes: number[] = [];
    new LinearSvm({ lambda: 1e-3 }).fit(rows, names, { onProgress: ({ done, total }) => passes.push(done / total) });
    expect(passes.length).toBeGreaterThan(1);
    expect(passes[passes.length - 1]).toBe(1);
  });

  test('a cross-validation counts the path and all folds, also where the path stops early', () => {
    const steps: { done: number; total: number }[] = [];
    new LinearSvmCV({ folds: 3, nLambdas: 10, maxDf: 3 }).fit(rows, names, { onProgress: (step) => steps.push(step) });
    steps.forEach(({ done }, k) => {
      expect(done).toBeGreaterThanOrEqual(k > 0 ? steps[k - 1].done : 0);
    });
    const last = steps[steps.length - 1];
    expect([last.done, last.total]).toEqual([40, 40]);
  });

  test('a signal stops fits, paths and cross-validations', () => {
    const reason = new Error('enough');
    const stop = () => {
      const controller = new AbortController();
      return { signal: controller.signal, onProgress: () => controller.abort(reason) };
    };
    expect(() => logisticPath(rows, names, stop())).toThrow(reason);
    expect(() => new LogisticRegression({ lambda: 1e-3, tol: 1e-14 }).fit(rows, names, stop())).toThrow(reason);
    expect(() => new PoissonRegressionCV().fit(counted.rows, counted.y, stop())).toThrow(reason);
    expect(() => new LogisticRegression({ lambda: 1 }).fit(rows, names, { signal: AbortSignal.abort(reason) })).toThrow(reason);
  });
});

test('conversions of strengths invert each other', () => {
  expect(lambdaFromC(2, 50)).toBe(0.01);
  expect(cFromLambda(lambdaFromC(0.3, 7), 7)).toBeCloseTo(0.3, 14);
  expect(lambdaFromAlpha(5, 50)).toBe(0.1);
});

test('the L2 support vector machine is the same by its dual and by its primal', () => {
  const labels = names;
  for (const fitIntercept of [true, false]) {
    const dual = new LinearSvm({ lambda: 0.1, penalty: 'l2', tol: 1e-12, fitIntercept }).fit(rows, labels);
    const primal = new LinearSvm({ lambda: 0.1, l1Ratio: 0, tol: 1e-12, fitIntercept, upper: 1e9 }).fit(rows, labels);
    for (let j = 0; j < 8; j++) expect(Math.abs(dual.coef[j] - primal.coef[j])).toBeLessThan(1e-5);
    expect(Math.abs(dual.intercept - primal.intercept)).toBeLessThan(1e-5);
    expect(dual.certificate.converged && primal.certificate.converged).toBe(true);
  }
});
