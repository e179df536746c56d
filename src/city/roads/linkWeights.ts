import { oneOf, refuseEntry } from '../../core/checks.ts';
import type { City, Link } from '../city.ts';

/** What a path adds up: a number of the links by name, or by a function of the link and its position in `city.links`. */
export type LinkWeight = 'cost' | 'distance' | 'freeFlowTime' | ((link: Link, position: number) => number);

/** One number >= 0 per link; Infinity closes a link. */
export function linkWeights(city: City, weight: LinkWeight): Float64Array {
  const name = typeof weight === 'function' ? 'weight' : oneOf(weight, 'weight', ['cost', 'distance', 'freeFlowTime']);
  return Float64Array.from(city.links, (link, e) => {
    const value = typeof weight === 'function' ? weight(link, e) : link[weight];
    if (!(typeof value === 'number' && value >= 0)) {
      refuseEntry(value, typeof weight === 'function' ? `weight(links[${e}])` : `links[${e}].${name}`, 'a number >= 0');
    }
    return value;
  });
}
