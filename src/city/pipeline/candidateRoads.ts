import type { City } from '../city.ts';
import type { ZoneSetting } from '../routes/zoneSetting.ts';

/** Zones that lead into a zone without roads of its own. */
const NEAREST = 6;

/** For each zone the zones with a road into it; where zones have no direct roads, the nearest ones. */
export function candidateRoads({ zones, links }: City, { separation }: ZoneSetting): number[][] {
  const number = new Map(zones.map(({ id }, i) => [id, i]));
  const into = zones.map(() => new Set<number>());
  for (const { from, to } of links) {
    const [i, j] = [number.get(from), number.get(to)];
    if (i !== undefined && j !== undefined && i !== j) into[j].add(i);
  }
  const n = zones.length;
  return into.map((found, j) => {
    if (found.size > 0 || separation === undefined) return [...found].sort((a, b) => a - b);
    const others = zones.map((_, i) => i).filter((i) => i !== j);
    others.sort((a, b) => separation[a * n + j] - separation[b * n + j] || a - b);
    return others.slice(0, NEAREST).sort((a, b) => a - b);
  });
}
