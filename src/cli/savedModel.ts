import { KMeansModel } from '../cluster/index.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import type { Label } from '../core/labels.ts';
import { FactorizationModel, ImplicitModel } from '../factorization/index.ts';
import { LinearModel, LogisticModel, MultinomialModel, PoissonModel, SvmModel } from '../linear/index.ts';
import { PcaModel, SparsePcaModel, TruncatedSvdModel } from '../spectral/index.ts';
import { DenseModel, SpikingModel } from '../spiking/index.ts';
import { ComplementNaiveBayesModel, MultinomialNaiveBayesModel, type NaiveBayesModel } from '../text/index.ts';
import { DataError } from './errors.ts';
import { inputName } from './readInput.ts';
import { TextModel } from './textModel.ts';

/** Columns of the answer, by name. */
export type Answer = Record<string, ArrayLike<number | string>>;
type Rows = DenseMatrix | CsrMatrix;

/** A model from a file, ready for new rows. */
export interface SavedModel {
  kind: string;
  /** Names of the columns that it needs, where the file has them. */
  features?: readonly string[];
  /** How many columns it needs, where the model knows. */
  width?: number;
  predict(X: Rows): Answer;
  /** The probability of each class, where the model has one. */
  probability?(X: Rows): Answer;
  /** The model that is asked about texts instead of rows, with the name of the column that they had. */
  texts?: { column?: string; matrix(documents: readonly string[]): CsrMatrix };
}

/** Per kind of model file: how many columns it needs, and what it says about rows of them. */
const KINDS: Record<string, (json: unknown) => Omit<SavedModel, 'kind'>> = {
  LinearModel(json) {
    const model = LinearModel.fromJSON(json);
    return { width: model.coef.length, predict: (X) => ({ prediction: model.predict(X) }) };
  },
  LogisticModel(json) {
    const model = LogisticModel.fromJSON(json);
    return { width: model.coef.length, ...classifying(model), probability: (X) => probabilities(model, X) };
  },
  SvmModel(json) {
    const model = SvmModel.fromJSON(json);
    return { width: model.coef.length, ...classifying(model) };
  },
  PoissonModel(json) {
    const model = PoissonModel.fromJSON(json);
    return { width: model.coef.length, predict: (X) => ({ prediction: model.predict(X) }) };
  },
  MultinomialModel(json) {
    const model = MultinomialModel.fromJSON(json);
    return { width: model.coef.cols, ...classifying(model), probability: (X) => probabilities(model, X) };
  },
  KMeans(json) {
    const model = KMeansModel.fromJSON(json);
    return { width: model.centres.cols, predict: (X) => ({ cluster: model.predict(X) }) };
  },
  ComplementNaiveBayes: (json) => naive(ComplementNaiveBayesModel.fromJSON(json)),
  MultinomialNaiveBayes: (json) => naive(MultinomialNaiveBayesModel.fromJSON(json)),
  TextModel(json) {
    const model = TextModel.fromJSON(json);
    const { probability, vectorizer } = model;
    return {
      predict: (X) => ({ prediction: model.predict(X) }),
      ...(probability && { probability: (X: Rows) => byClass(model.classes, probability(X)) }),
      texts: { matrix: (documents) => vectorizer.transform(documents as string[]) },
    };
  },
  Pca: (json) => scoring(PcaModel.fromJSON(json)),
  SparsePca: (json) => scoring(SparsePcaModel.fromJSON(json)),
  TruncatedSvd: (json) => scoring(TruncatedSvdModel.fromJSON(json)),
  DenseModel(json) {
    const model = DenseModel.fromJSON(json);
    return { width: model.weights[0].rows, predict: (X) => ({ prediction: model.predict(X) }) };
  },
  SpikingModel(json) {
    const model = SpikingModel.fromJSON(json);
    return { width: model.weights[0].rows, predict: (X) => ({ prediction: model.predict(X) }) };
  },
  FactorizationModel(json) {
    const model = FactorizationModel.fromJSON(json);
    return { ...CELLS, predict: (X) => ({ ...model.predictEntries(...cells(X, model)) }) };
  },
  ImplicitModel(json) {
    const model = ImplicitModel.fromJSON(json);
    return {
      ...CELLS,
      predict(X) {
        const [rows, columns] = cells(X, model);
        return { score: rows.map((row, k) => model.predict(row, columns[k])) };
      },
    };
  },
};

/** A model of a matrix answers for cells of it. */
const CELLS = { width: 2, features: ['row', 'column'] };

/** A model file: the library's own JSON, and the names of its columns, which `fromJSON` passes over. */
export function savedModel(
  model: { toJSON(): object },
  columns: { target: string; features?: readonly string[]; text?: string },
): object {
  return { ...model.toJSON(), columns };
}

/** @throws DataError for a file that is no model of a kind that can predict rows */
export function loadModel(text: string, file: string): SavedModel {
  const fail = (what: string): never => {
    throw new DataError(`${inputName(file)}: ${what}`);
  };
  let json: { spinifex?: unknown; columns?: { features?: unknown; text?: unknown } } | null;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`is no model: not JSON (${(error as Error).message})`);
  }
  const kind = typeof json === 'object' && json !== null ? json.spinifex : undefined;
  if (typeof kind !== 'string')
    return fail('is no model: expected JSON with a field "spinifex", as --save and toJSON() write it');
  if (!Object.hasOwn(KINDS, kind)) return fail(`is a model of the kind "${kind}"; known kinds: ${Object.keys(KINDS).join(', ')}`);
  let model: Omit<SavedModel, 'kind'>;
  try {
    model = KINDS[kind](json);
  } catch (error) {
    return fail((error as Error).message);
  }
  const { features, text: column } = json?.columns ?? {};
  if (model.texts && typeof column === 'string') return { kind, ...model, texts: { ...model.texts, column } };
  if (features === undefined) return { kind, ...model };
  const named =
    Array.isArray(features) && features.every((name): name is string => typeof name === 'string') ? features : undefined;
  if (named === undefined || named.length !== model.width)
    return fail(`"columns.features" is not a list of ${model.width} names`);
  return { kind, ...model, features: named };
}

function classifying(model: { predict(X: Rows): ArrayLike<Label> }): Pick<SavedModel, 'predict'> {
  return { predict: (X) => ({ prediction: model.predict(X) }) };
}

function naive(model: NaiveBayesModel): Omit<SavedModel, 'kind'> {
  return { width: model.featureCounts.cols, ...classifying(model), probability: (X) => probabilities(model, X) };
}

function probabilities(model: { classes: readonly Label[]; predictProbability(X: Rows): DenseMatrix }, X: Rows): Answer {
  return byClass(model.classes, model.predictProbability(X));
}

/** `probability_yes`, `probability_no`. */
function byClass(classes: readonly Label[], P: DenseMatrix): Answer {
  const column = (k: number) => Float64Array.from({ length: P.rows }, (_, i) => P.get(i, k));
  return Object.fromEntries(classes.map((label, k) => [`probability_${label}`, column(k)]));
}

function scoring(model: PcaModel | SparsePcaModel | TruncatedSvdModel): Omit<SavedModel, 'kind'> {
  return {
    width: model.components.cols,
    predict(X) {
      const scores = model.transform(X);
      const column = (k: number) => Float64Array.from({ length: scores.rows }, (_, i) => scores.get(i, k));
      return Object.fromEntries(Array.from({ length: scores.cols }, (_, k) => [`component${k + 1}`, column(k)]));
    },
  };
}

function cells(
  X: DenseMatrix | CsrMatrix,
  model: FactorizationModel | ImplicitModel,
): [rows: Float64Array, columns: Float64Array] {
  const numbers = (j: number, name: string, size: number) =>
    Float64Array.from({ length: X.rows }, (_, i) => {
      const value = X.get(i, j);
      if (Number.isInteger(value) && value >= 0 && value < size) return value;
      throw new DataError(`row ${i + 1}: expected a ${name} of the model, an integer in 0..${size - 1}, got ${value}`);
    });
  return [numbers(0, 'row', model.rowFactors.rows), numbers(1, 'column', model.columnFactors.rows)];
}
