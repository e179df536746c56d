import type { City } from '../city.ts';
import { isLocated } from '../isLocated.ts';
import { costSkim } from '../roads/costSkim.ts';
import { zoneDistances } from '../roads/zoneDistances.ts';
import { type ZoneSetting, zoneSetting } from './zoneSetting.ts';

/** Cities do not change, and the stages of one pipeline ask for the same costs again and again. */
const settings = new WeakMap<City, Pick<City, 'zones' | 'links'> & { setting: ZoneSetting }>();

/** What predictors know of a city beside its trips: travel costs where there are roads, distances where there are positions, attributes of the zones. */
export function settingOf(city: City): ZoneSetting {
  const known = settings.get(city);
  if (known?.zones === city.zones && known.links === city.links) return known.setting;
  const setting = makeSetting(city);
  settings.set(city, { zones: city.zones, links: city.links, setting });
  return setting;
}

function makeSetting(city: City): ZoneSetting {
  const distance = isLocated(city) ? zoneDistances(city) : undefined;
  const cost = city.links.length > 0 ? costSkim(city) : undefined;
  return zoneSetting(city.zones, cost, distance);
}
