/**
 * PageRank to an L1 error bound of 1e-10 against igraph (PRPACK) and against our own JS kernels, and the work of L1-regularised PageRank on
 * graphs of growing size. Needs python3-igraph for the peer's column. Writes bench/results/graph.json.
 */
import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CsrMatrix, l1PageRank } from '../dist/index.js';
import { Random } from './data.mjs';
import { rmat, smallWorld } from './graphs.mjs';
import { bestOf, digits, machine, printTable, writeJson, yesNo } from './harness.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const note = (text) => process.stderr.write(`  ${text}\n`);
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

// The module of igraph brings OpenMP along; one thread, as ours.
const env = { ...process.env, OMP_NUM_THREADS: '1' };

const TOL = 1e-10;
const ROUNDS = 5;
/** At most this share of igraph's time, and at least this many times the JS kernels. */
const TARGET = 1;
const JS_TARGET = 3;

const SETS = [
  { set: 'rmat16', scale: 16, edges: 250_000, kinds: ['unit'] },
  { set: 'rmat18', scale: 18, edges: 2_900_000, kinds: ['unit', 'weighted'] },
];

async function startSide(side, args) {
  const child = fork(here('graphSide.mjs'), [side, ...args], { serialization: 'advanced' });
  const answer = () =>
    new Promise((resolve, reject) => {
      const failed = (code) => reject(new Error(`${args.join(' ')}: the ${side} side ended with code ${code}`));
      child.once('exit', failed);
      child.once('message', (message) => {
        child.off('exit', failed);
        resolve(message);
      });
    });
  const round = () => {
    child.send('round');
    return answer();
  };
  return { result: await answer(), round, stop: () => child.kill() };
}

const missing = [];
let version;
function igraphMs(args) {
  const { status, stdout, stderr } = spawnSync(python, [here('peers/graph_igraph.py'), ...args, 5], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`graph_igraph.py failed:\n${stderr}`);
  const row = JSON.parse(stdout.trim().split('\n').at(-1));
  if (row.missing) {
    if (missing.length === 0) console.log('skipped: python-igraph is not installed (apt-get install python3-igraph)');
    missing[0] = 'igraph';
    return undefined;
  }
  version = row.version;
  return row.ms;
}

async function pageRankRow(folder, { set, scale, edges }, kind) {
  const name = `PageRank, R-MAT, ${2 ** scale} nodes, ${edges} ${kind === 'weighted' ? 'weighted ' : ''}edges`;
  note(name);
  const args = [folder, set, 2 ** scale, kind];
  const sides = [];
  for (const side of ['wasm', 'js']) sides.push(await startSide(side, args));
  const times = { wasm: [], js: [], peer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, side] of ['wasm', 'js'].entries()) times[side].push((await sides[k].round()).ms);
    if (missing.length === 0 && round < 3) times.peer.push(igraphMs(args));
  }
  for (const side of sides) side.stop();
  const [ours, js] = sides.map(({ result }) => result);
  if (!(ours.errorBound <= TOL && js.errorBound <= TOL)) throw new Error(`${name}: error bound ${ours.errorBound}`);
  const oursMs = Math.min(...times.wasm);
  const jsMs = Math.min(...times.js);
  const peer = times.peer[0] === undefined ? undefined : Math.min(...times.peer);
  const distance = peer === undefined ? undefined : distanceTo(join(folder, `${set}.${kind}.scores`), ours.scores);
  return {
    name,
    oursMs,
    peerMs: peer,
    ratio: peer && oursMs / peer,
    target: TARGET,
    reached: peer && oursMs / peer <= TARGET,
    jsMs,
    jsRatio: jsMs / oursMs,
    jsTarget: JS_TARGET,
    errorBound: ours.errorBound,
    distance,
    iterations: ours.iterations,
    solver: ours.solver,
  };
}

/** L1 distance of our scores to those of the peer. */
function distanceTo(file, scores) {
  const bytes = readFileSync(file);
  const theirs = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return scores.reduce((total, score, i) => total + Math.abs(score - theirs[i]), 0);
}

const L1_SCALES = [12, 14, 16, 18];
const L1 = { alpha: 0.15, rho: 1e-5 };

/** The same neighbourhood in graphs of growing size: bounded degree, no hub, a seed from the middle. */
function l1Row(scale) {
  const n = 2 ** scale;
  note(`L1-regularised PageRank, ${n} nodes`);
  const G = new CsrMatrix(smallWorld(n, 4, 5));
  const seeds = 1000;
  const { ms, result } = bestOf(() => l1PageRank(G, { ...L1, seeds }), { budgetMs: 2000, most: 40 });
  const { support, volume, work, kkt, status } = result;
  return { name: `${n} nodes, ${G.nnz / 2} edges`, nodes: n, work, ms, support: support.length, volume, kkt, status, ...L1 };
}

const system = machine();
const folder = mkdtempSync(join(tmpdir(), 'spinifex-graph-'));
const pagerank = [];
try {
  for (const each of SETS) {
    const { source, target } = rmat(each.scale, each.edges, 1);
    const random = new Random(2);
    writeFileSync(join(folder, `${each.set}.source`), source);
    writeFileSync(join(folder, `${each.set}.target`), target);
    writeFileSync(
      join(folder, `${each.set}.weight`),
      Float64Array.from(source, () => 0.1 + random.unit()),
    );
    for (const kind of each.kinds) pagerank.push(await pageRankRow(folder, each, kind));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const l1 = L1_SCALES.map(l1Row);

printTable(
  `PageRank to an L1 error bound of ${TOL}: time / igraph (PRPACK), time / JavaScript kernels`,
  ['job', 'ratio', 'at most', 'reached', 'ms', 'igraph ms', 'times the JS kernels', 'at least', 'JS ms', 'bound', 'distance'],
  pagerank.map((r) => [
    r.name,
    digits(r.ratio) || '-',
    r.target,
    yesNo(r.reached) || '-',
    digits(r.oursMs),
    digits(r.peerMs) || '-',
    digits(r.jsRatio),
    r.jsTarget,
    digits(r.jsMs),
    r.errorBound.toExponential(0),
    r.distance?.toExponential(0) ?? '-',
  ]),
);
printTable(
  `L1-regularised PageRank, alpha ${L1.alpha}, rho ${L1.rho}, the same neighbourhood in larger and larger graphs`,
  ['graph', 'edges touched', 'ms', 'support', 'volume', 'kkt'],
  l1.map((r) => [r.name, r.work, digits(r.ms), r.support, digits(r.volume), r.kkt.toExponential(0)]),
);
const versions = version ? { 'python-igraph': version } : {};
writeJson(here('results/graph.json'), { machine: { ...system, versions, missing }, pagerank, l1 });
