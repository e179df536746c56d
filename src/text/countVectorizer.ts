import { optionsObject } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import type { RunOptions } from '../core/progress.ts';
import type { AnalyzerOptions } from './analyzer.ts';
import type { Documents } from './countTerms.ts';
import { RUN_OPTIONS, tokenizerOption } from './runOptions.ts';
import { VOCABULARY_OPTIONS, Vocabulary, type VocabularyOptions, VocabularyRecipe } from './vocabulary.ts';

const KIND = 'CountVectorizer';
const VERSION = 1;

/** Options of `CountVectorizer`. */
export type CountVectorizerOptions = VocabularyOptions;

/** A vectorizer that was fitted, and the matrix of the documents that it was fitted to. */
export interface FittedDocuments<Model> {
  model: Model;
  matrix: CsrMatrix;
}

/**
 * Counts words: entry (i, j) of the matrix is how often term j is in document i (see `tokenize` for what a term is). Columns are ordered by the code
 * points of their terms, as in scikit-learn.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const { model, matrix } = new CountVectorizer().fitTransform(['the cat and the dog', 'a dog']);
 * model.terms; // ['and', 'cat', 'dog', 'the']
 * matrix.toDense().toRows(); // [[1, 1, 1, 2], [0, 0, 1, 0]]
 */
export class CountVectorizer {
  readonly #recipe: VocabularyRecipe;

  constructor(options?: CountVectorizerOptions) {
    this.#recipe = new VocabularyRecipe(optionsObject(options, 'CountVectorizer', VOCABULARY_OPTIONS));
  }

  /**
   * Learns the terms of the documents.
   * @throws TypeError for anything but strings (named with their position), RangeError for no documents, and where no term is left (by which limit)
   */
  fit(documents: Documents, options?: RunOptions): CountVectorizerModel {
    return this.fitTransform(documents, options).model;
  }

  /** Learns the terms and counts them, reading the documents once. @throws as `fit` */
  fitTransform(documents: Documents, options?: RunOptions): FittedDocuments<CountVectorizerModel> {
    const { vocabulary, counts } = this.#recipe.learn(documents, optionsObject(options, 'fit', RUN_OPTIONS));
    return { model: new CountVectorizerModel(vocabulary), matrix: counts };
  }
}

/** What `CountVectorizer.fit` learned. Immutable. */
export class CountVectorizerModel {
  readonly #vocabulary: Vocabulary;

  /** @internal */
  constructor(vocabulary: Vocabulary) {
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

  /** Documents x terms: counts. Words that are not in the vocabulary do not count. @throws as `CountVectorizer.fit` */
  transform(documents: Documents, options?: RunOptions): CsrMatrix {
    return this.#vocabulary.count(documents, optionsObject(options, 'transform', RUN_OPTIONS));
  }

  /** A plain object for `JSON.stringify`, without loss; a `tokenizer` has to be given again to `fromJSON`. */
  toJSON(): { [name: string]: Json } {
    return modelJson(KIND, VERSION, this.#vocabulary.toJSON());
  }

  /**
   * The vectorizer saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown, options?: Pick<AnalyzerOptions, 'tokenizer'>): CountVectorizerModel {
    return new CountVectorizerModel(Vocabulary.fromJSON(readModelJson(json, KIND, VERSION), tokenizerOption(options)));
  }
}
