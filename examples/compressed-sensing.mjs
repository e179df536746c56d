// Document 3, section 6: a signal with few spikes, from far fewer measurements than it has values.
import { basisPursuit } from 'spinifex';
import { normals } from './random.mjs';

const length = 120;
const spikes = 6;

function recovered(measurements, seed) {
  const normal = normals(seed);
  const signal = new Float64Array(length);
  for (let k = 0; k < spikes; k++) signal[(k * 37 + seed) % length] = normal();
  const A = Array.from({ length: measurements }, () => Array.from({ length }, normal));
  const b = A.map((row) => row.reduce((sum, v, j) => sum + v * signal[j], 0));
  return basisPursuit(A, b).x.every((v, j) => Math.abs(v - signal[j]) < 1e-6);
}

console.log(`${length} values, ${spikes} of them not 0; signals recovered exactly, of 20:`);
for (const measurements of [8, 14, 20, 26, 32, 38]) {
  const count = Array.from({ length: 20 }, (_, k) => recovered(measurements, 100 + k)).filter(Boolean).length;
  console.log(`  ${String(measurements).padStart(2)} measurements: ${String(count).padStart(2)}  ${'#'.repeat(count)}`);
}
