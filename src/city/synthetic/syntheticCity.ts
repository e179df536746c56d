import type { CsrMatrix } from '../../core/csrMatrix.ts';
import { CsrMatrix as Csr } from '../../core/csrMatrix.ts';
import type { DenseMatrix } from '../../core/denseMatrix.ts';
import type { City, Link, Place } from '../city.ts';
import { AllOrNothing } from '../roads/allOrNothing.ts';
import { assignTraffic } from '../roads/assignTraffic.ts';
import { costSkim } from '../roads/costSkim.ts';
import { roadNetwork } from '../roads/roadNetwork.ts';
import { observedTrips } from './observedTrips.ts';
import { type SyntheticCityOptions, syntheticPlan } from './syntheticOptions.ts';
import { INFORMATIVE, syntheticPlaces, UNINFORMATIVE } from './syntheticPlaces.ts';
import { syntheticRoads } from './syntheticRoads.ts';
import { syntheticTrips } from './syntheticTrips.ts';

/** What a synthetic city was made from. */
export interface CityTruth {
  /** All trips, zones x zones, the unobserved ones included. */
  trips: DenseMatrix;
  /** Their expectations. */
  expected: DenseMatrix;
  beta: number;
  /** The c_ij of exp(-beta c_ij): `costSkim(city, { weight: 'freeFlowTime' })`. */
  cost: DenseMatrix;
  /** x and y, zones x rank; absent for rank 0. */
  originFactors?: DenseMatrix;
  destinationFactors?: DenseMatrix;
  /** Numbers of the zones to which no trip was observed. */
  coldZones: Int32Array;
  /** Zone attributes that tell the factors, and those that tell nothing. */
  informative: readonly string[];
  uninformative: readonly string[];
  /** Of the traffic as user equilibrium. */
  relativeGap: number;
}

/** A city whose every number is known, because it was made. */
export interface SyntheticCity extends City {
  trips: CsrMatrix;
  truth: CityTruth;
}

/**
 * A city that never was, the same for a seed on every machine: zones with people (log-normal) and jobs (a centre and three subcentres), roads along
 * Delaunay edges, trips of one hour
 *
 *   T_ij ~ NegBin(mean O_i D_j exp(-beta c_ij) exp(x_i . y_j) / Z, dispersion)
 *
 * with O inhabitants, D jobs and c minutes on empty roads, of which `trips` holds what was observed; and the traffic of all trips at user equilibrium
 * (`assignTraffic`), with its cost. Lengths in km, times in minutes, tolls in minutes, traffic in vehicles per hour.
 *
 * Zones 1, 2, ... come with `population`, `jobs`, attributes that tell x and y (`truth.informative`) and some that tell nothing; links with classes
 * 1 local, 2 arterial, 3 motorway.
 *
 * @throws TypeError, RangeError for options of the wrong kind or out of range
 * @example
 * const city = syntheticCity({ zones: 60, seed: 1 });
 * city.truth.coldZones; // two zones that nobody was seen driving to
 */
export function syntheticCity(options?: SyntheticCityOptions): SyntheticCity {
  const plan = syntheticPlan(options);
  const { zones: count, junctions: more, seed, signal } = plan;
  const places = syntheticPlaces(count, more, seed);
  const zones: Place[] = places.names.map((name, i) => ({
    id: i + 1,
    x: places.x[i],
    y: places.y[i],
    name,
    attributes: places.attributes[i],
  }));
  const junctions: Place[] = Array.from({ length: more }, (_, k) => ({
    id: count + k + 1,
    x: places.x[count + k],
    y: places.y[count + k],
  }));
  const empty: City = { zones, junctions, links: syntheticRoads([...zones, ...junctions], places, plan.links, seed) };
  const cost = costSkim(empty, { weight: 'freeFlowTime', signal });
  const { trips, ...model } = syntheticTrips(plan, places, cost);
  const all = Csr.fromDense(trips);
  const sized: City = { ...empty, links: withCapacities(empty, all, plan.congestion) };
  const {
    traffic,
    cost: paid,
    relativeGap,
  } = assignTraffic(sized, {
    trips: all,
    tol: plan.tol,
    signal,
    onProgress: plan.onProgress,
  });
  const links = sized.links.map((link, e) => ({ ...link, traffic: traffic[e], cost: paid[e] }));
  const observed = observedTrips(plan, places, trips);
  return {
    name: `synthetic city ${seed}`,
    zones,
    junctions,
    links,
    trips: observed.trips,
    coordinates: 'plane',
    hourly: true,
    truth: {
      trips,
      ...model,
      beta: plan.beta,
      cost,
      coldZones: observed.coldZones,
      informative: Object.keys(INFORMATIVE),
      uninformative: Object.keys(UNINFORMATIVE),
      relativeGap,
    },
  };
}

/** Roads as wide as the trips need: traffic / capacity on the fastest empty paths, averaged over all traffic, is `congestion`. */
function withCapacities(city: City, trips: CsrMatrix, congestion: number): Link[] {
  const fastest = new AllOrNothing(city, roadNetwork(city), trips).load(Float64Array.from(city.links, ({ cost }) => cost));
  let [sum, weighted] = [0, 0];
  city.links.forEach(({ capacity = 1 }, e) => {
    sum += fastest[e];
    weighted += fastest[e] ** 2 / capacity;
  });
  const scale = congestion > 0 && sum > 0 ? weighted / sum / congestion : 1;
  const b = congestion > 0 ? 0.15 : 0;
  return city.links.map((link) => ({ ...link, b, capacity: Math.max(10, 10 * Math.round(((link.capacity ?? 0) * scale) / 10)) }));
}
