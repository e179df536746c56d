import type { Kernels } from '../backend/kernels.ts';
import { logGamma } from './logGamma.ts';

const LOG_TWO = Math.LN2;
const LOG_PI = 1.1447298858494002;

/** The smallest number of components that explain at least this share of the variance. */
export function componentsForFraction(variances: Float64Array, fraction: number): number {
  const total = variances.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (let k = 0; k < variances.length; k++) {
    sum += variances[k];
    // What rounding takes from the sum must not ask for one component more.
    if (sum >= fraction * total * (1 - 1e-12)) return k + 1;
  }
  return variances.length;
}

/**
 * Minka's choice (Automatic choice of dimensionality for PCA, 2000): the number of components with the largest Laplace approximation of the
 * evidence, 1 to d - 1.
 *
 * @param variances all d of them, from large to small
 * @param n rows
 */
export function componentsOfMinka(kernels: Pick<Kernels, 'log'>, variances: Float64Array, n: number): number {
  const floor = variances[0] * 1e-15;
  let [best, most] = [1, -Infinity];
  for (let q = 1; q < variances.length && variances[q - 1] > floor; q++) {
    const evidence = minkaEvidence(kernels, variances, q, n);
    if (evidence > most) [best, most] = [q, evidence];
  }
  return best;
}

function minkaEvidence({ log }: Pick<Kernels, 'log'>, variances: Float64Array, q: number, n: number): number {
  const d = variances.length;
  let tail = 0;
  for (let j = q; j < d; j++) tail += variances[j];
  const v = Math.max(tail / (d - q), variances[0] * 1e-15);
  let volume = -q * LOG_TWO;
  let spread = 0;
  for (let i = 0; i < q; i++) {
    const half = (d - i) / 2;
    volume += logGamma({ log }, half) - half * LOG_PI;
    spread += log(variances[i]);
  }
  const m = d * q - (q * (q + 1)) / 2;
  let curvature = 0;
  for (let i = 0; i < q; i++) {
    for (let j = i + 1; j < d; j++) {
      const inner = j < q ? variances[j] : v;
      const apart = (variances[i] - variances[j]) * (1 / inner - 1 / variances[i]);
      // Equal eigenvalues have no curvature between them: the evidence is then unbounded, and the guard keeps it comparable.
      curvature += log(Math.max(apart, 1e-300)) + log(n);
    }
  }
  const twoPi = LOG_TWO + LOG_PI;
  return volume - (n / 2) * spread - ((n * (d - q)) / 2) * log(v) + ((m + q) / 2) * twoPi - curvature / 2 - (q / 2) * log(n);
}

/** Parallel analysis (Horn 1965): how many leading variances exceed those of data whose columns were permuted; at least 1. */
export function componentsOfParallelAnalysis(variances: Float64Array, limits: Float64Array): number {
  let k = 0;
  while (k < variances.length && variances[k] > limits[k]) k++;
  return Math.max(k, 1);
}
