import { Random } from '../../core/random.ts';
import { NormalEquations, type Posterior, posteriorVariances, precisionOf, type SparseRow } from './effects.ts';
import { logOf } from './logExp.ts';
import { PairCovariates } from './pairCovariates.ts';
import { PairField, type PairGeometry, pairGeometry } from './pairField.ts';
import type { RouteEntries } from './routeEntries.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** Variances on the log scale, and how far routes influence each other. */
export interface FieldParameters {
  /** Of x_i . y_j. */
  pair: number;
  /** Of what nothing explains, beside counting noise. */
  noise: number;
  /** Scale of the pair kernel, in median distances to the nearest zone. */
  reach: number;
}

/** Routes whose variances are computed at once. */
const BATCH = 256;

/** Prior variances of straight terms, and of the origins' and destinations' effects: smooth over the city, and of each zone alone. */
const STRAIGHT = 25;
const BILINEAR = 0.1;
const SMOOTH_EFFECT = 0.1;
const OWN_EFFECT = 0.06;
/** Scale of the smooth part, in median distances to the nearest zone. */
const EFFECT_REACH = 12;

/** Options of `GravityField`. */
export interface FieldOptions {
  /** What is known of the logarithm of each entry beside this model. */
  offset?: Float64Array;
  /** Whether x_i . y_j is taken for noise, which costs no neighbours. @default false */
  independent?: boolean;
  /** Without it there are no variances. @default true */
  wantCovariance?: boolean;
}

/** Mean and variance of the logarithm of the expected trips. */
export interface LogPrediction {
  mean: Float64Array;
  /** Of a new observation, without counting noise. */
  variance: Float64Array;
}

/**
 *   log(T_ij) = z_ij'theta + a_i + b_j + x_i . y_j + noise
 *
 * with z the covariates of `PairCovariates`, effects a and b that are similar in near zones, and factors x and y integrated out (`PairField`). The posterior is exact but for
 * conditioning each route on its nearest ones: observations are decorrelated one after the other, which leaves a ridge regression.
 */
export class GravityField {
  /** What trips are counted in: 1, or the smallest positive value of data that are no counts. */
  readonly unit: number;
  readonly counts: boolean;
  readonly #field: PairField | undefined;
  readonly #posterior: Posterior;
  readonly #centre: number;
  readonly #parameters: FieldParameters;
  readonly #residual: Float64Array;
  readonly #rows: RowBuilder;
  /** -2 log marginal likelihood, but for a constant. */
  readonly deviance: number;

  constructor(entries: RouteEntries, design: FieldDesign, parameters: FieldParameters, seed: number, options: FieldOptions = {}) {
    const { offset, independent = false, wantCovariance = true } = options;
    const { covariates, prior } = design;
    const { row, col, value } = entries;
    const count = row.length;
    this.#parameters = parameters;
    this.counts = value.every(Number.isInteger);
    this.unit = this.counts ? 1 : smallestPositive(value);
    const y = value.map((v, k) => logOf(v + this.unit / 2) - (offset?.[k] ?? 0));
    let centre = 0;
    for (const v of y) centre += v / count;
    this.#centre = centre;
    const unexplained = parameters.noise + (independent ? parameters.pair : 0);
    const noise = value.map((v) => unexplained + this.countingVariance(v));
    const geometry = independent ? undefined : design.geometry(parameters.reach);
    this.#field = geometry && new PairField(entries, geometry, parameters.pair, noise);
    // Any order does; in a random one, early entries are spread over the whole matrix, which the approximation likes best.
    const order = new Random(seed).shuffle(Int32Array.from(row, (_, k) => k));
    const rank = new Int32Array(count);
    for (let t = 0; t < count; t++) rank[order[t]] = t;
    const equations = new NormalEquations(prior, design.size, covariates.width);
    const rows = new RowBuilder(design, entries);
    let logScale = 0;
    for (let t = 0; t < count; t++) {
      const k = order[t];
      const given = this.#field?.given(row[k], col[k], rank, t);
      const variance = (given?.variance ?? 0) + noise[k];
      let residual = y[k] - centre;
      for (let s = 0; given && s < given.neighbours.length; s++) residual -= given.weights[s] * (y[given.neighbours[s]] - centre);
      const scale = 1 / Math.sqrt(variance);
      equations.add(rows.build(row[k], col[k], given?.neighbours, given?.weights, scale), residual * scale);
      logScale += logOf(variance);
    }
    this.#posterior = equations.solve(wantCovariance);
    this.deviance = this.#posterior.deviance + logScale;
    this.#residual = y.map((v, k) => v - centre - rows.times(row[k], col[k], this.#posterior.theta));
    this.#rows = rows;
  }

  /** Variance of the logarithm of a count around its expectation. */
  countingVariance(value: number): number {
    return this.counts ? 1 / (value + 0.5) : 0;
  }

  /** What covariates and effects leave of the logarithms, entry by entry. */
  get residuals(): Float64Array {
    return this.#residual;
  }

  predict(rows: Int32Array, cols: Int32Array): LogPrediction {
    const mean = new Float64Array(rows.length);
    const variance = new Float64Array(rows.length);
    const { theta } = this.#posterior;
    const waiting: SparseRow[] = [];
    for (let t = 0; t < rows.length; t++) {
      const given = this.#field?.given(rows[t], cols[t]);
      let value = this.#centre + this.#rows.times(rows[t], cols[t], theta);
      for (let s = 0; given && s < given.neighbours.length; s++) value += given.weights[s] * this.#residual[given.neighbours[s]];
      mean[t] = value;
      variance[t] = (given?.variance ?? 0) + this.#parameters.noise;
      waiting.push(this.#rows.build(rows[t], cols[t], given?.neighbours, given?.weights, 1));
      if (waiting.length < BATCH && t + 1 < rows.length) continue;
      const uncertain = posteriorVariances(this.#posterior, waiting);
      for (const [k, v] of uncertain.entries()) variance[t + 1 - waiting.length + k] += v;
      waiting.length = 0;
    }
    return { mean, variance };
  }
}

const designs = new WeakMap<ZoneSetting, FieldDesign>();

/** The design of a city, made once. */
export function designOf(setting: ZoneSetting): FieldDesign {
  let design = designs.get(setting);
  if (design === undefined) designs.set(setting, (design = new FieldDesign(setting)));
  return design;
}

/** What fits to the same city share. */
export class FieldDesign {
  readonly covariates: PairCovariates;
  readonly zones: number;
  readonly prior: { precision: Float64Array; logDeterminant: number };
  readonly #distance: Float64Array | undefined;
  readonly #geometries = new Map<number, PairGeometry>();
  /** Covariates of every route, computed when they are first asked for. */
  readonly #table: (Float64Array | undefined)[] = [];

  constructor(setting: ZoneSetting) {
    this.covariates = new PairCovariates(setting);
    this.zones = setting.size;
    this.#distance = setting.distance;
    this.prior = this.#makePrior();
  }

  /** Number of unknowns: covariates, origins, destinations. */
  get size(): number {
    return this.covariates.width + 2 * this.zones;
  }

  covariatesOf(i: number, j: number): Float64Array {
    const at = i * this.zones + j;
    let row = this.#table[at];
    if (row === undefined) this.covariates.write(i, j, (this.#table[at] = row = new Float64Array(this.covariates.width)), 0);
    return row;
  }

  geometry(reach: number): PairGeometry | undefined {
    if (this.#distance === undefined) return undefined;
    let known = this.#geometries.get(reach);
    if (known === undefined) this.#geometries.set(reach, (known = pairGeometry(this.#distance, reach)));
    return known;
  }

  #makePrior(): { precision: Float64Array; logDeterminant: number } {
    const [n, p] = [this.zones, this.size];
    const { straight, bilinear, width } = this.covariates;
    const smooth = this.geometry(EFFECT_REACH);
    const K = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) K[i * n + j] = SMOOTH_EFFECT * (smooth?.kernel[i * n + j] ?? 0) + (i === j ? OWN_EFFECT : 0);
    }
    const { precision: inverse, logDeterminant } = precisionOf(K, n);
    const precision = new Float64Array(p * p);
    for (let a = 0; a < width; a++)
      precision[a * p + a] = a < straight ? 1 / STRAIGHT : a < straight + bilinear ? 1 / BILINEAR : 1;
    for (const first of [width, width + n]) {
      for (let i = 0; i < n; i++) precision.set(inverse.subarray(i * n, (i + 1) * n), (first + i) * p + first);
    }
    return { precision, logDeterminant: 2 * logDeterminant - straight * logOf(STRAIGHT) - bilinear * logOf(BILINEAR) };
  }
}

/** Rows of the design: covariates, one origin, one destination; less those of neighbours times their weights. */
class RowBuilder {
  readonly #width: number;
  readonly #zones: number;
  readonly #entries: RouteEntries;
  readonly #covariatesOf: (i: number, j: number) => Float64Array;

  constructor(design: FieldDesign, entries: RouteEntries) {
    this.#width = design.covariates.width;
    this.#zones = design.zones;
    this.#entries = entries;
    this.#covariatesOf = (i, j) => design.covariatesOf(i, j);
  }

  build(
    i: number,
    j: number,
    neighbours: readonly number[] = [],
    weights: Float64Array = new Float64Array(0),
    scale = 1,
  ): SparseRow {
    const w = this.#width;
    const { row, col } = this.#entries;
    const dense = this.#covariatesOf(i, j).slice();
    const columns = [w + i, w + this.#zones + j];
    const values = [1, 1];
    for (let s = 0; s < neighbours.length; s++) {
      const [a, b] = [row[neighbours[s]], col[neighbours[s]]];
      const theirs = this.#covariatesOf(a, b);
      const weight = weights[s];
      for (let t = 0; t < w; t++) dense[t] -= weight * theirs[t];
      subtract(columns, values, w + a, weight);
      subtract(columns, values, w + this.#zones + b, weight);
    }
    for (let a = 0; a < w; a++) dense[a] *= scale;
    for (let s = 0; s < values.length; s++) values[s] *= scale;
    return { dense, columns, values };
  }

  /** z'theta of a route. */
  times(i: number, j: number, theta: Float64Array): number {
    const w = this.#width;
    const z = this.#covariatesOf(i, j);
    let s = theta[w + i] + theta[w + this.#zones + j];
    for (let a = 0; a < w; a++) s += z[a] * theta[a];
    return s;
  }
}

function subtract(columns: number[], values: number[], column: number, weight: number): void {
  const at = columns.indexOf(column);
  if (at >= 0) values[at] -= weight;
  else {
    columns.push(column);
    values.push(-weight);
  }
}

function smallestPositive(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const v of values) if (v > 0 && v < least) least = v;
  return Number.isFinite(least) ? least : 1;
}
