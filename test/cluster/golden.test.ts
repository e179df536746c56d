import { describe, expect, test } from 'vitest';
import { GaussianMixture, KMeans } from '../../src/cluster/index.ts';
import type { DenseMatrix } from '../../src/index.ts';
import golden from '../fixtures/golden/cluster.json';
import { FORMATS, stored } from '../linear/formats.ts';

interface Mixture {
  weights: number[];
  means: number[][];
  covariances: number[][][];
}

interface Case extends Mixture {
  name: string;
  kind: string;
  data: keyof typeof golden.data;
  cols?: number[];
  startRows: number[];
  labels: number[];
  centres: number[][];
  inertia: number;
  assignmentPasses: number;
  regularisation: number;
  start: Mixture;
  trace: number[];
  after5: Mixture & { meanLogLikelihood: number };
  meanLogLikelihood: number;
  logLikelihood: number;
  bic: number;
}

const cases = golden.cases as unknown as Case[];
const dataOf = ({ data, cols }: Case): number[][] => golden.data[data].X.map((row) => (cols ? cols.map((j) => row[j]) : row));

/** Largest absolute difference of two nested arrays of numbers. */
function apart(a: unknown, b: unknown): number {
  const flat = (v: unknown): number[] => (typeof v === 'number' ? [v] : Array.from(v as ArrayLike<unknown>).flatMap(flat));
  const [x, y] = [flat(a), flat(b)];
  expect(x.length).toBe(y.length);
  return x.reduce((most, v, i) => Math.max(most, Math.abs(v - y[i])), 0);
}

describe('k-means', () => {
  test.each(cases.filter(({ kind }) => kind === 'kmeans'))('finds the labels and centres of scikit-learn and R: $name', (c) => {
    const X = dataOf(c);
    for (const format of FORMATS) {
      const model = new KMeans({ clusters: c.startRows.length, initialCentres: c.startRows.map((i) => X[i]) }).fit(
        stored(X, format),
      );
      expect(Array.from(model.labels)).toEqual(c.labels);
      expect(apart(model.centres.toRows(), c.centres)).toBeLessThan(1e-10);
      expect(Math.abs(model.inertia / c.inertia - 1)).toBeLessThan(1e-12);
      expect(model.iterations).toBe(c.assignmentPasses);
      expect(model.certificate).toMatchObject({ converged: true, status: 'converged' });
    }
  });
});

describe('Gaussian mixtures', () => {
  const started = (c: Case, rest: object) =>
    new GaussianMixture({ components: c.start.weights.length, initial: c.start, regularization: c.regularisation, ...rest }).fit(
      dataOf(c),
    );
  const covariances = (model: { covariances: unknown }) => (model.covariances as DenseMatrix[]).map((S) => S.toRows());
  const mixtures = cases.filter(({ kind }) => kind === 'gaussian-mixture');

  test.each(mixtures)('takes the steps of expectation and maximisation: $name', (c) => {
    const model = started(c, { tol: 0, maxIterations: 5 });
    expect(apart(model.weights, c.after5.weights)).toBeLessThan(1e-8);
    expect(apart(model.means.toRows(), c.after5.means)).toBeLessThan(1e-8);
    expect(apart(covariances(model), c.after5.covariances)).toBeLessThan(1e-8);
    expect(apart(model.history.slice(0, 5), c.trace.slice(0, 5))).toBeLessThan(1e-8);
    expect(Math.abs(model.history[5] - c.after5.meanLogLikelihood)).toBeLessThan(1e-8);
    expect(model.certificate.status).toBe('maxIterations');
  });

  test.each(mixtures)('comes to rest where scikit-learn does: $name', (c) => {
    const model = started(c, { tol: 1e-12, maxIterations: 20_000 });
    const X = dataOf(c);
    expect(apart(model.weights, c.weights)).toBeLessThan(1e-6);
    expect(apart(model.means.toRows(), c.means)).toBeLessThan(1e-6);
    expect(apart(covariances(model), c.covariances)).toBeLessThan(1e-6);
    expect(Array.from(model.predict(X))).toEqual(c.labels);
    expect(Math.abs(model.score(X) - c.meanLogLikelihood)).toBeLessThan(1e-6);
    expect(Math.abs(model.bic(X) / c.bic - 1)).toBeLessThan(1e-6);
    expect(model.certificate).toMatchObject({ converged: true, status: 'converged' });
  });
});
