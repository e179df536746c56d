import type { SvmLoss } from './svmState.ts';

/** Rounds of the safeguarded Newton iteration; it ends after a handful, once the rows that count no longer change. */
const ROUNDS = 200;

/** The b that minimises sum_i cost_i loss(y_i (f_i + b)), from `start`; `start` itself where every b is as good. */
export function bestIntercept(f: Float64Array, y: Float64Array, cost: Float64Array, loss: SvmLoss, start: number): number {
  return loss === 'hinge' ? medianIntercept(f, y, cost, start) : newtonIntercept(f, y, cost, start);
}

/** The derivative is piecewise linear and increasing: Newton's step, or halving where it leaves the bracket. */
function newtonIntercept(f: Float64Array, y: Float64Array, cost: Float64Array, start: number): number {
  let low = -Infinity;
  let high = Infinity;
  let b = start;
  for (let round = 0; round < ROUNDS; round++) {
    let slope = 0;
    let curvature = 0;
    for (let i = 0; i < f.length; i++) {
      const short = y[i] - f[i] - b;
      if (short * y[i] <= 0) continue;
      slope -= cost[i] * short;
      curvature += cost[i];
    }
    if (slope === 0) return b;
    if (slope < 0) low = b;
    else high = b;
    let next = b - slope / curvature;
    if (!(next > low && next < high)) next = Number.isFinite(low + high) ? 0.5 * (low + high) : next;
    if (next === b || next === low || next === high) return next;
    b = next;
  }
  return b;
}

/** The slope jumps by cost_i at y_i - f_i, from -sum of the positive costs: b is where it crosses 0. */
function medianIntercept(f: Float64Array, y: Float64Array, cost: Float64Array, start: number): number {
  const jumps = f.map((value, i) => y[i] - value);
  const order = Int32Array.from(f.keys()).sort((a, b) => jumps[a] - jumps[b] || a - b);
  let slope = 0;
  for (let i = 0; i < y.length; i++) if (y[i] > 0) slope -= cost[i];
  if (slope === 0) return start;
  for (const i of order) {
    slope += cost[i];
    if (slope >= 0) return jumps[i];
  }
  return start;
}
