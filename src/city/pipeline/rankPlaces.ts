import { CsrMatrix } from '../../core/csrMatrix.ts';
import { graphFromRecords } from '../../core/records.ts';
import { pageRank } from '../../graph/index.ts';
import { checkCity } from '../checkCity.ts';
import type { City, PlaceId } from '../city.ts';
import type { RankedPlaces } from '../cityReport.ts';
import { routeEntries } from '../routes/routeEntries.ts';

/**
 * PageRank of the places: how often someone is met there who at each place takes a road by chance, in proportion to its traffic (all alike where it
 * is not known). A city without roads is ranked by its trips between zones.
 *
 * @throws SpinifexError `'NO_TRIPS'` for a city with neither
 */
export function rankPlaces(city: City): RankedPlaces {
  const { zones, links, trips } = checkCity(city, city.links.length > 0 ? undefined : 'trips');
  const known = links.every(({ traffic }) => traffic !== undefined) && links.some(({ traffic }) => traffic! > 0);
  const ids = zones.map(({ id }) => id);
  const graph =
    links.length > 0
      ? graphFromRecords<(typeof links)[number], PlaceId>(links, {
          from: 'from',
          to: 'to',
          ids,
          ...(known && { weight: (link) => link.traffic! }),
        }).matrix
      : betweenZones(trips!);
  const { scores, errorBound } = pageRank(graph, { weighted: links.length === 0 || known });
  const own = scores.slice(0, zones.length);
  return { scores: own, order: Int32Array.from(own.keys()).sort((a, b) => own[b] - own[a] || a - b), errorBound };
}

function betweenZones(trips: CsrMatrix): CsrMatrix {
  const { zones, row, col, value } = routeEntries(trips);
  return CsrMatrix.fromCoo(zones, zones, { row, col, value });
}
