import type { LinkStudy } from './linkStudy.ts';

/** Relative difference that still counts as kept. */
const KEPT = 1e-6;

/**
 * Traffic out minus traffic in of every place as far as it is known before any prediction, NaN elsewhere: 0 at junctions, trips that start minus trips
 * that end at zones. Both are believed where (nearly) all places whose links are all known confirm it: counts have errors, and trips may have been
 * observed in part, or be estimates. Where no place can tell, junctions are believed, and zones if every cell of the trips is stored
 * (files may leave out cells without trips).
 *
 * @param traffic NaN where unknown
 */
export function nodeBalance({ city, network }: LinkStudy, traffic: Float64Array): Float64Array {
  const { zones, places, from, to } = network;
  const out = new Float64Array(places.length);
  const { trips } = city;
  if (trips) {
    for (let i = 0; i < zones; i++) {
      for (let p = trips.indptr[i]; p < trips.indptr[i + 1]; p++) {
        out[i] += trips.data[p];
        out[trips.indices[p]] -= trips.data[p];
      }
    }
  }
  const net = new Float64Array(places.length);
  const size = new Float64Array(places.length);
  for (let e = 0; e < from.length; e++) {
    net[from[e]] += traffic[e];
    net[to[e]] -= traffic[e];
    size[from[e]] += traffic[e];
    size[to[e]] += traffic[e];
  }
  const confirmed = (first: number, end: number, otherwise: boolean) => {
    let [checked, kept] = [0, 0];
    for (let i = first; i < end; i++) {
      // NaN at places with unknown links.
      if (!(size[i] > 0)) continue;
      checked++;
      if (Math.abs(net[i] - out[i]) <= KEPT * size[i]) kept++;
    }
    return checked === 0 ? otherwise : kept >= 0.9 * checked;
  };
  const complete = trips !== undefined && trips.nnz >= zones * (zones - 1);
  if (!trips || !confirmed(0, zones, complete)) out.fill(Number.NaN, 0, zones);
  if (!confirmed(zones, places.length, true)) out.fill(Number.NaN, zones);
  return out;
}
