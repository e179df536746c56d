import { booleanFlag, oneOf, optionsObject } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import type { RunOptions } from '../core/progress.ts';
import type { AnalyzerOptions } from './analyzer.ts';
import type { Documents } from './countTerms.ts';
import type { FittedDocuments } from './countVectorizer.ts';
import { RUN_OPTIONS, tokenizerOption } from './runOptions.ts';
import { VOCABULARY_OPTIONS, Vocabulary, type VocabularyOptions, VocabularyRecipe } from './vocabulary.ts';
import { inverseDocumentFrequency, ROW_NORMS, type RowNorm, weigh } from './weighting.ts';

const KIND = 'TfidfVectorizer';
const VERSION = 1;

/** Options of `TfidfVectorizer`. */
export interface TfidfVectorizerOptions extends VocabularyOptions {
  /** 1 + ln tf in place of the count tf. @default false */
  sublinearTf?: boolean;
  /** Multiply by the inverse document frequency. @default true */
  useIdf?: boolean;
  /** Count one more document that holds every term, so that no frequency is 0. @default true */
  smoothIdf?: boolean;
  /** What each row is divided by. @default 'l2' */
  norm?: RowNorm;
}

/**
 * Term frequency times inverse document frequency: with tf the count of term j in document i, and df the number of the n documents that it is in,
 *
 *   x_ij = tf idf_j / |row i|,   idf_j = ln((1 + n) / (1 + df_j)) + 1   (`smoothIdf: false`: ln(n / df_j) + 1)
 *
 * which are scikit-learn's conventions. See `CountVectorizer` for terms and columns.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const { model, matrix } = new TfidfVectorizer({ minDf: 2 }).fitTransform(['the cat and the dog', 'a dog', 'the hog']);
 * model.terms; // ['dog', 'the']
 * matrix.get(1, 0); // 1
 */
export class TfidfVectorizer {
  readonly #recipe: VocabularyRecipe;
  readonly #weights: { sublinearTf: boolean; norm: RowNorm };
  readonly #useIdf: boolean;
  readonly #smoothIdf: boolean;

  constructor(options?: TfidfVectorizerOptions) {
    const known = [...VOCABULARY_OPTIONS, 'sublinearTf', 'useIdf', 'smoothIdf', 'norm'] as const;
    const {
      sublinearTf = false,
      useIdf = true,
      smoothIdf = true,
      norm = 'l2',
      ...rest
    } = optionsObject(options, 'TfidfVectorizer', known);
    this.#weights = { sublinearTf: booleanFlag(sublinearTf, 'sublinearTf'), norm: oneOf(norm, 'norm', ROW_NORMS) };
    this.#useIdf = booleanFlag(useIdf, 'useIdf');
    this.#smoothIdf = booleanFlag(smoothIdf, 'smoothIdf');
    this.#recipe = new VocabularyRecipe(rest);
  }

  /**
   * Learns the terms of the documents and how rare they are.
   * @throws TypeError for anything but strings (named with their position), RangeError for no documents, where no term is left (by which limit), and
   * for a given term that is in no document when `smoothIdf` is false
   */
  fit(documents: Documents, options?: RunOptions): TfidfVectorizerModel {
    return this.#learn(documents, options).model;
  }

  /** Learns the terms and weighs them, reading the documents once. @throws as `fit` */
  fitTransform(documents: Documents, options?: RunOptions): FittedDocuments<TfidfVectorizerModel> {
    const { model, matrix } = this.#learn(documents, options);
    return { model, matrix: weigh(matrix, { ...this.#weights, idf: model.idf }) };
  }

  #learn(documents: Documents, options: RunOptions | undefined): FittedDocuments<TfidfVectorizerModel> {
    const { vocabulary, counts, documentFrequency } = this.#recipe.learn(documents, optionsObject(options, 'fit', RUN_OPTIONS));
    let idf: Float64Array = new Float64Array(counts.cols).fill(1);
    if (this.#useIdf) {
      const absent = this.#smoothIdf ? -1 : documentFrequency.indexOf(0);
      if (absent >= 0) {
        const term = JSON.stringify(vocabulary.terms[absent]);
        throw new RangeError(
          `vocabulary: ${term} is in no document, so its ln(n / df) is infinite: smoothIdf: true has no such terms`,
        );
      }
      idf = inverseDocumentFrequency(documentFrequency, counts.rows, this.#smoothIdf);
    }
    return { model: new TfidfVectorizerModel(vocabulary, idf, this.#weights), matrix: counts };
  }
}

/** What `TfidfVectorizer.fit` learned. Immutable. */
export class TfidfVectorizerModel {
  /** The factor of each column; 1 under `useIdf: false`. */
  readonly idf: Float64Array;
  readonly sublinearTf: boolean;
  readonly norm: RowNorm;
  readonly #vocabulary: Vocabulary;

  /** @internal */
  constructor(vocabulary: Vocabulary, idf: Float64Array, { sublinearTf, norm }: { sublinearTf: boolean; norm: RowNorm }) {
    this.idf = idf;
    this.sublinearTf = sublinearTf;
    this.norm = norm;
    this.#vocabulary = vocabulary;
  }

  /** The term of each column. */
  get terms(): readonly string[] {
    return this.#vocabulary.terms;
  }

  /** The column of each term. */
  get vocabulary(): ReadonlyMap<string, number> {
    return this.#vocabulary.map;
  }

  /** Documents x terms: weights. Words that are not in the vocabulary do not count. @throws as `TfidfVectorizer.fit` */
  transform(documents: Documents, options?: RunOptions): CsrMatrix {
    return weigh(this.#vocabulary.count(documents, optionsObject(options, 'transform', RUN_OPTIONS)), this);
  }

  /** A plain object for `JSON.stringify`, without loss; a `tokenizer` has to be given again to `fromJSON`. */
  toJSON(): { [name: string]: Json } {
    const { idf, sublinearTf, norm } = this;
    return modelJson(KIND, VERSION, { ...this.#vocabulary.toJSON(), idf, sublinearTf, norm });
  }

  /**
   * The vectorizer saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown, options?: Pick<AnalyzerOptions, 'tokenizer'>): TfidfVectorizerModel {
    const reader = readModelJson(json, KIND, VERSION);
    const vocabulary = Vocabulary.fromJSON(reader, tokenizerOption(options));
    const idf = reader.float64Array('idf', vocabulary.terms.length);
    if (!idf.every((factor) => factor > 0 && factor < Infinity)) reader.fail('idf: expected finite numbers > 0');
    return new TfidfVectorizerModel(vocabulary, idf, {
      sublinearTf: reader.boolean('sublinearTf'),
      norm: reader.oneOf('norm', ROW_NORMS),
    });
  }
}
