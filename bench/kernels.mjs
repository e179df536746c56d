/**
 * Wasm against JavaScript, ratio first: every kernel, the whole lasso path, C for the sparse product, cold start, memory and sizes.
 * `npm run bench` writes bench/results/kernels.json; `node bench/kernels.mjs PATTERN` runs the rows whose name matches and writes nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { jsMachine, plainLoops, wasmMachine } from './backends.mjs';
import { correlatedColumns, denseResponse, sparseResponse, textRows } from './data.mjs';
import { digits, machine, median, printTable, race, spreadOf, writeJson, yesNo } from './harness.mjs';
import { kernelRows } from './kernelRows.mjs';

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

async function kernelRow({ name, target, native, data, wire, plain, plainDiffers }) {
  note(name);
  const d = data();
  const [fast, slow] = [wasmMachine(), await jsMachine()];
  const [wasm, js] = [wire(fast, d), wire(slow, d)];
  const loop = plain?.(await plainLoops(), d);
  for (const each of [wasm, js, ...(loop ? [loop] : [])]) each.run();
  const [result, expected] = [fast.view(...wasm.out), slow.view(...js.out)];
  agree(name, expected, result);
  if (loop && !plainDiffers) agree(`${name}, plain loop`, loop.out, result);
  const times = race({ wasm: wasm.run, js: js.run, ...(loop ? { plain: loop.run } : {}) });
  const c = native && nativeMatvec(d);
  const baseline = times.plain && times.plain.ms < times.js.ms ? times.plain : times.js;
  const ratio = baseline.ms / times.wasm.ms;
  const row = { name, ratio, target, reached: target && ratio >= target, wasmMs: times.wasm.ms, jsMs: times.js.ms };
  return { ...row, plainMs: times.plain?.ms, cMs: c?.ms, cRatio: c && times.wasm.ms / c.ms, spread: spreadOf(baseline, times.wasm) };
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

/** 100 lambdas to lambda max / 100, every point at a gap of 1e-10, on one backend and on the other. */
async function pathRows() {
  const { CsrMatrix, DenseMatrix, lassoPath, setBackend } = await import('../dist/index.js');
  const problems = {
    'lasso path, dense 500 x 5000': () => {
      const X = correlatedColumns(500, 5000, 0.5, 40);
      return [new DenseMatrix(X, 500, 5000, 'column'), denseResponse(X, 500, 50, 3, 41)];
    },
    'lasso path, sparse 5000 x 20000': () => {
      const rows = textRows(5000, 20_000, 60, 42);
      return [new CsrMatrix(rows), sparseResponse(rows, 100, 2, 43)];
    },
  };
  const rows = [];
  for (const [name, make] of Object.entries(problems)) {
    if (!chosen(name)) continue;
    note(name);
    const [X, y] = make();
    const on = (backend) => () => {
      setBackend(backend);
      return lassoPath(X, y, { nLambdas: 100, lambdaMinRatio: 0.01, tol: 1e-10 }).points;
    };
    const gap = (points) => Math.max(...points.map(({ certificate }) => certificate.gap));
    const gaps = { wasm: gap(on('wasm')()), js: gap(on('js')()) };
    const { wasm, js } = race({ wasm: on('wasm'), js: on('js') });
    setBackend('wasm');
    rows.push({ name, ratio: js.ms / wasm.ms, wasmMs: wasm.ms, jsMs: js.ms, spread: spreadOf(js, wasm), wasmGap: gaps.wasm, jsGap: gaps.js });
  }
  return rows;
}

function coldRows(runs = 15) {
  const [inside, outside] = [[], []];
  const timed = (...args) => {
    const start = performance.now();
    const printed = execFileSync(process.execPath, [here('cold.mjs'), ...args], { encoding: 'utf8' });
    return { ms: performance.now() - start, printed };
  };
  timed();
  for (let k = 0; k < runs; k++) {
    const { ms, printed } = timed();
    inside.push(Number(printed));
    outside.push(ms - timed('empty').ms);
  }
  const row = (name, values) => limit(name, median(values), 'ms', 40, `lowest ${digits(Math.min(...values))}, ${runs} runs`);
  return [
    row('cold: import to the end of the first 100 x 20 fit', inside),
    row('cold: the same as a process, less an empty process', outside),
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
    return limit(`linear memory over data, path on ${set}-like ${m.rows} x ${m.cols} ${kind}`, m.peak / m.bytes, 'x', 1.3, size + growth);
  });
}

function sizeRows() {
  const size = (file) => gzipSync(readFileSync(here(`../dist/${file}`)), { level: 9 }).length / 1000;
  return [
    limit('gzip size of the kernels', size('kernels.wasm'), 'kB', 48, ''),
    limit('gzip size of the JS entry, kernels embedded', size('index.js'), 'kB', 40, ''),
  ];
}

const limit = (name, value, unit, target, remark) => ({ name, value, unit, target, reached: value <= target, remark });

const kernels = [];
for (const row of kernelRows) if (chosen(row.name)) kernels.push(await kernelRow(row));
const paths = await pathRows();
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
if (!pattern) writeJson(here('results/kernels.json'), { machine: machine(), kernels, paths, native, limits });
