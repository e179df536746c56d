import { integerIn, oneOf, optionsObject, refuse } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import { IdIndex } from '../../core/idIndex.ts';
import type { Basis } from '../../factorization/index.ts';
import { checkCity } from '../checkCity.ts';
import type { City, PlaceId } from '../city.ts';
import type { PredictedRoute } from '../predictedRoute.ts';
import { baselines } from './baselines.ts';
import { factorization } from './factorization.ts';
import { gravityFactorization } from './gravityFactorization.ts';
import { type RouteEntries, routeEntries } from './routeEntries.ts';
import type { RouteMethod } from './routeMethod.ts';
import { settingOf } from './settingOf.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** A route to predict, or, as one place, all unobserved routes to it. */
export type UnknownRoute = PlaceId | readonly [origin: PlaceId, destination: PlaceId] | { origin: PlaceId; destination: PlaceId };

/** Routes to predict: all that were not observed, or a list. */
export type UnknownRoutes = 'all' | readonly UnknownRoute[];

/** Options of `predictRoutes`. */
export interface PredictRoutesOptions {
  /** @default 'all' */
  unknown?: UnknownRoutes;
  /** `'gravity x factorisation'`, or the name of a baseline of `evaluateRoutes`. @default 'gravity x factorisation' */
  method?: string;
  /** @default 0 */
  seed?: number;
}

const METHODS: readonly RouteMethod[] = [gravityFactorization, factorization, ...baselines];
const LEAST_ENTRIES = 3;

/**
 * Expected trips on routes that were never observed, with what each prediction rests on and how sure it is.
 *
 *   log T_ij = gravity terms (attributes, separation, intervening opportunities, a smooth deterrence surface) + a_i + b_j + x_i . y_j
 *
 * with effects a, b and factors x, y that are similar in near zones; the unexplained rest and the counting noise give the intervals, which are
 * calibrated by cross-validation within the observed routes. A destination that nobody was ever seen to go to gets its effect from its neighbours and attributes.
 *
 * @throws SpinifexError `'NO_TRIPS'`, `'UNKNOWN_ID'` for a place that is no zone; RangeError for fewer than three observed routes
 * @example
 * const routes = predictRoutes(city, { unknown: ['D', 'E'] });
 * routes[0]; // { origin: 'A', destination: 'D', value: 41.2, basis: 'feature', standardError: 22.5, lower: 17.1, upper: 88.0 }
 */
export function predictRoutes(city: City, options: PredictRoutesOptions = {}): PredictedRoute[] {
  const known = optionsObject(options, 'predictRoutes', ['unknown', 'method', 'seed']);
  const seed = integerIn(known.seed ?? 0, 'seed', 0);
  const name = oneOf(
    known.method ?? gravityFactorization.name,
    'method',
    METHODS.map((method) => method.name),
  );
  const entries = routeEntries(checkCity(city, 'trips').trips!);
  if (entries.row.length < LEAST_ENTRIES) {
    throw new RangeError(
      `city.trips: expected at least ${LEAST_ENTRIES} observed routes between zones, got ${entries.row.length}`,
    );
  }
  const { rows, cols } = unknownCells(city, known.unknown ?? 'all', entries);
  const setting = settingOf(city);
  const method = METHODS.find((candidate) => candidate.name === name)!;
  const { value, standardError, lower, upper } = method.fit(entries, setting, seed).predict(rows, cols);
  const basis = basisRule(entries, setting);
  return Array.from(rows, (i, k) => ({
    origin: city.zones[i].id,
    destination: city.zones[cols[k]].id,
    value: value[k],
    basis: basis(i, cols[k]),
    standardError: standardError?.[k] ?? Number.NaN,
    lower: lower?.[k] ?? Number.NaN,
    upper: upper?.[k] ?? Number.NaN,
  }));
}

function unknownCells(city: City, unknown: UnknownRoutes, entries: RouteEntries): { rows: Int32Array; cols: Int32Array } {
  const n = city.zones.length;
  const index = new IdIndex<PlaceId>(
    'zone',
    city.zones.map(({ id }) => id),
  );
  const rows: number[] = [];
  const cols: number[] = [];
  const observed = new Uint8Array(n * n);
  for (let k = 0; k < entries.row.length; k++) observed[entries.row[k] * n + entries.col[k]] = 1;
  const addColumn = (j: number) => {
    for (let i = 0; i < n; i++) {
      if (i === j || observed[i * n + j]) continue;
      rows.push(i);
      cols.push(j);
    }
  };
  if (unknown === 'all') for (let j = 0; j < n; j++) addColumn(j);
  else if (!Array.isArray(unknown)) refuse(unknown, 'unknown', "'all' or a list of destinations and routes", false);
  else {
    for (const [k, route] of (unknown as readonly UnknownRoute[]).entries()) {
      if (route === null) refuse(route, `unknown[${k}]`, 'a destination or a route', false);
      if (typeof route !== 'object') addColumn(index.at(route));
      else {
        const [origin, destination] = 'origin' in route ? [route.origin, route.destination] : route;
        if (index.at(origin) === index.at(destination)) {
          throw new SpinifexError(
            'WITHIN_ZONE',
            `unknown: trips within zone ${String(origin)} follow other laws and are not predicted`,
          );
        }
        rows.push(index.at(origin));
        cols.push(index.at(destination));
      }
    }
  }
  return { rows: Int32Array.from(rows), cols: Int32Array.from(cols) };
}

/** What a prediction rests on. */
function basisRule(entries: RouteEntries, setting: ZoneSetting): (i: number, j: number) => Basis {
  const n = entries.zones;
  const origins = new Uint8Array(n);
  const destinations = new Uint8Array(n);
  const observed = new Set<number>();
  for (let k = 0; k < entries.row.length; k++) {
    origins[entries.row[k]] = destinations[entries.col[k]] = 1;
    observed.add(entries.row[k] * n + entries.col[k]);
  }
  const described = setting.names.length > 0 || setting.distance !== undefined;
  return (i, j) => {
    if (observed.has(i * n + j)) return 'entry';
    if (origins[i] && destinations[j]) return 'warm';
    return described ? 'feature' : 'prior';
  };
}
