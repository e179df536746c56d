import { describe, expect, test } from 'vitest';
import {
  CsrMatrix,
  type FactorizationModel,
  ImplicitFactorization,
  ImplicitModel,
  MatrixFactorization,
  setBackend,
} from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { rowsOf, solve } from './oracle.ts';
import { fitted, type Variant, variants } from './problems.ts';
import { counts, csr, distance, dot } from './ratings.ts';

/** Entries of row i, with their positions. */
function rowOf({ indptr, indices, data }: CsrMatrix, i: number) {
  const at = Array.from({ length: indptr[i + 1] - indptr[i] }, (_, k) => indptr[i] + k);
  return { at, columns: at.map((e) => indices[e]), values: at.map((e) => data[e]) };
}

/** Largest difference between the factors and biases of the fit and those of fold-ins. */
function foldDifference({ problem }: Variant, model: FactorizationModel, which: 'row' | 'column'): number {
  const R = which === 'row' ? problem.R : problem.R.transpose();
  const order = Array.from(problem.R.data, (_, e) => e);
  const weights = problem.weights && (which === 'row' ? problem.weights : transposedWeights(problem.R, problem.weights));
  const features = which === 'row' ? problem.rowFeatures : problem.columnFeatures;
  const [factors, bias] = which === 'row' ? [model.rowFactors, model.rowBias] : [model.columnFactors, model.columnBias];
  expect(order.length).toBe(R.nnz);
  let most = 0;
  for (let i = 0; i < R.rows; i++) {
    const { at, columns, values } = rowOf(R, i);
    const options = { ...(weights && { weights: at.map((e) => weights[e]) }), ...(features && { features: features[i] }) };
    const folded = which === 'row' ? model.foldInRow(columns, values, options) : model.foldInColumn(columns, values, options);
    most = Math.max(most, distance(folded.factors, rowsOf(factors)[i]), Math.abs(folded.bias - bias[i]));
  }
  return most;
}

function transposedWeights(R: CsrMatrix, weights: number[]): number[] {
  const { rows, cols, indptr, indices } = R;
  return Array.from(
    new CsrMatrix({ rows, cols, indptr, indices, data: Float64Array.from(weights, (w) => w + 1) }).transpose().data,
  ).map((w) => w - 1);
}

describe('a fold-in', () => {
  const names = Object.keys(variants).filter((name) => !variants[name].problem.columnGraph);

  test.each(names)('of a row or column of the fit %s is that row or column', (name) => {
    const model = fitted(variants[name], { tol: 0, maxSweeps: 3000 });
    // A map that follows the factors comes to rest slowly, above all by coordinates.
    const tolerance = name === 'with features by coordinate descent' ? 1e-2 : name.includes('features') ? 1e-4 : 1e-6;
    expect(foldDifference(variants[name], model, 'row')).toBeLessThanOrEqual(tolerance);
    expect(foldDifference(variants[name], model, 'column')).toBeLessThanOrEqual(tolerance);
  });

  test('of a column is exact already after one sweep: columns were solved last', () => {
    for (const name of ['plain', 'without biases', 'with scaled lambda', 'with weights', 'with free biases']) {
      const model = fitted(variants[name], { maxSweeps: 1 });
      expect(foldDifference(variants[name], model, 'column')).toBeLessThanOrEqual(1e-9);
    }
  });

  test.each(['cg', 'cholesky'] as const)(
    "of an implicit fit by '%s' is the row of the fit, after any number of sweeps",
    (solver) => {
      for (const precision of ['f64', 'f32'] as const) {
        for (const maxSweeps of [1, 4]) {
          const seen = csr(counts(new Dice(6), 20, 17));
          const model = new ImplicitFactorization({ rank: 5, lambda: 0.3, alpha: 7, solver, maxSweeps, precision }).fit(seen);
          for (let i = 0; i < 20; i++) {
            const { columns, values } = rowOf(seen, i);
            const { factors, scores } = model.foldInRow(columns, values);
            expect(distance(factors, rowsOf(model.rowFactors)[i])).toBeLessThanOrEqual(precision === 'f64' ? 1e-9 : 1e-4);
            expect(distance(scores, model.scores(i))).toBeLessThanOrEqual(precision === 'f64' ? 1e-9 : 1e-4);
          }
        }
      }
    },
  );

  test.each(['wasm', 'js'] as const)(
    'with many weighted entries solves the ridge regression, of rows and of columns, on the %s backend',
    (name) => {
      setBackend(name);
      try {
        const dice = new Dice(8);
        const [n, rank, lambda] = [3000, 3, 0.7];
        const model = new MatrixFactorization({ rank, lambda, maxSweeps: 1 }).fit(dice.matrix(5, n));
        const across = new MatrixFactorization({ rank, lambda, maxSweeps: 1 }).fit(dice.matrix(n, 5));
        const at = Array.from({ length: n }, (_, j) => j);
        const [values, weights] = [dice.vector(n), dice.vector(n, () => dice.unit())];
        const check = (Y: number[][], bias: Float64Array, mean: number, folded: { factors: Float64Array; bias: number }) => {
          const H = Y.map((y) => [...y, 1]);
          const A = H[0].map((_, s) =>
            H[0].map((_, t) => H.reduce((sum, h, k) => sum + weights[k] * h[s] * h[t], s === t ? lambda : 0)),
          );
          const b = H[0].map((_, s) => H.reduce((sum, h, k) => sum + weights[k] * h[s] * (values[k] - mean - bias[k]), 0));
          expect(distance([...folded.factors, folded.bias], solve(A, b))).toBeLessThanOrEqual(1e-9);
        };
        check(rowsOf(model.columnFactors), model.columnBias, model.mean, model.foldInRow(at, values, { weights }));
        check(rowsOf(across.rowFactors), across.rowBias, across.mean, across.foldInColumn(at, values, { weights }));
      } finally {
        setBackend('wasm');
      }
    },
  );

  test('takes entries in any order', () => {
    const model = fitted(variants.plain);
    const [a, b] = [model.foldInRow([4, 1, 7], [3, 2, 5]), model.foldInRow([7, 4, 1], [5, 3, 2])];
    expect(distance(a.factors, b.factors)).toBeLessThanOrEqual(1e-12);
    expect(a.basis).toBe('warm');
  });

  test('without entries stands on its features, whatever the solver, or on the means', () => {
    for (const name of ['with features of both sides', 'with features by coordinate descent', 'with features and other biases']) {
      const { problem } = variants[name];
      const model = fitted(variants[name], { tol: 1e-12, maxSweeps: 2000 });
      const folded = model.foldInColumn([], [], { features: problem.columnFeatures![5] });
      expect(folded.basis).toBe('feature');
      // Column 5 was never observed: it is what its features say.
      expect(distance(folded.factors, rowsOf(model.columnFactors)[5])).toBeLessThanOrEqual(1e-12);
      for (let i = 0; i < 14; i++) expect(Math.abs(folded.predictions[i] - model.predict(i, 5))).toBeLessThanOrEqual(1e-12);
    }
    const bounded = variants['with features and L1'];
    const scaled = fitted({ ...bounded, problem: { ...bounded.problem, scaleLambda: true } }, { tol: 1e-12, maxSweeps: 5000 });
    const folded = scaled.foldInColumn([], [], { features: bounded.problem.columnFeatures![5] });
    expect(distance(folded.factors, rowsOf(scaled.columnFactors)[5])).toBeLessThanOrEqual(1e-4);
    const plain = fitted(variants.plain).foldInRow([], []);
    expect(plain.basis).toBe('prior');
    expect([...plain.factors, plain.bias]).toEqual([0, 0, 0, 0]);
  });

  test('agrees with predictions of the model that it would be part of', () => {
    const model = fitted(variants.plain, { tol: 0, maxSweeps: 3000 });
    const { columns, values } = rowOf(variants.plain.problem.R, 2);
    const { predictions } = model.foldInRow(columns, values);
    for (let j = 0; j < predictions.length; j++) expect(Math.abs(predictions[j] - model.predict(2, j))).toBeLessThanOrEqual(1e-6);
  });

  test('of an implicit model is the minimiser over all cells', () => {
    const dice = new Dice(9);
    const Y = dice.matrix(9, 4);
    const model = ImplicitModel.fromFactors({ rowFactors: dice.matrix(2, 4), columnFactors: Y, lambda: 0.4, alpha: 3 });
    const { factors } = model.foldInRow([2, 5], [1, 4]);
    const r = (j: number) => (j === 2 ? 1 : j === 5 ? 4 : 0);
    for (let t = 0; t < 4; t++) {
      const slope = Y.reduce((s, y, j) => s + (1 + 3 * r(j)) * (Number(r(j) > 0) - dot(factors, y)) * y[t], -0.4 * factors[t]);
      expect(Math.abs(slope)).toBeLessThanOrEqual(1e-11);
    }
  });
});
