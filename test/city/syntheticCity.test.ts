import { describe, expect, test } from 'vitest';
import { beckmannObjective } from '../../src/city/roads/beckmannObjective.ts';
import { costSkim } from '../../src/city/roads/costSkim.ts';
import { flowImbalance } from '../../src/city/roads/flowImbalance.ts';
import { linkCost } from '../../src/city/roads/linkCosts.ts';
import { type SyntheticCity, syntheticCity } from '../../src/city/synthetic/syntheticCity.ts';
import { CsrMatrix, setBackend } from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';

const allTrips = (city: SyntheticCity) => CsrMatrix.fromDense(city.truth.trips);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

function hashOf(city: SyntheticCity): string {
  const hash = new Hash();
  for (const { x = 0, y = 0, attributes } of city.zones) hash.add([x, y, ...Object.values(attributes ?? {})]);
  for (const link of city.links) {
    hash.add([Number(link.from), Number(link.to), link.distance, link.cost, link.traffic ?? 0, link.capacity ?? 0]);
  }
  return hash.add(city.trips.indices).add(city.trips.data).add(city.truth.expected.data).add(city.truth.coldZones).text;
}

describe('the default city', () => {
  const city = syntheticCity();
  const { truth } = city;

  test('has something to show: unknown routes, cold zones, congestion, every class of road, names', () => {
    expect(city.zones).toHaveLength(60);
    expect(city.junctions).toHaveLength(30);
    expect(city.hourly).toBe(true);
    expect(new Set(city.zones.map(({ name }) => name)).size).toBe(60);
    for (const name of ['Old Town', 'Harbour', 'University', 'Airport'])
      expect(city.zones.some((zone) => zone.name === name)).toBe(true);
    expect(truth.coldZones).toHaveLength(2);
    const columns = city.trips.toCsc();
    for (let j = 0; j < 60; j++) expect(columns.indptr[j + 1] === columns.indptr[j]).toBe(truth.coldZones.includes(j));
    expect(city.trips.nnz).toBeGreaterThan(0.5 * 3600);
    expect(city.trips.nnz).toBeLessThan(0.65 * 3600);
    const ratios = city.links.map(({ traffic = 0, capacity = 1 }) => traffic / capacity);
    expect(ratios.filter((ratio) => ratio > 1).length).toBeGreaterThan(city.links.length / 20);
    expect(Math.max(...ratios)).toBeLessThan(3);
    expect(new Set(city.links.map(({ type }) => type))).toEqual(new Set([1, 2, 3]));
    expect(city.links.some(({ toll = 0 }) => toll > 0)).toBe(true);
  });

  test('observed entries are those of the truth', () => {
    const { indptr, indices, data } = city.trips;
    for (let i = 0; i < 60; i++) {
      for (let p = indptr[i]; p < indptr[i + 1]; p++) expect(data[p]).toBe(truth.trips.get(i, indices[p]));
    }
  });

  test('traffic is the equilibrium of all trips, and cost what one pays in it', () => {
    expect(truth.relativeGap).toBeLessThanOrEqual(1e-4);
    const total = sum(truth.trips.data);
    for (const missing of flowImbalance(city, { trips: allTrips(city) })) expect(Math.abs(missing)).toBeLessThan(1e-9 * total);
    for (const link of city.links) expect(link.cost).toBe(linkCost(link));
    // The gap is that of costs recomputed here from the cheapest paths.
    const skim = costSkim(city);
    let cheapest = 0;
    for (let i = 0; i < 60; i++) for (let j = 0; j < 60; j++) if (i !== j) cheapest += skim.get(i, j) * truth.trips.get(i, j);
    const paid = city.links.reduce((all, { traffic = 0, cost }) => all + traffic * cost, 0);
    expect(1 - cheapest / paid).toBeCloseTo(truth.relativeGap, 9);
    expect(beckmannObjective(city)).toBeLessThan(paid);
  });

  test('the truth explains the trips', () => {
    expect(costSkim(city, { weight: 'freeFlowTime' }).data).toEqual(truth.cost.data);
    const { originFactors: x, destinationFactors: y } = truth;
    // log expected + beta c - x.y is a sum of a row and a column effect.
    const rest = (i: number, j: number) =>
      Math.log(truth.expected.get(i, j)) +
      truth.beta * truth.cost.get(i, j) -
      (x?.get(i, 0) ?? 0) * (y?.get(j, 0) ?? 0) -
      (x?.get(i, 1) ?? 0) * (y?.get(j, 1) ?? 0);
    for (let i = 1; i < 60; i++) {
      for (let j = 1; j < 60; j++) expect(rest(i, j) - rest(i, 0) - rest(0, j) + rest(0, 0)).toBeCloseTo(0, 9);
    }
    expect(sum(truth.expected.data)).toBeCloseTo(0.15 * sum(city.zones.map(({ attributes }) => attributes?.population ?? 0)), 3);
  });

  test.each(['wasm', 'js'] as const)('is the same on every engine, on the %s backend', (name) => {
    setBackend(name);
    try {
      expect(hashOf(syntheticCity())).toBe('dc8397d5');
      expect(hashOf(syntheticCity({ zones: 25, seed: 7, missing: 'volume', dispersion: 0.5 }))).toBe('a0453d29');
    } finally {
      setBackend('wasm');
    }
  });
});

describe('knobs', () => {
  test('a Poisson gravity fit finds beta within two standard errors', () => {
    let within = 0;
    for (let seed = 0; seed < 5; seed++) {
      const { truth } = syntheticCity({ zones: 30, seed, rank: 0, dispersion: Infinity, tol: 1e-2 });
      const { beta, standardError } = gravityFit(truth.trips.toRows(), truth.cost.toRows());
      expect(standardError).toBeLessThan(0.01);
      if (Math.abs(beta - truth.beta) < 2 * standardError) within++;
      expect(Math.abs(beta - truth.beta)).toBeLessThan(4 * standardError);
    }
    expect(within).toBeGreaterThanOrEqual(4);
  });

  test('trips scatter as a negative binomial', () => {
    const { truth } = syntheticCity({ zones: 60, seed: 3, dispersion: 2, tol: 1e-2 });
    const { trips, expected } = truth;
    // Of (T - m)^2 - m - m^2 / r the mean is 0.
    let [excess, size] = [0, 0];
    expected.data.forEach((m, p) => {
      excess += ((trips.data[p] - m) ** 2 - m) / (m * m + m);
      size += m / (m + 1);
    });
    expect(size / excess).toBeGreaterThan(1.6);
    expect(size / excess).toBeLessThan(2.4);
    expect(sum(trips.data) / sum(expected.data)).toBeCloseTo(1, 1);
  });

  test('zone attributes tell the factors as far as informativeness says', () => {
    const explained = (informativeness: number) => {
      const city = syntheticCity({ zones: 200, junctions: 0, seed: 1, informativeness, rank: 1, tol: 1e-2, coldZones: 0 });
      const names = city.truth.informative;
      const columns = names.map((name) => city.zones.map(({ attributes }) => attributes?.[name] ?? 0));
      return rSquared(columns, Array.from(city.truth.destinationFactors?.data ?? []));
    };
    expect(explained(1)).toBeGreaterThan(0.999);
    expect(explained(0.8)).toBeGreaterThan(0.5);
    expect(explained(0.8)).toBeLessThan(0.8);
    expect(explained(0)).toBeLessThan(0.1);
  });

  test.each(['random', 'column', 'row', 'block', 'volume'] as const)('missing %s leaves the observed share', (missing) => {
    const city = syntheticCity({ zones: 24, seed: 2, missing, observed: 0.5, coldZones: 0, tol: 1e-2 });
    expect(city.trips.nnz).toBe(288);
    const perRow = Array.from({ length: 24 }, (_, i) => city.trips.indptr[i + 1] - city.trips.indptr[i]);
    const perColumn = Array.from({ length: 24 }, (_, j) => city.trips.indices.filter((k) => k === j).length);
    if (missing === 'row') expect(new Set(perRow)).toEqual(new Set([0, 24]));
    if (missing === 'column') expect(new Set(perColumn)).toEqual(new Set([0, 24]));
    const share = sum(city.trips.data) / sum(city.truth.trips.data);
    if (missing === 'volume') expect(share).toBeGreaterThan(0.7);
    if (missing === 'random') expect(Math.abs(share - 0.5)).toBeLessThan(0.15);
  });

  test('the number of links is the one asked for, and every place can be reached', () => {
    for (const [zones, junctions, links] of [
      [10, 0, 18],
      [10, 5, 60],
      [60, 0, 240],
    ]) {
      const city = syntheticCity({ zones, junctions, links, tol: 1e-2 });
      expect(city.links).toHaveLength(links);
      expect(costSkim(city).data.every(Number.isFinite)).toBe(true);
    }
  });

  test('a large city: 400 zones, 3,000 links, 90,000 observed entries', () => {
    const city = syntheticCity({ zones: 400, links: 3000, tol: 1e-2 });
    expect(city.links).toHaveLength(3000);
    expect(city.trips.nnz).toBeGreaterThan(90000);
  });

  test('seeds give different cities, knobs of the trips leave the map as it is', () => {
    const map = (city: SyntheticCity) => city.links.map(({ from, to, distance }) => [from, to, distance]);
    const one = syntheticCity({ zones: 20, seed: 1, tol: 1e-2 });
    expect(map(syntheticCity({ zones: 20, seed: 2, tol: 1e-2 }))).not.toEqual(map(one));
    const other = syntheticCity({ zones: 20, seed: 1, beta: 0.3, dispersion: 1, missing: 'row', coldZones: 5, tol: 1e-2 });
    expect(map(other)).toEqual(map(one));
  });

  test('without congestion nobody waits', () => {
    const city = syntheticCity({ zones: 12, congestion: 0 });
    for (const link of city.links) expect(link.cost).toBeCloseTo((link.freeFlowTime ?? 0) + (link.toll ?? 0), 12);
  });

  test('extremes are cities, too', () => {
    for (const options of [
      { zones: 4, junctions: 0 },
      { zones: 6, tripsPerPerson: 1e-9 },
      { zones: 6, dispersion: 1e-3, beta: 10 },
      { zones: 6, interaction: 5, rank: 4, congestion: 10, tol: 1e-1 },
      { zones: 6, observed: 1e-9 },
    ]) {
      const city = syntheticCity(options);
      expect(city.links.every(({ traffic, cost }) => Number.isFinite(traffic) && Number.isFinite(cost))).toBe(true);
      expect(city.truth.expected.data.every(Number.isFinite)).toBe(true);
    }
  });

  test('progress is reported and a signal stops the work', () => {
    const seen: number[] = [];
    syntheticCity({ zones: 12, onProgress: ({ done }) => seen.push(done) });
    expect(seen.length).toBeGreaterThan(1);
    expect(() => syntheticCity({ signal: AbortSignal.abort() })).toThrow(/abort/i);
  });

  test('says what is wrong', () => {
    const refused: [object, Error][] = [
      [{ zones: 3 }, new RangeError('zones: expected an integer in 4..5000, got 3')],
      [{ zones: '60' }, new TypeError('zones: expected an integer in 4..5000, got "60" (string)')],
      [{ links: 7 }, new RangeError('links: expected an even number, as every road has two directions, got 7')],
      [{ zones: 10, junctions: 0, links: 16 }, new RangeError('links: 10 places can have 18..42 directed links, got 16')],
      [{ observed: 0 }, new RangeError('observed: expected a number in (0, 1], got 0')],
      [{ informativeness: 2 }, new RangeError('informativeness: expected a number in [0, 1], got 2')],
      [{ coldZones: 60 }, new RangeError('coldZones: expected an integer in 0..59, got 60')],
      [{ dispersion: 0 }, new RangeError('dispersion: expected a number > 0, got 0')],
      [{ seed: -1 }, new RangeError('seed: expected an integer >= 0, got -1')],
    ];
    for (const [options, error] of refused) expect(() => syntheticCity(options as never)).toThrow(error);
    expect(() => syntheticCity({ missing: 'some' as never })).toThrow(
      'missing: expected one of "random", "column", "row", "block", "volume", got "some" (string)',
    );
    expect(() => syntheticCity({ city: 1 } as never)).toThrow(/^syntheticCity: unknown option "city"; known options: zones, /);
  });
});

/** Poisson regression of trips on row effects, column effects and cost: margins by balancing, beta by Newton on the profile likelihood. */
function gravityFit(trips: number[][], cost: number[][]): { beta: number; standardError: number } {
  const n = trips.length;
  const rows = trips.map(sum);
  const columns = trips.map((_, j) => sum(trips.map((row) => row[j])));
  const observed = sum(trips.map((row, i) => sum(row.map((t, j) => t * cost[i][j]))));
  let beta = 0.1;
  let information = 0;
  for (let step = 0; step < 30; step++) {
    const fitted = trips.map((_, i) => trips.map((_, j) => Math.exp(-beta * cost[i][j])));
    for (let round = 0; round < 300; round++) {
      fitted.forEach((row, i) => {
        const factor = rows[i] / sum(row);
        row.forEach((value, j) => {
          row[j] = value * factor;
        });
      });
      for (let j = 0; j < n; j++) {
        const factor = columns[j] / sum(fitted.map((row) => row[j]));
        for (const row of fitted) row[j] *= factor;
      }
    }
    // What rows and columns cannot explain of the cost, in the metric of the fitted trips.
    const rest = cost.map((row) => row.slice());
    for (let round = 0; round < 100; round++) {
      rest.forEach((row, i) => {
        const mean = sum(row.map((value, j) => value * fitted[i][j])) / sum(fitted[i]);
        row.forEach((value, j) => {
          row[j] = value - mean;
        });
      });
      for (let j = 0; j < n; j++) {
        const mean = sum(rest.map((row, i) => row[j] * fitted[i][j])) / sum(fitted.map((row) => row[j]));
        for (const row of rest) row[j] -= mean;
      }
    }
    information = sum(fitted.map((row, i) => sum(row.map((value, j) => value * rest[i][j] ** 2))));
    const expected = sum(fitted.map((row, i) => sum(row.map((value, j) => value * cost[i][j]))));
    const move = (expected - observed) / information;
    beta += move;
    if (Math.abs(move) < 1e-9) break;
  }
  return { beta, standardError: 1 / Math.sqrt(information) };
}

/** R^2 of a least-squares fit with a constant, by Gram-Schmidt. */
function rSquared(columns: number[][], y: number[]): number {
  const basis: number[][] = [];
  const without = (vector: number[]) => {
    for (let round = 0; round < 2; round++) {
      for (const direction of basis) {
        const share = sum(vector.map((value, i) => value * direction[i]));
        vector = vector.map((value, i) => value - share * direction[i]);
      }
    }
    return vector;
  };
  for (const column of [y.map(() => 1), ...columns]) {
    const rest = without(column);
    const norm = Math.sqrt(sum(rest.map((value) => value * value)));
    basis.push(rest.map((value) => value / norm));
  }
  const mean = sum(y) / y.length;
  return 1 - sum(without(y).map((value) => value ** 2)) / sum(y.map((value) => (value - mean) ** 2));
}
