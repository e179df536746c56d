/**
 * The CUBA network of 4000 and 16000 neurons for 2 biological seconds, spikes recorded: spinifex against Brian2 (C++ standalone, compiled
 * beforehand, one thread) and against its own JS kernels. Building the network is in nobody's time. Systems take turns; the best run counts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cubaNetwork, setBackend } from '../dist/index.js';

const script = fileURLToPath(new URL('peers/snn_brian2.py', import.meta.url));
const SECONDS = 2;
const ROUNDS = 3;
const RUNS = 5;
/** At most this share of Brian2's time, and at least this many times the JS kernels. */
const TARGET = 0.4;
const JS_TARGET = 6;

/** Without Brian2 the rows have no `peerMs`. */
export function cubaRows({ scales = [1, 4], python = '/usr/bin/python3', note = () => {} } = {}) {
  const brian = spawnSync(python, ['-c', 'import brian2']).status === 0;
  return scales.map((scale) => {
    note(`CUBA, ${4000 * scale} neurons`);
    const times = { wasm: [], js: [], peer: [] };
    const rates = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Different seeds: the same work on average. A run of ours is short, and what disturbs the machine only ever adds.
      for (let run = 0; run < RUNS; run++) {
        const wasm = timed('wasm', scale, RUNS * round + run);
        times.wasm.push(wasm.ms);
        rates.push(wasm.rateHz);
      }
      times.js.push(timed('js', scale, round).ms);
      if (brian) times.peer.push(brianMs(python, scale));
    }
    const oursMs = Math.min(...times.wasm);
    const jsMs = Math.min(...times.js);
    const peerMs = brian ? Math.min(...times.peer) : undefined;
    const ratio = brian ? oursMs / peerMs : undefined;
    const rateHz = rates.reduce((a, b) => a + b) / rates.length;
    return {
      name: `CUBA, ${4000 * scale} neurons, ${SECONDS} s`,
      oursMs,
      peerMs,
      ratio,
      target: TARGET,
      reached: brian ? ratio <= TARGET : undefined,
      jsMs,
      jsRatio: jsMs / oursMs,
      jsTarget: JS_TARGET,
      rateHz,
    };
  });
}

function timed(name, scale, seed) {
  setBackend(name);
  const net = cubaNetwork({ scale, seed });
  const start = performance.now();
  const { spikes } = net.run(1000 * SECONDS);
  const ms = performance.now() - start;
  setBackend('wasm');
  return { ms, rateHz: spikes.time.length / net.size / SECONDS };
}

/** Brian2's own figure: the loop over time alone, without start-up, code generation and connecting. */
function brianMs(python, scale) {
  const printed = execFileSync(python, [script, 'cpp_standalone', scale, SECONDS], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return 1000 * JSON.parse(printed.trim().split('\n').at(-1)).run_s;
}
