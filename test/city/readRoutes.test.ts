import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlaces } from '../../src/city/reading/readPlaces.ts';
import { type RouteOptions, readRoutes, readRoutesStream } from '../../src/city/reading/readRoutes.ts';
import type { RouteColumns } from '../../src/city/reading/routeColumns.ts';
import { withPlaces } from '../../src/city/reading/withPlaces.ts';
import { writeCsv } from '../../src/io/index.ts';
import commuting from '../fixtures/ny-commuting.json';
import { complaint } from '../io/complaint.ts';
import { cutAnywhere, outcome } from '../io/cuts.ts';

const refusal = (text: string | object[], columns?: RouteColumns, options?: RouteOptions) =>
  complaint(() => readRoutes(text, columns, options));

describe('readRoutes', () => {
  test('reads origin-destination pairs: 0 is observed, an empty flow is unknown', () => {
    const city = readRoutes('flow,origin,destination\n5,01,2\n0,2,01\n,01,3\n7,01,01\n');
    expect(city.zones).toEqual([{ id: '01' }, { id: '2' }, { id: '3' }]);
    expect(city.links).toEqual([]);
    expect([...(city.trips?.toDense().data ?? [])]).toEqual([7, 5, 0, 0, 0, 0, 0, 0, 0]);
    expect(city.trips?.nnz).toBe(3);
  });

  test('reads links: traffic and cost where they are known, other numbers as attributes', () => {
    const city = readRoutes(
      'name;from;to;traffic;length;cost;lanes\nHigh Street;A;B;100;12.5;3;2\nLane;B;A;;8;;\n',
      {},
      { hourly: true, name: 'town' },
    );
    expect(city.links).toEqual([
      { from: 'A', to: 'B', traffic: 100, distance: 12.5, cost: 3, attributes: { lanes: 2 } },
      { from: 'B', to: 'A', distance: 8, cost: 8 },
    ]);
    expect([city.zones, city.hourly, city.name, city.trips]).toEqual([[{ id: 'A' }, { id: 'B' }], true, 'town', undefined]);
  });

  test('columns of TNTP in CSV are what they are called', () => {
    const city = readRoutes('init_node,term_node,capacity,length,free_flow_time,b,power,volume\n1,2,100,6,5,0.15,4,200\n');
    expect(city.links).toEqual([
      {
        from: '1',
        to: '2',
        traffic: 200,
        distance: 6,
        cost: 5 * (1 + 0.15 * 16),
        capacity: 100,
        freeFlowTime: 5,
        b: 0.15,
        power: 4,
      },
    ]);
  });

  test('pairs or links: by name of the columns, or as told', () => {
    const text = 'from,to,distance,flow\nA,B,3,9\n';
    expect(readRoutes(text).links).toHaveLength(1);
    expect(readRoutes(text, { flow: 'flow' }).trips?.get(0, 1)).toBe(9);
    expect(readRoutes('origin,destination,distance,trips\nA,B,3,9\n').trips?.get(0, 1)).toBe(9);
    expect(readRoutes('origin,destination,distance,trips\nA,B,3,9\n', { distance: 'distance' }).links[0]?.distance).toBe(3);
    expect(readRoutes('residence,workplace,commuters\nA,B,9\n').trips?.get(0, 1)).toBe(9);
    expect(readRoutes('a,b,c\nA,B,9\n', { origin: 'a', destination: 'b', flow: 'c' }).trips?.get(0, 1)).toBe(9);
  });

  test('records keep the kind of their identifiers', () => {
    const city = readRoutes([
      { from: 7, to: '7', distance: 3, toll: 1 },
      { from: '7', to: 7, distance: '4' },
    ]);
    expect(city.zones).toEqual([{ id: 7 }, { id: '7' }]);
    expect(city.links[1]).toEqual({ from: '7', to: 7, distance: 4, cost: 4 });
  });

  test('pairs given twice are refused, or put together as told', async () => {
    const text = 'origin,destination,flow\nA,B,4\nB,A,1\nA,B,9\nA,B,2\n';
    expect(await refusal(text)).toBe(
      `FileError DUPLICATE: routes, line 4: trips from "A" to "B" are given twice, first in line 2; duplicates: 'sum', 'mean', 'first' or 'last' accepts that`,
    );
    const flows = (['sum', 'mean', 'first', 'last'] as const).map((duplicates) => [
      ...(readRoutes(text, {}, { duplicates }).trips?.data ?? []),
    ]);
    expect(flows).toEqual([
      [15, 1],
      [5, 1],
      [4, 1],
      [2, 1],
    ]);
    expect(readRoutes(text, {}, { duplicates: 'sum' }).repairs).toEqual([
      {
        ...{ kind: 'duplicate-trips', source: 'trips', count: 2, lines: [4, 5] },
        description: 'trips between two zones given more than once: put together as the option "duplicates" says',
      },
    ]);
    const links = 'from,to,distance\nA,B,4\nA,B,9\n';
    expect(await refusal(links)).toMatch(
      /^FileError DUPLICATE: routes, line 3: the link from "A" to "B" is given twice, first in line 2;/,
    );
    expect(readRoutes(links, {}, { duplicates: 'first' }).links.map(({ distance }) => distance)).toEqual([4]);
    expect(readRoutes(links, {}, { duplicates: 'last' }).links.map(({ distance }) => distance)).toEqual([9]);
    expect(await refusal(links, {}, { duplicates: 'sum' })).toMatch(
      /^RangeError: duplicates: expected one of "refuse", "first", "last"/,
    );
  });

  test('says where what is wrong', async () => {
    const cases: [string, string][] = [
      ['', 'EMPTY_FILE: routes: expected a header line with column names, got an empty file'],
      ['origin,destination,flow\n', 'EMPTY_FILE: routes: expected at least one row, got none'],
      ['origin,destination,flow\nA,B,many\n', 'NOT_A_NUMBER: routes, line 2, column "flow": expected a number, got "many"'],
      ['origin,destination,flow\nA,B,-1\n', 'BAD_VALUE: routes, line 2, column "flow": expected a number >= 0, got -1'],
      [
        'origin,destination,flow\nA,B,1\nA,,1\n',
        'BAD_FORMAT: routes, line 3, column "destination": expected an identifier, got an empty cell',
      ],
      ['from,to,distance\nA,B,-3\n', 'BAD_VALUE: routes, line 2, column "distance": expected a number >= 0, got -3'],
      ['from,to,distance\nA,B,\n', 'NOT_A_NUMBER: routes, line 2, column "distance": expected a number, got an empty cell'],
      ['from,to,distance,toll\nA,B,1,x\n', 'NOT_A_NUMBER: routes, line 2, column "toll": expected a number, got "x"'],
      [
        'who,to,distance\nA,B,1\n',
        'MISSING_COLUMN: routes: no column for "from" (from, from_node, source, init_node...); there are: "who", "to", "distance"',
      ],
      [
        'from,to\nA,B\n',
        'MISSING_COLUMN: routes: no column for a distance (links: distance, length...) or a number of trips (pairs: flow, trips, count...); there are: "from", "to"',
      ],
    ];
    for (const [text, message] of cases) {
      expect(await refusal(text)).toBe(`FileError ${message}`);
      expect(await complaint(() => readRoutesStream([text]))).toBe(`FileError ${message}`);
    }
    expect(await refusal('from,to,km\nA,B,1\n', { distance: 'far' })).toBe(
      'FileError MISSING_COLUMN: routes: no column "far"; there are: "from", "to", "km"',
    );
    expect(await refusal([{ from: 1, to: 2, distance: 3 }, { from: 1, to: 3, distance: 'x' }])).toBe(
      'FileError NOT_A_NUMBER: routes[1], column "distance": expected a number, got "x"',
    ); // biome-ignore format: one call
    expect(await refusal([])).toBe('RangeError: routes: expected at least one record');
    expect(await refusal('a', { Flow: 'x' } as never)).toMatch(/^TypeError: columns: unknown option "Flow"/);
    expect(await refusal('a', { flow: 3 } as never)).toBe('TypeError: columns.flow: expected the name of a column');
  });

  test('a file in pieces gives the same city, wherever it is cut', async () => {
    const texts = [
      'origin,destination,flow\n01,1,5\r\n1,"0""1 é",0\n01,3,\n',
      'name,from,to,length,toll,traffic\nx,1,2,3.5,1,\ny,2,01,4,,7\n',
      'from,to,distance\nA,B,4\nA,B,9\n',
    ];
    for (const text of texts) {
      const whole = await outcome(() => readRoutes(text));
      await fc.assert(
        fc.asyncProperty(cutAnywhere(text), async (pieces) => {
          expect(await outcome(() => readRoutesStream(pieces))).toEqual(whole);
        }),
        { numRuns: 60 },
      );
    }
  });
});

describe('New York', () => {
  const { population, longitude, latitude, origin, destination, flow } = commuting;
  const county = population.map((_, k) => String(36001 + 2 * k));
  const flows = writeCsv({
    flow,
    origin: origin.map((k: number) => county[k]),
    destination: destination.map((k: number) => county[k]),
  });
  const counties = writeCsv({ county, population, longitude, latitude });

  test('flows and counties become 62 zones with positions and 1954 trips', () => {
    const city = withPlaces(readRoutes(flows), readPlaces(counties));
    expect([city.zones.length, city.trips?.nnz, city.coordinates]).toEqual([62, 1954, 'degrees']);
    expect(Array.from(city.trips?.data ?? []).reduce((sum, value) => sum + value, 0)).toBe(8831941);
    const where = new Map(city.zones.map((zone) => [zone.id, zone]));
    expect(where.get('36001')).toEqual({
      id: '36001',
      x: longitude[0],
      y: latitude[0],
      attributes: { population: population[0] },
    });
    for (const [k, value] of flow.entries()) {
      const [i, j] = [origin[k], destination[k]].map((zone) => city.zones.findIndex(({ id }) => id === county[zone]));
      expect(city.trips?.get(i, j)).toBe(value);
    }
  });
});
