import { describe, expect, test } from 'vitest';
import { CsrMatrix, FactorizationModel, MatrixFactorization } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { linearMap, regression, rowsOf } from './oracle.ts';
import { fitted, variants } from './problems.ts';
import { csr, distance, dot, ratings, symmetric } from './ratings.ts';

/** Two blocks without an entry between them: rows 0-3 know columns 0-2, rows 4-6 columns 3-5; row 7 and column 6 know nobody. */
function blocks(dice = new Dice(4)): CsrMatrix {
  const coo = { row: [] as number[], col: [] as number[], value: [] as number[] };
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < 6; j++) {
      if (i < 4 !== j < 3) continue;
      coo.row.push(i);
      coo.col.push(j);
      coo.value.push(2 + dice.normal());
    }
  }
  return CsrMatrix.fromCoo(8, 7, coo);
}

describe('the basis of a prediction', () => {
  const dice = new Dice(7);
  const R = csr(ratings(dice, 10, 8, { share: 0.75, emptyRows: [2], emptyColumns: [6] }));
  const cells = Array.from({ length: 80 }, (_, k) => [Math.floor(k / 8), k % 8]);
  /** A cell without an entry, of a row and a column with some. */
  const [i, j] = cells.find(([a, b]) => a !== 2 && b !== 6 && R.get(a, b) === 0)!;
  const columnFeatures = dice.matrix(8, 2);
  const columnGraph = symmetric(8, [
    [6, 1, 1],
    [6, 3, 2],
  ]);

  test('is the entry itself, or warm, or nothing but means', () => {
    const model = new MatrixFactorization({ rank: 2, lambda: 0.5 }).fit(R);
    expect(model.basis(0, R.indices[0])).toBe('entry');
    expect(model.basis(i, j)).toBe('warm');
    expect([model.basis(0, 6), model.basis(2, 0), model.basis(2, 6)]).toEqual(['prior', 'prior', 'prior']);
    expect(model.predict(2, 6)).toBe(model.mean);
    expect(model.predict(0, 6)).toBe(model.mean + model.rowBias[0]);
    expect(model.predict(2, 0)).toBe(model.mean + model.columnBias[0]);
    expect([...model.connectivity.emptyRows, ...model.connectivity.emptyColumns]).toEqual([2, 6]);
    expect([model.connectivity.rowComponent[2], model.connectivity.columnComponent[6]]).toEqual([-1, -1]);
  });

  test('is the features where there are some, the graph where there is one, and features before graph', () => {
    const bases = (options: object) => {
      const model = new MatrixFactorization({ rank: 2, lambda: 0.5, ...options }).fit(R);
      return [model.basis(0, 6), model.basis(2, 6), model.basis(i, j), model.basis(0, R.indices[0])];
    };
    expect(bases({ columnFeatures })).toEqual(['feature', 'prior', 'warm', 'entry']);
    expect(bases({ columnGraph })).toEqual(['graph', 'prior', 'warm', 'entry']);
    expect(bases({ columnFeatures, columnGraph })).toEqual(['feature', 'prior', 'warm', 'entry']);
    expect(bases({ columnGraph, rowFeatures: dice.matrix(10, 1) })).toEqual(['graph', 'graph', 'warm', 'entry']);
    expect(bases({ columnGraph: symmetric(8, [[0, 1, 1]]) })).toEqual(['prior', 'prior', 'warm', 'entry']);
  });

  test('is a mean that may be refused', () => {
    const model = new MatrixFactorization({ rank: 2, lambda: 0.5, coldStart: 'nan' }).fit(R);
    expect(model.predict(0, 6)).toBeNaN();
    expect(model.predictAll().get(2, 0)).toBeNaN();
    const { value, standardError } = model.predictEntries([i, i], [6, j]);
    expect([Number.isNaN(value[0]), Number.isNaN(standardError![0])]).toEqual([true, true]);
    expect(value[1]).toBe(model.predict(i, j));
    expect(standardError![1]).toBeGreaterThan(0);
    expect([...model.recommend(0, 8, { exclude: 'none' }).columns]).not.toContain(6);
    expect(model.recommend(2, 3).columns).toHaveLength(0);
    expect(model.recommendAll(8, { exclude: 'none' })[0].columns).toHaveLength(7);
    expect(model.foldInRow([], []).predictions.every(Number.isNaN)).toBe(true);
    expect(Array.from(model.foldInRow([j], [2]).predictions, Number.isNaN)).toEqual(Array.from({ length: 8 }, (_, k) => k === 6));
  });
});

describe('a column without entries', () => {
  test('is the mean, biases and x.(B g), with B from a ridge regression of the factors on the features', () => {
    for (const name of ['with column features', 'with features of both sides', 'with features and other biases']) {
      const { problem } = variants[name];
      const model = fitted(variants[name], { tol: 1e-13, maxSweeps: 20000 });
      const H = linearMap(problem.columnFeatures!);
      const warm = H.flatMap((_, j) => (model.connectivity.emptyColumns.includes(j) ? [] : [j]));
      const count = (j: number) => problem.R.indices.filter((k) => k === j).length;
      const B = (target: number[], ridge: number) => {
        const metric = warm.map((j, a) => warm.map((_, b) => (a === b ? ridge * (problem.scaleLambda ? count(j) : 1) : 0)));
        return regression(
          warm.map((j) => H[j]),
          warm.map((j) => target[j]),
          metric,
          problem.featureLambda ?? 1,
        );
      };
      const Y = rowsOf(model.columnFactors);
      const y = Y[0].map((_, t) =>
        dot(
          H[5],
          B(
            Y.map((row) => row[t]),
            problem.lambda,
          ),
        ),
      );
      const bias = dot(H[5], B([...model.columnBias], problem.biasLambda ?? problem.lambda));
      const X = rowsOf(model.rowFactors);
      for (let i = 0; i < X.length; i++) {
        expect(Math.abs(model.predict(i, 5) - (model.mean + model.rowBias[i] + bias + dot(X[i], y)))).toBeLessThanOrEqual(1e-6);
      }
    }
  });

  test('lies where its neighbours and its ridge balance', () => {
    const { problem } = variants['with a graph'];
    const { columnGraph, lambda, graphLambda = 1 } = problem;
    const model = fitted(variants['with a graph'], { maxSweeps: 3 });
    const Y = rowsOf(model.columnFactors).map((y, j) => [...y, model.columnBias[j]]);
    const weights = Y.map((_, l) => graphLambda * columnGraph!.get(5, l));
    const total = weights.reduce((a, b) => a + b, lambda);
    for (let t = 0; t < Y[0].length; t++) {
      const pull = Y.reduce((s, y, l) => s + weights[l] * y[t], 0);
      expect(Math.abs(Y[5][t] - pull / total)).toBeLessThanOrEqual(1e-12);
    }
  });

  test('that only unobserved neighbours reach stays at the means', () => {
    const R = csr(ratings(new Dice(5), 9, 8, { emptyColumns: [5, 6, 7] }));
    const columnGraph = symmetric(8, [
      [5, 6, 3],
      [0, 7, 3],
    ]);
    for (const solver of ['cholesky', 'cg'] as const) {
      for (const lambda of [0.01, 0]) {
        const model = new MatrixFactorization({ rank: 1, lambda, biasLambda: 1, columnGraph, solver, seed: 4 }).fit(R);
        for (const j of [5, 6]) {
          expect(model.basis(0, j)).toBe('prior');
          expect(model.predict(0, j)).toBeCloseTo(model.mean + model.rowBias[0], 14);
          expect(model.predictAll().get(0, j)).toBeCloseTo(model.predict(0, j), 13);
        }
        expect(model.basis(0, 7)).toBe('graph');
      }
    }
  });

  test('with smooth features is near columns with the same features', () => {
    const dice = new Dice(6);
    const place = dice.vector(20, () => 4 * dice.unit() - 2);
    place[19] = 0.5;
    const value = (i: number, g: number) => (i % 2 ? 1 : -1) * g * g + i * 0.1;
    const coo = { row: [] as number[], col: [] as number[], value: [] as number[] };
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 19; j++) {
        coo.row.push(i);
        coo.col.push(j);
        coo.value.push(value(i, place[j]) + 0.05 * dice.normal());
      }
    }
    const R = CsrMatrix.fromCoo(12, 20, coo);
    const columnFeatures = place.map((g) => [g]);
    const error = (featureKernel: 'matern' | 'linear') => {
      const model = new MatrixFactorization({ rank: 2, lambda: 0.3, columnFeatures, featureKernel, featureLambda: 0.05 }).fit(R);
      return Math.sqrt(
        Array.from({ length: 12 }, (_, i) => (model.predict(i, 19) - value(i, 0.5)) ** 2).reduce((a, b) => a + b) / 12,
      );
    };
    expect(error('matern')).toBeLessThanOrEqual(0.4);
    expect(error('matern')).toBeLessThanOrEqual(error('linear') / 2);
  });

  test('is not thrown off by features without spread', () => {
    const R = csr(ratings(new Dice(5), 9, 8, { emptyColumns: [7] }));
    for (const featureKernel of ['matern', 'linear'] as const) {
      const columnFeatures = Array.from({ length: 8 }, (_, j) => [0.1, j / 8]);
      const model = new MatrixFactorization({ rank: 2, lambda: 0.5, columnFeatures, featureKernel }).fit(R);
      const [near, far] = [0.1, 0.2].map((constant) => model.foldInColumn([], [], { features: [constant, 0.5] }).predictions);
      expect(distance(near, far)).toBeLessThanOrEqual(5);
    }
  });
});

describe('groups that nothing ties together', () => {
  const R = blocks();
  const options = { rank: 2, lambda: 0.2 };

  test('are counted, and predictions between them rest on means alone', () => {
    const model = new MatrixFactorization(options).fit(R);
    expect(model.connectivity).toEqual({
      components: 2,
      rowComponent: Int32Array.of(0, 0, 0, 0, 1, 1, 1, -1),
      columnComponent: Int32Array.of(0, 0, 0, 1, 1, 1, -1),
      emptyRows: Int32Array.of(7),
      emptyColumns: Int32Array.of(6),
    });
    expect([model.basis(0, 0), model.basis(0, 4), model.basis(5, 1), model.basis(0, 6)]).toEqual([
      'entry',
      'prior',
      'prior',
      'prior',
    ]);
    expect(model.predict(0, 4)).toBe(model.mean + model.rowBias[0] + model.columnBias[4]);
    expect(model.predictAll().get(0, 4)).toBe(model.predict(0, 4));
    const { standardError } = model.predictEntries([0, 0], [1, 4]);
    expect(standardError![1]).toBeGreaterThan(standardError![0]);
    const [one] = model.recommendAll(7, { rows: [0], exclude: 'none' });
    expect([...one.columns]).toEqual([...model.recommend(0, 7, { exclude: 'none' }).columns]);
    expect(
      distance(
        one.scores,
        Float64Array.from(one.columns, (j) => model.predict(0, j)),
      ),
    ).toBeLessThanOrEqual(1e-12);
  });

  test('are tied by features of either side, by a graph, or by one entry', () => {
    const dice = new Dice(9);
    const tied = (more: object, data = R) => new MatrixFactorization({ ...options, ...more }).fit(data).connectivity;
    expect(tied({ rowFeatures: dice.matrix(8, 1) })).toMatchObject({ components: 1, emptyRows: Int32Array.of(7) });
    expect([...tied({ rowFeatures: dice.matrix(8, 1) }).rowComponent]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(tied({ columnFeatures: dice.matrix(7, 1) }).components).toBe(1);
    expect(tied({ columnGraph: symmetric(7, [[2, 3, 1]]) }).components).toBe(1);
    expect(tied({ columnGraph: symmetric(7, [[2, 6, 1]]) }).components).toBe(2);
    const bridge = symmetric(7, [
      [2, 6, 1],
      [6, 4, 1],
    ]);
    expect(tied({ columnGraph: bridge }).components).toBe(1);
    const model = new MatrixFactorization({ ...options, columnGraph: bridge }).fit(R);
    expect([model.basis(0, 4), model.basis(0, 6)]).toEqual(['warm', 'graph']);
  });

  test('leave a folded row at the means of the groups that it has no entry in', () => {
    const model = new MatrixFactorization(options).fit(R);
    const { predictions, bias, factors } = model.foldInRow([0, 2], [5, 1]);
    expect(predictions[4]).toBe(model.mean + bias + model.columnBias[4]);
    const y = rowsOf(model.columnFactors)[1];
    expect(predictions[1]).toBeCloseTo(model.mean + bias + model.columnBias[1] + dot(factors, y), 12);
  });

  test('are one when a model is written down by hand', () => {
    const model = FactorizationModel.fromFactors({ rowFactors: [[1]], columnFactors: [[1], [2]] });
    expect(model.connectivity.components).toBe(1);
  });
});
