import { get } from './access';
import { exp, log, log1p } from './math';
import { shrink } from './vector';

// Penalties t rho(|b|) by number: 0 L1, 1 MCP, 2 SCAD, 3 Lp, 4 log-sum. `shape` is gamma, a, p or epsilon.

/** argmin over b of v/2 b^2 - z b + t rho(|b|), the smaller |b| on ties; v > 0. */
export function scalarMinimiser(penalty: i32, shape: f64, z: f64, v: f64, t: f64): f64 {
  const a = Math.abs(z);
  let b = 0.0;
  if (penalty == 1) {
    if (shape * v > 1) b = a <= t ? 0 : a <= shape * t * v ? (a - t) / (v - 1 / shape) : a / v;
    else if (a > t * Math.sqrt(shape * v)) b = a / v;
  } else if (penalty == 2) {
    const far = a / v;
    if (v * (shape - 1) > 1) {
      if (a <= t * (1 + v)) b = Math.max(a - t, 0) / v;
      else b = far <= shape * t ? (a - (shape * t) / (shape - 1)) / (v - 1 / (shape - 1)) : far;
    } else {
      // The middle piece is concave: either the soft threshold below t or no penalty at all.
      const near = Math.min(Math.max(a - t, 0) / v, t);
      const atNear = 0.5 * v * near * near - (a - t) * near;
      b = far > shape * t && 0.5 * t * t * (shape + 1) - 0.5 * a * far < atNear ? far : near;
    }
  } else if (penalty == 3) {
    b = powerMinimiser(shape, a, v, t);
  } else if (penalty == 4) {
    const linear = a - v * shape;
    const square = linear * linear - 4 * v * (t - a * shape);
    if (square >= 0) {
      const root = (linear + Math.sqrt(square)) / (2 * v);
      if (root > 0 && 0.5 * v * root * root - a * root + t * log1p(root / shape) < 0) b = root;
    }
  }
  return z < 0 ? -b : b;
}

/** Largest root of v b - a + t p b^(p-1), a convex function of b, by Newton from the right; 0 where zero is better. */
function powerMinimiser(p: f64, a: f64, v: f64, t: f64): f64 {
  let b = a / v;
  if (t == 0 || b == 0) return b;
  for (let k = 0; k < 100; k++) {
    const power = p == 0.5 ? 1 / Math.sqrt(b) : exp((p - 1) * log(b));
    const slope = v - (t * p * (1 - p) * power) / b;
    if (slope <= 0) return 0;
    const next = b - (v * b - a + t * p * power) / slope;
    if (!(next > 0)) return 0;
    const settled = Math.abs(b - next) <= 4e-16 * b;
    b = next;
    if (settled) break;
  }
  const rho = p == 0.5 ? Math.sqrt(b) : exp(p * log(b));
  return 0.5 * v * b * b - a * b + t * rho < 0 ? b : 0;
}

/**
 * One coordinate: argmin of v/2 b^2 - z b + lambda (l1_j |b| + l2_j / 2 b^2). Penalties other than L1 act on spread_j b, and as their shape depends on
 * lambda, `mass` tells by how much the whole problem was divided.
 */
// @ts-ignore: decorator
@inline
export function coordinate(
  penalty: i32, shape: f64, spread: usize, mass: f64, j: i32, z: f64, v: f64, lambda: f64, l1: usize, l2: usize,
): f64 {
  const t = lambda * get(l1, j), curvature = v + lambda * get(l2, j);
  if (penalty == 0) return shrink(z, t) / curvature;
  const s = spread ? get(spread, j) : 1.0;
  return scalarMinimiser(penalty, shape, (mass * z) / s, (mass * curvature) / (s * s), (mass * t) / s) / s;
}
