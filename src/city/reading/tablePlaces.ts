import type { CsvTable } from '../../io/csvTable.ts';
import { FileError } from '../../io/fileError.ts';
import type { PlaceId } from '../city.ts';

/** The places that two columns name, numbered: those of the first column in the order of their first use, then the others. */
export function joinedPlaces(table: CsvTable, from: string, to: string): { ids: PlaceId[]; from: Int32Array; to: Int32Array } {
  if (table.size === 0)
    throw new FileError('EMPTY_FILE', { source: table.placeOf(0).source }, 'expected at least one row, got none');
  const [start, end] = [table.coded(from), table.coded(to)];
  for (const [name, column] of [
    [from, start],
    [to, end],
  ] as const) {
    const empty = column.values.indexOf('');
    if (empty < 0) continue;
    throw new FileError(
      'BAD_FORMAT',
      table.placeOf(column.codes.indexOf(empty), name),
      'expected an identifier, got an empty cell',
    );
  }
  const ids = start.values.slice();
  const numbers = new Map(ids.map((id, k) => [id, k]));
  const renumbered = end.values.map((id) => numbers.get(id) ?? ids.push(id) - 1);
  return { ids, from: start.codes, to: end.codes.map((code) => renumbered[code]) };
}

/** A column of numbers >= 0; empty cells are refused or NaN. */
export function nonNegativeColumn(table: CsvTable, name: string, missing: 'refuse' | 'nan'): Float64Array {
  const values = table.numbers(name, { missing });
  const row = values.findIndex((value) => value < 0);
  if (row >= 0) throw new FileError('BAD_VALUE', table.placeOf(row, name), `expected a number >= 0, got ${values[row]}`);
  return values;
}
