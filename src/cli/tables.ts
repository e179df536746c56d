/**
 * Tables of numbers from files: the one place where the command meets `spinifex/io`.
 * @module
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type CsvTable, readCsv, readCsvStream, readSvmlight, writeCsv } from '../io/index.ts';
import { DataError } from './errors.ts';
import { inputName, LONGEST_TEXT, readInput } from './readInput.ts';
import type { Terminal } from './terminal.ts';

export type { CsvTable as Table } from '../io/index.ts';

/** How a file of rows is written. */
export type TableFormat = 'csv' | 'svmlight';

/** Rows of an svmlight file. */
export interface LabelledRows {
  X: CsrMatrix;
  y: Float64Array;
}

/** The format that was asked for, or what the name of the file says. */
export function formatOf(file: string, asked: TableFormat | undefined): TableFormat {
  return asked ?? (/\.(svm|svmlight|libsvm)$/i.test(file) ? 'svmlight' : 'csv');
}

export async function readTable(file: string, terminal: Terminal): Promise<CsvTable> {
  const table = (await isTooLong(file)) ? await readInPieces(file, terminal.signal) : await readWhole(file, terminal);
  if (table.size === 0) throw new DataError(`${inputName(file)}: has a header and no rows`);
  return table;
}

async function readWhole(file: string, terminal: Terminal): Promise<CsvTable> {
  return located(file, await readInput(file, terminal), (text) => readCsv(text, { source: inputName(file) }));
}

/** Whether a file is longer than a text may be. */
async function isTooLong(file: string): Promise<boolean> {
  const there = file === '-' ? undefined : await stat(file).catch(() => undefined);
  return there?.isFile() === true && there.size > LONGEST_TEXT;
}

async function readInPieces(file: string, signal: AbortSignal): Promise<CsvTable> {
  try {
    return await readCsvStream(createReadStream(file), { source: file, signal });
  } catch (error) {
    return located(file, error, () => {
      throw error;
    });
  }
}

/** `columns`: how many there are, where the file is read for a model; otherwise the largest index says. */
export async function readLabelledRows(file: string, terminal: Terminal, columns?: number): Promise<LabelledRows> {
  const source = inputName(file);
  const text = await readInput(file, terminal);
  return located(file, text, () => readSvmlight(text, columns === undefined ? { source } : { source, columns }));
}

/** Columns of a table as a matrix. */
export function numbersOf(table: CsvTable, names: readonly string[], file: string): DenseMatrix {
  requireColumns(table, names, file);
  const data = new Float64Array(table.size * names.length);
  for (const [j, name] of names.entries()) data.set(columnOf(table, name, file), j * table.size);
  return new DenseMatrix(data, table.size, names.length, 'column');
}

/** One column of numbers. */
export function columnOf(table: CsvTable, name: string, file: string): Float64Array {
  requireColumns(table, [name], file);
  return located(file, table, () => table.numbers(name));
}

/** One column of labels: numbers where all cells are, otherwise words. @throws DataError for an empty cell, with its line */
export function labelsOf(table: CsvTable, name: string, file: string): Float64Array | string[] {
  requireColumns(table, [name], file);
  if (table.isNumeric(name)) return columnOf(table, name, file);
  const words = table.text(name).map((cell) => cell.trim());
  const empty = words.findIndex((word) => word === '' || word === 'NA');
  if (empty < 0) return words;
  throw new DataError(`${inputName(file)}, line ${table.lineOf(empty)}, column "${name}": expected a label, got an empty cell`);
}

/** Whether a column holds words: it has cells, and not one of them is a number. A decimal comma makes no word, but a mistake to be told. */
export function holdsWords(table: CsvTable, name: string): boolean {
  if (table.isNumeric(name)) return false;
  const cells = table
    .coded(name)
    .values.map(String)
    .filter((cell) => cell.trim() !== '');
  return cells.length > 0 && !cells.some((cell) => Number.isFinite(Number(cell.replace(',', '.'))));
}

/** @throws DataError with the columns that are missing and those that were found */
export function requireColumns(table: CsvTable, names: readonly string[], file: string): void {
  const missing = names.filter((name) => !table.has(name));
  if (missing.length === 0) return;
  throw new DataError(
    `${inputName(file)}: no column ${missing.map((name) => `"${name}"`).join(', ')}; found ${listed(table.names)}`,
  );
}

/** Names for a message, the first few of them. */
export function listed(names: readonly string[], most = 20): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Columns as the text of a CSV file. */
export function csvText(columns: Record<string, ArrayLike<number | string | undefined>>): string {
  return writeCsv(columns);
}

/** Calls a reader; its complaints say which file they are about. */
export function located<In, Out>(file: string, input: In, read: (input: In) => Out): Out {
  const name = inputName(file);
  try {
    return read(input);
  } catch (error) {
    const { message } = error as Error;
    throw new DataError(message.startsWith(name) ? message : `${name}: ${message}`, { cause: error });
  }
}
