import { integerIn, nonNegativeNumber, oneOf, optionsObject } from '../../core/checks.ts';
import type { CsrMatrix } from '../../core/csrMatrix.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import type { City } from '../city.ts';
import { AllOrNothing, type Unreachable } from './allOrNothing.ts';
import { BiconjugateDirection } from './biconjugateDirection.ts';
import { COST_FACTORS, type CostFactors, LinkCosts } from './linkCosts.ts';
import { roadNetwork } from './roadNetwork.ts';
import { checkedTrips } from './tripDemand.ts';

/** Options of `assignTraffic`. */
export interface AssignmentOptions extends CostFactors, RunOptions<{ relativeGap: number }> {
  /** Relative gap to stop at. @default 1e-4 */
  tol?: number;
  /** Most iterations; reaching it is reported. @default 500 */
  maxIterations?: number;
  /** Trips to assign; what is not stored is 0. @default city.trips */
  trips?: CsrMatrix;
  /** What happens to trips between zones that no path joins: `'refuse'` them with an error, or `'skip'` them. @default 'refuse' */
  unreachable?: Unreachable;
}

/** Traffic at (nearly) user equilibrium, by link. */
export interface Assignment {
  traffic: Float64Array;
  /** Generalised cost of each link at that traffic. */
  cost: Float64Array;
  /** (total cost - total cost if everyone could take the cheapest path at these costs) / total cost; 0 at equilibrium. */
  relativeGap: number;
  converged: boolean;
  iterations: number;
  /** Value of Beckmann's objective, which the equilibrium minimises. */
  objective: number;
  /** Relative gap and objective before every step. */
  history: readonly { relativeGap: number; objective: number }[];
}

/**
 * User equilibrium (Wardrop 1952): traffic such that no trip has a cheaper path than its own, as the minimum of Beckmann's objective, by the
 * bi-conjugate Frank-Wolfe method (Mitradjieva and Lindberg 2013) with an exact line search. Costs as in `linkCost`. Trips within a zone use no
 * link. O(zones links log places) per iteration.
 *
 * @throws SpinifexError `NO_TRIPS` for a city without trips, `NO_PATH` for trips between zones that no path joins
 * @throws TypeError, RangeError for numbers that are negative or not finite
 * @example
 * const { traffic, relativeGap } = assignTraffic(city, { tol: 1e-5 });
 */
export function assignTraffic(city: City, options?: AssignmentOptions): Assignment {
  const known = ['tol', 'maxIterations', 'trips', 'unreachable', 'signal', 'onProgress', ...COST_FACTORS] as const;
  const given = optionsObject(options, 'assignTraffic', known);
  const { tol = 1e-4, maxIterations = 500, trips, unreachable = 'refuse', signal, onProgress, ...factors } = given;
  nonNegativeNumber(tol, 'tol');
  integerIn(maxIterations, 'maxIterations', 1);
  oneOf(unreachable, 'unreachable', ['refuse', 'skip']);
  const report = withTimeLeft(onProgress);
  const costs = new LinkCosts(city, factors);
  const loading = new AllOrNothing(city, roadNetwork(city), checkedTrips(city, trips), unreachable);
  const links = city.links.length;
  const cost: Float64Array = costs.at(new Float64Array(links));
  const traffic: Float64Array = loading.load(cost, signal).slice();
  const directions = new BiconjugateDirection(links);
  const history: { relativeGap: number; objective: number }[] = [];
  for (let iterations = 1; ; iterations++) {
    costs.at(traffic, cost);
    const cheapest = loading.load(cost, signal);
    const total = dot(cost, traffic);
    const relativeGap = total > 0 ? Math.max(0, (total - dot(cost, cheapest)) / total) : 0;
    const objective = costs.integral(traffic);
    history.push({ relativeGap, objective });
    report?.({ done: iterations, total: maxIterations, relativeGap });
    const converged = relativeGap <= tol;
    if (converged || iterations === maxIterations) {
      return { traffic, cost, relativeGap, converged, iterations, objective, history };
    }
    const target = directions.next(traffic, cheapest, cost, costs.slopeAt(traffic));
    directions.took(step(costs, traffic, target));
  }
}

/** Moves the traffic to the lowest point of the objective on the way to the target; returns which share of the way that is. */
function step(costs: LinkCosts, traffic: Float64Array, target: Float64Array): number {
  const trial = new Float64Array(traffic.length);
  const cost = new Float64Array(traffic.length);
  const slopeAt = (share: number) => {
    for (let e = 0; e < trial.length; e++) trial[e] = Math.max(0, traffic[e] + share * (target[e] - traffic[e]));
    costs.at(trial, cost);
    let slope = 0;
    for (let e = 0; e < trial.length; e++) slope += cost[e] * (target[e] - traffic[e]);
    return slope;
  };
  let [low, high] = [0, 1];
  if (slopeAt(1) > 0) {
    for (let round = 0; round < 40 && high - low > 1e-12; round++) {
      const middle = (low + high) / 2;
      if (slopeAt(middle) > 0) high = middle;
      else low = middle;
    }
  } else low = 1;
  for (let e = 0; e < traffic.length; e++) traffic[e] = Math.max(0, traffic[e] + low * (target[e] - traffic[e]));
  return low;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let e = 0; e < a.length; e++) sum += a[e] * b[e];
  return sum;
}
