import type { RoadNetwork } from '../roads/roadNetwork.ts';
import { conjugateGradients } from './conjugateGradients.ts';

/** Most Newton steps. */
const STEPS = 60;
/** Share of its variance that a link without traffic keeps in the Newton matrix, so that no part of the network falls off. */
const LEAK = 1e-6;
/** Imbalance to stop at, relative to the traffic. */
const BALANCED = 1e-11;

/**
 * Flow conservation (Kirchhoff): the traffic v >= 0 of unknown links that is nearest to an estimate and balances at every place whose balance is known,
 *
 *   min sum over unknown links (v - estimate)^2 / variance   subject to   sum out - sum in = balance at those places.
 *
 * Its dual has one potential per place, v = max(0, estimate + variance (potential at the start - potential at the end)): an electrical network with
 * diodes. It is solved by Newton's method with an exact line search; each step is a weighted Laplacian system, by conjugate gradients. Where the data
 * contradict themselves, places stay out of balance by as little as the steps achieve.
 *
 * @param traffic NaN where unknown
 * @param balance per place, NaN where it is not known
 * @param estimate per unknown link, in the order of `unknown`
 * @param variance the same
 */
export function conserveFlow(
  { from, to, places }: Pick<RoadNetwork, 'from' | 'to' | 'places'>,
  traffic: Float64Array,
  balance: Float64Array,
  unknown: Int32Array,
  estimate: Float64Array,
  variance: Float64Array,
): Float64Array {
  const n = places.length;
  const free = balance.map((value) => (Number.isNaN(value) ? 0 : 1));
  const missing = balance.map((value) => (Number.isNaN(value) ? 0 : value));
  let size = 0;
  for (let e = 0; e < traffic.length; e++) {
    if (Number.isNaN(traffic[e])) continue;
    missing[from[e]] -= traffic[e];
    missing[to[e]] += traffic[e];
    size = Math.max(size, traffic[e]);
  }
  for (const value of estimate) size = Math.max(size, value);
  const start = Int32Array.from(unknown, (e) => from[e]);
  const end = Int32Array.from(unknown, (e) => to[e]);
  const potential = new Float64Array(n);
  const trial = new Float64Array(n);
  const flow = new Float64Array(unknown.length);
  const rest = new Float64Array(n);
  /** Flows and imbalances at the trial potentials. */
  const evaluate = () => {
    rest.set(missing);
    for (let k = 0; k < flow.length; k++) {
      flow[k] = Math.max(0, estimate[k] + variance[k] * (trial[start[k]] - trial[end[k]]));
      rest[start[k]] -= flow[k];
      rest[end[k]] += flow[k];
    }
    for (let i = 0; i < n; i++) rest[i] *= free[i];
  };
  evaluate();
  for (let step = 0; step < STEPS; step++) {
    if (rest.every((value) => Math.abs(value) <= BALANCED * size)) break;
    const weight = flow.map((v, k) => (v > 0 ? variance[k] : LEAK * variance[k]));
    const direction = newtonDirection(start, end, weight, free, rest);
    // The dual is convex, so its slope along the direction rises; where it passes 0 is the best point.
    const slopeAt = (t: number) => {
      for (let i = 0; i < n; i++) trial[i] = potential[i] + t * direction[i];
      evaluate();
      let slope = 0;
      for (let i = 0; i < n; i++) slope -= rest[i] * direction[i];
      return slope;
    };
    let [low, high] = [0, 1];
    for (let round = 0; round < 40 && slopeAt(high) < 0; round++) [low, high] = [high, 2 * high];
    // A full Newton step is exact once the right links are open.
    const full = low === 0 && Math.abs(slopeAt(1)) <= 1e-12 * Math.abs(slopeAt(0));
    for (let round = 0; round < 60 && !full; round++) {
      const middle = (low + high) / 2;
      if (slopeAt(middle) < 0) low = middle;
      else high = middle;
    }
    slopeAt(high);
    potential.set(trial);
  }
  return flow;
}

/** Solves (A W A') direction = rest over the places with a balance; others stay at 0. */
function newtonDirection(
  start: Int32Array,
  end: Int32Array,
  weight: Float64Array,
  free: Float64Array,
  rest: Float64Array,
): Float64Array {
  const diagonal = new Float64Array(rest.length);
  for (let k = 0; k < weight.length; k++) {
    if (start[k] === end[k]) continue;
    diagonal[start[k]] += weight[k] * free[start[k]];
    diagonal[end[k]] += weight[k] * free[end[k]];
  }
  const apply = (x: Float64Array, out: Float64Array) => {
    out.fill(0);
    for (let k = 0; k < weight.length; k++) {
      const current = weight[k] * (x[start[k]] - x[end[k]]);
      out[start[k]] += current;
      out[end[k]] -= current;
    }
    for (let i = 0; i < out.length; i++) out[i] *= free[i];
  };
  return conjugateGradients(apply, diagonal, inRange(start, end, free, rest), 1e-13);
}

/** A part of the network without a free end balances only if what is missing there sums to 0: rounding, or a contradiction, is spread over it. */
function inRange(start: Int32Array, end: Int32Array, free: Float64Array, rest: Float64Array): Float64Array {
  const n = rest.length;
  const root = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    while (root[i] !== i) i = root[i] = root[root[i]];
    return i;
  };
  for (let k = 0; k < start.length; k++) root[find(start[k])] = find(end[k]);
  const sum = new Float64Array(n);
  const count = new Float64Array(n);
  const open = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const r = find(i);
    sum[r] += rest[i];
    count[r]++;
    if (free[i] === 0) open[r] = 1;
  }
  return rest.map((value, i) => (open[find(i)] === 1 ? value : value - sum[find(i)] / count[find(i)]));
}
