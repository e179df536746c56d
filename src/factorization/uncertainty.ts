import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Pointer } from '../backend/kernels.ts';

/** One side as the uncertainty of predictions sees it; regressors and deviations are rows of m = rank (+ 1 with biases) numbers. */
export interface UncertainSide {
  count: number;
  /** Entries of each row, their columns and weights. */
  indptr: Int32Array;
  indices: Int32Array;
  weight: Float64Array | undefined;
  /** [factors, 1] of every row. */
  regressors: Float64Array;
  /** [factors, bias] minus what they would be without the row's own entries. */
  deviations: Float64Array;
  /** What the ridge (and the graph) add to the diagonal: m numbers per row. */
  precision: (i: number) => Float64Array;
}

/** Variance of the noise, and how far factors lie from what they would be without their own entries (m x m, row-major). */
export interface Spread {
  noise: number;
  row: Float64Array;
  column: Float64Array;
}

/** Rows that stand for all where there are more. */
const SAMPLE = 500;

/**
 * Noise variance and spreads of a fit (Laplace approximation with the other side held fixed). Noise: weighted squared residuals over the number of
 * entries less the degrees of freedom, sum over rows and columns of m - tr(H^-1 precision), rank^2 of which both share. Spread: mean of
 * d d' + noise H^-1 over rows with entries, d their deviations: one step of expectation maximisation for the covariance of a prior.
 */
export function spreadOf(rank: number, m: number, rows: UncertainSide, columns: UncertainSide, loss: number): Spread {
  return arena(currentBackend(), (frame) => {
    const entries = rows.indptr[rows.count];
    const sides = [
      { side: rows, other: columns },
      { side: columns, other: rows },
    ].map(({ side, other }) => {
      const sampled = sample(side);
      let freedom = 0;
      const inverse = new Float64Array(m * m);
      const deviation = new Float64Array(m * m);
      const posterior = new Posterior(frame, m, side, other);
      for (const i of sampled) {
        const H = posterior.inverse(i);
        const precision = side.precision(i);
        freedom += m;
        for (let s = 0; s < m; s++) {
          freedom -= H[s * m + s] * precision[s];
          const d = side.deviations[i * m + s];
          for (let t = 0; t < m; t++) {
            inverse[s * m + t] += H[s * m + t] / sampled.length;
            deviation[s * m + t] += (d * side.deviations[i * m + t]) / sampled.length;
          }
        }
      }
      const warm = countWarm(side);
      return { freedom: sampled.length > 0 ? (freedom * warm) / sampled.length : 0, inverse, deviation };
    });
    const freedom = sides[0].freedom + sides[1].freedom - rank * rank;
    // With as many parameters as entries nothing is left to tell noise from fit: a tenth of the entries then counts.
    const noise = loss / Math.max(entries - freedom, entries / 10);
    const [row, column] = sides.map(({ inverse, deviation }) => deviation.map((d, p) => d + noise * inverse[p]));
    return { noise, row, column };
  });
}

/**
 * Variance of the prediction errors at cells (i, j): noise + y'C_i y + x'C_j x, C_i = noise H_i^-1 for rows with entries and the spread for rows
 * without, plus tr(C_i C_j) where one of them has none. Cells that are `apart` have factors in unrelated frames and count as if both had none.
 */
export function predictionVariance(
  rank: number,
  m: number,
  rows: UncertainSide,
  columns: UncertainSide,
  spread: Spread,
  cells: { row: Int32Array; column: Int32Array; apart: Uint8Array },
): Float64Array {
  return arena(currentBackend(), (frame) => {
    const out = new Float64Array(cells.row.length).fill(spread.noise);
    const cold = (side: UncertainSide, i: number) => side.indptr[i] === side.indptr[i + 1];
    const half = (
      side: UncertainSide,
      other: UncertainSide,
      own: Int32Array,
      across: Int32Array,
      ownSpread: Float64Array,
      otherSpread: Float64Array,
      both: boolean,
    ) => {
      const posterior = new Posterior(frame, m, side, other);
      const order = Int32Array.from(own.keys()).sort((a, b) => own[a] - own[b] || a - b);
      const spreadTrace = trace(ownSpread, otherSpread, rank, m);
      let covariance = ownSpread;
      let ownTrace = spreadTrace;
      for (let k = 0; k < order.length; k++) {
        const cell = order[k];
        const [i, j] = [own[cell], across[cell]];
        if (k === 0 || i !== own[order[k - 1]]) {
          covariance = cold(side, i) ? ownSpread : posterior.inverse(i).map((v) => v * spread.noise);
          ownTrace = trace(covariance, otherSpread, rank, m);
        }
        const apart = cells.apart[cell] === 1;
        out[cell] += quadratic(apart ? ownSpread : covariance, other.regressors, j * m, m);
        // A product of two uncertain factors; counted once where both are new.
        if (apart ? both : cold(other, j) && (both || !cold(side, i))) out[cell] += apart ? spreadTrace : ownTrace;
      }
    };
    half(rows, columns, cells.row, cells.column, spread.row, spread.column, true);
    half(columns, rows, cells.column, cells.row, spread.column, spread.row, false);
    return out;
  });
}

/** tr(A B) over the factors, the bias left out. */
function trace(A: Float64Array, B: Float64Array, rank: number, m: number): number {
  let sum = 0;
  for (let s = 0; s < rank; s++) for (let t = 0; t < rank; t++) sum += A[s * m + t] * B[t * m + s];
  return sum;
}

function quadratic(A: Float64Array, x: Float64Array, from: number, m: number): number {
  let s = 0;
  for (let i = 0; i < m; i++) {
    let r = 0;
    for (let j = 0; j < m; j++) r += A[i * m + j] * x[from + j];
    s += r * x[from + i];
  }
  return s;
}

const countWarm = ({ count, indptr }: UncertainSide): number => {
  let warm = 0;
  for (let i = 0; i < count; i++) if (indptr[i] < indptr[i + 1]) warm++;
  return warm;
};

function sample(side: UncertainSide): number[] {
  const warm = [];
  for (let i = 0; i < side.count; i++) if (side.indptr[i] < side.indptr[i + 1]) warm.push(i);
  const step = Math.max(1, Math.floor(warm.length / SAMPLE));
  return warm.filter((_, k) => k % step === 0);
}

/** Inverses of the normal matrices of a side's rows. */
class Posterior {
  readonly #frame: Arena;
  readonly #m: number;
  readonly #side: UncertainSide;
  readonly #other: UncertainSide;
  readonly #gram: Pointer;
  readonly #column: Pointer;
  readonly #gathered: Pointer;

  constructor(frame: Arena, m: number, side: UncertainSide, other: UncertainSide) {
    this.#frame = frame;
    this.#m = m;
    this.#side = side;
    this.#other = other;
    let longest = 1;
    for (let i = 0; i < side.count; i++) longest = Math.max(longest, side.indptr[i + 1] - side.indptr[i]);
    this.#gram = frame.f64(m * m);
    this.#column = frame.f64(m);
    this.#gathered = frame.uninitialised(longest * m * 8);
  }

  inverse(i: number): Float64Array {
    const { heap, kernels } = this.#frame;
    const { indptr, indices, weight, precision } = this.#side;
    const m = this.#m;
    const count = indptr[i + 1] - indptr[i];
    const gathered = heap.f64(this.#gathered, count * m);
    for (let e = 0; e < count; e++) {
      const at = indices[indptr[i] + e] * m;
      const w = weight ? Math.sqrt(weight[indptr[i] + e]) : 1;
      for (let t = 0; t < m; t++) gathered[e * m + t] = w * this.#other.regressors[at + t];
    }
    const gram = heap.f64(this.#gram, m * m);
    gram.fill(0);
    kernels.tallGramF64(this.#gathered, m, m, this.#gathered, m, m, count, this.#gram, m);
    const add = precision(i);
    let largest = 0;
    for (let t = 0; t < m; t++) {
      gram[t * (m + 1)] += add[t];
      largest = Math.max(largest, gram[t * (m + 1)]);
    }
    // Directions that neither entries nor ridge say anything about are as uncertain as 64 bits allow.
    for (let t = 0; t < m; t++) gram[t * (m + 1)] += 1e-12 * largest + Number.MIN_VALUE;
    kernels.choleskyFactor(this.#gram, m, m, 0);
    const out = new Float64Array(m * m);
    for (let t = 0; t < m; t++) {
      const column = heap.f64(this.#column, m);
      column.fill(0);
      column[t] = 1;
      kernels.choleskySolve(this.#gram, m, m, this.#column);
      out.set(heap.f64(this.#column, m), t * m);
    }
    return out;
  }
}
