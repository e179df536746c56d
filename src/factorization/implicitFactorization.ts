import type { Precision } from '../backend/kernelForms.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { integerIn, nonNegativeNumber, numberIn, oneOf, optionsObject, positiveNumber, refuseEntry } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { RunOptions } from '../core/progress.ts';
import { canonicalOrder } from './canonicalOrder.ts';
import { factorizeEntries, type SweepProgress } from './factorizeEntries.ts';
import { factorLayout, unpackFactors } from './factorLayout.ts';
import { ImplicitModel } from './implicitModel.ts';
import { bothSides, observedEntries } from './observedEntries.ts';

/** Options of `ImplicitFactorization`. */
export interface ImplicitFactorizationOptions {
  /** Number of factors, at most min(rows, columns). */
  rank: number;
  /** Strength of the ridge on factors, > 0. */
  lambda: number;
  /** Confidence that a count adds, c = 1 + alpha r. @default 1 */
  alpha?: number;
  /** `'cg'`: a few conjugate gradient steps per row and sweep; `'cholesky'`: exact. @default 'cg' */
  solver?: 'cg' | 'cholesky';
  /** @default 3 */
  cgSteps?: number;
  /** @default 15 */
  maxSweeps?: number;
  /** The fit stops when a sweep lowers the objective by at most this share of it. @default 1e-4 */
  tol?: number;
  /** How factors are stored; `'f32'` is about twice as fast. @default 'f64' */
  precision?: Precision;
  /** @default 0 */
  seed?: number;
}

/**
 * Factorisation of counts as preferences of varying confidence (Hu, Koren and Volinsky 2008):
 *
 *   min  sum over ALL (i, j)  c_ij (p_ij - x_i.y_j)^2 + lambda (sum_i |x_i|^2 + sum_j |y_j|^2),   p = [r > 0], c = 1 + alpha r
 *
 * Cells without a count are weak zeros, so every cell counts; the work is that of the stored ones. `'cg'` warm-starts from the sweep before
 * (Takacs, Pilaszy and Tikk 2011) and ends with one exact half-sweep of the rows, so that a fold-in of a row gives what the fit gave.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const visits = CsrMatrix.fromCoo(3, 3, { row: [0, 0, 1, 2], col: [0, 1, 0, 2], value: [3, 1, 2, 4] });
 * const model = new ImplicitFactorization({ rank: 2, lambda: 0.1, alpha: 10 }).fit(visits);
 * model.recommend(1, 1).columns; // Int32Array [ 1 ]: where row 0 goes, too
 */
export class ImplicitFactorization {
  readonly rank: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly #options: Required<Omit<ImplicitFactorizationOptions, 'rank' | 'lambda' | 'alpha'>>;

  constructor(options: ImplicitFactorizationOptions) {
    const o = optionsObject(options, 'ImplicitFactorization', [
      'rank',
      'lambda',
      'alpha',
      'solver',
      'cgSteps',
      'maxSweeps',
      'tol',
      'precision',
      'seed',
    ]);
    this.rank = integerIn(o.rank, 'rank', 1);
    this.lambda = positiveNumber(o.lambda, 'lambda');
    this.alpha = nonNegativeNumber(o.alpha ?? 1, 'alpha');
    this.#options = {
      solver: oneOf(o.solver ?? 'cg', 'solver', ['cg', 'cholesky']),
      cgSteps: integerIn(o.cgSteps ?? 3, 'cgSteps', 1),
      maxSweeps: integerIn(o.maxSweeps ?? 15, 'maxSweeps', 1),
      tol: numberIn(o.tol ?? 1e-4, 'tol', 0, 1, '[)'),
      precision: oneOf(o.precision ?? 'f64', 'precision', ['f32', 'f64']),
      seed: integerIn(o.seed ?? 0, 'seed', 0),
    };
  }

  /**
   * @param counts m x n, the stored entries being the counts
   * @throws TypeError, RangeError for counts that are negative or not finite (`counts[3][1] is -2`), or a rank above min(m, n)
   */
  fit(counts: DesignInput, options?: RunOptions<SweepProgress>): ImplicitModel {
    const run = optionsObject(options, 'fit', ['signal', 'onProgress']);
    const observed = observedEntries(counts, {}, 'counts');
    const { matrix } = observed;
    const { rows: m, cols: n, indptr, indices, data } = matrix;
    const { rank, lambda, alpha } = this;
    if (rank > Math.min(m, n)) throw new RangeError(`rank: expected at most min(${m}, ${n}), the size of counts, got ${rank}`);
    let constant = 0;
    let totalWeight = m * n;
    for (let i = 0; i < m; i++) {
      for (let e = indptr[i]; e < indptr[i + 1]; e++) {
        if (data[e] < 0) refuseEntry(data[e], `counts[${i}][${indices[e]}]`, 'a count >= 0');
        if (data[e] > 0) constant += 1 + alpha * data[e];
        totalWeight += alpha * data[e];
      }
    }
    const o = this.#options;
    const layout = factorLayout(rank, false);
    const sides = bothSides(
      observed,
      o.precision === 'f32' ? Float32Array : Float64Array,
      (count) => alpha * count,
      (count) => (count > 0 ? 1 + alpha * count : 0),
    );
    const side = (entries: (typeof sides)['rows'], count: number) => ({
      entries,
      ridge: new Float64Array(count).fill(lambda),
      biasRidge: new Float64Array(count),
    });
    const { rows, columns, history, certificate } = factorizeEntries(
      {
        ...o,
        layout,
        implicit: true,
        rows: side(sides.rows, m),
        columns: side(sides.columns, n),
        penalty: { l1: 0, nonNegative: false },
        featureLambda: 0,
        biasShare: 1,
        spread: 1 / Math.sqrt(rank),
        constant,
        totalWeight,
        patience: 1,
      },
      run,
    );
    canonicalOrder(layout, rows.packed, columns.packed, []);
    return new ImplicitModel({
      lambda,
      alpha,
      precision: o.precision,
      rowFactors: new DenseMatrix(unpackFactors(layout, 'row', rows.packed).factors, m, rank),
      columnFactors: new DenseMatrix(unpackFactors(layout, 'column', columns.packed).factors, n, rank),
      observed: { indptr: indptr.slice(), indices: indices.slice(), weight: undefined },
      history,
      certificate,
    });
  }
}
