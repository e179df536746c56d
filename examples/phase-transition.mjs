// Document 3, section 6: how many spikes can a signal have, and be recovered from m of its n measurements? The answer jumps from all to none.
import { basisPursuit, orthogonalMatchingPursuit, supportRecovery } from 'spinifex';
import { normals } from './random.mjs';

const n = 60;
const trials = 6;
const deltas = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]; // m / n
const rhos = [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]; // k / m

// Where basis pursuit turns, for n -> infinity (Donoho and Tanner 2009), in the form of Donoho, Maleki and Montanari (2009): the largest over z of
//   (1 - (2 / delta) h) / (1 + z^2 - 2 h),   h = (1 + z^2) P(N > z) - z p(z),   with p the normal density.
function donohoTanner(delta) {
  const step = 1e-3;
  const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  let [best, tail] = [0, 0.5];
  for (let z = 0; z < 6; z += step) {
    const h = (1 + z * z) * tail - z * density(z);
    best = Math.max(best, (1 - (2 / delta) * h) / (1 + z * z - 2 * h));
    tail -= step * density(z + step / 2);
  }
  return best;
}

// Drawn once; every problem reads on from another place.
const drawn = Float64Array.from({ length: 50021 }, normals(1));

function problem(m, k, seed) {
  let at = seed * 7919;
  const normal = () => drawn[at++ % drawn.length];
  const truth = new Float64Array(n);
  for (let i = 0; i < k; i++) truth[(i * 37 + seed) % n] = normal();
  const A = Array.from({ length: m }, () => Array.from({ length: n }, normal));
  return { A, b: A.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0)), truth };
}

const pursuits = {
  'basis pursuit (smallest L1 norm)': (A, b) => basisPursuit(A, b).x,
  'orthogonal matching pursuit (greedy)': (A, b, k) => orthogonalMatchingPursuit(A, b, { nonzeros: k }).x,
};
const curve = deltas.map(donohoTanner);
const rates = [0, 0];

for (const [p, [name, solve]] of Object.entries(pursuits).entries()) {
  console.log(`${name}: share recovered, from . (none) to # (all); | where theory for L1 has the turn`);
  for (const [r, rho] of rhos.entries()) {
    const cells = deltas.map((delta, d) => {
      const m = Math.round(delta * n);
      const k = Math.max(1, Math.round(rho * m));
      let found = 0;
      for (let t = 0; t < trials; t++) {
        const { A, b, truth } = problem(m, k, 1 + t + trials * (d + deltas.length * r));
        if (supportRecovery(solve(A, b, k), truth).relativeError < 1e-6) found++;
      }
      rates[p] += found / trials / (rhos.length * deltas.length);
      const mark = '.:-=+*#'[Math.floor((6 * found) / trials)];
      return (curve[d] >= rho - 0.05 && curve[d] < rho + 0.05 ? '|' : ' ') + mark;
    });
    console.log(`  k/m = ${rho.toFixed(1)}  ${cells.join(' ')}`);
  }
  console.log(`  m/n =       ${deltas.map((delta) => delta.toFixed(1).slice(1)).join(' ')}\n`);
}
console.log(`recovered in all: ${rates.map((rate) => `${(100 * rate).toFixed(0)} %`).join(' by L1, ')} by greed`);
console.log(`theory for L1, n without end: ${curve.map((rho) => rho.toFixed(2)).join(' ')}`);
