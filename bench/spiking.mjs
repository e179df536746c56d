/**
 * Spiking networks against Brian2 and PyTorch, against our own JS kernels, and what they reach. Needs python3-brian and python3-torch for
 * the peers' columns. Writes bench/results/spiking.json.
 */
import { fileURLToPath } from 'node:url';
import { cubaRows } from './cubaRows.mjs';
import { digits, machine, printTable, writeJson, yesNo } from './harness.mjs';
import { accuracyRows } from './spikingAccuracy.mjs';
import { trainingRows } from './trainingRows.mjs';

const note = (text) => process.stderr.write(`  ${text}\n`);
const system = machine();
const cuba = cubaRows({ note });
const training = trainingRows({ note });
const accuracy = accuracyRows({ note });

const reached = (ok) => yesNo(ok) || '-';
printTable(
  'Spiking networks: time / the native time (Brian2 C++ standalone; PyTorch loop), time / JavaScript kernels',
  ['job', 'ratio', 'at most', 'reached', 'ms', 'native ms', 'times the JS kernels', 'at least', 'JS ms'],
  [...cuba, ...training].map((r) => [
    r.name,
    digits(r.ratio) || '-',
    r.target,
    reached(r.reached),
    digits(r.oursMs),
    digits(r.peerMs) || '-',
    digits(r.jsRatio),
    r.jsTarget,
    digits(r.jsMs),
  ]),
);
printTable(
  'A tenth of the weights left: time / our own dense time',
  ['job', 'weights left', 'ratio', 'at most', 'reached', 'ms'],
  training.map((r) => [
    r.name,
    `${digits(100 * r.share)}%`,
    digits(r.sparseRatio),
    r.sparseTarget,
    yesNo(r.sparseRatio <= r.sparseTarget),
    digits(r.sparseMs),
  ]),
);
printTable(
  'Accuracy, connections, spikes and operations per test sample (means over 3 seeds)',
  ['data', 'model', 'accuracy', 'reached', 'connections', 'active neurons', 'spikes', 'operations', 'nJ'],
  accuracy.map((r) => [
    r.data,
    r.model,
    `${(100 * r.accuracy).toFixed(1)}%`,
    reached(r.reached),
    `${digits(100 * r.share)}%`,
    `${digits(r.activeNeuronsPerSample)} of ${r.neuronsTotal}`,
    digits(r.spikesPerSample),
    digits(r.synapticOperations),
    digits(r.energyNj),
  ]),
);
writeJson(fileURLToPath(new URL('results/spiking.json', import.meta.url)), { machine: system, cuba, training, accuracy });
