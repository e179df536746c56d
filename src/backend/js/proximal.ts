import { shrink } from './loops.ts';
import { exp, log, log1p } from './math.ts';

/** argmin over b of v/2 b^2 - z b + t rho(|b|); penalties by number as in `assembly/proximal.ts`. */
export function scalarMinimiser(penalty: number, shape: number, z: number, v: number, t: number): number {
  const b = minimiserOf(penalty, shape, Math.abs(z), v, t);
  return z < 0 ? -b : b;
}

function minimiserOf(penalty: number, shape: number, a: number, v: number, t: number): number {
  if (penalty === 1) {
    if (shape * v > 1) return a <= t ? 0 : a <= shape * t * v ? (a - t) / (v - 1 / shape) : a / v;
    return a > t * Math.sqrt(shape * v) ? a / v : 0;
  }
  if (penalty === 2) {
    const far = a / v;
    if (v * (shape - 1) > 1) {
      if (a <= t * (1 + v)) return Math.max(a - t, 0) / v;
      return far <= shape * t ? (a - (shape * t) / (shape - 1)) / (v - 1 / (shape - 1)) : far;
    }
    const near = Math.min(Math.max(a - t, 0) / v, t);
    const atNear = 0.5 * v * near * near - (a - t) * near;
    return far > shape * t && 0.5 * t * t * (shape + 1) - 0.5 * a * far < atNear ? far : near;
  }
  if (penalty === 3) return powerMinimiser(shape, a, v, t);
  const linear = a - v * shape;
  const square = linear * linear - 4 * v * (t - a * shape);
  if (!(square >= 0)) return 0;
  const root = (linear + Math.sqrt(square)) / (2 * v);
  return root > 0 && 0.5 * v * root * root - a * root + t * log1p(root / shape) < 0 ? root : 0;
}

function powerMinimiser(p: number, a: number, v: number, t: number): number {
  let b = a / v;
  if (t === 0 || b === 0) return b;
  for (let k = 0; k < 100; k++) {
    const power = p === 0.5 ? 1 / Math.sqrt(b) : exp((p - 1) * log(b));
    const slope = v - (t * p * (1 - p) * power) / b;
    if (slope <= 0) return 0;
    const next = b - (v * b - a + t * p * power) / slope;
    if (!(next > 0)) return 0;
    const settled = Math.abs(b - next) <= 4e-16 * b;
    b = next;
    if (settled) break;
  }
  const rho = p === 0.5 ? Math.sqrt(b) : exp(p * log(b));
  return 0.5 * v * b * b - a * b + t * rho < 0 ? b : 0;
}

/** One coordinate: argmin of v/2 b^2 - z b + t rho(|b|) + soft/2 b^2, where penalties other than L1 act on s b and everything was divided by `mass`. */
export function coordinate(
  penalty: number,
  shape: number,
  s: number,
  mass: number,
  z: number,
  v: number,
  t: number,
  soft: number,
): number {
  if (penalty === 0) return shrink(z, t) / (v + soft);
  return scalarMinimiser(penalty, shape, (mass * z) / s, (mass * (v + soft)) / (s * s), (mass * t) / s) / s;
}
