import { exp } from './math.ts';

/** assembly/surrogate.ts: the derivative at x = |u - theta|. */
export function surrogate(x: number, shape: number, slope: number, peak: number): number {
  const scaled = slope * x;
  if (shape === 0) return peak / (1 + scaled) ** 2;
  if (shape === 1) {
    const e = exp(-scaled);
    return (4 * peak * e) / (1 + e) ** 2;
  }
  if (shape === 2) return peak / (1 + ((Math.PI / 2) * scaled) ** 2);
  return peak * Math.max(0, 1 - scaled);
}
