/**
 * Matrix factorisation against native code and against our own JS kernels, and predictions for columns that nobody observed. `--data DIR` says where
 * problem files are kept. Writes bench/results/factorization.json.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { coldStartRows } from './coldStartRows.mjs';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';
import { ratingRows } from './ratingRows.mjs';

const { values: options } = parseArgs({ options: { data: { type: 'string', default: join(tmpdir(), 'spinifex-peers') } } });
const note = (text) => process.stderr.write(`  ${text}\n`);
const system = machine();
const ratings = ratingRows({ data: options.data, note });
const coldStart = coldStartRows();

const percent = (share) => `${(100 * share).toFixed(0)}%`;
printTable(
  'Matrix factorisation, 6000 x 4000 with 0.9M entries, f32: time / native time, JS kernels / time',
  ['job', 'native', 'ratio', 'at most', 'reached', 'ms', 'native ms', 'times the JS kernels', 'at least', 'JS ms'],
  ratings.map((r) => [
    r.name,
    r.peer,
    digits(r.ratio) || '-',
    r.target,
    yesNo(r.reached) || '-',
    digits(r.oursMs),
    digits(r.peerMs) || '-',
    digits(r.jsRatio),
    r.jsTarget,
    digits(r.jsMs),
  ]),
);
printTable(
  'Destinations that were never observed (New York commuting, logarithms, 5 seeds)',
  ['from', 'basis', 'RMSE', 'better by', 'covered by 90 % intervals', 'reached'],
  coldStart.map((r) => [
    r.name,
    r.basis,
    digits(r.rmse),
    percent(r.gain),
    `${percent(r.least)} to ${percent(r.most)}`,
    yesNo(r.reached) || '-',
  ]),
);
writeJson(fileURLToPath(new URL('results/factorization.json', import.meta.url)), { machine: system, ratings, coldStart });
