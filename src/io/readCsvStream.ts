import { oneOf, refuse } from '../core/checks.ts';
import { type ChunkOptions, type Chunks, chunkOptions, decodeChunks, type FileText } from './chunks.ts';
import { CsvScanner, DELIMITERS, detectDelimiter } from './csvScanner.ts';
import { type Column, CsvTable, isMissing } from './csvTable.ts';
import { decimalIn } from './decimal.ts';
import { Dictionary, wholeNumberIn } from './dictionary.ts';
import { FileError, quote } from './fileError.ts';
import { GrowingFloats, GrowingInts } from './growing.ts';
import { type CsvOptions, header } from './readCsv.ts';

/** Options of `readCsvStream`. */
export interface CsvStreamOptions extends CsvOptions, ChunkOptions {
  /**
   * Columns that are identifiers or words, given as names or by a function of all names. They are kept as codes of their different values. All
   * others are kept as numbers if their first cell is one (or empty), and as codes if it is not.
   */
  text?: readonly string[] | ((names: readonly string[]) => readonly string[]);
}

/**
 * The table of a file that comes in pieces and may be larger than a text may be: only numbers and codes are kept, 8 and 4 bytes a cell.
 *
 * @throws as `readCsv`, and `signal.reason`
 * @example
 * const trips = await readCsvStream(createReadStream('trips.csv'), { text: ['origin', 'destination'] });
 */
export async function readCsvStream(chunks: Chunks | FileText, options: CsvStreamOptions = {}): Promise<CsvTable> {
  const known = chunkOptions(options, 'readCsvStream', ['delimiter', 'text']);
  const { delimiter = 'auto', source, text = [] } = known;
  oneOf(delimiter, 'delimiter', ['auto', ...DELIMITERS]);
  if (!Array.isArray(text) && typeof text !== 'function') refuse(text, 'text', 'an array of column names or a function', false);
  const rows = new TypedRows(source, text);
  let scanner = delimiter === 'auto' ? undefined : new CsvScanner(delimiter, source);
  let start = '';
  for await (const piece of decodeChunks(chunks, known)) {
    start += piece;
    // The delimiter is known once the first line is.
    if (!scanner && /[^\r\n][\r\n]/.test(start)) scanner = new CsvScanner(detectDelimiter(start), source);
    if (!scanner) continue;
    scanner.next(start, false);
    start = '';
    rows.take(scanner);
    scanner.release();
  }
  scanner ??= new CsvScanner(detectDelimiter(start), source);
  scanner.next(start, true);
  return rows.finish(scanner);
}

/** The columns that grow. */
class TypedRows {
  readonly #source: string | undefined;
  readonly #text: NonNullable<CsvStreamOptions['text']>;
  readonly #lines = new GrowingInts();
  #names: string[] | undefined;
  #columns: (NumberColumn | WordColumn)[] = [];

  constructor(source: string | undefined, text: NonNullable<CsvStreamOptions['text']>) {
    this.#source = source;
    this.#text = text;
  }

  take(scanner: CsvScanner): void {
    if (scanner.rows === 0) return;
    const first = this.#names === undefined ? 1 : 0;
    this.#names ??= header(scanner, this.#source);
    if (first === scanner.rows) return;
    if (this.#columns.length === 0) this.#columns = this.#choose(this.#names, scanner, first);
    for (let row = first; row < scanner.rows; row++) this.#lines.push(scanner.lineOf(row));
    for (const [k, column] of this.#columns.entries()) column.take(scanner, first, k);
  }

  finish(scanner: CsvScanner): CsvTable {
    this.take(scanner);
    const names = this.#names ?? header(scanner, this.#source);
    const columns = this.#columns.length > 0 ? this.#columns : names.map(() => new WordColumn());
    return new CsvTable(names, this.#lines.length, columns, (row) => ({ source: this.#source, line: this.#lines.at(row) }));
  }

  #choose(names: readonly string[], scanner: CsvScanner, row: number): (NumberColumn | WordColumn)[] {
    const words = typeof this.#text === 'function' ? this.#text(names) : this.#text;
    const unknown = words.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      const found = `no column ${quote(unknown)}; there are: ${names.map(quote).join(', ')}`;
      throw new FileError('MISSING_COLUMN', { source: this.#source }, found);
    }
    return names.map((name, k) => {
      const cell = scanner.field(row, k);
      const number = cell.trim() === '' || Number.isFinite(decimalIn(cell, 0, cell.length));
      return number && !words.includes(name) ? new NumberColumn(name) : new WordColumn();
    });
  }
}

class NumberColumn implements Column {
  readonly #name: string;
  readonly #values = new GrowingFloats();
  /** The first cell that is neither a number nor missing. */
  #odd: { row: number; text: string } | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  take(scanner: CsvScanner, first: number, column: number): void {
    for (let row = first; row < scanner.rows; row++) {
      const value = decimalIn(scanner.text, scanner.start(row, column), scanner.end(row, column));
      if (!Number.isFinite(value) && this.#odd === undefined) {
        const text = scanner.field(row, column);
        if (!isMissing(text)) this.#odd = { row: this.#values.length, text };
      }
      this.#values.push(value);
    }
  }

  /** The text itself is gone: only what stands in place of a number is known. */
  text(row: number): string {
    const value = this.#values.at(row);
    if (!Number.isFinite(value)) return this.#odd?.row === row ? this.#odd.text : '';
    throw new FileError(
      'BAD_FORMAT',
      { column: this.#name },
      'read as numbers; name it in the option "text" to keep what is written',
    );
  }

  number(row: number): number {
    return this.#values.at(row);
  }

  coded() {
    const dictionary = new Dictionary();
    return { codes: Int32Array.from(this.#values.view(), (value) => dictionary.code(value)), values: dictionary.values };
  }
}

class WordColumn implements Column {
  readonly #codes = new GrowingInts();
  readonly #dictionary = new Dictionary();

  take(scanner: CsvScanner, first: number, column: number): void {
    for (let row = first; row < scanner.rows; row++) {
      const number = wholeNumberIn(scanner.text, scanner.start(row, column), scanner.end(row, column));
      this.#codes.push(number < 0 ? this.#dictionary.code(scanner.field(row, column)) : this.#dictionary.codeOfNumeral(number));
    }
  }

  text(row: number): string {
    return this.#dictionary.values[this.#codes.at(row)] as string;
  }

  number(row: number): number {
    const text = this.text(row);
    return decimalIn(text, 0, text.length);
  }

  coded() {
    const trimmed = new Dictionary();
    const codes = this.#dictionary.values.map((value) => trimmed.code((value as string).trim()));
    return { codes: this.#codes.view().map((code) => codes[code]), values: trimmed.values };
  }
}
