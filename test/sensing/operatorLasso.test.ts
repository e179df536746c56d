import { describe, expect, test } from 'vitest';
import { SpinifexError } from '../../src/index.ts';
import { ElasticNet, Lasso } from '../../src/linear/index.ts';
import { type LinearOperator, operatorLasso } from '../../src/linear/sensing/index.ts';
import { Dice } from '../linear/problems.ts';
import { residualOf, sensed } from './signals.ts';

/** Some rows of the orthonormal cosine transform of length n. */
function partialCosine(n: number, rows: number[]): number[][] {
  return rows.map((k) =>
    Array.from({ length: n }, (_, j) => Math.sqrt((k === 0 ? 1 : 2) / n) * Math.cos((Math.PI * (j + 0.5) * k) / n)),
  );
}

/** Circular convolution with a filter, by its sums. */
function convolution(n: number, filter: number[]): LinearOperator {
  return {
    rows: n,
    cols: n,
    matvec: (x) => Array.from(x, (_, i) => filter.reduce((sum, f, k) => sum + f * x[(i - k + n) % n], 0)),
    rmatvec: (y) => Array.from(y, (_, j) => filter.reduce((sum, f, k) => sum + f * y[(j + k) % n], 0)),
  };
}

function operatorOf(A: number[][]): LinearOperator {
  return {
    rows: A.length,
    cols: A[0].length,
    matvec: (x) => A.map((row) => row.reduce((sum, v, j) => sum + v * x[j], 0)),
    rmatvec: (y) => A[0].map((_, j) => A.reduce((sum, row, i) => sum + row[j] * y[i], 0)),
  };
}

/** The matrix of an operator, column by column. */
function matrixOf(operator: LinearOperator): number[][] {
  const columns = Array.from({ length: operator.cols }, (_, j) =>
    operator.matvec(Float64Array.from({ length: operator.cols }, (_, i) => +(i === j))),
  );
  return Array.from({ length: operator.rows }, (_, i) => columns.map((c) => c[i]));
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.max(...Array.from(a, (v, j) => Math.abs(v - b[j])));

describe('operatorLasso', () => {
  test('under a partial cosine transform is the lasso on the matrix written out', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const dice = new Dice(seed);
      const A = partialCosine(64, dice.permutation(64).slice(0, 24));
      const truth = dice.vector(64, () => (dice.chance(0.06) ? dice.normal() : 0));
      const b = A.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0) + 0.01 * dice.normal());
      const lambda = 0.0005;
      const { x, certificate, iterations } = operatorLasso(operatorOf(A), b, { lambda, tol: 1e-12 });
      const { coef, certificate: exact } = new Lasso({ lambda, fitIntercept: false, tol: 1e-12 }).fit(A, b);
      expect(farthest(x, coef), `seed ${seed}`).toBeLessThanOrEqual(1e-5);
      expect(certificate.converged).toBe(true);
      expect(certificate.gap).toBeLessThanOrEqual(1e-12);
      expect(certificate.epochs).toBe(iterations);
      expect(Math.abs(certificate.primal - exact.primal)).toBeLessThanOrEqual(1e-11 * exact.primal + 1e-15);
      expect(x.some((v) => v === 0)).toBe(true);
    }
  });

  test('undoes a convolution as the lasso on its matrix does, also with a ridge part', () => {
    for (const l1Ratio of [1, 0.7, 0]) {
      const operator = convolution(50, [0.5, 0.3, -0.2, 0.1]);
      const A = matrixOf(operator);
      const dice = new Dice(3);
      const truth = dice.vector(50, () => (dice.chance(0.1) ? 1 + dice.unit() : 0));
      const b = A.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0) + 0.05 * dice.normal());
      const { x, certificate } = operatorLasso(operator, b, { lambda: 0.001, l1Ratio, tol: 1e-12 });
      const { coef } = new ElasticNet({ lambda: 0.001, l1Ratio, fitIntercept: false, tol: 1e-13 }).fit(A, b);
      expect(certificate.converged).toBe(true);
      expect(certificate.kkt).toBeLessThanOrEqual(1e-3);
      expect(farthest(x, coef)).toBeLessThanOrEqual(1e-5);
    }
  });

  test('has a certificate that is what its formula says', () => {
    const { A, b } = sensed(2, 20, 30, 3, { noise: 0.2 });
    const lambda = 0.3;
    const { x, certificate } = operatorLasso(operatorOf(A), b, { lambda, tol: 1e-4 });
    const r = residualOf(A, x, b);
    const primal = r.reduce((sum, v) => sum + v * v, 0) / 40 + lambda * x.reduce((sum, v) => sum + Math.abs(v), 0);
    expect(certificate.primal).toBeCloseTo(primal, 10);
    const optimum = new Lasso({ lambda, fitIntercept: false, tol: 1e-14 }).fit(A, b).certificate.primal;
    expect(certificate.dual).toBeLessThanOrEqual(optimum * (1 + 1e-12));
    expect(primal - optimum).toBeLessThanOrEqual(1e-4 * (b.reduce((sum, v) => sum + v * v, 0) / 40));
    expect(certificate.gap).toBeGreaterThan(0);
  });

  test('corrects a Lipschitz constant that is too small, and keeps one that is large enough', () => {
    const { A, b } = sensed(5, 20, 30, 3, { noise: 0.2 });
    const lambda = 0.3;
    const wanted = new Lasso({ lambda, fitIntercept: false, tol: 1e-13 }).fit(A, b).coef;
    const small = operatorLasso(operatorOf(A), b, { lambda, tol: 1e-11, lipschitz: 1e-3 });
    expect(farthest(small.x, wanted)).toBeLessThanOrEqual(1e-4);
    expect(small.lipschitz).toBeGreaterThan(1);
    const large = operatorLasso(operatorOf(A), b, { lambda, tol: 1e-11, lipschitz: 500 });
    expect(large.lipschitz).toBe(500);
    expect(farthest(large.x, wanted)).toBeLessThanOrEqual(1e-4);
  });

  test('says when its iterations were not enough', () => {
    const { A, b } = sensed(5, 20, 30, 3, { noise: 0.2 });
    const { certificate, iterations } = operatorLasso(operatorOf(A), b, { lambda: 0.01, tol: 1e-12, maxIterations: 3 });
    expect([certificate.status, certificate.converged, iterations]).toEqual(['maxEpochs', false, 3]);
    expect(certificate.gap).toBeGreaterThan(1e-12);
  });

  test('stops where an operator in 32-bit arithmetic has no more digits to give', () => {
    const { A, b } = sensed(6, 20, 30, 3, { noise: 0.2 });
    const exact = operatorOf(A);
    const coarse: LinearOperator = {
      ...exact,
      matvec: (x) => Float32Array.from(exact.matvec(x)),
      rmatvec: (y) => Float32Array.from(exact.rmatvec(y)),
    };
    expect(() => operatorLasso(coarse, b, { lambda: 0.1 })).toThrow(/^operator: rmatvec is not the transpose/);
    const { x, certificate } = operatorLasso(coarse, b, { lambda: 0.1, tol: 0, operatorTol: 1e-6, maxIterations: 100_000 });
    expect(certificate.status).toBe('machinePrecision');
    expect(certificate.gap).toBeLessThanOrEqual(1e-5);
    const wanted = new Lasso({ lambda: 0.1, fitIntercept: false, tol: 1e-13 }).fit(A, b).coef;
    expect(farthest(x, wanted)).toBeLessThanOrEqual(1e-3);
  });

  test('takes no notice of what an operator does to its argument or to what it returned', () => {
    const { A, b } = sensed(7, 10, 16, 3, { noise: 0.1 });
    const pure = operatorOf(A);
    const buffer = new Float64Array(10);
    const rude: LinearOperator = {
      ...pure,
      matvec(x) {
        buffer.set(Float64Array.from(pure.matvec(x)));
        x.fill(7);
        return buffer;
      },
    };
    const options = { lambda: 0.2 };
    expect(operatorLasso(rude, b, options)).toEqual(operatorLasso(pure, b, options));
  });

  test('is zero for a zero b and for a lambda from lambda max on', () => {
    const { A, b } = sensed(8, 10, 16, 3);
    const none = operatorLasso(operatorOf(A), new Array(10).fill(0), { lambda: 1 });
    expect(none.x.every((v) => v === 0)).toBe(true);
    expect(none.certificate.converged).toBe(true);
    const most = operatorLasso(operatorOf(A), b, { lambda: 1e6 });
    expect(most.x.every((v) => v === 0)).toBe(true);
    expect([most.iterations, most.certificate.gap]).toEqual([0, 0]);
  });

  test('reports progress and can be stopped', () => {
    const { A, b } = sensed(9, 20, 30, 3, { noise: 0.2 });
    const reports: number[] = [];
    const { iterations } = operatorLasso(operatorOf(A), b, { lambda: 0.1, onProgress: ({ done }) => reports.push(done) });
    expect(reports).toEqual([...Array.from({ length: iterations }, (_, k) => k + 1), iterations]);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    expect(() => operatorLasso(operatorOf(A), b, { lambda: 0.1, signal: stop.signal, onProgress })).toThrow('enough');
  });
});

describe('operatorLasso refuses', () => {
  const fine = operatorOf([
    [1, 2],
    [0, 1],
    [3, 1],
  ]);
  const b = [1, 2, 3];
  const run = (operator: object, options: object = { lambda: 1 }, target: unknown = b) =>
    operatorLasso(operator as LinearOperator, target as number[], options as { lambda: number });

  test('halves that are not adjoint, with the two numbers', () => {
    const wrong = { ...fine, rmatvec: (y: Float64Array) => [y[0], 2 * y[0] + y[1] + 1.001 * y[2]] };
    let caught: unknown;
    try {
      run(wrong);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(SpinifexError);
    expect((caught as SpinifexError).code).toBe('NOT_ADJOINT');
    expect((caught as SpinifexError).message).toMatch(
      /^operator: rmatvec is not the transpose of matvec: for random x and y, y'\(A x\) = -?[\d.e-]+, but \(A'y\)'x = -?[\d.e-]+$/,
    );
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'no operator',
      () => run(null as unknown as object),
      TypeError,
      'operator: expected { rows, cols, matvec(x), rmatvec(y) }, got null',
    ],
    ['no size', () => run({ ...fine, rows: 0 }), RangeError, 'operator.rows: expected an integer >= 1, got 0'],
    ['no function', () => run({ ...fine, rmatvec: 3 }), TypeError, 'operator.rmatvec: expected a function, got 3'],
    [
      'a product that is too short',
      () => run({ ...fine, matvec: () => [1, 2] }),
      RangeError,
      'operator.matvec(x): expected 3 numbers, got 2',
    ],
    [
      'a product with NaN',
      () => run({ ...fine, rmatvec: () => [1, Number.NaN] }),
      RangeError,
      'operator.rmatvec(y)[1] is NaN: expected a finite number',
    ],
    [
      'a promise',
      () => run({ ...fine, matvec: async () => [1, 2, 3] }),
      TypeError,
      'operator.matvec(x): expected an array of 3 numbers, got an object (Promise)',
    ],
    ['a b of another length', () => run(fine, { lambda: 1 }, [1, 2]), RangeError, 'b: expected 3 numbers, got 2'],
    ['no lambda', () => run(fine, {}), TypeError, 'lambda: expected a number > 0, got undefined'],
    ['a lambda of 0', () => run(fine, { lambda: 0 }), RangeError, 'lambda: expected a number > 0, got 0'],
    ['a strange l1Ratio', () => run(fine, { lambda: 1, l1Ratio: 2 }), RangeError, 'l1Ratio: expected a number in [0, 1], got 2'],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(new kind(message));
    expect(call).toThrow(kind);
  });
});
