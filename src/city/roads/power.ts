import { currentBackend } from '../../backend/backend.ts';

/** x^p for x >= 0: small whole powers by multiplication, others as exp(p log x) by the kernels; x^0 = 1 also at 0. */
export function power(x: number, p: number): number {
  if (p === 4) return x * x * (x * x);
  if (p === 1) return x;
  if (p === 0) return 1;
  if (x === 0) return p > 0 ? 0 : Infinity;
  if (Number.isInteger(p) && p > 0 && p <= 16) {
    let out = x;
    for (let k = 1; k < p; k++) out *= x;
    return out;
  }
  const { exp, log } = currentBackend().kernels;
  return exp(p * log(x));
}
