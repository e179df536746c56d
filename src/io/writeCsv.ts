import { dsvFormat } from 'd3-dsv';
import { isPlainObject, oneOf, optionsObject, refuse } from '../core/checks.ts';
import { DELIMITERS, type Delimiter } from './csvScanner.ts';

/** Columns of one length, by name. */
export type CsvColumns = Readonly<Record<string, ArrayLike<number | string | undefined>>>;

/**
 * Comma-separated values (RFC 4180): a line of names, then the rows, each line ended by `\n`. Numbers are written so that they are read back as
 * the same number; NaN and undefined are empty cells.
 *
 * @throws TypeError for a column that is no array, RangeError for columns of unequal length
 * @example
 * writeCsv({ place: ['A', 'B'], score: [0.5, 0.25] }); // 'place,score\nA,0.5\nB,0.25\n'
 */
export function writeCsv(columns: CsvColumns, options: { delimiter?: Delimiter } = {}): string {
  const { delimiter = ',' } = optionsObject(options, 'writeCsv', ['delimiter']);
  const format = dsvFormat(oneOf(delimiter, 'delimiter', DELIMITERS));
  if (!isPlainObject(columns)) refuse(columns, 'columns', 'an object of arrays', false);
  const names = Object.keys(columns);
  if (names.length === 0) throw new RangeError('columns: expected at least one column');
  const values = names.map((name) => columns[name]);
  const size = values[0]?.length;
  for (const [k, column] of values.entries()) {
    const array = Array.isArray(column) || (ArrayBuffer.isView(column) && !(column instanceof DataView));
    if (!array) refuse(column, `columns.${names[k]}`, 'an array', false);
    if (column.length !== size) {
      throw new RangeError(`columns.${names[k]}: expected ${size} cells as in "${names[0]}", got ${column.length}`);
    }
  }
  // A lone empty cell would be a blank line, which readers pass over.
  const line = (cells: string[]) => (cells.length === 1 && cells[0] === '' ? '""\n' : `${format.formatRow(cells)}\n`);
  const lines = [line(names)];
  for (let row = 0; row < size; row++) lines.push(line(values.map((column) => cellText(column[row]))));
  return lines.join('');
}

const cellText = (cell: number | string | undefined) => (cell === undefined || Number.isNaN(cell) ? '' : String(cell));
