import { nonNegativeNumber, numberArray, optionsObject, positiveNumber } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { City } from '../city.ts';

/**
 * The statistic of Geoffrey E. Havers, for hourly link flows only: sqrt(2 (M - C)^2 / (M + C)); 0 where both are 0. Below 5 counts as a good match.
 * It depends on the unit: daily flows and single origin-destination cells make it meaningless, which is why `gehShare` refuses them.
 *
 * @example
 * geh(1100, 1000); // 3.086
 */
export function geh(modelled: number, counted: number): number {
  const sum = nonNegativeNumber(modelled, 'modelled') + nonNegativeNumber(counted, 'counted');
  return sum === 0 ? 0 : Math.sqrt((2 * (modelled - counted) ** 2) / sum);
}

/** Options of `gehShare`. */
export interface GehOptions {
  /** Largest GEH that counts as a match. @default 5 */
  limit?: number;
  /** Compute it where it means nothing, too. @default false */
  force?: boolean;
}

/**
 * Share of links with counted traffic whose GEH is below a limit; the guideline for a valid model (UK TAG unit M3.1) is more than 0.85.
 *
 * @param modelled one number >= 0 per link of the city; or, forced, a zones x zones matrix of trips, against the observed trips
 * @throws SpinifexError `GEH_NOT_HOURLY` for a city whose traffic is not hourly, `GEH_ON_TRIPS` for trips: predicting 0 gives a GEH below 5 wherever
 * fewer than 12.5 trips were observed, which is nearly everywhere
 */
export function gehShare(city: City, modelled: VectorInput | DenseMatrix, options?: GehOptions): number {
  const { limit = 5, force = false } = optionsObject(options, 'gehShare', ['limit', 'force']);
  positiveNumber(limit, 'limit');
  const pairs = modelled instanceof DenseMatrix ? tripPairs(city, modelled, force) : linkPairs(city, modelled, force);
  if (pairs.length === 0) throw new SpinifexError('NO_TRAFFIC', 'city: expected at least one link with traffic');
  return pairs.filter(([m, c]) => geh(m, c) < limit).length / pairs.length;
}

function linkPairs(city: City, modelled: VectorInput, force: boolean): [number, number][] {
  const values = numberArray(modelled, 'modelled', city.links.length);
  if (!city.hourly && !force) {
    throw new SpinifexError(
      'GEH_NOT_HOURLY',
      'GEH needs vehicles per hour, but city.hourly is not true; force: true computes it nevertheless',
    );
  }
  return city.links.flatMap(({ traffic }, e) => (traffic === undefined ? [] : [[values[e], traffic] as [number, number]]));
}

function tripPairs(city: City, modelled: DenseMatrix, force: boolean): [number, number][] {
  if (!force) {
    throw new SpinifexError(
      'GEH_ON_TRIPS',
      'GEH is for hourly link flows; on origin-destination trips, most of them few, even predicting 0 passes; force: true computes it nevertheless',
    );
  }
  const { trips } = city;
  if (!trips) return [];
  return Array.from({ length: trips.rows }, (_, i) => i).flatMap((i) =>
    Array.from(trips.indices.subarray(trips.indptr[i], trips.indptr[i + 1]), (j, k): [number, number] => [
      modelled.get(i, j),
      trips.data[trips.indptr[i] + k],
    ]),
  );
}
