import type { CsvTable } from '../../io/csvTable.ts';
import { FileError, placeText, quote } from '../../io/fileError.ts';
import type { City, Link, PlaceId } from '../city.ts';
import { linkCost } from '../roads/linkCosts.ts';
import { firstWithKey, pairKeys } from './firstWithKey.ts';
import { type LinkNumbers, setLinkNumbers } from './linkNumbers.ts';
import { numbersOf } from './numbersOf.ts';
import type { RepairLog } from './repairLog.ts';
import { joinedPlaces, nonNegativeColumn } from './tablePlaces.ts';
import type { PairDuplicates } from './tableTrips.ts';

const OPTIONAL = ['traffic', 'capacity', 'freeFlowTime', 'b', 'power', 'speed', 'toll', 'type'] as const;

/** A city of links: all places that they join are zones. Other numeric columns become `attributes`. */
export function tableLinks(
  table: CsvTable,
  columns: ReadonlyMap<string, string>,
  duplicates: PairDuplicates,
  log: RepairLog,
): City {
  if (duplicates === 'sum' || duplicates === 'mean') {
    throw new RangeError(`duplicates: expected one of "refuse", "first", "last" for links, got "${duplicates}"`);
  }
  const column = (field: string) => columns.get(field) as string;
  const { ids, from, to } = joinedPlaces(table, column('from'), column('to'));
  const distance = nonNegativeColumn(table, column('distance'), 'refuse');
  const optional: LinkNumbers = {};
  for (const field of OPTIONAL) {
    // A type may be a word; then it is no number to keep.
    const there = columns.has(field) && (field !== 'type' || table.isNumeric(column(field)));
    if (there) optional[field] = nonNegativeColumn(table, column(field), 'nan');
  }
  const cost = columns.has('cost') ? nonNegativeColumn(table, column('cost'), 'nan') : undefined;
  const used = new Set(columns.values());
  const attributes = table.names
    .filter((name) => !used.has(name) && table.isNumeric(name))
    .map((name) => [name, table.numbers(name, { missing: 'nan' })] as const);
  const first = firstWithKey(pairKeys(from, to, ids.length));
  const links: Link[] = [];
  const place = new Int32Array(first ? table.size : 0);
  for (let row = 0; row < table.size; row++) {
    const link: Link = { from: ids[from[row]], to: ids[to[row]], distance: distance[row], cost: cost?.[row] ?? Number.NaN };
    setLinkNumbers(link, optional, row);
    if (Number.isNaN(link.cost)) link.cost = link.freeFlowTime === undefined ? link.distance : linkCost(link, link.traffic ?? 0);
    const numbers = numbersOf(attributes, row);
    if (numbers) link.attributes = numbers;
    if (first === undefined || first[row] === row) {
      if (first) place[row] = links.length;
      links.push(link);
      continue;
    }
    if (duplicates === 'refuse') refuseTwice(table, row, first[row], link.from, link.to);
    log.add('duplicate-link', table.placeOf(row).line);
    if (duplicates === 'last') links[place[first[row]]] = link;
  }
  return { zones: ids.map((id) => ({ id })), links };
}

function refuseTwice(table: CsvTable, row: number, before: number, from: PlaceId, to: PlaceId): never {
  const { source, line } = table.placeOf(before);
  const first = placeText(line === undefined ? { source } : { line });
  const link = `the link from ${quote(String(from))} to ${quote(String(to))}`;
  throw new FileError(
    'DUPLICATE',
    table.placeOf(row),
    `${link} is given twice, first in ${first}; duplicates: 'first' or 'last' accepts that`,
  );
}
