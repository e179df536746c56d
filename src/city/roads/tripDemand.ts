import { refuse, refuseEntry } from '../../core/checks.ts';
import { CsrMatrix } from '../../core/csrMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { placeOf } from '../../core/matrixInput.ts';
import type { City } from '../city.ts';

/** The trips of a city, or those given instead, all finite and none negative. */
export function checkedTrips(city: City, given?: CsrMatrix): CsrMatrix {
  const trips = given ?? city.trips;
  if (trips === undefined) throw new SpinifexError('NO_TRIPS', 'city: expected a city with trips');
  if (!(trips instanceof CsrMatrix)) refuse(trips, 'trips', 'a CsrMatrix', false);
  const n = city.zones.length;
  if (trips.rows !== n || trips.cols !== n) {
    throw new RangeError(`trips: expected ${n} x ${n} entries, one row and column per zone, got ${trips.rows} x ${trips.cols}`);
  }
  const { data } = trips;
  for (let p = 0; p < data.length; p++) {
    if (!(data[p] >= 0 && data[p] < Infinity)) {
      const [i, j] = placeOf(trips, p);
      refuseEntry(data[p], `trips[${i}][${j}]`, 'a finite number >= 0');
    }
  }
  return trips;
}
