import type { LinkStudy } from './linkStudy.ts';

/** Relative difference that still counts as kept. */
const KEPT = 1e-6;

/**
 * Traffic out minus traffic in of every place as far as it is known before any prediction: 0 at junctions; at zones the trips that start minus those
 * that end there where the trips are known in full, NaN where they are not. They are where every cell is stored, or where the margins agree with the
 * known traffic at (nearly) all zones whose links are all known: files often leave out cells without trips.
 *
 * @param traffic NaN where unknown
 */
export function nodeBalance(study: LinkStudy, traffic: Float64Array): Float64Array {
  const { city, network } = study;
  const { zones, places, from, to } = network;
  const out = new Float64Array(places.length).fill(Number.NaN, 0, zones);
  if (!city.trips) return out;
  const { indptr, indices, data, nnz } = city.trips;
  const margin = new Float64Array(zones);
  for (let i = 0; i < zones; i++) {
    for (let p = indptr[i]; p < indptr[i + 1]; p++) {
      margin[i] += data[p];
      margin[indices[p]] -= data[p];
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
  let [checked, kept] = [0, 0];
  for (let i = 0; i < zones; i++) {
    if (!(size[i] > 0)) continue;
    checked++;
    if (Math.abs(net[i] - margin[i]) <= KEPT * size[i]) kept++;
  }
  const complete = nnz >= zones * (zones - 1);
  if (complete || (checked >= 3 && kept >= 0.9 * checked)) out.set(margin);
  return out;
}
