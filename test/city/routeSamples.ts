import type { City, Place } from '../../src/city/city.ts';
import { type RouteEntries, routeEntries } from '../../src/city/routes/routeEntries.ts';
import { settingOf } from '../../src/city/routes/settingOf.ts';
import type { ZoneSetting } from '../../src/city/routes/zoneSetting.ts';
import { CsrMatrix } from '../../src/index.ts';
import commuting from '../fixtures/ny-commuting.json';
import { Dice } from '../linear/problems.ts';

/** The cells that `keep` names, with what `value` says. */
export function tripMatrix(
  n: number,
  value: (i: number, j: number) => number,
  keep: (i: number, j: number) => boolean = (i, j) => i !== j,
): CsrMatrix {
  const cells = Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n]).filter(([i, j]) => keep(i, j));
  return CsrMatrix.fromCoo(n, n, {
    row: cells.map(([i]) => i),
    col: cells.map(([, j]) => j),
    value: cells.map(([i, j]) => value(i, j)),
  });
}

/** Zones 'z0', 'z1', ... scattered over a square, with inhabitants. */
export function scattered(n: number, seed: number): Place[] {
  const dice = new Dice(seed);
  return Array.from({ length: n }, (_, i) => ({
    id: `z${i}`,
    x: 10 * dice.unit(),
    y: 10 * dice.unit(),
    attributes: { population: 1000 + 90000 * dice.unit(), density: dice.unit() },
  }));
}

/** What methods of prediction see of a city. */
export function seenBy(city: City): { entries: RouteEntries; setting: ZoneSetting } {
  return { entries: routeEntries(city.trips!), setting: settingOf(city) };
}

export const newYork: City = {
  zones: commuting.population.map((population, id) => ({
    id,
    x: commuting.longitude[id],
    y: commuting.latitude[id],
    attributes: { population },
  })),
  coordinates: 'degrees',
  links: [],
  trips: CsrMatrix.fromCoo(62, 62, { row: commuting.origin, col: commuting.destination, value: commuting.flow }),
};
