import { nonNegativeNumber, numberArray, optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { City } from '../city.ts';
import { COST_FACTORS, type CostFactors, LinkCosts } from './linkCosts.ts';

/**
 * The objective whose minimum is the user equilibrium (Beckmann, McGuire and Winsten 1956):
 *
 *   sum over links of the integral of cost(x) dx from 0 to v
 *     = sum freeFlowTime (v + b v^(power + 1) / ((power + 1) capacity^power)) + v (tollFactor toll + distanceFactor distance)
 *
 * @param traffic one number >= 0 per link; what `city.links` carry (0 where unknown) by default
 * @throws TypeError, RangeError as `linkCost`
 * @example
 * beckmannObjective(city); // 4231335.28710744 for Sioux Falls, whose published optimum is 42.31335287107440 (in 1e5)
 */
export function beckmannObjective(city: City, traffic?: VectorInput, factors?: CostFactors): number {
  const costs = new LinkCosts(city, optionsObject(factors, 'beckmannObjective', COST_FACTORS));
  const given = traffic === undefined ? undefined : numberArray(traffic, 'traffic', city.links.length);
  const v = Float64Array.from(city.links, (link, e) => nonNegativeNumber(given?.[e] ?? link.traffic ?? 0, `traffic[${e}]`));
  return costs.integral(v);
}
