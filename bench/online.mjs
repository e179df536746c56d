/**
 * Models that learn row by row: the L2-regularised SVM against liblinear (`-s 1`, through scikit-learn) at equal objective, and FTRL-proximal
 * over 10 million streamed rows. Times are processor times, so that other work on the machine counts less. `--data DIR` says where problem files are
 * kept; they are made with NumPy when they are missing. Writes bench/results/online.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';
import { readNpy } from './npy.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') },
    python: { type: 'string', default: '/usr/bin/python3' },
    library: { type: 'string', default: here('../dist/index.js') },
    rows: { type: 'string', default: '10000000' },
  },
});
const note = (text) => process.stderr.write(`  ${text}\n`);
const { CsrMatrix, FtrlClassifier, LinearSvm, fitL2Svm } = await import(options.library);
const env = { ...process.env };
for (const name of ['OPENBLAS', 'OMP', 'MKL', 'NUMEXPR', 'BLIS']) env[`${name}_NUM_THREADS`] = '1';

const ROUNDS = 5;
const SVM_TARGET = 1.2;
const STREAM_TARGET = 300_000;
/** Relative to the objective of w = 0, as our tolerance is. */
const TOL = 1e-6;

/** Milliseconds of the processor that `work` takes. */
function processorMs(work) {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1e3, result };
}

function textProblem() {
  const part = (name) => readNpy(join(options.data, 'sparse_text', `${name}.npy`)).data;
  const [rows, cols] = part('shape');
  const X = new CsrMatrix({ rows, cols, indptr: part('indptr'), indices: part('indices'), data: part('data') });
  const response = part('y');
  const median = response.slice().sort()[rows >> 1];
  return { X, y: Float64Array.from(response, (v) => (v > median ? 1 : -1)) };
}

function svmRows() {
  if (!existsSync(join(options.data, 'sparse_text')))
    spawnSync(options.python, [here('peers/gen.py'), options.data, 'sparse_text'], { env });
  const { X, y } = textProblem();
  return [0.1, 1, 10, 100].map((C) => {
    note(`SVM, C = ${C}`);
    const lambda = 1 / (C * X.rows);
    const solve = (interceptScaling) =>
      fitL2Svm
        ? fitL2Svm({ lambda, tol: TOL, interceptScaling }, X, y)
        : new LinearSvm({ lambda, penalty: 'l2', tol: TOL, ...(interceptScaling && { interceptScaling }) }).fit(X, y);
    const times = { scaled: Infinity, free: Infinity };
    let ours;
    for (let round = 0; round < ROUNDS; round++) {
      const scaled = processorMs(() => solve(1));
      ours = scaled.result.certificate;
      times.scaled = Math.min(times.scaled, scaled.ms);
      times.free = Math.min(times.free, processorMs(() => solve()).ms);
    }
    const { status, stdout, stderr } = spawnSync(options.python, [here('peers/l2svm_liblinear.py'), options.data, String(C)], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) note(`no liblinear (Debian: apt-get install python3-sklearn): ${stderr.trim().split('\n').pop()}`);
    const lines = status === 0 ? stdout.trim().split('\n').map(JSON.parse) : [];
    // At equal objective: as good as ours, up to a thousandth of what our tolerance leaves open.
    const peer = lines.filter((line) => line.objective <= ours.primal + 1e-3 * TOL).sort((a, b) => a.ms - b.ms)[0];
    const ratio = peer && times.scaled / peer.ms;
    return {
      C,
      ...times,
      epochs: ours.epochs,
      gap: ours.gap,
      objective: ours.primal,
      peer,
      ratio,
      reached: peer && ratio <= SVM_TARGET,
    };
  });
}

/** Chunks of 20,000 rows with 30 entries each in 2^20 columns, cut from one reservoir at changing places: generating costs next to nothing. */
function* stream(total) {
  const [size, entries, features] = [20_000, 30, 2 ** 20];
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const stride = Math.floor(features / entries);
  const pool = Array.from({ length: 16 }, () => {
    const indices = new Int32Array(size * entries);
    const data = new Float64Array(size * entries);
    const y = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let f = 0;
      for (let k = 0; k < entries; k++) {
        // Low places of each block come often, high ones seldom, as words do.
        const j = k * stride + Math.floor(stride * draw() ** 4);
        indices[i * entries + k] = j;
        data[i * entries + k] = draw() + 0.5;
        f += j % 7 === 0 ? 1 : j % 11 === 0 ? -1 : 0;
      }
      y[i] = f + draw() > 0.5 ? 1 : 0;
    }
    const indptr = Int32Array.from({ length: size + 1 }, (_, i) => i * entries);
    return { X: new CsrMatrix({ rows: size, cols: features, indptr, indices, data }), y };
  });
  for (let done = 0, k = 0; done < total; done += size, k++) yield pool[k % pool.length];
}

function streamRow(total) {
  note(`FTRL over ${total} rows`);
  const learner = new FtrlClassifier({ alpha: 0.1, l1: 1, classes: [0, 1], features: 2 ** 20 });
  const chunks = stream(total);
  learner.partialFit(...Object.values(chunks.next().value));
  const [start, cpu, before] = [performance.now(), process.cpuUsage(), process.memoryUsage().rss];
  let [peak, rows] = [before, 0];
  for (const { X, y } of chunks) {
    learner.partialFit(X, y);
    rows += X.rows;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - start) / 1e3;
  const used = process.cpuUsage(cpu);
  const { support } = learner.model();
  return {
    rows,
    rowsPerSecond: rows / seconds,
    rowsPerProcessorSecond: rows / ((used.user + used.system) / 1e6),
    growthMb: (peak - before) / 2 ** 20,
    loss: learner.progressiveLoss,
    accuracy: learner.progressiveAccuracy,
    support: support.length,
    target: STREAM_TARGET,
  };
}

const svm = svmRows();
const ftrl = streamRow(Number(options.rows));
printTable(
  `L2-regularised SVM on sparse_text (10000 x 100000): processor time / liblinear's at our objective, relative gap ${TOL}`,
  ['C', 'ratio', 'at most', 'reached', 'ms', 'passes', 'ms, free intercept', 'liblinear ms', 'its tol'],
  svm.map((r) => [
    r.C,
    digits(r.ratio) || '-',
    SVM_TARGET,
    yesNo(r.reached) || '-',
    digits(r.scaled),
    r.epochs,
    digits(r.free),
    digits(r.peer?.ms) || '-',
    r.peer?.tol ?? '-',
  ]),
);
printTable(
  'FTRL-proximal (logistic), 30 entries a row in 2^20 columns, chunks of 20,000 rows',
  [
    'rows',
    'rows per second',
    'at least',
    'reached',
    'per processor second',
    'memory growth, MB',
    'progressive loss',
    'accuracy',
    'columns used',
  ],
  [
    [
      ftrl.rows,
      Math.round(ftrl.rowsPerSecond),
      STREAM_TARGET,
      yesNo(ftrl.rowsPerSecond >= STREAM_TARGET),
      Math.round(ftrl.rowsPerProcessorSecond),
      ftrl.growthMb.toFixed(1),
      digits(ftrl.loss),
      digits(ftrl.accuracy),
      ftrl.support,
    ],
  ],
);
writeJson(here('results/online.json'), { machine: machine(), svm, ftrl });
