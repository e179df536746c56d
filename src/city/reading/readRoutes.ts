import { booleanFlag, oneOf, optionsObject } from '../../core/checks.ts';
import { type ChunkOptions, type Chunks, chunkOptions, type FileText } from '../../io/chunks.ts';
import type { Delimiter } from '../../io/csvScanner.ts';
import { CsvTable } from '../../io/csvTable.ts';
import { readCsv } from '../../io/readCsv.ts';
import { readCsvStream } from '../../io/readCsvStream.ts';
import type { City } from '../city.ts';
import { recordTable } from './recordTable.ts';
import { RepairLog } from './repairLog.ts';
import { findColumns, givenColumns, type LinkColumns, type PairColumns, type RouteColumns } from './routeColumns.ts';
import { tableLinks } from './tableLinks.ts';
import { type PairDuplicates, tableTrips } from './tableTrips.ts';

/** Options of `readRoutes`. */
export interface RouteOptions {
  /** What happens to several rows for one pair of places; links know `'refuse'`, `'first'` and `'last'`. @default 'refuse' */
  duplicates?: PairDuplicates;
  /** @default 'auto' */
  delimiter?: Delimiter | 'auto';
  /** Whether traffic is vehicles of one hour. @default false */
  hourly?: boolean;
  /** Name of the city. */
  name?: string;
  /** What the file is called in error messages. @default 'routes' */
  source?: string;
}

/** Options of `readRoutesStream`. */
export interface RouteStreamOptions extends RouteOptions, ChunkOptions {}

const OPTIONS = ['duplicates', 'delimiter', 'hourly', 'name', 'source'] as const;

/**
 * A city from a table (CSV, or an array of records) of links (from, to, distance, with traffic and cost where known) or of origin-destination pairs
 * (origin, destination, flow). A table with columns called origin, destination and flow is one of pairs, any other with a distance one of links;
 * `columns` says otherwise. Identifiers of CSV are texts as they are written (`'01001'` stays so); those of records keep their kind.
 *
 * All places are zones. An empty flow or traffic is unknown, 0 is observed. Other numeric columns of links become `attributes`.
 *
 * @throws FileError with line and column: `'MISSING_COLUMN'`, `'NOT_A_NUMBER'`, `'BAD_VALUE'` (a negative distance), `'DUPLICATE'`, `'EMPTY_FILE'`...
 * @example
 * const city = readRoutes('flow,origin,destination\n121606,36001,36001\n5,36001,36005\n');
 * city.trips.get(0, 1); // 5
 */
export function readRoutes(input: FileText | readonly object[], columns: RouteColumns = {}, options: RouteOptions = {}): City {
  const known = optionsObject(options, 'readRoutes', OPTIONS);
  const given = givenColumns(columns);
  const source = known.source ?? 'routes';
  const table = Array.isArray(input)
    ? recordTable(input, source)
    : readCsv(input as FileText, { delimiter: known.delimiter ?? 'auto', source });
  return cityOf(table, given, known);
}

/** The same for a file of any size that comes in pieces: only numbers and codes are kept. */
export async function readRoutesStream(
  chunks: Chunks | FileText,
  columns: RouteColumns = {},
  options: RouteStreamOptions = {},
): Promise<City> {
  const known = chunkOptions(options, 'readRoutesStream', OPTIONS);
  const given = givenColumns(columns);
  const { delimiter = 'auto', size, signal, onProgress } = known;
  const source = known.source ?? 'routes';
  const text = (names: readonly string[]) => {
    const found = findColumns(new CsvTable(names, 0, [], () => ({ source })), given);
    return found.kind === 'pairs'
      ? [found.origin, found.destination]
      : ['from', 'to'].map((field) => found.columns.get(field) as string);
  };
  const table = await readCsvStream(chunks, { delimiter, source, text, size, signal, onProgress });
  return cityOf(table, given, known);
}

function cityOf(table: CsvTable, given: LinkColumns & PairColumns, { duplicates = 'refuse', hourly, name }: RouteOptions): City {
  oneOf(duplicates, 'duplicates', ['refuse', 'sum', 'mean', 'first', 'last']);
  const found = findColumns(table, given);
  const log = new RepairLog(found.kind === 'pairs' ? 'trips' : 'links');
  const city =
    found.kind === 'pairs' ? tableTrips(table, found, duplicates, log) : tableLinks(table, found.columns, duplicates, log);
  if (hourly !== undefined) city.hourly = booleanFlag(hourly, 'hourly');
  if (name !== undefined) city.name = name;
  if (log.repairs.length > 0) city.repairs = log.repairs;
  return city;
}
