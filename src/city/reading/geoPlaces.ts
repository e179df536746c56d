import { isPlainObject } from '../../core/checks.ts';
import { FileError, quote } from '../../io/fileError.ts';
import type { Place, PlaceId } from '../city.ts';
import { plainName } from './columnNames.ts';

type Position = readonly number[];

/** Names of the property that identifies a feature without an `id`, the first one that is there. */
const ID_NAMES = ['id', 'node', 'zone', 'place', 'code', 'geoid', 'fips', 'county', 'tile_id', 'name'];

/** The features of a GeoJSON object (RFC 7946) as places: points as they are, areas by their centroid. */
export function geoPlaces(geo: unknown, source: string | undefined, idName?: string): Place[] {
  const features =
    isPlainObject(geo) && (geo.type === 'FeatureCollection' ? geo.features : geo.type === 'Feature' ? [geo] : undefined);
  if (!Array.isArray(features)) fail(source, 'GeoJSON: expected a FeatureCollection');
  return features.map((feature, k) => {
    const where = `features[${k}]`;
    if (!isPlainObject(feature)) fail(source, `${where}: expected a Feature`);
    const properties = isPlainObject(feature.properties) ? feature.properties : {};
    const place: Place = { id: idOf(feature, properties, idName, source, where) };
    const position = centre(feature.geometry, source, where);
    if (position) [place.x, place.y] = position;
    const name = Object.entries(properties).find(([key, value]) => plainName(key) === 'name' && typeof value === 'string');
    if (name) place.name = name[1] as string;
    const numbers = Object.entries(properties).filter(([, value]) => Number.isFinite(value)) as [string, number][];
    const attributes = numbers.filter(([, value]) => value !== place.id);
    if (attributes.length > 0) place.attributes = Object.fromEntries(attributes);
    return place;
  });
}

function idOf(
  feature: Record<string, unknown>,
  properties: Record<string, unknown>,
  idName: string | undefined,
  source: string | undefined,
  where: string,
) {
  const named = idName ?? ID_NAMES.map((name) => Object.keys(properties).find((key) => plainName(key) === name)).find(Boolean);
  const id = idName === undefined ? (feature.id ?? properties[named ?? '']) : properties[idName];
  if (typeof id === 'number' && Number.isFinite(id)) return id as PlaceId;
  if (typeof id === 'string' && id.trim() !== '') return id.trim() as PlaceId;
  fail(source, `${where}: no identifier; it has the properties ${Object.keys(properties).map(quote).join(', ') || '(none)'}`);
}

/** Where a geometry is; undefined where it has none. */
function centre(geometry: unknown, source: string | undefined, where: string): [number, number] | undefined {
  if (geometry === null || geometry === undefined) return undefined;
  const { type, coordinates } = geometry as { type?: string; coordinates?: unknown };
  const position = type === 'Point' ? (coordinates as [number, number]) : centroid(rings(type, coordinates));
  if (Array.isArray(position) && Number.isFinite(position[0]) && Number.isFinite(position[1])) return [position[0], position[1]];
  fail(source, `${where}: expected a Point, Polygon or MultiPolygon with coordinates, got ${quote(String(type))}`);
}

function rings(type: string | undefined, coordinates: unknown): Position[][] | undefined {
  const polygons = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : undefined;
  const all = Array.isArray(polygons) ? polygons.flatMap((polygon) => orient(polygon)) : [];
  return all.length > 0 && all.every((ring) => ring.length > 0 && ring.every(Array.isArray)) ? all : undefined;
}

/** The outer ring runs one way round, its holes the other, whatever the file says. */
function orient(polygon: unknown): Position[][] {
  if (!Array.isArray(polygon)) return [];
  return polygon.map((ring, k) => (Array.isArray(ring) && (k === 0) !== area(ring) >= 0 ? [...ring].reverse() : ring));
}

/** Twice the signed area (shoelace formula), relative to the first corner so that no digits are lost. */
function area(ring: Position[]): number {
  return moments(ring)[0];
}

function moments(ring: Position[]): [area: number, x: number, y: number] {
  const [x0, y0] = ring[0] ?? [0, 0];
  let [sum, x, y] = [0, 0, 0];
  for (let k = 0; k + 1 < ring.length; k++) {
    const [ax, ay, bx, by] = [ring[k][0] - x0, ring[k][1] - y0, ring[k + 1][0] - x0, ring[k + 1][1] - y0];
    const cross = ax * by - bx * ay;
    sum += cross;
    x += cross * (ax + bx + 3 * x0);
    y += cross * (ay + by + 3 * y0);
  }
  return [sum, x, y];
}

/** Centre of gravity of areas with holes; of a shape without area, the mean of its corners. */
function centroid(shape: Position[][] | undefined): [number, number] | undefined {
  if (shape === undefined) return undefined;
  let [sum, x, y] = [0, 0, 0];
  for (const ring of shape) {
    const [dSum, dx, dy] = moments(ring);
    sum += dSum;
    x += dx;
    y += dy;
  }
  if (sum !== 0) return [x / (3 * sum), y / (3 * sum)];
  const corners = shape.flat();
  const mean = (k: number) => corners.reduce((total, corner) => total + corner[k], 0) / corners.length;
  return [mean(0), mean(1)];
}

function fail(source: string | undefined, problem: string): never {
  throw new FileError('BAD_FORMAT', { source }, problem);
}
