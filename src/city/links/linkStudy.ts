import { CsrMatrix } from '../../core/csrMatrix.ts';
import type { City } from '../city.ts';
import { AllOrNothing } from '../roads/allOrNothing.ts';
import { assignTraffic } from '../roads/assignTraffic.ts';
import { linkColumns } from '../roads/linkColumns.ts';
import { type RoadNetwork, roadNetwork } from '../roads/roadNetwork.ts';
import { leakingAttributes } from './leakingAttributes.ts';

/** A column that may be used to predict traffic. */
export interface LinkFeature {
  name: string;
  values: Float64Array;
}

/** What is known of the links of a city beside their traffic, for all methods that predict it. */
export interface LinkStudy {
  city: City;
  network: RoadNetwork;
  /** The link back, -1 where there is none; the first of several. */
  reverse: Int32Array;
  /** 1 for centroid connectors: links of no length in time, or at a zone that no path may pass through. */
  connector: Uint8Array;
  /** Attributes, classes, ends, and how central a link is; nothing that was computed from traffic. Columns without negative values as roots. */
  features: LinkFeature[];
  /** Traffic of the known trips alone, at a rough equilibrium; absent without trips. */
  assigned?: Float64Array;
  leaks: readonly { name: string; reason: string }[];
}

/** Classes above this number are no classes. */
const MOST_CLASSES = 12;

export function linkStudy(city: City, signal?: AbortSignal): LinkStudy {
  const network = roadNetwork(city);
  const { from, to, closed } = network;
  const firstOf = new Map<number, number>();
  const n = network.places.length;
  for (let e = from.length - 1; e >= 0; e--) firstOf.set(from[e] * n + to[e], e);
  const reverse = from.map((a, e) => firstOf.get(to[e] * n + a) ?? -1);
  const connector = Uint8Array.from(city.links, (link, e) =>
    link.freeFlowTime === 0 || closed[from[e]] === 1 || closed[to[e]] === 1 ? 1 : 0,
  );
  const leaks = leakingAttributes(city);
  const leaking = new Set(leaks.map(({ name }) => name));
  const columns = linkColumns(city.links).filter(({ name }) => !leaking.has(name));
  const weights = emptyCosts(city);
  const features = [
    ...columns.map(({ name, values }) => ({ name, values: rooted(values) })),
    ...classColumns(columns.find(({ name }) => name === 'type')?.values),
    ...endColumns(city, network),
    { name: 'betweenness', values: rooted(betweenness(city, network, weights, signal)) },
  ].filter(({ values }) => values.some((value) => value !== values[0]));
  const assigned = assignedTrips(city, signal);
  return { city, network, reverse, connector, features, assigned, leaks };
}

/** Costs of the links without any traffic; the length where the time is not known, since `cost` knows the traffic. */
function emptyCosts(city: City): Float64Array {
  const timed = city.links.every(({ freeFlowTime }) => freeFlowTime !== undefined);
  return Float64Array.from(city.links, (link) => (timed ? (link.freeFlowTime as number) : link.distance));
}

/** Roots of a column without negative values, the column itself otherwise. */
function rooted(values: Float64Array): Float64Array {
  return values.some((value) => value < 0) ? values : values.map((value) => Math.sqrt(value));
}

function classColumns(types: Float64Array | undefined): LinkFeature[] {
  const classes = [...new Set(types)].sort((a, b) => a - b);
  if (types === undefined || classes.length > MOST_CLASSES) return [];
  return classes.map((type) => ({ name: `type ${type}`, values: types.map((value) => (value === type ? 1 : 0)) }));
}

/** Roads at both ends, and where the link lies. */
function endColumns(city: City, { places, from, to, start }: RoadNetwork): LinkFeature[] {
  const roads = (i: number) => start[i + 1] - start[i];
  const out = [
    { name: 'roads at the start', values: Float64Array.from(from, roads) },
    { name: 'roads at the end', values: Float64Array.from(to, roads) },
  ];
  if (!places.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return out;
  const mean = (key: 'x' | 'y') => places.reduce((sum, place) => sum + (place[key] as number), 0) / places.length;
  const [u, v] = [mean('x'), mean('y')];
  const centrality = (i: number) => Math.sqrt(((places[i].x as number) - u) ** 2 + ((places[i].y as number) - v) ** 2);
  const values = Float64Array.from(city.links, (_, e) => (centrality(from[e]) + centrality(to[e])) / 2);
  return [...out, { name: 'distance to the centre', values }];
}

/** How many of the cheapest paths between all zones use each link, on empty roads; pairs without a path are left out. */
function betweenness(city: City, network: RoadNetwork, weights: Float64Array, signal?: AbortSignal): Float64Array {
  const n = network.zones;
  const each = new CsrMatrix({
    rows: n,
    cols: n,
    indptr: Int32Array.from({ length: n + 1 }, (_, i) => i * n),
    indices: Int32Array.from({ length: n * n }, (_, p) => p % n),
    data: new Float64Array(n * n).fill(1),
  });
  return new AllOrNothing(city, network, each, 'skip').load(weights, signal).slice();
}

function assignedTrips(city: City, signal?: AbortSignal): Float64Array | undefined {
  if (!city.trips || city.trips.nnz === 0 || city.links.some(({ freeFlowTime }) => freeFlowTime === undefined)) return undefined;
  return assignTraffic(city, { tol: 1e-2, maxIterations: 30, signal, unreachable: 'skip' }).traffic;
}
