/**
 * Truncated SVD and PCA against scikit-learn at equal residual, and against our own JS kernels. `--data DIR` says where problem files are kept;
 * they are made with NumPy when they are missing. Writes bench/results/spectral.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
const note = (text) => process.stderr.write(`  ${text}\n`);
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';
const ROUNDS = 3;
const JS_TARGET = 2;

/** `within`: the residual that a peer must reach to be compared with; ours is asked for the same. */
const JOBS = [
  { job: 'svd', name: 'truncated SVD, k = 50, sparse_text 10000 x 100000, to 1e-10', within: 1e-10, target: 1 },
  { job: 'svd', name: 'truncated SVD, k = 50, sparse_text, to 2e-2', within: 2e-2, target: 1 },
  { job: 'pca', name: 'PCA, k = 10, dense_tall 20000 x 300, to 1e-10', within: 1e-10, target: 1.5 },
  { job: 'pca', name: "PCA, k = 10, dense_tall, against scikit-learn's fastest at any residual", within: Infinity, target: 1.5 },
];

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const needed = ['sparse_text', 'dense_tall'].filter((set) => !existsSync(join(options.data, set)));
if (needed.length > 0) spawnSync(options.python, [here('peers/gen.py'), options.data, ...needed], { env });
const python = spawnSync(options.python, ['-c', 'import sklearn']).status === 0;
if (!python) note('scikit-learn is not installed (Debian: apt-get install python3-sklearn): no peers');

const system = machine();
const versions = {};
const peers = { svd: {}, pca: {} };
const best = {};
const side = (backend, { job, within }) =>
  run(process.execPath, [here('spectralSide.mjs'), backend, job, String(Math.min(within, 1e-1)), options.data])[0];

for (let round = 0; round < ROUNDS; round++) {
  for (const each of JOBS) {
    note(`round ${round + 1}: ${each.name}`);
    const found = side('wasm', each);
    if (!(best[each.name]?.ms <= found.ms)) best[each.name] = found;
  }
  if (!python) continue;
  for (const job of ['svd', 'pca']) {
    note(`round ${round + 1}: scikit-learn, ${job}`);
    for (const row of run(options.python, [here('peers/spectral_sklearn.py'), options.data, job])) {
      if (row.versions) Object.assign(versions, row.versions);
      else if (!(peers[job][row.solver]?.ms <= row.ms)) peers[job][row.solver] = row;
    }
  }
}

const rows = JOBS.map((each) => {
  const { job, name, within, target } = each;
  const { ms: oursMs, residual } = best[name];
  const fair = Object.values(peers[job]).filter((row) => row.residual <= within);
  const peer = fair.sort((a, b) => a.ms - b.ms)[0];
  const ratio = peer && oursMs / peer.ms;
  const { ms: jsMs } = side('js', each);
  return {
    name,
    oursMs,
    residual,
    peer: peer?.solver,
    peerMs: peer?.ms,
    peerResidual: peer?.residual,
    ratio,
    target,
    reached: peer && ratio <= target,
    jsMs,
    jsRatio: jsMs / oursMs,
    jsTarget: JS_TARGET,
  };
});

printTable(
  'Singular values and principal components: time / time of the fastest solver of scikit-learn that reaches the residual',
  ['job', 'ratio', 'at most', 'reached', 'ms', 'residual', 'peer', 'peer ms', 'its residual', 'times the JS kernels', 'JS ms'],
  rows.map((r) => [
    r.name,
    digits(r.ratio) || '-',
    r.target,
    yesNo(r.reached) || '-',
    digits(r.oursMs),
    r.residual.toExponential(0),
    r.peer ?? '-',
    digits(r.peerMs) || '-',
    r.peerResidual?.toExponential(0) ?? '-',
    digits(r.jsRatio),
    digits(r.jsMs),
  ]),
);
writeJson(here('results/spectral.json'), { machine: { ...system, versions }, rows, peers });
