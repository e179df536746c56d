import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { checkFinite, type Matrix } from '../core/matrixInput.ts';

/** Shifts are multiples of the half-range over this, so that short decimals and integers lose no digit. */
const GRAIN = 1024;

/**
 * The rows of X in linear memory, in units in which no square overflows and little cancels: x -> scale x - shift, with a power of two and, for
 * dense X, about the column means; for spherical clusters x / ||x||. Dense rows are row-major, sparse ones stay compressed.
 */
export class Points {
  readonly rows: number;
  readonly cols: number;
  readonly scale: number;
  /** In the new units; all 0 for sparse and spherical data. */
  readonly shift: Float64Array;
  readonly spherical: boolean;
  /** Most values of one row that can differ from 0. */
  readonly terms: number;
  readonly indptr: Pointer;
  readonly indices: Pointer;
  readonly values: Pointer;
  /** Squared norms. */
  readonly squares: Pointer;
  readonly #frame: Arena;

  /** @throws RangeError for NaN and infinities, and for rows without a direction where one is needed */
  constructor(frame: Arena, X: Matrix, spherical: boolean, title = 'X') {
    checkFinite(X, title);
    this.#frame = frame;
    this.spherical = spherical;
    const { rows, cols } = X;
    [this.rows, this.cols] = [rows, cols];
    this.shift = new Float64Array(cols);
    if (X instanceof DenseMatrix) {
      this.scale = spherical ? 1 : centring(X, this.shift);
      const { data, rowStride, columnStride } = X;
      [this.indptr, this.indices, this.terms] = [0, 0, cols];
      this.values = frame.uninitialised(rows * cols * 8);
      const out = frame.heap.f64(this.values, rows * cols);
      for (let i = 0, e = 0; i < rows; i++) {
        for (let j = 0, at = i * rowStride; j < cols; j++, at += columnStride) out[e++] = data[at] * this.scale - this.shift[j];
      }
      if (spherical) for (let i = 0; i < rows; i++) direction(out, i * cols, (i + 1) * cols, `${title}[${i}]`);
    } else {
      const { indptr, indices, data } = X instanceof CscMatrix ? X.toCsr() : X;
      const values = Float64Array.from(data);
      this.scale = spherical ? 1 : unitScale(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
      let terms = 0;
      for (let i = 0; i < rows; i++) {
        terms = Math.max(terms, indptr[i + 1] - indptr[i]);
        if (spherical) direction(values, indptr[i], indptr[i + 1], `${title}[${i}]`);
      }
      this.terms = terms;
      for (let e = 0; e < values.length; e++) values[e] *= this.scale;
      [this.indptr, this.indices, this.values] = [frame.put(indptr), frame.put(indices), frame.put(values)];
    }
    this.squares = frame.f64(rows);
    this.distances(frame.f64(cols), 0, frame.f64(1), this.squares);
  }

  /** Centres in these units. */
  enter(centres: Float64Array, title: string): Float64Array {
    const { cols, scale, shift } = this;
    const out = centres.map((v, e) => v * scale - shift[e % cols]);
    if (this.spherical) for (let e = 0; e < out.length; e += cols) direction(out, e, e + cols, `${title}[${e / cols}]`);
    return out;
  }

  /** Centres in the units of X. */
  leave(centres: Float64Array): Float64Array {
    const { cols, scale, shift } = this;
    return centres.map((v, e) => (v + shift[e % cols]) / scale);
  }

  /** Row i as a dense vector. */
  row(i: number): Float64Array {
    const { heap } = this.#frame;
    if (!this.indptr) return this.#frame.read(this.values + i * this.cols * 8, this.cols);
    const out = new Float64Array(this.cols);
    const [from, to] = heap.i32(this.indptr + i * 4, 2);
    const values = heap.f64(this.values + from * 8, to - from);
    heap.i32(this.indices + from * 4, to - from).forEach((j, e) => {
      out[j] = values[e];
    });
    return out;
  }

  /** out_i = squared distance of row i to centre labels_i, or to the first one for labels = 0. */
  distances(C: Pointer, labels: Pointer, norms: Pointer, out: Pointer): void {
    const { indptr, indices, values, rows, cols } = this;
    this.#frame.kernels.centreDistances(indptr, indices, values, rows, cols, C, norms, labels, out);
  }
}

/** Fills the shifts for a dense X; returns the scale. */
function centring(X: DenseMatrix, shift: Float64Array): number {
  const { data, rows, cols, rowStride, columnStride } = X;
  const [low, high] = [new Float64Array(cols).fill(Infinity), new Float64Array(cols).fill(-Infinity)];
  const share = 1 / rows;
  for (let i = 0; i < rows; i++) {
    for (let j = 0, at = i * rowStride; j < cols; j++, at += columnStride) {
      const v = data[at];
      if (v < low[j]) low[j] = v;
      if (v > high[j]) high[j] = v;
      shift[j] += v * share;
    }
  }
  const widest = low.reduce((most, v, j) => Math.max(most, high[j] / 2 - v / 2), 0);
  const scale = unitScale(widest);
  for (let j = 0; j < cols; j++) shift[j] = low[j] === high[j] ? low[j] * scale : Math.round(shift[j] * scale * GRAIN) / GRAIN;
  return scale;
}

/** The power of two that brings `size` into [1/2, 1); 1 for 0. */
function unitScale(size: number): number {
  let scale = 1;
  if (size === 0) return scale;
  while (size * scale >= 1) scale /= 2;
  while (size * scale < 0.5 && scale < 1e300) scale *= 2;
  return scale;
}

/** Scales values from..to - 1 to norm 1, in place. */
function direction(values: Float64Array, from: number, to: number, title: string): void {
  let most = 0;
  for (let e = from; e < to; e++) most = Math.max(most, Math.abs(values[e]));
  if (most === 0) throw new RangeError(`${title}: expected a row that is not all zeros: it has no direction`);
  let square = 0;
  for (let e = from; e < to; e++) {
    values[e] /= most;
    square += values[e] * values[e];
  }
  const norm = Math.sqrt(square);
  for (let e = from; e < to; e++) values[e] /= norm;
}
