import { PathSearch } from '../roads/pathSearch.ts';
import { roadNetwork } from '../roads/roadNetwork.ts';
import { conjugateGradients } from './conjugateGradients.ts';
import type { LinkStudy } from './linkStudy.ts';

/** Nearest neighbours that vote. */
const NEIGHBOURS = 5;
/** Known links that neighbours are looked for among, at most. */
const MOST_KNOWN = 5000;
/** Nearest known links on the network that an inverse-distance mean uses. */
const NEAREST_ON_NETWORK = 10;
/** They are looked for around so many places next to each end of a link. */
const MOST_PLACES = 200;
/** Strength of the pull to the mean in Laplacian regression, in neighbours. */
const PULL = 0.1;

/** A method: from traffic with NaN where it is unknown, the traffic of the unknown links. */
export type LinkPredictor = (study: LinkStudy, traffic: Float64Array, unknown: Int32Array) => Float64Array;

const knownOf = (traffic: Float64Array) => Int32Array.from(traffic.keys()).filter((e) => !Number.isNaN(traffic[e]));

/** The median of the known links of the same class; of all where there is none. */
export const classMedian: LinkPredictor = ({ city }, traffic, unknown) => {
  const groups = new Map<number | undefined, number[]>();
  const all = Array.from(knownOf(traffic), (e) => {
    const { type } = city.links[e];
    const group = groups.get(type);
    if (group) group.push(traffic[e]);
    else groups.set(type, [traffic[e]]);
    return traffic[e];
  });
  const medians = new Map(Array.from(groups, ([type, values]) => [type, median(values)]));
  const overall = median(all);
  return Float64Array.from(unknown, (e) => medians.get(city.links[e].type) ?? overall);
};

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The mean of the five known links with the most similar (standardised) features; equals in order of their number. */
export const nearestNeighbours: LinkPredictor = ({ features }, traffic, unknown) => {
  const known = knownOf(traffic);
  const step = Math.ceil(known.length / MOST_KNOWN);
  const sample = known.filter((_, k) => k % step === 0);
  const scaled = features.map(({ values }) => standardised(values));
  return Float64Array.from(unknown, (e) => {
    const best = { square: new Float64Array(NEIGHBOURS).fill(Infinity), link: new Int32Array(NEIGHBOURS).fill(-1) };
    for (const other of sample) {
      let square = 0;
      for (const values of scaled) square += (values[e] - values[other]) ** 2;
      let at = NEIGHBOURS;
      while (at > 0 && square < best.square[at - 1]) at--;
      if (at === NEIGHBOURS) continue;
      best.square.copyWithin(at + 1, at, NEIGHBOURS - 1);
      best.link.copyWithin(at + 1, at, NEIGHBOURS - 1);
      best.square[at] = square;
      best.link[at] = other;
    }
    const votes = best.link.filter((link) => link >= 0);
    return votes.reduce((sum, link) => sum + traffic[link], 0) / votes.length;
  });
};

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / spread);
}

/** The mean of the ten nearest known links, weighted with 1 / distance^2 between their middles along the roads, in whichever direction. */
export const inverseDistance: LinkPredictor = ({ city, network }, traffic, unknown) => {
  const { from, to, places } = network;
  const both = city.links.flatMap((link) => [link, { ...link, from: link.to, to: link.from }]);
  const undirected = roadNetwork({ zones: places, links: both });
  const length = (e: number) => Math.max(city.links[e].distance, 1e-6);
  const search = new PathSearch(undirected);
  search.setCosts(Float64Array.from(both, (_, arc) => length(arc >> 1)));
  const known = knownOf(traffic);
  const mean = known.reduce((sum, e) => sum + traffic[e], 0) / known.length;
  return Float64Array.from(unknown, (e) => {
    const distance = new Map<number, number>();
    for (const end of [from[e], to[e]]) {
      search.run(end, MOST_PLACES);
      for (const node of search.order.subarray(0, search.settled)) {
        for (let arc = undirected.start[node]; arc < undirected.start[node + 1]; arc++) {
          const link = undirected.arcLink[arc] >> 1;
          if (Number.isNaN(traffic[link])) continue;
          const d = search.cost[node] + (length(e) + length(link)) / 2;
          if (d < (distance.get(link) ?? Infinity)) distance.set(link, d);
        }
      }
    }
    const near = Array.from(distance).sort(([a, p], [b, q]) => p - q || a - b);
    let [sum, weights] = [0, 0];
    for (const [link, d] of near.slice(0, NEAREST_ON_NETWORK)) {
      sum += traffic[link] / (d * d);
      weights += 1 / (d * d);
    }
    return weights > 0 ? sum / weights : mean;
  });
};

/** The root of traffic, as smooth as possible over links that follow each other. */
export const laplacianRegression: LinkPredictor = (study, traffic, unknown) => {
  const roots = traffic.map((v) => Math.sqrt(v));
  return smoothOverLinks(study, roots, unknown, PULL).map((root) => root ** 2);
};

/**
 * Laplacian regression by conjugate gradients: values z of the unknown links that minimise
 *
 *   sum over links that follow each other (z_a - z_b)^2 + pull sum (z - mean of the known)^2.
 */
export function smoothOverLinks({ network }: LinkStudy, values: Float64Array, unknown: Int32Array, pull: number): Float64Array {
  const near = successors(network);
  const known = knownOf(values);
  const mean = known.length === 0 ? 0 : known.reduce((sum, e) => sum + values[e], 0) / known.length;
  const position = new Int32Array(values.length).fill(-1);
  unknown.forEach((e, k) => {
    position[e] = k;
  });
  const diagonal = new Float64Array(unknown.length).fill(pull);
  const b = new Float64Array(unknown.length).fill(pull * mean);
  const pairs: number[] = [];
  const meet = (e: number, other: number) => {
    const k = position[e];
    if (k < 0 || (position[other] < 0 && Number.isNaN(values[other]))) return;
    diagonal[k]++;
    if (position[other] < 0) b[k] += values[other];
    else pairs.push(k, position[other]);
  };
  for (let e = 0; e < values.length; e++) {
    for (let p = near.indptr[e]; p < near.indptr[e + 1]; p++) {
      meet(e, near.indices[p]);
      meet(near.indices[p], e);
    }
  }
  const apply = (x: Float64Array, out: Float64Array) => {
    for (let k = 0; k < x.length; k++) out[k] = diagonal[k] * x[k];
    for (let p = 0; p < pairs.length; p += 2) out[pairs[p]] -= x[pairs[p + 1]];
  };
  return conjugateGradients(apply, diagonal, b, 1e-10);
}

/** For each link those that start where it ends, without the way back. */
function successors({ from, to, start, arcLink }: LinkStudy['network']): { indptr: Int32Array; indices: Int32Array } {
  const indices: number[] = [];
  const indptr = new Int32Array(from.length + 1);
  for (let e = 0; e < from.length; e++) {
    for (let arc = start[to[e]]; arc < start[to[e] + 1]; arc++) {
      if (to[arcLink[arc]] !== from[e]) indices.push(arcLink[arc]);
    }
    indptr[e + 1] = indices.length;
  }
  return { indptr, indices: Int32Array.from(indices) };
}
