import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { City } from '../../src/city/city.ts';
import type { CityReport } from '../../src/city/cityReport.ts';
import type { CityLibrary, CitySource } from '../../src/cli/cityLibrary.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { run, scratch } from './run.ts';

const folder = scratch();
afterAll(() => folder.remove());

const score = (mean: number) => ({ mean, standardError: 0 });

/** Three places, one road, one observed route. */
const city: City = {
  name: 'Threetown',
  zones: [{ id: 1, name: 'Harbour' }, { id: 2 }, { id: 'D' }],
  links: [{ from: 1, to: 2, distance: 3, cost: 4, traffic: 100 }],
  trips: CsrMatrix.fromCoo(3, 3, { row: [0], col: [1], value: [7] }),
  repairs: [
    { kind: 'duplicate-link', source: 'net', count: 2, lines: [5, 9], description: 'a link given twice: the first one is kept' },
  ],
};

/** What the library was asked, and a report with known numbers. */
const asked: { source?: CitySource; options?: object } = {};
let failing: Error | undefined;
const library: CityLibrary = {
  makeCity(source) {
    asked.source = source;
    return city;
  },
  report(of, options, { onProgress }) {
    asked.options = options;
    onProgress({ done: 0, total: 2, stage: 'prune' });
    if (failing) throw failing;
    const { seed } = options;
    const report: CityReport = {
      city: of,
      seed,
      prune: {
        roads: [
          { from: 0, to: 1, weight: 0.5 },
          { from: 1, to: 2, weight: 0 },
        ],
        open: 1,
        lambdaRatio: 0.1,
      },
      rank: { scores: Float64Array.of(0.2, 0.5, 0.3), order: Int32Array.of(1, 2, 0), errorBound: 1e-12 },
      spike: {
        demand: Float64Array.of(1, 0, 0),
        threshold: 1,
        durationMs: 100,
        spikes: { time: Float64Array.of(3, 5, 8), neuron: Int32Array.of(0, 0, 1) },
        counts: Int32Array.of(2, 1, 0),
        roads: CsrMatrix.fromCoo(3, 3, { row: [0], col: [1], value: [0.5] }),
      },
      evaluate: [
        {
          split: 'column',
          seeds: [0, 1],
          heldOut: [10, 12],
          methods: [
            {
              method: 'gravity x factorisation',
              ours: true,
              knows: [],
              rmse: score(12.5),
              rmsePercent: score(40),
              rmsePercentByVolume: [],
              mae: score(5),
              wape: score(0.2),
              cpc: score(0.8),
              deviance: score(3),
              skill: score(0.25),
              coverage: score(0.9),
            },
          ],
        },
      ],
      skipped: [{ stage: 'select', reason: 'too few links' }],
    };
    return report;
  },
  page: ({ seed }) => `<!doctype html><title>seed ${seed}</title>`,
};

vi.mock('../../src/cli/cityLibrary.ts', () => ({ cityLibrary: async () => library }));

let out: string;
let runs = 0;
beforeEach(() => {
  out = join(folder.path, `report-${runs++}`);
  failing = undefined;
});

describe('spinifex city', () => {
  test('writes the page, and prints what was found and where the page is', async () => {
    const result = await run(['city', '--out', out, '--seed', '5', '--quiet']);
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(out)).toEqual(['index.html']);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('<!doctype html><title>seed 5</title>');
    expect(asked).toEqual({
      source: { kind: 'synthetic', zones: undefined, seed: 5 },
      options: { seed: 5, evaluate: true, evaluationSeeds: [5] },
    });
    expect(result.out).toBe(
      [
        'Threetown: 3 zones, 1 road, 1 of 9 routes observed; seed 5',
        'mended in net: a link given twice: the first one is kept; 2 x (line 5, 9)',
        '',
        'Roads into zones: 1 of 2 stay open, L1 closes 1',
        '',
        'Who fires',
        '  2 of 3 zones fire within 100 ms: Harbour (2), 2 (1)',
        '  highest PageRank: 2, D, Harbour',
        '',
        'Evaluation: whole destinations held out (2 seeds, about 11 entries)',
        '  method (* ours)          RMSE  %RMSE   WAPE    CPC  deviance  skill  90 % holds',
        '* gravity x factorisation  12.5     40  0.200  0.800         3  0.250      90.0 %',
        '',
        'Left out',
        '  select: too few links',
        '',
        `Page: ${join(out, 'index.html')}`,
        '',
      ].join('\n'),
    );
  });

  test('--json prints the report for programs, and --data keeps it beside the page', async () => {
    const result = await run(['city', '--out', out, '--json', '--data', '--no-evaluate']);
    expect(asked.options).toEqual({ seed: 0, evaluate: false, evaluationSeeds: [0] });
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(result.out);
    expect(JSON.parse(result.out)).toMatchObject({
      page: join(out, 'index.html'),
      city: { zones: 3, links: 1, observed: 1 },
      prune: {
        open: 1,
        roads: [
          { from: 1, to: 2, weight: 0.5 },
          { from: 2, to: 'D', weight: 0 },
        ],
      },
      rank: {
        places: [
          { place: 2, score: 0.5 },
          { place: 'D', score: 0.3 },
          { place: 1, score: 0.2 },
        ],
      },
      spike: {
        places: [
          { place: 1, demand: 1, spikes: 2 },
          { place: 2, spikes: 1 },
          { place: 'D', spikes: 0 },
        ],
      },
    });
  });

  test('judges files over five seeds and the built-in city over one, unless --seeds says how many', async () => {
    const seedsOf = async (...argv: string[]) => {
      const { code } = await run(['city', '--out', out, '--quiet', ...argv]);
      return code === 0 ? (asked.options as { evaluationSeeds: number[] }).evaluationSeeds : code;
    };
    const links = folder.file('links.csv', 'text');
    expect(await seedsOf('--links', links)).toEqual([0, 1, 2, 3, 4]);
    expect(await seedsOf('--links', links, '--seed', '7', '--seeds', '2')).toEqual([7, 8]);
    expect(await seedsOf('--seeds', '3')).toEqual([0, 1, 2]);
    expect(await seedsOf('--seeds', '0')).toBe(2);
    expect(await seedsOf('--seeds', '2', '--no-evaluate')).toBe(2);
  });

  test('reports its stages on stderr', async () => {
    expect((await run(['city', '--out', out])).err).toBe('prune: 0 of 2\n');
  });

  test('hands the texts of real files on', async () => {
    const file = (name: string) => folder.file(name, `text of ${name}`);
    const tntp = [
      '--net',
      file('net'),
      '--trips',
      file('trips'),
      '--flow',
      file('flow'),
      '--node',
      file('node'),
      '--places',
      file('places'),
      '--toll-factor',
      '0.02',
      '--hourly',
      '--lenient',
    ];
    await run(['city', '--out', out, ...tntp]);
    const source = (name: string) => ({ file: join(folder.path, name), text: `text of ${name}` });
    const [net, trips, flow, node, places] = ['net', 'trips', 'flow', 'node', 'places'].map(source);
    expect(asked.source).toEqual({
      kind: 'tntp',
      net,
      trips,
      flow,
      node,
      places,
      options: { tollFactor: 0.02, hourly: true, mismatch: 'repair' },
    });
    await run(['city', '--out', out, '--links', '-', '--columns', 'origin=home, destination=work'], { input: 'piped' });
    const columns = { origin: 'home', destination: 'work' };
    expect(asked.source).toEqual({ kind: 'routes', links: { file: '-', text: 'piped' }, columns, places: undefined });
  });
});

describe('--unknown', () => {
  const unknown = async (value: string) => {
    const result = await run(['city', '--out', out, '--quiet', '--unknown', value]);
    return result.code === 0 ? (asked.options as { unknown: unknown }).unknown : result.err;
  };

  test('takes zones by id or name, and routes between them', async () => {
    expect(await unknown('D, 2,Harbour:D,1:2')).toEqual(['D', 2, { origin: 1, destination: 'D' }, { origin: 1, destination: 2 }]);
  });

  test('takes a file of them, one per line or between commas', async () => {
    expect(await unknown(folder.file('unknown.txt', 'D\n1:D, 2\r\n'))).toEqual(['D', { origin: 1, destination: 'D' }, 2]);
  });

  test.each([
    ['E', '--unknown: no zone and no file "E"; there are 1, 2, D'],
    ['1:E', '--unknown: no zone "E" (in "1:E"); there are 1, 2, D'],
    ['1:2:D', '--unknown: expected origin:destination, got "1:2:D"'],
    [',', '--unknown: expected places or routes (origin:destination), got ","'],
  ])('refuses %s', async (value, message) => {
    expect(await unknown(value)).toBe(`spinifex: ${message}\n`);
    expect(existsSync(out)).toBe(false);
  });
});

describe('when the work fails', () => {
  test('no page and no folder are left', async () => {
    failing = new RangeError('trips: expected at least one observed entry');
    const { code, err } = await run(['city', '--out', join(out, 'deep'), '--quiet']);
    expect({ code, err }).toEqual({ code: 1, err: 'spinifex: trips: expected at least one observed entry\n' });
    expect(existsSync(out)).toBe(false);
  });

  test('the page of the last run stays as it was', async () => {
    await run(['city', '--out', out]);
    writeFileSync(join(out, 'notes.txt'), 'mine');
    failing = new RangeError('no');
    expect((await run(['city', '--out', out, '--seed', '9'])).code).toBe(1);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('<!doctype html><title>seed 0</title>');
    expect(readdirSync(out).sort()).toEqual(['index.html', 'notes.txt']);
  });
});
