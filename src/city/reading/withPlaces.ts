import { CsrMatrix } from '../../core/csrMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { seen } from '../../core/seen.ts';
import type { City, Place, PlaceId } from '../city.ts';
import type { Places } from './readPlaces.ts';

/**
 * The city with what is known of its places: positions, names, attributes. Places that the city does not have become zones (without trips); the
 * order of the zones that it has stays.
 *
 * Identifiers are joined by value; where there is no such place, by their text: 36001 is joined with '36001', not with '036001' (nor '1' with '01').
 * Where both 7 and '7' are given, only the exact one is taken. The city keeps its own identifiers.
 *
 * @param places as `readPlaces` returns them, or an array of places (then `coordinates` stay those of the city)
 * @throws SpinifexError `'UNKNOWN_ID'`, which names the zones that are not among the places
 * @example
 * const city = withPlaces(readRoutes(flows), readPlaces(counties));
 */
export function withPlaces(city: City, places: Places | readonly Place[]): City {
  const given = 'places' in places ? places.places : places;
  const coordinates = ('places' in places ? places.coordinates : city.coordinates) ?? 'plane';
  const finder = new PlaceFinder(given);
  const unknown = city.zones.filter((zone) => finder.find(zone.id) === undefined);
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).map(({ id }) => seen(id));
    const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
    throw new SpinifexError(
      'UNKNOWN_ID',
      `places: zones of the city are not among the ${given.length} places: ${names.join(', ')}${more}`,
    );
  }
  const join = (place: Place) => merged(place, finder.take(place.id));
  const zones = city.zones.map(join);
  const junctions = city.junctions?.map(join);
  const added = finder.rest();
  const out: City = { ...city, zones: [...zones, ...added], coordinates };
  if (junctions) out.junctions = junctions;
  if (city.trips) out.trips = widened(city.trips, out.zones.length);
  return out;
}

/** Places by identifier. */
class PlaceFinder {
  readonly #exact = new Map<PlaceId, Place>();
  /** By text, where one place only has it. */
  readonly #byText = new Map<string, Place | null>();
  readonly #left: Set<Place>;

  constructor(places: readonly Place[]) {
    this.#left = new Set(places);
    for (const place of places) {
      this.#exact.set(place.id, place);
      const text = String(place.id);
      this.#byText.set(text, this.#byText.has(text) ? null : place);
    }
  }

  find(id: PlaceId): Place | undefined {
    return this.#exact.get(id) ?? this.#byText.get(String(id)) ?? undefined;
  }

  take(id: PlaceId): Place | undefined {
    const place = this.find(id);
    if (place) this.#left.delete(place);
    return place;
  }

  /** Places that nobody took. */
  rest(): Place[] {
    return [...this.#left];
  }
}

function merged(own: Place, more: Place | undefined): Place {
  if (more === undefined) return own;
  const attributes = { ...own.attributes, ...more.attributes };
  const out: Place = { ...own, ...more, id: own.id };
  if (Object.keys(attributes).length > 0) out.attributes = attributes;
  return out;
}

/** The same trips among more zones. */
function widened(trips: CsrMatrix, size: number): CsrMatrix {
  if (trips.rows === size) return trips;
  const indptr = new Int32Array(size + 1).fill(trips.nnz);
  indptr.set(trips.indptr);
  return new CsrMatrix({ rows: size, cols: size, indptr, indices: trips.indices, data: trips.data });
}
