import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, optionsObject, positiveNumber, vector } from '../core/checks.ts';
import type { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import type { Label, LabelInput } from '../core/labels.ts';
import {
  type ClassCounts,
  countsFromJson,
  countsJson,
  firstCounts,
  moreCounts,
  type NaiveBayesFitOptions,
  type NaiveBayesPartialFitOptions,
} from './classCounts.ts';
import { byClass, NaiveBayesModel } from './naiveBayesModel.ts';

const KIND = 'MultinomialNaiveBayes';
const VERSION = 1;

/** Options of `MultinomialNaiveBayes`. */
export interface MultinomialNaiveBayesOptions {
  /** Added to every count (Laplace, Lidstone), > 0. @default 1 */
  alpha?: number;
  /** Learn how frequent the classes are; otherwise all are alike. @default true */
  fitPrior?: boolean;
  /** The probability of each class, in the order of the classes; sums to 1. @default learned */
  classPrior?: ArrayLike<number>;
}

interface Settings {
  alpha: number;
  fitPrior: boolean;
  classPrior?: Float64Array;
}

/**
 * Naive Bayes for counts of words: with N_cj the sum of feature j over the rows of class c, and N_c their sum over the p features,
 *
 *   score_c(x) = ln P(c) + sum_j x_j ln theta_cj,   theta_cj = (N_cj + alpha) / (N_c + alpha p)
 *
 * (Manning, Raghavan and Schuetze 2008, chapter 13). Fractions such as tf-idf are counts, too.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const { model: words, matrix } = new CountVectorizer().fitTransform(['good film', 'bad film', 'bad bad plot']);
 * const model = new MultinomialNaiveBayes().fit(matrix, ['up', 'down', 'down']);
 * model.predict(words.transform(['a good plot'])); // ['up']
 */
export class MultinomialNaiveBayes {
  readonly #settings: Settings;

  constructor(options?: MultinomialNaiveBayesOptions) {
    const { alpha = 1, fitPrior = true, classPrior } = optionsObject(options, KIND, ['alpha', 'fitPrior', 'classPrior']);
    this.#settings = { alpha: positiveNumber(alpha, 'alpha'), fitPrior: booleanFlag(fitPrior, 'fitPrior') };
    if (classPrior !== undefined) this.#settings.classPrior = checkedPrior(classPrior);
  }

  /**
   * @param X rows x features of counts >= 0, sparse or dense
   * @param labels the class of each row: numbers or strings
   * @throws TypeError, RangeError for data of the wrong kind, fewer than two classes, and values that are negative or not finite (with their position)
   */
  fit<L extends Label>(X: DesignInput, labels: LabelInput<L>, options?: NaiveBayesFitOptions<L>): MultinomialNaiveBayesModel<L> {
    return new MultinomialNaiveBayesModel(firstCounts(X, labels, options), this.#settings);
  }
}

/** What `MultinomialNaiveBayes.fit` learned. Immutable. */
export class MultinomialNaiveBayesModel<L extends Label = Label> extends NaiveBayesModel<L> {
  /** Classes x features: ln theta. */
  readonly logProbabilities: DenseMatrix;
  /** ln P(c); -Infinity for a class without rows. */
  readonly logPriors: Float64Array;
  readonly #settings: Settings;

  /** @internal */
  constructor(counts: ClassCounts<L>, settings: Settings) {
    const weights = logTheta(counts, settings.alpha);
    const logPriors = logPrior(counts, settings);
    super(counts, weights, logPriors);
    this.logProbabilities = byClass(weights, counts.classes.length, counts.features);
    this.logPriors = logPriors;
    this.#settings = settings;
  }

  /** The model of the data so far and of more rows: one fit of all of them (up to rounding). @throws as `fit`, RangeError for unknown labels */
  partialFit(X: DesignInput, labels: LabelInput<L>, options?: NaiveBayesPartialFitOptions): MultinomialNaiveBayesModel<L> {
    return new MultinomialNaiveBayesModel(moreCounts(this.counts, X, labels, options), this.#settings);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): { [name: string]: Json } {
    return modelJson(KIND, VERSION, { ...this.#settings, ...countsJson(this.counts) });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): MultinomialNaiveBayesModel {
    const reader = readModelJson(json, KIND, VERSION);
    const counts = countsFromJson(reader);
    const settings: Settings = { alpha: reader.number('alpha'), fitPrior: reader.boolean('fitPrior') };
    if (!(settings.alpha > 0 && settings.alpha < Infinity)) reader.fail('alpha: expected a finite number > 0');
    if (reader.has('classPrior')) {
      settings.classPrior = reader.float64Array('classPrior', counts.classes.length);
      if (!settings.classPrior.every((p) => p >= 0 && p <= 1)) reader.fail('classPrior: expected probabilities');
    }
    return new MultinomialNaiveBayesModel(counts, settings);
  }
}

function checkedPrior(classPrior: ArrayLike<number>): Float64Array {
  const prior = vector(classPrior, 'classPrior');
  const sum = prior.reduce((total, p) => total + p, 0);
  if (!(prior.every((p) => p >= 0) && Math.abs(sum - 1) < 1e-9)) {
    throw new RangeError(`classPrior: expected probabilities >= 0 that sum to 1, got a sum of ${sum}`);
  }
  return prior;
}

function logTheta({ classes, features, sums }: ClassCounts<Label>, alpha: number): Float64Array {
  const { kernels } = currentBackend();
  const width = classes.length;
  const totals = new Float64Array(width).fill(alpha * features);
  for (let k = 0; k < sums.length; k++) totals[k % width] += sums[k];
  const logTotals = totals.map((total) => kernels.log(total));
  return sums.map((sum, k) => kernels.log(sum + alpha) - logTotals[k % width]);
}

function logPrior({ classes, rows }: ClassCounts<Label>, { fitPrior, classPrior }: Settings): Float64Array {
  const { kernels } = currentBackend();
  if (classPrior !== undefined && classPrior.length !== classes.length) {
    throw new RangeError(`classPrior: expected ${classes.length} probabilities, one for each class, got ${classPrior.length}`);
  }
  const all = rows.reduce((total, n) => total + n, 0);
  return Float64Array.from(classes, (_, c) => kernels.log(classPrior?.[c] ?? (fitPrior ? rows[c] / all : 1 / classes.length)));
}
