import { optionsObject } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import { seen } from '../../core/seen.ts';
import type { City, PlaceId } from '../city.ts';
import { type LinkWeight, linkWeights } from './linkWeights.ts';
import { PathSearch } from './pathSearch.ts';
import { roadNetwork } from './roadNetwork.ts';

/** The cheapest paths from one place to all others. */
export interface ShortestPaths {
  origin: PlaceId;
  /** Cost of the path to a place, Infinity where there is none. */
  costTo(place: PlaceId): number;
  /** Positions in `city.links` of the path to a place, in order; undefined where there is none. */
  pathTo(place: PlaceId): number[] | undefined;
}

/**
 * Cheapest paths from a place to all others (Dijkstra 1959), not passing through `city.noThrough`. O(links log places).
 *
 * @param options.weight what is added up along a path. @default 'cost'
 * @throws SpinifexError `UNKNOWN_ID` for a place that is not there, RangeError for negative weights
 * @example
 * const paths = shortestPaths(city, 'F', { weight: 'distance' });
 * paths.pathTo('A')?.map((link) => city.links[link].to); // ['E', 'B', 'A']
 */
export function shortestPaths(city: City, origin: PlaceId, options?: { weight?: LinkWeight }): ShortestPaths {
  const { weight = 'cost' } = optionsObject(options, 'shortestPaths', ['weight']);
  const network = roadNetwork(city);
  const number = (place: PlaceId, title: string) => {
    const known = network.numbers.get(place);
    if (known !== undefined) return known;
    throw new SpinifexError(
      'UNKNOWN_ID',
      `${title}: ${seen(place)} is not among the ${network.places.length} places of the city`,
    );
  };
  const search = new PathSearch(network);
  search.setCosts(linkWeights(city, weight));
  search.run(number(origin, 'origin'));
  return {
    origin,
    costTo: (place) => search.cost[number(place, 'place')],
    pathTo(place) {
      let at = number(place, 'place');
      if (search.cost[at] === Infinity) return undefined;
      const path: number[] = [];
      for (let link = search.via[at]; link >= 0; link = search.via[at]) {
        path.push(link);
        at = network.from[link];
      }
      return path.reverse();
    },
  };
}
