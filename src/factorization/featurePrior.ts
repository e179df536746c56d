import type { Arena } from '../backend/arena.ts';
import { bytesOf, type KernelForms, type Precision, strideOf, valuesAt } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';
import type { FactorLayout } from './factorLayout.ts';
import type { FeatureMap } from './featureMap.ts';
import { readGraph, type Side } from './side.ts';

type Forms = KernelForms<'tallGram' | 'affine'>;

/**
 * The mean of a side's factors as a function of its features: prior = H B, with B the ridge regression of the factors on H in the metric of
 * their own ridge and graph: with d_i = z_i - B'h_i, min over B of
 * sum_i ridge_i |d_i|^2 + sum_{i<l} g_il |d_i - d_l|^2 + featureLambda |B|^2 (the constant column is not penalised).
 */
export class FeaturePrior {
  readonly map: FeatureMap;
  readonly #frame: Arena;
  readonly #forms: Forms;
  readonly #precision: Precision;
  readonly #layout: FactorLayout;
  readonly #side: Side;
  readonly #featureLambda: number;
  readonly #H: Pointer;
  /** The metric times H, for the factors and for the bias, whose ridge may differ by a constant. */
  readonly #weighted: [Pointer, Pointer];
  /** Ridge of each row, 0 for rows that only repeat the prior. */
  readonly #pull: Float64Array;
  readonly #width: number;
  readonly #ld: number;
  /** Cholesky factors of the normal matrices, for the factors and for the bias. */
  readonly #factors: [Pointer, Pointer];
  readonly #biasShare: number;
  readonly #right: Pointer;
  readonly #map: Pointer;
  readonly #panel: Pointer;

  constructor(
    frame: Arena,
    forms: Forms,
    precision: Precision,
    layout: FactorLayout,
    side: Side,
    map: FeatureMap,
    features: Float64Array,
    options: { featureLambda: number; biasShare: number; bounded: boolean },
  ) {
    this.map = map;
    this.#frame = frame;
    this.#forms = forms;
    this.#precision = precision;
    this.#layout = layout;
    this.#side = side;
    this.#featureLambda = options.featureLambda;
    this.#biasShare = options.biasShare;
    const width = map.width;
    this.#width = width;
    this.#ld = strideOf(width);
    const n = side.count;
    const H = map.map(features);
    this.#H = this.#placeRows(H);
    this.#pull = frame.heap.f64(side.ridge, n).slice();
    // Rows that only repeat the prior say nothing about it.
    if (!side.graph && !options.bounded) for (const i of side.cold) this.#pull[i] = 0;
    const weighted = this.#placeRows(this.#metricTimes(H, 1));
    const factor = this.#normalMatrix(weighted);
    const other = layout.biased && options.biasShare !== 1;
    const weightedBias = other ? this.#placeRows(this.#metricTimes(H, options.biasShare)) : weighted;
    this.#weighted = [weighted, weightedBias];
    this.#factors = [factor, other ? this.#normalMatrix(weightedBias) : factor];
    this.#right = frame.f64(layout.stride * width);
    this.#map = frame.zeros(this.#ld * layout.stride * bytesOf(precision));
    this.#panel = frame.uninitialised(this.#ld * 32);
    side.prior = frame.zeros(n * layout.stride * bytesOf(precision));
  }

  /** Fits B to the factors as they are and writes the prior. */
  update(): void {
    const { heap, kernels } = this.#frame;
    const { stride, rank, biased } = this.#layout;
    const [width, side] = [this.#width, this.#side];
    heap.f64(this.#right, stride * width).fill(0);
    const slots = biased ? [...Array(rank).keys(), side.ownSlot] : [...Array(rank).keys()];
    this.#project(0, rank, 0);
    if (biased) this.#project(side.ownSlot, 1, 1);
    for (const t of slots) {
      kernels.choleskySolve(this.#factors[t < rank ? 0 : 1], width, width, this.#right + t * width * 8);
    }
    const B = heap.f64(this.#right, stride * width);
    const map = valuesAt(heap, this.#precision, this.#map, this.#ld * stride);
    for (const t of slots) for (let j = 0; j < width; j++) map[j * stride + t] = B[t * width + j];
    this.#forms.affine(this.#H, this.#ld, side.count, width, this.#map, stride, 0, side.prior, this.#panel);
  }

  /** featureLambda |B|^2 of the last update, the constant column left out. */
  penalty(): number {
    const B = valuesAt(this.#frame.heap, this.#precision, this.#map, this.#ld * this.#layout.stride);
    let s = 0;
    for (let p = this.#layout.stride; p < this.#width * this.#layout.stride; p++) s += B[p] ** 2;
    return this.#featureLambda * s;
  }

  /** B as it is: `width` rows of the layout's stride. */
  coefficients(): Float64Array {
    return Float64Array.from(valuesAt(this.#frame.heap, this.#precision, this.#map, this.#width * this.#layout.stride));
  }

  /** How much of the prior of row i (of its bias) is row i itself: ridge_i h_i'A^-1 h_i, 0 for rows that say nothing about it. */
  leverage(i: number, bias: boolean): number {
    const { heap, kernels } = this.#frame;
    const [width, ld] = [this.#width, this.#ld];
    if (this.#pull[i] === 0) return 0;
    const h = valuesAt(heap, this.#precision, this.#H + i * ld * bytesOf(this.#precision), width);
    heap.f64(this.#right, width).set(h);
    kernels.choleskyForward(this.#factors[bias ? 1 : 0], width, width, this.#right);
    const share = bias ? this.#biasShare : 1;
    return Math.min(0.99, share * this.#pull[i] * kernels.dot(this.#right, this.#right, width));
  }

  /** Metric times H for `count` slots of the factors from `first` on, one of the two metrics. */
  #project(first: number, count: number, metric: 0 | 1): void {
    const { stride } = this.#layout;
    const [width, side] = [this.#width, this.#side];
    const from = side.factors + first * bytesOf(this.#precision);
    const to = this.#right + first * width * 8;
    this.#forms.tallGram(from, stride, count, this.#weighted[metric], this.#ld, width, side.count, to, width);
  }

  /** (share D + L) H, D the ridges and L the Laplacian of the graph. */
  #metricTimes(H: Float64Array, share: number): Float64Array {
    const width = this.#width;
    const out = H.map((value, p) => share * this.#pull[Math.floor(p / width)] * value);
    if (!this.#side.graph) return out;
    const { indptr, indices, data } = readGraph(this.#frame, this.#side);
    for (let i = 0; i < this.#side.count; i++) {
      for (let e = indptr[i]; e < indptr[i + 1]; e++) {
        const l = indices[e];
        for (let j = 0; j < width; j++) out[i * width + j] += data[e] * (H[i * width + j] - H[l * width + j]);
      }
    }
    return out;
  }

  #placeRows(rows: Float64Array): Pointer {
    const [width, ld, n] = [this.#width, this.#ld, this.#side.count];
    const pointer = this.#frame.zeros(n * ld * bytesOf(this.#precision));
    const placed = valuesAt(this.#frame.heap, this.#precision, pointer, n * ld);
    for (let i = 0; i < n; i++) for (let j = 0; j < width; j++) placed[i * ld + j] = rows[i * width + j];
    return pointer;
  }

  #normalMatrix(weighted: Pointer): Pointer {
    const width = this.#width;
    const A = this.#frame.f64(width * width);
    this.#forms.tallGram(this.#H, this.#ld, width, weighted, this.#ld, width, this.#side.count, A, width);
    const { heap, kernels } = this.#frame;
    const diagonal = heap.f64(A, width * width);
    for (let j = 1; j < width; j++) diagonal[j * (width + 1)] += this.#featureLambda;
    if (kernels.choleskyFactor(A, width, width, 1e-14) < width) {
      throw new SpinifexError(
        'SINGULAR',
        'features: their normal equations are singular; a larger featureLambda makes the map from features to factors unique',
      );
    }
    return A;
  }
}
