/**
 * Text into sparse matrices against scikit-learn, from the same list of documents in memory, with equal matrices (shape, entries, checksum).
 * `--megabytes N` is the size of the corpus, `--data DIR` where it is kept; it is made when it is missing. Writes bench/results/text.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeDocuments } from './documents.mjs';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '100' },
    data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') },
    python: { type: 'string', default: '/usr/bin/python3' },
    library: { type: 'string', default: here('../dist/index.js') },
    rounds: { type: 'string', default: '3' },
  },
});
const megabytes = Number(options.megabytes);
const note = (text) => process.stderr.write(`  ${text}\n`);
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';

const file = join(options.data, `documents-${megabytes}.txt`);
if (!existsSync(file)) {
  note(`writing ${file}`);
  mkdirSync(options.data, { recursive: true });
  writeDocuments(file, megabytes * 1e6);
}
const text = await import(options.library);
const documents = readFileSync(file, 'utf8').split('\n');
const some = documents.slice(0, documents.length / 5);
let model;

/** `target`: the share of the peer's time that must not be exceeded. */
const JOBS = [
  {
    job: 'tfidf',
    name: 'TF-IDF, fit and transform',
    part: 1,
    target: 1,
    run: () => ({ model } = new text.TfidfVectorizer().fitTransform(documents)).matrix,
  },
  { job: 'transform', name: 'TF-IDF, transform', part: 1, target: 1, run: () => model.transform(documents) },
  {
    job: 'hashing',
    name: 'hashing, 2^20 columns',
    part: 1,
    target: 1,
    run: () => new text.HashingVectorizer().transform(documents),
  },
  {
    job: 'bigrams',
    name: 'TF-IDF of words and pairs, minDf 2',
    part: 0.2,
    target: 1,
    run: () => new text.TfidfVectorizer({ ngramRange: [1, 2], minDf: 2 }).fitTransform(some).matrix,
  },
];

/** What has to agree, whatever the order of the entries in a row. */
function fingerprint({ rows, cols, nnz, indices, data }) {
  let checksum = 0;
  for (let p = 0; p < nnz; p++) checksum += data[p] * ((indices[p] % 1009) + 1);
  return { rows, cols, nnz, checksum };
}

const python = spawnSync(options.python, ['-c', 'import sklearn']).status === 0;
if (!python) note('scikit-learn is not installed (Debian: apt-get install python3-sklearn): no peers');
const system = machine();
const ours = {};
const peers = {};
let versions = {};
for (let round = 0; round < Number(options.rounds); round++) {
  for (const { job, name, run } of JOBS) {
    note(`round ${round + 1}: ${name}`);
    const start = performance.now();
    const matrix = run();
    const ms = performance.now() - start;
    ours[job] = { ms: Math.min(ms, ours[job]?.ms ?? Infinity), ...fingerprint(matrix) };
  }
  if (!python) continue;
  note(`round ${round + 1}: scikit-learn`);
  const { status, stdout, stderr } = spawnSync(options.python, [here('peers/text_sklearn.py'), file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  for (const row of stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))) {
    if (row.versions) versions = row.versions;
    else if (!(peers[row.job]?.ms <= row.ms)) peers[row.job] = row;
  }
}

const rows = JOBS.map(({ job, name, part, target }) => {
  const mine = ours[job];
  const peer = peers[job];
  const size = part * megabytes;
  const equal =
    peer &&
    ['rows', 'cols', 'nnz'].every((key) => mine[key] === peer[key]) &&
    Math.abs(mine.checksum - peer.checksum) <= 1e-9 * Math.abs(peer.checksum);
  const ratio = peer && mine.ms / peer.ms;
  const reached = peer && equal && ratio <= target;
  return {
    name: `${name}, ${size} MB`,
    ...mine,
    megabytesPerSecond: (1e3 * size) / mine.ms,
    peerMs: peer?.ms,
    ratio,
    target,
    equal,
    reached,
  };
});
printTable(
  'Text: time / time of scikit-learn',
  ['job', 'ratio', 'at most', 'reached', 'equal matrix', 'ms', 'MB/s', 'scikit-learn ms', 'entries'],
  rows.map((r) => [
    r.name,
    digits(r.ratio) || '-',
    r.target,
    yesNo(r.reached) || '-',
    yesNo(r.equal) || '-',
    digits(r.ms),
    digits(r.megabytesPerSecond),
    digits(r.peerMs) || '-',
    r.nnz,
  ]),
);
writeJson(here('results/text.json'), { machine: { ...system, versions }, rows });
