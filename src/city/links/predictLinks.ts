import { integerVector, nonNegativeNumber, oneOf, optionsObject } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { City, PlaceId } from '../city.ts';
import { determinedLinks } from './determinedLinks.ts';
import { classMedian, inverseDistance, type LinkPredictor, laplacianRegression, nearestNeighbours } from './linkMethods.ts';
import { assignedTraffic, conserving, linkRegression } from './linkRegression.ts';
import { type LinkStudy, linkStudy } from './linkStudy.ts';
import { nodeBalance } from './nodeBalance.ts';

/** How unknown traffic is predicted. */
export type LinkMethod =
  | 'class median'
  | 'nearest neighbours'
  | 'inverse distance'
  | 'laplacian'
  | 'conservation'
  | 'assigned trips'
  | 'regression'
  | 'regression + conservation';

/** The methods, what each is given beside known traffic, and which are ours. */
export const LINK_METHODS: Readonly<Record<LinkMethod, { predict: LinkPredictor; knows: readonly string[]; ours: boolean }>> = {
  'class median': { predict: classMedian, knows: ['class'], ours: false },
  'nearest neighbours': { predict: nearestNeighbours, knows: ['attributes'], ours: false },
  'inverse distance': { predict: inverseDistance, knows: ['network'], ours: false },
  laplacian: { predict: laplacianRegression, knows: ['network'], ours: false },
  conservation: { predict: conserving(classMedian), knows: ['class', 'network', 'margins'], ours: false },
  'assigned trips': { predict: assignedTraffic, knows: ['network', 'known trips'], ours: false },
  regression: { predict: linkRegression, knows: ['attributes', 'network', 'known trips'], ours: true },
  'regression + conservation': {
    predict: conserving(linkRegression),
    knows: ['attributes', 'network', 'known trips', 'margins'],
    ours: true,
  },
};

/** Options of `predictLinks`. */
export interface PredictLinksOptions {
  /** Positions in `city.links`; their traffic, where given, is not looked at. @default the links without traffic */
  unknown?: ArrayLike<number>;
  /** @default 'regression + conservation' */
  method?: LinkMethod;
  signal?: AbortSignal;
}

/** Traffic of a link that was not observed. */
export interface PredictedLink {
  /** Position in `city.links`. */
  link: number;
  from: PlaceId;
  to: PlaceId;
  value: number;
  /** Whether the known links determine it exactly, by conservation at every place on the way; then the value is no estimate. */
  determined: boolean;
}

/**
 * Traffic of links where it was never observed. By default: the root of traffic by an elastic net on what is known of every link without its traffic
 * (attributes, class, betweenness on empty roads, the known trips assigned to the network), residuals smoothed over neighbouring links, then moved as
 * little as needed to obey conservation of flow, sum out - sum in = trips that start - trips that end, at every place whose trips are known.
 *
 * @throws SpinifexError `NO_TRAFFIC` where no link has known traffic
 * @throws TypeError, RangeError for anything else that is wrong
 * @example
 * predictLinks(city, { unknown: [4, 5] }); // [{ link: 4, from: 3, to: 68, value: 1702.4, determined: false }, ...]
 */
export function predictLinks(city: City, options?: PredictLinksOptions): PredictedLink[] {
  const given = optionsObject(options, 'predictLinks', ['unknown', 'method', 'signal']);
  const method = oneOf(given.method ?? 'regression + conservation', 'method', Object.keys(LINK_METHODS) as LinkMethod[]);
  const study = linkStudy(city, given.signal);
  const traffic = knownTraffic(city);
  const unknown =
    given.unknown === undefined
      ? Int32Array.from(traffic.keys()).filter((e) => Number.isNaN(traffic[e]))
      : integerVector(given.unknown, 'unknown', 0, city.links.length - 1);
  for (const e of unknown) traffic[e] = Number.NaN;
  const all = predictAll(study, traffic, method);
  return Array.from(unknown, (e) => ({ link: e, from: city.links[e].from, to: city.links[e].to, ...(all.get(e) as Prediction) }));
}

type Prediction = Pick<PredictedLink, 'value' | 'determined'>;

function predictAll(study: LinkStudy, traffic: Float64Array, method: LinkMethod): Map<number, Prediction> {
  const unknown = Int32Array.from(traffic.keys()).filter((e) => Number.isNaN(traffic[e]));
  if (unknown.length === traffic.length)
    throw new SpinifexError('NO_TRAFFIC', 'city: expected at least one link with known traffic');
  if (unknown.length === 0) return new Map();
  const values = LINK_METHODS[method].predict(study, traffic, unknown);
  const determined = determinedLinks(study.network, nodeBalance(study, traffic), unknown);
  const conserves = LINK_METHODS[method].knows.includes('margins');
  return new Map(Array.from(unknown, (e, k) => [e, { value: values[k], determined: conserves && determined[k] === 1 }]));
}

/** One number per link, NaN where it is unknown. @throws RangeError, TypeError for traffic that is no finite number >= 0 */
export function knownTraffic(city: City): Float64Array {
  return Float64Array.from(city.links, ({ traffic }, e) => {
    return traffic === undefined ? Number.NaN : nonNegativeNumber(traffic, `links[${e}].traffic`);
  });
}
