import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { City } from '../../src/city/city.ts';
import { costSkim } from '../../src/city/roads/costSkim.ts';
import { flowImbalance } from '../../src/city/roads/flowImbalance.ts';
import { greatCircleDistance } from '../../src/city/roads/greatCircleDistance.ts';
import { shortestPaths } from '../../src/city/roads/shortestPaths.ts';
import { zoneDistances } from '../../src/city/roads/zoneDistances.ts';
import { CsrMatrix } from '../../src/index.ts';

/** Cities with up to 9 places, of which some are zones and some let nobody through, and any links, parallel ones and loops too. */
const anyCity = fc
  .record({ zones: fc.integer({ min: 1, max: 5 }), junctions: fc.integer({ min: 0, max: 4 }) })
  .chain(({ zones, junctions }) => {
    const place = fc.integer({ min: 0, max: zones + junctions - 1 });
    const link = fc.record({ from: place, to: place, distance: fc.constantFrom(0, 1, 2, 3.5, 7), cost: fc.constant(1) });
    return fc.record({
      zones: fc.constant(Array.from({ length: zones }, (_, id) => ({ id }))),
      junctions: fc.constant(Array.from({ length: junctions }, (_, k) => ({ id: zones + k }))),
      links: fc.array(link, { maxLength: 25 }),
      noThrough: fc.uniqueArray(place, { maxLength: 3 }).map((ids) => new Set(ids)),
    });
  });

/** All costs by Floyd and Warshall, not passing through closed places. */
function floydWarshall(city: City): number[][] {
  const n = city.zones.length + (city.junctions?.length ?? 0);
  const d = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 0 : Infinity)));
  for (const { from, to, distance } of city.links) {
    const [a, b] = [Number(from), Number(to)];
    d[a][b] = Math.min(d[a][b], distance);
  }
  for (let k = 0; k < n; k++) {
    if (city.noThrough?.has(k)) continue;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) d[i][j] = Math.min(d[i][j], d[i][k] + d[k][j]);
  }
  return d;
}

describe('cheapest paths', () => {
  test('agree with Floyd and Warshall on any city, and their paths add up to their cost', () => {
    fc.assert(
      fc.property(anyCity, (city) => {
        const oracle = floydWarshall(city);
        oracle.forEach((row, origin) => {
          const paths = shortestPaths(city, origin, { weight: 'distance' });
          row.forEach((cost, place) => {
            expect(paths.costTo(place)).toBe(cost);
            const path = paths.pathTo(place);
            if (cost === Infinity) {
              expect(path).toBeUndefined();
              return;
            }
            let [at, sum] = [origin, 0];
            for (const link of path ?? []) {
              expect(city.links[link].from).toBe(at);
              if (at !== origin) expect(city.noThrough.has(at)).toBe(false);
              at = city.links[link].to;
              sum += city.links[link].distance;
            }
            expect([at, sum]).toEqual([place, cost]);
          });
        });
      }),
      { numRuns: 200 },
    );
  });

  test('a skim is the costs between zones, and half the way to the nearest other zone within one', () => {
    fc.assert(
      fc.property(anyCity, (city) => {
        const oracle = floydWarshall(city);
        const skim = costSkim(city, { weight: ({ distance }) => distance });
        const n = city.zones.length;
        for (let i = 0; i < n; i++) {
          const others = oracle[i].slice(0, n).filter((_, j) => j !== i);
          for (let j = 0; j < n; j++)
            expect(skim.get(i, j)).toBe(i === j ? (n === 1 ? 0 : Math.min(...others) / 2) : oracle[i][j]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('say what is wrong', () => {
    const city: City = { zones: [{ id: 'a' }, { id: 'b' }], links: [{ from: 'a', to: 'b', distance: 1, cost: 2 }] };
    expect(costSkim(city).toRows()).toEqual([
      [1, 2],
      [Infinity, Infinity],
    ]);
    expect(() => costSkim(city, { weight: 'freeFlowTime' })).toThrow(
      new TypeError('links[0].freeFlowTime is undefined: expected a number >= 0'),
    );
    expect(() => costSkim(city, { weight: () => -1 })).toThrow(new RangeError('weight(links[0]) is -1: expected a number >= 0'));
    expect(() => costSkim(city, { weight: 'time' as never })).toThrow(
      'weight: expected one of "cost", "distance", "freeFlowTime", got "time" (string)',
    );
    expect(() => costSkim({ ...city, zones: [{ id: 'a' }, { id: 'a' }] })).toThrow('city: place "a" (string) is given twice');
    expect(() => costSkim({ ...city, noThrough: new Set(['x']) })).toThrow(
      'noThrough: "x" (string) is not among the 2 zones and 0 junctions of the city',
    );
    expect(() => shortestPaths(city, 'x')).toThrow('origin: "x" (string) is not among the 2 places of the city');
    expect(() => shortestPaths(city, 'a').pathTo('y')).toThrow('place: "y" (string) is not among the 2 places of the city');
    expect(() => costSkim(city, { signal: AbortSignal.abort() })).toThrow(/abort/i);
  });
});

describe('distances', () => {
  test('on the Earth are those of the haversine formula', () => {
    const oracle = (a: { x: number; y: number }, b: { x: number; y: number }) => {
      const r = Math.PI / 180;
      const h =
        Math.sin(((b.y - a.y) * r) / 2) ** 2 + Math.cos(a.y * r) * Math.cos(b.y * r) * Math.sin(((b.x - a.x) * r) / 2) ** 2;
      return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, h)));
    };
    const point = fc.record({
      x: fc.double({ min: -180, max: 180, noNaN: true }),
      y: fc.double({ min: -90, max: 90, noNaN: true }),
    });
    fc.assert(
      fc.property(point, point, (a, b) => {
        const d = greatCircleDistance(a, b);
        expect(Math.abs(d - oracle(a, b))).toBeLessThan(1e-6 + (d > 20000 ? 1e-2 : 0));
        expect(greatCircleDistance(b, a)).toBe(d);
      }),
    );
    expect(greatCircleDistance({ x: 0, y: 0 }, { x: 180, y: 0 })).toBeCloseTo(Math.PI * 6371.0088, 6);
    expect(greatCircleDistance({ x: 5, y: 5 }, { x: 5, y: 5 })).toBe(0);
    expect(greatCircleDistance({ x: 0, y: 51.5 }, { x: 2.35, y: 48.85 })).toBeCloseTo(338.9, 0);
    expect(() => greatCircleDistance({ x: 0, y: Number.NaN }, { x: 0, y: 0 })).toThrow('a.y: expected a finite number, got NaN');
  });

  test('of zones, with half the nearest within a zone', () => {
    const zones = [
      { id: 1, x: 0, y: 0 },
      { id: 2, x: 3, y: 4 },
      { id: 3, x: 0, y: 1 },
    ];
    expect(zoneDistances({ zones, links: [] }).toRows()).toEqual([
      [0.5, 5, 1],
      [5, Math.sqrt(18) / 2, Math.sqrt(18)],
      [1, Math.sqrt(18), 0.5],
    ]);
    expect(zoneDistances({ zones, links: [], coordinates: 'degrees' }).get(0, 2)).toBeCloseTo(111.195, 3);
    expect(() => zoneDistances({ zones: [{ id: 7, x: 1 }], links: [] })).toThrow('zones[0] (7) has no coordinates x and y');
  });
});

describe('flowImbalance', () => {
  test('is what leaves less what arrives less the trips', () => {
    const city: City = {
      zones: [{ id: 's' }, { id: 't' }],
      junctions: [{ id: 'm' }],
      links: [
        { from: 's', to: 'm', distance: 1, cost: 1, traffic: 5 },
        { from: 'm', to: 't', distance: 1, cost: 1, traffic: 4 },
      ],
      trips: CsrMatrix.fromCoo(2, 2, { row: [0, 0], col: [1, 0], value: [5, 9] }),
    };
    expect(flowImbalance(city)).toEqual(Float64Array.of(0, 1, -1));
    expect(flowImbalance(city, { traffic: [5, 5] })).toEqual(Float64Array.of(0, 0, 0));
    expect(() => flowImbalance({ ...city, trips: undefined })).toThrow('city: expected a city with trips');
    expect(() => flowImbalance(city, { traffic: [1] })).toThrow('traffic: expected 2 numbers, got 1');
  });
});
