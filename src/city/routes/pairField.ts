import { definiteKernel } from './definiteKernel.ts';
import { expOf } from './logExp.ts';
import type { RouteEntries } from './routeEntries.ts';

/** How a route depends on others near it: latent value = sum of weights times theirs, with this variance left. */
export interface Conditional {
  neighbours: readonly number[];
  weights: Float64Array;
  variance: number;
}

/** Zones looked at around origin and destination, and observed routes that one route is conditioned on at most. */
const NEAREST_ZONES = 7;
const MOST_NEIGHBOURS = 12;

/**
 * What routes have in common beyond their covariates: x_i . y_j, summed over so many factors that only their kernel counts. Where the factors of near zones
 * are alike (Gaussian processes of the place with kernel k), the covariance of routes (i, j) and (i', j') is variance k(i, i') k(j, j'): the factorisation
 * of the route matrix with its factors integrated out. k = exp(-distance / scale).
 *
 * A route is conditioned on its nearest observed routes alone (Vecchia 1988; Datta et al. 2016).
 */
export class PairField {
  readonly variance: number;
  readonly #entries: RouteEntries;
  readonly #noise: Float64Array;
  readonly #kernel: Float64Array;
  readonly #near: readonly Int32Array[];
  /** Which entry a cell is, or -1. */
  readonly #entryAt: Int32Array;

  constructor(entries: RouteEntries, geometry: PairGeometry, variance: number, noise: Float64Array) {
    this.variance = variance;
    this.#entries = entries;
    this.#noise = noise;
    this.#kernel = geometry.kernel;
    this.#near = geometry.near;
    const n = entries.zones;
    this.#entryAt = new Int32Array(n * n).fill(-1);
    for (let k = 0; k < entries.row.length; k++) this.#entryAt[entries.row[k] * n + entries.col[k]] = k;
  }

  /** The latent value of route (i, j) given the entries that come before `limit` in the order `rank`. */
  given(i: number, j: number, rank?: Int32Array, limit = 0): Conditional {
    const n = this.#entries.zones;
    const { row, col } = this.#entries;
    const K = this.#kernel;
    const found: number[] = [];
    const strength: number[] = [];
    for (const a of this.#near[i]) {
      for (const b of this.#near[j]) {
        const k = this.#entryAt[a * n + b];
        if (k < 0 || (rank !== undefined && rank[k] >= limit)) continue;
        found.push(k);
        strength.push(K[i * n + a] * K[j * n + b]);
      }
    }
    const order = found.map((_, t) => t);
    if (found.length > MOST_NEIGHBOURS) {
      order.sort((s, t) => strength[t] - strength[s] || found[s] - found[t]);
      order.length = MOST_NEIGHBOURS;
    }
    const m = order.length;
    const neighbours = order.map((t) => found[t]);
    const C = new Float64Array(m * m);
    const c = new Float64Array(m);
    for (let s = 0; s < m; s++) {
      const [a, b] = [row[neighbours[s]], col[neighbours[s]]];
      for (let t = 0; t < s; t++) C[s * m + t] = this.variance * K[a * n + row[neighbours[t]]] * K[b * n + col[neighbours[t]]];
      C[s * m + s] = this.variance + this.#noise[neighbours[s]];
      c[s] = this.variance * strength[order[s]];
    }
    const weights = c.slice();
    solve(C, m, weights);
    let variance = this.variance;
    for (let s = 0; s < m; s++) variance -= weights[s] * c[s];
    return { neighbours, weights, variance };
  }
}

/** Distances between zones as a kernel, and which zones lie near which. */
export interface PairGeometry {
  kernel: Float64Array;
  near: readonly Int32Array[];
}

/** @param reach the kernel's scale in median distances to the nearest zone */
export function pairGeometry(distance: Float64Array, reach: number): PairGeometry {
  const n = Math.round(Math.sqrt(distance.length));
  const near = Array.from({ length: n }, (_, i) => {
    const zones = Array.from({ length: n }, (_, k) => k);
    zones.sort((a, b) => Number(b === i) - Number(a === i) || distance[i * n + a] - distance[i * n + b] || a - b);
    return Int32Array.from(zones.slice(0, NEAREST_ZONES));
  });
  const nearest = near.map((zones, i) => (zones.length > 1 ? distance[i * n + zones[1]] : 1)).sort((a, b) => a - b);
  const scale = reach * (nearest[nearest.length >> 1] || 1);
  return {
    kernel: definiteKernel(
      distance.map((d) => expOf(-d / scale)),
      n,
    ),
    near,
  };
}

/** x := C^-1 x for a symmetric positive definite C, of which the lower triangle is read and overwritten. */
function solve(C: Float64Array, m: number, x: Float64Array): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let s = C[i * m + j];
      for (let k = 0; k < j; k++) s -= C[i * m + k] * C[j * m + k];
      C[i * m + j] = i === j ? Math.sqrt(s) : s / C[j * m + j];
    }
    for (let k = 0; k < i; k++) x[i] -= C[i * m + k] * x[k];
    x[i] /= C[i * m + i];
  }
  for (let i = m - 1; i >= 0; i--) {
    x[i] /= C[i * m + i];
    for (let k = 0; k < i; k++) x[k] -= C[i * m + k] * x[i];
  }
}
