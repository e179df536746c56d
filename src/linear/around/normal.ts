import type { Kernels } from '../../backend/kernels.ts';

const ROOT_PI = 1.772453850905516;
/** Below it the series of erf is as exact, and shorter, than the continued fraction of erfc. */
const SERIES_END = 2.5;
const FRACTION_TERMS = 80;

/** P(|Z| > |z|) for a standard normal Z, to about 1e-14 of its size. */
export function twoSidedTail(kernels: Kernels, z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
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
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
] as const;
const MIDDLE = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
    4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
    2.053191626637759, 1,
  ],
] as const;
const FAR = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
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
