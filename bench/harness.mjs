/** Timing and printing that the suites share. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { Bench } from 'tinybench';

/** Where the figures come from; says so when something else is running there. */
export function machine() {
  const load = loadavg()[0];
  if (load > 0.5) console.log(`This machine is busy (load ${load.toFixed(1)}): only the figures of a quiet one mean anything.`);
  return {
    node: process.version,
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    load,
    date: new Date().toISOString().slice(0, 10),
  };
}

export const median = (values) => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Whatever a kernel returns ends here, so that no engine can drop a call. */
const sink = { total: 0 };

const ROUNDS = 5;
const ROUND_MS = 80;
const WARMUP_MS = 150;
/** A sample shorter than this holds several calls. */
const SAMPLE_MS = 0.5;

/** A function that is timed in rounds, once warm. */
export class Contestant {
  #run;
  #calls = 1;

  constructor(run) {
    this.#run = run;
  }

  /** Runs until compilers have settled, and finds out how many calls fill a sample. */
  warmUp() {
    const start = performance.now();
    let best = Infinity;
    for (let calls = 0; calls < 3 || performance.now() - start < WARMUP_MS; calls++) {
      const before = performance.now();
      sink.total += Number(this.#run()) || 0;
      best = Math.min(best, performance.now() - before);
    }
    this.#calls = Math.max(1, Math.ceil(SAMPLE_MS / Math.max(best, 1e-4)));
  }

  /** Milliseconds of one call: the best sample of the round, because other work on the machine only ever adds. */
  round() {
    return bestSample(this.#run, this.#calls);
  }
}

/**
 * Lets contestants run in turn, several rounds each: what disturbs the machine for a moment meets all of them. `turn` makes one side take
 * its turn and returns the times of its contestants by name. The result is the best round; `rounds` keeps them all.
 */
export async function rounds(sides, turn) {
  const times = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) {
      for (const [name, ms] of Object.entries(await turn(side))) (times[name] ??= { rounds: [] }).rounds.push(ms);
    }
  }
  for (const time of Object.values(times)) time.ms = Math.min(...time.rounds);
  return times;
}

/** Rounds of functions in this process. */
export function race(functions) {
  const sides = Object.entries(functions).map(([name, run]) => ({ name, contestant: new Contestant(run) }));
  for (const { contestant } of sides) contestant.warmUp();
  return rounds(sides, ({ name, contestant }) => ({ [name]: contestant.round() }));
}

function bestSample(run, calls) {
  const bench = new Bench({ time: ROUND_MS, iterations: 3, warmup: false, retainSamples: false, throws: true });
  const sample = () => {
    for (let k = 0; k < calls; k++) sink.total += Number(run()) || 0;
  };
  bench.add('sample', sample, { async: false });
  bench.runSync();
  return bench.tasks[0].result.latency.min / calls;
}

/** Half the range of the rounds' ratios over the ratio. */
export function spreadOf(slow, fast) {
  const ratios = slow.rounds.map((ms, k) => ms / fast.rounds[k]);
  return (Math.max(...ratios) - Math.min(...ratios)) / 2 / (slow.ms / fast.ms);
}

/** Best of several runs after a first one, as long as the budget lasts; the peers' scripts do the same. */
export function bestOf(run, { budgetMs = 4000, most = 10 } = {}) {
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
