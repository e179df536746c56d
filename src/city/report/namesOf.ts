import type { City, Place, PlaceId } from '../city.ts';

/** What a place is called on charts. */
export function nameOf({ name, id }: Place): string {
  return name ?? String(id);
}

export function zoneNames(city: City): string[] {
  return city.zones.map(nameOf);
}

/** What a place is called where it stands alone: a junction without a name says that it is one, where zones have names. */
export function placeNames({ zones, junctions = [] }: City): Map<PlaceId, string> {
  const named = zones.some(({ name }) => name !== undefined);
  return new Map([
    ...junctions.map((place) => [place.id, named && place.name === undefined ? `junction ${place.id}` : nameOf(place)] as const),
    ...zones.map((place) => [place.id, nameOf(place)] as const),
  ]);
}

/** Numbers of zones, then junctions, by id (7 and '7' are different places). */
export function placeNumbers(city: City): Map<PlaceId, number> {
  return new Map([...city.zones, ...(city.junctions ?? [])].map(({ id }, k) => [id, k]));
}
