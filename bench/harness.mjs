/** Timing and printing that the suites share. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { Bench } from 'tinybench';

/** Where the figures come from. */
export function machine() {
  return {
    node: process.version,
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const median = (values) => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Whatever a kernel returns ends here, so that no engine can drop a call. */
let sink = 0;

const ROUNDS = 5;
const ROUND_MS = 80;
const WARMUP_MS = 120;
/** A sample shorter than this holds several calls. */
const SAMPLE_MS = 0.5;

/**
 * Times functions in turn, several rounds each: what disturbs the machine for a moment meets all of them. A time is the best round's
 * median; `rounds` keeps every median.
 *
 * @template {string} Name
 * @param {Record<Name, () => unknown>} functions
 * @returns {Record<Name, { ms: number, rounds: number[] }>}
 */
export function race(functions) {
  const runs = Object.entries(functions).map(([name, run]) => ({ name, run, calls: warmUp(run), rounds: [] }));
  for (let round = 0; round < ROUNDS; round++) for (const each of runs) each.rounds.push(medianOfSamples(each.run, each.calls));
  return Object.fromEntries(runs.map(({ name, rounds }) => [name, { ms: Math.min(...rounds), rounds }]));
}

/** Runs until compilers have settled; returns how many calls fill a sample. */
function warmUp(run) {
  const start = performance.now();
  let calls = 0;
  let best = Infinity;
  do {
    const before = performance.now();
    sink += Number(run()) || 0;
    best = Math.min(best, performance.now() - before);
    calls++;
  } while (performance.now() - start < WARMUP_MS || calls < 3);
  return Math.max(1, Math.ceil(SAMPLE_MS / Math.max(best, 1e-4)));
}

function medianOfSamples(run, calls) {
  const bench = new Bench({ time: ROUND_MS, iterations: 3, warmup: false, retainSamples: false, throws: true });
  const sample = () => {
    for (let k = 0; k < calls; k++) sink += Number(run()) || 0;
  };
  bench.add('sample', sample, { async: false });
  bench.runSync();
  return bench.tasks[0].result.latency.p50 / calls;
}

/** Half the range of the rounds' ratios over the ratio. */
export function spreadOf(slow, fast) {
  const ratios = slow.rounds.map((ms, k) => ms / fast.rounds[k]);
  return (Math.max(...ratios) - Math.min(...ratios)) / 2 / (slow.ms / fast.ms);
}

/** Best of several runs after a first one, as long as the budget lasts. */
export function bestOf(run, { budgetMs = 5000, most = 5 } = {}) {
  const first = performance.now();
  let result = run();
  const end = performance.now() + budgetMs - (performance.now() - first);
  let ms = Infinity;
  for (let k = 0; k < most && (k === 0 || performance.now() < end); k++) {
    const start = performance.now();
    result = run();
    ms = Math.min(ms, performance.now() - start);
  }
  return { ms, result };
}

export function writeJson(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, round, 1)}\n`);
  console.log(`\nwritten: ${file}`);
}

const round = (_, value) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value);

/** Aligned columns; numbers to the right. */
export function printTable(title, head, rows) {
  const cells = [head, ...rows.map((row) => row.map((cell) => cell ?? ''))];
  const widths = head.map((_, c) => Math.max(...cells.map((row) => String(row[c]).length)));
  const numeric = head.map((_, c) =>
    rows.every((row) => !/^[A-Za-z]/.test(String(row[c] ?? '')) || row[c] === 'yes' || row[c] === 'NO'),
  );
  const line = (row) =>
    row.map((cell, c) => (numeric[c] ? String(cell).padStart(widths[c]) : String(cell).padEnd(widths[c]))).join('  ');
  console.log(`\n${title}\n${cells.map((row) => line(row).trimEnd()).join('\n')}`);
}

export const digits = (value, count = 3) => {
  if (value === undefined || !Number.isFinite(value)) return '';
  return value >= 10 ** count ? value.toFixed(0) : String(Number(value.toPrecision(count)));
};

export const yesNo = (reached) => (reached === undefined ? '' : reached ? 'yes' : 'NO');
