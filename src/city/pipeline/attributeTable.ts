import { DenseMatrix } from '../../core/denseMatrix.ts';
import { checkCity } from '../checkCity.ts';
import type { City, PlaceId } from '../city.ts';
import type { AttributeTable } from '../cityReport.ts';
import { isLocated } from '../isLocated.ts';
import { linkColumns } from '../roads/linkColumns.ts';
import { routeEntries } from '../routes/routeEntries.ts';
import { settingOf } from '../routes/settingOf.ts';

/** A named column of numbers. */
export interface Column {
  name: string;
  values: Float64Array;
}

/**
 * What is known of the links whose traffic was observed: traffic, distance, cost, and the rest that differs between them. A city without
 * such links has its observed routes instead: trips as traffic, distance and cost between the zones, and the attributes of both.
 *
 * @throws RangeError for a city with neither
 */
export function attributeTable(city: City): AttributeTable {
  return checkCity(city).links.some(({ traffic }) => traffic !== undefined) ? linkTable(city) : routeTable(city);
}

function linkTable({ links }: City): AttributeTable {
  const known = links.filter(({ traffic }) => traffic !== undefined);
  const columns = [{ name: 'traffic', values: Float64Array.from(known, ({ traffic }) => traffic!) }, ...linkColumns(known)];
  return table(
    'link',
    known.map(({ from }) => from),
    known.map(({ to }) => to),
    columns,
  );
}

function routeTable(city: City): AttributeTable {
  const { zones, trips } = city;
  const { row, col, value } = trips ? routeEntries(trips) : { row: NONE, col: NONE, value: new Float64Array(0) };
  if (row.length === 0) throw new RangeError('city: expected links with traffic or observed routes between zones, got neither');
  const { separation, distance } = settingOf(city);
  const columns: Column[] = [{ name: 'traffic', values: value }];
  const between = (cells: Float64Array) => Float64Array.from(row, (i, k) => cells[i * zones.length + col[k]]);
  if (distance && isLocated(city)) columns.push({ name: 'distance', values: between(distance) });
  if (separation && city.links.length > 0) columns.push({ name: 'cost', values: between(separation) });
  const names = new Set(zones.flatMap(({ attributes }) => Object.keys(attributes ?? {})));
  for (const name of names) {
    if (!zones.every(({ attributes }) => Number.isFinite(attributes?.[name]))) continue;
    for (const [end, at] of [
      ['origin', row],
      ['destination', col],
    ] as const) {
      columns.push({ name: `${name} (${end})`, values: Float64Array.from(at, (i) => zones[i].attributes![name]) });
    }
  }
  return table(
    'route',
    Array.from(row, (i) => zones[i].id),
    Array.from(col, (j) => zones[j].id),
    columns,
  );
}

/** Columns that say nothing, being the same everywhere, are left out, but for the guide's three. */
function table(item: AttributeTable['item'], from: PlaceId[], to: PlaceId[], columns: readonly Column[]): AttributeTable {
  const kept = columns.filter(({ name, values }) => GUIDE.includes(name) || values.some((v) => v !== values[0]));
  const values = new Float64Array(from.length * kept.length);
  for (const [j, column] of kept.entries()) {
    for (let i = 0; i < from.length; i++) values[i * kept.length + j] = column.values[i];
  }
  return { item, from, to, names: kept.map(({ name }) => name), values: new DenseMatrix(values, from.length, kept.length) };
}

const NONE = new Int32Array(0);
const GUIDE = ['traffic', 'distance', 'cost'];

/** The column of that name. */
export function columnOf({ values, names }: AttributeTable, name: string): Float64Array {
  const j = names.indexOf(name);
  if (j < 0) throw new RangeError(`table: expected one of the columns ${names.join(', ')}, got ${name}`);
  return Float64Array.from({ length: values.rows }, (_, i) => values.data[i * values.cols + j]);
}
