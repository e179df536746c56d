import { CsrMatrix } from '../../core/csrMatrix.ts';
import type { CsvTable } from '../../io/csvTable.ts';
import { FileError, placeText, quote } from '../../io/fileError.ts';
import type { City, PlaceId } from '../city.ts';
import { firstWithKey, pairKeys } from './firstWithKey.ts';
import type { RepairLog } from './repairLog.ts';
import { joinedPlaces, nonNegativeColumn } from './tablePlaces.ts';

/** What happens to rows for one pair of places. */
export type PairDuplicates = 'refuse' | 'sum' | 'mean' | 'first' | 'last';

/** A city of origin-destination pairs. A pair whose flow is empty is unknown; 0 is observed. */
export function tableTrips(
  table: CsvTable,
  columns: { origin: string; destination: string; flow: string },
  duplicates: PairDuplicates,
  log: RepairLog,
): City {
  const flows = nonNegativeColumn(table, columns.flow, 'nan');
  const { ids, from, to } = joinedPlaces(table, columns.origin, columns.destination);
  const rows = known(flows);
  const size = ids.length;
  const pick = (codes: Int32Array) => (rows === undefined ? codes : Int32Array.from(rows, (row) => codes[row]));
  const value = rows === undefined ? flows : Float64Array.from(rows, (row) => flows[row]);
  const [row, col] = [pick(from), pick(to)];
  let trips = CsrMatrix.fromCoo(size, size, { row, col, value });
  if (trips.nnz < row.length) {
    const first = firstWithKey(pairKeys(row, col, size)) as Int32Array;
    if (duplicates === 'refuse') refuseTwice(table, rows, row, col, first, ids);
    for (let k = 0; k < row.length; k++) if (first[k] < k) log.add('duplicate-trips', table.placeOf(rows?.[k] ?? k).line);
    if (duplicates !== 'sum') trips = CsrMatrix.fromCoo(size, size, chosen(row, col, value, first, duplicates));
  }
  return { zones: ids.map((id) => ({ id })), links: [], trips };
}

/** Numbers of the rows that have a flow; undefined where all have. */
function known(flows: Float64Array): Int32Array | undefined {
  return flows.some(Number.isNaN) ? Int32Array.from(flows.keys()).filter((row) => !Number.isNaN(flows[row])) : undefined;
}

function chosen(row: Int32Array, col: Int32Array, value: Float64Array, first: Int32Array, duplicates: PairDuplicates) {
  const out = value.slice();
  const count = new Int32Array(value.length);
  for (let k = 0; k < value.length; k++) {
    const f = first[k];
    count[f]++;
    if (duplicates === 'last') out[f] = value[k];
    else if (duplicates === 'mean' && f < k) out[f] += (value[k] - out[f]) / count[f];
  }
  const kept = Int32Array.from(first.keys()).filter((k) => first[k] === k);
  return { row: kept.map((k) => row[k]), col: kept.map((k) => col[k]), value: Float64Array.from(kept, (k) => out[k]) };
}

function refuseTwice(
  table: CsvTable,
  rows: Int32Array | undefined,
  row: Int32Array,
  col: Int32Array,
  first: Int32Array,
  ids: readonly PlaceId[],
): never {
  const k = first.findIndex((f, at) => f < at);
  const pair = `trips from ${quote(String(ids[row[k]]))} to ${quote(String(ids[col[k]]))}`;
  const { source, line } = table.placeOf(rows?.[first[k]] ?? first[k]);
  const before = placeText(line === undefined ? { source } : { line });
  const accept = `duplicates: 'sum', 'mean', 'first' or 'last' accepts that`;
  throw new FileError('DUPLICATE', table.placeOf(rows?.[k] ?? k), `${pair} are given twice, first in ${before}; ${accept}`);
}
