import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { type Analyzer, stringsOf } from './analyzer.ts';
import { murmur3Of } from './murmur3.ts';
import { RowBuilder } from './rowBuilder.ts';
import type { TermTable } from './termTable.ts';

/** Documents to vectorize: an array, a generator, or any other iterable of strings. */
export type Documents = Iterable<string>;

/** Documents between two reports. */
const REPORT_EVERY = 1024;

/** Counts every document's terms, by their numbers in `table`; terms that it does not know are added when `learn`, and left out otherwise. */
export function countTerms(
  documents: Documents,
  analyzer: Analyzer,
  table: TermTable,
  learn: boolean,
  options: RunOptions,
): RowBuilder {
  const { shortest, longest } = analyzer;
  return buildRows(documents, options, analyzer, (rows) => {
    const { bytes, starts, words } = analyzer;
    for (let k = shortest; k <= longest && k <= words; k++) {
      for (let i = 0; i + k <= words; i++) {
        const term = table.number(bytes, starts[i], starts[i + k] - 1, learn);
        if (term >= 0) rows.add(term, 1);
      }
    }
  });
}

/** Counts every document's terms in the column of their hash: column |h| mod `features`, with the sign of h when `alternateSign`. */
export function countHashes(
  documents: Documents,
  analyzer: Analyzer,
  features: number,
  alternateSign: boolean,
  options: RunOptions,
): RowBuilder {
  const { shortest, longest } = analyzer;
  return buildRows(documents, options, analyzer, (rows) => {
    const { bytes, starts, words } = analyzer;
    for (let k = shortest; k <= longest && k <= words; k++) {
      for (let i = 0; i + k <= words; i++) {
        const hash = murmur3Of(bytes, starts[i], starts[i + k] - 1, 0);
        // Doubles hold |-2^31|, too.
        rows.add(Math.abs(hash) % features, hash < 0 && alternateSign ? -1 : 1);
      }
    }
  });
}

function buildRows(
  documents: Documents,
  options: RunOptions,
  analyzer: Analyzer,
  addRow: (rows: RowBuilder) => void,
): RowBuilder {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const report = withTimeLeft(onProgress);
  const total = Array.isArray(documents) ? documents.length : 0;
  const rows = new RowBuilder();
  for (const document of stringsOf(documents, 'documents')) {
    analyzer.read(document);
    addRow(rows);
    rows.endRow();
    if (rows.rows % REPORT_EVERY === 0) {
      report?.({ done: rows.rows, total: Math.max(total, rows.rows) });
      signal?.throwIfAborted();
    }
  }
  if (rows.rows === 0) throw new RangeError('documents: expected at least one document');
  return rows;
}
