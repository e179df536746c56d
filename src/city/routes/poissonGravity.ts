import { expOf, logOf } from './logExp.ts';
import type { RouteEntries } from './routeEntries.ts';
import type { RoutePredictor } from './routeMethod.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/** A number for a pair of zones. */
export type Deterrence = (i: number, j: number) => number;

const MOST_SWEEPS = 500;
const MARGIN_ERROR = 1e-6;
const MOST_STEPS = 20;
/** A step that lowers the deviance by less than this share of it is the last one. */
const ENOUGH = 1e-7;
/** Share that the diagonal of the normal equations grows by. */
const TWINS = 1e-9;
/** Ridge of the regression that gives zones without entries their effect. */
const RIDGE = 1;

/**
 * Doubly constrained gravity, T_ij = a_i b_j exp(gamma log c_ij - beta c_ij) (Tanner's deterrence covers power and exponential), as a Poisson regression on the observed cells (Flowerdew and Aitkin 1982):
 * a and b by iterative proportional fitting inside a Newton iteration for (beta, gamma). A zone without entries gets its effect from a log-linear
 * regression of the others' on their attributes.
 */
export function poissonGravity(train: RouteEntries, setting: ZoneSetting): RoutePredictor {
  const { row, col } = train;
  const terms = deterrenceTerms(setting);
  const theta = new Float64Array(terms.length);
  const f = Float64Array.from(row, () => 1);
  let balanced = balance(train, f);
  let deviance = devianceOf(train, f, balanced);
  for (let step = 0; step < MOST_STEPS && terms.length > 0; step++) {
    const direction = newtonDirection(train, f, balanced, terms);
    let lowered = 0;
    for (let scale = 1; scale > 1e-3; scale /= 2) {
      const next = theta.map((value, t) => value + scale * direction[t]);
      const trial = f.map((_, k) => expOf(terms.reduce((s, term, t) => s + next[t] * term(row[k], col[k]), 0)));
      const trialBalanced = balance(train, trial, balanced);
      const trialDeviance = devianceOf(train, trial, trialBalanced);
      if (!(trialDeviance < deviance)) continue;
      lowered = deviance - trialDeviance;
      [balanced, deviance] = [trialBalanced, trialDeviance];
      theta.set(next);
      f.set(trial);
      break;
    }
    if (!(lowered > ENOUGH * deviance)) break;
  }
  const a = effectsOf(balanced.a, setting);
  const b = effectsOf(balanced.b, setting);
  const cell = (i: number, j: number) => a[i] * b[j] * expOf(terms.reduce((s, term, t) => s + theta[t] * term(i, j), 0));
  return { predict: (rows, cols) => ({ value: Float64Array.from(rows, (i, k) => cell(i, cols[k])) }) };
}

/** -c / mean(c) and log(c / mean(c)). */
function deterrenceTerms({ size: n, separation }: ZoneSetting): Deterrence[] {
  if (separation === undefined) return [];
  let mean = 0;
  for (let k = 0; k < n * n; k++) if (k % (n + 1) !== 0) mean += separation[k] / (n * (n - 1));
  return [(i, j) => -separation[i * n + j] / mean, (i, j) => logOf(separation[i * n + j] / mean)];
}

interface Balanced {
  a: (number | undefined)[];
  b: (number | undefined)[];
}

/** Row and column factors of f so that row and column sums over the observed cells are those of the trips; undefined where nothing was observed. */
export function balance({ zones, row, col, value }: RouteEntries, f: Float64Array, start?: Balanced): Balanced {
  const wanted = [new Float64Array(zones), new Float64Array(zones)];
  const seen = [new Uint8Array(zones), new Uint8Array(zones)];
  for (let k = 0; k < row.length; k++) {
    wanted[0][row[k]] += value[k];
    wanted[1][col[k]] += value[k];
    seen[0][row[k]] = seen[1][col[k]] = 1;
  }
  const a = new Float64Array(zones).fill(1);
  const b = Float64Array.from({ length: zones }, (_, j) => start?.b[j] ?? 1);
  const sum = new Float64Array(zones);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    sum.fill(0);
    for (let k = 0; k < row.length; k++) sum[row[k]] += f[k] * b[col[k]];
    let error = 0;
    for (let i = 0; i < zones; i++) {
      if (wanted[0][i] > 0) error = Math.max(error, Math.abs((a[i] * sum[i]) / wanted[0][i] - 1));
      a[i] = sum[i] > 0 ? wanted[0][i] / sum[i] : 0;
    }
    sum.fill(0);
    for (let k = 0; k < row.length; k++) sum[col[k]] += f[k] * a[row[k]];
    for (let j = 0; j < zones; j++) b[j] = sum[j] > 0 ? wanted[1][j] / sum[j] : 0;
    if (sweep > 0 && error < MARGIN_ERROR) break;
  }
  const known = (effects: Float64Array, side: number) => Array.from(effects, (v, i) => (seen[side][i] ? v : undefined));
  return { a: known(a, 0), b: known(b, 1) };
}

function devianceOf({ row, col, value }: RouteEntries, f: Float64Array, { a, b }: Balanced): number {
  let total = 0;
  for (let k = 0; k < row.length; k++) {
    const m = a[row[k]]! * b[col[k]]! * f[k];
    if (value[k] > 0) total += value[k] * logOf(value[k] / m);
    total += m - value[k];
  }
  return 2 * total;
}

/** Newton's step for the deterrence, rows and columns profiled out one after the other. */
function newtonDirection(train: RouteEntries, f: Float64Array, { a, b }: Balanced, terms: readonly Deterrence[]): Float64Array {
  const { zones, row, col, value } = train;
  const m = Float64Array.from(row, (i, k) => a[i]! * b[col[k]]! * f[k]);
  const centred = terms.map((term) =>
    withoutEffects(
      Float64Array.from(row, (i, k) => term(i, col[k])),
      m,
      row,
      col,
      zones,
    ),
  );
  const p = terms.length;
  const H = new Float64Array(p * p);
  const g = new Float64Array(p);
  for (let s = 0; s < p; s++) {
    for (let k = 0; k < row.length; k++) g[s] += (value[k] - m[k]) * centred[s][k];
    for (let t = 0; t < p; t++) for (let k = 0; k < row.length; k++) H[s * p + t] += m[k] * centred[s][k] * centred[t][k];
  }
  // Where there are only two distances, both terms are one, and the equations would be singular.
  H[0] *= 1 + TWINS;
  H[3] *= 1 + TWINS;
  const determinant = H[0] * H[3] - H[1] * H[2];
  return Float64Array.of((H[3] * g[0] - H[1] * g[1]) / determinant, (H[0] * g[1] - H[2] * g[0]) / determinant);
}

/** What is left of x when weighted row and column means are taken out. */
function withoutEffects(x: Float64Array, weight: Float64Array, row: Int32Array, col: Int32Array, zones: number): Float64Array {
  for (let sweep = 0; sweep < 20; sweep++) {
    for (const at of [row, col]) {
      const sum = new Float64Array(zones);
      const total = new Float64Array(zones);
      for (let k = 0; k < x.length; k++) {
        sum[at[k]] += weight[k] * x[k];
        total[at[k]] += weight[k];
      }
      for (let k = 0; k < x.length; k++) if (total[at[k]] > 0) x[k] -= sum[at[k]] / total[at[k]];
    }
  }
  return x;
}

/** Effects of all zones: those that were fitted, and for the others what ridge regression of the logarithms on the attributes gives. */
function effectsOf(fitted: readonly (number | undefined)[], { size: n, names, attributes }: ZoneSetting): Float64Array {
  // Where nobody goes anywhere there is nothing to learn from.
  if (!fitted.some((effect) => effect !== undefined && effect > 0)) return new Float64Array(n);
  const p = 1 + names.length;
  const A = new Float64Array(p * p);
  const c = new Float64Array(p);
  const z = (i: number) => [1, ...attributes.subarray(i * names.length, (i + 1) * names.length)];
  for (let i = 0; i < n; i++) {
    const effect = fitted[i];
    if (effect === undefined || !(effect > 0)) continue;
    const row = z(i);
    for (let s = 0; s < p; s++) {
      c[s] += row[s] * logOf(effect);
      for (let t = 0; t < p; t++) A[s * p + t] += row[s] * row[t];
    }
  }
  for (let s = 1; s < p; s++) A[s * p + s] += RIDGE;
  const theta = eliminate(A, c, p);
  return Float64Array.from({ length: n }, (_, i) => fitted[i] ?? expOf(z(i).reduce((s, v, t) => s + v * theta[t], 0)));
}

/** A^-1 c for a small symmetric positive definite A, in place. */
function eliminate(A: Float64Array, c: Float64Array, p: number): Float64Array {
  for (let s = 0; s < p; s++) {
    for (let r = s + 1; r < p; r++) {
      const ratio = A[r * p + s] / A[s * p + s];
      for (let t = s; t < p; t++) A[r * p + t] -= ratio * A[s * p + t];
      c[r] -= ratio * c[s];
    }
  }
  for (let s = p - 1; s >= 0; s--) {
    for (let t = s + 1; t < p; t++) c[s] -= A[s * p + t] * c[t];
    c[s] /= A[s * p + s];
  }
  return c;
}
