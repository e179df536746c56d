import { Random } from '../../core/random.ts';
import type { Split } from '../evaluation.ts';
import { type RouteEntries, selectEntries } from './routeEntries.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** Entries to learn from and entries to predict. */
export interface SplitEntries {
  train: RouteEntries;
  test: RouteEntries;
}

/**
 * Holds out about `fraction` of the entries (`'entry'`), of the destinations (`'column'`), of the origins (`'row'`), of the zones as both (`'both'`), or the
 * routes within a neighbourhood of about that share of the cells (`'spatial'`). Where single routes are held out, their ways back are not learnt from
 * either: in a symmetric city they would be the answer. A held-out destination keeps what it sends out, unless it is held out as both.
 */
export function splitEntries(
  entries: RouteEntries,
  setting: ZoneSetting,
  split: Split,
  fraction: number,
  seed: number,
): SplitEntries {
  const held = heldOut(entries, setting, split, fraction, new Random(seed, 7));
  const n = entries.zones;
  const back = new Set<number>();
  if (split === 'entry' || split === 'spatial') {
    for (let k = 0; k < entries.row.length; k++) if (held[k]) back.add(entries.col[k] * n + entries.row[k]);
  }
  return {
    train: selectEntries(entries, (k) => !held[k] && !back.has(entries.row[k] * n + entries.col[k])),
    test: selectEntries(entries, (k) => held[k] === 1),
  };
}

function heldOut(
  { zones, row, col }: RouteEntries,
  setting: ZoneSetting,
  split: Split,
  fraction: number,
  random: Random,
): Uint8Array {
  const pick = (n: number) =>
    new Set(random.shuffle(Int32Array.from({ length: n }, (_, k) => k)).slice(0, Math.max(1, Math.round(fraction * n))));
  const mark = (test: (i: number, j: number, k: number) => boolean) => Uint8Array.from(row, (i, k) => Number(test(i, col[k], k)));
  if (split === 'entry') {
    const chosen = pick(row.length);
    return mark((_, __, k) => chosen.has(k));
  }
  // Zones that have entries: an empty column would hold out nothing.
  const used = (at: Int32Array) => [...new Set(at)].sort((a, b) => a - b);
  const pickOf = (ids: number[]) => {
    const chosen = pick(ids.length);
    return new Set(ids.filter((_, k) => chosen.has(k)));
  };
  if (split === 'column') {
    const chosen = pickOf(used(col));
    return mark((_, j) => chosen.has(j));
  }
  if (split === 'row') {
    const chosen = pickOf(used(row));
    return mark((i) => chosen.has(i));
  }
  if (split === 'both') {
    const chosen = pick(zones);
    return mark((i, j) => chosen.has(i) || chosen.has(j));
  }
  if (setting.distance === undefined) throw new RangeError("split 'spatial' needs positions of the zones, or roads between them");
  const centre = random.integer(zones);
  const near = Array.from({ length: zones }, (_, k) => k)
    .sort((a, b) => setting.distance![centre * zones + a] - setting.distance![centre * zones + b] || a - b)
    .slice(0, Math.max(2, Math.round(Math.sqrt(fraction) * zones)));
  const chosen = new Set(near);
  return mark((i, j) => chosen.has(i) && chosen.has(j));
}
