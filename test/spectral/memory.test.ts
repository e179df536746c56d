import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { CsrMatrix, DenseMatrix, Pca, SparsePca, setBackend, symmetricEigen, TruncatedSvd } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { countData, Dice, factorData } from './samples.ts';

/** Largest use during `body` beyond what was in use before, in bytes. */
function peakOf(body: () => unknown): number {
  const { heap } = currentBackend();
  const before = heap.inUse;
  heap.peak = before;
  body();
  expect(heap.inUse).toBe(before);
  return heap.peak - before;
}

/** 3000 x 4000 with 1 % nonzeros. */
function sparse(): CsrMatrix {
  const dice = new Dice(5);
  const [rows, cols, each] = [3000, 4000, 40];
  const row: number[] = [];
  const col: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < each; k++) {
      row.push(i);
      col.push(dice.integer(cols));
      value.push(1 + dice.unit());
    }
  }
  return CsrMatrix.fromCoo(rows, cols, { row, col, value });
}

describe('linear memory', () => {
  test.each(['wasm', 'js'] as const)('is where it was after a thousand fits on the %s backend', (name) => {
    setBackend(name);
    try {
      const { heap } = currentBackend();
      const before = heap.inUse;
      const rows = factorData(new Dice(1), 60, 8, 3);
      const wide = countData(new Dice(2), 60, 70, 0.2);
      for (let t = 0; t < 250; t++) {
        const X = stored(t % 2 ? rows : wide, FORMATS[t % 4]);
        const model = new Pca({ components: 2, standardize: t % 3 === 0 }).fit(X);
        model.inverseTransform(model.transform(X));
        new TruncatedSvd({ components: 2, solver: t % 2 ? 'randomized' : 'lanczos' }).fit(X);
        new SparsePca(t % 5 ? { components: 2, nonzeros: 3 } : { components: 2, lambda: 0.5, tol: 1e-2 }).fit(X);
        symmetricEigen([
          [1, 2],
          [2, 1],
        ]);
      }
      expect(heap.inUse).toBe(before);
    } finally {
      setBackend('wasm');
    }
  });

  test('of a sparse fit stays below a tenth of what the dense matrix would take, centred or not', () => {
    const X = sparse();
    const dense = 8 * X.rows * X.cols;
    for (const standardize of [false, true]) {
      expect(peakOf(() => new Pca({ components: 10, solver: 'lanczos', standardize, tol: 1e-4 }).fit(X))).toBeLessThan(
        0.1 * dense,
      );
      expect(peakOf(() => new Pca({ components: 10, solver: 'randomized', standardize }).fit(X))).toBeLessThan(0.1 * dense);
    }
    expect(peakOf(() => new TruncatedSvd({ components: 10, tol: 1e-4 }).fit(X))).toBeLessThan(0.1 * dense);
    expect(peakOf(() => new SparsePca({ components: 2, nonzeros: 10, tol: 1e-2 }).fit(X))).toBeLessThan(0.1 * dense);
  });

  test('holds dense data once, 32-bit data as 32 bits', () => {
    const dice = new Dice(6);
    for (const Values of [Float64Array, Float32Array]) {
      const data = new Values(12000 * 100);
      for (let e = 0; e < data.length; e++) data[e] = dice.unit();
      for (const order of ['row', 'column'] as const) {
        const X = new DenseMatrix(data, 12000, 100, order);
        expect(peakOf(() => new Pca({ components: 5 }).fit(X)) / data.byteLength).toBeLessThan(1.3);
      }
    }
  });

  test('is given back when a callback throws or a signal stops the work', async () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const X = sparse();
    const failure = new Error('from the callback');
    for (const solver of ['lanczos', 'randomized'] as const) {
      const onProgress = ({ done }: { done: number }) => {
        if (done >= 2) throw failure;
      };
      expect(() => new TruncatedSvd({ components: 5, solver }).fit(X, { onProgress })).toThrow(failure);
      expect(heap.inUse).toBe(before);
    }
    const controller = new AbortController();
    const stop = () => controller.abort(failure);
    for (const recipe of [
      new SparsePca({ components: 2, nonzeros: 4 }),
      new SparsePca({ components: 2, lambda: 0.1 }),
      new Pca({ components: 3 }),
    ]) {
      expect(() => recipe.fit(factorData(new Dice(1), 30, 9, 3), { signal: controller.signal, onProgress: stop })).toThrow(
        failure,
      );
    }
    await expect(new Pca({ components: 1 }).fitChunks([[[1]]], { signal: controller.signal })).rejects.toThrow(failure);
    expect(heap.inUse).toBe(before);
  });

  test('progress never runs backwards and ends at its total', () => {
    const X = sparse();
    for (const recipe of [new TruncatedSvd({ components: 5, tol: 1e-3 }), new Pca({ components: 4, solver: 'randomized' })]) {
      const reports: { done: number; total: number }[] = [];
      recipe.fit(X, { onProgress: (report) => reports.push({ ...report }) });
      expect(reports.length).toBeGreaterThan(3);
      const shares = reports.map(({ done, total }) => done / total);
      for (let t = 1; t < shares.length; t++) expect(shares[t]).toBeGreaterThanOrEqual(shares[t - 1]);
      expect(shares.at(-1)).toBe(1);
    }
  });
});
