import type { Kernels } from '../../backend/kernels.ts';

const ROOT_2 = 1.4142135623730951;
const ROOT_PI = 1.772453850905516;
/** Below it the series of erf is as exact, and shorter, than the continued fraction of erfc. */
const SERIES_END = 2.5;
const FRACTION_TERMS = 80;

/** P(|Z| > |z|) for a standard normal Z, to about 1e-14 of its size. */
export function twoSidedTail(kernels: Kernels, z: number): number {
  const x = Math.abs(z) / ROOT_2;
  if (x === Infinity) return 0;
  if (x < SERIES_END) {
    // erf(x) = 2 / sqrt(pi) exp(-x^2) sum x (2 x^2)^k / (1 3 5 ... (2k + 1)): all terms are positive
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-17; k++) sum += term *= (2 * x * x) / (2 * k + 1);
    return 1 - (2 / ROOT_PI) * kernels.exp(-x * x) * sum;
  }
  // erfc(x) = exp(-x^2) / sqrt(pi) 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...))))
  let fraction = x;
  for (let k = FRACTION_TERMS; k > 0; k--) fraction = x + (0.5 * k) / fraction;
  return kernels.exp(-x * x) / (ROOT_PI * fraction);
}

/** Coefficients of the rational approximations, from the highest power down. */
const CENTRE = [
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  [
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1,
  ],
] as const;
const MIDDLE = [
  [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
    5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
    1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const;
const FAR = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
] as const;

/** The z with P(Z <= z) = p for a standard normal Z: Wichura's algorithm AS 241, to about 1e-16 of its size. 0 < p < 1. */
export function normalQuantile(kernels: Kernels, p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-kernels.log(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5);
  return q < 0 ? -size : size;
}

function ratio([above, below]: readonly (readonly number[])[], x: number): number {
  const value = (coefficients: readonly number[]) => coefficients.reduce((sum, c) => sum * x + c, 0);
  return value(above) / value(below);
}
