import { type Chart, type MapLink, type MapPlace, networkMap } from '../../plot/index.ts';
import type { City, Place } from '../city.ts';
import { nameOf, placeNumbers } from './namesOf.ts';

/** So many of the strongest routes stand for roads where a city has none. */
const ROUTES = 150;

/** Whether the source says where places lie. */
export function isLocated({ zones, junctions = [] }: City): boolean {
  return [...zones, ...junctions].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

/** Whether it is known how full roads are. */
export function isLoaded({ links }: City): boolean {
  return links.some(({ traffic, capacity }) => traffic !== undefined && capacity !== undefined && capacity > 0);
}

/** Where places lie; on a circle where the source does not say. */
export function mapPlaces(city: City, { score, unit }: { score?: ArrayLike<number>; unit?: string } = {}): MapPlace[] {
  const places = [...city.zones, ...(city.junctions ?? [])];
  const known = isLocated(city);
  return places.map((place, k) => {
    const zone = k < city.zones.length;
    const turn = (2 * Math.PI * k) / places.length;
    return {
      name: nameOf(place),
      x: known ? place.x! : Math.sin(turn),
      y: known ? place.y! : Math.cos(turn),
      size: zone ? (score?.[k] ?? 1) : 0,
      note: [...(zone && score ? [`${unit} ${score[k]}`] : []), ...notes(place, zone)].join(', '),
    };
  });
}

function notes({ attributes = {} }: Place, zone: boolean): string[] {
  return [
    ...Object.entries(attributes)
      .slice(0, 3)
      .map(([name, value]) => `${name} ${value}`),
    ...(zone ? [] : ['junction']),
  ];
}

/** The city as it was read: roads by traffic and load, or its strongest routes where it has no roads. */
export function cityMap(city: City): Chart {
  const shared = { id: 'network', degrees: city.coordinates === 'degrees' };
  if (city.links.length === 0) {
    return networkMap(mapPlaces(city), strongestRoutes(city), {
      ...shared,
      title: 'The strongest known routes',
      traffic: 'trips',
      value: 'trips',
    });
  }
  const numbers = placeNumbers(city);
  const loaded = isLoaded(city);
  const links = city.links.flatMap(({ from, to, traffic, capacity, cost }): MapLink[] => {
    const [a, b] = [numbers.get(from), numbers.get(to)];
    if (a === undefined || b === undefined) return [];
    const load = traffic !== undefined && capacity !== undefined && capacity > 0 ? traffic / capacity : undefined;
    const value = loaded ? load : cost;
    return [{ from: a, to: b, ...(traffic === undefined ? {} : { traffic }), ...(value === undefined ? {} : { value }) }];
  });
  return networkMap(mapPlaces(city), links, {
    ...shared,
    title: 'The city and its roads',
    value: loaded ? 'traffic / capacity' : 'cost',
  });
}

/** The city with the roads that L1 closed. */
export function prunedMap(city: City, roads: readonly { from: number; to: number; weight: number }[]): Chart {
  const links = roads.map(({ from, to, weight }) => ({ from, to, traffic: Math.abs(weight), closed: weight === 0 }));
  return networkMap(mapPlaces({ ...city, junctions: [] }), links, {
    id: 'pruned-roads',
    title: 'What L1 leaves open',
    traffic: 'weight',
    value: 'value',
    degrees: city.coordinates === 'degrees',
  });
}

function strongestRoutes({ trips }: City): MapLink[] {
  if (trips === undefined) return [];
  const routes: { from: number; to: number; traffic: number; value: number }[] = [];
  for (let from = 0; from < trips.rows; from++) {
    for (let e = trips.indptr[from]; e < trips.indptr[from + 1]; e++) {
      if (trips.indices[e] !== from) routes.push({ from, to: trips.indices[e], traffic: trips.data[e], value: trips.data[e] });
    }
  }
  return routes.sort((a, b) => b.traffic - a.traffic).slice(0, ROUTES);
}
