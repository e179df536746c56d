/**
 * One side of one row: side.mjs {wasm|js} ROW TWIN, forked by kernels.mjs, which sends 'warmUp' and then 'round' as often as it likes.
 *
 * Each side has a process of its own, because they disturb each other: once a wasm memory has grown, V8 checks every typed array of the
 * process for having been detached, which makes JavaScript loops up to twice as slow; and a loop that has seen two kinds of arrays is
 * slower on either.
 */
import { jsMachine, wasmMachine } from './backends.mjs';
import { Contestant } from './harness.mjs';
import { kernelRows } from './kernelRows.mjs';
import { pathRows } from './pathRows.mjs';
import * as loops from './plain.mjs';

const [, , side, name, twin] = process.argv;

/** The functions to time by name, and what each computes when called once. */
async function open() {
  const path = pathRows.find((row) => row.name === name);
  if (path) {
    const { run, result, gap } = await path.open(side);
    return { runs: { [side]: run }, results: { [side]: result }, gap };
  }
  const row = kernelRows.find((each) => each.name === name);
  const data = row.data();
  const machine = side === 'wasm' ? wasmMachine() : await jsMachine(twin);
  const wired = row.wire(machine, data);
  const runs = { [side]: wired.run };
  wired.run();
  const results = { [side]: sample(machine.view(...wired.out)) };
  if (side === 'js' && row.plain) {
    const { run, out } = row.plain(loops, data);
    runs.plain = run;
    run();
    if (!row.plainDiffers) results.plain = sample(out);
  }
  return { runs, results };
}

/** Some thousand entries from all over an array. */
function sample(array) {
  const step = Math.max(1, Math.floor(array.length / 5000));
  return array.filter((_, k) => k % step === 0);
}

const { runs, results, gap } = await open();
const contestants = Object.entries(runs).map(([key, run]) => [key, new Contestant(run)]);
process.on('message', (what) => {
  process.send(Object.fromEntries(contestants.map(([key, contestant]) => [key, contestant[what]() ?? 0])));
});
process.send({ results, gap });
