import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Link } from '../../src/city/city.ts';
import { readTntp, readTntpStream } from '../../src/city/reading/readTntp.ts';
import { cutAnywhere, outcome } from '../io/cuts.ts';
import { type Town, town, townFiles } from './tntpTown.ts';

/** What a town looks like when it is read well. */
function expected({ zones, nodes, shift, links, trips, positions }: Town) {
  const place = (id: number) => ({ id: id + shift, x: positions[id - 1][0], y: positions[id - 1][1] });
  const ids = Array.from({ length: nodes }, (_, k) => k + 1);
  const roads = new Map<string, Link>();
  for (const { from, to, values, volume, cost } of links) {
    const [capacity, distance, freeFlowTime, b, power, speed, toll, type] = values;
    const link = {
      from: from + shift,
      to: to + shift,
      distance,
      cost,
      capacity,
      freeFlowTime,
      b,
      power,
      speed,
      toll,
      type,
      traffic: volume,
    };
    if (!roads.has(`${from} ${to}`)) roads.set(`${from} ${to}`, link);
  }
  return {
    zones: ids.slice(0, zones).map(place),
    junctions: nodes > zones ? ids.slice(zones).map(place) : undefined,
    links: [...roads.values()],
    trips: trips
      .map(({ origin, destination, flow }) => [origin - 1, destination - 1, flow])
      .sort(([a, c], [b, d]) => a - b || c - d),
    noThrough: shift === 0 ? new Set(ids.slice(0, zones)) : undefined,
  };
}

describe('readTntp', () => {
  test('a town written with any habits is read as it is', () => {
    fc.assert(
      fc.property(town, (invented) => {
        const { zones, junctions, links, trips, noThrough } = readTntp(townFiles(invented));
        const entries: number[][] = [];
        for (let i = 0; trips && i < trips.rows; i++) {
          for (let p = trips.indptr[i]; p < trips.indptr[i + 1]; p++) entries.push([i, trips.indices[p], trips.data[p]]);
        }
        expect({ zones, junctions, links, trips: entries, noThrough }).toEqual(expected(invented));
      }),
      { numRuns: 300 },
    );
  });

  test('its repairs are counted: duplicates are the rows beyond the links, and located where they are', () => {
    fc.assert(
      fc.property(town, (invented) => {
        const files = townFiles(invented);
        const { links, repairs = [] } = readTntp(files);
        const twice = repairs.find(({ kind }) => kind === 'duplicate-link');
        expect(twice?.count ?? 0).toBe(invented.links.length - links.length);
        const lines = files.net.split(/\r?\n/);
        for (const line of twice?.lines ?? []) expect(lines[line - 1]).toMatch(/^\t\d/);
        const open = repairs.find(({ kind, source }) => kind === 'missing-semicolon' && source === 'net');
        expect(open?.count ?? 0).toBe(lines.filter((text) => /^\t\d[^;]*$/.test(text)).length);
        for (const line of open?.lines ?? []) expect(lines[line - 1]).toMatch(/^\t\d[^;]*$/);
      }),
    );
  });

  test('files in pieces give the same town, wherever they are cut', async () => {
    const cutTown = town.chain((invented) => {
      const { net, trips, flow, node } = townFiles(invented);
      const pieces = fc.record({
        net: cutAnywhere(net),
        trips: cutAnywhere(trips),
        flow: cutAnywhere(flow),
        node: cutAnywhere(node),
      });
      return fc.tuple(fc.constant(invented), pieces);
    });
    await fc.assert(
      fc.asyncProperty(cutTown, async ([invented, pieces]) => {
        expect(await readTntpStream(pieces)).toEqual(readTntp(townFiles(invented)));
      }),
    );
  });

  test('a file that was cut anywhere is an error or the whole town, never half of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        town,
        fc.constantFrom('net', 'trips'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (invented, name, share) => {
          const files = townFiles(invented);
          const whole = readTntp(files);
          const text = files[name as 'net' | 'trips'];
          const cut = { ...files, [name]: text.slice(0, Math.floor(share * text.length)) };
          const city = await outcome(() => readTntp(cut));
          if (typeof city === 'string') return;
          const { links, trips } = city as typeof whole;
          expect(links.length).toBe(whole.links.length);
          const sum = (values: ArrayLike<number> = []) => Array.from(values).reduce((a, b) => a + b, 0);
          expect(Math.abs(sum(trips?.data) - sum(whole.trips?.data))).toBeLessThanOrEqual(1e-3 * sum(whole.trips?.data));
        },
      ),
    );
  });
});
