import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from './tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinifex-city-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NUMBER_OF_TOWNS = 14;
/** Invented towns on a spiral, and who commutes between them: more between large ones, fewer over long ways; 7 pairs were never counted. */
const towns = Array.from({ length: NUMBER_OF_TOWNS }, (_, k) => ({
  id: `T${k}`,
  population: 900 + ((k * 7919) % 5000),
  x: k * Math.cos(k),
  y: k * Math.sin(k),
}));
const flows = towns.flatMap((a, i) =>
  towns.flatMap((b, j) => {
    if (i === j || (i * NUMBER_OF_TOWNS + j) % 25 === 3) return [];
    const trips = (a.population * b.population) / (20_000 * (1 + Math.hypot(a.x - b.x, a.y - b.y)));
    return [`${a.id},${b.id},${Math.round(trips * (1 + ((i * 31 + j * 17) % 10) / 20))}`];
  }),
);
const places = `id,population,x,y\n${towns.map(({ id, population, x, y }) => [id, population, x, y].join(',')).join('\n')}\n`;
const trips = `origin,destination,flow\n${flows.join('\n')}\n`;

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** A folder of its own for each run, with the files that it reads. */
let folders = 0;
function fresh(files: Record<string, string | Uint8Array> = {}): string {
  const path = join(folder, String(folders++));
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

function city(cwd: string, argv: readonly string[], interruptAt?: RegExp): Promise<Outcome> {
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), 'city', ...argv], { cwd });
  let [out, err, interrupted] = ['', '', false];
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (interruptAt?.test(err) && !interrupted) interrupted = child.kill('SIGINT');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('the built-in city ends with the summary and one page, and leaves nothing else', async () => {
  const cwd = fresh();
  const { code, out, err } = await city(cwd, ['--quiet']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const part of [
    /^synthetic city 0: 60 zones/,
    /\nWhat matters for /,
    /\nUnknown routes: \d+ predicted/,
    /\nEfficiency: /,
  ]) {
    expect(out).toMatch(part);
  }
  expect(out.match(/\nEvaluation: .*\(1 seed, /g)).toHaveLength(2);
  expect(out.match(/\n\* gravity x factorisation /g)).toHaveLength(2);
  const page = join(cwd, 'city-report', 'index.html');
  expect(out.endsWith(`\n\nPage: ${page}\n`)).toBe(true);
  expect(readdirSync(cwd)).toEqual(['city-report']);
  expect(readdirSync(join(cwd, 'city-report'))).toEqual(['index.html']);
  expect(statSync(page).size).toBeLessThan(1.5e6);
  expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\s*$/);
});

test('trips and places from two CSV files are judged over five seeds, and --json and --data say the same', async () => {
  const cwd = fresh({ 'trips.csv': trips, 'places.csv': places });
  const argv = ['--links', 'trips.csv', '--places', 'places.csv', '--unknown', 'T3', '--json', '--data', '--quiet'];
  const { code, out, err } = await city(cwd, argv);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const report = JSON.parse(out);
  expect(JSON.parse(readFileSync(join(cwd, 'city-report', 'report.json'), 'utf8'))).toEqual(report);
  expect(report.city).toMatchObject({ zones: NUMBER_OF_TOWNS, links: 0, observed: flows.length });
  expect(report.evaluate.map(({ split, seeds }: { split: string; seeds: number[] }) => [split, seeds])).toEqual([
    ['entry', [0, 1, 2, 3, 4]],
    ['column', [0, 1, 2, 3, 4]],
  ]);
  // The routes to T3 that nobody counted, no others.
  const known = new Set(flows.map((line) => line.split(',').slice(0, 2).join()));
  const unknown = towns.map(({ id }) => id).filter((id) => id !== 'T3' && !known.has(`${id},T3`));
  expect(unknown.length).toBeGreaterThan(0);
  expect(report.predictions.map(({ origin }: { origin: string }) => origin).sort()).toEqual(unknown.sort());
  for (const { value, lower, upper } of report.predictions) expect(lower < value && value < upper).toBe(true);
  expect(readdirSync(join(cwd, 'city-report')).sort()).toEqual(['index.html', 'report.json']);
});

test('the same input and seed give the same page, letter for letter', async () => {
  const argv = ['--zones', '16', '--no-evaluate', '--quiet', '--seed', '3'];
  const pages = [];
  for (let k = 0; k < 2; k++) {
    const cwd = fresh();
    expect((await city(cwd, argv)).code).toBe(0);
    pages.push(readFileSync(join(cwd, 'city-report', 'index.html'), 'utf8'));
  }
  expect(pages[0]).toBe(pages[1]);
});

test('a city of three roads says what it is too small for', async () => {
  const cwd = fresh({ 'roads.csv': 'from,to,traffic,distance,cost\nA,D,100,5,3\nB,D,50,10,5\nC,D,200,8,4\n' });
  const { code, out } = await city(cwd, ['--links', 'roads.csv', '--quiet']);
  expect(code).toBe(0);
  expect(out).toMatch(/^roads: 4 zones, 3 roads; seed 0\n/);
  expect(out).toContain('\nLeft out\n  select: expected at least 20 links or routes with traffic, got 3\n');
});

test('trips without places are predicted from each other, and what needs more is left out', async () => {
  const cwd = fresh({ 'trips.csv': trips });
  const { code, out, err } = await city(cwd, ['--links', 'trips.csv', '--quiet', '--seeds', '1']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/\nUnknown routes: \d+ predicted \(\d+ warm\)/);
  expect(out).toMatch(/\nLeft out\n {2}select: /);
  expect(out).not.toMatch(/NaN|undefined|0 of 0/);
});

test('Ctrl-C in the middle of the pipeline ends it with 130 and leaves no folder', async () => {
  const cwd = fresh();
  const { code, out, err } = await city(cwd, [], /^select: /m);
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toMatch(/\nspinifex: cancelled\n$/);
  expect(readdirSync(cwd)).toEqual([]);
});

const net = (rows: string) =>
  `<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n~ init_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n${rows}`;
const row = (from: number, to: number) => `\t${from}\t${to}\t100\t1\t1\t0.15\t4\t50\t0\t1\t;\n`;

describe('a mistake is one line, and nothing is written:', () => {
  test.each([
    ['a negative distance', 'from,to,distance\nA,B,-5\n', 'file, line 2, column "distance": expected a number >= 0, got -5'],
    ['text for a number', 'from,to,distance\nA,B,far\n', 'file, line 2, column "distance": expected a number, got "far"'],
    [
      'no column of destinations',
      'from,distance\nA,1\n',
      'file: no column for "to" (to, to_node, target, term_node...); there are: "from", "distance"',
    ],
    ['an empty file', '', 'file: is empty'],
    ['a binary file', Uint8Array.of(80, 78, 71, 0, 1), 'file: is binary, not text (byte 4 is 0)'],
  ])('%s', async (_, content, message) => {
    const cwd = fresh({ file: content });
    expect(await city(cwd, ['--links', 'file'])).toEqual({ code: 1, out: '', err: `spinifex: ${message}\n` });
    expect(readdirSync(cwd)).toEqual(['file']);
  });

  test.each([
    ['a truncated net', ['--net', 'net'], net(row(1, 2)), 'net, line 7: the file ends after 1 links, NUMBER OF LINKS is 2'],
    [
      'a link to an unknown node',
      ['--net', 'net', '--node', 'node'],
      net(row(1, 2) + row(1, 3)),
      'net, line 8: node 3 is not in the node file',
    ],
    [
      'trips of an unknown zone',
      ['--net', 'net', '--trips', 'trips'],
      net(row(1, 2) + row(2, 1)),
      'trips, line 2: zone 7 is not among the zones 1..2',
    ],
  ])('%s', async (_, argv, content, message) => {
    const files = { net: content, node: 'Node\tX\tY\t;\n1\t0\t0\t;\n2\t1\t0\t;\n', trips: 'Origin 1\n 7 : 5.0;\n' };
    const cwd = fresh(files);
    expect(await city(cwd, argv)).toEqual({ code: 1, out: '', err: `spinifex: ${message}\n` });
    expect(readdirSync(cwd).sort()).toEqual(['net', 'node', 'trips']);
  });

  test('a zone that is not there', async () => {
    const cwd = fresh({ trips });
    const { code, err } = await city(cwd, ['--links', 'trips', '--unknown', 'T1:Atlantis']);
    expect(code).toBe(1);
    expect(err).toBe(
      'spinifex: --unknown: no zone "Atlantis" (in "T1:Atlantis"); there are T0, T1, T2, T3, T4, T5, T6, T7 and 6 more\n',
    );
    expect(readdirSync(cwd)).toEqual(['trips']);
  });

  test('an output folder that is a file', async () => {
    const cwd = fresh({ taken: 'x' });
    expect(await city(cwd, ['--out', 'taken'])).toEqual({
      code: 1,
      out: '',
      err: 'spinifex: taken: is a file, expected a folder\n',
    });
    expect(readFileSync(join(cwd, 'taken'), 'utf8')).toBe('x');
  });

  test('a flag that does not exist', async () => {
    const { code, err } = await city(fresh(), ['--zoness', '3']);
    expect({ code, err }).toEqual({ code: 2, err: "spinifex: unknown option '--zoness' (Did you mean --zones?)\n" });
  });
});
