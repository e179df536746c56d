import { oneOf, optionsObject } from '../core/checks.ts';
import { type FileText, textOf } from './chunks.ts';
import { CsvScanner, DELIMITERS, type Delimiter, detectDelimiter } from './csvScanner.ts';
import { type Column, CsvTable, headerNames } from './csvTable.ts';
import { decimalIn } from './decimal.ts';
import { Dictionary, wholeNumberIn } from './dictionary.ts';
import { FileError } from './fileError.ts';

/** Options of `readCsv`. */
export interface CsvOptions {
  /** What separates the fields. @default 'auto': comma, semicolon or tab, whichever is most frequent in the first line */
  delimiter?: Delimiter | 'auto';
  /** What the file is called in error messages. */
  source?: string;
}

/**
 * A table from comma-separated values (RFC 4180): first line column names; semicolons and tabs, a byte order mark, CRLF and quoted fields with
 * delimiters, quotes and line ends inside are understood. Rows of another length than the header are refused; blank lines are passed over.
 *
 * @param file text, or bytes in UTF-8
 * @throws FileError `'EMPTY_FILE'`, `'NOT_TEXT'`, `'BAD_FORMAT'`, `'DUPLICATE'` (of a column name), each with its line
 * @example
 * const roads = readCsv('from,to,distance\nA,B,12.5\nB,C,8\n');
 * roads.numbers('distance'); // Float64Array [12.5, 8]
 */
export function readCsv(file: FileText, options: CsvOptions = {}): CsvTable {
  const { delimiter = 'auto', source } = optionsObject(options, 'readCsv', ['delimiter', 'source']);
  oneOf(delimiter, 'delimiter', ['auto', ...DELIMITERS]);
  const text = textOf(file, source);
  const scanner = new CsvScanner(delimiter === 'auto' ? detectDelimiter(text) : delimiter, source);
  scanner.next(text, true);
  const names = header(scanner, source);
  const columns = names.map((_, column) => new ScannedColumn(scanner, column));
  return new CsvTable(names, scanner.rows - 1, columns, (row) => ({ source, line: scanner.lineOf(row + 1) }));
}

/** @internal Column names from the first row. */
export function header(scanner: CsvScanner, source?: string): string[] {
  if (scanner.rows === 0) throw new FileError('EMPTY_FILE', { source }, 'expected a header line with column names, got an empty file');
  const cells = Array.from({ length: scanner.width }, (_, column) => scanner.field(0, column));
  return headerNames(cells, { source, line: scanner.lineOf(0) });
}

/** Cells that stay in the text of the file; the row before the first is the header. */
class ScannedColumn implements Column {
  readonly #scanner: CsvScanner;
  readonly #column: number;

  constructor(scanner: CsvScanner, column: number) {
    this.#scanner = scanner;
    this.#column = column;
  }

  text(row: number): string {
    return this.#scanner.field(row + 1, this.#column);
  }

  number(row: number): number {
    return decimalIn(this.#scanner.text, this.#scanner.start(row + 1, this.#column), this.#scanner.end(row + 1, this.#column));
  }

  coded() {
    const dictionary = new Dictionary();
    const codes = new Int32Array(this.#scanner.rows - 1);
    for (let row = 0; row < codes.length; row++) {
      const number = wholeNumberIn(this.#scanner.text, this.#scanner.start(row + 1, this.#column), this.#scanner.end(row + 1, this.#column));
      codes[row] = number < 0 ? dictionary.code(this.text(row).trim()) : dictionary.codeOfNumeral(number);
    }
    return { codes, values: dictionary.values };
  }
}
