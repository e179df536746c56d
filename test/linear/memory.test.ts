import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  DenseMatrix,
  ElasticNetCV,
  Lasso,
  LassoCV,
  type LinearOptions,
  lambdaMax,
  lassoPath,
  Ridge,
  setBackend,
  upload,
} from '../../src/index.ts';
import { FORMATS, stored } from './formats.ts';
import { Dice, linearData } from './problems.ts';

describe('linear memory', () => {
  test.each(['wasm', 'js'] as const)('is where it was after 10,000 fits on the %s backend', (name) => {
    setBackend(name);
    try {
      const { heap } = currentBackend();
      const { rows, y } = linearData(new Dice(1), 20, 10);
      const designs = FORMATS.map((format) => stored(rows, format));
      const learn = (k: number) => {
        const recipe =
          k % 5 === 4 ? new Ridge({ lambda: 0.1 }) : new Lasso({ lambda: 0.01 * (1 + (k % 7)), standardize: k % 2 === 0 });
        recipe.fit(designs[k % 4], y);
      };
      const start = heap.inUse;
      for (let k = 0; k < 40; k++) learn(k);
      const length = heap.buffer.byteLength;
      expect(heap.inUse).toBe(start);
      for (let k = 0; k < 10_000; k++) learn(k);
      expect(heap.inUse).toBe(start);
      expect(heap.buffer.byteLength).toBe(length);
    } finally {
      setBackend('wasm');
    }
  });

  /** Largest use during `body` beyond what was in use before, in bytes. */
  function peakOf(body: () => unknown): number {
    const { heap } = currentBackend();
    const before = heap.inUse;
    heap.peak = before;
    body();
    expect(heap.inUse).toBe(before);
    return heap.peak - before;
  }

  function tall(n: number, p: number, Values: new (length: number) => Float64Array | Float32Array) {
    const dice = new Dice(17);
    const data = new Values(n * p);
    for (let k = 0; k < data.length; k++) data[k] = dice.normal();
    const y = Array.from({ length: n }, (_, i) => data[i * p] - data[i * p + 7] + 0.5 * data[i * p + 100] + dice.normal());
    return { X: new DenseMatrix(data, n, p), y };
  }

  test('holds the data once and at most 30 % more along a path on 6000 x 150', () => {
    const { X, y } = tall(6000, 150, Float64Array);
    expect(peakOf(() => lassoPath(X, y)) / X.data.byteLength).toBeLessThanOrEqual(1.3);
  });

  test('holds 32-bit data as 32 bits', () => {
    const { X, y } = tall(12000, 150, Float32Array);
    const peak = peakOf(() => new Lasso({ lambda: 0.1 }).fit(X, y));
    expect(peak / X.data.byteLength).toBeLessThanOrEqual(1.3);
  });

  test('holds the data once during a cross-validation, whatever the number of folds', () => {
    const { X, y } = tall(6000, 150, Float64Array);
    expect(peakOf(() => new LassoCV({ folds: 5, nLambdas: 20 }).fit(X, y)) / X.data.byteLength).toBeLessThanOrEqual(1.3);
  });

  test('is not filled again for a resident matrix', () => {
    const { X, y } = tall(6000, 150, Float64Array);
    const resident = upload(X);
    const { heap } = currentBackend();
    const before = heap.inUse;
    expect(peakOf(() => new Lasso({ lambda: 0.1 }).fit(resident, y))).toBeLessThanOrEqual(0.3 * X.data.byteLength);
    resident.free();
    expect(heap.inUse).toBeLessThanOrEqual(before - X.data.byteLength);
  });

  test('of a sparse fit stays below a tenth of what the dense matrix would take', () => {
    const dice = new Dice(23);
    const [n, p] = [2000, 3000];
    const { rows, y } = linearData(dice, n, p, { density: 0.005 });
    for (const format of ['CSR', 'CSC'] as const) {
      const X = stored(rows, format);
      const lambda = 0.3 * lambdaMax(X, y, { standardize: true });
      expect(peakOf(() => new Lasso({ lambda, standardize: true }).fit(X, y))).toBeLessThanOrEqual(0.1 * 8 * n * p);
    }
  });

  const { rows, y } = linearData(new Dice(5), 40, 60);
  const solvers: LinearOptions['solver'][] = ['auto', 'cd', 'ista', 'fista', 'admm', 'subgradient', 'sgd'];

  test.each(solvers)("is given back when onProgress throws in the middle of '%s'", (solver) => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const failure = new Error('from the callback');
    const recipe = new Lasso({ lambda: 0.01, solver: solver!, maxEpochs: 50 });
    const onProgress = ({ done }: { done: number }) => {
      if (done >= 2) throw failure;
    };
    expect(() => recipe.fit(rows, y, { onProgress })).toThrow(failure);
    expect(heap.inUse).toBe(before);
  });

  test('is given back when onProgress throws in a path or between folds', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (const stop of [1, 5, 10, 11, 25]) {
      const onProgress = ({ done }: { done: number }) => {
        if (done >= stop) throw new Error('stop');
      };
      if (stop <= 10) expect(() => lassoPath(rows, y, { nLambdas: 10, onProgress })).toThrow('stop');
      expect(() => new ElasticNetCV({ folds: 3, nLambdas: 10 }).fit(rows, y, { onProgress })).toThrow('stop');
      expect(heap.inUse).toBe(before);
    }
  });
});
