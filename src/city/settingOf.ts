import type { City } from './city.ts';
import { costSkim } from './costSkim.ts';
import { isLocated } from './isLocated.ts';
import { type ZoneSetting, zoneSetting } from './routes/zoneSetting.ts';
import { zoneDistances } from './zoneDistances.ts';

/** What predictors know of a city beside its trips: travel costs where there are roads, distances where there are positions, attributes of the zones. */
export function settingOf(city: City): ZoneSetting {
  const distance = isLocated(city) ? zoneDistances(city) : undefined;
  const cost = city.links.length > 0 ? costSkim(city) : undefined;
  return zoneSetting(city.zones, cost, distance);
}
