/**
 * What exact integration over one step multiplies with, without the cancellation of 1 - exp(-h) and of exp(-h_s) - exp(-h_m): both are
 * values of one entire function, phi(d) = (exp(d) - 1) / d, so equal time constants are no special case.
 * @module
 */

/** phi(d) = (exp(d) - 1) / d by its power series, for |d| <= 1 (the remainder is below 1e-24). */
function phi(d: number): number {
  let sum = 1;
  for (let k = 24; k >= 1; k--) sum = 1 + (d * sum) / (k + 1);
  return sum;
}

/** b = 1 - exp(-dt / tau), for dt <= tau: the share of x that one step takes away. */
export function leakOf(dt: number, tau: number): number {
  const h = dt / tau;
  return h * phi(-h);
}

/**
 * What g = 1, decaying with tauS, adds to x in one step where tauM x' = -x + g, for dt <= tauM, tauS:
 * tauS / (tauS - tauM) (exp(-dt / tauS) - exp(-dt / tauM)) = dt / tauM exp(-dt / tauM) phi(dt / tauM - dt / tauS).
 */
export function couplingOf(dt: number, tauM: number, tauS: number): number {
  const h = dt / tauM;
  return h * (1 - leakOf(dt, tauM)) * phi(h - dt / tauS);
}

/** What g = 1, decaying with tauS, adds to x in one step where x' = g: tauS (1 - exp(-dt / tauS)). */
export function integralOf(dt: number, tauS: number): number {
  return dt * phi(-dt / tauS);
}
