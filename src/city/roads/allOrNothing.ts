import type { CsrMatrix } from '../../core/csrMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { seen } from '../../core/seen.ts';
import type { City } from '../city.ts';
import { PathSearch } from './pathSearch.ts';
import type { RoadNetwork } from './roadNetwork.ts';

/** What happens to trips that no path can take: an error, or they stay at home. */
export type Unreachable = 'refuse' | 'skip';

/** Puts all trips on their cheapest paths. */
export class AllOrNothing {
  readonly #city: City;
  readonly #network: RoadNetwork;
  readonly #trips: CsrMatrix;
  readonly #search: PathSearch;
  readonly #traffic: Float64Array;
  readonly #waiting: Float64Array;
  readonly #unreachable: Unreachable;

  constructor(city: City, network: RoadNetwork, trips: CsrMatrix, unreachable: Unreachable = 'refuse') {
    this.#unreachable = unreachable;
    this.#city = city;
    this.#network = network;
    this.#trips = trips;
    this.#search = new PathSearch(network);
    this.#traffic = new Float64Array(network.from.length);
    this.#waiting = new Float64Array(network.places.length);
  }

  /** Traffic of every link when all take the cheapest path at these costs; overwritten by the next call. */
  load(cost: Float64Array, signal?: AbortSignal): Float64Array {
    const { indptr, indices, data } = this.#trips;
    const { from } = this.#network;
    const [traffic, waiting, search] = [this.#traffic, this.#waiting, this.#search];
    search.setCosts(cost);
    traffic.fill(0);
    for (let origin = 0; origin + 1 < indptr.length; origin++) {
      if (indptr[origin] === indptr[origin + 1]) continue;
      signal?.throwIfAborted();
      search.run(origin);
      const { via, order } = search;
      waiting.fill(0);
      for (let p = indptr[origin]; p < indptr[origin + 1]; p++) {
        const lost = data[p] > 0 && search.cost[indices[p]] === Infinity;
        if (lost && this.#unreachable === 'refuse') this.#refuse(origin, indices[p], data[p]);
        waiting[indices[p]] = data[p];
      }
      // The farthest first: what arrives at a node is complete before it moves on towards the origin.
      for (let k = search.settled - 1; k > 0; k--) {
        const node = order[k];
        const amount = waiting[node];
        if (amount === 0) continue;
        traffic[via[node]] += amount;
        waiting[from[via[node]]] += amount;
      }
    }
    return traffic;
  }

  #refuse(origin: number, destination: number, trips: number): never {
    const [a, b] = [this.#city.zones[origin].id, this.#city.zones[destination].id];
    throw new SpinifexError(
      'NO_PATH',
      `trips: ${trips} from zone ${seen(a)} to zone ${seen(b)}, but no path of the city joins them`,
    );
  }
}
