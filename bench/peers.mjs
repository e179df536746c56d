/**
 * The same problem files through spinifex and through native systems: one run, one thread, every gap measured by one formula.
 *
 *   node bench/peers.mjs [--slow] [--sets dense_wide,dense_gene] [--data DIR]
 *
 * Needs python3 with numpy and scipy for the files; every peer that is missing is skipped with the line that installs it. `--slow` adds
 * scikit-learn's paths of a minute and more. A run over all sets writes bench/results/peers.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wasmMachine } from './backends.mjs';
import { bestOf, digits, machine, printTable, race, writeJson, yesNo } from './harness.mjs';
import { readNpy } from './npy.mjs';

const { values: options } = parseArgs({
  options: {
    slow: { type: 'boolean', default: false },
    sets: { type: 'string' },
    data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') },
  },
});
const ALL = ['dense_wide', 'dense_gene', 'dense_tall', 'sparse_text', 'matvec'];
const sets = options.sets ? options.sets.split(',') : ALL;
for (const set of sets) if (!ALL.includes(set)) throw new RangeError(`--sets: expected some of ${ALL.join(', ')}, got ${set}`);

/** Ours / the fastest peer: at most this. */
const PATH_TARGETS = { dense_wide: 0.5, dense_gene: 0.5, dense_tall: 1, sparse_text: 0.5 };
const SINGLE_TARGET = 1;
const CV_TARGET = 8;
/** A peer's row counts as its 1e-6 when the gap it reached is about that. */
const PEER_GAP = 3e-6;

const HINTS = {
  python3: 'apt-get install python3-sklearn (or pip install numpy scipy scikit-learn)',
  'scikit-learn': 'apt-get install python3-sklearn (or pip install scikit-learn)',
  celer: 'not in Debian; pip install celer',
  skglm: 'not in Debian; pip install skglm',
  Rscript: 'apt-get install r-cran-glmnet',
  glmnet: 'apt-get install r-cran-glmnet',
};
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const note = (text) => process.stderr.write(`  ${text}\n`);
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'NUMBA', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';

const missing = new Set();
const versions = {};
function skip(name) {
  if (missing.has(name)) return;
  missing.add(name);
  console.log(`skipped: ${name} is not installed (${HINTS[name] ?? ''})`);
}

/** Debian's packages belong to Debian's interpreter, whichever other one comes first in PATH. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** The JSON rows that a peer script prints. */
function peerRows(command, args, name) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error?.code === 'ENOENT') {
    skip(name);
    return [];
  }
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  for (const row of rows) {
    if (row.missing) skip(row.missing);
    if (row.version) versions[row.system] = row.version;
    if (row.left_out)
      console.log(`left out: ${row.left_out}, ${row.set} ${row.job} at ${row.tol} (a minute or more; --slow runs it)`);
  }
  return rows.filter((row) => row.ms !== undefined);
}

function makeProblems() {
  const needed = sets.filter((set) => !existsSync(join(options.data, set, set === 'matvec' ? 'x.npy' : 'y.npy')));
  if (needed.length === 0) return;
  note(`writing ${needed.join(', ')} to ${options.data}`);
  const { status, stderr, error } = spawnSync(python, [here('peers/gen.py'), options.data, ...needed], { env, encoding: 'utf8' });
  if (error || status !== 0) {
    console.error(`The problem files need python3 with numpy and scipy: ${HINTS.python3}\n${error?.message ?? stderr}`);
    process.exit(1);
  }
}

const peersOf = (set) => [
  ...peerRows(python, [here('peers/l1_python.py'), options.data, set, options.slow ? 'slow' : 'fast'], 'python3'),
  ...(set === 'matvec' ? [] : peerRows('Rscript', [here('peers/l1_glmnet.R'), options.data, set], 'Rscript')),
];

const system = machine();
makeProblems();
const { CsrMatrix, DenseMatrix, Lasso, LassoCV, lambdaMax, lassoPath, upload } = await import('../dist/index.js');
const array = (set, key) => readNpy(join(options.data, set, `${key}.npy`));

/** X as a user would hold it: columns one after the other, or CSR. Beside it what the gap needs. */
function loadProblem(set) {
  const y = array(set, 'y').data;
  if (!existsSync(join(options.data, set, 'X.npy'))) {
    const [rows, cols] = array(set, 'shape').data;
    const part = (key) => array(set, key).data;
    return { X: new CsrMatrix({ rows, cols, indptr: part('indptr'), indices: part('indices'), data: part('data') }), y };
  }
  const { shape, data } = array(set, 'X');
  const [rows, cols] = shape;
  const columns = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) columns[j * rows + i] = data[i * cols + j];
  return { X: new DenseMatrix(columns, rows, cols, 'column'), y };
}

/** The formula of the peers' scripts: (primal - dual) / primal of the null model, with the residual scaled to be feasible. */
function gapMeter({ X, y }) {
  const n = X.rows;
  const average = (v) => v.reduce((a, b) => a + b, 0) / n;
  const square = (v) => v.reduce((a, b) => a + b * b, 0);
  const level = average(y);
  const centred = y.map((value) => value - level);
  const mean = X.rmatvec(new Float64Array(n).fill(1)).map((total) => total / n);
  const nullLoss = square(centred) / (2 * n);
  return (w, lambda) => {
    const fitted = X.matvec(w);
    const shift = mean.reduce((total, m, j) => total + m * w[j], 0);
    const r = centred.map((value, i) => value - fitted[i] + shift);
    const total = r.reduce((a, b) => a + b, 0);
    const correlations = X.rmatvec(r).map((g, j) => Math.abs(g - mean[j] * total));
    const s = Math.min(1, (lambda * n) / correlations.reduce((a, b) => Math.max(a, b), 1e-300));
    const primal = square(r) / (2 * n) + lambda * w.reduce((a, b) => a + Math.abs(b), 0);
    const dual = nullLoss - square(r.map((value, i) => s * value - centred[i])) / (2 * n);
    // At the optimum rounding may leave it a little below 0.
    return Math.abs(primal - dual) / nullLoss;
  };
}

const PATH = { nLambdas: 100, lambdaMinRatio: 0.01, tol: 1e-10 };

/** All points of a path: the largest gap measured, and the largest one certified. */
function pathGap(path, gap) {
  const measured = path.points.map(({ lambda }) => gap(path.at(lambda).coef, lambda));
  return { gap: Math.max(...measured), certified: Math.max(...path.points.map(({ certificate }) => certificate.gap)) };
}

function lassoRows(set) {
  note(`${set}: spinifex`);
  const { X, y } = loadProblem(set);
  const gap = gapMeter({ X, y });
  const lambda = lambdaMax(X, y) / 20;
  const ours = { path: bestOf(() => lassoPath(X, y, PATH)) };
  for (const tol of [1e-6, 1e-10]) ours[tol] = bestOf(() => new Lasso({ lambda, tol }).fit(X, y));
  const resident = upload(X);
  const onResident = { path: bestOf(() => lassoPath(resident, y, PATH)) };
  for (const tol of [1e-6, 1e-10]) onResident[tol] = bestOf(() => new Lasso({ lambda, tol }).fit(resident, y));
  resident.free();
  const cv = set === 'dense_wide' ? cvRow(X, y, ours.path.ms) : undefined;
  note(`${set}: peers`);
  const peers = peersOf(set);
  const row = (job, key, target, proof) => {
    const rivals = peers.filter((peer) => peer.job === job);
    const fit = rivals.filter((peer) => peer.gap <= PEER_GAP).sort((a, b) => a.ms - b.ms);
    const ratio = fit.length > 0 ? ours[key].ms / fit[0].ms : undefined;
    const reached = target === undefined || ratio === undefined ? undefined : job === 'path' ? ratio <= target : ratio < target;
    const residentRatio = fit.length > 0 ? onResident[key].ms / fit[0].ms : undefined;
    const ourRow = { ms: ours[key].ms, residentMs: onResident[key].ms, ...proof };
    return {
      set,
      job,
      tol: key === 'path' ? PATH.tol : key,
      ours: ourRow,
      peers: rivals,
      fastest: fit[0],
      ratio,
      residentRatio,
      target,
      reached,
    };
  };
  const single = (tol) => {
    const { coef, certificate } = ours[tol].result;
    return { gap: gap(coef, lambda), certified: certificate.gap };
  };
  const rows = [
    row('path', 'path', PATH_TARGETS[set], pathGap(ours.path.result, gap)),
    row('single', 1e-6, SINGLE_TARGET, single(1e-6)),
    row('single', 1e-10, undefined, single(1e-10)),
  ];
  return { rows, cv };
}

/** Cross-validation relative to one path, both with the default tolerances. */
function cvRow(X, y) {
  const foldIds = Int32Array.from({ length: X.rows }, (_, i) => i % 10);
  const { ms: pathMs } = bestOf(() => lassoPath(X, y), { budgetMs: 5_000, most: 15 });
  const { ms, result } = bestOf(() => new LassoCV({ foldIds }).fit(X, y), { budgetMs: 15_000, most: 5 });
  const ratio = ms / pathMs;
  return {
    name: '10-fold LassoCV on dense_wide',
    ms,
    pathMs,
    foldGap: result.foldGap,
    ratio,
    target: CV_TARGET,
    reached: ratio <= CV_TARGET,
  };
}

/** The sparse product: the kernel itself, and a ResidentMatrix as the public surface offers it. */
async function matvecRow() {
  note('matvec');
  const part = (key) => array('matvec', key).data;
  const [rows, cols] = part('shape');
  const A = { rows, cols, indptr: part('indptr'), indices: part('indices'), data: part('data') };
  const x = part('x');
  const m = wasmMachine();
  const [indptr, indices, data, X] = [A.indptr, A.indices, A.data, x].map((each) => m.put(each));
  const out = m.zeros(Float64Array, rows);
  const resident = upload(new CsrMatrix(A));
  const times = await race({
    kernel: () => m.kernels.csrMatvecF64(indptr, indices, data, rows, X, out),
    matvec: () => resident.matvec(x)[0],
    rmatvec: () => resident.rmatvec(x)[0],
  });
  resident.free();
  const [scipy] = peersOf('matvec');
  const ours = m.view(Float64Array, out, rows).reduce((a, b) => a + b, 0);
  if (scipy && !(Math.abs(scipy.sum - ours) <= 1e-6 * rows)) throw new Error(`matvec: ${ours} here, ${scipy.sum} in scipy`);
  const ratio = (ms) => scipy && ms / scipy.ms;
  return {
    name: 'CSR matvec f64, 20000 x 20000, 1M nonzeros',
    scipyMs: scipy?.ms,
    rows: [
      { name: 'kernel csrMatvecF64', ms: times.kernel.ms, ratio: ratio(times.kernel.ms) },
      { name: 'ResidentMatrix.matvec', ms: times.matvec.ms, ratio: ratio(times.matvec.ms) },
      { name: 'ResidentMatrix.rmatvec', ms: times.rmatvec.ms, ratio: ratio(times.rmatvec.ms) },
    ],
  };
}

const rows = [];
let cv;
let matvec;
for (const set of sets) {
  if (set === 'matvec') {
    matvec = await matvecRow();
    continue;
  }
  const done = lassoRows(set);
  rows.push(...done.rows);
  cv ??= done.cv;
}

const withGap = (ms, gap) => `${digits(ms)} (${gap.toExponential(0)})`;
const systems = [...new Set(rows.flatMap(({ peers }) => peers.map(({ system }) => system)))];
const ofSystem = ({ peers }, system) =>
  peers
    .filter((peer) => peer.system === system)
    .map(({ ms, gap }) => withGap(ms, gap))
    .join(', ');
printTable(
  `Against native systems, one thread: ms (relative gap reached). ratio = ours / the fastest peer at a gap <= ${PEER_GAP.toExponential(0)}`,
  ['set', 'job', 'ratio', 'resident', 'target', 'reached', 'ours', 'resident ms', ...systems],
  rows.map((r) => [
    r.set,
    r.job === 'path' ? 'path' : `single ${r.tol.toExponential(0)}`,
    digits(r.ratio) || '-',
    digits(r.residentRatio) || '-',
    r.target ?? '',
    yesNo(r.reached),
    withGap(r.ours.ms, r.ours.gap),
    digits(r.ours.residentMs),
    ...systems.map((system) => ofSystem(r, system)),
  ]),
);
console.log(`resident: from a ResidentMatrix, so without the copy into linear memory; ${JSON.stringify(versions)}`);
if (cv) {
  printTable(
    'Cross-validation',
    ['job', 'ratio to one path', 'at most', 'reached', 'ms', 'one path ms', 'coarsest gap in a fold'],
    [[cv.name, digits(cv.ratio), cv.target, yesNo(cv.reached), digits(cv.ms), digits(cv.pathMs), cv.foldGap.toExponential(0)]],
  );
}
if (matvec) {
  printTable(
    `${matvec.name} (scipy ${digits(matvec.scipyMs) || '-'} ms)`,
    ['row', 'ratio to scipy', 'ms'],
    matvec.rows.map((r) => [r.name, digits(r.ratio) || '-', digits(r.ms)]),
  );
}
if (!options.sets) {
  const content = { machine: { ...system, versions, missing: [...missing] }, peerGap: PEER_GAP, rows, cv, matvec };
  writeJson(here('results/peers.json'), content);
}
