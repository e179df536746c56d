import type { Arena } from '../backend/arena.ts';
import { bytesOf, type KernelForms, kernelForms, type Precision, valuesAt } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import { SpinifexError } from '../core/errors.ts';
import type { FactorLayout } from './factorLayout.ts';
import type { FeaturePrior } from './featurePrior.ts';
import { readGraph, type Side } from './side.ts';

const NAMES = [
  'tallGram',
  'affine',
  'alternate',
  'alternateCg',
  'factorResiduals',
  'entryLoss',
  'entryProducts',
  'ridgePenalty',
  'transpose',
  'rankOneAdd',
  'rankOneUpdate',
] as const;

export type FactorForms = KernelForms<(typeof NAMES)[number]>;

export const factorForms = (frame: Arena, precision: Precision): FactorForms => kernelForms(frame.kernels, NAMES, precision);

/** Bytes of gathered rows that stay in the first-level cache beside a Gram matrix. */
const BUFFER = 16384;
/** Passes over rows that only a graph reaches, in each half of a sweep. */
const SPREADING = 20;

/** What a factorisation in linear memory consists of. */
export interface Factorization {
  readonly frame: Arena;
  readonly forms: FactorForms;
  readonly precision: Precision;
  readonly layout: FactorLayout;
  /** Whether every entry counts, unobserved ones as 0 with weight 1. */
  readonly implicit: boolean;
  readonly rows: Side;
  readonly columns: Side;
  readonly rowPrior?: FeaturePrior | undefined;
  readonly columnPrior?: FeaturePrior | undefined;
}

/** Alternating least squares: every row's regression on the columns, then every column's on the rows. */
export class Alternation {
  readonly factorization: Factorization;
  readonly #width: number;
  readonly #batch: number;
  readonly #buffer: Pointer;
  readonly #gram: Pointer;
  readonly #base: Pointer;
  /** The base in the factors' own precision and stride. */
  readonly #baseRows: Pointer;
  readonly #rhs: Pointer;
  readonly #scratch: Pointer;

  constructor(factorization: Factorization) {
    this.factorization = factorization;
    const { frame, layout, precision, rows, columns, implicit } = factorization;
    const bytes = bytesOf(precision);
    const width = Math.ceil((layout.rank + Number(layout.biased)) / 4) * 4;
    this.#width = width;
    const copies = rows.weight || columns.weight ? 2 : 1;
    this.#batch = Math.max(8, Math.floor(BUFFER / (copies * width * bytes)));
    this.#buffer = frame.uninitialised(this.#batch * (copies * width + 1) * bytes);
    this.#gram = frame.uninitialised(width * width * 8);
    this.#base = implicit ? frame.f64(width * width) : 0;
    this.#baseRows = implicit ? frame.zeros(layout.rank * layout.stride * bytes) : 0;
    this.#rhs = frame.f64(width);
    this.#scratch = frame.zeros(3 * layout.stride * bytes);
  }

  /** The rows of one side become the exact minimisers given the other side. */
  solve(side: Side, other: Side): void {
    this.#prepareBase(other);
    this.#solveRange(side, other, 0, side.count);
    if (side.graph) this.solveCold(side, other);
  }

  /** The rows without entries alone, until they agree with their priors and neighbours. */
  solveCold(side: Side, other: Side): void {
    this.#prepareBase(other);
    for (let pass = 0; pass < (side.graph ? SPREADING : 1); pass++) {
      for (const i of side.cold) this.#solveRange(side, other, i, i + 1);
    }
  }

  /** Rows like the factors: what each would be if its own entries were not there, and had not shaped the prior. */
  expected(side: Side, prior: FeaturePrior | undefined): Float64Array {
    const { frame, layout, precision } = this.factorization;
    const { rank, stride, biased } = layout;
    const size = side.count * stride;
    const z = valuesAt(frame.heap, precision, side.factors, size);
    const out = side.prior ? Float64Array.from(valuesAt(frame.heap, precision, side.prior, size)) : new Float64Array(size);
    const slots = biased ? [...Array(rank).keys(), side.ownSlot] : [...Array(rank).keys()];
    if (prior) {
      for (let i = 0; i < side.count; i++) {
        const [own, ownBias] = [prior.leverage(i, false), biased ? prior.leverage(i, true) : 0];
        for (const t of slots) {
          const h = t < rank ? own : ownBias;
          out[i * stride + t] -= (h / (1 - h)) * (z[i * stride + t] - out[i * stride + t]);
        }
      }
    }
    if (!side.graph) return out;
    const graph = readGraph(frame, side);
    const [ridge, biasRidge] = [frame.heap.f64(side.ridge, side.count), frame.heap.f64(side.biasRidge, side.count)];
    const own = out.slice();
    for (let i = 0; i < side.count; i++) {
      let links = 0;
      for (let e = graph.indptr[i]; e < graph.indptr[i + 1]; e++) links += graph.data[e];
      if (links === 0) continue;
      for (const t of slots) {
        let pull = 0;
        for (let e = graph.indptr[i]; e < graph.indptr[i + 1]; e++) {
          const l = graph.indices[e] * stride + t;
          pull += graph.data[e] * (z[l] - own[l]);
        }
        out[i * stride + t] += pull / (links + (t < rank ? ridge : biasRidge)[i]);
      }
    }
    return out;
  }

  /** The same by a few conjugate gradient steps. */
  descend(side: Side, other: Side, steps: number): void {
    const { forms } = this.factorization;
    this.#prepareBase(other);
    forms.alternateCg(0, side.count, ...this.#equations(side, other, this.#baseRows), steps, this.#scratch);
  }

  /** Minus half the gradient for the rows of a side, written to `out` (rows like the factors); returns the square of its natural size. */
  residuals(side: Side, other: Side, out: Pointer): number {
    const { forms } = this.factorization;
    this.#prepareBase(other);
    return forms.factorResiduals(side.count, ...this.#equations(side, other, this.#baseRows), out, this.#scratch);
  }

  /** What every kernel of a half-sweep is told about the rows' equations. */
  #equations(side: Side, other: Side, base: Pointer) {
    const { rank, stride, biased } = this.factorization.layout;
    const { indptr, indices, weight, moment, ownSlot, offsetSlot, ridge, biasRidge, prior, graph, factors } = side;
    const entries = [indptr, indices, weight, moment] as const;
    const shape = [other.factors, stride, rank, Number(biased), ownSlot, offsetSlot] as const;
    return [...entries, ...shape, base, ridge, biasRidge, prior, graph, factors] as const;
  }

  #solveRange(side: Side, other: Side, first: number, last: number): void {
    const { forms } = this.factorization;
    const reached = forms.alternate(
      first,
      last,
      ...this.#equations(side, other, this.#base),
      this.#buffer,
      this.#batch,
      this.#gram,
      this.#rhs,
    );
    if (reached < last) {
      const which = side === this.factorization.rows ? 'row' : 'column';
      throw new SpinifexError(
        'SINGULAR',
        `${which} ${reached}: its normal equations are singular or overflow; a larger lambda makes its factors unique`,
      );
    }
  }

  /** Y'Y, which every row of an implicit factorisation shares. */
  #prepareBase(other: Side): void {
    const { frame, forms, precision, layout, implicit } = this.factorization;
    if (!implicit) return;
    const { rank, stride } = layout;
    const width = this.#width;
    frame.heap.f64(this.#base, width * width).fill(0);
    forms.tallGram(other.factors, stride, rank, other.factors, stride, rank, other.count, this.#base, width);
    const base = frame.heap.f64(this.#base, width * width);
    const rows = valuesAt(frame.heap, precision, this.#baseRows, rank * stride);
    for (let s = 0; s < rank; s++) for (let t = 0; t < rank; t++) rows[s * stride + t] = base[s * width + t];
  }
}
