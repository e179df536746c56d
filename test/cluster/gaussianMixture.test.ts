import { afterAll, describe, expect, test } from 'vitest';
import { GaussianMixture, GaussianMixtureModel } from '../../src/cluster/index.ts';
import { type BackendName, type DenseMatrix, setBackend } from '../../src/index.ts';
import { stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';
import { blobs } from './samples.ts';

afterAll(() => setBackend('wasm'));

const KINDS = ['full', 'tied', 'diagonal', 'spherical'] as const;
const rows = blobs(new Dice(21), 240, 3, 3, 0.6);

/** p x p covariance of component c, whatever its form. */
function covarianceOf({ covariances, covariance }: GaussianMixtureModel, c: number, p: number): number[][] {
  if (covariance === 'full') return (covariances as DenseMatrix[])[c].toRows();
  if (covariance === 'tied') return (covariances as DenseMatrix).toRows();
  const variance = (j: number) =>
    covariance === 'diagonal' ? (covariances as DenseMatrix).get(c, j) : (covariances as Float64Array)[c];
  return Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_, j) => (i === j ? variance(j) : 0)));
}

/** log N(x; mean, S) by Gaussian elimination. */
function logDensity(x: number[], mean: number[], S: number[][]): number {
  const p = x.length;
  const A = S.map((row, i) => [...row, x[i] - mean[i]]);
  let logDeterminant = 0;
  let square = 0;
  for (let i = 0; i < p; i++) {
    logDeterminant += Math.log(A[i][i]);
    square += A[i][p] ** 2 / A[i][i];
    for (let r = i + 1; r < p; r++) {
      const f = A[r][i] / A[i][i];
      for (let j = i; j <= p; j++) A[r][j] -= f * A[i][j];
    }
  }
  return -0.5 * (p * Math.log(2 * Math.PI) + logDeterminant + square);
}

describe.each(KINDS)('a mixture with %s covariances', (covariance) => {
  const model = new GaussianMixture({ components: 3, covariance, tol: 1e-9, maxIterations: 500, regularization: 0 }).fit(rows);

  test('never loses likelihood, and says when it has come to rest', () => {
    for (let t = 1; t < model.history.length; t++) expect(model.history[t]).toBeGreaterThanOrEqual(model.history[t - 1] - 1e-12);
    expect(model.certificate).toMatchObject({ converged: true, status: 'converged', iterations: model.history.length - 1 });
    expect(model.certificate.change).toBeLessThan(1e-9);
    expect(model.logLikelihood).toBe(model.history[model.history.length - 1]);
  });

  test('gives densities, probabilities and criteria that follow from its parameters', () => {
    const joint = rows.map((x) =>
      model.means.toRows().map((mean, c) => Math.log(model.weights[c]) + logDensity(x, mean, covarianceOf(model, c, 3))),
    );
    const logs = joint.map((row) => Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0)));
    model.scoreSamples(rows).forEach((v, i) => {
      expect(v).toBeCloseTo(logs[i], 10);
    });
    const probabilities = model.predictProbability(rows).toRows();
    joint.forEach((row, i) => {
      row.forEach((v, c) => {
        expect(probabilities[i][c]).toBeCloseTo(Math.exp(v - logs[i]), 10);
      });
      expect(model.predict(rows)[i]).toBe(row.indexOf(Math.max(...row)));
    });
    const total = logs.reduce((a, b) => a + b, 0);
    expect(model.score(rows)).toBeCloseTo(total / 240, 10);
    expect(model.logLikelihood).toBeCloseTo(total / 240, 10);
    const parameters = 11 + { full: 18, tied: 6, diagonal: 9, spherical: 3 }[covariance];
    expect(model.parameters).toBe(parameters);
    expect(model.aic(rows)).toBeCloseTo(2 * parameters - 2 * total, 8);
    expect(model.bic(rows)).toBeCloseTo(parameters * Math.log(240) - 2 * total, 8);
  });

  test('survives JSON, in every order of storage', () => {
    const back = GaussianMixtureModel.fromJSON(JSON.stringify(model));
    expect(JSON.stringify(back)).toBe(JSON.stringify(model));
    expect(back.predictProbability(stored(rows, 'column-major'))).toEqual(model.predictProbability(rows));
  });

  test('starts from its own parameters without moving', () => {
    const { means, weights, covariances } = model;
    const again = new GaussianMixture({ components: 3, covariance, initial: { means, weights, covariances }, regularization: 0 });
    const { certificate, logLikelihood } = again.fit(rows);
    expect(certificate.iterations).toBe(2);
    expect(Math.abs(logLikelihood - model.logLikelihood)).toBeLessThan(1e-8);
  });

  test('says when there are fewer than 10 rows for a parameter', () => {
    const few = new GaussianMixture({ components: 3, covariance }).fit(rows.slice(0, 60));
    expect(few.warnings).toEqual([
      `60 rows for ${few.parameters} parameters: with less than 10 rows per parameter (${10 * few.parameters}), covariances follow noise`,
    ]);
    const enough = new GaussianMixture({ components: 1, covariance }).fit(rows);
    expect(enough.warnings).toEqual([]);
  });
});

test('one component is the mean and the covariance of the rows', () => {
  const model = new GaussianMixture({ components: 1, regularization: 0.5 }).fit(rows);
  const mean = [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[j], 0) / 240);
  model.means.toRows()[0].forEach((v, j) => {
    expect(v).toBeCloseTo(mean[j], 12);
  });
  covarianceOf(model, 0, 3).forEach((row, i) => {
    row.forEach((v, j) => {
      const s = rows.reduce((sum, x) => sum + (x[i] - mean[i]) * (x[j] - mean[j]), 0) / 240;
      expect(v).toBeCloseTo(s + (i === j ? 0.5 : 0), 12);
    });
  });
});

test('what is not given of a start is that of all rows', () => {
  const start = { means: rows.slice(0, 2) };
  const model = new GaussianMixture({ components: 2, initial: start, maxIterations: 1, regularization: 0 }).fit(rows);
  const all = new GaussianMixture({ components: 1, regularization: 0 }).fit(rows);
  const S = covarianceOf(all, 0, 3);
  const full = { ...start, weights: [3, 3], covariances: [S, S] };
  const same = new GaussianMixture({ components: 2, initial: full, maxIterations: 1, regularization: 0 }).fit(rows);
  expect(Math.abs(model.history[0] - same.history[0])).toBeLessThan(1e-10);
});

test('rows far from every component have a log-likelihood, not a NaN', () => {
  const model = new GaussianMixture({ components: 2 }).fit(rows);
  const [far] = model.scoreSamples([[1e6, 1e6, 1e6]]);
  expect(far).toBeLessThan(-1e6);
  expect(
    model
      .predictProbability([[1e6, 1e6, 1e6]])
      .toRows()[0]
      .reduce((a, b) => a + b, 0),
  ).toBeCloseTo(1, 12);
});

test('duplicates with regularization are components of that variance', () => {
  const twice = Array.from({ length: 20 }, (_, i) => [i % 2, 5 * (i % 2)]);
  const model = new GaussianMixture({ components: 2, covariance: 'diagonal', regularization: 1e-4 }).fit(twice);
  (model.covariances as DenseMatrix).data.forEach((v) => {
    expect(v).toBeCloseTo(1e-4, 12);
  });
  expect(new Set(model.predict(twice)).size).toBe(2);
});

test('both backends agree to rounding', () => {
  const run = (name: BackendName) => {
    setBackend(name);
    return new GaussianMixture({ components: 3, maxIterations: 10, tol: 0 }).fit(rows).logLikelihood;
  };
  expect(Math.abs(run('js') - run('wasm'))).toBeLessThan(1e-12);
});
