import type { Kernels } from '../backend/kernels.ts';

/** log of 2 pi, halved */
const HALF_LOG_TWO_PI = 0.9189385332046728;
/** Coefficients of Stirling's series: B_2k / (2k (2k - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** log Gamma(x) for x > 0: Stirling's series from 10 on, the recurrence below; the logarithm is the kernels', the same on every engine. */
export function logGamma(kernels: Pick<Kernels, 'log'>, x: number): number {
  let shift = 1;
  while (x < 10) shift *= x++;
  const z = 1 / (x * x);
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series * z + STIRLING[k];
  return (x - 0.5) * kernels.log(x) - x + HALF_LOG_TWO_PI + series / x - kernels.log(shift);
}
