import { finiteNumber, numberArray, optionsObject } from '../../core/checks.ts';
import type { CsrMatrix } from '../../core/csrMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { City } from '../city.ts';
import { roadNetwork } from './roadNetwork.ts';
import { checkedTrips } from './tripDemand.ts';

/**
 * By how much the traffic misses Kirchhoff's law at every place:
 *
 *   (traffic out - traffic in) - (trips that start here - trips that end here)
 *
 * 0 wherever all traffic comes from the given trips, as in an equilibrium. One number per zone, then per junction; unknown traffic counts as 0.
 *
 * @param options.traffic one number per link; `city.links[...].traffic` by default
 * @param options.trips zones x zones; `city.trips` by default
 * @throws SpinifexError `NO_TRIPS` for a city without trips
 */
export function flowImbalance(city: City, options?: { traffic?: VectorInput; trips?: CsrMatrix }): Float64Array {
  const { traffic, trips } = optionsObject(options, 'flowImbalance', ['traffic', 'trips']);
  const { places, from, to } = roadNetwork(city);
  const { indptr, indices, data } = checkedTrips(city, trips);
  const given = traffic === undefined ? undefined : numberArray(traffic, 'traffic', city.links.length);
  const out = new Float64Array(places.length);
  city.links.forEach((link, e) => {
    const v = finiteNumber(given?.[e] ?? link.traffic ?? 0, `traffic[${e}]`);
    out[from[e]] += v;
    out[to[e]] -= v;
  });
  for (let i = 0; i + 1 < indptr.length; i++) {
    for (let p = indptr[i]; p < indptr[i + 1]; p++) {
      out[i] -= data[p];
      out[indices[p]] += data[p];
    }
  }
  return out;
}
