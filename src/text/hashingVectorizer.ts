import { booleanFlag, integerIn, oneOf, optionsObject } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { RunOptions } from '../core/progress.ts';
import { ANALYZER_OPTIONS, Analyzer, type AnalyzerOptions, checkedOptions } from './analyzer.ts';
import { countHashes, type Documents } from './countTerms.ts';
import { RUN_OPTIONS } from './runOptions.ts';
import { ROW_NORMS, type RowNorm, weigh } from './weighting.ts';

/** Most columns: 4 bytes of memory for each while documents are read. */
const MOST = 2 ** 26;

/** Options of `HashingVectorizer`. */
export interface HashingVectorizerOptions extends AnalyzerOptions {
  /** Number of columns, at most 2^26. @default 1048576 */
  features?: number;
  /** Count a term with the sign of its hash, so that terms in one column cancel rather than add up. @default true */
  alternateSign?: boolean;
  /** What each row is divided by. @default 'l2' */
  norm?: RowNorm;
}

/**
 * Counts words without learning which there are: a term with the hash h (`murmur3` of its UTF-8 bytes, seed 0) is counted in column |h| mod `features`,
 * with the sign of h (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"; the numbers are scikit-learn's). Nothing is fitted
 * and nothing saved: equal options make equal matrices everywhere, from streams and in several processes. A sum that comes to 0 is not stored.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const X = new HashingVectorizer({ features: 2 ** 18 }).transform(['the cat and the dog', 'a dog']);
 * X.nnz; // 5
 */
export class HashingVectorizer {
  readonly features: number;
  readonly alternateSign: boolean;
  readonly norm: RowNorm;
  readonly #options: AnalyzerOptions;

  constructor(options?: HashingVectorizerOptions) {
    const known = [...ANALYZER_OPTIONS, 'features', 'alternateSign', 'norm'] as const;
    const { features = 2 ** 20, alternateSign = true, norm = 'l2', ...rest } = optionsObject(options, 'HashingVectorizer', known);
    this.features = integerIn(features, 'features', 1, MOST);
    this.alternateSign = booleanFlag(alternateSign, 'alternateSign');
    this.norm = oneOf(norm, 'norm', ROW_NORMS);
    this.#options = checkedOptions(rest);
  }

  /**
   * Documents x features.
   * @throws TypeError for anything but strings (named with their position), RangeError for no documents
   */
  transform(documents: Documents, options?: RunOptions): CsrMatrix {
    const { features, alternateSign, norm } = this;
    const run = optionsObject(options, 'transform', RUN_OPTIONS);
    const counts = countHashes(documents, new Analyzer(this.#options), features, alternateSign, run).finish(features);
    return weigh(counts, { sublinearTf: false, norm });
  }
}
