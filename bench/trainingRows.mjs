/**
 * One batch of surrogate-gradient training (forward, backward, Adam) of an n-h-c network, 25 steps, batch 128: spinifex against the same
 * network as a PyTorch loop with one thread, against its own JS kernels, and with a tenth of the weights left. Random data, as the peer's.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DenseMatrix, SpikingClassifier, setBackend } from '../dist/index.js';
import { Random } from './data.mjs';

const script = fileURLToPath(new URL('peers/snn_torch.py', import.meta.url));
const STEPS = 25;
const BATCH = 128;
const BATCHES = 8;
/** Enough epochs for compilers to settle and for the pruned network to reach its share, gradually as a user would. */
const EPOCHS = 30;
const PRUNED_AT = 20;
const ROUNDS = 3;
const JS_TARGET = 5;
const SPARSE_TARGET = 0.5;

const SHAPES = [
  { inputs: 64, hidden: 256, classes: 10, target: 0.2, density: 0.1 },
  { inputs: 784, hidden: 1000, classes: 10, target: 0.3, density: 0.1 },
];

/** Without PyTorch the rows have no `peerMs`. */
export function trainingRows({ python = '/usr/bin/python3', note = () => {} } = {}) {
  const torch = spawnSync(python, ['-c', 'import torch']).status === 0;
  return SHAPES.map(({ inputs, hidden, classes, target, density }) => {
    const name = `${inputs}-${hidden}-${classes}`;
    note(`training, ${name}`);
    const problem = randomProblem(inputs, classes);
    const times = { dense: [], sparse: [], peer: [] };
    let share = 0;
    for (let round = 0; round < ROUNDS; round++) {
      times.dense.push(batchMs(problem, { hidden: [hidden] }).ms);
      const sparse = batchMs(problem, { hidden: [hidden], prune: { density, from: 1, until: PRUNED_AT } });
      times.sparse.push(sparse.ms);
      share = sparse.share;
      if (torch) times.peer.push(torchMs(python, inputs, hidden, classes));
    }
    setBackend('js');
    const jsMs = batchMs(problem, { hidden: [hidden] }, 4).ms;
    setBackend('wasm');
    const [oursMs, sparseMs] = [Math.min(...times.dense), Math.min(...times.sparse)];
    const peerMs = torch ? Math.min(...times.peer) : undefined;
    const ratio = torch ? oursMs / peerMs : undefined;
    return {
      name: `training batch ${name}`,
      oursMs,
      peerMs,
      ratio,
      target,
      reached: torch ? ratio <= target : undefined,
      jsMs,
      jsRatio: jsMs / oursMs,
      jsTarget: JS_TARGET,
      share,
      sparseMs,
      sparseRatio: sparseMs / oursMs,
      sparseTarget: SPARSE_TARGET,
    };
  });
}

function randomProblem(inputs, classes) {
  const random = new Random(1);
  const rows = BATCH * BATCHES;
  const X = new DenseMatrix(
    Float64Array.from({ length: rows * inputs }, () => random.unit()),
    rows,
    inputs,
  );
  return { X, y: Int32Array.from({ length: rows }, () => random.integer(classes)) };
}

/** Milliseconds per batch in the best epoch after the structure has settled, with everything that an epoch's end costs. */
function batchMs({ X, y }, options, epochs = EPOCHS) {
  let last = performance.now();
  let best = Infinity;
  let share = 1;
  const settled = Math.min(PRUNED_AT, epochs - 2);
  new SpikingClassifier({
    steps: STEPS,
    beta: 0.95,
    batchSize: BATCH,
    learningRate: 5e-4,
    surrogate: { slope: 25 },
    epochs,
    seed: 1,
    ...options,
  }).fit(X, y, {
    onProgress({ epoch, loss, connections, connectionsTotal }) {
      if (loss === undefined) return;
      const now = performance.now();
      if (epoch > settled) best = Math.min(best, (now - last) / BATCHES);
      last = now;
      share = connections / connectionsTotal;
    },
  });
  return { ms: best, share };
}

function torchMs(python, inputs, hidden, classes) {
  const args = [script, inputs, hidden, classes, STEPS, BATCH, 1].map(String);
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout).train_ms;
}
