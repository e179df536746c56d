import { refuse, refuseEntry } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { SpinifexError } from '../core/errors.ts';
import { placeOf } from '../core/matrixInput.ts';
import type { City } from './city.ts';

/** A city that has what a function needs. @throws TypeError, RangeError, SpinifexError `'NO_TRIPS'`, `'NO_LINKS'` */
export function checkCity(city: City, needs?: 'trips' | 'links'): City {
  if (typeof city !== 'object' || city === null || !Array.isArray(city.zones) || !Array.isArray(city.links)) {
    refuse(city, 'city', 'a City with zones and links, as readTntp, readRoutes and syntheticCity make it', false);
  }
  const { zones, trips, links } = city;
  if (trips !== undefined) {
    if (!(trips instanceof CsrMatrix)) refuse(trips, 'city.trips', 'a CsrMatrix', false);
    if (trips.rows !== zones.length || trips.cols !== zones.length) {
      throw new RangeError(
        `city.trips: expected ${zones.length} x ${zones.length}, one row and column for each zone, got ${trips.rows} x ${trips.cols}`,
      );
    }
    const bad = trips.data.findIndex((v) => !(v >= 0 && Number.isFinite(v)));
    if (bad >= 0) {
      const [i, j] = placeOf(trips, bad);
      refuseEntry(trips.data[bad], `city.trips[${i}][${j}]`, 'a finite number of trips >= 0');
    }
  }
  if (needs === 'trips' && trips === undefined)
    throw new SpinifexError('NO_TRIPS', 'city.trips: expected trips between zones, got none');
  if (needs === 'links' && links.length === 0)
    throw new SpinifexError('NO_LINKS', 'city.links: expected at least one link, got none');
  return city;
}
