/**
 * Wasm against JavaScript, ratio first: every kernel, the whole lasso path, C for the sparse product, cold start, memory and sizes.
 * `npm run bench` writes bench/results/kernels.json; `node bench/kernels.mjs PATTERN` runs the rows whose name matches and writes nothing.
 */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundleTwin } from './backends.mjs';
import { digits, machine, median, printTable, rounds, spreadOf, writeJson, yesNo } from './harness.mjs';
import { kernelRows } from './kernelRows.mjs';
import { pathRows } from './pathRows.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const pattern = process.argv[2] && new RegExp(process.argv[2], 'i');
const chosen = (name) => !pattern || pattern.test(name);
const note = (name) => process.stderr.write(`  ${name}\n`);

/** Two results of one computation, in different orders of summation. */
function agree(name, a, b) {
  let worst = 0;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    worst = Math.max(worst, Math.abs(a[k] - b[k]));
    largest = Math.max(largest, Math.abs(a[k]));
  }
  const tolerance = a instanceof Float32Array ? 1e-4 : 1e-9;
  if (!(worst <= tolerance * largest)) throw new Error(`${name}: results differ by ${worst} (largest value ${largest})`);
}

const twin = bundleTwin();

/** One row, each side in a process of its own: see side.mjs. */
async function timeRow(name) {
  note(name);
  const sides = await Promise.all(['wasm', 'js'].map((side) => startSide(side, name)));
  try {
    const [wasm, js] = sides.map(({ opened }) => opened);
    for (const result of Object.values(js.results)) agree(name, result, wasm.results.wasm);
    for (const side of sides) await side.ask('warmUp');
    const times = await rounds(sides, (side) => side.ask('round'));
    const baseline = times.plain && times.plain.ms < times.js.ms ? times.plain : times.js;
    return {
      name,
      ratio: baseline.ms / times.wasm.ms,
      spread: spreadOf(baseline, times.wasm),
      wasmMs: times.wasm.ms,
      jsMs: times.js.ms,
      plainMs: times.plain?.ms,
      gap: wasm.gap,
    };
  } finally {
    for (const side of sides) side.stop();
  }
}

async function startSide(side, name) {
  const child = fork(here('side.mjs'), [side, name, twin], { serialization: 'advanced' });
  const answer = () =>
    new Promise((resolve, reject) => {
      const failed = (code) => reject(new Error(`${name}: the ${side} side ended with code ${code}`));
      child.once('exit', failed);
      child.once('message', (message) => {
        child.off('exit', failed);
        resolve(message);
      });
    });
  return {
    opened: await answer(),
    ask(what) {
      child.send(what);
      return answer();
    },
    stop: () => child.kill(),
  };
}

async function kernelRow({ name, target, native, data }) {
  const row = await timeRow(name);
  const c = native && nativeMatvec(data());
  return { ...row, target, reached: target && row.ratio >= target, cMs: c?.ms, cRatio: c && row.wasmMs / c.ms };
}

/** The same product in C on the same data; undefined without gcc. */
function nativeMatvec({ A, x }) {
  if (spawnSync('gcc', ['--version']).status !== 0) {
    console.log('C: skipped, no gcc (Debian: apt-get install gcc libc6-dev)');
    return undefined;
  }
  const dir = mkdtempSync(join(tmpdir(), 'spinifex-c-'));
  try {
    for (const [name, array] of Object.entries({ indptr: A.indptr, indices: A.indices, data: A.data, x })) {
      writeFileSync(join(dir, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
    const program = join(dir, 'matvec');
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, here('native/matvec.c')]);
    const lines = execFileSync(program, [dir, A.rows, A.data.length, 5], { encoding: 'utf8' }).trim().split('\n').map(Number);
    return { ms: Math.min(...lines.slice(0, -1)) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function coldRows(runs = 15) {
  const [inside, full, empty] = [[], [], []];
  const timed = (...args) => {
    const start = performance.now();
    const printed = execFileSync(process.execPath, [here('cold.mjs'), ...args], { encoding: 'utf8' });
    return { ms: performance.now() - start, printed };
  };
  timed();
  for (let k = 0; k < runs; k++) {
    const { ms, printed } = timed();
    inside.push(Number(printed));
    full.push(ms);
    empty.push(timed('empty').ms);
  }
  const lowest = (values) => Math.min(...values);
  const row = (name, value, least) => limit(name, value, 'ms', 40, `lowest ${digits(least)}, ${runs} runs`);
  return [
    row('cold: import to the end of the first 100 x 20 fit', median(inside), lowest(inside)),
    row('cold: the same as a process, less an empty process', median(full) - median(empty), lowest(full) - lowest(empty)),
  ];
}

function memoryRows() {
  const sets = [
    ['dense_wide', 'f64'],
    ['dense_gene', 'f64'],
    ['dense_tall', 'f64'],
    ['dense_tall', 'f32'],
    ['sparse_text', 'f64'],
  ];
  return sets.map(([set, kind]) => {
    const m = JSON.parse(execFileSync(process.execPath, [here('memory.mjs'), set, kind], { encoding: 'utf8' }));
    const size = `${digits(m.bytes / 1e6)} MB of data, peak ${digits(m.peak / 1e6)} MB`;
    const growth = m.again > m.peak ? `; grew to ${digits(m.again / 1e6)} MB in a second path` : '; no more in a second path';
    return limit(
      `linear memory over data, path on ${set}-like ${m.rows} x ${m.cols} ${kind}`,
      m.peak / m.bytes,
      'x',
      1.3,
      size + growth,
    );
  });
}

function sizeRows() {
  const size = (file) => gzipSync(readFileSync(here(`../dist/${file}`)), { level: 9 }).length / 1000;
  const read = (name) => readFileSync(here(`../dist/${name}`), 'utf8');
  // What `spinifex` itself imports: neither the command nor charts and cities.
  const scripts = new Set(['index.js']);
  for (const name of scripts)
    for (const [, path] of read(name).matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g)) scripts.add(path);
  const facade = [...scripts].filter((name) => !read(name).includes('AGFzbQ'));
  return [
    limit('gzip size of the kernels', size('kernels.wasm'), 'kB', 48, ''),
    limit(
      'gzip size of the JavaScript of all families',
      facade.reduce((total, name) => total + size(name), 0),
      'kB',
      150,
      '',
    ),
  ];
}

const limit = (name, value, unit, target, remark) => ({ name, value, unit, target, reached: value <= target, remark });

const system = machine();
const kernels = [];
for (const row of kernelRows) if (chosen(row.name)) kernels.push(await kernelRow(row));
const paths = [];
for (const { name } of pathRows) if (chosen(name)) paths.push(await timeRow(name));
const limits = [];
for (const [name, run] of Object.entries({ 'cold start': coldRows, memory: memoryRows, sizes: sizeRows })) {
  if (!chosen(name)) continue;
  note(name);
  limits.push(...run());
}

const percent = (share) => `${digits(share * 100, 2)}%`;
const speed = [...kernels, ...paths];
if (speed.length > 0) {
  printTable(
    'Wasm against JavaScript (ratio: the faster of the JS kernel and the plain loop / Wasm)',
    ['row', 'ratio', 'spread', 'target', 'reached', 'wasm ms', 'js ms', 'plain ms', 'C ms'],
    speed.map((r) => [
      r.name,
      digits(r.ratio),
      percent(r.spread),
      r.target ?? '',
      yesNo(r.reached),
      digits(r.wasmMs),
      digits(r.jsMs),
      digits(r.plainMs),
      digits(r.cMs),
    ]),
  );
}
const C_TARGET = 1.15;
const native = kernels
  .filter((r) => r.cRatio)
  .map((r, k) => {
    const target = k === 0 ? C_TARGET : undefined;
    return { name: r.name, ratio: r.cRatio, target, reached: target && r.cRatio <= target, wasmMs: r.wasmMs, cMs: r.cMs };
  });
if (native.length > 0) {
  printTable(
    'Wasm / C (gcc -O3 -march=native), time',
    ['row', 'ratio', 'target', 'reached', 'wasm ms', 'C ms'],
    native.map((r) => [r.name, digits(r.ratio), r.target ?? '', yesNo(r.reached), digits(r.wasmMs), digits(r.cMs)]),
  );
}
if (limits.length > 0) {
  printTable(
    'Limits',
    ['row', 'value', 'unit', 'at most', 'reached', 'remark'],
    limits.map((r) => [r.name, digits(r.value), r.unit, r.target, yesNo(r.reached), r.remark]),
  );
}
if (!pattern) writeJson(here('results/kernels.json'), { machine: system, kernels, paths, native, limits });
