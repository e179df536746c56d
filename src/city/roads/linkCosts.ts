import { nonNegativeNumber } from '../../core/checks.ts';
import type { City, Link } from '../city.ts';
import { power } from './power.ts';

/** What tolls and lengths weigh beside time. */
export interface CostFactors {
  /** Cost of one unit of toll. @default 1 */
  tollFactor?: number;
  /** Cost of one unit of distance. @default 0 */
  distanceFactor?: number;
}

/** Names of the options above. */
export const COST_FACTORS = ['tollFactor', 'distanceFactor'] as const;

/** What a link costs as a function of its traffic v: fixed + time (1 + b (v / capacity)^power). */
interface LinkCost {
  fixed: number;
  time: number;
  b: number;
  capacity: number;
  power: number;
}

/** Checked numbers of the cost function of a link. */
function costOf(link: Link, title: string, factors: CostFactors): LinkCost {
  const { tollFactor = 1, distanceFactor = 0 } = factors;
  const flat = nonNegativeNumber(link.toll ?? 0, `${title}.toll`) * nonNegativeNumber(tollFactor, 'tollFactor');
  const length = nonNegativeNumber(link.distance ?? 0, `${title}.distance`) * nonNegativeNumber(distanceFactor, 'distanceFactor');
  if (link.freeFlowTime === undefined) {
    return { fixed: nonNegativeNumber(link.cost, `${title}.cost`), time: 0, b: 0, capacity: 1, power: 1 };
  }
  const capacity = nonNegativeNumber(link.capacity ?? 0, `${title}.capacity`);
  const b = nonNegativeNumber(link.b ?? 0.15, `${title}.b`);
  return {
    fixed: flat + length,
    time: nonNegativeNumber(link.freeFlowTime, `${title}.freeFlowTime`),
    b: capacity > 0 ? b : 0,
    capacity: capacity > 0 ? capacity : 1,
    power: nonNegativeNumber(link.power ?? 4, `${title}.power`),
  };
}

/**
 * Generalised cost of a link, the function of the Bureau of Public Roads (1964) with toll and length:
 *
 *   cost = freeFlowTime (1 + b (traffic / capacity)^power) + tollFactor toll + distanceFactor distance
 *
 * in the unit of `freeFlowTime`. `b` is 0.15 and `power` 4 where the link has none; without a capacity (or with 0) nothing is delayed; without a
 * `freeFlowTime` the cost is `link.cost`, whatever the traffic. The README of each TNTP network gives its factors (0 and 0 for most).
 *
 * @param traffic in the unit of `capacity`; `link.traffic`, or 0, by default
 * @throws TypeError, RangeError for negative numbers and for what is not a number
 * @example
 * linkCost({ from: 1, to: 2, distance: 3, cost: 0, freeFlowTime: 4, capacity: 1000, b: 0.15, power: 4 }, 2000); // 13.6
 */
export function linkCost(link: Link, traffic: number = link.traffic ?? 0, factors: CostFactors = {}): number {
  const f = costOf(link, 'link', factors);
  const v = nonNegativeNumber(traffic, 'traffic');
  return f.fixed + f.time * (1 + delay(f.b, v / f.capacity, f.power));
}

/** b r^p, where 0 r^p = 0. */
const delay = (b: number, ratio: number, p: number) => (b === 0 ? 0 : b * power(ratio, p));

/** The cost functions of all links of a city, by link number. */
export class LinkCosts {
  readonly #fixed: Float64Array;
  readonly #time: Float64Array;
  readonly #b: Float64Array;
  readonly #capacity: Float64Array;
  readonly #power: Float64Array;

  constructor(city: City, factors: CostFactors = {}) {
    const all = city.links.map((link, e) => costOf(link, `links[${e}]`, factors));
    this.#fixed = Float64Array.from(all, (f) => f.fixed);
    this.#time = Float64Array.from(all, (f) => f.time);
    this.#b = Float64Array.from(all, (f) => f.b);
    this.#capacity = Float64Array.from(all, (f) => f.capacity);
    this.#power = Float64Array.from(all, (f) => f.power);
  }

  /** Cost of every link at the given traffic. */
  at(traffic: Float64Array, out: Float64Array = new Float64Array(traffic.length)): Float64Array {
    for (let e = 0; e < out.length; e++) {
      out[e] = this.#fixed[e] + this.#time[e] * (1 + delay(this.#b[e], traffic[e] / this.#capacity[e], this.#power[e]));
    }
    return out;
  }

  /** d cost / d traffic of every link. */
  slopeAt(traffic: Float64Array, out: Float64Array = new Float64Array(traffic.length)): Float64Array {
    for (let e = 0; e < out.length; e++) {
      const [b, p, capacity] = [this.#b[e], this.#power[e], this.#capacity[e]];
      // Below power 1 the slope at 0 is infinite; a tiny traffic stands for none.
      const ratio = p < 1 ? Math.max(traffic[e] / capacity, 1e-9) : traffic[e] / capacity;
      out[e] = b === 0 || p === 0 ? 0 : (this.#time[e] * b * p * power(ratio, p - 1)) / capacity;
    }
    return out;
  }

  /** sum over links of the integral of cost from 0 to the traffic. */
  integral(traffic: Float64Array): number {
    let sum = 0;
    for (let e = 0; e < traffic.length; e++) {
      const v = traffic[e];
      const congested = delay(this.#b[e], v / this.#capacity[e], this.#power[e]) / (this.#power[e] + 1);
      sum += v * (this.#fixed[e] + this.#time[e] * (1 + congested));
    }
    return sum;
  }
}
