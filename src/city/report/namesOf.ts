import type { City, Place, PlaceId } from '../city.ts';

/** What a place is called on charts. */
export function nameOf({ name, id }: Place): string {
  return name ?? String(id);
}

export function zoneNames(city: City): string[] {
  return city.zones.map(nameOf);
}

/** Numbers of zones, then junctions, by id (7 and '7' are different places). */
export function placeNumbers(city: City): Map<PlaceId, number> {
  return new Map([...city.zones, ...(city.junctions ?? [])].map(({ id }, k) => [id, k]));
}
