import type { City, PlaceId } from '../city.ts';
import type { PrunedRoads } from '../cityReport.ts';

/** What L1 closes: roads of the city, or connections with near places, which stand for roads where a place has none. */
export function connectionWord({ zones, links }: City, { roads }: PrunedRoads): 'roads' | 'connections' {
  const ends = new Map<PlaceId, Set<PlaceId>>();
  for (const { from, to } of links) ends.set(from, (ends.get(from) ?? new Set()).add(to));
  return roads.every(({ from, to }) => ends.get(zones[from].id)?.has(zones[to].id)) ? 'roads' : 'connections';
}
