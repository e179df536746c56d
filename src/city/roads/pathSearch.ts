import type { RoadNetwork } from './roadNetwork.ts';

/**
 * Dijkstra's algorithm on a road network, with room for one search that is used again and again: `run` overwrites the last result.
 * The heap is a binary one that knows where each node stands, so that it holds no node twice.
 */
export class PathSearch {
  /** Cost of the cheapest path to every node, Infinity where there is none. */
  readonly cost: Float64Array;
  /** The link by which that path arrives; -1 for the origin and for nodes that are out of reach. */
  readonly via: Int32Array;
  /** Nodes in the order in which they were settled, the nearest first: the first `settled` entries. */
  readonly order: Int32Array;
  settled = 0;
  readonly #network: RoadNetwork;
  readonly #weights: Float64Array;
  readonly #heap: Int32Array;
  /** Place of a node in the heap; -1 outside. */
  readonly #place: Int32Array;

  constructor(network: RoadNetwork) {
    const nodes = network.places.length;
    this.#network = network;
    this.#weights = new Float64Array(network.arcLink.length);
    this.cost = new Float64Array(nodes);
    this.via = new Int32Array(nodes);
    this.order = new Int32Array(nodes);
    this.#heap = new Int32Array(nodes);
    this.#place = new Int32Array(nodes);
  }

  /** Costs >= 0 of the links, for the searches to come; Infinity closes a link. */
  setCosts(costs: Float64Array): void {
    const { arcLink } = this.#network;
    for (let arc = 0; arc < arcLink.length; arc++) this.#weights[arc] = costs[arcLink[arc]];
  }

  /** Cheapest paths from a node to all others, or to the `most` nearest ones: the rest then counts as out of reach. */
  run(origin: number, most = Infinity): void {
    const { start, arcTo, arcLink, closed } = this.#network;
    const { cost, via, order } = this;
    const weights = this.#weights;
    const heap = this.#heap;
    const place = this.#place;
    cost.fill(Infinity);
    via.fill(-1);
    place.fill(-1);
    cost[origin] = 0;
    heap[0] = origin;
    place[origin] = 0;
    let size = 1;
    let settled = 0;
    while (size > 0 && settled < most) {
      const node = heap[0];
      const near = cost[node];
      order[settled++] = node;
      place[node] = -1;
      if (--size > 0) {
        // The last node sinks from the top.
        const moving = heap[size];
        const key = cost[moving];
        let hole = 0;
        for (let child = 1; child < size; child = 2 * hole + 1) {
          if (child + 1 < size && cost[heap[child + 1]] < cost[heap[child]]) child++;
          const smaller = heap[child];
          if (cost[smaller] >= key) break;
          heap[hole] = smaller;
          place[smaller] = hole;
          hole = child;
        }
        heap[hole] = moving;
        place[moving] = hole;
      }
      if (closed[node] === 1 && node !== origin) continue;
      for (let arc = start[node], end = start[node + 1]; arc < end; arc++) {
        const other = arcTo[arc];
        const key = near + weights[arc];
        if (!(key < cost[other])) continue;
        cost[other] = key;
        via[other] = arcLink[arc];
        let hole = place[other];
        if (hole < 0) hole = size++;
        while (hole > 0) {
          const parent = (hole - 1) >> 1;
          const above = heap[parent];
          if (cost[above] <= key) break;
          heap[hole] = above;
          place[above] = hole;
          hole = parent;
        }
        heap[hole] = other;
        place[other] = hole;
      }
    }
    for (let k = 0; k < size; k++) {
      cost[heap[k]] = Infinity;
      via[heap[k]] = -1;
    }
    this.settled = settled;
  }
}
