import { describe, expect, test } from 'vitest';
import { CsrMatrix, Pca, SparsePca, SparsePcaModel } from '../../src/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { centred, countData, Dice, dot, factorData, subspaceCosine } from './samples.ts';

/** Two factors on columns 0..3 and 4..7, noise on the rest. */
function planted(dice: Dice, n: number, p: number): number[][] {
  return Array.from({ length: n }, () => {
    const [a, b] = [3 * dice.normal(), 2 * dice.normal()];
    return Array.from({ length: p }, (_, j) => (j < 4 ? a : j < 8 ? b : 0) + 0.3 * dice.normal());
  });
}

const rows = planted(new Dice(1), 120, 20);

describe('truncated power', () => {
  test('finds planted supports of exactly the size asked for', () => {
    const model = new SparsePca({ components: 2, nonzeros: 4 }).fit(rows);
    expect(model.supports.map((s) => Array.from(s))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(model.certificate).toMatchObject({ converged: true, status: 'converged', monotone: true });
    expect(new SparsePca({ components: 2, nonzeros: [3, 7] }).fit(rows).supports.map((s) => s.length)).toEqual([3, 7]);
  });

  test('is at a fixed point: the truncated product with the matrix points the same way', () => {
    const model = new SparsePca({ components: 1, nonzeros: 6 }).fit(rows);
    const [v] = model.components.toDense().toRows();
    const C = centred(rows);
    const u = C.map((row) => dot(row, v));
    const y = v.map((_, j) => C.reduce((s, row, i) => s + row[j] * u[i], 0));
    const largest = [...y].map(Math.abs).sort((a, b) => b - a)[5];
    const kept = y.map((x) => (Math.abs(x) >= largest ? x : 0));
    const norm = Math.sqrt(dot(kept, kept));
    kept.forEach((x, j) => {
      expect(Math.abs(x / norm - v[j])).toBeLessThan(1e-5);
    });
    expect(model.explainedVariance[0]).toBeCloseTo(dot(u, u) / (rows.length - 1), 9);
  });

  test('with all loadings is PCA', () => {
    const data = factorData(new Dice(2), 50, 8, 4);
    const sparse = new SparsePca({ components: 3, nonzeros: 8, tol: 1e-10, maxIterations: 20000 }).fit(data);
    const dense = new Pca({ components: 3 }).fit(data);
    const [found, wanted] = [sparse.components.toDense().data, dense.components.data];
    found.forEach((x, e) => {
      expect(Math.abs(x - wanted[e])).toBeLessThan(1e-6);
    });
    sparse.explainedVariance.forEach((v, i) => {
      expect(v / dense.explainedVariance[i]).toBeCloseTo(1, 8);
    });
  });

  test('explains no more than PCA does, with shares of the true total', () => {
    for (const nonzeros of [1, 2, 5]) {
      const sparse = new SparsePca({ components: 4, nonzeros, standardize: true }).fit(rows);
      const dense = new Pca({ components: 4, standardize: true }).fit(rows);
      const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
      expect(sum(sparse.explainedVariance)).toBeLessThanOrEqual(sum(dense.explainedVariance) * (1 + 1e-12));
      expect(sum(sparse.explainedVarianceRatio)).toBeCloseTo(sum(sparse.explainedVariance) / dense.totalVariance, 12);
    }
  });

  test('is the same in every storage, and for data wider than what is formed', () => {
    const counts = countData(new Dice(3), 60, 30, 0.2);
    const models = FORMATS.map((format) =>
      new SparsePca({ components: 3, nonzeros: 5, standardize: true }).fit(stored(counts, format)),
    );
    for (const model of models) {
      expect(model.supports).toEqual(models[0].supports);
      model.components.data.forEach((x, e) => {
        expect(Math.abs(x - models[0].components.data[e])).toBeLessThan(1e-7);
      });
    }
    // Fewer rows than columns: the products go through the scores, with deflation there.
    const wide = counts.slice(0, 20);
    const implicit = new SparsePca({ components: 2, nonzeros: 4 }).fit(CsrMatrix.fromDense(wide));
    const formed = new SparsePca({ components: 2, nonzeros: 4 }).fit([...wide, ...wide]);
    expect(implicit.supports).toEqual(formed.supports);
  });

  test('says so when it may not do enough steps', () => {
    const { certificate } = new SparsePca({ components: 2, nonzeros: 3, maxIterations: 1, tol: 0 }).fit(rows);
    expect(certificate).toMatchObject({ converged: false, status: 'maxIterations' });
  });

  test('gives empty components where nothing is left', () => {
    const model = new SparsePca({ components: 2, nonzeros: 2 }).fit([
      [1, 2, 0],
      [2, 4, 0],
      [3, 6, 0],
    ]);
    expect(model.supports.map((s) => s.length)).toEqual([2, expect.any(Number)]);
    expect(model.explainedVariance[1]).toBeLessThan(1e-12);
    expect(model.explainedVarianceRatio[0]).toBeCloseTo(1, 12);
  });
});

describe('the elastic-net form', () => {
  test('finds planted supports', () => {
    const model = new SparsePca({ components: 2, lambda: 0.8 }).fit(rows);
    expect(model.certificate).toMatchObject({ converged: true, monotone: true });
    const inside = (support: Int32Array, low: number, high: number) =>
      support.length > 0 && support.every((j) => j >= low && j < high);
    expect(inside(model.supports[0], 0, 4)).toBe(true);
    expect(inside(model.supports[1], 4, 8)).toBe(true);
    const { history } = model.certificate;
    expect(history!.at(-1)!).toBeLessThanOrEqual(history![0]);
  });

  test('without penalty spans the space of PCA', () => {
    const data = factorData(new Dice(2), 50, 8, 4);
    const sparse = new SparsePca({ components: 3, lambda: 0, ridge: 1e-8, tol: 1e-8 }).fit(data);
    const dense = new Pca({ components: 3 }).fit(data);
    expect(subspaceCosine(dense.components.toRows(), sparse.components.toDense().toRows())).toBeGreaterThan(1 - 1e-6);
  });

  test('has fewer loadings the larger lambda is, none at the end', () => {
    const sizes = [0.01, 0.3, 1, 3, 1000].map((lambda) => {
      const { supports } = new SparsePca({ components: 2, lambda, standardize: true, tol: 1e-4 }).fit(rows);
      return supports[0].length + supports[1].length;
    });
    for (let i = 1; i < sizes.length; i++) expect(sizes[i]).toBeLessThanOrEqual(sizes[i - 1]);
    expect(sizes.at(-1)).toBe(0);
  });
});

test('models are read back from their JSON with the same bits', () => {
  for (const options of [
    { components: 2, nonzeros: 3 },
    { components: 2, lambda: 0.5, standardize: true },
  ]) {
    const model = new SparsePca(options).fit(rows);
    const again = SparsePcaModel.fromJSON(JSON.stringify(model));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    expect(again.transform(rows).data).toEqual(model.transform(rows).data);
  }
});
