import { allocateFloats } from '../core/allocateFloats.ts';
import {
  booleanFlag,
  finiteNumber,
  integerIn,
  integerVector,
  nonNegativeNumber,
  optionsObject,
  refuseEntry,
  vector,
} from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { modelJson, readModelJson } from '../core/json.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { type Basis, BasisRule } from './basis.ts';
import { type Connectivity, connectivityOf, oneComponent } from './connectivity.ts';
import type { FactorCertificate, SweepRecord } from './factorCertificate.ts';
import type { FactorizationParts } from './factorizationParts.ts';
import { type FactorLayout, type Floats, factorLayout, packFactors, unpackFactors } from './factorLayout.ts';
import { factorProducts } from './factorProducts.ts';
import { denseFeatures } from './featureMap.ts';
import { foldIn } from './foldIn.ts';
import { givenFactors } from './givenFactors.ts';
import {
  type FactorRecipe,
  readCertificate,
  readPattern,
  readRecipe,
  readRecord,
  readSide,
  type SidePart,
} from './savedFactorization.ts';
import { candidates, type Exclude, type Recommendation, topColumns, topOfProducts } from './topColumns.ts';
import { uncertainSide } from './uncertainSide.ts';
import { predictionVariance, type Spread, spreadOf, type UncertainSide } from './uncertainty.ts';

const KIND = 'FactorizationModel';
const VERSION = 1;

/** Predictions for a list of cells. */
export interface EntryPredictions {
  value: Float64Array;
  /** On what each value rests. */
  basis: Basis[];
  /** Standard deviation of the error of each value against a new observation there; undefined where it was not asked for. */
  standardError?: Float64Array;
}

/** A new row (or column) of a factorisation, from its own entries and its features. */
export interface FoldedRow {
  factors: Float64Array;
  bias: number;
  /** Predictions for every column (or row); those that nothing ties to the given entries rest on means, or are NaN, as `coldStart` says. */
  predictions: Float64Array;
  /** `'warm'` with entries, else `'feature'` or `'prior'`. */
  basis: Basis;
}

/** Options of a fold-in. */
export interface FoldInOptions {
  /** One weight >= 0 per value. */
  weights?: VectorInput;
  /** Features of the new row, as many as the fit had. */
  features?: VectorInput;
}

/** Factors given by hand; see `FactorizationModel.fromFactors`. */
export interface GivenFactors {
  rowFactors: DenseMatrix | readonly ArrayLike<number>[];
  columnFactors: DenseMatrix | readonly ArrayLike<number>[];
  /** @default 0 */
  mean?: number;
  rowBias?: VectorInput;
  columnBias?: VectorInput;
  /** Ridge for fold-ins. @default 0 */
  lambda?: number;
  /** @default lambda */
  biasLambda?: number;
  /** Whether a fold-in fits a bias; true where biases are given. */
  biases?: boolean;
  /** @default false */
  scaleLambda?: boolean;
}

const NO_SIDE: SidePart = { map: undefined, coefficients: undefined, graph: undefined, expected: undefined };

/** A fitted factorisation: prediction(i, j) = mean + rowBias_i + columnBias_j + rowFactors_i . columnFactors_j. Immutable. */
export class FactorizationModel {
  /** m x rank. */
  readonly rowFactors: DenseMatrix;
  /** n x rank. */
  readonly columnFactors: DenseMatrix;
  /** m biases, 0 without. */
  readonly rowBias: Float64Array;
  /** n biases, 0 without. */
  readonly columnBias: Float64Array;
  /** Weighted mean of the observed entries, 0 without biases. */
  readonly mean: number;
  /** One record per sweep. */
  readonly history: SweepRecord[];
  readonly certificate: FactorCertificate;
  readonly #parts: FactorizationParts;
  readonly #layout: FactorLayout;
  #connectivity: Connectivity | undefined;
  #rule: BasisRule | undefined;
  #spread: Spread | undefined;

  /** @internal */
  constructor(parts: FactorizationParts, spread?: Spread) {
    this.#parts = parts;
    this.rowFactors = parts.rowFactors;
    this.columnFactors = parts.columnFactors;
    this.rowBias = parts.rowBias;
    this.columnBias = parts.columnBias;
    this.mean = parts.mean;
    this.history = parts.history;
    this.certificate = parts.certificate;
    this.#layout = factorLayout(this.rank, parts.recipe.biases);
    this.#spread = spread;
  }

  /**
   * A model from factors that are known already, e.g. written down by hand; every cell counts as warm.
   *
   * @throws TypeError, RangeError for factors of different rank, or values that are not finite
   * @example The guide's destinations as seen by its sources: fast and cheap.
   * const model = FactorizationModel.fromFactors({
   *   rowFactors: [[0.9, 0.2], [0.6, 0.5], [0.3, 0.8]],
   *   columnFactors: [[0.8, 0.3], [0.7, 0.4], [0.6, 0.5], [0.9, 0.1], [0.2, 0.9]],
   * });
   * model.predict(0, 3); // 0.83
   */
  static fromFactors(options: GivenFactors): FactorizationModel {
    const given = optionsObject(options, 'fromFactors', [
      'rowFactors',
      'columnFactors',
      'mean',
      'rowBias',
      'columnBias',
      'lambda',
      'biasLambda',
      'biases',
      'scaleLambda',
    ]);
    const rowFactors = givenFactors(given.rowFactors, 'rowFactors');
    const columnFactors = givenFactors(given.columnFactors, 'columnFactors');
    if (rowFactors.cols !== columnFactors.cols) {
      throw new RangeError(`columnFactors: expected ${rowFactors.cols} columns, as rowFactors, got ${columnFactors.cols}`);
    }
    const [m, n] = [rowFactors.rows, columnFactors.rows];
    const lambda = nonNegativeNumber(given.lambda ?? 0, 'lambda');
    const biased = given.rowBias !== undefined || given.columnBias !== undefined;
    const recipe: FactorRecipe = {
      lambda,
      biases: booleanFlag(given.biases ?? biased, 'biases'),
      biasLambda: nonNegativeNumber(given.biasLambda ?? lambda, 'biasLambda'),
      scaleLambda: booleanFlag(given.scaleLambda ?? false, 'scaleLambda'),
      l1: 0,
      nonNegative: false,
      coldStart: 'mean',
      precision: 'f64',
    };
    if (biased && !recipe.biases) throw new RangeError('biases: expected true where rowBias or columnBias is given');
    return new FactorizationModel({
      recipe,
      mean: finiteNumber(given.mean ?? 0, 'mean'),
      rowFactors,
      columnFactors,
      rowBias: given.rowBias === undefined ? new Float64Array(m) : vector(given.rowBias, 'rowBias', m),
      columnBias: given.columnBias === undefined ? new Float64Array(n) : vector(given.columnBias, 'columnBias', n),
      observed: { indptr: new Int32Array(m + 1), indices: new Int32Array(0), weight: undefined },
      rows: NO_SIDE,
      columns: NO_SIDE,
      loss: 0,
      history: [],
      certificate: { converged: true, status: 'converged', gradient: 0, objective: 0, sweeps: 0, tol: 0 },
    });
  }

  get rank(): number {
    return this.rowFactors.cols;
  }

  /** Strength of the ridge it was fitted with. */
  get lambda(): number {
    return this.#parts.recipe.lambda;
  }

  /** Which rows and columns the observed entries, features and graphs tie together. */
  get connectivity(): Connectivity {
    if (!this.#connectivity) {
      const { observed, rows, columns } = this.#parts;
      const [m, n] = [this.rowFactors.rows, this.columnFactors.rows];
      this.#connectivity = this.#isFitted()
        ? connectivityOf(m, n, observed, {
            rows: rows.map !== undefined,
            columns: columns.map !== undefined,
            rowGraph: rows.graph,
            columnGraph: columns.graph,
          })
        : oneComponent(m, n);
    }
    return this.#connectivity;
  }

  /** Estimated variance of the noise of an observation of weight 1; NaN for a model that saw no data. */
  get noiseVariance(): number {
    return this.#spreads().noise;
  }

  /** The prediction for one cell. @throws RangeError for a row or column that is not in the model */
  predict(i: number, j: number): number {
    integerIn(i, 'i', 0, this.rowFactors.rows - 1);
    integerIn(j, 'j', 0, this.columnFactors.rows - 1);
    return this.#value(i, j, this.#basisRule().of(i, j));
  }

  /** On what the prediction for one cell rests. */
  basis(i: number, j: number): Basis {
    integerIn(i, 'i', 0, this.rowFactors.rows - 1);
    integerIn(j, 'j', 0, this.columnFactors.rows - 1);
    return this.#basisRule().of(i, j);
  }

  /**
   * Predictions for cells (rows[k], cols[k]). Standard errors are those of a new observation: noise, uncertainty of the factors, and for rows and columns
   * without entries how far others lie from what their features and neighbours say (Laplace approximation; too small
   * where the rank is far above what the data have and lambda is weak).
   *
   * @param options.standardError whether to compute standard errors @default true
   * @throws RangeError for rows or columns that are not in the model (`rows[2] is 9: ...`)
   */
  predictEntries(rows: ArrayLike<number>, cols: ArrayLike<number>, options?: { standardError?: boolean }): EntryPredictions {
    const { standardError = true } = optionsObject(options, 'predictEntries', ['standardError']);
    booleanFlag(standardError, 'standardError');
    const row = integerVector(rows, 'rows', 0, this.rowFactors.rows - 1);
    const column = integerVector(cols, 'cols', 0, this.columnFactors.rows - 1, row.length);
    const rule = this.#basisRule();
    const basis = Array.from(row, (i, k) => rule.of(i, column[k]));
    const value = Float64Array.from(row, (i, k) => this.#value(i, column[k], basis[k]));
    if (!standardError) return { value, basis };
    return { value, basis, standardError: this.#standardErrors(row, column, basis) };
  }

  /** All predictions, m x n. */
  predictAll(): DenseMatrix {
    const [m, n] = [this.rowFactors.rows, this.columnFactors.rows];
    const out = allocateFloats(m * n, `${m} x ${n} predictions`);
    if (this.#isPlain()) {
      factorProducts(this.#layout.stride, this.#packed('row'), this.#packed('column'), (block, width, first, count) => {
        for (let i = 0; i < count; i++) for (let j = 0; j < n; j++) out[(first + i) * n + j] = this.mean + block[i * width + j];
      });
    } else {
      const rule = this.#basisRule();
      for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[i * n + j] = this.#value(i, j, rule.of(i, j));
    }
    return new DenseMatrix(out, m, n);
  }

  /**
   * The k columns with the highest predictions for a row, ties to the lower number.
   *
   * @param options.exclude columns to leave out: `'observed'`, those that the row has entries in, `'none'`, or a list of columns
   * @default exclude 'observed'
   * @throws RangeError for a row or a column that is not in the model
   */
  recommend(i: number, k: number, options?: { exclude?: Exclude }): Recommendation {
    const { exclude = 'observed' } = optionsObject(options, 'recommend', ['exclude']);
    const n = this.columnFactors.rows;
    integerIn(i, 'i', 0, this.rowFactors.rows - 1);
    integerIn(k, 'k', 1);
    const rule = this.#basisRule();
    const scores = Float64Array.from({ length: n }, (_, j) => this.#value(i, j, rule.of(i, j)));
    return topColumns(scores, k, candidates(exclude, this.#parts.observed, i, n));
  }

  /** The same for all rows, or for those of a list, in blocks: much faster than one by one. */
  recommendAll(k: number, options?: { exclude?: Exclude; rows?: ArrayLike<number> }): Recommendation[] {
    const { exclude = 'observed', rows } = optionsObject(options, 'recommendAll', ['exclude', 'rows']);
    const [m, n] = [this.rowFactors.rows, this.columnFactors.rows];
    integerIn(k, 'k', 1);
    const chosen = rows === undefined ? Int32Array.from({ length: m }, (_, i) => i) : integerVector(rows, 'rows', 0, m - 1);
    if (!this.#isPlain()) return Array.from(chosen, (i) => this.recommend(i, k, { exclude }));
    return topOfProducts(
      this.#layout.stride,
      this.#packed('row'),
      this.#packed('column'),
      n,
      chosen,
      k,
      this.#parts.observed,
      exclude,
      this.mean,
    );
  }

  /**
   * A row that was not in the fit, from entries at `columns`: the minimiser of its own part of the objective, the columns held fixed, exactly
   * as a half-sweep of the fit finds it. Without entries it stands on its features alone.
   *
   * @throws TypeError, RangeError for columns that are not in the model or given twice, or values that are not finite
   */
  foldInRow(columns: ArrayLike<number>, values: VectorInput, options?: FoldInOptions): FoldedRow {
    return this.#foldIn('row', columns, values, options);
  }

  /** The same for a column that was not in the fit, from entries at `rows`. */
  foldInColumn(rows: ArrayLike<number>, values: VectorInput, options?: FoldInOptions): FoldedRow {
    return this.#foldIn('column', rows, values, options);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): object {
    const { recipe, observed, rows, columns, loss } = this.#parts;
    const { mean, rowFactors, columnFactors, rowBias, columnBias, history, certificate } = this;
    const spread = this.#spreads();
    return modelJson(KIND, VERSION, {
      recipe,
      mean,
      rowFactors,
      columnFactors,
      rowBias,
      columnBias,
      observed,
      rows,
      columns,
      loss,
      history,
      certificate,
      spread,
    });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): FactorizationModel {
    const reader = readModelJson(json, KIND, VERSION);
    const recipe = readRecipe(reader.object('recipe'));
    const matrix = (name: string) => {
      const { data, rows, cols, order } = reader.denseMatrix(name);
      return new DenseMatrix(recipe.precision === 'f32' ? Float32Array.from(data) : data, rows, cols, order);
    };
    const [rowFactors, columnFactors] = [matrix('rowFactors'), matrix('columnFactors')];
    const [m, n] = [rowFactors.rows, columnFactors.rows];
    if (rowFactors.cols !== columnFactors.cols) reader.fail('rowFactors and columnFactors have different numbers of columns');
    const spread = reader.object('spread');
    const size = (rowFactors.cols + Number(recipe.biases)) ** 2;
    return new FactorizationModel(
      {
        recipe,
        mean: reader.number('mean'),
        rowFactors,
        columnFactors,
        rowBias: reader.float64Array('rowBias', m),
        columnBias: reader.float64Array('columnBias', n),
        observed: readPattern(reader.object('observed'), m, n),
        rows: readSide(reader.object('rows')),
        columns: readSide(reader.object('columns')),
        loss: reader.number('loss'),
        history: reader.list('history').map(readRecord),
        certificate: readCertificate(reader.object('certificate')),
      },
      {
        noise: spread.number('noise'),
        row: spread.float64Array('row', size),
        column: spread.float64Array('column', size),
      },
    );
  }

  #basisRule(): BasisRule {
    if (!this.#rule) {
      const { observed, rows, columns } = this.#parts;
      const support = ({ map, graph }: SidePart) => ({ features: map !== undefined, graph: graph !== undefined });
      this.#rule = new BasisRule(this.connectivity, observed, support(rows), support(columns));
    }
    return this.#rule;
  }

  #value(i: number, j: number, basis: Basis): number {
    if (basis === 'prior' && this.#parts.recipe.coldStart === 'nan') return Number.NaN;
    let s = this.mean + this.rowBias[i] + this.columnBias[j];
    if (this.#apart(i, j)) return s;
    const { rank } = this;
    const [u, v] = [this.rowFactors.data, this.columnFactors.data];
    for (let t = 0; t < rank; t++) s += u[i * rank + t] * v[j * rank + t];
    return s;
  }

  /** Whether row and column have factors in frames that nothing ties together. */
  #apart(i: number, j: number): boolean {
    const { rowComponent, columnComponent } = this.connectivity;
    return rowComponent[i] >= 0 && columnComponent[j] >= 0 && rowComponent[i] !== columnComponent[j];
  }

  /** Whether the factors come from data; those given by hand saw none. */
  #isFitted(): boolean {
    return this.history.length > 0;
  }

  /** Whether every prediction is mean + biases + product. */
  #isPlain(): boolean {
    const { components, rowComponent, columnComponent } = this.connectivity;
    return (
      components === 1 &&
      (this.#parts.recipe.coldStart === 'mean' || !(rowComponent.includes(-1) || columnComponent.includes(-1)))
    );
  }

  #packed(which: 'row' | 'column'): Floats {
    const [factors, bias] = which === 'row' ? [this.rowFactors, this.rowBias] : [this.columnFactors, this.columnBias];
    return packFactors(this.#layout, which, factors.data, bias);
  }

  #foldIn(which: 'row' | 'column', at: ArrayLike<number>, values: VectorInput, options: FoldInOptions | undefined): FoldedRow {
    const { weights, features } = optionsObject(options, 'foldIn', ['weights', 'features']);
    const { recipe, rows, columns } = this.#parts;
    const layout = this.#layout;
    const [own, other] = which === 'row' ? [rows, this.columnFactors] : [columns, this.rowFactors];
    const [atName, across] = which === 'row' ? (['columns', 'column'] as const) : (['rows', 'row'] as const);
    const given = integerVector(at, atName, 0, other.rows - 1);
    const givenValues = vector(values, 'values', given.length);
    const givenWeights = weights === undefined ? undefined : vector(weights, 'weights', given.length);
    const seen = new Set<number>();
    for (const [k, j] of given.entries()) {
      if (givenWeights && givenWeights[k] < 0) refuseEntry(givenWeights[k], `weights[${k}]`, 'a number >= 0');
      if (seen.has(j)) throw new RangeError(`${atName}[${k}] is ${j}: ${across} ${j} is given twice`);
      seen.add(j);
    }
    // As in the fit, an entry of weight 0 is none.
    const kept = (_: number, k: number) => givenWeights === undefined || givenWeights[k] > 0;
    const [indices, value, w] = [given.filter(kept), givenValues.filter(kept), givenWeights?.filter(kept)];
    const Kind = recipe.precision === 'f32' ? Float32Array : Float64Array;
    const scale = recipe.scaleLambda ? Math.max(1, indices.length) : 1;
    const prior = this.#priorOf(own, which, features);
    const packed = foldIn({
      layout,
      precision: recipe.precision,
      implicit: false,
      which,
      others: this.#packed(across),
      indices,
      weight: w ? Kind.from(w) : undefined,
      moment: Kind.from(value.map((v, k) => (w ? w[k] : 1) * (v - this.mean))),
      ridge: recipe.lambda * scale,
      biasRidge: recipe.biasLambda * scale,
      prior,
      penalty: { l1: recipe.l1, nonNegative: recipe.nonNegative },
    });
    const { factors, bias } = unpackFactors(layout, which, packed);
    const otherBias = which === 'row' ? this.columnBias : this.rowBias;
    const basis: Basis = indices.length > 0 ? 'warm' : prior ? 'feature' : 'prior';
    const { rowComponent, columnComponent } = this.connectivity;
    const component = which === 'row' ? columnComponent : rowComponent;
    const met = new Set(Array.from(indices, (j) => component[j]));
    const predictions = Float64Array.from({ length: other.rows }, (_, j) => {
      const related = component[j] >= 0 && (prior !== undefined || met.has(component[j]));
      if (!related && recipe.coldStart === 'nan') return Number.NaN;
      let s = this.mean + bias[0] + otherBias[j];
      for (let t = 0; related && t < layout.rank; t++) s += factors[t] * other.data[j * layout.rank + t];
      return s;
    });
    return { factors: Float64Array.from(factors), bias: bias[0], predictions, basis };
  }

  /** Where the features of a new row draw its factors. */
  #priorOf({ map, coefficients }: SidePart, which: string, features: VectorInput | undefined): Float64Array | undefined {
    if (features === undefined) return undefined;
    if (!map || !coefficients) throw new RangeError(`features: this model was fitted without ${which} features`);
    const { values } = denseFeatures([vector(features, 'features', map.features)], 'features', 1, which);
    const h = map.map(values);
    const { stride } = this.#layout;
    const prior = new Float64Array(stride);
    for (let k = 0; k < h.length; k++) for (let t = 0; t < stride; t++) prior[t] += h[k] * coefficients[k * stride + t];
    return prior;
  }

  #sides(): [rows: UncertainSide, columns: UncertainSide] {
    return [uncertainSide(this.#parts, this.#layout, 'row'), uncertainSide(this.#parts, this.#layout, 'column')];
  }

  #spreads(sides?: [UncertainSide, UncertainSide]): Spread {
    if (!this.#spread) {
      const [rows, columns] = sides ?? this.#sides();
      const m = this.rank + Number(this.#parts.recipe.biases);
      this.#spread = this.#isFitted()
        ? spreadOf(this.rank, m, rows, columns, this.#parts.loss)
        : {
            noise: Number.NaN,
            row: new Float64Array(m * m).fill(Number.NaN),
            column: new Float64Array(m * m).fill(Number.NaN),
          };
    }
    return this.#spread;
  }

  #standardErrors(row: Int32Array, column: Int32Array, basis: Basis[]): Float64Array {
    const m = this.rank + Number(this.#parts.recipe.biases);
    const sides = this.#sides();
    const apart = Uint8Array.from(row, (i, k) => Number(this.#apart(i, column[k])));
    const variance = predictionVariance(this.rank, m, ...sides, this.#spreads(sides), {
      row,
      column,
      apart,
    });
    const { coldStart } = this.#parts.recipe;
    return variance.map((v, k) => (basis[k] === 'prior' && coldStart === 'nan' ? Number.NaN : Math.sqrt(v)));
  }
}
