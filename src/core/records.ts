import { booleanFlag, oneOf, optionsObject, refuse, refuseEntry } from './checks.ts';
import { CsrMatrix } from './csrMatrix.ts';
import { IdIndex } from './idIndex.ts';
import { seen } from './seen.ts';

/** How a field is read: its name, or a function of the record. */
export type Field<Rec, Value> = (keyof Rec & string) | ((record: Rec) => Value);

/** What happens to several records for one place. */
export type Duplicates = 'refuse' | 'sum' | 'mean' | 'last';

/** Options of `matrixFromRecords`. */
export interface RecordOptions<Rec, RowId, ColumnId> {
  /** Identifier of the row. */
  row: Field<Rec, RowId>;
  /** Identifier of the column. */
  column: Field<Rec, ColumnId>;
  /** The entry; 1 for every record by default. */
  value?: Field<Rec, number>;
  /** Identifiers that get the first row numbers, in this order, whether or not a record has them: rows that were never observed. */
  rowIds?: Iterable<RowId>;
  /** The same for columns. */
  columnIds?: Iterable<ColumnId>;
  /** @default 'refuse' */
  duplicates?: Duplicates;
}

/** A sparse matrix and who its rows and columns are. */
export interface RecordMatrix<RowId, ColumnId> {
  matrix: CsrMatrix;
  rows: IdIndex<RowId>;
  columns: IdIndex<ColumnId>;
}

/** Options of `graphFromRecords`. */
export interface GraphOptions<Rec, Id> {
  /** Identifier of the node where the edge starts. */
  from: Field<Rec, Id>;
  /** Identifier of the node where it ends. */
  to: Field<Rec, Id>;
  /** Weight of the edge; 1 by default. */
  weight?: Field<Rec, number>;
  /** Identifiers that get the first numbers, whether or not an edge has them: isolated nodes. */
  ids?: Iterable<Id>;
  /** Whether an edge leads one way only; otherwise it is entered both ways. @default true */
  directed?: boolean;
  /** @default 'sum' */
  duplicates?: Duplicates;
}

/** A graph as the matrix of its weights: entry (i, j) is the edge from node i to node j. */
export interface RecordGraph<Id> {
  matrix: CsrMatrix;
  nodes: IdIndex<Id>;
}

/**
 * A sparse matrix from an array of records, with identifiers of any kind for rows and columns.
 *
 * @throws TypeError, RangeError for a value that is not a finite number (`records[3].value is "x"`), a missing identifier, no records at all, or,
 * with `duplicates: 'refuse'`, a place that is given twice
 * @example
 * const trips = [{ from: 'F', to: 'A', share: 0.9 }, { from: 'G', to: 'A', share: 0.6 }];
 * const { matrix, rows } = matrixFromRecords(trips, { row: 'from', column: 'to', value: 'share' });
 * matrix.get(rows.at('G'), 0); // 0.6
 */
export function matrixFromRecords<Rec extends object, RowId = unknown, ColumnId = unknown>(
  records: readonly Rec[],
  options: RecordOptions<Rec, RowId, ColumnId>,
): RecordMatrix<RowId, ColumnId> {
  const known = optionsObject(options, 'matrixFromRecords', ['row', 'column', 'value', 'rowIds', 'columnIds', 'duplicates']);
  const rows = new IdIndex<RowId>('row', ids(known.rowIds, 'rowIds'));
  const columns = new IdIndex<ColumnId>('column', ids(known.columnIds, 'columnIds'));
  const entries = readEntries(
    records,
    reader(known.row, 'row'),
    reader(known.column, 'column'),
    known.value === undefined ? undefined : reader(known.value, 'value'),
    rows,
    columns,
  );
  const place = (row: number, col: number) => `row ${seen(rows.ids[row])}, column ${seen(columns.ids[col])}`;
  return { matrix: assemble(rows.size, columns.size, entries, known.duplicates ?? 'refuse', place), rows, columns };
}

/**
 * The weight matrix of a graph from an array of edges, with identifiers of any kind for the nodes.
 *
 * @throws as `matrixFromRecords`
 * @example
 * const { matrix, nodes } = graphFromRecords([{ a: 'A', b: 'B' }, { a: 'B', b: 'C' }], { from: 'a', to: 'b', directed: false });
 * pageRank(matrix).scores[nodes.at('B')];
 */
export function graphFromRecords<Rec extends object, Id = unknown>(
  records: readonly Rec[],
  options: GraphOptions<Rec, Id>,
): RecordGraph<Id> {
  const known = optionsObject(options, 'graphFromRecords', ['from', 'to', 'weight', 'ids', 'directed', 'duplicates']);
  const directed = booleanFlag(known.directed ?? true, 'directed');
  const nodes = new IdIndex<Id>('node', ids(known.ids, 'ids'));
  const entries = readEntries(
    records,
    reader(known.from, 'from'),
    reader(known.to, 'to'),
    known.weight === undefined ? undefined : reader(known.weight, 'weight'),
    nodes,
    nodes,
  );
  if (!directed) addReverse(entries);
  const place = (row: number, col: number) => `the edge from ${seen(nodes.ids[row])} to ${seen(nodes.ids[col])}`;
  return { matrix: assemble(nodes.size, nodes.size, entries, known.duplicates ?? 'sum', place), nodes };
}

function ids<Id>(value: Iterable<Id> | undefined, title: string): Iterable<Id> {
  if (value === undefined) return [];
  if (typeof value === 'string' || typeof value?.[Symbol.iterator] !== 'function')
    refuse(value, title, 'a list of identifiers', false);
  return value;
}

/** Every edge the other way as well, right after it: both ways then have the same records in the same order, and the same weight. */
function addReverse(entries: Entries): void {
  const { row, col, value, record } = entries;
  const order = Array.from(row, (from, k) => (from === col[k] ? [k] : [k, k])).flat();
  const reversed = order.map((k, at) => at > 0 && order[at - 1] === k);
  entries.row = order.map((k, at) => (reversed[at] ? col[k] : row[k]));
  entries.col = order.map((k, at) => (reversed[at] ? row[k] : col[k]));
  entries.value = order.map((k) => value[k]);
  entries.record = order.map((k) => record[k]);
}

interface Entries {
  row: number[];
  col: number[];
  value: number[];
  /** Which record each entry comes from. */
  record: number[];
}

function reader<Rec, Value>(field: Field<Rec, Value>, title: string): (record: Rec, k: number) => unknown {
  if (typeof field === 'function') return field;
  if (typeof field !== 'string') refuse(field, title, 'the name of a field or a function of a record', false);
  return (record, k) => {
    if (!(field in (record as object))) throw new TypeError(`records[${k}]: expected a field "${field}" (${title})`);
    return record[field];
  };
}

function readEntries<Rec, A, B>(
  records: readonly Rec[],
  rowOf: (record: Rec, k: number) => unknown,
  columnOf: (record: Rec, k: number) => unknown,
  readValue: ((record: Rec, k: number) => unknown) | undefined,
  rows: IdIndex<A>,
  columns: IdIndex<B>,
): Entries {
  if (!Array.isArray(records)) refuse(records, 'records', 'an array of records', false);
  if (records.length === 0) throw new RangeError('records: expected at least one record');
  const out: Entries = { row: [], col: [], value: [], record: [] };
  for (const [k, record] of (records as readonly Rec[]).entries()) {
    if (typeof record !== 'object' || record === null) refuse(record, `records[${k}]`, 'an object', false);
    const [row, col] = [rowOf(record, k), columnOf(record, k)];
    if (row === undefined || row === null) refuseEntry(row, `records[${k}]: the identifier of its row`, 'an identifier');
    if (col === undefined || col === null) refuseEntry(col, `records[${k}]: the identifier of its column`, 'an identifier');
    const value = readValue ? readValue(record, k) : 1;
    if (typeof value !== 'number' || !Number.isFinite(value)) refuseEntry(value, `records[${k}]: its value`, 'a finite number');
    out.row.push(rows.add(row as A));
    out.col.push(columns.add(col as B));
    out.value.push(value);
    out.record.push(k);
  }
  return out;
}

function assemble(
  rows: number,
  cols: number,
  { row, col, value, record }: Entries,
  duplicates: Duplicates,
  place: (row: number, col: number) => string,
): CsrMatrix {
  oneOf(duplicates, 'duplicates', ['refuse', 'sum', 'mean', 'last']);
  if (duplicates === 'sum') return CsrMatrix.fromCoo(rows, cols, { row, col, value });
  const last = CsrMatrix.fromCoo(rows, cols, { row, col, value: new Float64Array(row.length) });
  const { indptr, indices, data } = last;
  const count = new Int32Array(data.length);
  const first = new Int32Array(data.length);
  for (let k = 0; k < row.length; k++) {
    const p = position(indptr, indices, row[k], col[k]);
    if (count[p]++ === 0) first[p] = record[k];
    else if (duplicates === 'refuse') {
      const given = `records[${first[p]}] and records[${record[k]}]`;
      throw new RangeError(
        `records: ${place(row[k], col[k])} is given twice, by ${given}; duplicates: 'sum', 'mean' or 'last' accepts that`,
      );
    }
    data[p] = duplicates === 'mean' ? data[p] + (value[k] - data[p]) / count[p] : value[k];
  }
  return last;
}

/** Where entry (i, j) of a pattern that has it is stored. */
function position(indptr: Int32Array, indices: Int32Array, i: number, j: number): number {
  let [low, high] = [indptr[i], indptr[i + 1] - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (indices[middle] < j) low = middle + 1;
    else high = middle;
  }
  return low;
}
