import { allocateFloats } from '../../core/allocateFloats.ts';
import { optionsObject } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import type { City } from '../city.ts';
import { halfNearestOnDiagonal } from './intrazonal.ts';
import { type LinkWeight, linkWeights } from './linkWeights.ts';
import { PathSearch } from './pathSearch.ts';
import { roadNetwork } from './roadNetwork.ts';

/** Options of `costSkim`. */
export interface CostSkimOptions extends RunOptions {
  /** What is added up along a path. @default 'cost' */
  weight?: LinkWeight;
}

/**
 * What it costs to get from every zone to every other: zones x zones, entry (i, j) along the cheapest path from i to j. Paths do not pass
 * through `city.noThrough`; Infinity where there is none. Within a zone: half of what its nearest other zone costs.
 *
 * @throws RangeError for negative or missing weights: `links[3].freeFlowTime is undefined: expected a number >= 0`
 * @throws SpinifexError `UNKNOWN_ID` for a link from or to an unknown place
 * @example
 * costSkim(city, { weight: 'freeFlowTime' }).get(0, 5); // minutes from the first zone to the sixth on empty roads
 */
export function costSkim(city: City, options?: CostSkimOptions): DenseMatrix {
  const { weight = 'cost', signal, onProgress } = optionsObject(options, 'costSkim', ['weight', 'signal', 'onProgress']);
  const report = withTimeLeft(onProgress);
  const network = roadNetwork(city);
  const { zones } = network;
  const search = new PathSearch(network);
  search.setCosts(linkWeights(city, weight));
  const data = allocateFloats(zones * zones, `a ${zones} x ${zones} matrix`);
  for (let i = 0; i < zones; i++) {
    signal?.throwIfAborted();
    search.run(i);
    data.set(search.cost.subarray(0, zones), i * zones);
    report?.({ done: i + 1, total: zones });
  }
  return halfNearestOnDiagonal(new DenseMatrix(data, zones, zones));
}
