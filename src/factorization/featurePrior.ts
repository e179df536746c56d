import type { Arena } from '../backend/arena.ts';
import { bytesOf, type KernelForms, type Precision, strideOf, valuesAt } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';
import type { FactorLayout } from './factorLayout.ts';
import type { FeatureMap } from './featureMap.ts';
import type { Side } from './side.ts';

type Forms = KernelForms<'tallGram' | 'affine'>;

/**
 * The mean of a side's factors as a function of its features: prior = H B, with B the ridge regression of the factors on H in the metric of
 * their own ridge, min over B of sum_i ridge_i |z_i - B'h_i|^2 + featureLambda |B|^2 (the constant column is not penalised).
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
  readonly #weighted: Pointer;
  readonly #width: number;
  readonly #ld: number;
  /** Cholesky factors for the factors and for the bias, whose ridge may differ by a constant. */
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
    options: { featureLambda: number; biasShare: number },
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
    this.#H = this.#placeRows(H, () => 1);
    // Rows that only repeat the prior say nothing about it.
    const silent = new Uint8Array(n);
    if (!side.graph) for (const i of side.cold) silent[i] = 1;
    const ridge = frame.heap.f64(side.ridge, n).slice();
    this.#weighted = this.#placeRows(H, (i) => (silent[i] ? 0 : ridge[i]));
    this.#factors = [this.#normalMatrix(1), this.#normalMatrix(options.biasShare)];
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
    this.#forms.tallGram(side.factors, stride, stride, this.#weighted, this.#ld, width, side.count, this.#right, width);
    const slots = biased ? [...Array(rank).keys(), side.ownSlot] : [...Array(rank).keys()];
    for (const t of slots) {
      const row = this.#right + t * width * 8;
      const bias = t >= rank;
      if (bias) kernels.scale(this.#biasShare, row, width);
      kernels.choleskySolve(this.#factors[bias ? 1 : 0], width, width, row);
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

  /** How much of row i's prior is row i itself: ridge_i h_i'A^-1 h_i, 0 for rows that say nothing about it. */
  leverage(i: number): number {
    const { heap, kernels } = this.#frame;
    const [width, ld] = [this.#width, this.#ld];
    const bytes = bytesOf(this.#precision);
    const h = valuesAt(heap, this.#precision, this.#H + i * ld * bytes, width);
    const weighted = valuesAt(heap, this.#precision, this.#weighted + i * ld * bytes, 1)[0];
    if (weighted === 0) return 0;
    heap.f64(this.#right, width).set(h);
    kernels.choleskyForward(this.#factors[0], width, width, this.#right);
    return Math.min(0.99, weighted * kernels.dot(this.#right, this.#right, width));
  }

  #placeRows(H: Float64Array, weight: (i: number) => number): Pointer {
    const [width, ld, n] = [this.#width, this.#ld, this.#side.count];
    const pointer = this.#frame.zeros(n * ld * bytesOf(this.#precision));
    const rows = valuesAt(this.#frame.heap, this.#precision, pointer, n * ld);
    for (let i = 0; i < n; i++) for (let j = 0; j < width; j++) rows[i * ld + j] = weight(i) * H[i * width + j];
    return pointer;
  }

  #normalMatrix(share: number): Pointer {
    const width = this.#width;
    const A = this.#frame.f64(width * width);
    this.#forms.tallGram(this.#H, this.#ld, width, this.#weighted, this.#ld, width, this.#side.count, A, width);
    const { heap, kernels } = this.#frame;
    kernels.scale(share, A, width * width);
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
