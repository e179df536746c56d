import { currentBackend } from '../../backend/backend.ts';
import type { City, Link, Place } from '../city.ts';
import { PathSearch } from '../roads/pathSearch.ts';
import { roadNetwork } from '../roads/roadNetwork.ts';
import { delaunayEdges } from './delaunayEdges.ts';
import { Draws } from './draws.ts';
import { rounded, type SyntheticPlaces } from './syntheticPlaces.ts';

/** Classes of road, as `link.type` numbers them: 1 local, 2 arterial, 3 motorway. */
const CLASSES = [
  { type: 1, lanes: 1, perLane: 800, speed: 40 },
  { type: 2, lanes: 2, perLane: 1000, speed: 50 },
  { type: 3, lanes: 3, perLane: 1600, speed: 80 },
] as const;

/** Roads between places, both ways, empty: traffic and cost come later. */
export function syntheticRoads(places: readonly Place[], from: SyntheticPlaces, links: number | undefined, seed: number): Link[] {
  const { edges, tree, gabriel } = delaunayEdges(from.x, from.y);
  const wanted = links === undefined ? gabriel : links / 2;
  if (wanted < tree || wanted > edges.length) {
    const range = `${2 * tree}..${2 * edges.length}`;
    throw new RangeError(`links: ${places.length} places can have ${range} directed links, got ${2 * wanted}`);
  }
  const draws = new Draws(seed, 3);
  const roads = edges.slice(0, wanted).map((edge) => {
    const distance = rounded(Math.sqrt(edge.square) * draws.uniform(1, 1.3), 3);
    return { ...edge, distance: Math.max(distance, 0.001) };
  });
  const classes = roadClasses(places, roads, draws);
  return roads.flatMap((road, r) => {
    const { type, lanes, perLane, speed } = CLASSES[classes[r]];
    const toll = draws.uniform() < 0.02 ? rounded(draws.uniform(0.5, 2), 1) : 0;
    const nearby = surroundings(from, road.a, road.b);
    return [
      [road.a, road.b],
      [road.b, road.a],
    ].map(([a, b]) => {
      const freeFlowTime = (60 * road.distance) / speed;
      return {
        from: places[a].id,
        to: places[b].id,
        distance: road.distance,
        cost: freeFlowTime + toll,
        capacity: lanes * perLane * draws.uniform(0.9, 1.1),
        freeFlowTime,
        b: 0.15,
        power: 4,
        speed,
        toll,
        type,
        attributes: {
          lanes,
          ...nearby,
          streetTrees: Math.round(draws.uniform(0, 80) * road.distance),
          lampPosts: Math.round(draws.uniform(15, 30) * road.distance),
          surfaceAge: Math.round(draws.uniform(0, 25)),
        },
      };
    });
  });
}

/** Arterials are shortest ways between random places, motorways a few of the longest ones. */
function roadClasses(
  places: readonly Place[],
  roads: readonly { a: number; b: number; distance: number }[],
  draws: Draws,
): Int32Array {
  const links = roads.flatMap(({ a, b, distance }) => [
    { from: places[a].id, to: places[b].id, distance, cost: distance },
    { from: places[b].id, to: places[a].id, distance, cost: distance },
  ]);
  const city: City = { zones: places, links };
  const network = roadNetwork(city);
  const search = new PathSearch(network);
  search.setCosts(Float64Array.from(links, ({ distance }) => distance));
  const ways = Array.from({ length: Math.max(4, Math.round(places.length / 8)) }, () => {
    const origin = draws.random.integer(places.length);
    search.run(origin);
    const destination = draws.random.integer(places.length);
    const way: number[] = [];
    for (let at = destination; search.via[at] >= 0; at = network.from[search.via[at]]) way.push(search.via[at] >> 1);
    return { way, length: search.cost[destination] };
  });
  ways.sort((p, q) => q.length - p.length);
  const classes = new Int32Array(roads.length);
  const motorways = Math.min(5, Math.max(1, Math.round(ways.length / 8)));
  ways.forEach(({ way }, k) => {
    for (const road of way) classes[road] = Math.max(classes[road], k < motorways ? 2 : 1);
  });
  return classes;
}

/** People and jobs around the middle of a road, fading with a width of 1 km. */
function surroundings(
  { x, y, population, jobs }: SyntheticPlaces,
  a: number,
  b: number,
): { peopleNearby: number; jobsNearby: number } {
  const { exp } = currentBackend().kernels;
  const [u, v] = [(x[a] + x[b]) / 2, (y[a] + y[b]) / 2];
  let [people, work] = [0, 0];
  for (let i = 0; i < population.length; i++) {
    const near = exp(-((x[i] - u) ** 2 + (y[i] - v) ** 2) / 2);
    people += near * population[i];
    work += near * jobs[i];
  }
  return { peopleNearby: Math.round(people), jobsNearby: Math.round(work) };
}
