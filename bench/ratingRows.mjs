/**
 * Matrix factorisation on the planted ratings of peers/gen_ratings.py: sweeps of implicit conjugate gradients against the algorithm of `implicit`
 * in C, and an explicit fit down to a held-out error. Without gcc or NumPy rows have no `peerMs`, or there are none.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CsrMatrix, ImplicitFactorization, MatrixFactorization, setBackend } from '../dist/index.js';
import { readNpy } from './npy.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [ROWS, COLS] = [6000, 4000];
const SWEEPS = 8;
const ROUNDS = 3;
const RANKS = [32, 64];
/** Held-out error to reach, and how: found on a validation split of the training entries. */
const RMSE = 0.81;
const EXPLICIT = { rank: 10, lambda: 6, maxSweeps: 6, precision: 'f32' };
/** LIBMF takes about as long for that error as this many sweep pairs of the native implicit kernel at rank 32. */
const LIBMF_PAIRS = 6;

export function ratingRows({ data, python = '/usr/bin/python3', note = () => {} }) {
  if (!existsSync(join(data, 'ratings', 'tr_u.npy'))) spawnSync(python, [here('peers/gen_ratings.py'), data]);
  if (!existsSync(join(data, 'ratings', 'tr_u.npy'))) return [];
  const [train, test] = ['tr', 'te'].map((part) => load(join(data, 'ratings'), part));
  const native = buildNative(train, note);
  const rows = [];
  let pair32;
  for (const rank of RANKS) {
    note(`implicit sweeps, rank ${rank}`);
    const ours = [];
    const [blas, inlined] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(sweepMs(train, rank, SWEEPS));
      if (native) {
        blas.push(native.run('blas', rank));
        inlined.push(native.run('inlined', rank));
      }
    }
    setBackend('js');
    const jsMs = sweepMs(train, rank, 3);
    setBackend('wasm');
    const oursMs = Math.min(...ours);
    const common = { oursMs, jsMs, jsRatio: jsMs / oursMs, jsTarget: 2 };
    const row = (name, peer, times, target) => {
      const peerMs = native ? Math.min(...times) : undefined;
      const ratio = native ? oursMs / peerMs : undefined;
      rows.push({ name, peer, peerMs, ratio, target, reached: native && target ? ratio <= target : undefined, ...common });
      return peerMs;
    };
    const pair = row(`implicit sweep pair, CG(3), rank ${rank}`, 'C calling OpenBLAS, as implicit', blas, 1);
    if (rank === 32) pair32 = pair;
    row(`implicit sweep pair, CG(3), rank ${rank}`, 'C inlined, AVX2, -ffast-math', inlined, undefined);
  }
  note('explicit fit');
  const fits = [];
  for (let round = 0; round < ROUNDS; round++) fits.push(explicitFit(train, test));
  setBackend('js');
  const js = explicitFit(train, test);
  setBackend('wasm');
  const oursMs = Math.min(...fits.map(({ ms }) => ms));
  const { rmse } = fits[0];
  const peerMs = pair32 && LIBMF_PAIRS * pair32;
  rows.push({
    name: `explicit fit to held-out RMSE ${rmse.toFixed(4)} (at most ${RMSE}), rank ${EXPLICIT.rank}, ${EXPLICIT.maxSweeps} sweeps`,
    peer: `LIBMF's time taken as ${LIBMF_PAIRS} native sweep pairs at rank 32`,
    oursMs,
    peerMs,
    ratio: peerMs && oursMs / peerMs,
    target: 1,
    reached: rmse <= RMSE && (!peerMs || oursMs <= peerMs),
    jsMs: js.ms,
    jsRatio: js.ms / oursMs,
    jsTarget: 2,
  });
  native?.remove();
  return rows;
}

function load(folder, part) {
  const [row, col, value] = ['u', 'i', 'r'].map((name) => readNpy(join(folder, `${part}_${name}.npy`)).data);
  return CsrMatrix.fromCoo(ROWS, COLS, { row, col, value });
}

/** The fastest sweep of a fit: both half-sweeps and the objective. */
function sweepMs(counts, rank, sweeps) {
  const stamps = [];
  const recipe = new ImplicitFactorization({ rank, lambda: 0.01, alpha: 1, precision: 'f32', maxSweeps: sweeps, tol: 0 });
  recipe.fit(counts, { onProgress: () => stamps.push(performance.now()) });
  return Math.min(...stamps.slice(1).map((stamp, k) => stamp - stamps[k]));
}

function explicitFit(train, test) {
  const start = performance.now();
  const model = new MatrixFactorization(EXPLICIT).fit(train);
  const ms = performance.now() - start;
  const rows = new Int32Array(test.nnz);
  for (let i = 0; i < ROWS; i++) rows.fill(i, test.indptr[i], test.indptr[i + 1]);
  const { value } = model.predictEntries(rows, test.indices, { standardError: false });
  let sum = 0;
  for (let e = 0; e < value.length; e++) sum += (value[e] - test.data[e]) ** 2;
  return { ms, rmse: Math.sqrt(sum / value.length) };
}

/** The C program twice: its vector products as calls into a BLAS, and inlined. */
function buildNative(counts, note) {
  const folder = mkdtempSync(join(tmpdir(), 'spinifex-cg-'));
  try {
    const source = here('native/implicit_cg.c');
    execFileSync('gcc', ['-O3', '-march=native', '-ffast-math', '-o', join(folder, 'inlined'), source]);
    execFileSync('gcc', ['-O3', '-march=native', '-DBLAS', '-o', join(folder, 'blas'), source, '-lblas']);
  } catch (error) {
    note(`no native kernel: ${error.message}`);
    rmSync(folder, { recursive: true });
    return undefined;
  }
  for (const [prefix, { indptr, indices, data }] of Object.entries({ r: counts, c: counts.transpose() })) {
    writeFileSync(join(folder, `${prefix}_indptr`), indptr);
    writeFileSync(join(folder, `${prefix}_indices`), indices);
    writeFileSync(join(folder, `${prefix}_data`), Float32Array.from(data));
  }
  return {
    run(program, rank) {
      const size = [ROWS, COLS, counts.nnz, rank, SWEEPS].map(String);
      const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
      const lines = execFileSync(join(folder, program), [folder, ...size], { encoding: 'utf8', env }).split('\n');
      return Math.min(...lines.filter((line) => /^[\d.]+$/.test(line)).map(Number));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
