import { oneOf, optionsObject } from '../../core/checks.ts';
import { type FileText, textOf } from '../../io/chunks.ts';
import type { CsvTable } from '../../io/csvTable.ts';
import { FileError, quote } from '../../io/fileError.ts';
import { readCsv } from '../../io/readCsv.ts';
import type { Place } from '../city.ts';
import { chosenColumn, missingColumn, plainName } from './columnNames.ts';
import { geoPlaces } from './geoPlaces.ts';
import { numbersOf } from './numbersOf.ts';
import { recordTable } from './recordTable.ts';

/** Options of `readPlaces`. */
export interface PlaceOptions {
  /** Name of the column (or property) that identifies a place. @default one of the usual names (id, zone, node, county, geoid...), else the first column */
  id?: string;
  /** @default one of x, lon, lng, longitude, easting... */
  x?: string;
  /** @default one of y, lat, latitude, northing... */
  y?: string;
  /** @default name or label, where there is such a column */
  name?: string;
  /** What x and y are. @default 'degrees' for GeoJSON and columns called longitude and latitude (lon, lng, lat), 'plane' otherwise */
  coordinates?: 'plane' | 'degrees';
  /** What the file is called in error messages. @default 'places' */
  source?: string;
}

/** Places and what their positions are. */
export interface Places {
  places: Place[];
  coordinates: 'plane' | 'degrees';
}

const IDS = [
  'id',
  'place',
  'zone',
  'node',
  'county',
  'geoid',
  'fips',
  'code',
  'place_id',
  'zone_id',
  'node_id',
  'tile_id',
  'district',
];
const LONGITUDE = ['longitude', 'lon', 'lng', 'long'];
const LATITUDE = ['latitude', 'lat'];
const X = ['x', ...LONGITUDE, 'x_coord', 'easting'];
const Y = ['y', ...LATITUDE, 'y_coord', 'northing'];

/**
 * Places from CSV, from GeoJSON (text or object; points, and areas by their centroid) or from an array of records. All other numeric columns become
 * `attributes`. Identifiers of CSV are texts as they are written, `'01001'`; those of GeoJSON and of records keep their kind.
 *
 * @throws FileError `'MISSING_COLUMN'`, `'DUPLICATE'` (a place given twice), `'NOT_A_NUMBER'`, `'BAD_VALUE'` (a latitude of 95 degrees), `'BAD_FORMAT'`
 * @example
 * const { places } = readPlaces('county,population,longitude,latitude\n36001,304564,-73.97,42.60\n');
 * places[0]; // { id: '36001', x: -73.97, y: 42.6, attributes: { population: 304564 } }
 */
export function readPlaces(input: FileText | object | readonly object[], options: PlaceOptions = {}): Places {
  const known = optionsObject(options, 'readPlaces', ['id', 'x', 'y', 'name', 'coordinates', 'source']);
  if (known.coordinates !== undefined) oneOf(known.coordinates, 'coordinates', ['plane', 'degrees']);
  const source = known.source ?? 'places';
  const given = Array.isArray(input) ? recordTable(input, source) : parse(input as FileText | object, source);
  const read = 'names' in given && 'coded' in given ? fromTable(given as CsvTable, known) : fromGeo(given, source, known);
  checkPlaces(read, source);
  return read;
}

function parse(input: FileText | object, source: string): CsvTable | object {
  const plain = typeof input === 'object' && input !== null && 'type' in input;
  if (plain) return input;
  const text = textOf(input as FileText, source);
  if (!/^\s*\{/.test(text)) return readCsv(text, { source });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileError('BAD_FORMAT', { source }, `not valid JSON: ${(cause as Error).message}`);
  }
}

function fromGeo(geo: object, source: string, { id, coordinates }: PlaceOptions): Places {
  const places = geoPlaces(geo, source, id);
  // RFC 7946 has degrees only; older files have other coordinates, too.
  const degrees = places.every(({ x = 0, y = 0 }) => Math.abs(x) <= 360 && Math.abs(y) <= 90);
  return { places, coordinates: coordinates ?? (degrees ? 'degrees' : 'plane') };
}

function fromTable(table: CsvTable, options: PlaceOptions): Places {
  const id = chosenColumn(table, options.id, IDS) ?? table.names[0];
  const x = chosenColumn(table, options.x, X);
  const y = chosenColumn(table, options.y, Y);
  if ((x === undefined) !== (y === undefined))
    missingColumn(table, x === undefined ? 'for x (x, longitude...)' : 'for y (y, latitude...)');
  const name = chosenColumn(table, options.name, ['name', 'label']);
  const named = [id, x, y, name];
  const { codes, values } = table.coded(id);
  const [xs, ys] = [x, y].map((column) => (column === undefined ? undefined : table.numbers(column, { missing: 'nan' })));
  const names = name === undefined ? undefined : table.text(name);
  const attributes = table.names
    .filter((column) => !named.includes(column) && table.isNumeric(column))
    .map((column) => [column, table.numbers(column, { missing: 'nan' })] as const);
  const places = Array.from(codes, (code, row): Place => {
    if (values[code] === '')
      throw new FileError('BAD_FORMAT', table.placeOf(row, id), 'expected an identifier, got an empty cell');
    const place: Place = { id: values[code] };
    if (xs && ys && !Number.isNaN(xs[row]) && !Number.isNaN(ys[row])) [place.x, place.y] = [xs[row], ys[row]];
    if (names?.[row].trim()) place.name = names[row].trim();
    const numbers = numbersOf(attributes, row);
    if (numbers) place.attributes = numbers;
    return place;
  });
  const twice = values.length < codes.length ? codes.findIndex((code, row) => codes.indexOf(code) < row) : -1;
  if (twice >= 0)
    throw new FileError('DUPLICATE', table.placeOf(twice, id), `place ${quote(String(values[codes[twice]]))} is given twice`);
  const degrees = x !== undefined && LONGITUDE.includes(plainName(x)) && LATITUDE.includes(plainName(y as string));
  return { places, coordinates: options.coordinates ?? (degrees ? 'degrees' : 'plane') };
}

function checkPlaces({ places, coordinates }: Places, source: string): void {
  if (places.length === 0) throw new FileError('EMPTY_FILE', { source }, 'expected at least one place, got none');
  const seen = new Set<unknown>();
  for (const { id, x = 0, y = 0 } of places) {
    if (seen.has(id)) throw new FileError('DUPLICATE', { source }, `place ${quote(String(id))} is given twice`);
    seen.add(id);
    if (coordinates === 'degrees' && !(Math.abs(y) <= 90 && Math.abs(x) <= 360)) {
      const got = `expected longitude and latitude in degrees, got ${x}, ${y}`;
      throw new FileError('BAD_VALUE', { source }, `place ${quote(String(id))}: ${got}`);
    }
  }
}
