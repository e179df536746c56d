import { type BackendName, backend, setBackend } from '../../backend/backend.ts';
import { BENCH_JOBS, type BenchJob } from '../benchJobs.ts';
import type { CommandSpec, Job } from '../command.ts';
import { number } from '../flags.ts';
import { short, textTable } from '../textTable.ts';

interface Flags {
  seconds?: number;
  json?: boolean;
}

/** Time of one job on both sides. */
interface Timing {
  name: string;
  wasmMs: number;
  jsMs: number;
  /** JS over Wasm: how many times faster Wasm is. */
  ratio: number;
  /** Largest difference of the results, relative to their size. */
  difference: number;
}

/** Runs of a side that are worth a minimum. */
const FEWEST = 3;

export const benchCommand: CommandSpec<Flags> = {
  name: 'bench',
  summary: 'WebAssembly against JavaScript on this machine',
  description:
    'Runs a few typical jobs with the WebAssembly kernels and with the same kernels in plain JavaScript, and prints the shortest ' +
    'time of each. Both must find the same results; only the ratios mean anything beyond this machine.',
  args: [],
  flags: [
    {
      flags: '--seconds <number>',
      description: 'time to spend on each job',
      read: number('a number > 0', (value) => value > 0),
      fallback: '1',
    },
    { flags: '--json', description: 'print JSON instead of text' },
  ],
  examples: [['spinifex bench', 'about ten seconds']],
  run(job) {
    const before = backend();
    try {
      const timings = job.work('bench', ({ signal, onProgress }) =>
        BENCH_JOBS.map((each, k) => {
          signal.throwIfAborted();
          onProgress({ done: k, total: BENCH_JOBS.length, stage: each.name });
          return compare(each, (job.flags.seconds ?? 1) * 1000);
        }),
      );
      job.print(
        job.flags.json
          ? JSON.stringify({ node: process.version, arch: process.arch, timings }, undefined, 2)
          : text(timings, job),
      );
    } finally {
      setBackend(before);
    }
  },
};

/** The sides take turns, so that both see the same machine. */
function compare({ name, prepare }: BenchJob, budget: number): Timing {
  const run = prepare();
  const best: Record<BackendName, number> = { wasm: Number.POSITIVE_INFINITY, js: Number.POSITIVE_INFINITY };
  const results: Partial<Record<BackendName, ArrayLike<number>>> = {};
  const end = performance.now() + budget;
  for (let repeat = 0; repeat < FEWEST || performance.now() < end; repeat++) {
    for (const side of ['wasm', 'js'] as const) {
      setBackend(side);
      const start = performance.now();
      results[side] = run();
      best[side] = Math.min(best[side], performance.now() - start);
    }
  }
  const difference = distance(results.wasm!, results.js!);
  return { name, wasmMs: best.wasm, jsMs: best.js, ratio: best.js / best.wasm, difference };
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let size = 0;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    size = Math.max(size, Math.abs(a[i]));
    most = Math.max(most, Math.abs(a[i] - b[i]));
  }
  return most === 0 ? 0 : most / size;
}

function text(timings: readonly Timing[], { bold }: Pick<Job<Flags>, 'bold'>): string {
  const rows = timings.map(({ name, wasmMs, jsMs, ratio, difference }) => [
    name,
    `${ratio.toFixed(1)} x`,
    short(wasmMs, 3),
    short(jsMs, 3),
    difference === 0 ? 'the same' : `within ${short(difference, 1)}`,
  ]);
  const [header, ...body] = textTable([['job', 'faster', 'Wasm ms', 'JS ms', 'results'], ...rows]).split('\n');
  return [
    bold(header),
    ...body,
    '',
    `Node ${process.version} on ${process.platform} ${process.arch}; the shortest of several runs, one thread.`,
  ].join('\n');
}
