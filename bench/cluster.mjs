/**
 * k-means against scikit-learn's faster algorithm from the same initial centres to the same labels, in processor time of one thread. `--data DIR` says
 * where problem files are kept; they are made when they are missing. Writes bench/results/cluster.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random, textRows } from './data.mjs';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(tmpdir(), 'spinifex-clusters') },
    python: { type: 'string', default: '/usr/bin/python3' },
    rounds: { type: 'string', default: '3' },
  },
});
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';

/** `distance`: standard deviation of the blobs' centres per column, where rows have 1 about their centre. */
const JOBS = [
  {
    job: 'overlapping',
    name: 'k-means, 60000 x 64, k = 50, overlapping blobs',
    target: 1.5,
    n: 60_000,
    p: 64,
    k: 50,
    distance: 0.35,
  },
  { job: 'touching', name: 'k-means, 60000 x 64, k = 50, touching blobs', target: 1.5, n: 60_000, p: 64, k: 50, distance: 0.6 },
  { job: 'text', name: 'k-means, TF-IDF-like rows 10000 x 20000, 60 words each, k = 20', n: 10_000, p: 20_000, k: 20, words: 60 },
];

function make({ job, n, p, k, distance, words }) {
  const folder = join(options.data, job);
  if (existsSync(join(folder, 'shape.json'))) return;
  mkdirSync(folder, { recursive: true });
  const put = (name, array) => writeFileSync(join(folder, name), array);
  if (words) {
    const { indptr, indices, data } = textRows(n, p, words, 12);
    put('indptr.i4', indptr);
    put('indices.i4', indices);
    put('data.f8', data);
  } else {
    const random = new Random(11);
    const middles = random.normals(k * p, distance);
    const X = new Float64Array(n * p);
    for (let i = 0; i < n; i++) {
      const c = random.integer(k);
      for (let j = 0; j < p; j++) X[i * p + j] = middles[c * p + j] + random.normal();
    }
    put('X.f8', X);
  }
  const starts = Array.from({ length: k }, (_, c) => Math.floor((c * n) / k));
  writeFileSync(join(folder, 'shape.json'), JSON.stringify({ n, p, k, starts }));
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const system = machine();
const versions = {};
const python = spawnSync(options.python, ['-c', 'import sklearn']).status === 0;
if (!python) console.error('scikit-learn is not installed (Debian: apt-get install python3-sklearn): no peers');
const rows = [];
for (const each of JOBS) {
  make(each);
  const peers = {};
  let ours;
  for (let round = 0; round < Number(options.rounds); round++) {
    console.error(`  round ${round + 1}: ${each.name}`);
    if (python) {
      for (const row of run(options.python, [here('peers/cluster_sklearn.py'), options.data, each.job])) {
        if (row.versions) Object.assign(versions, row.versions);
        else if (!(peers[row.solver]?.ms <= row.ms)) peers[row.solver] = row;
      }
    }
    const [found] = run(process.execPath, [here('clusterSide.mjs'), 'wasm', each.job, options.data]);
    if (!(ours?.ms <= found.ms)) ours = found;
  }
  const [peer] = Object.values(peers).sort((a, b) => a.ms - b.ms);
  const [js] = run(process.execPath, [here('clusterSide.mjs'), 'js', each.job, options.data]);
  const ratio = peer && ours.ms / peer.ms;
  rows.push({
    name: each.name,
    oursMs: ours.ms,
    iterations: ours.iterations,
    differ: ours.differ,
    peers,
    peer: peer?.solver,
    peerMs: peer?.ms,
    ratio,
    target: each.target,
    reached: each.target && ratio !== undefined ? ratio <= each.target && ours.differ === 0 : undefined,
    jsMs: js.ms,
    jsRatio: js.ms / ours.ms,
  });
}
printTable(
  "Clusters: time / time of scikit-learn's faster algorithm from the same centres",
  [
    'job',
    'ratio',
    'at most',
    'reached',
    'ms',
    'assignments',
    'labels that differ',
    'peer',
    'peer ms',
    'times the JS kernels',
    'JS ms',
  ],
  rows.map((r) => [
    r.name,
    digits(r.ratio) || '-',
    r.target ?? '-',
    yesNo(r.reached) || '-',
    digits(r.oursMs),
    r.iterations,
    r.differ ?? '-',
    r.peer ?? '-',
    digits(r.peerMs) || '-',
    digits(r.jsRatio),
    digits(r.jsMs),
  ]),
);
writeJson(here('results/cluster.json'), { machine: { ...system, versions }, rows });
