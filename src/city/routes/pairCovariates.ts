import { expOf, logOf } from './logExp.ts';
import { interveningOpportunities } from './opportunities.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** Landmarks of the smooth deterrence surface. */
const MOST_LANDMARKS = 48;
/** Routes from which landmarks are chosen. */
const MOST_POINTS = 1500;
/** A route that the landmarks explain this well (share of its variance) is none itself. */
const EXPLAINED = 1e-3;
/** Squared length scales of the surface in (mass of the origin, mass of the destination, log separation), all standardised. */
const SCALES = [20, 15, 1.5] as const;

/**
 * What a route is known by: straight terms (1, attributes of origin and destination, log separation, log intervening opportunities both ways), products of attributes of both ends (x_i . y_j with
 * factors that are straight functions of the attributes), and a smooth deterrence surface, a Gaussian process of both masses and the log separation, as columns H with H H' close to its kernel.
 */
export class PairCovariates {
  readonly zones: number;
  /** Number of straight terms, then of products of attributes of origin and destination, then of columns of the surface. */
  readonly straight: number;
  readonly bilinear: number;
  readonly smooth: number;
  readonly #setting: ZoneSetting;
  /** Standardised per-cell numbers: log separation, log opportunities there, log opportunities back. */
  readonly #cells: readonly Float64Array[];
  readonly #mass: Float64Array;
  readonly #landmarks: readonly (readonly number[])[];
  /** Lower triangular factor of the landmarks' kernel matrix, row after row. */
  readonly #factor: Float64Array;

  constructor(setting: ZoneSetting) {
    const { size: n, separation, mass, names } = setting;
    this.zones = n;
    this.#setting = setting;
    this.#mass = standardise(mass.map(logOf), () => true);
    const off = (k: number) => k % (n + 1) !== 0;
    if (separation) {
      const there = interveningOpportunities(separation, mass);
      const logS = there.map((s, k) => logOf(s + 0.5 * Math.sqrt(mass[Math.floor(k / n)] * mass[k % n])));
      const back = logS.map((_, k) => logS[(k % n) * n + Math.floor(k / n)]);
      this.#cells = [separation.map(logOf), logS, back].map((values) => standardise(values, off));
    } else this.#cells = [];
    this.straight = 1 + 2 * names.length + this.#cells.length;
    this.bilinear = names.length ** 2;
    [this.#landmarks, this.#factor] = separation ? this.#chooseLandmarks() : [[], new Float64Array(0)];
    this.smooth = this.#landmarks.length;
  }

  get width(): number {
    return this.straight + this.bilinear + this.smooth;
  }

  /** Writes the covariates of route (i, j) to out[at ...]. */
  write(i: number, j: number, out: Float64Array, at: number): void {
    const { attributes, names } = this.#setting;
    const q = names.length;
    out[at++] = 1;
    for (let a = 0; a < q; a++) out[at++] = attributes[i * q + a];
    for (let a = 0; a < q; a++) out[at++] = attributes[j * q + a];
    for (const cell of this.#cells) out[at++] = cell[i * this.zones + j];
    for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) out[at++] = attributes[i * q + a] * attributes[j * q + b];
    const point = this.#point(i, j);
    const r = this.smooth;
    for (let k = 0; k < r; k++) {
      let s = surface(point, this.#landmarks[k]);
      for (let l = 0; l < k; l++) s -= this.#factor[k * r + l] * out[at + l];
      out[at + k] = s / this.#factor[k * r + k];
    }
  }

  #point(i: number, j: number): readonly number[] {
    return [this.#mass[i], this.#mass[j], this.#cells[0]?.[i * this.zones + j] ?? 0];
  }

  /** By pivoted Cholesky factorisation over a grid of routes (Fine and Scheinberg 2001). */
  #chooseLandmarks(): [number[][], Float64Array] {
    const n = this.zones;
    let step = Math.max(1, Math.floor((n * n) / MOST_POINTS));
    // A common divisor of step and n would leave whole columns out.
    while (commonDivisor(step, n) > 1) step++;
    const points: (readonly number[])[] = [];
    for (let k = 0; k < n * n; k += step) if (Math.floor(k / n) !== k % n) points.push(this.#point(Math.floor(k / n), k % n));
    const rest = new Float64Array(points.length).fill(1);
    const columns: Float64Array[] = [];
    const pivots: number[] = [];
    while (pivots.length < MOST_LANDMARKS) {
      let p = 0;
      for (let k = 1; k < rest.length; k++) if (rest[k] > rest[p]) p = k;
      if (!(rest[p] > EXPLAINED)) break;
      const root = Math.sqrt(rest[p]);
      const column = new Float64Array(points.length);
      for (let k = 0; k < points.length; k++) {
        let s = surface(points[k], points[p]);
        for (const earlier of columns) s -= earlier[k] * earlier[p];
        column[k] = s / root;
        rest[k] -= column[k] ** 2;
      }
      rest[p] = 0;
      pivots.push(p);
      columns.push(column);
    }
    const r = pivots.length;
    const factor = new Float64Array(r * r);
    for (let a = 0; a < r; a++) for (let b = 0; b <= a; b++) factor[a * r + b] = columns[b][pivots[a]];
    return [pivots.map((p) => [...points[p]]), factor];
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function surface(a: readonly number[], b: readonly number[]): number {
  let s = 0;
  for (let t = 0; t < SCALES.length; t++) s += (a[t] - b[t]) ** 2 / SCALES[t];
  return expOf(-s);
}

/** Mean 0 and standard deviation 1 over the entries that count. */
function standardise(values: Float64Array, counts: (k: number) => boolean): Float64Array {
  const used = values.filter((_, k) => counts(k));
  let mean = 0;
  for (const v of used) mean += v / used.length;
  let variance = 0;
  for (const v of used) variance += (v - mean) ** 2 / used.length;
  const scale = variance > 1e-24 * mean ** 2 ? Math.sqrt(variance) : 1;
  return values.map((v) => (v - mean) / scale);
}
