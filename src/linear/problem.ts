import type { Arena } from '../backend/arena.ts';
import { type Columns, checkMoments } from '../backend/columns.ts';
import type { Heap } from '../backend/heap.ts';
import type { Kernels, Pointer } from '../backend/kernels.ts';
import type { Matrix } from '../core/matrixInput.ts';
import type { CoefficientPenalty } from './penalty.ts';
import { type PenaltyShape, penaltyFactors } from './penaltyFactors.ts';

/**
 * A penalised least-squares problem in linear memory, ready for any solver and any lambda:
 *
 *   min over b   1/2 || y~ - sum_j z~_j b_j ||^2  +  lambda sum_j (l1_j |b_j| + l2_j / 2 b_j^2),   lower <= b <= upper
 *
 * with y~ = W^(1/2) (y - mean), z~_j = W^(1/2) (x_j - mean_j), W the weights divided by their sum. Centring and weights are implicit: X
 * is stored once, as given. `standardize` only changes the factors: l1_j = l1Ratio omega_j s_j, l2_j = (1 - l1Ratio) omega_j s_j^2,
 * so coefficients are always on the original scale. Columns that may not enter (infinite factor, no spread) have second_j = 0.
 */
export class Problem {
  readonly frame: Arena;
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly columns: Columns;
  readonly n: number;
  readonly p: number;
  readonly shape: PenaltyShape;
  /** Weights that sum to 1; 0 when they are all 1/n. */
  readonly weights: Pointer;
  /** Their square roots; 0 when they are all 1/n. */
  readonly rootWeights: Pointer;
  /** Column means that are taken off; zeros without intercept. */
  readonly mean: Pointer;
  /** ||z~_j||^2, 0 for columns that may not enter. */
  readonly second: Pointer;
  readonly l1: Pointer;
  readonly l2: Pointer;
  /** 0 when there are no bounds. */
  readonly lower: Pointer;
  readonly upper: Pointer;
  /** s_j under `standardize`, 1 otherwise; 0 pointer when all 1. */
  readonly spread: Pointer;
  /** y~ */
  readonly response: Pointer;
  readonly responseMean: number;
  /** 1/2 ||y~||^2: the objective of the intercept alone. */
  readonly nullLoss: number;
  /** z~_j . y~ for every column. */
  readonly correlation: Pointer;
  #scratch: Pointer;

  /** `source` is the matrix behind `columns`, by its name, where its values have not been looked at yet: NaN and Infinity are then refused. */
  constructor(
    frame: Arena,
    columns: Columns,
    y: Float64Array,
    shape: PenaltyShape,
    sampleWeight?: Float64Array,
    source?: { matrix: Matrix; name: string },
  ) {
    const { kernels, heap } = frame;
    this.frame = frame;
    this.kernels = kernels;
    this.heap = heap;
    this.shape = shape;
    this.columns = columns;
    const { rows: n, cols: p } = columns;
    this.n = n;
    this.p = p;
    const weights = sampleWeight && normalised(sampleWeight);
    this.weights = weights ? frame.put(weights) : 0;
    this.rootWeights = weights ? frame.put(weights.map(Math.sqrt)) : 0;
    this.mean = frame.f64(p);
    this.second = frame.f64(p);
    this.columns.moments(this.weights, this.mean, this.second);
    if (source) checkMoments(frame, source.matrix, source.name, this.mean, this.second, p);

    const { l1, l2, lower, upper, spread } = penaltyFactors(frame, shape, this.mean, this.second, p);
    this.l1 = l1;
    this.l2 = l2;
    this.lower = lower;
    this.upper = upper;
    this.spread = spread;

    this.responseMean = shape.fitIntercept ? mean(y, weights) : 0;
    this.response = frame.put(y.map((value) => value - this.responseMean));
    this.#scratch = frame.uninitialised(n * 8);
    this.#weigh(this.response);
    this.nullLoss = 0.5 * kernels.dot(this.response, this.response, n);
    this.correlation = frame.f64(p);
    this.correlate(this.response, 0, p, this.correlation);
    const correlation = heap.f64(this.correlation, p);
    const second = heap.f64(this.second, p);
    for (let j = 0; j < p; j++) if (second[j] === 0) correlation[j] = 0;
  }

  /** out_k = z~_index[k] . v for a centred v (any combination of y~ and columns); index = 0: all columns. */
  correlate(v: Pointer, index: Pointer, count: number, out: Pointer): void {
    this.left(v, this.#scratch);
    this.columns.dots(index, count, this.#scratch, out);
  }

  /** The vector u with x_j . u = z~_j . v for a centred v. */
  left(v: Pointer, out: Pointer): void {
    const { heap, kernels, n } = this;
    if (this.weights) kernels.multiply(this.rootWeights, v, out, n);
    else {
      heap.f64(out, n).set(heap.f64(v, n));
      kernels.scale(1 / Math.sqrt(n), out, n);
    }
    this.#recentre(out);
  }

  /** y~ - sum_k coef_k z~_index[k] into out. */
  residual(index: Int32Array, coef: Float64Array, out: Pointer): void {
    const { heap, kernels, n } = this;
    const fitted = heap.f64(out, n);
    fitted.fill(0);
    this.addColumns(index, coef, out);
    kernels.scale(-1, out, n);
    kernels.axpy(1, this.response, out, n);
  }

  /** out += sum_k coef_k z~_index[k]; out must be zero where there are weights. */
  addColumns(index: Int32Array, coef: Float64Array, out: Pointer): void {
    const { frame, heap, kernels, n } = this;
    const means = heap.f64(this.mean, this.p);
    let centre = 0;
    for (let k = 0; k < index.length; k++) centre += coef[k] * means[index[k]];
    const share = this.weights ? 1 : 1 / Math.sqrt(n);
    const list = frame.put(index);
    const values = frame.put(coef.map((b) => b * share));
    this.columns.combine(list, values, index.length, out);
    frame.release(values);
    frame.release(list);
    kernels.shift(-centre * share, out, n);
    if (this.weights) kernels.multiply(this.rootWeights, out, out, n);
  }

  /** out = W z_j or z_j / n: the left factor of Gram entries, out . x_k = z~_j . z~_k. */
  pack(j: number, out: Pointer): void {
    this.columns.pack(j, this.heap.f64(this.mean, this.p)[j], this.weights, out);
    if (!this.weights) this.kernels.scale(1 / this.n, out, this.n);
    this.#recentre(out);
  }

  /** Takes off what rounding left of the sum: times a column whose mean is far from zero it would not be small. */
  #recentre(u: Pointer): void {
    if (!this.shape.fitIntercept) return;
    const { kernels, n } = this;
    const rest = kernels.sum(u, n);
    if (this.weights) kernels.axpy(-rest, this.weights, u, n);
    else kernels.shift(-rest / n, u, n);
  }

  /** The penalty of any column at lambda; good until the next allocation. */
  penalties(lambda: number): (j: number) => CoefficientPenalty {
    const { heap, p } = this;
    const l1 = heap.f64(this.l1, p);
    const l2 = heap.f64(this.l2, p);
    const lower = this.lower ? heap.f64(this.lower, p) : undefined;
    const upper = this.upper ? heap.f64(this.upper, p) : undefined;
    return (j) => ({
      l1: lambda * l1[j],
      l2: lambda * l2[j],
      lower: lower ? lower[j] : -Infinity,
      upper: upper ? upper[j] : Infinity,
    });
  }

  /** Intercept of a fit with these coefficients. */
  intercept(index: ArrayLike<number>, coef: ArrayLike<number>): number {
    if (!this.shape.fitIntercept) return 0;
    const means = this.heap.f64(this.mean, this.p);
    let value = this.responseMean;
    for (let k = 0; k < index.length; k++) value -= coef[k] * means[index[k]];
    return value;
  }

  #weigh(v: Pointer): void {
    if (this.weights) this.kernels.multiply(this.rootWeights, v, v, this.n);
    else this.kernels.scale(1 / Math.sqrt(this.n), v, this.n);
  }
}

/** Divided by their sum. */
export function normalised(weights: Float64Array): Float64Array {
  const largest = weights.reduce((a, b) => Math.max(a, b), 0);
  // Divided by the largest first, so that the sum of huge weights stays finite.
  const scaled = weights.map((w) => w / largest);
  const total = scaled.reduce((a, b) => a + b, 0);
  return scaled.map((w) => w / total);
}

function mean(y: Float64Array, weights?: Float64Array): number {
  let total = 0;
  if (weights) for (let i = 0; i < y.length; i++) total += weights[i] * y[i];
  else for (let i = 0; i < y.length; i++) total += y[i];
  const first = weights ? total : total / y.length;
  // A second pass takes off the rounding error of the first: a constant response must centre to zeros.
  let rest = 0;
  for (let i = 0; i < y.length; i++) rest += (weights ? weights[i] : 1 / y.length) * (y[i] - first);
  return first + rest;
}
