import { integerIn, refuse } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { Json } from '../core/json.ts';
import type { ModelReader } from '../core/modelReader.ts';
import type { RunOptions } from '../core/progress.ts';
import { ANALYZER_OPTIONS, Analyzer, type AnalyzerOptions, checkedOptions, stringsOf } from './analyzer.ts';
import { countTerms, type Documents } from './countTerms.ts';
import { TermTable } from './termTable.ts';

/** Options of the vectorizers that learn which terms there are. */
export interface VocabularyOptions extends AnalyzerOptions {
  /** Fewest documents that a term must be in: below 1 a share of them, from 1 on a count. @default 1 */
  minDf?: number;
  /** Most documents that a term may be in, likewise: 1 is a count, Infinity no limit. @default Infinity */
  maxDf?: number;
  /** Keeps so many terms, the most frequent ones in all documents together; among equals, those that come first. @default all */
  maxFeatures?: number;
  /** The terms themselves, in the order of their columns; nothing is learned and nothing pruned. @default learned, in the order of code points */
  vocabulary?: Iterable<string> | ReadonlyMap<string, number>;
}

export const VOCABULARY_OPTIONS = [...ANALYZER_OPTIONS, 'minDf', 'maxDf', 'maxFeatures', 'vocabulary'] as const;

/** A vocabulary that was given or learned, and how documents are read. */
export class Vocabulary {
  readonly terms: readonly string[];
  readonly analyzer: Analyzer;
  #map: ReadonlyMap<string, number> | undefined;
  #table: TermTable | undefined;

  constructor(terms: readonly string[], analyzer: Analyzer) {
    this.terms = terms;
    this.analyzer = analyzer;
  }

  /** The column of each term. */
  get map(): ReadonlyMap<string, number> {
    return (this.#map ??= new Map(this.terms.map((term, column) => [term, column])));
  }

  /** Counts of the terms of other documents; words that are not in the vocabulary do not count. */
  count(documents: Documents, options: RunOptions): CsrMatrix {
    this.#table ??= TermTable.of(this.terms);
    return countTerms(documents, this.analyzer, this.#table, false, options).finish(this.terms.length);
  }

  toJSON(): { [name: string]: Json } {
    return { analyzer: this.analyzer.toJSON(), terms: [...this.terms] };
  }

  static fromJSON(reader: ModelReader, tokenizer: AnalyzerOptions['tokenizer']): Vocabulary {
    const terms = reader.strings('terms');
    if (terms.length === 0 || new Set(terms).size < terms.length) reader.fail('terms: expected at least one, each of them once');
    return new Vocabulary(terms, Analyzer.fromJSON(reader.object('analyzer'), tokenizer));
  }
}

/** What is learned from documents: the vocabulary, their counts, and in how many of them each term is. */
export interface Learned {
  vocabulary: Vocabulary;
  counts: CsrMatrix;
  documentFrequency: Int32Array;
}

/** The checked options of a vectorizer that learns. */
export class VocabularyRecipe {
  readonly #options: AnalyzerOptions;
  readonly #minDf: number;
  readonly #maxDf: number;
  readonly #maxFeatures: number | undefined;
  readonly #given: readonly string[] | undefined;

  constructor(options: VocabularyOptions) {
    const { minDf, maxDf, maxFeatures, vocabulary, ...rest } = options;
    this.#options = checkedOptions(rest);
    this.#minDf = frequencyLimit(minDf ?? 1, 'minDf');
    this.#maxDf = maxDf === undefined || maxDf === Infinity ? Infinity : frequencyLimit(maxDf, 'maxDf');
    this.#maxFeatures = maxFeatures === undefined ? undefined : integerIn(maxFeatures, 'maxFeatures', 1);
    if (vocabulary === undefined) return;
    for (const [name, value] of Object.entries({ minDf, maxDf, maxFeatures })) {
      if (value !== undefined)
        throw new TypeError(`${name}: expected no such option beside a vocabulary, which is taken as it is`);
    }
    this.#given = givenTerms(vocabulary);
  }

  learn(documents: Documents, options: RunOptions): Learned {
    const analyzer = new Analyzer(this.#options);
    if (this.#given !== undefined) {
      const vocabulary = new Vocabulary(this.#given, analyzer);
      const counts = vocabulary.count(documents, options);
      return { vocabulary, counts, documentFrequency: columnCounts(counts) };
    }
    const table = new TermTable();
    const rows = countTerms(documents, analyzer, table, true, options);
    const frequency = rows.frequencies(table.size);
    const kept = this.#prune(table.all(), frequency, rows.rows);
    let columns = table.sort(kept);
    if (this.#maxFeatures !== undefined && columns.length > this.#maxFeatures) {
      const totals = rows.totals(table.size);
      const order = columns.map((_, j) => j).sort((a, b) => totals[columns[b]] - totals[columns[a]] || a - b);
      const chosen = order.subarray(0, this.#maxFeatures).sort();
      columns = chosen.map((j) => columns[j]);
    }
    const target = new Int32Array(table.size).fill(-1);
    columns.forEach((term, j) => {
      target[term] = j;
    });
    return {
      vocabulary: new Vocabulary(table.strings(columns), analyzer),
      counts: rows.finish(columns.length, target),
      documentFrequency: columns.map((term) => frequency[term]),
    };
  }

  /** The terms within the limits. */
  #prune(terms: Int32Array, frequency: Int32Array, documents: number): Int32Array {
    if (terms.length === 0) {
      throw new RangeError(
        `documents: expected at least one term, got none in ${documents} documents (no words, or stop words only)`,
      );
    }
    const low = this.#minDf < 1 ? this.#minDf * documents : this.#minDf;
    const high = this.#maxDf < 1 ? this.#maxDf * documents : this.#maxDf;
    const kept = terms.filter((term) => frequency[term] >= low && frequency[term] <= high);
    if (kept.length > 0) return kept;
    const rare = frequency.filter((count) => count < low).length;
    const common = frequency.filter((count) => count > high).length;
    throw new RangeError(
      `minDf, maxDf: expected limits that leave a term, got none of ${terms.length}: ` +
        `${rare} are in fewer than ${low} of the ${documents} documents (minDf: ${this.#minDf}), ${common} in more than ${high} (maxDf: ${this.#maxDf})`,
    );
  }
}

/** A share in (0, 1), or a count. */
function frequencyLimit(value: unknown, title: string): number {
  if (typeof value === 'number' && ((value >= 0 && value < 1) || (Number.isInteger(value) && value >= 1))) return value;
  refuse(value, title, 'a share in [0, 1) or a count >= 1', typeof value === 'number');
}

function givenTerms(source: unknown): readonly string[] {
  let terms: string[];
  if (source instanceof Map) {
    terms = new Array(source.size);
    for (const [term, column] of source)
      terms[integerIn(column, `vocabulary: column of ${JSON.stringify(term)}`, 0, source.size - 1)] = term;
    for (let j = 0; j < terms.length; j++)
      if (!(j in terms)) throw new RangeError(`vocabulary: expected a term for every column, got none for ${j}`);
  } else terms = Array.from(stringsOf(source as Iterable<string>, 'vocabulary'));
  if (terms.length === 0) throw new RangeError('vocabulary: expected at least one term');
  const seenAt = new Map<string, number>();
  terms.forEach((term, j) => {
    if (typeof term !== 'string') refuse(term, `vocabulary: the term of column ${j}`, 'a string', false);
    const first = seenAt.get(term);
    if (first !== undefined)
      throw new RangeError(`vocabulary[${j}]: ${JSON.stringify(term)} is also vocabulary[${first}]: expected each term once`);
    seenAt.set(term, j);
  });
  return terms;
}

/** Stored entries of each column. */
function columnCounts({ indices, cols }: CsrMatrix): Int32Array {
  const out = new Int32Array(cols);
  for (const j of indices) out[j]++;
  return out;
}
