import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import type { City } from '../../src/city/city.ts';
import { type PredictRoutesOptions, predictRoutes } from '../../src/city/routes/predictRoutes.ts';
import { syntheticCity } from '../../src/city/synthetic/syntheticCity.ts';
import { CsrMatrix } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { scattered, tripMatrix } from './routeSamples.ts';

const METHODS = [
  'gravity x factorisation',
  'factorisation',
  'global mean',
  'row + column effects (log)',
  'O x D / T',
  'Furness (IPF)',
  'gravity (doubly constrained Poisson)',
  'nearest neighbours',
];

const city = syntheticCity({ zones: 14, seed: 3 });
const observed = (at: City, origin: unknown, destination: unknown) => {
  const [i, j] = [origin, destination].map((id) => at.zones.findIndex((zone) => zone.id === id));
  const { indptr, indices } = at.trips!;
  return [...indices.subarray(indptr[i], indptr[i + 1])].includes(j);
};
/** Nobody was seen going to the last zones. */
const seldom = (n: number) => (i: number, j: number) => i !== j && j < n - 2 && (i + j) % 3 !== 0;

describe('predicted routes', () => {
  const routes = predictRoutes(city);

  test('are all that were not observed, destination after destination, without trips within a zone', () => {
    const wanted = city.zones.flatMap(({ id: destination }) =>
      city.zones
        .filter(({ id }) => id !== destination && !observed(city, id, destination))
        .map(({ id: origin }) => ({ origin, destination })),
    );
    expect(routes.map(({ origin, destination }) => ({ origin, destination }))).toEqual(wanted);
    expect(routes.length).toBeGreaterThan(40);
  });

  test('are finite, no less than zero, and inside their intervals', () => {
    for (const { value, standardError, lower, upper } of routes) {
      for (const v of [value, standardError, upper]) expect(v).toBeGreaterThan(0);
      expect(upper).toBeLessThan(1e6);
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(lower).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(upper);
    }
  });

  test('rest on features where nobody was ever seen to go, on other entries elsewhere', () => {
    const cold = new Set<unknown>(Array.from(city.truth.coldZones, (j) => city.zones[j].id));
    expect(cold.size).toBe(2);
    for (const { destination, basis } of routes) expect(basis).toBe(cold.has(destination) ? 'feature' : 'warm');
  });

  test('are nearer the truth than the mean is, and their 90 % intervals hold most of it', () => {
    let [ours, plain, inside, count] = [0, 0, 0, 0];
    for (const seed of [1, 2, 3]) {
      const town = syntheticCity({ zones: 16, seed });
      const data = Float64Array.from(town.trips!.data);
      const mean = data.reduce((a, b) => a + b, 0) / data.length;
      for (const { origin, destination, value, lower, upper } of predictRoutes(town)) {
        const exact = town.truth.trips.get((origin as number) - 1, (destination as number) - 1);
        ours += Math.abs(Math.log((value + 1) / (exact + 1)));
        plain += Math.abs(Math.log((mean + 1) / (exact + 1)));
        inside += Number(exact >= lower && exact <= upper);
        count++;
      }
    }
    expect(ours).toBeLessThan(0.8 * plain);
    expect(inside / count).toBeGreaterThan(0.7);
    expect(inside / count).toBeLessThanOrEqual(1);
  });

  test('are the same for the same seed, and leave the city as it was', () => {
    const before = JSON.stringify([city.zones, city.links, [...city.trips!.data], [...city.trips!.indices]]);
    expect(predictRoutes(city, { seed: 0 })).toEqual(routes);
    expect(predictRoutes(city, { seed: 7 })).not.toEqual(routes);
    expect(JSON.stringify([city.zones, city.links, [...city.trips!.data], [...city.trips!.indices]])).toBe(before);
  });

  test('give back the memory that they took', () => {
    const before = currentBackend().heap.inUse;
    predictRoutes(city, { seed: 1 });
    expect(currentBackend().heap.inUse).toBe(before);
  });
});

describe('zones in another order', () => {
  const n = 12;
  const dice = new Dice(8);
  const order = [5, 0, 11, 3, 8, 1, 9, 2, 10, 4, 7, 6];
  const zones = scattered(n, 8);
  const counts = Array.from({ length: n * n }, () => Math.floor(60 * dice.unit()));
  const keep = seldom(n);
  const plain: City = { zones, links: [], trips: tripMatrix(n, (i, j) => counts[i * n + j], keep) };
  const turned: City = {
    zones: order.map((i) => zones[i]),
    links: [],
    trips: tripMatrix(
      n,
      (a, b) => counts[order[a] * n + order[b]],
      (a, b) => keep(order[a], order[b]),
    ),
  };

  test.each(METHODS)('have the same predictions: %s', (method) => {
    const found = new Map(predictRoutes(turned, { method }).map((route) => [`${route.origin} ${route.destination}`, route]));
    let worst = 0;
    for (const { origin, destination, value, basis } of predictRoutes(plain, { method })) {
      const other = found.get(`${origin} ${destination}`)!;
      expect(other.basis).toBe(basis);
      worst = Math.max(worst, Math.abs(Math.log((other.value + 1) / (value + 1))));
    }
    // Folds, starts and the order of conditioning are drawn by number, so what learns by them only comes close.
    expect(worst).toBeLessThan(method.includes('factorisation') ? 0.7 : 1e-3);
  });
});

describe('a list of unknown routes', () => {
  const zones = [...scattered(6, 2), { id: 7 }, { id: '7' }].map((zone, i) => ({ ...zone, x: i, y: i % 3 }));
  const mixed: City = {
    zones,
    links: [],
    trips: tripMatrix(
      8,
      (i, j) => 3 * i + j,
      (i, j) => i !== j && j < 6 && (i + j) % 3 > 0,
    ),
  };
  const pairs = (options: PredictRoutesOptions) =>
    predictRoutes(mixed, { method: 'global mean', ...options }).map(({ origin, destination }) => [origin, destination]);

  test('may hold destinations, pairs and objects, of identifiers of any kind', () => {
    const others = (id: unknown) => zones.filter((zone) => zone.id !== id).map((zone) => [zone.id, id]);
    expect(pairs({ unknown: [7] })).toEqual(others(7));
    expect(pairs({ unknown: ['7', ['z0', 7], { origin: 7, destination: 'z5' }] })).toEqual([
      ...others('7'),
      ['z0', 7],
      [7, 'z5'],
    ]);
    expect(pairs({ unknown: [] })).toEqual([]);
  });

  test('may name a route that was observed, which then rests on its entry', () => {
    expect(predictRoutes(mixed, { unknown: [['z0', 'z1']] })[0].basis).toBe('entry');
  });

  test.each([
    [['nowhere'], 'zone: "nowhere" (string) is not among the 8 known identifiers'],
    [[['z0', 8]], 'zone: 8 is not among the 8 known identifiers'],
    [[['z1', 'z1']], 'unknown: trips within zone z1 follow other laws and are not predicted'],
    [[null], 'unknown[0]: expected a destination or a route, got null'],
    [7, "unknown: expected 'all' or a list of destinations and routes, got 7"],
  ])('refuses %j', (unknown, message) => {
    expect(() => pairs({ unknown: unknown as never })).toThrow(message);
  });
});

describe('cities that say little', () => {
  const check = (poor: City, bases: string[]) => {
    for (const method of METHODS) {
      const routes = predictRoutes(poor, { method });
      expect(routes.length).toBeGreaterThan(0);
      for (const { value } of routes) {
        expect(value, method).toBeGreaterThanOrEqual(-1e-9);
        expect(value, method).toBeLessThan(1e6);
      }
      expect(new Set(routes.map(({ basis }) => basis))).toEqual(new Set(bases));
    }
    for (const { value, lower, upper } of predictRoutes(poor)) expect(lower <= value && value <= upper).toBe(true);
  };
  const n = 9;
  const trips = tripMatrix(n, (i, j) => 2 * i + j, seldom(n));
  const at = (place: (i: number) => [number, number]) =>
    scattered(n, 1).map((zone, i) => ({ ...zone, x: place(i)[0], y: place(i)[1] }));
  const nothing = Array.from({ length: n }, (_, id) => ({ id }));

  test('no positions, no roads, no attributes: cold destinations rest on what is usual', () => {
    check({ zones: nothing, links: [], trips }, ['warm', 'prior']);
  });

  test('zero trips', () => {
    check({ zones: at((i) => [i, i % 2]), links: [], trips: tripMatrix(n, () => 0, seldom(n)) }, ['warm', 'feature']);
  });

  test('some zones, or all of them, in the same place', () => {
    check({ zones: at((i) => [i >> 1, 0]), links: [], trips }, ['warm', 'feature']);
    check({ zones: at(() => [2, 2]), links: [], trips }, ['warm', 'feature']);
  });

  test('attributes that are all equal, unknown or infinite', () => {
    const values = [1, Number.NaN, Number.POSITIVE_INFINITY, 4];
    const zones = at((i) => [i, i * i]).map((zone, i) => ({ ...zone, attributes: { same: 3, odd: values[i % 4] } }));
    check({ zones, links: [], trips }, ['warm', 'feature']);
  });

  test('roads that lead to no zone, that reach half of them, or that cost nothing', () => {
    const junctions = [{ id: 'j' }, { id: 'k' }];
    check({ zones: nothing, junctions, links: [{ from: 'j', to: 'k', distance: 1, cost: 1 }], trips }, ['warm', 'prior']);
    const ring = nothing.slice(0, 5).map(({ id }) => ({ from: id, to: (id + 1) % 5, distance: 1, cost: 1 + (id % 2) }));
    check({ zones: nothing, links: ring, trips }, ['warm', 'feature']);
    check({ zones: nothing, links: nothing.map(({ id }) => ({ from: id, to: (id + 1) % n, distance: 0, cost: 0 })), trips }, [
      'warm',
      'prior',
    ]);
  });

  test('roads along which distances are no kernel', () => {
    const zones = Array.from({ length: 40 }, (_, id) => ({ id }));
    const links = zones.flatMap(({ id }) =>
      zones.filter((other) => (other.id + id) % 2 === 1).map((other) => ({ from: id, to: other.id, distance: 1, cost: 1 })),
    );
    const routes = predictRoutes({
      zones,
      links,
      trips: tripMatrix(
        40,
        (i, j) => (7 * i + j) % 11,
        (i, j) => i !== j && (i + j) % 7 === 0,
      ),
    });
    for (const { value, upper } of routes) expect(value >= 0 && upper < 1e6).toBe(true);
  });

  test('three routes are enough, two are not', () => {
    const few = (count: number): City => ({
      zones: at((i) => [i, 0]),
      links: [],
      trips: tripMatrix(
        n,
        () => 4,
        (i, j) => j === 8 && i < count,
      ),
    });
    for (const { value } of predictRoutes(few(3))) expect(value).toBeGreaterThan(0);
    expect(() => predictRoutes(few(2))).toThrow(
      new RangeError('city.trips: expected at least 3 observed routes between zones, got 2'),
    );
  });

  test('the shares of the guide, which are no counts', () => {
    // Three known destinations, two unknown ones, five places.
    const zones = ['F', 'G', 'A', 'B', 'C', 'D', 'E'].map((id) => ({ id }));
    const share = [
      [0.9, 0.4, 0.1],
      [0.6, 0.8, 0.3],
    ];
    const shares = tripMatrix(
      7,
      (i, j) => share[i][j - 2],
      (i, j) => i < 2 && j >= 2 && j < 5,
    );
    const routes = predictRoutes(
      { zones, links: [], trips: shares },
      {
        unknown: [
          ['F', 'D'],
          ['G', 'E'],
        ],
      },
    );
    for (const { value, lower, upper, basis } of routes) {
      expect(basis).toBe('prior');
      expect(value).toBeGreaterThan(0.05);
      expect(value).toBeLessThan(2);
      expect(lower <= value && value <= upper).toBe(true);
    }
  });

  test('one zone', () => {
    expect(() =>
      predictRoutes({
        zones: [{ id: 'a', x: 0, y: 0 }],
        links: [],
        trips: tripMatrix(
          1,
          () => 5,
          () => true,
        ),
      }),
    ).toThrow(new RangeError('city.trips: expected at least 3 observed routes between zones, got 0'));
  });
});

test.each([
  [{ zones: [{ id: 1 }], links: [] }, 'city.trips: expected trips between zones, got none'],
  [
    { zones: [{ id: 1 }], links: [], trips: tripMatrix(2, () => 1) },
    'city.trips: expected 1 x 1, one row and column for each zone, got 2 x 2',
  ],
  [
    { zones: [{ id: 1 }, { id: 2 }], links: [], trips: CsrMatrix.fromCoo(2, 2, { row: [0, 1], col: [1, 0], value: [3, -1] }) },
    'city.trips[1][0] is -1: expected a finite number of trips >= 0',
  ],
  [{ zones: [{ id: 1 }], links: [], trips: [[1]] }, 'city.trips: expected a CsrMatrix'],
  [
    { zones: [{ id: 'a' }, { id: 1 }, { id: 'a' }], links: [], trips: tripMatrix(3, () => 1) },
    'city: place "a" (string) is given twice',
  ],
  [7, 'city: expected a City with zones and links, as readTntp, readRoutes and syntheticCity make it, got 7'],
])('what is no city with trips is refused: %#', (bad, message) => {
  expect(() => predictRoutes(bad as unknown as City)).toThrow(message);
});

test.each([
  [{ seed: -1 }, 'seed: expected an integer >= 0, got -1'],
  [{ method: 'magic' }, 'method: expected'],
  [{ seeds: 3 }, 'seeds'],
])('options that make no sense are refused: %j', (options, message) => {
  expect(() => predictRoutes(city, options as never)).toThrow(message);
});
