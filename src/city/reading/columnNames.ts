import type { CsvTable } from '../../io/csvTable.ts';
import { FileError, quote } from '../../io/fileError.ts';

/** `Free Flow-Time (min)` is `free_flow_time`: names are compared in lower case, words joined by `_`, without units in brackets. */
export function plainName(name: string): string {
  return name
    .replace(/\(.*?\)|\[.*?\]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s\-.]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/** The column of a table that has one of the usual names, the first of the list that is there. */
export function usualColumn(table: CsvTable, usual: readonly string[]): string | undefined {
  const plain = table.names.map(plainName);
  const found = usual.find((name) => plain.includes(name));
  return found === undefined ? undefined : table.names[plain.indexOf(found)];
}

/** A column given by name (then it must be there), or the one with a usual name. */
export function chosenColumn(table: CsvTable, given: string | undefined, usual: readonly string[]): string | undefined {
  if (given === undefined) return usualColumn(table, usual);
  if (!table.has(given)) missingColumn(table, quote(given));
  return given;
}

/** Refuses a table for want of a column, and lists those it has. */
export function missingColumn(table: CsvTable, wanted: string): never {
  const { source } = table.placeOf(0);
  throw new FileError('MISSING_COLUMN', { source }, `no column ${wanted}; there are: ${table.names.map(quote).join(', ')}`);
}
