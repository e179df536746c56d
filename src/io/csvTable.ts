import { oneOf, optionsObject } from '../core/checks.ts';
import { FileError, type FilePlace, quote } from './fileError.ts';

/** Options of `CsvTable.numbers`. */
export interface NumberOptions {
  /** What an empty cell is (also `NA` and `NaN`): an error, or NaN. @default 'refuse' */
  missing?: 'refuse' | 'nan';
}

/** A column by its different values: row r has `values[codes[r]]`. */
export interface CodedColumn {
  codes: Int32Array;
  /** In the order of their first use. */
  values: (string | number)[];
}

/** @internal Cells of one column, however they are kept. */
export interface Column {
  /** What is written in a cell. */
  text(row: number): string;
  /** The number in a cell; NaN where there is none. */
  number(row: number): number;
  coded(): CodedColumn;
}

/** A table with named columns, as a file has it. Cells are looked at when a column is asked for. */
export class CsvTable {
  readonly names: readonly string[];
  /** Number of rows, without the header. */
  readonly size: number;
  readonly #columns: readonly Column[];
  readonly #place: (row: number) => FilePlace;

  /** @internal */
  constructor(names: readonly string[], size: number, columns: readonly Column[], place: (row: number) => FilePlace) {
    this.names = names;
    this.size = size;
    this.#columns = columns;
    this.#place = place;
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }

  /** The cells of a column as they are written. @throws FileError `'MISSING_COLUMN'`, which lists the columns that are there */
  text(name: string): string[] {
    const column = this.#column(name);
    return Array.from({ length: this.size }, (_, row) => column.text(row));
  }

  /**
   * The cells of a column as numbers (64-bit, nearest to what is written).
   * @throws FileError `'NOT_A_NUMBER'`: `line 17, column "distance": expected a number, got "abc"`; `'MISSING_COLUMN'`
   */
  numbers(name: string, options: NumberOptions = {}): Float64Array {
    const { missing = 'refuse' } = optionsObject(options, 'numbers', ['missing']);
    oneOf(missing, 'missing', ['refuse', 'nan']);
    const column = this.#column(name);
    const out = new Float64Array(this.size);
    for (let row = 0; row < out.length; row++) {
      const value = column.number(row);
      if (!Number.isFinite(value) && !(missing === 'nan' && isMissing(column.text(row)))) this.#refuse(column, row, name);
      out[row] = value;
    }
    return out;
  }

  /** Whether every cell of a column is a number or empty, and at least one is a number. */
  isNumeric(name: string): boolean {
    const column = this.#column(name);
    let found = false;
    for (let row = 0; row < this.size; row++) {
      if (Number.isFinite(column.number(row))) found = true;
      else if (!isMissing(column.text(row))) return false;
    }
    return found;
  }

  /** A column of identifiers by its different values, blanks around them left out. */
  coded(name: string): CodedColumn {
    return this.#column(name).coded();
  }

  /** The line of the file where a row starts, counted from 1 (the header is line 1 of most files). */
  lineOf(row: number): number {
    return this.placeOf(row).line ?? row + 1;
  }

  /** @internal Where a row is, for messages. */
  placeOf(row: number, column?: string): FilePlace {
    return { ...this.#place(row), column };
  }

  #column(name: string): Column {
    const number = this.names.indexOf(name);
    if (number >= 0) return this.#columns[number];
    const { source } = this.#place(0);
    throw new FileError('MISSING_COLUMN', { source }, `no column ${quote(name)}; there are: ${this.names.map(quote).join(', ')}`);
  }

  #refuse(column: Column, row: number, name: string): never {
    const text = column.text(row);
    const got = isMissing(text) ? `an empty cell${text.trim() === '' ? '' : ` (${text.trim()})`}` : quote(text);
    throw new FileError('NOT_A_NUMBER', this.placeOf(row, name), `expected a number, got ${got}`);
  }
}

/** @internal Cells that stand for no value: empty, and what R and NumPy write. */
export const isMissing = (text: string) => /^\s*(NA|NaN)?\s*$/i.test(text);

/** @internal The names of a header: blanks around them left out, none twice. */
export function headerNames(cells: readonly string[], place: FilePlace): string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw new FileError('DUPLICATE', place, `two columns are called ${quote(twice)}`);
  return names;
}
