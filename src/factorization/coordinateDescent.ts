import { bytesOf, valuesAt } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Factorization } from './alternation.ts';
import type { FactorPenalty } from './objective.ts';
import type { Side } from './side.ts';

/** Updates of a factor's two halves before the next factor has its turn. */
const INNER = 2;

interface CoordinateSide {
  side: Side;
  other: Side;
  /** Factors by slot: one contiguous vector over the rows for each. */
  slots: Pointer;
  priors: Pointer;
  /** Residual of every entry, in this side's order. */
  residual: Pointer;
}

/**
 * CCD++ (Yu, Hsieh, Si and Dhillon 2012): factor after factor, the residual of all entries is fitted by one outer product u v', with the soft threshold and the
 * lower bound that an L1 penalty and non-negativity ask for. Biases are factors whose other half is fixed at 1.
 */
export class CoordinateDescent {
  readonly #factorization: Factorization;
  readonly #penalty: FactorPenalty;
  readonly #rows: CoordinateSide;
  readonly #columns: CoordinateSide;

  constructor(factorization: Factorization, penalty: FactorPenalty) {
    this.#factorization = factorization;
    this.#penalty = penalty;
    const { rows, columns } = factorization;
    this.#rows = this.#place(rows, columns);
    this.#columns = this.#place(columns, rows);
  }

  sweep(): void {
    const { layout, forms } = this.#factorization;
    const { rank, biased } = layout;
    const [rows, columns] = [this.#rows, this.#columns];
    for (const one of [rows, columns]) this.#load(one);
    for (let t = 0; t < rank + (biased ? 2 : 0); t++) {
      this.#add(t, 1);
      // The bias slot of one side holds the ones of the other.
      for (let inner = 0; inner < (t < rank ? INNER : 1); inner++) {
        if (t < rank || t === rows.side.ownSlot) this.#update(rows, columns, t);
        if (t < rank || t === columns.side.ownSlot) this.#update(columns, rows, t);
      }
      this.#add(t, -1);
    }
    const { stride } = layout;
    for (const { side, slots } of [rows, columns]) forms.transpose(slots, side.count, stride, side.count, side.factors, stride);
  }

  /** One side alone, the other held fixed, until nothing moves or the sweeps are used up. */
  fit(side: Side, sweeps: number): void {
    const { frame, layout, forms, precision } = this.#factorization;
    const { rank, stride } = layout;
    const [own, other] = side === this.#rows.side ? [this.#rows, this.#columns] : [this.#columns, this.#rows];
    this.#load(own);
    this.#load(other);
    const size = side.count * stride;
    for (let sweep = 0, before: Float64Array | undefined; sweep < sweeps; sweep++) {
      for (let t = 0; t < rank + (layout.biased ? 2 : 0); t++) {
        if (t >= rank && t !== side.ownSlot) continue;
        this.#addOne(own, other, t, 1);
        this.#update(own, other, t);
        this.#addOne(own, other, t, -1);
      }
      const now = Float64Array.from(valuesAt(frame.heap, precision, own.slots, size));
      if (before && now.every((value, p) => value === before![p])) break;
      before = now;
    }
    forms.transpose(own.slots, side.count, stride, side.count, side.factors, stride);
  }

  #place(side: Side, other: Side): CoordinateSide {
    const { frame, layout, precision } = this.#factorization;
    const bytes = bytesOf(precision);
    const size = side.count * layout.stride * bytes;
    return {
      side,
      other,
      slots: frame.uninitialised(size),
      priors: side.prior ? frame.uninitialised(size) : 0,
      residual: frame.uninitialised(Math.max(1, side.nnz) * bytes),
    };
  }

  /** Factors by slot and the residual, afresh in every sweep so that rounding does not add up. */
  #load({ side, other, slots, priors, residual }: CoordinateSide): void {
    const { frame, forms, layout, precision } = this.#factorization;
    const { stride } = layout;
    forms.transpose(side.factors, stride, side.count, stride, slots, side.count);
    if (priors) forms.transpose(side.prior, stride, side.count, stride, priors, side.count);
    forms.entryProducts(side.count, side.indptr, side.indices, side.factors, other.factors, stride, residual);
    const r = valuesAt(frame.heap, precision, residual, side.nnz);
    const m = valuesAt(frame.heap, precision, side.moment, side.nnz);
    const w = side.weight ? valuesAt(frame.heap, precision, side.weight, side.nnz) : undefined;
    for (let e = 0; e < r.length; e++) r[e] = (w ? (w[e] > 0 ? m[e] / w[e] : 0) : m[e]) - r[e];
  }

  #add(t: number, sign: number): void {
    this.#addOne(this.#rows, this.#columns, t, sign);
    this.#addOne(this.#columns, this.#rows, t, sign);
  }

  #addOne(one: CoordinateSide, other: CoordinateSide, t: number, sign: number): void {
    const { side, residual } = one;
    const [u, v] = [this.#slot(one, t), this.#slot(other, t)];
    this.#factorization.forms.rankOneAdd(side.count, side.indptr, side.indices, u, v, sign, residual);
  }

  #update(one: CoordinateSide, other: CoordinateSide, t: number): void {
    const { forms, layout, precision } = this.#factorization;
    const { side, residual, priors } = one;
    const bias = t >= layout.rank;
    const { l1, nonNegative } = this.#penalty;
    forms.rankOneUpdate(
      side.count,
      side.indptr,
      side.indices,
      side.weight,
      residual,
      this.#slot(other, t),
      bias ? side.biasRidge : side.ridge,
      priors ? priors + t * side.count * bytesOf(precision) : 0,
      bias ? 0 : l1 / 2,
      !bias && nonNegative ? 0 : -Infinity,
      this.#slot(one, t),
    );
  }

  #slot({ side, slots }: CoordinateSide, t: number): Pointer {
    return slots + t * side.count * bytesOf(this.#factorization.precision);
  }
}
