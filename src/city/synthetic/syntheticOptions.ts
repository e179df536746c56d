import { integerIn, numberIn, oneOf, optionsObject, positiveNumber, refuse } from '../../core/checks.ts';
import type { RunOptions } from '../../core/progress.ts';

/** Which entries of the trip matrix are unknown: single ones, whole columns, whole rows, between neighbourhoods, or rather those of small volume. */
export type MissingPattern = 'random' | 'column' | 'row' | 'block' | 'volume';

/** Options of `syntheticCity`. */
export interface SyntheticCityOptions extends RunOptions {
  /** In 4..5000. @default 60 */
  zones?: number;
  /** Road junctions that are no zones. @default what `links` needs, or half the number of zones */
  junctions?: number;
  /** Directed links, even, from 2 (places - 1) up to about 6 places. @default about 4 per place */
  links?: number;
  /** An integer >= 0. @default 0 */
  seed?: number;
  /** Car trips of the hour per inhabitant, in (0, 100]. @default 0.15 */
  tripsPerPerson?: number;
  /** Distance decay of trips, per minute on empty roads, in [0, 10]. @default 0.12 */
  beta?: number;
  /** Number of hidden factors that tie origins to destinations beyond distance. @default 2 */
  rank?: number;
  /** Standard deviation of x_i . y_j, the log of what the factors multiply trips with, in [0, 5]. @default 0.8 */
  interaction?: number;
  /** How well zone attributes tell the factors, from 0 (not at all) to 1 (exactly). @default 0.8 */
  informativeness?: number;
  /** r of the negative binomial: variance = mean + mean^2 / r; Infinity is Poisson. @default 5 */
  dispersion?: number;
  /** Share of the trip matrix that is observed, before `coldZones`. @default 0.6 */
  observed?: number;
  /** @default 'random' */
  missing?: MissingPattern;
  /** Zones to which no trip was ever observed, as D and E in the guide. @default 2 */
  coldZones?: number;
  /** Traffic / capacity, averaged over all traffic, if everyone took the fastest path on empty roads, in [0, 10]; 0: nobody waits. @default 1 */
  congestion?: number;
  /** Relative gap of the equilibrium. @default 1e-4 */
  tol?: number;
}

/** The options, checked and completed. */
export type SyntheticPlan = Required<Omit<SyntheticCityOptions, 'links' | 'signal' | 'onProgress'>> & {
  links: number | undefined;
} & Pick<SyntheticCityOptions, 'signal' | 'onProgress'>;

const KNOWN = [
  'zones',
  'junctions',
  'links',
  'seed',
  'tripsPerPerson',
  'beta',
  'rank',
  'interaction',
  'informativeness',
  'dispersion',
  'observed',
  'missing',
  'coldZones',
  'congestion',
  'tol',
  'signal',
  'onProgress',
] as const;

/** @throws TypeError, RangeError for options of the wrong kind or out of range */
export function syntheticPlan(options: SyntheticCityOptions | undefined): SyntheticPlan {
  const given = optionsObject(options, 'syntheticCity', KNOWN);
  const zones = integerIn(given.zones ?? 60, 'zones', 4, 5000);
  const links = given.links === undefined ? undefined : integerIn(given.links, 'links', 2);
  if (links !== undefined && links % 2 === 1) refuse(links, 'links', 'an even number, as every road has two directions', true);
  // Gabriel graphs of points in a disc have close to 4 directed edges per point.
  const needed = links === undefined ? Math.round(zones / 2) : Math.max(0, Math.round(links / 4) - zones);
  const dispersion = given.dispersion ?? 5;
  return {
    zones,
    links,
    junctions: integerIn(given.junctions ?? needed, 'junctions', 0, 100000),
    seed: integerIn(given.seed ?? 0, 'seed', 0),
    tripsPerPerson: numberIn(given.tripsPerPerson ?? 0.15, 'tripsPerPerson', 0, 100, '(]'),
    beta: numberIn(given.beta ?? 0.12, 'beta', 0, 10),
    rank: integerIn(given.rank ?? 2, 'rank', 0, 100),
    interaction: numberIn(given.interaction ?? 0.8, 'interaction', 0, 5),
    informativeness: numberIn(given.informativeness ?? 0.8, 'informativeness', 0, 1),
    dispersion: dispersion === Infinity ? dispersion : positiveNumber(dispersion, 'dispersion'),
    observed: numberIn(given.observed ?? 0.6, 'observed', 0, 1, '(]'),
    missing: oneOf(given.missing ?? 'random', 'missing', ['random', 'column', 'row', 'block', 'volume']),
    coldZones: integerIn(given.coldZones ?? Math.min(2, zones - 2), 'coldZones', 0, zones - 1),
    congestion: numberIn(given.congestion ?? 1, 'congestion', 0, 10),
    tol: positiveNumber(given.tol ?? 1e-4, 'tol'),
    signal: given.signal,
    onProgress: given.onProgress,
  };
}
