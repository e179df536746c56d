import type { Precision } from '../backend/kernelForms.ts';
import { integerIn, integerVector, nonNegativeNumber, optionsObject, refuseEntry, vector } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import type { FactorCertificate, SweepRecord } from './factorCertificate.ts';
import { factorLayout, packFactors, unpackFactors } from './factorLayout.ts';
import { foldIn } from './foldIn.ts';
import { givenFactors } from './givenFactors.ts';
import { type ObservedPattern, readCertificate, readPattern, readRecord } from './savedFactorization.ts';
import { candidates, type Exclude, type Recommendation, topColumns, topOfProducts } from './topColumns.ts';

const KIND = 'ImplicitModel';
const VERSION = 1;

/** The parts of a fitted implicit factorisation. */
export interface ImplicitParts {
  lambda: number;
  alpha: number;
  precision: Precision;
  rowFactors: DenseMatrix;
  columnFactors: DenseMatrix;
  observed: ObservedPattern;
  history: SweepRecord[];
  certificate: FactorCertificate;
}

/** A new row of an implicit factorisation. */
export interface ImplicitFoldedRow {
  factors: Float64Array;
  /** Scores of all columns. */
  scores: Float64Array;
}

/** A fitted implicit factorisation: score(i, j) = rowFactors_i . columnFactors_j, near 1 where a preference is likely. Immutable. */
export class ImplicitModel {
  /** m x rank. */
  readonly rowFactors: DenseMatrix;
  /** n x rank. */
  readonly columnFactors: DenseMatrix;
  readonly history: SweepRecord[];
  readonly certificate: FactorCertificate;
  readonly #parts: ImplicitParts;

  /** @internal */
  constructor(parts: ImplicitParts) {
    this.#parts = parts;
    this.rowFactors = parts.rowFactors;
    this.columnFactors = parts.columnFactors;
    this.history = parts.history;
    this.certificate = parts.certificate;
  }

  /**
   * A model from factors that are known already, for scores and fold-ins.
   * @throws TypeError, RangeError for factors of different rank, or values that are not finite
   */
  static fromFactors(options: {
    rowFactors: DenseMatrix | readonly ArrayLike<number>[];
    columnFactors: DenseMatrix | readonly ArrayLike<number>[];
    lambda: number;
    alpha?: number;
  }): ImplicitModel {
    const given = optionsObject(options, 'fromFactors', ['rowFactors', 'columnFactors', 'lambda', 'alpha']);
    const rowFactors = givenFactors(given.rowFactors, 'rowFactors');
    const columnFactors = givenFactors(given.columnFactors, 'columnFactors');
    if (rowFactors.cols !== columnFactors.cols) {
      throw new RangeError(`columnFactors: expected ${rowFactors.cols} columns, as rowFactors, got ${columnFactors.cols}`);
    }
    return new ImplicitModel({
      lambda: nonNegativeNumber(given.lambda, 'lambda'),
      alpha: nonNegativeNumber(given.alpha ?? 1, 'alpha'),
      precision: 'f64',
      rowFactors,
      columnFactors,
      observed: { indptr: new Int32Array(rowFactors.rows + 1), indices: new Int32Array(0), weight: undefined },
      history: [],
      certificate: { converged: true, status: 'converged', gradient: 0, objective: 0, sweeps: 0, tol: 0 },
    });
  }

  get rank(): number {
    return this.rowFactors.cols;
  }

  get lambda(): number {
    return this.#parts.lambda;
  }

  get alpha(): number {
    return this.#parts.alpha;
  }

  /** The score of one cell. @throws RangeError for a row or column that is not in the model */
  predict(i: number, j: number): number {
    integerIn(i, 'i', 0, this.rowFactors.rows - 1);
    integerIn(j, 'j', 0, this.columnFactors.rows - 1);
    const { rank } = this;
    let s = 0;
    for (let t = 0; t < rank; t++) s += this.rowFactors.data[i * rank + t] * this.columnFactors.data[j * rank + t];
    return s;
  }

  /** Scores of all columns for one row. */
  scores(i: number): Float64Array {
    integerIn(i, 'i', 0, this.rowFactors.rows - 1);
    const { rank } = this;
    return this.columnFactors.matvec(this.rowFactors.data.subarray(i * rank, (i + 1) * rank));
  }

  /**
   * The k columns with the highest scores for a row, ties to the lower number.
   *
   * @param options.exclude columns to leave out: `'observed'`, those that the row has counts in, `'none'`, or a list of columns
   * @default exclude 'observed'
   * @throws RangeError for a row or a column that is not in the model
   */
  recommend(i: number, k: number, options?: { exclude?: Exclude }): Recommendation {
    const { exclude = 'observed' } = optionsObject(options, 'recommend', ['exclude']);
    const scores = this.scores(i);
    integerIn(k, 'k', 1);
    return topColumns(scores, k, candidates(exclude, this.#parts.observed, i, scores.length));
  }

  /** The same for all rows, or for those of a list, in blocks: much faster than one by one. */
  recommendAll(k: number, options?: { exclude?: Exclude; rows?: ArrayLike<number> }): Recommendation[] {
    const { exclude = 'observed', rows } = optionsObject(options, 'recommendAll', ['exclude', 'rows']);
    const [m, n] = [this.rowFactors.rows, this.columnFactors.rows];
    integerIn(k, 'k', 1);
    const chosen = rows === undefined ? Int32Array.from({ length: m }, (_, i) => i) : integerVector(rows, 'rows', 0, m - 1);
    const layout = factorLayout(this.rank, false);
    const [X, Y] = [
      packFactors(layout, 'row', this.rowFactors.data, new Float64Array(m)),
      packFactors(layout, 'column', this.columnFactors.data, new Float64Array(n)),
    ];
    return topOfProducts(layout.stride, X, Y, n, chosen, k, this.#parts.observed, exclude, 0);
  }

  /**
   * A row that was not in the fit, from counts at `columns`: exactly what the last half-sweep of the fit finds for such a row.
   * @throws TypeError, RangeError for columns that are not in the model or given twice, or counts that are negative
   */
  foldInRow(columns: ArrayLike<number>, counts: VectorInput): ImplicitFoldedRow {
    const n = this.columnFactors.rows;
    const indices = integerVector(columns, 'columns', 0, n - 1);
    const values = vector(counts, 'counts', indices.length);
    const seen = new Set<number>();
    for (const [k, j] of indices.entries()) {
      if (values[k] < 0) refuseEntry(values[k], `counts[${k}]`, 'a count >= 0');
      if (seen.has(j)) throw new RangeError(`columns[${k}] is ${j}: column ${j} is given twice`);
      seen.add(j);
    }
    const { alpha, lambda, precision } = this.#parts;
    const layout = factorLayout(this.rank, false);
    const Kind = precision === 'f32' ? Float32Array : Float64Array;
    const packed = foldIn({
      layout,
      precision,
      implicit: true,
      which: 'row',
      others: packFactors(layout, 'column', this.columnFactors.data, new Float64Array(n)),
      indices,
      weight: Kind.from(values.map((r) => alpha * r)),
      moment: Kind.from(values.map((r) => (r > 0 ? 1 + alpha * r : 0))),
      ridge: lambda,
      biasRidge: 0,
      prior: undefined,
      penalty: { l1: 0, nonNegative: false },
    });
    const factors = Float64Array.from(unpackFactors(layout, 'row', packed).factors);
    return { factors, scores: this.columnFactors.matvec(factors) };
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): object {
    return modelJson(KIND, VERSION, this.#parts);
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): ImplicitModel {
    const reader = readModelJson(json, KIND, VERSION);
    const precision = reader.oneOf('precision', ['f32', 'f64']);
    const matrix = (name: string) => {
      const { data, rows, cols, order } = reader.denseMatrix(name);
      return new DenseMatrix(precision === 'f32' ? Float32Array.from(data) : data, rows, cols, order);
    };
    const [rowFactors, columnFactors] = [matrix('rowFactors'), matrix('columnFactors')];
    if (rowFactors.cols !== columnFactors.cols) reader.fail('rowFactors and columnFactors have different numbers of columns');
    return new ImplicitModel({
      lambda: reader.number('lambda'),
      alpha: reader.number('alpha'),
      precision,
      rowFactors,
      columnFactors,
      observed: readPattern(reader.object('observed'), rowFactors.rows, columnFactors.rows),
      history: reader.list('history').map(readRecord),
      certificate: readCertificate(reader.object('certificate')),
    });
  }
}
