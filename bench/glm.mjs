/**
 * L1 logistic regression and the L1 squared-hinge SVM against glmnet, liblinear, saga and skglm on the same files with labels y > median: one run,
 * one thread, every objective and gap measured by one formula (glmMeter.mjs) from the coefficients that come back.
 *
 *   node bench/glm.mjs [--sets sparse_text,dense_wide] [--data DIR] [--budget SECONDS]
 *
 * The sets are sparse_text (the default, written to bench/results/glm.json), dense_wide, dense_gene, dense_tall (minutes each). Missing peers are skipped with the line that installs them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GlmMeter } from './glmMeter.mjs';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';
import { readNpy } from './npy.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    sets: { type: 'string' },
    data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') },
    python: { type: 'string', default: '/usr/bin/python3' },
    library: { type: 'string', default: here('../dist/index.js') },
    budget: { type: 'string', default: '60' },
  },
});
const ALL = ['sparse_text', 'dense_wide', 'dense_gene', 'dense_tall'];
const TARGET_SET = 'sparse_text';
const sets = options.sets ? options.sets.split(',') : [TARGET_SET];
for (const set of sets) if (!ALL.includes(set)) throw new RangeError(`--sets: expected some of ${ALL.join(', ')}, got ${set}`);

/** Relative to the null objective: the gap of every fit of ours, and how far above the minimum a peer may stay. */
const TOL = 1e-6;
const REFERENCE_TOL = 1e-10;
const PATH = { nLambdas: 100, lambdaMinRatio: 0.01 };
/** Ours / the fastest peer must be below that, on this set. */
const TARGET = 1;
const HINTS = {
  'scikit-learn': 'apt-get install python3-sklearn (or pip install scikit-learn)',
  skglm: 'not in Debian; pip install skglm',
  Rscript: 'apt-get install r-cran-glmnet',
  glmnet: 'apt-get install r-cran-glmnet',
};

const note = (text) => process.stderr.write(`  ${text}\n`);
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'NUMBA', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';
const missing = new Set();
const versions = {};
function skip(name) {
  if (missing.has(name)) return;
  missing.add(name);
  console.log(`skipped: ${name} is not installed (${HINTS[name]})`);
}

/** The JSON rows that a peer script prints. */
function peerRows(command, args, name) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error?.code === 'ENOENT') {
    skip(name);
    return [];
  }
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${stderr}`);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  for (const row of rows) {
    if (row.missing) skip(row.missing);
    if (row.version) versions[row.system] = row.version;
  }
  return rows.filter((row) => row.ms !== undefined);
}

const needed = sets.filter((set) => !existsSync(join(options.data, set, 'y.npy')));
if (needed.length > 0 && spawnSync(options.python, [here('peers/gen.py'), options.data, ...needed], { env }).status !== 0) {
  console.error('The problem files need python3 with numpy and scipy: apt-get install python3-scipy');
  process.exit(1);
}
const { CsrMatrix, DenseMatrix, LinearSvm, LogisticRegression, logisticPath } = await import(options.library);

/** X as a user would hold it, compressed rows or columns one after the other, and labels 1 and -1. */
function loadProblem(set) {
  const array = (key) => readNpy(join(options.data, set, `${key}.npy`));
  const response = array('y').data;
  const median = response.slice().sort()[response.length >> 1];
  const y = Float64Array.from(response, (v) => (v > median ? 1 : -1));
  if (!existsSync(join(options.data, set, 'X.npy'))) {
    const [rows, cols] = array('shape').data;
    const part = (key) => array(key).data;
    return { X: new CsrMatrix({ rows, cols, indptr: part('indptr'), indices: part('indices'), data: part('data') }), y };
  }
  const { shape, data } = array('X');
  const [rows, cols] = shape;
  const columns = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) columns[j * rows + i] = data[i * cols + j];
  return { X: new DenseMatrix(columns, rows, cols, 'column'), y };
}

/** Best wall and processor time of several runs after a first one. */
function best(run, budgetMs = 4000, most = 10) {
  let result = run();
  const end = performance.now() + budgetMs;
  const times = { ms: Infinity, cpuMs: Infinity };
  for (let k = 0; k < most && (k < 2 || performance.now() < end); k++) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    result = run();
    const used = process.cpuUsage(cpu);
    times.ms = Math.min(times.ms, performance.now() - start);
    times.cpuMs = Math.min(times.cpuMs, (used.user + used.system) / 1e3);
  }
  return { ...times, result };
}

function sparse({ coef, intercept }) {
  const index = Int32Array.from(coef.keys()).filter((j) => coef[j] !== 0);
  return { intercept, index, values: Float64Array.from(index, (j) => coef[j]) };
}
const pathFits = (path) => path.points.map(({ lambda }) => ({ lambda, ...sparse(path.at(lambda)) }));

/** The worst relative gap over the fits, and how far they are above the minimum at most; `bounds` are lower bounds of the minima. */
function judge(meter, fits, bounds) {
  const measured = fits.map((fit) => meter.measure(fit, fit.lambda));
  return {
    gap: Math.max(...measured.map(({ gap }) => gap)),
    excess: Math.max(...measured.map(({ primal }, k) => Math.max(0, primal - bounds[k]) / meter.nullObjective)),
  };
}

/** A row of the table: our times and accuracy, those of the peers, and the fastest peer among those that are accurate enough. */
function rowOf(what, ours, rivals, judged, equal) {
  const peers = rivals.map(({ fits, job, ...peer }) => ({ ...peer, ...judged(fits) }));
  const fastest = (accurate) => peers.filter(accurate).sort((a, b) => a.ms - b.ms)[0];
  const found = fastest(equal);
  const ratio = found && ours.ms / found.ms;
  const target = what.set === TARGET_SET ? TARGET : undefined;
  return {
    ...what,
    ours,
    peers,
    fastest: found,
    ratio,
    cpuRatio: found && ours.cpuMs / found.cpuMs,
    target,
    reached: target && ratio !== undefined ? ratio < target : undefined,
  };
}

function pathRow(set, X, y) {
  note(`${set}: logistic path`);
  const meter = new GlmMeter(X, y, 'logistic', true);
  const bounds = pathFits(logisticPath(X, y, { ...PATH, tol: REFERENCE_TOL })).map((fit) => meter.measure(fit, fit.lambda).dual);
  const { result, ...times } = best(() => logisticPath(X, y, { ...PATH, tol: TOL }));
  const judged = (fits) => (fits.length === bounds.length ? judge(meter, fits, bounds) : { gap: Infinity, excess: Infinity });
  const certified = Math.max(...result.points.map(({ certificate }) => certificate.gap));
  const ours = { ...times, ...judged(pathFits(result)), certified, df: result.points.at(-1).df };
  const peers = peerRows('Rscript', [here('peers/glm_glmnet.R'), options.data, set, String(meter.lambdaMax)], 'Rscript');
  // Its stopping rule does not look at the gap; what it has to reach is the objective.
  const row = rowOf({ set, job: 'logistic path' }, ours, peers, judged, ({ excess }) => excess <= TOL);
  const certain = row.peers.filter(({ gap }) => gap <= TOL).sort((a, b) => a.ms - b.ms)[0];
  return { ...row, ratioAtGap: certain && ours.ms / certain.ms };
}

const RECIPES = { logistic: LogisticRegression, squaredHinge: LinearSvm };

function singleRows(set, X, y) {
  const jobs = [];
  for (const loss of ['logistic', 'squaredHinge']) {
    for (const intercept of [false, true]) {
      const meter = new GlmMeter(X, y, loss, intercept);
      for (const part of [20, 100]) {
        const lambda = meter.lambdaMax / part;
        const solve = (tol) => new RECIPES[loss]({ lambda, tol, fitIntercept: intercept, penalty: 'l1' }).fit(X, y);
        note(`${set}: ${loss} at lambda max / ${part}${intercept ? ', intercept' : ''}`);
        const bound = meter.measure(sparse(solve(REFERENCE_TOL)), lambda).dual;
        const judged = (fits) => judge(meter, fits, [bound]);
        const { result, ...times } = best(() => solve(TOL));
        const { gap: certified, epochs } = result.certificate;
        const fits = [{ lambda, ...sparse(result) }];
        const ours = { ...times, ...judged(fits), certified, epochs, df: fits[0].index.length };
        const enough = bound + TOL * meter.nullObjective;
        jobs.push({ job: `${loss} ${part} ${intercept}`, loss, part, intercept, lambda, enough, ours, judged });
      }
    }
  }
  note(`${set}: liblinear and others`);
  const asked = jobs.map(({ ours, judged, ...job }) => job);
  const rows = peerRows(
    options.python,
    [here('peers/glm_python.py'), options.data, set, JSON.stringify(asked), options.budget],
    'scikit-learn',
  );
  return jobs.map(({ job, loss, part, intercept, ours, judged }) => {
    const rivals = rows.filter((row) => row.job === job);
    // Our own measure may round otherwise than that of the script.
    const equal = ({ excess }) => excess <= TOL * (1 + 1e-6);
    return rowOf({ set, job: 'single', loss, part, intercept }, ours, rivals, judged, equal);
  });
}

const system = machine();
const rows = sets.flatMap((set) => {
  const { X, y } = loadProblem(set);
  return [pathRow(set, X, y), ...singleRows(set, X, y)];
});

const e = (value) => (value === undefined ? '' : value.toExponential(0));
const nameOf = ({ system: name, solver }) => (solver ? `${name}, ${solver}` : name);
const jobName = (r) =>
  r.job === 'single' ? `${r.loss}, lambda max / ${r.part}${r.intercept ? ', intercept' : ''}` : `${r.job}, 100 lambdas`;
printTable(
  `L1 classifiers, one thread: ratio = our time to a relative gap of ${e(TOL)} / the time of the fastest peer within ${e(TOL)} of the minimum`,
  ['set', 'job', 'ratio', 'of cpu', 'below', 'reached', 'ms', 'worst gap', 'df', 'peer', 'peer ms', 'above minimum', 'its gap'],
  rows.map((r) => [
    r.set,
    jobName(r),
    digits(r.ratio) || '-',
    digits(r.cpuRatio) || '-',
    r.target ?? '',
    yesNo(r.reached),
    digits(r.ours.ms),
    e(r.ours.gap),
    r.ours.df,
    r.fastest ? `${nameOf(r.fastest)} (${e(r.fastest.tol)})` : '-',
    digits(r.fastest?.ms) || '-',
    e(r.fastest?.excess),
    e(r.fastest?.gap),
  ]),
);
printTable(
  'Every peer',
  ['set', 'job', 'peer', 'tol', 'ms', 'cpu ms', 'above minimum', 'gap', 'reached'],
  rows.flatMap((r) =>
    r.peers.map((p) => [
      r.set,
      jobName(r),
      nameOf(p),
      e(p.tol),
      digits(p.ms),
      digits(p.cpuMs),
      e(p.excess),
      e(p.gap),
      yesNo(p.excess <= TOL * (1 + 1e-6)),
    ]),
  ),
);
const text = rows.find((r) => r.set === TARGET_SET && r.job === 'logistic path');
if (text?.ratioAtGap)
  console.log(`Path on ${TARGET_SET} against glmnet at a gap of ${e(TOL)} too: ratio ${digits(text.ratioAtGap)}`);
if (!options.sets)
  writeJson(here('results/glm.json'), { machine: { ...system, versions, missing: [...missing] }, tol: TOL, rows });
