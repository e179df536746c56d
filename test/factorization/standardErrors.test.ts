import { describe, expect, test } from 'vitest';
import { CsrMatrix, MatrixFactorization } from '../../src/index.ts';
import commuting from '../fixtures/ny-commuting.json';
import { Dice } from '../linear/problems.ts';
import { dot, symmetric } from './ratings.ts';

/** Two-sided 90 % of a normal distribution. */
const NOMINAL = 1.6448536269514722;

interface Truth {
  value: (i: number, j: number) => number;
  observed: CsrMatrix;
  rowFeatures: number[][];
  columnFeatures: number[][];
  noise: number;
}

/** Factors that are linear in features plus something of their own; the last 8 columns are never observed. */
function simulate(seed: number, [m, n, rank] = [60, 50, 2], noise = 0.5): Truth {
  const dice = new Dice(seed);
  const side = (count: number) => {
    const features = dice.matrix(count, 2);
    const map = dice.matrix(rank + 1, 2);
    return { features, z: features.map((g) => map.map((b) => 0.7 * dot(b, g) + 0.5 * dice.normal())) };
  };
  const [rows, columns] = [side(m), side(n)];
  const exact = (i: number, j: number) => {
    const [x, y] = [rows.z[i], columns.z[j]];
    return 1 + x[rank] + y[rank] + dot(x.slice(0, rank), y.slice(0, rank));
  };
  const cells = Array.from({ length: m * (n - 8) }, (_, k) => k).filter(() => dice.chance(0.5));
  const row = cells.map((k) => Math.floor(k / (n - 8)));
  const col = cells.map((k) => k % (n - 8));
  const value = cells.map((_, k) => exact(row[k], col[k]) + noise * dice.normal());
  return {
    value: exact,
    observed: CsrMatrix.fromCoo(m, n, { row, col, value }),
    rowFeatures: rows.features,
    columnFeatures: columns.features,
    noise,
  };
}

describe('standard errors', () => {
  test('cover new observations of simulated data, warm and cold, about as often as they say', () => {
    const inside = { warm: 0, cold: 0 };
    const total = { warm: 0, cold: 0 };
    let [noise, runs] = [0, 0];
    for (let seed = 1; seed <= 6; seed++) {
      const { value, observed, rowFeatures, columnFeatures, noise: truth } = simulate(seed);
      const dice = new Dice(1000 + seed);
      const options = { rank: 2, lambda: 0.5, rowFeatures, columnFeatures, featureKernel: 'linear' as const, featureLambda: 0.1 };
      const model = new MatrixFactorization({ ...options, maxSweeps: 300, tol: 1e-7 }).fit(observed);
      noise += model.noiseVariance / truth ** 2;
      runs++;
      const [rows, cols]: [number[], number[]] = [[], []];
      for (let i = 0; i < observed.rows; i++) {
        for (let j = 0; j < observed.cols; j++) {
          if (model.basis(i, j) === 'entry') continue;
          rows.push(i);
          cols.push(j);
        }
      }
      const { value: predicted, basis, standardError } = model.predictEntries(rows, cols);
      for (let k = 0; k < rows.length; k++) {
        const kind = basis[k] === 'warm' ? 'warm' : 'cold';
        const error = value(rows[k], cols[k]) + truth * dice.normal() - predicted[k];
        total[kind]++;
        if (Math.abs(error) <= NOMINAL * standardError![k]) inside[kind]++;
      }
    }
    expect(total.warm).toBeGreaterThan(5000);
    expect(total.cold).toBeGreaterThan(2000);
    for (const kind of ['warm', 'cold'] as const) {
      expect(inside[kind] / total[kind], kind).toBeGreaterThanOrEqual(0.8);
      expect(inside[kind] / total[kind], kind).toBeLessThanOrEqual(0.97);
    }
    expect(noise / runs).toBeGreaterThan(0.7);
    expect(noise / runs).toBeLessThan(1.4);
  });

  test('cover columns that only a graph reaches, whose predictions are better than the means', () => {
    let [inside, total, square, squareOfMeans] = [0, 0, 0, 0];
    const [m, n] = [50, 48];
    for (let seed = 1; seed <= 3; seed++) {
      const dice = new Dice(seed);
      /** Smooth along the ring. */
      const smooth = () => {
        const raw = dice.vector(n);
        const near = [-3, -2, -1, 0, 1, 2, 3];
        return raw.map((_, j) => near.reduce((s, d) => s + raw[(j + d + n) % n], 0) / Math.sqrt(7));
      };
      const [X, Y] = [dice.matrix(m, 3), [smooth(), smooth(), smooth()]];
      const draw = (i: number, j: number) =>
        1 + (X[i][2] + Y[2][j]) / 2 + X[i][0] * Y[0][j] + X[i][1] * Y[1][j] + 0.4 * dice.normal();
      const cells = Array.from({ length: m * n }, (_, k) => [Math.floor(k / n), k % n]).filter(
        ([, j]) => j % 6 !== 2 && dice.chance(0.5),
      );
      const value = cells.map(([i, j]) => draw(i, j));
      const R = CsrMatrix.fromCoo(m, n, { row: cells.map(([i]) => i), col: cells.map(([, j]) => j), value });
      const columnGraph = symmetric(
        n,
        Array.from({ length: n }, (_, j) => [j, (j + 1) % n, 1]),
      );
      const model = new MatrixFactorization({ rank: 2, lambda: 0.3, columnGraph }).fit(R);
      const cold = Array.from({ length: m * n }, (_, k) => [Math.floor(k / n), k % n]).filter(([, j]) => j % 6 === 2);
      const found = model.predictEntries(
        cold.map(([i]) => i),
        cold.map(([, j]) => j),
      );
      expect(new Set(found.basis)).toEqual(new Set(['graph']));
      for (const [k, [i, j]] of cold.entries()) {
        const truth = draw(i, j);
        total++;
        if (Math.abs(truth - found.value[k]) <= NOMINAL * found.standardError![k]) inside++;
        square += (truth - found.value[k]) ** 2;
        squareOfMeans += (truth - model.mean - model.rowBias[i]) ** 2;
      }
    }
    expect(inside / total).toBeGreaterThanOrEqual(0.8);
    expect(inside / total).toBeLessThanOrEqual(0.97);
    expect(Math.sqrt(square / squareOfMeans)).toBeLessThanOrEqual(0.6);
  });

  test('are larger where less is known', () => {
    const { observed, columnFeatures } = simulate(3);
    const model = new MatrixFactorization({ rank: 2, lambda: 0.5, columnFeatures }).fit(observed);
    const mean = (cols: number[]) => {
      const rows = Array.from({ length: 60 }, (_, i) => i);
      const all = cols.flatMap((j) =>
        Array.from(
          model.predictEntries(
            rows,
            rows.map(() => j),
          ).standardError!,
        ),
      );
      return all.reduce((a, b) => a + b) / all.length;
    };
    expect(mean([45, 46, 47])).toBeGreaterThan(mean([0, 1, 2]));
    expect(model.predictEntries([0], [0]).standardError![0]).toBeGreaterThan(Math.sqrt(model.noiseVariance));
  });

  test('do not depend on the units of the entries', () => {
    const { observed } = simulate(4, [20, 20, 1]);
    const { rows, cols, indptr, indices, data } = observed;
    const scaled = new CsrMatrix({ rows, cols, indptr, indices, data: Float64Array.from(data, (v) => 4 * v) });
    const options = { biases: false, tol: 1e-13, maxSweeps: 3000 };
    const a = new MatrixFactorization({ rank: 1, lambda: 0.5, ...options }).fit(observed);
    const b = new MatrixFactorization({ rank: 1, lambda: 2, ...options }).fit(scaled);
    const errors = [a, b].map((model) => model.predictEntries([0, 3, 5], [1, 15, 19]).standardError!);
    for (let k = 0; k < 3; k++) expect(errors[1][k] / errors[0][k]).toBeCloseTo(4, 4);
  });

  test('are those of a new observation: their noise shrinks with weights as given', () => {
    const { observed } = simulate(5, [20, 20, 1]);
    const weights = Array.from(observed.data, () => 9);
    const a = new MatrixFactorization({ rank: 1, lambda: 0.5, tol: 1e-12, maxSweeps: 2000 }).fit(observed);
    const b = new MatrixFactorization({ rank: 1, lambda: 4.5, tol: 1e-12, maxSweeps: 2000 }).fit(observed, { weights });
    expect(b.noiseVariance / a.noiseVariance).toBeCloseTo(9, 6);
  });
});

describe('commuters between the counties of New York', () => {
  const n = commuting.population.length;
  const features = commuting.population.map((people, k) => [people, commuting.longitude[k], commuting.latitude[k]]);

  test('to 12 counties that were never observed are predicted from features a quarter better than without, with honest errors', () => {
    const square = { with: 0, without: 0 };
    let [inside, total] = [0, 0];
    for (let seed = 0; seed < 5; seed++) {
      const held = new Set(new Dice(seed).permutation(n).slice(0, 12));
      const cells = commuting.flow.map((flow, k) => ({
        i: commuting.origin[k],
        j: commuting.destination[k],
        r: logarithm(flow),
      }));
      const train = cells.filter(({ j }) => !held.has(j));
      const test = cells.filter(({ j }) => held.has(j));
      const R = CsrMatrix.fromCoo(n, n, {
        row: train.map(({ i }) => i),
        col: train.map(({ j }) => j),
        value: train.map(({ r }) => r),
      });
      const [rows, cols] = [test.map(({ i }) => i), test.map(({ j }) => j)];
      const options = { rank: 10, lambda: 6 };
      const plain = new MatrixFactorization(options).fit(R).predictEntries(rows, cols, { standardError: false });
      const model = new MatrixFactorization({ ...options, rowFeatures: features, columnFeatures: features }).fit(R);
      const { value, basis, standardError } = model.predictEntries(rows, cols);
      expect(new Set(basis)).toEqual(new Set(['feature']));
      expect(new Set(plain.basis)).toEqual(new Set(['prior']));
      for (const [k, { r }] of test.entries()) {
        square.without += (r - plain.value[k]) ** 2;
        square.with += (r - value[k]) ** 2;
        if (Math.abs(r - value[k]) <= NOMINAL * standardError![k]) inside++;
        total++;
      }
    }
    expect(Math.sqrt(square.with / square.without)).toBeLessThanOrEqual(0.75);
    expect(inside / total).toBeGreaterThanOrEqual(0.8);
    expect(inside / total).toBeLessThanOrEqual(0.97);
  });
});

const logarithm = (x: number) => Math.log(x);
