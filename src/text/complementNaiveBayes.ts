import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, optionsObject, positiveNumber } from '../core/checks.ts';
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

const KIND = 'ComplementNaiveBayes';
const VERSION = 1;

/** Options of `ComplementNaiveBayes`. */
export interface ComplementNaiveBayesOptions {
  /** Added to every count, > 0. @default 1 */
  alpha?: number;
  /** Divide the weights of a class by their sum. @default false */
  norm?: boolean;
}

interface Settings {
  alpha: number;
  norm: boolean;
}

/**
 * Naive Bayes by what a class is not, which suits classes of unequal size: with N_j the sum of feature j over all rows and N_cj over those of class c,
 *
 *   score_c(x) = sum_j x_j w_cj,   w_cj = -ln theta_cj,   theta_cj = (N_j - N_cj + alpha) / sum_k (N_k - N_ck + alpha)
 *
 * (Rennie, Shih, Teevan and Karger 2003, "Tackling the Poor Assumptions of Naive Bayes Text Classifiers"); with `norm`, w_cj / sum_k w_ck.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 */
export class ComplementNaiveBayes {
  readonly #settings: Settings;

  constructor(options?: ComplementNaiveBayesOptions) {
    const { alpha = 1, norm = false } = optionsObject(options, KIND, ['alpha', 'norm']);
    this.#settings = { alpha: positiveNumber(alpha, 'alpha'), norm: booleanFlag(norm, 'norm') };
  }

  /**
   * @param X rows x features of counts >= 0, sparse or dense
   * @param labels the class of each row: numbers or strings
   * @throws TypeError, RangeError for data of the wrong kind, fewer than two classes, and values that are negative or not finite (with their position)
   */
  fit<L extends Label>(X: DesignInput, labels: LabelInput<L>, options?: NaiveBayesFitOptions<L>): ComplementNaiveBayesModel<L> {
    return new ComplementNaiveBayesModel(firstCounts(X, labels, options), this.#settings);
  }
}

/** What `ComplementNaiveBayes.fit` learned. Immutable. */
export class ComplementNaiveBayesModel<L extends Label = Label> extends NaiveBayesModel<L> {
  /** Classes x features: w. */
  readonly weights: DenseMatrix;
  readonly #settings: Settings;

  /** @internal */
  constructor(counts: ClassCounts<L>, settings: Settings) {
    const weights = complementWeights(counts, settings);
    super(counts, weights);
    this.weights = byClass(weights, counts.classes.length, counts.features);
    this.#settings = settings;
  }

  /** The model of the data so far and of more rows: one fit of all of them (up to rounding). @throws as `fit`, RangeError for unknown labels */
  partialFit(X: DesignInput, labels: LabelInput<L>, options?: NaiveBayesPartialFitOptions): ComplementNaiveBayesModel<L> {
    return new ComplementNaiveBayesModel(moreCounts(this.counts, X, labels, options), this.#settings);
  }

  /** A plain object for `JSON.stringify`, without loss. */
  toJSON(): { [name: string]: Json } {
    return modelJson(KIND, VERSION, { ...this.#settings, ...countsJson(this.counts) });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): ComplementNaiveBayesModel {
    const reader = readModelJson(json, KIND, VERSION);
    const settings = { alpha: reader.number('alpha'), norm: reader.boolean('norm') };
    if (!(settings.alpha > 0 && settings.alpha < Infinity)) reader.fail('alpha: expected a finite number > 0');
    return new ComplementNaiveBayesModel(countsFromJson(reader), settings);
  }
}

function complementWeights({ classes, features, sums }: ClassCounts<Label>, { alpha, norm }: Settings): Float64Array {
  const { kernels } = currentBackend();
  const width = classes.length;
  const weights = new Float64Array(sums.length);
  const totals = new Float64Array(width);
  for (let j = 0; j < features; j++) {
    let all = 0;
    for (let c = 0; c < width; c++) all += sums[j * width + c];
    for (let c = 0; c < width; c++) {
      const k = j * width + c;
      // Of all but a class nothing is left where rounding says less.
      weights[k] = Math.max(all - sums[k], 0) + alpha;
      totals[c] += weights[k];
    }
  }
  const lengths = new Float64Array(width);
  for (let k = 0; k < weights.length; k++) {
    weights[k] = kernels.log(totals[k % width] / weights[k]);
    lengths[k % width] += weights[k];
  }
  // A single feature has theta 1 and the weight 0.
  if (norm) for (let k = 0; k < weights.length; k++) weights[k] /= lengths[k % width] || 1;
  return weights;
}
