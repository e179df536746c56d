import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { City, Link } from '../../src/city/city.ts';
import { assignTraffic } from '../../src/city/roads/assignTraffic.ts';
import { beckmannObjective } from '../../src/city/roads/beckmannObjective.ts';
import { flowImbalance } from '../../src/city/roads/flowImbalance.ts';
import { linkCost } from '../../src/city/roads/linkCosts.ts';
import { CsrMatrix } from '../../src/index.ts';
import { gridCity } from './cities.ts';

/** time = free + slope v, as a BPR function. */
const affine = (from: string, to: string, free: number, slope: number): Link => ({
  from,
  to,
  distance: 1,
  cost: free,
  freeFlowTime: free,
  b: slope / free,
  capacity: 1,
  power: 1,
});

/** One origin s, one destination t. */
function demand(links: Link[], trips: number, ...junctions: string[]): City {
  return {
    zones: [{ id: 's' }, { id: 't' }],
    junctions: junctions.map((id) => ({ id })),
    links,
    trips: CsrMatrix.fromCoo(2, 2, { row: [0], col: [1], value: [trips] }),
  };
}

const braess = (bridge: boolean) =>
  demand(
    [
      affine('s', 'a', 1e-8, 10),
      affine('s', 'b', 50, 1),
      affine('a', 't', 50, 1),
      affine('b', 't', 1e-8, 10),
      ...(bridge ? [affine('a', 'b', 10, 1)] : []),
    ],
    6,
    'a',
    'b',
  );

describe('assignTraffic', () => {
  test('two roads share the trips so that both cost the same', () => {
    // 10 + v = 20 + (30 - v) / 2 at v = 50/3, where both cost 80/3.
    const city = demand([affine('s', 't', 10, 1), affine('s', 't', 20, 0.5)], 30);
    const { traffic, cost, converged } = assignTraffic(city, { tol: 1e-10 });
    expect(converged).toBe(true);
    expect(traffic[0]).toBeCloseTo(50 / 3, 6);
    expect(traffic[1]).toBeCloseTo(40 / 3, 6);
    expect(cost[0]).toBeCloseTo(80 / 3, 6);
    expect(cost[1]).toBeCloseTo(80 / 3, 6);
  });

  test("a new road makes everyone slower: Braess's network, 83 without it and 92 with it", () => {
    const without = assignTraffic(braess(false), { tol: 1e-9 });
    expect(Array.from(without.traffic, (v) => Math.round(v * 1e4) / 1e4)).toEqual([3, 3, 3, 3]);
    expect(without.cost[0] + without.cost[2]).toBeCloseTo(83, 3);
    const bridged = assignTraffic(braess(true), { tol: 1e-9, maxIterations: 1000 });
    expect(bridged.relativeGap).toBeLessThan(1e-7);
    Array.from(bridged.traffic).forEach((v, e) => {
      expect(v).toBeCloseTo([4, 2, 2, 4, 2][e], 3);
    });
    const [sa, sb, at, bt, ab] = bridged.cost;
    for (const path of [sa + at, sb + bt, sa + ab + bt]) expect(path).toBeCloseTo(92, 2);
    expect(beckmannObjective(braess(true), bridged.traffic)).toBeCloseTo(386, 3);
  });

  test('the objective falls from step to step, the gap reaches tol, and Kirchhoff holds at every place', () => {
    const city = gridCity(5, 7);
    const { traffic, cost, history, objective, converged, relativeGap } = assignTraffic(city, { tol: 1e-5 });
    expect(converged).toBe(true);
    expect(relativeGap).toBeLessThanOrEqual(1e-5);
    expect(history.length).toBeGreaterThan(5);
    for (let k = 1; k < history.length; k++) expect(history[k].objective).toBeLessThan(history[k - 1].objective);
    expect(objective).toBeCloseTo(beckmannObjective(city, traffic), 9);
    const total = traffic.reduce((a, b) => a + b, 0);
    for (const missing of flowImbalance(city, { traffic })) expect(Math.abs(missing)).toBeLessThan(1e-9 * total);
    city.links.forEach((link, e) => {
      expect(cost[e]).toBe(linkCost(link, traffic[e]));
    });
  });

  test('the gap bounds how far the objective is above its minimum', () => {
    const city = gridCity(4, 3);
    const exact = assignTraffic(city, { tol: 1e-7, maxIterations: 2000 }).objective;
    const rough = assignTraffic(city, { tol: 1e-2 });
    const total = rough.traffic.reduce((sum, v, e) => sum + v * rough.cost[e], 0);
    expect(rough.objective - exact).toBeGreaterThanOrEqual(0);
    expect(rough.objective - exact).toBeLessThanOrEqual(rough.relativeGap * total);
  });

  test('twice the trips on twice the capacity is the same equilibrium, doubled', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 2, max: 4 }), (seed, size) => {
        const city = gridCity(size, seed);
        const trips = new CsrMatrix({ ...(city.trips as CsrMatrix), data: city.trips?.data.map((t) => 2 * t) as Float64Array });
        const links = city.links.map((link) => ({ ...link, capacity: 2 * (link.capacity ?? 0) }));
        const once = assignTraffic(city, { maxIterations: 10 });
        const twice = assignTraffic({ ...city, links, trips }, { maxIterations: 10 });
        once.traffic.forEach((v, e) => {
          expect(twice.traffic[e]).toBe(2 * v);
        });
      }),
      { numRuns: 20 },
    );
  });

  test('tolls count as cost, and move trips', () => {
    const free = affine('s', 't', 10, 0.001);
    const city = demand([free, { ...free, toll: 5 }], 10);
    expect(assignTraffic(city).traffic).toEqual(Float64Array.of(10, 0));
    const without = assignTraffic(city, { tollFactor: 0, tol: 1e-9 }).traffic;
    expect(without[0]).toBeCloseTo(5, 3);
  });

  test('says what is wrong', () => {
    const city = demand([affine('s', 't', 1, 1)], 5);
    expect(() => assignTraffic({ ...city, trips: undefined })).toThrow('city: expected a city with trips');
    expect(() => assignTraffic({ ...city, links: [affine('t', 's', 1, 1)] })).toThrow(
      'trips: 5 from zone "s" (string) to zone "t" (string), but no path of the city joins them',
    );
    expect(() => assignTraffic({ ...city, links: [affine('s', 'x', 1, 1)] })).toThrow(
      'links[0].to: "x" (string) is not among the 2 zones and 0 junctions of the city',
    );
    expect(() => assignTraffic({ ...city, links: [{ ...affine('s', 't', 1, 1), capacity: -1 }] })).toThrow(
      new RangeError('links[0].capacity: expected a number >= 0, got -1'),
    );
    expect(() => assignTraffic(city, { tol: -1 })).toThrow(new RangeError('tol: expected a number >= 0, got -1'));
    expect(() => assignTraffic(city, { gap: 1 } as never)).toThrow(/^assignTraffic: unknown option "gap"; known options: tol, /);
    const negative = CsrMatrix.fromCoo(2, 2, { row: [0], col: [1], value: [-1] });
    expect(() => assignTraffic({ ...city, trips: negative })).toThrow('trips[0][1] is -1: expected a finite number >= 0');
    const wide = CsrMatrix.fromCoo(2, 3, { row: [0], col: [1], value: [1] });
    expect(() => assignTraffic(city, { trips: wide })).toThrow(
      'trips: expected 2 x 2 entries, one row and column per zone, got 2 x 3',
    );
    expect(() => assignTraffic(null as never)).toThrow(TypeError);
    expect(() => assignTraffic(gridCity(3, 1), { signal: AbortSignal.abort() })).toThrow(/abort/i);
  });
});

describe('linkCost', () => {
  const link: Link = { from: 1, to: 2, distance: 3, cost: 7, freeFlowTime: 4, capacity: 1000, b: 0.15, power: 4, toll: 2 };

  test('is the BPR function with toll and distance', () => {
    expect(linkCost(link, 0)).toBe(6);
    expect(linkCost(link, 2000)).toBeCloseTo(4 * (1 + 0.15 * 16) + 2, 12);
    expect(linkCost(link, 2000, { tollFactor: 0.5, distanceFactor: 0.1 })).toBeCloseTo(13.6 + 1 + 0.3, 12);
    expect(linkCost({ ...link, power: 2.5 }, 500)).toBeCloseTo(4 * (1 + 0.15 * 0.5 ** 2.5) + 2, 12);
    expect(linkCost({ ...link, traffic: 1000 })).toBeCloseTo(6.6, 12);
  });

  test('has no holes: no b, no power, no capacity, no time', () => {
    expect(linkCost({ ...link, b: 0, power: 0, capacity: 0 }, 100)).toBe(6);
    expect(linkCost({ ...link, capacity: 0 }, 100)).toBe(6);
    expect(linkCost({ ...link, power: 0 }, 0)).toBe(4 * 1.15 + 2);
    expect(linkCost({ from: 1, to: 2, distance: 3, cost: 7 }, 100)).toBe(7);
    expect(() => linkCost(link, -1)).toThrow(new RangeError('traffic: expected a number >= 0, got -1'));
    expect(() => linkCost({ ...link, toll: '2' as never })).toThrow(
      new TypeError('link.toll: expected a number >= 0, got "2" (string)'),
    );
  });

  test('Beckmann integrates it', () => {
    const city: City = { zones: [{ id: 1 }, { id: 2 }], links: [{ ...link, power: 2.5 }] };
    const h = 1e-3;
    const slope = (beckmannObjective(city, [700 + h]) - beckmannObjective(city, [700 - h])) / (2 * h);
    expect(slope).toBeCloseTo(linkCost(city.links[0], 700), 6);
    expect(() => beckmannObjective(city, [1, 2])).toThrow('traffic: expected 1 numbers, got 2');
  });
});
