import { booleanFlag, integerIn, optionsObject } from '../../core/checks.ts';
import { CsrMatrix } from '../../core/csrMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import { checkCity } from '../checkCity.ts';
import type { City } from '../city.ts';
import type { CityReport, CityStage, PrunedRoads, SkippedStage } from '../cityReport.ts';
import { guideWalk } from '../guideWalk.ts';
import { canSplit, evaluateRoutes } from '../routes/evaluateRoutes.ts';
import type { UnknownRoutes } from '../routes/predictRoutes.ts';
import { routeEntries } from '../routes/routeEntries.ts';
import { attributeTable, columnOf } from './attributeTable.ts';
import { type AttributeWeights, combineAttributes } from './combineAttributes.ts';
import { factorRoutes } from './factorRoutes.ts';
import { findDirections } from './findDirections.ts';
import { normalizeAttributes } from './normalizeAttributes.ts';
import { pruneRoads } from './pruneRoads.ts';
import { rankPlaces } from './rankPlaces.ts';
import { explainingAttributes, selectAttributes } from './selectAttributes.ts';
import { sparsifyTraffic } from './sparsifyTraffic.ts';
import { spikeCity } from './spikeCity.ts';

/** Options of `cityPipeline`. */
export interface CityPipelineOptions extends RunOptions<{ stage: CityStage }> {
  /** @default 0 */
  seed?: number;
  /** Which routes to predict. @default 'all' that were not observed */
  unknown?: UnknownRoutes;
  /** Weights of equation 4; negative: less is better. @default the guide's */
  weights?: AttributeWeights;
  /** Whether predictions are judged on held-out routes, beside every baseline. @default true */
  evaluate?: boolean;
  /** Seeds of that judgement, one split of each kind for each. @default [seed] */
  evaluationSeeds?: readonly number[];
}

const OPTIONS = ['seed', 'unknown', 'weights', 'evaluate', 'evaluationSeeds', 'signal', 'onProgress'] as const;
const FEWEST_ROWS = 20;
const FEWEST_ROUTES = 50;
const STAGES = 11;
const SPLITS = ['entry', 'column'] as const;
const NO_ATTRIBUTES = 'there is no attribute beside the traffic that may explain it and differs between rows';

/**
 * The guide's whole solution on one city: normalise (equation 3), combine (4, 5), L1 on attributes and on roads (7 to 22), factorise the route matrix and predict unknown routes (23 to 27),
 * principal and sparse principal directions (28 to 31), PageRank, a spiking network of the places (32 to 39), L1 + spiking (40 to 44) with its efficiency table, an honest evaluation, and
 * the guide's own numbers beside ours. Every stage is a function of its own, too; one that the city has no data for is skipped, and the report says why.
 *
 * @throws TypeError, RangeError for something that is no city
 * @example
 * const report = cityPipeline(syntheticCity({ seed: 1 }), { seed: 1 });
 * report.factorize.predictions[0]; // { origin, destination, value, basis, standardError, lower, upper }
 */
export function cityPipeline(city: City, options: CityPipelineOptions = {}): CityReport {
  const known = optionsObject(options, 'cityPipeline', OPTIONS);
  checkCity(city);
  const seed = integerIn(known.seed ?? 0, 'seed', 0);
  const seeds = (known.evaluationSeeds ?? [seed]).map((s, k) => integerIn(s, `evaluationSeeds[${k}]`, 0));
  const evaluate = booleanFlag(known.evaluate ?? true, 'evaluate');
  const { signal, unknown = 'all', weights } = known;
  const run: RunOptions = { signal };
  const progress = withTimeLeft(known.onProgress);
  const skipped: SkippedStage[] = [];
  let done = 0;
  /** One stage; `missing` says why it cannot be done. */
  const stage = <T>(name: CityStage, missing: string | undefined | false, body: () => T): T | undefined => {
    signal?.throwIfAborted();
    progress?.({ done: done++, total: STAGES, stage: name });
    if (!missing) return body();
    skipped.push({ stage: name, reason: missing });
    return undefined;
  };
  const routes = city.trips === undefined ? 0 : routeEntries(city.trips).row.length;
  const rows = city.links.filter(({ traffic }) => traffic !== undefined).length || routes;
  const table = rows > 0 ? attributeTable(city) : undefined;
  const varied = table !== undefined && columnOf(table, 'traffic').some((v, _, [first]) => v !== first);
  const fewRows =
    (rows < FEWEST_ROWS && `expected at least ${FEWEST_ROWS} links or routes with traffic, got ${rows}`) ||
    (!varied && 'the traffic is the same everywhere');
  const noTrips = routes < FEWEST_ROUTES && `expected at least ${FEWEST_ROUTES} observed routes between zones, got ${routes}`;
  const noGraph = city.links.length === 0 && routes === 0 && 'expected links or trips, got neither';

  const normalize = stage('normalize', !table && 'no link or route has traffic', () => normalizeAttributes(table!));
  const combine = stage('combine', !normalize && 'nothing to combine', () => combineAttributes(normalize!, weights));
  const select = stage('select', fewRows || (explainingAttributes(city, table!).columns.length === 0 && NO_ATTRIBUTES), () =>
    selectAttributes(city, table!, seed, run),
  );
  const prune = stage('prune', noTrips, () => pruneRoads(city));
  const factorize = stage('factorize', noTrips, () => factorRoutes(city, unknown, seed, run));
  const directions = stage('directions', fewRows, () => findDirections(normalize!));
  const rank = stage('rank', noGraph, () => rankPlaces(city));
  const spike = stage('spike', noGraph, () => spikeCity(city, { ...run, ...(prune && { roads: openRoads(city, prune) }) }));
  const sparsify = stage('sparsify', fewRows || (!select && NO_ATTRIBUTES), () => sparsifyTraffic(table!, select!, seed, run));
  const evaluations = stage('evaluate', noTrips || (!evaluate && 'it was not asked for'), () =>
    SPLITS.filter((split) => canSplit(city, split, seeds)).map((split) => evaluateRoutes(city, { split, seeds, signal })),
  );
  const guide = stage('guide', undefined, guideWalk);
  progress?.({ done: STAGES, total: STAGES, stage: 'guide' });
  return {
    city,
    seed,
    normalize,
    combine,
    select,
    prune,
    factorize,
    directions,
    rank,
    spike,
    sparsify,
    evaluate: evaluations,
    guide,
    skipped,
  };
}

/** Positive weights of the roads that L1 keeps. */
function openRoads({ zones }: City, { roads }: PrunedRoads): CsrMatrix {
  const open = roads.filter(({ weight }) => weight > 0);
  return CsrMatrix.fromCoo(zones.length, zones.length, {
    row: open.map(({ from }) => from),
    col: open.map(({ to }) => to),
    value: open.map(({ weight }) => weight),
  });
}
