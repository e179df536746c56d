import { afterEach, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { baselines } from '../../src/city/routes/baselines.ts';
import { calibrateField } from '../../src/city/routes/calibrateField.ts';
import { definiteKernel } from '../../src/city/routes/definiteKernel.ts';
import { designOf, type FieldParameters, GravityField } from '../../src/city/routes/gravityField.ts';
import { interveningOpportunities } from '../../src/city/routes/opportunities.ts';
import { PairCovariates } from '../../src/city/routes/pairCovariates.ts';
import { balance, poissonGravity } from '../../src/city/routes/poissonGravity.ts';
import type { RouteEntries } from '../../src/city/routes/routeEntries.ts';
import { routeMetrics } from '../../src/city/routes/routeMetrics.ts';
import { splitEntries } from '../../src/city/routes/splits.ts';
import { zonesAround } from '../../src/city/routes/zoneSetting.ts';
import { setBackend } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { scattered, seenBy, tripMatrix } from './routeSamples.ts';

afterEach(() => setBackend('wasm'));

const cellsOf = ({ zones, row, col }: RouteEntries) => Array.from(row, (i, k) => i * zones + col[k]);
const method = (name: string) => baselines.find((one) => one.name === name)!;
const every = (n: number): [Int32Array, Int32Array] => {
  const cells = Array.from({ length: n * n }, (_, k) => k).filter((k) => Math.floor(k / n) !== k % n);
  return [Int32Array.from(cells, (k) => Math.floor(k / n)), Int32Array.from(cells, (k) => k % n)];
};

/** 60 % of the routes of 12 scattered zones, with counts. */
function town(seed: number, n = 12) {
  const dice = new Dice(seed);
  const zones = scattered(n, seed);
  const trips = tripMatrix(
    n,
    () => Math.floor(80 * dice.unit()),
    (i, j) => i !== j && dice.chance(0.6),
  );
  return { zones, links: [], trips };
}

describe('the metrics', () => {
  test('are those of a pencil and paper', () => {
    const found = routeMetrics(Float64Array.of(4, 0, 16, 200), Float64Array.of(6, 1, 12, 210), {
      lower: Float64Array.of(5, 0, 12, 200),
      upper: Float64Array.of(9, 2, 16, 300),
    });
    expect(found.rmse).toBeCloseTo(Math.sqrt(121 / 4), 12);
    expect(found.rmsePercent).toBeCloseTo(10, 12);
    expect(found.mae).toBeCloseTo(17 / 4, 12);
    expect(found.wape).toBeCloseTo(17 / 220, 12);
    expect(found.cpc).toBeCloseTo((2 * (4 + 0 + 12 + 200)) / (220 + 229), 12);
    const deviance = 2 * (4 * Math.log(4 / 6) + 2 + 1 + 16 * Math.log(16 / 12) - 4 + 200 * Math.log(200 / 210) + 10);
    expect(found.deviance).toBeCloseTo(deviance / 4, 12);
    expect(found.coverage).toBe(0.75);
    expect(found.rmsePercentByVolume).toEqual([
      { from: 0, to: 10, count: 2, rmsePercent: expect.closeTo((100 * Math.sqrt(5 / 2)) / 2, 10) },
      { from: 10, to: 100, count: 1, rmsePercent: expect.closeTo(25, 10) },
      { from: 100, to: 1000, count: 1, rmsePercent: expect.closeTo(5, 10) },
    ]);
  });

  test('of a perfect prediction are 0, its common part 1, and there is no coverage without intervals', () => {
    const v = Float64Array.of(3, 10, 0);
    expect(routeMetrics(v, v)).toMatchObject({ rmse: 0, mae: 0, wape: 0, cpc: 1, deviance: 0, coverage: Number.NaN });
  });

  test('stay finite where no trips are predicted and there are some', () => {
    expect(routeMetrics(Float64Array.of(5, 5), Float64Array.of(0, 5)).deviance).toBeCloseTo(5 * Math.log(1e6) - 5, 3);
  });
});

describe('splits', () => {
  const { entries, setting } = seenBy(town(1, 16));
  const all = cellsOf(entries);
  const back = (cell: number) => (cell % 16) * 16 + Math.floor(cell / 16);

  test.each(['entry', 'column', 'row', 'both', 'spatial'] as const)(
    'by %s learn from no held-out route, and lose or invent none',
    (split) => {
      for (let seed = 0; seed < 8; seed++) {
        const { train, test } = splitEntries(entries, setting, split, 0.3, seed);
        const [learnt, held] = [cellsOf(train), cellsOf(test)];
        expect(held.length).toBeGreaterThan(0);
        expect(learnt.filter((cell) => held.includes(cell))).toEqual([]);
        for (const cell of [...learnt, ...held]) expect(all).toContain(cell);
        const values = new Map(all.map((cell, k) => [cell, entries.value[k]]));
        for (const [k, cell] of held.entries()) expect(test.value[k]).toBe(values.get(cell));
        const lost = all.filter((cell) => !learnt.includes(cell) && !held.includes(cell));
        if (split === 'entry' || split === 'spatial') {
          expect(learnt.filter((cell) => held.includes(back(cell)))).toEqual([]);
          for (const cell of lost) expect(held).toContain(back(cell));
        } else expect(lost).toEqual([]);
      }
    },
  );

  test('hold out whole columns, rows, zones and neighbourhoods', () => {
    const parts = (split: 'column' | 'row' | 'both' | 'spatial') => splitEntries(entries, setting, split, 0.25, 3);
    const column = parts('column');
    expect(new Set(column.test.col).size).toBe(4);
    expect([...column.train.col].filter((j) => column.test.col.includes(j))).toEqual([]);
    const row = parts('row');
    expect(new Set(row.test.row).size).toBe(4);
    expect([...row.train.row].filter((i) => row.test.row.includes(i))).toEqual([]);
    const both = parts('both');
    const kept = new Set([...both.train.row, ...both.train.col]);
    expect(kept.size).toBe(12);
    for (const [k, i] of both.test.row.entries()) expect(kept.has(i) && kept.has(both.test.col[k])).toBe(false);
    const spatial = parts('spatial');
    expect(new Set([...spatial.test.row, ...spatial.test.col]).size).toBeLessThanOrEqual(8);
  });

  test('of one seed are the same, of another are not', () => {
    const of = (seed: number) => cellsOf(splitEntries(entries, setting, 'entry', 0.2, seed).test);
    expect(of(4)).toEqual(of(4));
    expect(of(4)).not.toEqual(of(5));
    expect(of(4)).toHaveLength(Math.round(0.2 * all.length));
  });

  test('by neighbourhood need distances', () => {
    const { entries: bare, setting: nowhere } = seenBy({
      zones: [{ id: 0 }, { id: 1 }],
      links: [],
      trips: tripMatrix(2, () => 1),
    });
    expect(() => splitEntries(bare, nowhere, 'spatial', 0.2, 0)).toThrow(
      new RangeError("split 'spatial' needs positions of the zones, or roads between them"),
    );
  });
});

describe('balancing', () => {
  test('is what a naive loop finds, and has the margins of what was observed', () => {
    const { entries } = seenBy(town(2));
    const { row, col, value, zones } = entries;
    const f = Float64Array.from(row, (i, k) => 1 / (1 + i + 2 * col[k]));
    const { a, b } = balance(entries, f);
    const t = f.slice();
    for (let sweep = 0; sweep < 3000; sweep++) {
      for (const at of [row, col]) {
        const [wanted, sum] = [new Float64Array(zones), new Float64Array(zones)];
        for (let k = 0; k < t.length; k++) {
          wanted[at[k]] += value[k];
          sum[at[k]] += t[k];
        }
        for (let k = 0; k < t.length; k++) t[k] *= sum[at[k]] > 0 ? wanted[at[k]] / sum[at[k]] : 0;
      }
    }
    const margin = new Float64Array(zones);
    for (let k = 0; k < t.length; k++) {
      expect(a[row[k]]! * b[col[k]]! * f[k]).toBeCloseTo(t[k], 3);
      margin[row[k]] += a[row[k]]! * b[col[k]]! * f[k] - value[k];
    }
    for (const rest of margin) expect(Math.abs(rest)).toBeLessThan(1e-3);
  });

  test('leaves zones without entries open and gives those with zero trips zero', () => {
    const { entries } = seenBy({
      zones: scattered(4, 1),
      links: [],
      trips: tripMatrix(
        4,
        (_, j) => (j === 1 ? 0 : 5),
        (i, j) => i < 2 && j < 3 && i !== j,
      ),
    });
    const { a, b } = balance(entries, new Float64Array(entries.row.length).fill(1));
    expect(a.slice(2)).toEqual([undefined, undefined]);
    expect(b[3]).toBeUndefined();
    expect(b[1]).toBe(0);
  });
});

describe('doubly constrained gravity', () => {
  const zones = scattered(14, 5);
  const truth = (beta: number, gamma: number) => {
    const { setting } = seenBy({ zones, links: [], trips: tripMatrix(14, () => 1) });
    const c = (i: number, j: number) => setting.separation![i * 14 + j];
    const exact = (i: number, j: number) => (1 + i) * (3 + (j % 5)) * 20 * c(i, j) ** gamma * Math.exp(-beta * c(i, j));
    return { setting, c, exact };
  };

  test('recovers the power and the exponential of its deterrence, and with them routes that were not observed', () => {
    for (const [beta, gamma] of [
      [0.3, 0],
      [0, -1.5],
      [0.2, 0.5],
    ]) {
      const { exact } = truth(beta, gamma);
      const seen = seenBy({ zones, links: [], trips: tripMatrix(14, exact, (i, j) => i !== j && (i * 5 + j * 3) % 7 > 1) });
      const [rows, cols] = every(14);
      const { value } = poissonGravity(seen.entries, seen.setting).predict(rows, cols);
      for (let k = 0; k < rows.length; k++) expect(value[k] / exact(rows[k], cols[k])).toBeCloseTo(1, 2);
    }
  });

  test('solves its score equation: the observed sums of separation and of its logarithm are the fitted ones', () => {
    const { entries, setting } = seenBy(town(7));
    const { value } = poissonGravity(entries, setting).predict(entries.row, entries.col);
    for (const of of [(c: number) => c, Math.log]) {
      let [rest, all] = [0, 0];
      for (let k = 0; k < value.length; k++) {
        const c = of(setting.separation![entries.row[k] * 12 + entries.col[k]]);
        rest += (entries.value[k] - value[k]) * c;
        all += entries.value[k] * Math.abs(c);
      }
      expect(Math.abs(rest) / all).toBeLessThan(1e-4);
    }
  });

  test('learns where there are only two distances, whose logarithms tell nothing more', () => {
    const zones = Array.from({ length: 12 }, (_, id) => ({ id }));
    const links = zones.flatMap((_, i) =>
      zones.filter((_, j) => j !== i).map((_, k) => {
        const j = k < i ? k : k + 1;
        return { from: i, to: j, distance: 1, cost: (i + j) % 3 === 0 ? 2 : 3 };
      }),
    );
    const exact = (i: number, j: number) => 6 * (1 + i) * ((i + j) % 3 === 0 ? 5 : 1);
    const { entries, setting } = seenBy({
      zones,
      links,
      trips: tripMatrix(12, exact, (i, j) => i !== j && (i * 7 + j) % 5 > 0),
    });
    const [rows, cols] = every(12);
    const { value } = poissonGravity(entries, setting).predict(rows, cols);
    for (let k = 0; k < rows.length; k++) expect(value[k] / exact(rows[k], cols[k])).toBeCloseTo(1, 2);
  });
});

describe('baselines', () => {
  test.each([
    'global mean',
    'O x D / T',
    'Furness (IPF)',
    'gravity (doubly constrained Poisson)',
  ])('%s: a thousand times the trips are a thousand times the prediction', (name) => {
    const { entries, setting } = seenBy(town(3));
    const [rows, cols] = every(12);
    const thousand = { ...entries, value: entries.value.map((v) => 1024 * v) };
    const once = method(name).fit(entries, setting, 0).predict(rows, cols).value;
    const more = method(name).fit(thousand, setting, 0).predict(rows, cols).value;
    for (const [k, v] of once.entries()) expect(more[k] / 1024).toBeCloseTo(v, 6);
  });

  test('find O x D / T where that is the truth and all of it was observed', () => {
    // Without a diagonal only Furness has it exactly.
    const exact = (i: number, j: number) => (1 + i) * (2 + (j % 3));
    const { entries, setting } = seenBy({
      zones: scattered(9, 1),
      links: [],
      trips: tripMatrix(9, exact, (i, j) => i !== j && (i + j) % 4 !== 0),
    });
    const [rows, cols] = every(9);
    const { value } = method('Furness (IPF)').fit(entries, setting, 0).predict(rows, cols);
    for (const [k, v] of value.entries()) expect(v).toBeCloseTo(exact(rows[k], cols[k]), 3);
  });

  test('nearest neighbours: the geometric mean of the ten most alike', () => {
    const zones = Array.from({ length: 12 }, (_, id) => ({ id, x: id < 6 ? id * 1e-3 : 100 + id * 1e-3, y: 0 }));
    const side = (i: number) => Number(i >= 6);
    const { entries, setting } = seenBy({ zones, links: [], trips: tripMatrix(12, (i, j) => (side(i) === side(j) ? 7 : 99)) });
    const { value } = method('nearest neighbours').fit(entries, setting, 0).predict(Int32Array.of(0, 0), Int32Array.of(1, 7));
    expect(value[0]).toBeCloseTo(7, 10);
    expect(value[1]).toBeCloseTo(99, 10);
  });

  test('are finite where nobody goes anywhere', () => {
    const { entries, setting } = seenBy({
      zones: scattered(8, 2),
      links: [],
      trips: tripMatrix(8, () => 0, (i, j) => i !== j && j < 5),
    });
    const [rows, cols] = every(8);
    for (const one of baselines) {
      for (const v of one.fit(entries, setting, 0).predict(rows, cols).value) expect(v).toBeCloseTo(0, 10);
    }
  });
});

describe('intervening opportunities', () => {
  test('are the mass nearer than the destination, by brute force, with ties', () => {
    const dice = new Dice(3);
    const n = 9;
    const separation = Float64Array.from({ length: n * n }, () => 1 + dice.integer(5));
    const mass = Float64Array.from({ length: n }, () => 1 + dice.integer(9));
    const found = interveningOpportunities(separation, mass);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        let s = 0;
        for (let k = 0; k < n; k++) if (k !== i && k !== j && separation[i * n + k] <= separation[i * n + j]) s += mass[k];
        expect(found[i * n + j]).toBe(s);
      }
    }
  });
});

/** Inverse and log determinant by Gauss and Jordan. */
function inverseOf(A: Float64Array, n: number): { inverse: Float64Array; logDeterminant: number } {
  const [M, inverse] = [A.slice(), Float64Array.from(A, (_, k) => Number(k % (n + 1) === 0))];
  let logDeterminant = 0;
  for (let p = 0; p < n; p++) {
    const pivot = M[p * n + p];
    logDeterminant += Math.log(pivot);
    for (let r = 0; r < n; r++) {
      if (r === p) continue;
      const ratio = M[r * n + p] / pivot;
      for (let c = 0; c < n; c++) {
        M[r * n + c] -= ratio * M[p * n + c];
        inverse[r * n + c] -= ratio * inverse[p * n + c];
      }
    }
    for (let c = 0; c < n; c++) {
      M[p * n + c] /= pivot;
      inverse[p * n + c] /= pivot;
    }
  }
  return { inverse, logDeterminant };
}

describe('the gravity field', () => {
  // So few routes that each is conditioned on all others: nothing is approximated then.
  const n = 4;
  const zones = scattered(n, 9);
  const dice = new Dice(4);
  const trips = tripMatrix(
    n,
    () => 1 + dice.integer(200),
    (i, j) => i !== j && (i + 2 * j) % 5 !== 1,
  );
  const { entries, setting } = seenBy({ zones, links: [], trips });
  const parameters: FieldParameters = { pair: 0.7, noise: 0.15, reach: 2 };

  test.each(['wasm', 'js'] as const)('is the exact Gaussian process where every neighbour counts, on the %s backend', (backend) => {
    setBackend(backend);
    const { row, col, value } = entries;
    const count = row.length;
    expect(count).toBeGreaterThan(6);
    expect(count).toBeLessThanOrEqual(12);
    const design = designOf(setting);
    const p = design.size;
    const w = design.covariates.width;
    const { inverse: V } = inverseOf(design.prior.precision, p);
    const z = (i: number, j: number) => {
      const out = new Float64Array(p);
      out.set(design.covariatesOf(i, j));
      out[w + i] = out[w + n + j] = 1;
      return out;
    };
    const distance = (i: number, j: number) => Math.hypot(zones[i].x! - zones[j].x!, zones[i].y! - zones[j].y!);
    const nearest = zones.map((_, i) => Math.min(...zones.map((_, j) => (i === j ? Infinity : distance(i, j)))));
    const scale = parameters.reach * nearest.sort((a, b) => a - b)[2];
    const k = (i: number, j: number) => Math.exp(-distance(i, j) / scale);
    const covariance = (a: [number, number], b: [number, number]) => {
      const [x, y] = [z(...a), z(...b)];
      let s = parameters.pair * k(a[0], b[0]) * k(a[1], b[1]);
      for (let r = 0; r < p; r++) for (let c = 0; c < p; c++) s += x[r] * V[r * p + c] * y[c];
      return s;
    };
    const cells = Array.from(row, (i, t): [number, number] => [i, col[t]]);
    const C = new Float64Array(count * count);
    for (let s = 0; s < count; s++) {
      for (let t = 0; t < count; t++) C[s * count + t] = covariance(cells[s], cells[t]);
      C[s * count + s] += parameters.noise + 1 / (value[s] + 0.5);
    }
    const y = Array.from(value, (v) => Math.log(v + 0.5));
    const centre = y.reduce((a, b) => a + b, 0) / count;
    const { inverse, logDeterminant } = inverseOf(C, count);
    const weight = y.map((_, s) => y.reduce((sum, v, t) => sum + inverse[s * count + t] * (v - centre), 0));
    const deviance = logDeterminant + y.reduce((sum, v, s) => sum + weight[s] * (v - centre), 0);
    const field = new GravityField(entries, design, parameters, 0);
    expect(field.deviance).toBeCloseTo(deviance, 6);
    // The order of the routes does not matter then.
    expect(new GravityField(entries, design, parameters, 5).deviance).toBeCloseTo(deviance, 6);
    const [rows, cols] = every(n);
    const found = field.predict(rows, cols);
    for (let t = 0; t < rows.length; t++) {
      const cell: [number, number] = [rows[t], cols[t]];
      const c = cells.map((other) => covariance(cell, other));
      const mean = centre + c.reduce((sum, v, s) => sum + v * weight[s], 0);
      let variance = covariance(cell, cell) + parameters.noise;
      for (let s = 0; s < count; s++) for (let r = 0; r < count; r++) variance -= c[s] * inverse[s * count + r] * c[r];
      expect(found.mean[t]).toBeCloseTo(mean, 6);
      expect(found.variance[t]).toBeCloseTo(variance, 6);
    }
  });

  test('gives back the memory that it took', () => {
    const seen = seenBy(town(6));
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (let t = 0; t < 20; t++) {
      const field = new GravityField(seen.entries, designOf(zonesAround(seen.setting, t % 12, 12).setting), parameters, t);
      field.predict(seen.entries.row, seen.entries.col);
      expect(heap.inUse).toBe(before);
    }
  });

  test('has landmarks from every part of the matrix, whatever the number of zones', () => {
    // 62 and 400 have common divisors with the step of a grid of their routes.
    const dice = new Dice(2);
    for (const count of [62, 400]) {
      const mass = Float64Array.from({ length: count }, () => 1 + 1e4 * dice.unit());
      const separation = Float64Array.from({ length: count ** 2 }, () => 1 + dice.unit());
      const covariates = new PairCovariates({ size: count, separation, names: [], attributes: new Float64Array(0), mass });
      // A Cholesky factor of the kernel that explains it: the columns of a route have norm 1, but for what the landmarks leave.
      const out = new Float64Array(covariates.width);
      let worst = 1;
      for (let j = 0; j < count; j++) {
        covariates.write((j + 7) % count, j, out, 0);
        const norm = out.subarray(covariates.straight).reduce((s, v) => s + v * v, 0);
        worst = Math.min(worst, norm);
      }
      expect(worst).toBeGreaterThan(0.95);
      expect(worst).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
});

describe('kernels of distances', () => {
  test('stay as they are where they are positive semidefinite, duplicates and all', () => {
    const at = [0, 0, 1, 3];
    const K = Float64Array.from({ length: 16 }, (_, k) => Math.exp(-Math.abs(at[k >> 2] - at[k & 3])));
    expect(definiteKernel(K, 4)).toBe(K);
  });

  test('are brought down until they are: those along roads need not be', () => {
    // Two groups, every zone next to all of the other group and two steps from its own.
    const n = 40;
    const K = Float64Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      return i === j ? 1 : Math.exp(-(i % 2 === j % 2 ? 2 : 1) / 12);
    });
    const mended = definiteKernel(K, n);
    // The vector that alternates is the worst.
    const form = (M: Float64Array) => M.reduce((s, v, k) => s + ((Math.floor(k / n) + k) % 2 === 0 ? v : -v), 0);
    expect(form(K)).toBeLessThan(-1);
    expect(form(mended)).toBeGreaterThan(0);
    for (let i = 0; i < n; i++) expect(mended[i * (n + 1)]).toBe(1);
  });
});

describe('calibration', () => {
  test('chooses weights within their bounds and a spread that is a positive number', () => {
    const { entries, setting } = seenBy(town(8));
    const { warm, cold } = calibrateField(entries, setting, { pair: 0.6, noise: 0.2, reach: 1 }, 0);
    for (const { share, gravity, factorization, spread } of [warm, cold]) {
      expect([0.25, 0.5]).toContain(share);
      for (const weight of [gravity, factorization]) expect([0, 0.25, 0.5]).toContain(weight);
      expect(spread).toBeGreaterThan(0);
      expect(spread).toBeLessThan(10);
    }
    expect(cold.gravity).toBeGreaterThan(0);
  });
});
