import { describe, expect, test } from 'vitest';
import {
  CsrMatrix,
  FactorizationModel,
  ImplicitFactorization,
  ImplicitModel,
  MatrixFactorization,
  rankingMetrics,
} from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { complaint, counts, csr, distance, type Ratings } from './ratings.ts';

const dice = new Dice(21);
const visits = counts(dice, 25, 18, 0.25);
const held: Ratings = { ...visits, row: [], col: [], value: [] };
const seen: Ratings = { ...visits, row: [], col: [], value: [] };
for (const [k, row] of visits.row.entries()) {
  const to = dice.chance(0.3) ? held : seen;
  to.row.push(row);
  to.col.push(visits.col[k]);
  to.value.push(visits.value[k]);
}
const model = new ImplicitFactorization({ rank: 4, lambda: 0.5, alpha: 5 }).fit(csr(seen));

/** All allowed columns, by score and then by number. */
function sorted(scores: ArrayLike<number>, allowed: (j: number) => boolean): number[] {
  return Array.from(scores, (_, j) => j)
    .filter(allowed)
    .sort((a, b) => scores[b] - scores[a] || a - b);
}

describe('recommend', () => {
  test.each([1, 3, 7, 18, 100])('gives the %i best columns that were not observed', (k) => {
    const matrix = csr(seen);
    for (let i = 0; i < 25; i++) {
      const scores = model.scores(i);
      const expected = sorted(scores, (j) => matrix.get(i, j) === 0).slice(0, k);
      const found = model.recommend(i, k);
      expect([...found.columns]).toEqual(expected);
      expect([...found.scores]).toEqual(expected.map((j) => scores[j]));
    }
  });

  test('leaves out nothing, or what a list says', () => {
    const scores = model.scores(4);
    expect([...model.recommend(4, 18, { exclude: 'none' }).columns]).toEqual(sorted(scores, () => true));
    expect([...model.recommend(4, 18, { exclude: [0, 5, 17] }).columns]).toEqual(sorted(scores, (j) => ![0, 5, 17].includes(j)));
    expect([...model.recommend(4, 2, { exclude: Array.from({ length: 17 }, (_, j) => j) }).columns]).toEqual([17]);
    expect([...model.recommend(4, 2, { exclude: Int32Array.from({ length: 18 }, (_, j) => j) }).columns]).toEqual([]);
  });

  test('gives ties to the lower number', () => {
    const columnFactors = [[1], [2], [1], [2], [0], [1], [2]];
    const tied = ImplicitModel.fromFactors({ rowFactors: [[1], [0]], columnFactors, lambda: 1 });
    const explicit = FactorizationModel.fromFactors({ rowFactors: [[1], [0]], columnFactors, mean: 3 });
    for (const each of [tied, explicit]) {
      expect([...each.recommend(0, 5).columns]).toEqual([1, 3, 6, 0, 2]);
      expect([...each.recommend(1, 3).columns]).toEqual([0, 1, 2]);
      expect(each.recommendAll(5).map(({ columns }) => [...columns])).toEqual([
        [1, 3, 6, 0, 2],
        [0, 1, 2, 3, 4],
      ]);
    }
    expect([...explicit.recommend(0, 1).scores]).toEqual([5]);
  });

  test('for all rows at once, or a list, is the same as one by one', () => {
    const explicit = new MatrixFactorization({ rank: 3, lambda: 0.5 }).fit(csr(seen));
    const single = new MatrixFactorization({ rank: 3, lambda: 0.5, precision: 'f32' }).fit(csr(seen));
    for (const each of [model, explicit, single]) {
      for (const exclude of ['observed', 'none', [3, 4]] as const) {
        const all = each.recommendAll(5, { exclude });
        expect(all).toHaveLength(25);
        for (const [i, { columns, scores }] of all.entries()) {
          const one = each.recommend(i, 5, { exclude });
          expect([...columns]).toEqual([...one.columns]);
          expect(distance(scores, one.scores)).toBeLessThanOrEqual(each === single ? 1e-5 : 1e-12);
        }
        const some = each.recommendAll(5, { exclude, rows: [7, 2, 7] });
        expect(some).toEqual([all[7], all[2], all[7]]);
      }
      expect(each.recommendAll(3, { rows: [] })).toEqual([]);
    }
  });

  test('refuses rows, columns and numbers that are not there', () => {
    const refused = (body: () => unknown) => complaint(body);
    expect(refused(() => model.recommend(25, 3))).toMatch(/^RangeError: i: .*got 25/);
    expect(refused(() => model.recommend(0, 0))).toMatch(/^RangeError: k: .*got 0/);
    expect(refused(() => model.recommend(0, 2.5))).toMatch(/k: /);
    expect(refused(() => model.recommend(0, 3, { exclude: [18] }))).toMatch(/^RangeError: exclude\[0\]/);
    expect(refused(() => model.recommend(0, 3, { exclude: 'seen' } as never))).toMatch(/exclude/);
    expect(refused(() => model.recommend(0, 3, { filter: [] } as never))).toMatch(/filter/);
    expect(refused(() => model.recommendAll(3, { rows: [0, 30] }))).toMatch(/^RangeError: rows\[1\]/);
  });
});

describe('rankingMetrics', () => {
  test('of a case worked out by hand', () => {
    // Columns in the order 0 1 2 3 4 5 for every row; row 1 has nothing held out.
    const byHand = ImplicitModel.fromFactors({
      rowFactors: [[1], [1], [1]],
      columnFactors: [[6], [5], [4], [3], [2], [1]],
      lambda: 1,
    });
    const relevant = CsrMatrix.fromCoo(3, 6, { row: [0, 0, 0, 2, 1], col: [0, 2, 5, 3, 0], value: [1, 2, 1, 1, 0] });
    const metrics = rankingMetrics(byHand, relevant, { k: 3 });
    // Row 0: hits at places 1 and 3 of 3; row 2: none.
    expect(metrics.rows).toBe(2);
    expect(metrics.precision).toBeCloseTo((2 / 3 + 0) / 2, 14);
    expect(metrics.recall).toBeCloseTo((2 / 3 + 0) / 2, 14);
    expect(metrics.map).toBeCloseTo((1 + 2 / 3) / 3 / 2, 14);
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(metrics.ndcg).toBeCloseTo((1 + 1 / 2) / ideal / 2, 12);
    // Row 0: column 0 before 1, 3 and 4, column 2 before 3 and 4, column 5 before the two beyond the third place half the time.
    // Row 2: column 3 after 0, 1 and 2, before 4 and 5 half the time.
    expect(metrics.auc).toBeCloseTo(((3 + 2 + 1) / 9 + 1 / 5) / 2, 14);
  });

  test.each([1, 3, 10, 50])('at %i agree with a naive count', (k) => {
    const relevant = csr(held);
    const observed = csr(seen);
    const sum = { rows: 0, precision: 0, recall: 0, map: 0, ndcg: 0, auc: 0 };
    for (let i = 0; i < 25; i++) {
      const wanted = Array.from({ length: 18 }, (_, j) => j).filter((j) => relevant.get(i, j) > 0);
      if (wanted.length === 0) continue;
      const list = sorted(model.scores(i), (j) => observed.get(i, j) === 0).slice(0, k);
      const hits = list.map((j) => wanted.includes(j));
      const upTo = (place: number) => hits.slice(0, place + 1).filter(Boolean).length;
      const reach = Math.min(k, wanted.length);
      const gain = (place: number) => 1 / Math.log2(place + 2);
      sum.rows++;
      sum.precision += upTo(k) / reach;
      sum.recall += upTo(k) / wanted.length;
      sum.map += hits.reduce((s, hit, place) => s + (hit ? upTo(place) / (place + 1) : 0), 0) / reach;
      const best = Array.from({ length: reach }, (_, place) => gain(place)).reduce((a, b) => a + b);
      sum.ndcg += hits.reduce((s, hit, place) => s + (hit ? gain(place) : 0), 0) / best;
      const others = Array.from({ length: 18 }, (_, j) => j).filter((j) => !wanted.includes(j));
      const placeOf = (j: number) => (list.includes(j) ? list.indexOf(j) : Infinity);
      let pairs = 0;
      for (const a of wanted) for (const b of others) pairs += placeOf(a) < placeOf(b) ? 1 : placeOf(a) === placeOf(b) ? 0.5 : 0;
      sum.auc += pairs / (wanted.length * others.length);
    }
    const found = rankingMetrics(model, relevant, { k });
    expect(found.rows).toBe(sum.rows);
    for (const name of ['precision', 'recall', 'map', 'ndcg', 'auc'] as const)
      expect(found[name]).toBeCloseTo(sum[name] / sum.rows, 12);
  });

  test('judge a model of ratings too, by 10 places unless told otherwise', () => {
    const explicit = new MatrixFactorization({ rank: 2, lambda: 1 }).fit(csr(seen));
    expect(rankingMetrics(explicit, csr(held))).toEqual(rankingMetrics(explicit, csr(held), { k: 10 }));
  });

  test('refuse held-out entries of another shape or kind, and none', () => {
    expect(complaint(() => rankingMetrics(model, CsrMatrix.fromCoo(25, 17, { row: [0], col: [0], value: [1] })))).toMatch(
      /^RangeError: held: expected 25 x 18/,
    );
    expect(complaint(() => rankingMetrics(model, [[1]] as never))).toMatch(/^TypeError: held/);
    expect(complaint(() => rankingMetrics(model, CsrMatrix.fromCoo(25, 18, { row: [0], col: [0], value: [0] })))).toMatch(
      /^RangeError: held: .*at least one entry > 0/,
    );
    expect(complaint(() => rankingMetrics(model, csr(held), { k: 0 }))).toMatch(/^RangeError: k/);
  });
});
