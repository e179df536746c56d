import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { upload } from '../../src/backend/residentMatrix.ts';
import { CscMatrix, CsrMatrix, DenseMatrix, setBackend } from '../../src/index.ts';
import { fitL2Svm, type L2SvmFit, type L2SvmOptions } from '../../src/linear/dualSvm/index.ts';
import golden from '../fixtures/l2svm.json';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';

afterAll(() => setBackend('wasm'));

interface Data {
  rows: number[][];
  y: Float64Array;
  weight?: Float64Array;
}

/** Objective and its gradient at a fit, from their definitions (squared hinge). */
function judged({ rows, y, weight }: Data, { lambda, interceptScaling }: L2SvmOptions, { coef, intercept }: L2SvmFit) {
  const total = rows.reduce((sum, _, i) => sum + (weight ? weight[i] : 1), 0);
  let loss = 0;
  const gradient = Array.from(coef, (w) => lambda * w);
  let slope = interceptScaling ? (lambda * intercept) / interceptScaling ** 2 : 0;
  rows.forEach((row, i) => {
    const share = (weight ? weight[i] : 1) / total;
    const short = Math.max(0, 1 - y[i] * (row.reduce((sum, x, j) => sum + x * coef[j], 0) + intercept));
    loss += share * short * short;
    slope -= 2 * share * short * y[i];
    row.forEach((x, j) => {
      gradient[j] -= 2 * share * short * y[i] * x;
    });
  });
  const beta = interceptScaling ? intercept / interceptScaling : 0;
  const objective = loss + (lambda / 2) * (coef.reduce((sum, w) => sum + w * w, 0) + beta * beta);
  return { objective, gradient, slope };
}

function problem(dice: Dice, n: number, p: number, density: number): Data {
  const rows = dice.matrix(n, p, density);
  const truth = dice.vector(p);
  const y = Float64Array.from(rows, (row) => (row.reduce((s, x, j) => s + x * truth[j], 0.5) + dice.normal() > 0 ? 1 : -1));
  y[0] = 1;
  y[1] = -1;
  return { rows, y };
}

describe('against liblinear and scipy', () => {
  const y = Float64Array.from(golden.y);
  const X = DenseMatrix.from(golden.X);
  test.each(
    golden.cases.map((c) => [`${c.loss}, lambda ${c.lambda}, ${c.intercept} intercept, weights ${c.weights}`, c] as const),
  )('%s', (_, c) => {
    const options: L2SvmOptions = { lambda: c.lambda, loss: c.loss as 'hinge', tol: 1e-10, maxEpochs: 100000 };
    if (c.intercept === 'none') options.fitIntercept = false;
    if (c.intercept === 'scaled') options.interceptScaling = 2;
    const fit = fitL2Svm(options, X, y, c.weights ? Float64Array.from(golden.weights) : undefined);
    expect(fit.certificate.status).toBe('converged');
    expect(Math.abs(fit.certificate.primal / c.objective - 1)).toBeLessThan(1e-9);
    // What a gap of 1e-10 leaves open: lambda/2 |difference|^2 <= gap.
    const open = Math.sqrt((2e-10 * 1.5) / c.lambda) + 1e-6;
    c.coef.forEach((w, j) => {
      expect(Math.abs(fit.coef[j] - w)).toBeLessThan(open);
    });
    expect(Math.abs(fit.intercept - c.b)).toBeLessThan(5 * open);
  });
});

describe('the certificate', () => {
  const random = fc.record({
    n: fc.constantFrom(2, 5, 30, 120),
    p: fc.constantFrom(1, 4, 40, 150),
    density: fc.constantFrom(1, 0.2),
    lambda: fc.constantFrom(1, 0.01, 1e-5),
    intercept: fc.constantFrom('free', 'none', 'scaled'),
    weighted: fc.boolean(),
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
  });

  test('proves the objective: no gradient is left, and the gap bounds the distance to a finer fit', () => {
    fc.assert(
      fc.property(random, ({ n, p, density, lambda, intercept, weighted, seed }) => {
        const dice = new Dice(seed);
        const data = problem(dice, n, p, density);
        if (weighted) data.weight = Float64Array.from({ length: n }, (_, i) => (i < 2 ? 1 : dice.integer(3)));
        const options: L2SvmOptions = { lambda };
        if (intercept === 'none') options.fitIntercept = false;
        if (intercept === 'scaled') options.interceptScaling = 3;
        const X = density < 1 ? CsrMatrix.fromDense(DenseMatrix.from(data.rows)) : DenseMatrix.from(data.rows);
        const coarse = fitL2Svm({ ...options, tol: 1e-3 }, X, data.y, data.weight);
        const fine = fitL2Svm({ ...options, tol: 1e-13, maxEpochs: 1e5 }, X, data.y, data.weight);
        const { objective, gradient, slope } = judged(data, options, fine);
        expect(fine.certificate.gap).toBeLessThanOrEqual(1e-12);
        expect(Math.abs(fine.certificate.primal - objective)).toBeLessThanOrEqual(1e-12 * (1 + objective));
        const scale = Math.max(...data.rows.flat().map(Math.abs), 1);
        for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-5 * scale);
        if (intercept !== 'none') expect(Math.abs(slope)).toBeLessThan(1e-5);
        expect(coarse.certificate.converged).toBe(true);
        expect(coarse.certificate.dual).toBeLessThanOrEqual(objective + 1e-12);
        expect(coarse.certificate.primal).toBeGreaterThanOrEqual(objective - 1e-12);
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  test('says maxEpochs where there were too few', () => {
    const data = problem(new Dice(3), 60, 20, 1);
    const { certificate } = fitL2Svm({ lambda: 1e-4, maxEpochs: 2, tol: 1e-9 }, DenseMatrix.from(data.rows), data.y);
    expect(certificate).toMatchObject({ converged: false, status: 'maxEpochs', epochs: 2 });
  });

  test('says machinePrecision where 64 bits give no more', () => {
    const data = problem(new Dice(4), 60, 5, 1);
    const { certificate } = fitL2Svm({ lambda: 0.1, tol: 0, maxEpochs: 1e6 }, DenseMatrix.from(data.rows), data.y);
    expect(certificate.gap).toBeLessThan(1e-20);
    expect(certificate.status === 'machinePrecision' || certificate.gap === 0).toBe(true);
  });

  test('is there for the hinge, too', () => {
    const data = problem(new Dice(5), 80, 10, 1);
    const { certificate } = fitL2Svm(
      { lambda: 0.1, loss: 'hinge', tol: 1e-7, maxEpochs: 1e5 },
      DenseMatrix.from(data.rows),
      data.y,
    );
    expect(certificate.converged).toBe(true);
    expect(certificate.kkt).toBeLessThan(1e-2);
  });
});

describe('the fit', () => {
  const data = problem(new Dice(8), 70, 30, 0.3);
  const dense = DenseMatrix.from(data.rows);
  const solve = (X: Parameters<typeof fitL2Svm>[1], extra: Partial<L2SvmOptions> = {}) =>
    fitL2Svm({ lambda: 0.01, tol: 1e-13, ...extra }, X, data.y);

  test('is the same whichever way X is stored', () => {
    const csr = CsrMatrix.fromDense(dense);
    const columns = new DenseMatrix(
      Float64Array.from({ length: 2100 }, (_, k) => data.rows[k % 70][Math.floor(k / 70)]),
      70,
      30,
      'column',
    );
    const expected = solve(dense);
    const resident = upload(csr);
    for (const X of [csr, csr.toCsc(), columns, resident]) {
      const found = solve(X);
      found.coef.forEach((w, j) => {
        expect(Math.abs(w - expected.coef[j])).toBeLessThan(1e-5);
      });
    }
    expect(solve(csr.toCsc()).coef).toEqual(solve(csr).coef);
    resident.free();
  });

  test('takes 32-bit values', () => {
    const X = new DenseMatrix(Float32Array.from(data.rows.flat()), 70, 30);
    const sparse = CsrMatrix.fromDense(X);
    const rounded = DenseMatrix.from(X.toRows());
    for (const found of [solve(X), solve(sparse)])
      expect(Math.abs(found.certificate.primal - solve(rounded).certificate.primal)).toBeLessThan(1e-12);
  });

  test('is as good on the JS kernels, and leaves nothing in memory', () => {
    const expected = solve(dense).certificate.primal;
    setBackend('js');
    expect(Math.abs(solve(dense).certificate.primal - expected)).toBeLessThan(1e-12);
    expect(currentBackend().heap.inUse).toBe(0);
    setBackend('wasm');
    expect(currentBackend().heap.inUse).toBe(0);
  });

  test('counts a row of weight 2 twice and one of weight 0 not at all', () => {
    const weight = Float64Array.from(data.rows, (_, i) => i % 3);
    const copies = data.rows.flatMap((row, i) => Array.from({ length: i % 3 }, () => ({ row, y: data.y[i] })));
    const weighted = fitL2Svm({ lambda: 0.01, tol: 1e-13 }, dense, data.y, weight);
    const copied = fitL2Svm(
      { lambda: 0.01, tol: 1e-13 },
      DenseMatrix.from(copies.map((c) => c.row)),
      Float64Array.from(copies, (c) => c.y),
    );
    expect(Math.abs(weighted.certificate.primal - copied.certificate.primal)).toBeLessThan(1e-12);
    weighted.coef.forEach((w, j) => {
      expect(Math.abs(w - copied.coef[j])).toBeLessThan(1e-5);
    });
  });

  test('with a free intercept does not feel a shift of the columns', () => {
    const shifted = DenseMatrix.from(data.rows.map((row) => row.map((x) => x + 3)));
    const [a, b] = [solve(dense), solve(shifted, { maxEpochs: 1e5 })];
    expect(b.certificate.converged).toBe(true);
    a.coef.forEach((w, j) => {
      expect(Math.abs(w - b.coef[j])).toBeLessThan(1e-5);
    });
  });

  test('converges on badly scaled columns and on one class against 999', () => {
    const dice = new Dice(11);
    const rows = dice.matrix(1000, 6).map((row) => row.map((x, j) => x * [1e-3, 1, 1e3, 10, 1, 0][j] + j));
    const y = Float64Array.from(rows, (_, i) => (i === 17 ? 1 : -1));
    const { certificate, intercept } = fitL2Svm({ lambda: 1e-6, maxEpochs: 1e4 }, DenseMatrix.from(rows), y);
    expect(certificate.converged).toBe(true);
    expect(Number.isFinite(intercept)).toBe(true);
  });

  test('of rows without entries is the null model', () => {
    const X = new CsrMatrix({ rows: 3, cols: 2, indptr: [0, 0, 0, 0], indices: [], data: [] });
    const found = fitL2Svm({ lambda: 1 }, X, Float64Array.of(1, 1, -1));
    expect(found.coef).toEqual(Float64Array.of(0, 0));
    expect(found.intercept).toBeCloseTo(1 / 3, 12);
    expect(found.certificate.converged).toBe(true);
  });

  test('refuses values that are not finite and squares that overflow', () => {
    expect(() => solve(DenseMatrix.from(data.rows.map((row, i) => (i === 4 ? row.map(() => Number.NaN) : row))))).toThrow(
      new RangeError('X[4][0] is NaN: expected a finite number'),
    );
    expect(() => solve(DenseMatrix.from(data.rows.map((row) => row.map(() => 1e200))))).toThrow(
      'X: the squares of a row exceed the range of 64-bit numbers',
    );
    expect(currentBackend().heap.inUse).toBe(0);
  });

  test('reports its gap and stops when asked', () => {
    const control = new AbortController();
    const gaps: number[] = [];
    expect(() =>
      fitL2Svm({ lambda: 1e-5, tol: 1e-12 }, dense, data.y, undefined, {
        signal: control.signal,
        onProgress: ({ gap }) => {
          gaps.push(gap);
          if (gaps.length === 2) control.abort(new Error('enough'));
        },
      }),
    ).toThrow('enough');
    expect(gaps).toHaveLength(2);
    expect(currentBackend().heap.inUse).toBe(0);
  });

  test('has the same bits on every engine', () => {
    const hash = new Hash();
    for (const X of [dense, CsrMatrix.fromDense(dense), CscMatrix.fromDense(dense)]) {
      const { coef, intercept } = solve(X, { lambda: 1e-3, tol: 1e-6 });
      hash.add(coef).add([intercept]);
    }
    expect(hash.text).toBe('39859657');
  });
});
