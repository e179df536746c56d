import { conjugateGradients } from './conjugateGradients.ts';
import type { RoadNetwork } from './roadNetwork.ts';

/** Most times that links are closed or opened again. */
const ROUNDS = 30;

/**
 * Flow conservation (Kirchhoff): the traffic v >= 0 of unknown links that is nearest to an estimate and balances at every place whose balance is known,
 *
 *   min sum over unknown links (v - estimate)^2 / variance   subject to   sum out - sum in = balance at those places.
 *
 * Its dual is one potential per place, a weighted Laplacian system (an electrical network), solved by conjugate gradients; links that would become
 * negative are held at 0 in turn.
 *
 * @param traffic NaN where unknown
 * @param balance per place, NaN where it is not known
 * @param estimate, variance per unknown link, in the order of `unknown`
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
  const missing = balance.slice();
  for (let e = 0; e < traffic.length; e++) {
    if (Number.isNaN(traffic[e])) continue;
    missing[from[e]] -= traffic[e];
    missing[to[e]] += traffic[e];
  }
  const held = new Uint8Array(unknown.length);
  const flow = new Float64Array(unknown.length);
  for (let round = 0; round < ROUNDS; round++) {
    const ends = { from, to, unknown, held, variance };
    const rest = missing.slice();
    unknown.forEach((e, k) => {
      if (held[k] === 1) return;
      rest[from[e]] -= estimate[k];
      rest[to[e]] += estimate[k];
    });
    const potential = potentials(ends, rest, n);
    let changed = false;
    unknown.forEach((e, k) => {
      flow[k] = estimate[k] + variance[k] * (potential[from[e]] - potential[to[e]]);
      const negative = flow[k] < 0;
      if (negative !== (held[k] === 1)) changed = true;
      // Rounding must not open and close a link forever.
      held[k] = negative ? 1 : 0;
      if (negative) flow[k] = 0;
    });
    if (!changed) break;
  }
  return flow;
}

interface Ends {
  from: Int32Array;
  to: Int32Array;
  unknown: Int32Array;
  held: Uint8Array;
  variance: Float64Array;
}

/** Solves (A S A') potential = rest over the places with a balance (rest is not NaN); others stay at 0. */
function potentials({ from, to, unknown, held, variance }: Ends, rest: Float64Array, n: number): Float64Array {
  const free = rest.map((value) => (Number.isNaN(value) ? 0 : 1));
  const diagonal = new Float64Array(n);
  const root = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    while (root[i] !== i) i = root[i] = root[root[i]];
    return i;
  };
  unknown.forEach((e, k) => {
    if (held[k] === 1 || from[e] === to[e]) return;
    diagonal[from[e]] += variance[k];
    diagonal[to[e]] += variance[k];
    root[find(from[e])] = find(to[e]);
  });
  const b = rest.map((value, i) => (free[i] ? value : 0));
  // A part of the network without a free end balances only if what is missing sums to 0: rounding, or data that contradict themselves, are spread.
  const sum = new Float64Array(n);
  const count = new Float64Array(n);
  const open = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const r = find(i);
    sum[r] += b[i];
    count[r]++;
    if (!free[i]) open[r] = 1;
  }
  for (let i = 0; i < n; i++) {
    const r = find(i);
    if (open[r] === 0) b[i] -= sum[r] / count[r];
  }
  const apply = (x: Float64Array, out: Float64Array) => {
    out.fill(0);
    unknown.forEach((e, k) => {
      if (held[k] === 1) return;
      const [i, j] = [from[e], to[e]];
      const current = variance[k] * (x[i] - x[j]);
      out[i] += current;
      out[j] -= current;
    });
    for (let i = 0; i < n; i++) if (!free[i]) out[i] = 0;
  };
  return conjugateGradients(apply, diagonal.map((d, i) => (free[i] ? d : 0)), b, 1e-13);
}
