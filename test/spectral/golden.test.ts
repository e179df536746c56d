import { describe, expect, test } from 'vitest';
import { CsrMatrix, Pca, type PcaOptions, TruncatedSvd, type TruncatedSvdOptions } from '../../src/index.ts';
import { cases, goldenData, type SpectralCase } from './golden.ts';

function expectRelative(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  for (let i = 0; i < actual.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * Math.abs(expected[i]),
    );
  }
}

function expectComponents(actual: number[][], expected: SpectralCase): void {
  for (let i = 0; i < Math.min(actual.length, expected.components.length); i++) {
    for (let j = 0; j < actual[i].length; j++) {
      const apart = Math.abs(actual[i][j] - expected.components[i][j]);
      expect(apart, `component ${i}, entry ${j}`).toBeLessThanOrEqual(1e-10 / expected.separation[i]);
    }
  }
}

const pcas = cases.filter(({ kind }) => kind === 'pca');
const svds = cases.filter(({ kind }) => kind === 'svd');

describe.each(pcas)('the golden case $name', (golden) => {
  const X = goldenData(golden.data);
  const k = Math.min(golden.variances!.length, golden.rank ?? Infinity);
  const sparse = X instanceof CsrMatrix;
  const solvers: [PcaOptions['solver'], number, number, number][] = [
    ['covariance', k, 1e-10, 1e-10],
    ['auto', k, 1e-10, 1e-10],
    ['lanczos', Math.min(k, 5), 1e-8, 1e-12],
    ['randomized', Math.min(k, 3), 1e-8, 1e-10],
  ];

  test.each(solvers)('is met by the solver %s', (solver, components, tolerance, tol) => {
    const model = new Pca({ components, solver, standardize: golden.standardize ?? false, tol, powerIterations: 60 }).fit(X);
    expect(model.certificate.converged).toBe(true);
    expect(model.certificate.orthogonality).toBeLessThan(1e-12);
    expectRelative(model.singularValues, golden.singularValues, tolerance);
    expectRelative(model.explainedVariance, golden.variances!, tolerance);
    expectRelative(model.explainedVarianceRatio, golden.ratios!, tolerance);
    expectRelative([model.totalVariance], [golden.totalVariance!], 1e-12);
    expectComponents(model.components.toRows(), golden);
    model.mean.forEach((value, j) => {
      expect(value).toBeCloseTo(golden.mean![j], 12);
    });
    if (golden.scale) expectRelative(model.scale!, golden.scale, 1e-12);
    if (!golden.scores) return;
    const scores = model.transform(X).toRows();
    golden.scores.forEach((row, i) => {
      for (let j = 0; j < components; j++) expect(Math.abs(scores[i][j] - row[j])).toBeLessThan(1e-9 / golden.separation[j]);
    });
  });

  test.runIf(!sparse)('is met by chunks', async () => {
    const rows = (X as { toRows(): number[][] }).toRows();
    const chunks = [rows.slice(0, 7), rows.slice(7, 60), rows.slice(60)];
    const model = await new Pca({ components: k, standardize: golden.standardize ?? false }).fitChunks(chunks);
    expectRelative(model.explainedVariance, golden.variances!, 1e-10);
    expectComponents(model.components.toRows(), golden);
  });
});

describe.each(svds)('the golden case $name', (golden) => {
  const X = goldenData(golden.data);
  const solvers: [TruncatedSvdOptions['solver'], number, number][] = [
    ['gram', 20, 1e-10],
    ['auto', 20, 1e-10],
    ['lanczos', 20, 1e-8],
    ['randomized', 3, 1e-8],
  ];

  test.each(solvers)('is met by the solver %s', (solver, components, tolerance) => {
    const model = new TruncatedSvd({ components, solver, tol: 1e-12, powerIterations: 80 }).fit(X);
    expect(model.certificate.residual).toBeLessThan(1e-10);
    expectRelative(model.singularValues, golden.singularValues, tolerance);
    expectComponents(model.components.toRows(), golden);
    const total = golden.allSingularValuesSquaredSum!;
    expectRelative(
      model.squaredNormRatio,
      golden.singularValues.map((s) => (s * s) / total),
      1e-8,
    );
  });
});
