import { refuse } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import { seen } from '../../core/seen.ts';
import type { City, Place, PlaceId } from '../city.ts';

/**
 * The roads of a city by numbers: nodes are the zones, then the junctions; links are numbered as in `city.links`. Arcs are the links sorted by
 * where they start: those of node i are `start[i]` to `start[i + 1] - 1`.
 */
export interface RoadNetwork {
  readonly zones: number;
  readonly places: readonly Place[];
  /** Number of a place. */
  readonly numbers: ReadonlyMap<PlaceId, number>;
  /** Ends of every link. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly start: Int32Array;
  /** Where every arc leads. */
  readonly arcTo: Int32Array;
  /** Which link every arc is. */
  readonly arcLink: Int32Array;
  /** 1 for nodes that no path may pass through. */
  readonly closed: Uint8Array;
}

/**
 * @throws TypeError for anything but a city, RangeError for a place that is given twice
 * @throws SpinifexError `UNKNOWN_ID` for a link from or to an unknown place
 */
export function roadNetwork(city: City): RoadNetwork {
  if (typeof city !== 'object' || city === null || !Array.isArray(city.zones) || !Array.isArray(city.links)) {
    refuse(city, 'city', 'a City, { zones, links, ... }', false);
  }
  const places = [...city.zones, ...(city.junctions ?? [])];
  const numbers = new Map<PlaceId, number>();
  places.forEach(({ id }, i) => {
    if (numbers.has(id)) throw new RangeError(`city: place ${seen(id)} is given twice`);
    numbers.set(id, i);
  });
  const count = city.links.length;
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const start = new Int32Array(places.length + 1);
  city.links.forEach((link, e) => {
    from[e] = numberOf(city, numbers, link.from, `links[${e}].from`);
    to[e] = numberOf(city, numbers, link.to, `links[${e}].to`);
    start[from[e] + 1]++;
  });
  for (let i = 0; i < places.length; i++) start[i + 1] += start[i];
  const next = start.slice();
  const arcTo = new Int32Array(count);
  const arcLink = new Int32Array(count);
  for (let e = 0; e < count; e++) {
    const arc = next[from[e]]++;
    arcTo[arc] = to[e];
    arcLink[arc] = e;
  }
  const closed = new Uint8Array(places.length);
  for (const id of city.noThrough ?? []) closed[numberOf(city, numbers, id, 'noThrough')] = 1;
  return { zones: city.zones.length, places, numbers, from, to, start, arcTo, arcLink, closed };
}

function numberOf(city: City, numbers: ReadonlyMap<PlaceId, number>, id: PlaceId, title: string): number {
  const number = numbers.get(id);
  if (number !== undefined) return number;
  const known = `${city.zones.length} zones and ${city.junctions?.length ?? 0} junctions`;
  throw new SpinifexError('UNKNOWN_ID', `${title}: ${seen(id)} is not among the ${known} of the city`);
}
