import type { City, Link } from '../city.ts';
import { linkColumns } from '../roads/linkColumns.ts';
import { power } from '../roads/power.ts';
import { leastSquaresMisfit } from './leastSquaresMisfit.ts';

/** A column that gives the traffic away. */
export interface LeakingAttribute {
  name: string;
  reason: string;
}

/** Below this share of its spread left, a column counts as computed from others. */
const EXACT = 1e-6;
/** Fewer links with traffic than this prove nothing. */
const FEWEST = 8;

/**
 * Link attributes that must not be used to predict traffic, with the reason: `cost` always, because it is what one pays at that very traffic; and each
 * column that is, on the links whose traffic is known, a function of it: traffic over capacity, the BPR time (also with toll and distance), its delay or
 * speed, or anything else that rises or falls with the traffic throughout.
 *
 * @example
 * leakingAttributes(city); // [{ name: 'cost', reason: 'what one pays to pass at this traffic' }]
 */
export function leakingAttributes(city: City): LeakingAttribute[] {
  const known = city.links.filter(({ traffic }) => traffic !== undefined);
  const leaks: LeakingAttribute[] = [{ name: 'cost', reason: 'what one pays to pass at this traffic' }];
  if (known.length < FEWEST) return leaks;
  const traffic = Float64Array.from(known, (link) => link.traffic as number);
  const innocent = [
    Float64Array.from(known, ({ distance }) => distance),
    Float64Array.from(known, ({ toll = 0 }) => toll),
    Float64Array.from(known, ({ freeFlowTime = 0 }) => freeFlowTime),
    Float64Array.from(known, ({ distance, freeFlowTime = 0 }) => (freeFlowTime > 0 ? distance / freeFlowTime : 0)),
  ];
  const suspects = functionsOfTraffic(known);
  for (const { name, values } of linkColumns(known)) {
    if (name === 'cost' || !spreads(values)) continue;
    // Of the columns that any map has, nothing that they explain can come from the traffic.
    if (leastSquaresMisfit(values, innocent) <= EXACT) continue;
    const source = suspects.find((suspect) => leastSquaresMisfit(values, [suspect.values, ...innocent]) <= EXACT);
    if (source) leaks.push({ name, reason: `computed from ${source.name}` });
    else if (monotone(values, traffic)) leaks.push({ name, reason: 'rises or falls with the traffic throughout' });
  }
  return leaks;
}

function functionsOfTraffic(links: readonly Link[]): { name: string; values: Float64Array }[] {
  const of = (name: string, value: (link: Link) => number) => ({ name, values: Float64Array.from(links, value) });
  const ratio = ({ traffic = 0, capacity }: Link) => (capacity ? traffic / capacity : 0);
  const delay = (link: Link) => (link.b ?? 0.15) * (ratio(link) > 0 ? power(ratio(link), link.power ?? 4) : 0);
  const time = (link: Link) => (link.freeFlowTime ?? 0) * (1 + delay(link));
  return [
    of('traffic', ({ traffic = 0 }) => traffic),
    of('traffic / capacity', ratio),
    of('the BPR time at this traffic', time),
    of('the BPR delay at this traffic', delay),
    of('the speed at this traffic', (link) => (time(link) > 0 ? link.distance / time(link) : 0)),
    of('traffic x distance', ({ traffic = 0, distance }) => traffic * distance),
    of('total time at this traffic', (link) => (link.traffic ?? 0) * time(link)),
  ];
}

const spreads = (values: Float64Array) => values.some((value) => value !== values[0]);

/** Whether a column, of many different values, never falls (or never rises) where traffic rises. */
function monotone(values: Float64Array, traffic: Float64Array): boolean {
  const many = Math.max(FEWEST, values.length / 4);
  if (new Set(values).size < many || new Set(traffic).size < many) return false;
  const order = Array.from(traffic.keys()).sort((a, b) => traffic[a] - traffic[b]);
  let [rises, falls] = [true, true];
  for (let k = 1; k < order.length; k++) {
    const [a, b] = [order[k - 1], order[k]];
    if (traffic[a] === traffic[b]) continue;
    if (values[b] < values[a]) rises = false;
    if (values[b] > values[a]) falls = false;
  }
  return rises || falls;
}
