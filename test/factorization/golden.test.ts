import { afterAll, describe, expect, test } from 'vitest';
import { CsrMatrix, FactorizationModel, ImplicitModel, setBackend } from '../../src/index.ts';
import goldenFile from '../fixtures/golden/mf.json';
import { distance, dot } from './ratings.ts';

interface GoldenCase {
  name: string;
  kind: 'explicit' | 'implicit';
  lambda: number;
  alpha?: number;
  scaled?: boolean;
  bias?: 'none' | 'penalised' | 'free';
  subtractMeans?: boolean;
  rowFactors: number[][];
  rowBias?: number[];
  objectivePerRow: number[];
}

const { rows, cols, mu, columnFactors, columnBias, ratings, counts } = goldenFile;
const cases = goldenFile.cases as unknown as GoldenCase[];
const named = (kind: string) => cases.filter((golden) => golden.kind === kind).map((golden) => [golden.name, golden] as const);

afterAll(() => setBackend('wasm'));

/** Entries of row i. */
function rowOf(triples: { row: number[]; col: number[]; value: number[] }, i: number) {
  const at = triples.row.flatMap((row, k) => (row === i ? [k] : []));
  return { columns: at.map((k) => triples.col[k]), values: at.map((k) => triples.value[k]) };
}

function expectObjective(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-10 * Math.max(expected, 1e-12));
}

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  test.each(named('explicit'))('fold-ins of %s are the golden ones', (_, golden) => {
    setBackend(backend);
    const biased = golden.bias !== 'none';
    const centred = golden.subtractMeans === true;
    const model = FactorizationModel.fromFactors({
      rowFactors: golden.rowFactors,
      columnFactors,
      mean: centred ? mu : 0,
      ...(centred && { columnBias }),
      biases: biased,
      lambda: golden.lambda,
      biasLambda: golden.bias === 'free' ? 0 : golden.lambda,
      scaleLambda: golden.scaled!,
    });
    for (let i = 0; i < rows; i++) {
      const { columns, values } = rowOf(ratings, i);
      const folded = model.foldInRow(columns, values);
      expect(distance(folded.factors, golden.rowFactors[i]), `row ${i}`).toBeLessThanOrEqual(1e-9);
      expect(Math.abs(folded.bias - (golden.rowBias?.[i] ?? 0))).toBeLessThanOrEqual(1e-9);
      const offset = (j: number) => (centred ? mu + columnBias[j] : 0) + folded.bias;
      expect(
        distance(
          folded.predictions,
          columnFactors.map((v, j) => offset(j) + dot(folded.factors, v)),
        ),
      ).toBeLessThanOrEqual(1e-12);
      const strength = golden.lambda * (golden.scaled ? columns.length : 1);
      const loss = columns.reduce((s, j, k) => s + (values[k] - offset(j) - dot(folded.factors, columnFactors[j])) ** 2, 0);
      const biasPart = golden.bias === 'penalised' ? folded.bias ** 2 : 0;
      expectObjective(loss + strength * (dot(folded.factors, folded.factors) + biasPart), golden.objectivePerRow[i]);
      expect(folded.basis).toBe(columns.length > 0 ? 'warm' : 'prior');
    }
  });

  test.each(named('implicit'))('fold-ins of %s are the golden ones', (_, golden) => {
    setBackend(backend);
    const [lambda, alpha] = [golden.lambda, golden.alpha!];
    const model = ImplicitModel.fromFactors({ rowFactors: golden.rowFactors, columnFactors, lambda, alpha });
    const all = CsrMatrix.fromCoo(rows, cols, counts);
    for (let i = 0; i < rows; i++) {
      const { columns, values } = rowOf(counts, i);
      const { factors, scores } = model.foldInRow(columns, values);
      expect(distance(factors, golden.rowFactors[i]), `row ${i}`).toBeLessThanOrEqual(1e-9);
      let objective = lambda * dot(factors, factors);
      for (let j = 0; j < cols; j++) {
        const r = all.get(i, j);
        const score = dot(factors, columnFactors[j]);
        objective += (1 + alpha * r) * (Number(r > 0) - score) ** 2;
        expect(Math.abs(scores[j] - score)).toBeLessThanOrEqual(1e-12);
      }
      expectObjective(objective, golden.objectivePerRow[i]);
    }
  });
});

describe('factors written down by hand', () => {
  // Section 8 of the guide: how fast and how cheap each route is, seen from its source and from its destination.
  const guide = FactorizationModel.fromFactors({
    rowFactors: [
      [0.9, 0.2],
      [0.6, 0.5],
      [0.3, 0.8],
    ],
    columnFactors: [
      [0.8, 0.3],
      [0.7, 0.4],
      [0.6, 0.5],
      [0.9, 0.1],
      [0.2, 0.9],
    ],
  });

  test("give the guide's routes F to D = 0.83 and F to E = 0.36", () => {
    expect(guide.predict(0, 3)).toBeCloseTo(0.83, 12);
    expect(guide.predict(0, 4)).toBeCloseTo(0.36, 12);
    expect(guide.predictAll().get(0, 4)).toBeCloseTo(0.36, 12);
  });

  test('count as warm in every cell and recommend every column', () => {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 5; j++) expect(guide.basis(i, j)).toBe('warm');
      expect(guide.recommend(i, 5).columns).toHaveLength(5);
    }
    expect([...guide.recommend(0, 2).columns]).toEqual([3, 0]);
    expect(guide.recommendAll(5).map(({ columns }) => columns.length)).toEqual([5, 5, 5]);
    expect(guide.connectivity.components).toBe(1);
    expect(guide.connectivity.emptyColumns).toHaveLength(0);
  });

  test('know nothing of noise', () => {
    expect(guide.noiseVariance).toBeNaN();
    expect([...guide.predictEntries([0], [1]).standardError!]).toEqual([Number.NaN]);
    const copy = FactorizationModel.fromJSON(JSON.stringify(guide));
    expect(copy.predict(0, 3)).toBe(guide.predict(0, 3));
    expect(copy.basis(0, 0)).toBe('warm');
    expect(copy.noiseVariance).toBeNaN();
  });
});
