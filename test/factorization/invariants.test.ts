import { afterAll, describe, expect, test } from 'vitest';
import {
  type BackendName,
  type CscMatrix,
  CsrMatrix,
  DenseMatrix,
  FactorizationModel,
  ImplicitFactorization,
  ImplicitModel,
  MatrixFactorization,
  setBackend,
} from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { cases, fitted, type Variant, variants } from './problems.ts';
import { counts, csr, distance, type Ratings, ratings } from './ratings.ts';

afterAll(() => setBackend('wasm'));

/** The best objective from several starts. */
const best = (variant: Variant) =>
  Math.min(...[0, 1, 2, 3, 4].map((seed) => fitted(variant, { seed, tol: 1e-13, maxSweeps: 2000 }).certificate.objective));

const plain = (problem: Variant['problem'], rank = 2): Variant => ({ problem, options: { rank } });

describe('the optimum', () => {
  const data = ratings(new Dice(12), 12, 9, { share: 0.8 });
  const lambda = 0.6;

  test('does not depend on the order of rows and columns', () => {
    const dice = new Dice(1);
    const [rowOrder, columnOrder] = [dice.permutation(12), dice.permutation(9)];
    const permuted: Ratings = { ...data, row: data.row.map((i) => rowOrder[i]), col: data.col.map((j) => columnOrder[j]) };
    for (const options of [{}, { biases: false }, { scaleLambda: true, lambda: 0.1 }, { l1: 1 }]) {
      const [a, b] = [data, permuted].map((each) => best(plain({ R: csr(each), lambda, ...options })));
      expect(Math.abs(a / b - 1)).toBeLessThanOrEqual(1e-7);
    }
  });

  test('of the transpose is the same', () => {
    const turned: Ratings = { rows: 9, cols: 12, row: data.col, col: data.row, value: data.value };
    const [a, b] = [data, turned].map((each) => best(plain({ R: csr(each), lambda })));
    expect(Math.abs(a / b - 1)).toBeLessThanOrEqual(1e-7);
  });

  test('of entries times s, lambda times s, is s^2 times as high', () => {
    const scaled = { ...data, value: data.value.map((v) => 7 * v) };
    const a = best(plain({ R: csr(data), lambda, biases: false }));
    const b = best(plain({ R: csr(scaled), lambda: 7 * lambda, biases: false }));
    expect(Math.abs(b / (49 * a) - 1)).toBeLessThanOrEqual(1e-7);
  });

  test.each(['cholesky', 'cg', 'ccd'] as const)("by '%s' is found in any unit", (solver) => {
    for (const precision of ['f64', 'f32'] as const) {
      const [one, tiny] = [1, 1e-9].map((unit) => {
        const R = csr({ ...data, value: data.value.map((v) => unit * v) });
        const options = { solver, precision, maxSweeps: 10, tol: 0 } as const;
        return fitted(plain({ R, lambda: unit * lambda, biases: false }), options)
          .predictAll()
          .data.map((v) => v / unit);
      });
      expect(distance(one, tiny)).toBeLessThanOrEqual(precision === 'f64' ? 1e-9 : 1e-3);
    }
  });

  test('does not depend on a constant added to all entries, with biases', () => {
    const moved = { ...data, value: data.value.map((v) => v + 100) };
    const [a, b] = [data, moved].map((each) => fitted(plain({ R: csr(each), lambda }), { tol: 1e-13, maxSweeps: 2000 }));
    expect(Math.abs(a.certificate.objective / b.certificate.objective - 1)).toBeLessThanOrEqual(1e-9);
    expect(b.predict(3, 4) - a.predict(3, 4)).toBeCloseTo(100, 6);
  });
});

describe('weights', () => {
  const R = variants.plain.problem.R;

  test('stand for repeated observations', () => {
    const lambda = 0.4;
    const doubled = fitted({ problem: { R, lambda: 2 * lambda, weights: Array.from(R.data, () => 2) }, options: { rank: 2 } });
    const single = fitted({ problem: { R, lambda }, options: { rank: 2 } });
    expect(Math.abs(doubled.certificate.objective / single.certificate.objective - 2)).toBeLessThanOrEqual(1e-10);
    expect(distance(doubled.predictAll().data, single.predictAll().data)).toBeLessThanOrEqual(1e-9);
    // Rows 0 and 1 are the same: two entries there are one entry of weight 2 at their mean.
    const dice = new Dice(14);
    const rowFactors = dice.matrix(6, 2);
    rowFactors[1] = rowFactors[0];
    const model = FactorizationModel.fromFactors({ rowFactors, columnFactors: dice.matrix(3, 2), biases: true, lambda });
    const twice = model.foldInColumn([0, 1, 3, 4], [2, 5, 1, 4]);
    const once = model.foldInColumn([0, 3, 4], [3.5, 1, 4], { weights: [2, 1, 1] });
    expect(distance(twice.predictions, once.predictions)).toBeLessThanOrEqual(1e-12);
  });

  test.each([false, true])('of 0 are as good as no entry, scaleLambda %s', (scaleLambda) => {
    const dice = new Dice(2);
    const weights = Array.from(R.data, () => (dice.chance(0.2) ? 0 : 0.5 + dice.unit()));
    for (let e = R.indptr[4]; e < R.indptr[5]; e++) weights[e] = 0;
    const kept = weights.flatMap((w, e) => (w > 0 ? [e] : []));
    const rowAt = (e: number) => R.indptr.findIndex((start) => start > e) - 1;
    const rest = CsrMatrix.fromCoo(R.rows, R.cols, {
      row: kept.map(rowAt),
      col: kept.map((e) => R.indices[e]),
      value: kept.map((e) => R.data[e]),
    });
    const recipe = new MatrixFactorization({ rank: 2, lambda: 0.3, scaleLambda });
    const a = recipe.fit(R, { weights });
    const b = recipe.fit(rest, { weights: kept.map((e) => weights[e]) });
    expect(distance(a.predictAll().data, b.predictAll().data)).toBeLessThanOrEqual(1e-12);
    expect(a.connectivity.emptyRows).toEqual(Int32Array.of(4));
    expect(a.basis(4, 0)).toBe('prior');
    expect(a.noiseVariance).toBeCloseTo(b.noiseVariance, 12);
  });

  test('may come as a matrix with the same entries', () => {
    const { rows, cols, indptr, indices } = R;
    const weights = Array.from(R.data, (_, e) => 1 + (e % 3));
    const matrix = new CsrMatrix({ rows, cols, indptr, indices, data: Float64Array.from(weights) });
    const recipe = new MatrixFactorization({ rank: 2, lambda: 0.3 });
    expect(recipe.fit(R, { weights: matrix }).rowFactors.data).toEqual(recipe.fit(R, { weights }).rowFactors.data);
  });
});

describe('observed entries', () => {
  const rows = new Dice(3).matrix(7, 5);
  const recipe = new MatrixFactorization({ rank: 2, lambda: 0.3 });

  test('may be 0: an observed zero is not a missing value', () => {
    const zero = CsrMatrix.fromCoo(3, 3, { row: [0, 1, 2, 0], col: [0, 1, 2, 2], value: [1, 2, 3, 0] });
    const missing = CsrMatrix.fromCoo(3, 3, { row: [0, 1, 2], col: [0, 1, 2], value: [1, 2, 3] });
    const one = new MatrixFactorization({ rank: 1, lambda: 0.1 });
    expect(one.fit(zero).mean).toBe(1.5);
    expect(one.fit(missing).mean).toBe(2);
    expect(one.fit(zero).basis(0, 2)).toBe('entry');
    expect(one.fit(missing).connectivity.components).toBe(3);
  });

  test('are the same in every format, and in a mask', () => {
    const sparse = CsrMatrix.fromDense(rows);
    const expected = recipe.fit(sparse).predictAll().data;
    expect(recipe.fit(rows).predictAll().data).toEqual(expected);
    expect(recipe.fit(DenseMatrix.from(rows)).predictAll().data).toEqual(expected);
    expect(recipe.fit(sparse.toCsc() as CscMatrix).predictAll().data).toEqual(expected);
    const mask = rows.map((row, i) => row.map((_, j) => (i + j) % 3 > 0 || i === j));
    const inside = rows.map((row, i) => row.map((v, j) => (mask[i][j] ? v : Number.NaN)));
    const coo = { row: [] as number[], col: [] as number[], value: [] as number[] };
    for (const [i, row] of rows.entries()) {
      for (const [j, v] of row.entries()) {
        if (!mask[i][j]) continue;
        coo.row.push(i);
        coo.col.push(j);
        coo.value.push(v);
      }
    }
    const masked = recipe.fit(CsrMatrix.fromCoo(7, 5, coo)).predictAll().data;
    expect(recipe.fit(inside, { mask }).predictAll().data).toEqual(masked);
    expect(recipe.fit(inside, { mask: DenseMatrix.from(mask.map((row) => row.map(Number))) }).predictAll().data).toEqual(masked);
    expect(recipe.fit(inside, { mask: CsrMatrix.fromDense(mask.map((row) => row.map(Number))) }).predictAll().data).toEqual(
      masked,
    );
  });

  test('are not changed or kept by a fit', () => {
    const R = csr(ratings(new Dice(4), 6, 6));
    const copy = Float64Array.from(R.data);
    const model = recipe.fit(R);
    const before = model.basis(0, 0);
    expect(R.data).toEqual(copy);
    R.indices.fill(0);
    R.indptr.fill(0);
    expect(model.basis(0, 0)).toBe(before);
  });
});

describe('a model', () => {
  test.each(cases)('%s is the same on the Wasm and the JS backend up to rounding', (_, variant) => {
    const [a, b] = (['wasm', 'js'] as BackendName[]).map((name) => {
      setBackend(name);
      const model = fitted(variant, { tol: 0, maxSweeps: 10 });
      const { standardError } = model.predictEntries([0, 1, 2], [0, 1, 5]);
      return { all: model.predictAll().data, standardError: standardError!, objective: model.certificate.objective };
    });
    expect(distance(a.all, b.all)).toBeLessThanOrEqual(1e-9);
    expect(distance(a.standardError, b.standardError)).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(a.objective / b.objective - 1)).toBeLessThanOrEqual(1e-10);
  });

  test.each(cases)('%s in f32 is near the one in f64', (_, variant) => {
    setBackend('wasm');
    const [a, b] = (['f64', 'f32'] as const).map((precision) => fitted(variant, { tol: 0, maxSweeps: 8, precision }));
    expect(distance(a.predictAll().data, b.predictAll().data)).toBeLessThanOrEqual(5e-3);
    expect(b.rowFactors.data).toBeInstanceOf(Float32Array);
    expect(Math.abs(a.certificate.objective / b.certificate.objective - 1)).toBeLessThanOrEqual(1e-3);
  });

  test.each(cases)('%s has factors in order of strength, the largest entry of each column factor positive', (_, variant) => {
    const { rowFactors, columnFactors, rank } = fitted(variant);
    const norm = (Z: DenseMatrix, t: number) => {
      let s = 0;
      for (let i = 0; i < Z.rows; i++) s += Z.get(i, t) ** 2;
      return s;
    };
    const strength = Array.from({ length: rank }, (_, t) => norm(rowFactors, t) * norm(columnFactors, t));
    for (let t = 1; t < rank; t++) expect(strength[t]).toBeLessThanOrEqual(strength[t - 1]);
    for (let t = 0; t < rank; t++) {
      const column = Array.from({ length: columnFactors.rows }, (_, j) => columnFactors.get(j, t));
      expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
    }
  });

  test.each(cases)('%s reads back from JSON to the same bits', (_, variant) => {
    for (const precision of ['f64', 'f32'] as const) {
      const model = fitted(variant, { maxSweeps: 5, precision });
      const copy = FactorizationModel.fromJSON(JSON.stringify(model));
      const [rows, cols] = [
        [0, 3, 5, 9, 13],
        [5, 5, 0, 3, 10],
      ];
      expect(copy.predictEntries(rows, cols)).toEqual(model.predictEntries(rows, cols));
      expect(copy.predictAll()).toEqual(model.predictAll());
      expect(copy.recommendAll(3)).toEqual(model.recommendAll(3));
      expect(copy.certificate).toEqual(model.certificate);
      expect(copy.history).toEqual(model.history);
      expect(copy.connectivity).toEqual(model.connectivity);
      expect(copy.noiseVariance).toBe(model.noiseVariance);
      expect(copy.foldInRow([1, 4], [2, 3])).toEqual(model.foldInRow([1, 4], [2, 3]));
      const features = variant.problem.columnFeatures?.[2];
      if (features) expect(copy.foldInColumn([], [], { features })).toEqual(model.foldInColumn([], [], { features }));
      expect(JSON.stringify(copy)).toBe(JSON.stringify(model));
    }
  });

  test('of counts reads back from JSON to the same bits', () => {
    for (const precision of ['f64', 'f32'] as const) {
      const recipe = new ImplicitFactorization({ rank: 3, lambda: 0.1, alpha: 3, precision });
      const model = recipe.fit(csr(counts(new Dice(7), 9, 8)));
      const copy = ImplicitModel.fromJSON(JSON.parse(JSON.stringify(model)));
      expect(copy.recommendAll(4)).toEqual(model.recommendAll(4));
      expect(copy.scores(2)).toEqual(model.scores(2));
      expect(copy.foldInRow([1], [2])).toEqual(model.foldInRow([1], [2]));
      expect(copy.certificate).toEqual(model.certificate);
      expect([copy.lambda, copy.alpha, copy.rank]).toEqual([0.1, 3, 3]);
    }
  });

  test('refuses to be read from anything else', () => {
    expect(() => FactorizationModel.fromJSON('{}')).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
    expect(() => ImplicitModel.fromJSON(fitted(variants.plain).toJSON())).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
    const broken = JSON.parse(JSON.stringify(fitted(variants.plain)));
    broken.rowBias.pop();
    expect(() => FactorizationModel.fromJSON(broken)).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  });

  test('predicts the same one by one, in a list and all at once', () => {
    for (const [, variant] of cases) {
      const model = fitted(variant, { maxSweeps: 5 });
      const all = model.predictAll();
      const { value, basis } = model.predictEntries([0, 3, 13], [5, 5, 1]);
      for (const [k, [i, j]] of [
        [0, 5],
        [3, 5],
        [13, 1],
      ].entries()) {
        expect(value[k]).toBe(model.predict(i, j));
        expect(basis[k]).toBe(model.basis(i, j));
        expect(Math.abs(all.get(i, j) - value[k])).toBeLessThanOrEqual(1e-12);
      }
      expect(model.predictEntries([0], [5], { standardError: false })).not.toHaveProperty('standardError');
    }
  });
});
