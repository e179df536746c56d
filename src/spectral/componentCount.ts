import type { Kernels } from '../backend/kernels.ts';

/** The smallest number of components whose ratios sum to at least `share` (to rounding). */
export function countByShare(ratios: Float64Array, share: number): number {
  let sum = 0;
  for (let k = 0; k < ratios.length; k++) {
    sum += ratios[k];
    if (sum >= share * (1 - 1e-12)) return k + 1;
  }
  return ratios.length;
}

/**
 * The number of components with the largest evidence (Minka 2000, "Automatic choice of dimensionality for PCA", equation 30), between 1 and d - 1.
 *
 * @param variances all d eigenvalues of the covariance, largest first
 * @param n rows
 */
export function countByEvidence(variances: Float64Array, n: number, { log }: Pick<Kernels, 'log'>): number {
  const d = variances.length;
  let best = { evidence: -Infinity, q: 1 };
  for (let q = 1; q < d; q++) {
    const evidence = logEvidence(variances, n, q, log);
    if (evidence > best.evidence) best = { evidence, q };
  }
  return best.q;
}

const TINY = 1e-15;
const TAU = 2 * Math.PI;

function logEvidence(variances: Float64Array, n: number, q: number, log: (x: number) => number): number {
  const d = variances.length;
  if (variances[q - 1] < TINY) return -Infinity;
  let rest = 0;
  for (let i = q; i < d; i++) rest += variances[i];
  const v = Math.max(TINY, rest / (d - q));
  let volume = -q * log(2);
  let leading = 0;
  for (let i = 1; i <= q; i++) {
    volume += logGammaHalf(d - i + 1, log) - ((d - i + 1) / 2) * log(Math.PI);
    leading += log(variances[i - 1]);
  }
  const m = d * q - (q * (q + 1)) / 2;
  let curvature = 0;
  for (let i = 0; i < q; i++) {
    for (let j = i + 1; j < d; j++) {
      const other = j < q ? variances[j] : v;
      curvature += log((variances[i] - variances[j]) * (1 / other - 1 / variances[i])) + log(n);
    }
  }
  const data = -(n / 2) * leading - ((n * (d - q)) / 2) * log(v);
  return volume + data + ((m + q) / 2) * log(TAU) - curvature / 2 - (q / 2) * log(n);
}

/** ln Gamma(m / 2), from ln Gamma(1/2) = ln(pi)/2 or ln Gamma(1) = 0 up. */
function logGammaHalf(m: number, log: (x: number) => number): number {
  let sum = m % 2 === 1 ? log(Math.PI) / 2 : 0;
  for (let x = m % 2 === 1 ? 0.5 : 1; x < m / 2; x++) sum += log(x);
  return sum;
}

/** Components whose variance exceeds the given quantile of what columns without any connection show (Horn 1965), counted from the first; at least 1. */
export function countAboveNoise(variances: Float64Array, noise: Float64Array[], quantile: number): number {
  let count = 0;
  for (let k = 0; k < variances.length; k++) {
    const there = Float64Array.from(noise, (spectrum) => spectrum[k] ?? 0).sort();
    const limit = there[Math.min(there.length - 1, Math.ceil(quantile * there.length) - 1)];
    if (!(variances[k] > limit)) break;
    count++;
  }
  return Math.max(1, count);
}
