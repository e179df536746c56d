import { describe, expect, test } from 'vitest';
import { CsrMatrix, ImplicitFactorization, MatrixFactorization } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { explicitOracle, implicitOracle, pointOf } from './oracle.ts';
import { cases, fitted, variants } from './problems.ts';
import { counts, csr } from './ratings.ts';

/** Never rises by more than rounding. */
function expectFalling(history: { objective: number }[]): void {
  for (let k = 1; k < history.length; k++) {
    expect(history[k].objective, `sweep ${k + 1}`).toBeLessThanOrEqual(history[k - 1].objective * (1 + 1e-10));
  }
}

describe('a factorisation', () => {
  test.each(cases)('%s never raises its objective', (_, variant) => {
    for (const seed of [0, 1]) {
      const { history, certificate } = fitted(variant, { seed, tol: 0, maxSweeps: 25 });
      expectFalling(history);
      expect(certificate.objective).toBeLessThanOrEqual(history[history.length - 1].objective * (1 + 1e-10));
    }
  });

  test.each(cases)('%s certifies the objective and gradient of its factors', (_, variant) => {
    for (const maxSweeps of [4, 4000]) {
      const model = fitted(variant, { tol: 1e-14, maxSweeps });
      const point = pointOf(model, variant.problem.biases ?? true);
      const { objective, relative } = explicitOracle(variant.problem, point);
      const { certificate } = model;
      // After conjugate gradients rows are solved exactly, and rows that only a graph reaches come to rest, with the map from features as it is.
      const late = variant.problem.rowFeatures && (variant.problem.rowGraph || variant.options.solver === 'cg');
      const tolerance = late && maxSweeps === 4 ? 5e-3 : 1e-9;
      expect(Math.abs(certificate.objective / objective - 1)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(certificate.gradient - relative)).toBeLessThanOrEqual(tolerance + 1e-6 * relative);
      if (maxSweeps > 4) expect(certificate.gradient).toBeLessThanOrEqual(1e-4);
    }
  });

  test.each(cases)('%s certifies a gradient that finite differences confirm', (_, variant) => {
    const { problem } = variant;
    const point = pointOf(fitted(variant, { maxSweeps: 2 }), problem.biases ?? true);
    const { gradient } = explicitOracle(problem, point);
    const step = 1e-5;
    for (const [s, z] of [point.x, point.y].entries()) {
      for (let i = 0; i < z.length; i += 3) {
        for (let t = 0; t < z[i].length; t++) {
          const at = z[i][t];
          if (Math.abs(at) < 1e-3) continue;
          const value = [at + step, at - step].map((moved) => {
            z[i][t] = moved;
            return explicitOracle(problem, point).objective;
          });
          z[i][t] = at;
          const slope = (value[0] - value[1]) / (2 * step);
          expect(Math.abs(slope + 2 * gradient[s][i][t])).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(slope)));
        }
      }
    }
  });

  test.each(cases)('%s says how it ended', (_, variant) => {
    const short = fitted(variant, { tol: 0, maxSweeps: 2 });
    expect(short.certificate).toMatchObject({ converged: false, status: 'maxSweeps', sweeps: 2, tol: 0 });
    const long = fitted(variant, { tol: 1e-3, maxSweeps: 1000 });
    expect(long.certificate).toMatchObject({ converged: true, status: 'converged', tol: 1e-3 });
    expect(long.certificate.sweeps).toBe(long.history.length);
    const [before, last] = long.history.slice(-2);
    expect(before.objective - last.objective).toBeLessThanOrEqual(1e-3 * last.objective);
    expect(long.history.map(({ sweep }) => sweep)).toEqual(long.history.map((_, k) => k + 1));
  });

  test('records the weighted error of the observed entries', () => {
    for (const name of ['plain', 'with weights']) {
      const variant = variants[name];
      const { R, weights = Array.from(R.data, () => 1) } = variant.problem;
      const model = fitted(variant);
      let [square, total] = [0, 0];
      for (let i = 0; i < R.rows; i++) {
        for (let e = R.indptr[i]; e < R.indptr[i + 1]; e++) {
          square += weights[e] * (R.data[e] - model.predict(i, R.indices[e])) ** 2;
          total += weights[e];
        }
      }
      expect(model.history[model.history.length - 1].rmse).toBeCloseTo(Math.sqrt(square / total), 12);
    }
  });

  test.each(['cholesky', 'cg', 'ccd'] as const)(
    "by '%s' reaches the leading singular triplet at rank 1 as lambda goes to 0",
    (solver) => {
      const dice = new Dice(3);
      const A = dice.matrix(9, 7).map((row, i) => row.map((v, j) => v + 2 * (1 + i / 9) * (1 + j / 7)));
      let v = A[0].map(() => 1);
      for (let k = 0; k < 2000; k++) {
        const u = A.map((row) => row.reduce((s, a, j) => s + a * v[j], 0));
        v = v.map((_, j) => A.reduce((s, row, i) => s + row[j] * u[i], 0));
        const size = Math.sqrt(v.reduce((s, x) => s + x * x, 0));
        v = v.map((x) => x / size);
      }
      const u = A.map((row) => row.reduce((s, a, j) => s + a * v[j], 0));
      const model = new MatrixFactorization({ rank: 1, lambda: 1e-12, biases: false, solver, tol: 0, maxSweeps: 500 }).fit(A);
      for (let i = 0; i < 9; i++)
        for (let j = 0; j < 7; j++) expect(Math.abs(model.predict(i, j) - u[i] * v[j])).toBeLessThanOrEqual(1e-8);
    },
  );

  test('by coordinate descent and by least squares reaches optima of the same height', () => {
    for (const [name, tolerance] of [
      ['plain', 1e-8],
      ['with weights', 1e-8],
      // A map that follows the factors makes coordinates slow.
      ['with features of both sides', 1e-3],
    ] as const) {
      const best = (solver: 'cholesky' | 'ccd' | 'cg') =>
        Math.min(
          ...[0, 1, 2, 3].map(
            (seed) => fitted(variants[name], { solver, seed, tol: 1e-12, maxSweeps: 2000 }).certificate.objective,
          ),
        );
      expect(Math.abs(best('ccd') / best('cholesky') - 1)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(best('cg') / best('cholesky') - 1)).toBeLessThanOrEqual(tolerance);
    }
  });

  test('with L1 has factors that are exactly 0, more of them for a larger penalty', () => {
    const zeros = [0.5, 3, 12].map((l1) => {
      const { problem, options } = variants['with L1'];
      const { rowFactors, columnFactors } = fitted({ problem: { ...problem, l1 }, options }, { tol: 1e-12, maxSweeps: 2000 });
      return [...rowFactors.data, ...columnFactors.data].filter((v) => v === 0).length;
    });
    expect(zeros[0]).toBeGreaterThan(0);
    expect(zeros[1]).toBeGreaterThan(zeros[0]);
    expect(zeros[2]).toBeGreaterThan(zeros[1]);
  });

  test('with nonNegative has factors >= 0', () => {
    for (const name of ['with factors >= 0', 'with L1 and factors >= 0']) {
      const { rowFactors, columnFactors } = fitted(variants[name]);
      expect([...rowFactors.data, ...columnFactors.data].every((v) => v >= 0)).toBe(true);
      expect([...rowFactors.data].some((v) => v > 0)).toBe(true);
    }
  });
});

describe('an implicit factorisation', () => {
  const seen = csr(counts(new Dice(5), 15, 12));

  test.each(['cg', 'cholesky'] as const)("by '%s' falls and certifies the sum over all cells", (solver) => {
    for (const [lambda, alpha] of [
      [0.1, 40],
      [2, 1],
      [0.5, 0],
    ]) {
      const model = new ImplicitFactorization({ rank: 4, lambda, alpha, solver, tol: 0, maxSweeps: 30 }).fit(seen);
      expectFalling(model.history);
      const { objective, relative } = implicitOracle(seen, { lambda, alpha }, model);
      expect(Math.abs(model.certificate.objective / objective - 1)).toBeLessThanOrEqual(1e-10);
      expect(Math.abs(model.certificate.gradient - relative)).toBeLessThanOrEqual(1e-10 + 1e-6 * relative);
      const last = model.history[model.history.length - 1];
      expect(model.certificate.objective).toBeLessThanOrEqual(last.objective * (1 + 1e-12));
    }
  });

  test('has a stored 0 count for nothing', () => {
    const zero = CsrMatrix.fromCoo(3, 3, { row: [0, 1, 2, 2], col: [0, 1, 2, 0], value: [2, 1, 3, 0] });
    const none = CsrMatrix.fromCoo(3, 3, { row: [0, 1, 2], col: [0, 1, 2], value: [2, 1, 3] });
    const recipe = new ImplicitFactorization({ rank: 2, lambda: 0.1, solver: 'cholesky', tol: 0, maxSweeps: 40 });
    expect(recipe.fit(zero).certificate.objective).toBeCloseTo(recipe.fit(none).certificate.objective, 10);
  });

  test.each([
    ['cg', 'f64'],
    ['cg', 'f32'],
    ['cholesky', 'f64'],
    ['cholesky', 'f32'],
  ] as const)("by '%s' in %s reconstructs a 7 x 6 matrix of 0 and 1 at rank 6", (solver, precision) => {
    const A = [
      [1, 1, 0, 1, 0, 0],
      [0, 1, 1, 1, 0, 0],
      [1, 0, 1, 0, 0, 0],
      [1, 1, 0, 0, 0, 0],
      [0, 0, 1, 1, 0, 1],
      [0, 1, 0, 0, 0, 1],
      [0, 0, 0, 0, 1, 1],
    ];
    const options = { rank: 6, lambda: 1e-6, alpha: 2, solver, precision, tol: 0, maxSweeps: 300 } as const;
    const model = new ImplicitFactorization(options).fit(CsrMatrix.fromDense(A));
    for (const [i, row] of A.entries())
      for (const [j, p] of row.entries()) expect(Math.abs(model.predict(i, j) - p)).toBeLessThanOrEqual(1e-3);
  });
});
