import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from './tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'spinifex-bin-'));
const table = join(folder, 'table.csv');
/** Enough rows that cross-validation with many folds takes minutes. */
const large = join(folder, 'large.csv');
const columns = Array.from({ length: 60 }, (_, j) => `x${j}`);
const wave = (i: number, j: number) => ((i * (2 * j + 3) * 7919) % 1009) / 1009;
const row = (i: number) => [...columns.map((_, j) => wave(i, j)), wave(i, 0) - 2 * wave(i, 1) + wave(i, 77)].join(',');
writeFileSync(table, 'a,b,y\n1,1,5.05\n1,-1,4.95\n-1,1,1.05\n-1,-1,0.95\n');
writeFileSync(large, `${columns.join(',')},y\n${Array.from({ length: 2000 }, (_, i) => row(i)).join('\n')}\n`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built command prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(await spinifex(['--version'])).toEqual({ code: 0, signal: null, out: `${version}\n`, err: '' });
});

test('it fits a table from a pipe, saves the model with a picture, and predicts from it', async () => {
  const fit = ['lasso', '-', '--target', 'y', '--lambda', '0.1', '--save', 'model.json', '--svg', 'path.svg'];
  const { code, out, err } = await spinifex(fit, readFileSync(table));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // y = 3 + 2 a + 0.05 b with orthogonal columns: lambda comes off the one and takes the other.
  expect(out).toMatch(/\na +1\.9\n\(intercept\) +3\n\n1 coefficient of 2 is zero: b\.\n/);
  expect(readFileSync(join(folder, 'path.svg'), 'utf8')).toContain('</svg>');
  const predicted = await spinifex(['predict', 'model.json', table]);
  const values = predicted.out.trim().split('\n').slice(1).map(Number);
  for (const [i, value] of [4.9, 4.9, 1.1, 1.1].entries()) expect(values[i]).toBeCloseTo(value, 12);
});

test('a mistake is one line and no stack trace', async () => {
  expect(await spinifex(['lasso', table, '--target', 'z', '--lambda', '1'])).toEqual({
    code: 1,
    signal: null,
    out: '',
    err: `spinifex: ${table}: no column "z"; found a, b, y\n`,
  });
  expect((await spinifex(['lasso', table, '--labda', '1'])).code).toBe(2);
});

test('a reader that has seen enough ends it quietly', async () => {
  const child = start(['path', large, '--target', 'y', '--json', '--quiet']);
  child.stdout!.once('data', () => child.stdout!.destroy());
  const { code, err } = await outcome(child);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('Ctrl-C stops work that does not let go of the thread, with exit code 130 and nothing written', async () => {
  const before = readdirSync(folder);
  const argv = ['cv', large, '--target', 'y', '--folds', '500', '--lambdas', '500', '--tol', '1e-12', '--save', 'never.json'];
  const child = start(argv);
  // The first line of progress comes from inside the work.
  child.stderr!.once('data', () => child.kill('SIGINT'));
  const { code, signal, out, err } = await outcome(child);
  expect({ code, signal, out }).toEqual({ code: 130, signal: null, out: '' });
  expect(err).toMatch(/^cross-validation: \d+ of \d+.*\nspinifex: cancelled\n$/);
  expect(readdirSync(folder)).toEqual(before);
});

test('Ctrl-C stops it while it waits for its input', async () => {
  const child = start(['lasso', '-', '--target', 'y', '--lambda', '1']);
  // More than a pipe holds: once it is written, the command is reading.
  child.stdin!.write('a,y\n'.repeat(100_000), () => child.kill('SIGINT'));
  expect(await outcome(child)).toEqual({ code: 130, signal: null, out: '', err: 'spinifex: cancelled\n' });
});

test('the built city ends with the page', async () => {
  const { code, out } = await spinifex(['city', '--zones', '12', '--no-evaluate', '--out', 'report']);
  expect(code).toBe(0);
  const page = join(folder, 'report', 'index.html');
  expect(out.trimEnd().split('\n').at(-1)).toMatch(/^Page: .*index\.html$/);
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i);
});

interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

function start(argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'dist/cli.js'), ...argv], { cwd: folder });
}

function spinifex(argv: readonly string[], input: Uint8Array | string = ''): Promise<Outcome> {
  const child = start(argv);
  child.stdin!.end(input);
  return outcome(child);
}

function outcome(child: ChildProcess): Promise<Outcome> {
  let [out, err] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}
