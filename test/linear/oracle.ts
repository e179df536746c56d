/**
 * A second opinion on linear models, from the definitions and with plain arrays only: objective, optimality conditions, duality gap and
 * lambda max of given coefficients. Nothing here comes from src/.
 * @module
 */

/** A penalised least-squares problem, complete. */
export interface Setup {
  rows: readonly (readonly number[])[];
  y: readonly number[];
  lambda: number;
  l1Ratio: number;
  fitIntercept: boolean;
  standardize: boolean;
  sampleWeight?: readonly number[] | undefined;
  offset?: readonly number[] | undefined;
  penaltyFactors?: readonly number[] | undefined;
  lower?: readonly number[] | undefined;
  upper?: readonly number[] | undefined;
  positive?: boolean | undefined;
}

export interface Verdict {
  /** Objective at the coefficients and the intercept as given. */
  primal: number;
  /** Objective of intercept and offset alone. */
  nullLoss: number;
  /** (primal - a dual value) / nullLoss, or the difference itself where nullLoss is 0. */
  gap: number;
  /** Largest violation of the optimality conditions / lambda, on the standardised scale where that is asked for. */
  kkt: number;
  /** What rounding alone can put into `kkt`. */
  kktNoise: number;
  /** |derivative by the intercept|, in units of the standard deviation of y about the null model. */
  interceptSlope: number;
}

interface Column {
  /** sqrt(w_i) (x_ij - mean_j) */
  z: number[];
  l1: number;
  l2: number;
  lower: number;
  upper: number;
  sd: number;
  /** May never leave 0: an infinite factor, or no spread where that counts. */
  excluded: boolean;
  /** Norm of the column before centring: the size of its rounding errors. */
  size: number;
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
};

const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

function weightsOf({ y, sampleWeight }: Setup): number[] {
  const raw = sampleWeight ?? y.map(() => 1);
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => w / total);
}

/** Mean in two passes, so that a large mean leaves no error in the centred values. */
function centre(values: readonly number[], weights: readonly number[]): { mean: number; rest: number[] } {
  const first = dot(values, weights);
  const rest = values.map((v) => v - first);
  const more = dot(rest, weights);
  return { mean: first + more, rest: rest.map((v) => v - more) };
}

/** Objective from the definition, intercept as given. */
export function objective(setup: Setup, coef: ArrayLike<number>, intercept: number): number {
  const weights = weightsOf(setup);
  const { rows, y, offset, lambda, l1Ratio, standardize, penaltyFactors } = setup;
  let value = 0;
  rows.forEach((row, i) => {
    const fitted = dot(row, coef) + intercept + (offset ? offset[i] : 0);
    value += 0.5 * weights[i] * (y[i] - fitted) ** 2;
  });
  for (let j = 0; j < coef.length; j++) {
    if (coef[j] === 0) continue;
    const { rest } = centre(column(rows, j), weights);
    const u =
      coef[j] *
      (standardize
        ? Math.sqrt(
            dot(
              rest.map((v) => v * v),
              weights,
            ),
          )
        : 1);
    value += lambda * (penaltyFactors ? penaltyFactors[j] : 1) * (l1Ratio * Math.abs(u) + 0.5 * (1 - l1Ratio) * u * u);
  }
  return value;
}

export function column(rows: readonly (readonly number[])[], j: number): number[] {
  return rows.map((row) => row[j]);
}

function columnsOf(setup: Setup): Column[] {
  const { rows, lambda, l1Ratio, fitIntercept, standardize, penaltyFactors, lower, upper, positive } = setup;
  const weights = weightsOf(setup);
  return Array.from(rows[0], (_, j) => {
    const raw = column(rows, j);
    const used = raw.filter((_, i) => weights[i] > 0);
    const flat = Math.max(...used) === Math.min(...used);
    const { rest } = centre(raw, weights);
    const sd = flat
      ? 0
      : Math.sqrt(
          dot(
            rest.map((v) => v * v),
            weights,
          ),
        );
    const factor = penaltyFactors ? penaltyFactors[j] : 1;
    const scale = standardize ? sd : 1;
    const excluded = factor === Infinity || (flat && (standardize || fitIntercept || used[0] === 0));
    return {
      z: (fitIntercept ? (flat ? raw.map(() => 0) : rest) : raw).map((v, i) => v * Math.sqrt(weights[i])),
      l1: excluded ? Infinity : lambda * l1Ratio * factor * scale,
      l2: excluded ? 0 : lambda * (1 - l1Ratio) * factor * scale * scale,
      lower: Math.max(lower ? lower[j] : -Infinity, positive ? 0 : -Infinity),
      upper: upper ? upper[j] : Infinity,
      sd: standardize && !excluded ? sd : 1,
      excluded,
      size: norm(raw.map((v, i) => v * Math.sqrt(weights[i]))),
    };
  });
}

/** y less offset and (with an intercept) its mean, times root weights. */
function responseOf(setup: Setup): number[] {
  const weights = weightsOf(setup);
  const raw = setup.y.map((v, i) => v - (setup.offset ? setup.offset[i] : 0));
  return (setup.fitIntercept ? centre(raw, weights).rest : raw).map((v, i) => v * Math.sqrt(weights[i]));
}

/** v less its projection on the span of the vectors (modified Gram-Schmidt, twice). */
function without(v: number[], vectors: number[][]): number[] {
  const basis: number[][] = [];
  for (const vector of vectors) {
    const rest = remove(remove(vector, basis), basis);
    const length = norm(rest);
    if (length > 1e-9 * norm(vector)) basis.push(rest.map((x) => x / length));
  }
  return remove(remove(v, basis), basis);
}

function remove(v: number[], basis: number[][]): number[] {
  let rest = v;
  for (const b of basis) {
    const share = dot(b, rest);
    rest = rest.map((x, i) => x - share * b[i]);
  }
  return rest;
}

/** max over lower <= b <= upper of v b - l1 |b| - l2/2 b^2, where |v| up to `noise` above l1 counts as l1. */
function conjugate({ l1, l2, lower, upper }: Column, v: number, noise: number): number {
  const excess = Math.abs(v) - l1;
  const end = v > 0 ? upper : -lower;
  if (!(excess > noise) || end === 0) return 0;
  const b = l2 > 0 ? Math.min(excess / l2, end) : end;
  return b === Infinity ? Infinity : excess * b - 0.5 * l2 * b * b;
}

/** Distance of the gradient g from what b = coefficient asks for. */
function violation({ l1, l2, lower, upper, excluded }: Column, b: number, g: number): number {
  if (excluded) return b === 0 ? 0 : Infinity;
  const pull = g - l2 * b;
  // What b may still do: rise unless it is at the upper bound, fall unless it is at the lower one.
  const rise = b < upper ? pull - (b >= 0 ? l1 : -l1) : 0;
  const fall = b > lower ? -pull - (b <= 0 ? l1 : -l1) : 0;
  return Math.max(rise, fall, 0);
}

/** Judges coefficients without looking at how they were found. */
export function judge(setup: Setup, coef: ArrayLike<number>, intercept: number): Verdict {
  const columns = columnsOf(setup);
  const response = responseOf(setup);
  const weights = weightsOf(setup);
  const nullLoss = 0.5 * dot(response, response);
  const r = [...response];
  let penalty = 0;
  columns.forEach(({ z, l1, l2 }, j) => {
    if (coef[j] === 0) return;
    for (let i = 0; i < r.length; i++) r[i] -= coef[j] * z[i];
    penalty += l1 * Math.abs(coef[j]) + 0.5 * l2 * coef[j] ** 2;
  });
  const centred = 0.5 * dot(r, r) + penalty;

  // A dual point: the residual, orthogonal to columns that cost nothing, shrunk until every hard limit holds.
  const free = columns.filter(({ l1, l2, lower, upper }, j) => l1 === 0 && l2 === 0 && coef[j] < upper && coef[j] > lower);
  let theta = without(
    r,
    free.map(({ z }) => z),
  );
  let most = 1;
  for (const each of columns) {
    if (each.excluded || free.includes(each)) continue;
    const v = dot(each.z, theta);
    const end = v > 0 ? each.upper : -each.lower;
    if (each.l2 === 0 && end === Infinity && each.l1 > 0) most = Math.max(most, Math.abs(v) / each.l1);
  }
  theta = theta.map((v) => v / most);
  let dual = dot(response, theta) - 0.5 * dot(theta, theta);
  for (const each of columns) {
    if (each.excluded || free.includes(each)) continue;
    dual -= conjugate(each, dot(each.z, theta), 1e-13 * (each.l1 + each.size * norm(response)));
  }

  const lambda = setup.lambda > 0 ? setup.lambda : Math.max(...columns.map(({ z }) => Math.abs(dot(z, response))), 1e-300);
  let kkt = 0;
  let kktNoise = 0;
  columns.forEach((each, j) => {
    kkt = Math.max(kkt, violation(each, coef[j], dot(each.z, r)) / each.sd / lambda);
    if (!each.excluded) kktNoise = Math.max(kktNoise, (1e-14 * each.size * norm(response)) / each.sd / lambda);
  });
  const residuals = setup.rows.map((row, i) => setup.y[i] - (setup.offset ? setup.offset[i] : 0) - dot(row, coef) - intercept);
  const spread = Math.sqrt(2 * nullLoss) || 1;
  return {
    primal: objective(setup, coef, intercept),
    nullLoss,
    gap: (centred - dual) / (nullLoss > 0 ? nullLoss : 1),
    kkt,
    kktNoise,
    interceptSlope: setup.fitIntercept ? Math.abs(dot(residuals, weights)) / spread : 0,
  };
}

/** Smallest lambda at which all penalised coefficients are zero; columns with factor 0 must be unbounded. */
export function largestLambda(setup: Setup): number {
  const unit = columnsOf({ ...setup, lambda: 1 });
  const factor = (j: number) => (setup.penaltyFactors ? setup.penaltyFactors[j] : 1);
  const r = without(
    responseOf(setup),
    unit.filter((each, j) => factor(j) === 0 && !each.excluded).map(({ z }) => z),
  );
  let most = 0;
  unit.forEach((each, j) => {
    if (each.excluded || factor(j) === 0) return;
    const g = dot(each.z, r);
    if (g > 0 ? each.upper > 0 : each.lower < 0) most = Math.max(most, Math.abs(g) / each.l1);
  });
  return most;
}

/** Weighted root mean square of the difference of two fits' predictions, in units of the null model's. */
export function fitDifference(setup: Setup, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const weights = weightsOf(setup);
  const response = responseOf(setup);
  const square = Array.from(a, (v, i) => weights[i] * (v - b[i]) ** 2).reduce((x, y) => x + y, 0);
  return Math.sqrt(square) / (norm(response) || 1);
}

/** Solves A x = b by Gaussian elimination with partial pivoting. */
export function solveLinear(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const rows = A.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const share = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= share * rows[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    x[k] = (rows[k][n] - dot(rows[k].slice(k + 1, n), x.slice(k + 1))) / rows[k][k];
  }
  return x;
}
