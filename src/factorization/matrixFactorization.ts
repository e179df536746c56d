import type { Precision } from '../backend/kernelForms.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import {
  booleanFlag,
  integerIn,
  nonNegativeNumber,
  numberIn,
  oneOf,
  optionsObject,
  positiveNumber,
  refuse,
} from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { canonicalOrder } from './canonicalOrder.ts';
import { checkGraph } from './factorGraph.ts';
import { FactorizationModel } from './factorizationModel.ts';
import {
  type FactorizationSetup,
  factorizeEntries,
  type SideResult,
  type SideSetup,
  type SweepProgress,
} from './factorizeEntries.ts';
import { factorLayout, unpackFactors } from './factorLayout.ts';
import { denseFeatures, type FeatureKernel, FeatureMap } from './featureMap.ts';
import { bothSides, type Mask, type Observed, observedEntries } from './observedEntries.ts';
import type { ColdStart, SidePart } from './savedFactorization.ts';
import { heldOut, type ValidationInput } from './validation.ts';

/** How the factors are found. */
export type FactorSolver = 'auto' | 'cholesky' | 'cg' | 'ccd';

/** Options of `MatrixFactorization`. */
export interface MatrixFactorizationOptions {
  /** Number of factors, at most min(rows, columns). */
  rank: number;
  /** Strength of the ridge on factors, >= 0; with 0, rows with fewer entries than factors take one of many least-squares solutions. */
  lambda: number;
  /** Whether rows and columns have biases and the entries are centred. @default true */
  biases?: boolean;
  /** Strength of the ridge on biases, >= 0; 0 leaves them free. @default lambda */
  biasLambda?: number;
  /** Whether both ridges of a row are multiplied by its number of entries (ALS-WR). @default false */
  scaleLambda?: boolean;
  /** Strength of an L1 penalty on the factors, >= 0: factors that do not pay are exactly 0. @default 0 */
  l1?: number;
  /** Whether factors are >= 0. @default false */
  nonNegative?: boolean;
  /** m rows of features: rows without entries are predicted from them. */
  rowFeatures?: DesignInput;
  /** n rows of features, one for each column of R: columns without entries are predicted from them. */
  columnFeatures?: DesignInput;
  /** `'matern'`: factors are smooth functions of the features (Gaussian process); `'linear'`: straight ones. @default 'matern' */
  featureKernel?: FeatureKernel;
  /** Strength of the ridge on the map from features to factors, > 0. @default 1 */
  featureLambda?: number;
  /** Symmetric m x m weights >= 0 of ties between rows: neighbours have similar factors. */
  rowGraph?: CsrMatrix;
  /** Symmetric n x n weights >= 0 of ties between columns. */
  columnGraph?: CsrMatrix;
  /** Strength of the graphs' penalty, >= 0. @default 1 */
  graphLambda?: number;
  /** What is predicted where nothing is known of a row or a column. @default 'mean' */
  coldStart?: ColdStart;
  /** `'cholesky'`: exact alternating least squares; `'cg'`: by a few conjugate gradient steps (for a high rank); `'ccd'`: coordinate descent (L1, bounds). @default 'auto' */
  solver?: FactorSolver;
  /** Steps of `'cg'` for a row in one sweep. @default 3 */
  cgSteps?: number;
  /** @default 200 */
  maxSweeps?: number;
  /** The fit stops when a sweep lowers the objective by at most this share of it. @default 1e-4 */
  tol?: number;
  /** Sweeps without improvement of the held-out error before the fit stops. @default 3 */
  patience?: number;
  /** How factors are stored; `'f32'` is about twice as fast and accurate to about 1e-5. @default 'f64' */
  precision?: Precision;
  /** @default 0 */
  seed?: number;
}

/** Options of `MatrixFactorization.fit`. */
export interface FactorizationFitOptions extends RunOptions<SweepProgress> {
  /** For a dense R: which cells were observed. */
  mask?: Mask;
  /** Weights >= 0 of the observed entries: one for each, row after row, or a CsrMatrix with the same entries. Weight 0: not observed. */
  weights?: VectorInput | CsrMatrix;
  /** Held-out entries, or the share of entries to hold out: their error is recorded and stops the fit when it rises. */
  validation?: ValidationInput;
}

const OPTIONS = [
  'rank',
  'lambda',
  'biases',
  'biasLambda',
  'scaleLambda',
  'l1',
  'nonNegative',
  'rowFeatures',
  'columnFeatures',
  'featureKernel',
  'featureLambda',
  'rowGraph',
  'columnGraph',
  'graphLambda',
  'coldStart',
  'solver',
  'cgSteps',
  'maxSweeps',
  'tol',
  'patience',
  'precision',
  'seed',
] as const;

/** From this rank on, conjugate gradients cost less than forming every row's matrix. */
const HIGH_RANK = 96;

/**
 * Factorisation of a partly observed matrix R (m x n) into row and column factors of rank k, with biases (Koren, Bell and Volinsky 2009; Zhou et al. 2008):
 *
 *   min  sum over observed (i, j)  w_ij (r_ij - mean - a_i - b_j - x_i.y_j)^2
 *        + lambda (sum_i |x_i - p_i|^2 + sum_j |y_j - q_j|^2) + biasLambda (sum_i a_i^2 + sum_j b_j^2) + l1 (sum |x| + sum |y|)
 *
 * Without features p and q are 0. With features g_j of the columns q_j = B'h(g_j), B found by ridge regression of the factors (and biases) on
 * the features (featureLambda |B|^2): a column that was never observed gets q_j. With a graph of weights s, + graphLambda sum_{j<l} s_jl |y_j - y_l|^2
 * (of y - q, with both): a column that was never observed gets what its neighbours have. Only stored entries count; a stored 0 is an observation.
 *
 * The objective falls in every sweep and is not convex: the certificate is the gradient at the returned point.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example Column 2 was never observed; its features say that it is like column 0.
 * const R = CsrMatrix.fromCoo(3, 3, { row: [0, 0, 1, 1, 2, 2], col: [0, 1, 0, 1, 0, 1], value: [5, 1, 4, 2, 1, 5] });
 * const model = new MatrixFactorization({ rank: 1, lambda: 0.1, columnFeatures: [[1], [0], [0.9]] }).fit(R);
 * model.predictEntries([0, 2], [2, 2]).basis; // ['feature', 'feature']
 */
export class MatrixFactorization {
  readonly rank: number;
  readonly lambda: number;
  readonly #options: Required<Omit<MatrixFactorizationOptions, 'rowFeatures' | 'columnFeatures' | 'rowGraph' | 'columnGraph'>> &
    Pick<MatrixFactorizationOptions, 'rowFeatures' | 'columnFeatures' | 'rowGraph' | 'columnGraph'>;

  constructor(options: MatrixFactorizationOptions) {
    const o = optionsObject(options, 'MatrixFactorization', OPTIONS);
    this.rank = integerIn(o.rank, 'rank', 1);
    this.lambda = nonNegativeNumber(o.lambda, 'lambda');
    const l1 = nonNegativeNumber(o.l1 ?? 0, 'l1');
    const nonNegative = booleanFlag(o.nonNegative ?? false, 'nonNegative');
    const biases = booleanFlag(o.biases ?? true, 'biases');
    const biasLambda = nonNegativeNumber(o.biasLambda ?? this.lambda, 'biasLambda');
    const solver = oneOf(o.solver ?? 'auto', 'solver', ['auto', 'cholesky', 'cg', 'ccd']);
    const bounded = l1 > 0 || nonNegative;
    if (bounded && (solver === 'cholesky' || solver === 'cg')) {
      throw new RangeError(`solver: expected "auto" or "ccd" with ${l1 > 0 ? 'l1 > 0' : 'nonNegative'}, got "${solver}"`);
    }
    for (const graph of ['rowGraph', 'columnGraph'] as const) {
      if (o[graph] === undefined) continue;
      if (!(o[graph] instanceof CsrMatrix)) refuse(o[graph], graph, 'a CsrMatrix', false);
      if (bounded || solver === 'ccd')
        throw new RangeError(`${graph}: coordinate descent (l1, nonNegative, solver "ccd") takes no graph`);
    }
    if ((o.rowFeatures ?? o.columnFeatures) !== undefined) {
      if (this.lambda === 0)
        throw new RangeError('lambda: expected a number > 0 with features: it is what draws factors to them');
      if (biases && biasLambda === 0) throw new RangeError('biasLambda: expected a number > 0 with features');
    }
    this.#options = {
      ...o,
      l1,
      nonNegative,
      biases,
      biasLambda,
      solver: solver !== 'auto' ? solver : bounded ? 'ccd' : this.rank >= HIGH_RANK ? 'cg' : 'cholesky',
      scaleLambda: booleanFlag(o.scaleLambda ?? false, 'scaleLambda'),
      featureKernel: oneOf(o.featureKernel ?? 'matern', 'featureKernel', ['matern', 'linear']),
      featureLambda: positiveNumber(o.featureLambda ?? 1, 'featureLambda'),
      graphLambda: nonNegativeNumber(o.graphLambda ?? 1, 'graphLambda'),
      coldStart: oneOf(o.coldStart ?? 'mean', 'coldStart', ['mean', 'nan']),
      cgSteps: integerIn(o.cgSteps ?? 3, 'cgSteps', 1),
      maxSweeps: integerIn(o.maxSweeps ?? 200, 'maxSweeps', 1),
      tol: numberIn(o.tol ?? 1e-4, 'tol', 0, 1, '[)'),
      patience: integerIn(o.patience ?? 3, 'patience', 1),
      precision: oneOf(o.precision ?? 'f64', 'precision', ['f32', 'f64']),
      seed: integerIn(o.seed ?? 0, 'seed', 0),
    };
  }

  /**
   * @param R the observed entries: the stored ones of a sparse matrix, or all cells (or those in `mask`) of a dense one
   * @throws TypeError, RangeError for entries that are not finite (`R[3][1] is NaN`), features or graphs of the wrong shape, or a rank above min(m, n)
   * @throws SpinifexError `'OVERFLOW'` or `'SINGULAR'` where numbers leave the range of the precision
   */
  fit(R: DesignInput, options?: FactorizationFitOptions): FactorizationModel {
    const run = optionsObject(options, 'fit', ['mask', 'weights', 'validation', 'signal', 'onProgress']);
    const all = observedEntries(R, { mask: run.mask, weights: run.weights });
    const { train, validation } = heldOut(all, run.validation, this.#options.seed);
    const { matrix, weights } = train;
    const [m, n] = [matrix.rows, matrix.cols];
    if (this.rank > Math.min(m, n))
      throw new RangeError(`rank: expected at most min(${m}, ${n}), the size of R, got ${this.rank}`);
    const o = this.#options;
    const layout = factorLayout(this.rank, o.biases);
    const { mean, deviation, total } = moments(train, o.biases);
    const sides = bothSides(
      train,
      o.precision === 'f32' ? Float32Array : Float64Array,
      undefined,
      (value, weight) => weight * (value - mean),
    );
    const setUp = (which: 'row' | 'column'): SideSetup => {
      const entries = which === 'row' ? sides.rows : sides.columns;
      const [count, features, graph] =
        which === 'row' ? ([m, o.rowFeatures, o.rowGraph] as const) : ([n, o.columnFeatures, o.columnGraph] as const);
      const scale = (i: number) => (o.scaleLambda ? Math.max(1, entries.indptr[i + 1] - entries.indptr[i]) : 1);
      const ridge = Float64Array.from({ length: count }, (_, i) => this.lambda * scale(i));
      const biasRidge = Float64Array.from({ length: count }, (_, i) => o.biasLambda * scale(i));
      const dense = features && denseFeatures(features, `${which}Features`, count, `${which} of R`);
      return {
        entries,
        ridge,
        biasRidge,
        graph: graph && checkGraph(graph, `${which}Graph`, count, o.graphLambda),
        features: dense && { map: FeatureMap.fit(o.featureKernel, dense.values, dense.d), values: dense.values },
      };
    };
    const setup: FactorizationSetup = {
      layout,
      precision: o.precision,
      implicit: false,
      rows: setUp('row'),
      columns: setUp('column'),
      solver: o.solver as 'cholesky' | 'cg' | 'ccd',
      cgSteps: o.cgSteps,
      penalty: { l1: o.l1, nonNegative: o.nonNegative },
      featureLambda: o.featureLambda,
      biasShare: this.lambda > 0 ? o.biasLambda / this.lambda : 1,
      // Products of such factors have about the spread of the entries.
      spread: Math.sqrt((deviation || 1) / Math.sqrt(this.rank)),
      seed: o.seed,
      maxSweeps: o.maxSweeps,
      tol: o.tol,
      constant: 0,
      totalWeight: total,
      validation: validation && { matrix: validation, mean },
      patience: o.patience,
    };
    const { rows, columns, history, certificate, loss } = factorizeEntries(setup, run);
    const along = [rows.expected, rows.coefficients, columns.expected, columns.coefficients].filter((part) => part !== undefined);
    canonicalOrder(layout, rows.packed, columns.packed, along);
    const [row, column] = [unpackFactors(layout, 'row', rows.packed), unpackFactors(layout, 'column', columns.packed)];
    const part = ({ features, graph }: SideSetup, { coefficients, expected }: SideResult): SidePart => ({
      map: features?.map,
      coefficients,
      graph,
      expected,
    });
    return new FactorizationModel({
      recipe: {
        lambda: this.lambda,
        biases: o.biases,
        biasLambda: o.biasLambda,
        scaleLambda: o.scaleLambda,
        l1: o.l1,
        nonNegative: o.nonNegative,
        coldStart: o.coldStart,
        precision: o.precision,
      },
      mean,
      rowFactors: new DenseMatrix(row.factors, m, this.rank),
      columnFactors: new DenseMatrix(column.factors, n, this.rank),
      rowBias: row.bias,
      columnBias: column.bias,
      observed: { indptr: matrix.indptr.slice(), indices: matrix.indices.slice(), weight: weights },
      rows: part(setup.rows, rows),
      columns: part(setup.columns, columns),
      loss,
      history,
      certificate,
    });
  }
}

/** Weighted mean (0 when not centred), spread about it, and sum of the weights. */
function moments({ matrix: { data }, weights }: Observed, centred: boolean): { mean: number; deviation: number; total: number } {
  let total = 0;
  let sum = 0;
  for (let e = 0; e < data.length; e++) {
    const w = weights ? weights[e] : 1;
    total += w;
    sum += w * data[e];
  }
  const mean = centred ? sum / total : 0;
  let square = 0;
  for (let e = 0; e < data.length; e++) square += (weights ? weights[e] : 1) * (data[e] - mean) ** 2;
  return { mean, deviation: Math.sqrt(square / total), total };
}
