import { Arena } from '../../src/backend/arena.ts';
import { currentBackend } from '../../src/backend/backend.ts';
import { uploadColumns } from '../../src/backend/columns.ts';
import { GlmProblem } from '../../src/linear/glm/glmProblem.ts';
import { type LossName, lossOf } from '../../src/linear/glm/loss.ts';
import { L1, type PenaltyKind } from '../../src/linear/glm/penaltyKind.ts';
import { ProximalNewton } from '../../src/linear/glm/proximalNewton.ts';
import type { PenaltyShape } from '../../src/linear/penaltyFactors.ts';
import { type Format, stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';

/** A generalised linear model, complete but for lambda, in plain arrays. */
export interface Setup {
  loss: LossName;
  rows: number[][];
  y: number[];
  weights?: number[];
  offset?: number[];
  l1Ratio?: number;
  fitIntercept?: boolean;
  standardize?: boolean;
  factors?: number[];
  lower?: number[];
  upper?: number[];
  penalty?: PenaltyKind;
  format?: Format;
  single?: boolean;
}

export const DELTA = 0.8;
export const LOSSES: LossName[] = ['squared', 'logistic', 'squaredHinge', 'poisson', 'huber'];

/** Opens the problem on the solver, and gives its memory back afterwards. */
export function solving<T>(setup: Setup, body: (solver: ProximalNewton, problem: GlmProblem) => T): T {
  const frame = new Arena(currentBackend());
  const { l1Ratio = 1, fitIntercept = true, standardize = false, factors, lower, upper } = setup;
  const array = (values: number[] | undefined) => values && Float64Array.from(values);
  const shape: PenaltyShape = { l1Ratio, fitIntercept, standardize };
  if (factors) shape.penaltyFactors = Float64Array.from(factors);
  if (lower && upper) {
    shape.lower = Float64Array.from(lower);
    shape.upper = Float64Array.from(upper);
  }
  try {
    const X = stored(setup.rows, setup.format ?? 'row-major', setup.single ? Float32Array : Float64Array);
    const data = { response: Float64Array.from(setup.y), sampleWeight: array(setup.weights), offset: array(setup.offset) };
    const problem = new GlmProblem(frame, uploadColumns(frame, X), lossOf(setup.loss, DELTA), data, shape, setup.penalty ?? L1);
    return body(new ProximalNewton(problem), problem);
  } finally {
    frame.releaseAll();
  }
}

export interface Point {
  coef: number[];
  intercept: number;
}

/** Where the solver stands, dense. */
export function pointOf(solver: ProximalNewton, p: number): Point {
  const coef = new Array<number>(p).fill(0);
  const { index, values } = solver.coefficients();
  for (const [k, j] of index.entries()) coef[j] = values[k];
  return { coef, intercept: solver.intercept };
}

export const RUN = { tol: 1e-10, maxEpochs: 100000 };

/** Certificate and solution at lambda = share of the largest, by way of larger ones. */
export function solved(setup: Setup, share: number, run = RUN) {
  return solving(setup, (solver) => {
    const lambda = share * solver.largestLambda();
    const certificate = solver.descend({ ...run, lambda });
    return { certificate, lambda, nullLoss: solver.nullLoss, ...pointOf(solver, setup.rows[0].length) };
  });
}

const sigmoid = (f: number) => (f < 0 ? Math.exp(f) / (1 + Math.exp(f)) : 1 / (1 + Math.exp(-f)));

/** phi(y, f), phi'(y, f), and a bound on phi''. */
function lossAt(loss: LossName, y: number, f: number): [value: number, slope: number] {
  switch (loss) {
    case 'squared':
      return [(f - y) ** 2 / 2, f - y];
    case 'logistic':
      return [Math.log1p(Math.exp(-Math.abs(f))) + Math.max(f, 0) - y * f, y === 1 ? -sigmoid(-f) : sigmoid(f)];
    case 'squaredHinge':
      return [Math.max(0, 1 - y * f) ** 2, -2 * y * Math.max(0, 1 - y * f)];
    case 'poisson':
      return [Math.exp(f) - y * f, Math.exp(f) - y];
    default: {
      const e = Math.abs(f - y);
      return [e <= DELTA ? e ** 2 / 2 : DELTA * e - DELTA ** 2 / 2, Math.max(-DELTA, Math.min(DELTA, f - y))];
    }
  }
}

/** A second opinion on a setup, from the definitions. */
export class Oracle {
  readonly setup: Setup;
  readonly weights: number[];
  /** Standard deviations under `standardize`, otherwise 1. */
  readonly spread: number[];
  /** Columns that stay at zero. */
  readonly excluded: boolean[];

  constructor(setup: Setup) {
    const { rows, weights, factors, standardize, fitIntercept = true } = setup;
    this.setup = setup;
    const raw = weights ?? rows.map(() => 1);
    const total = raw.reduce((a, b) => a + b, 0);
    this.weights = raw.map((w) => w / total);
    const p = rows[0].length;
    const sd = Array.from({ length: p }, (_, j) => {
      const mean = this.#average((i) => rows[i][j]);
      return Math.sqrt(this.#average((i) => (rows[i][j] - mean) ** 2));
    });
    this.spread = sd.map((s) => (standardize ? s : 1));
    this.excluded = sd.map(
      (s, j) =>
        factors?.[j] === Infinity || ((fitIntercept || standardize === true) && s < 1e-12) || rows.every((row) => row[j] === 0),
    );
  }

  #average(value: (i: number) => number): number {
    return this.weights.reduce((sum, w, i) => sum + w * value(i), 0);
  }

  predictions({ coef, intercept }: Point): number[] {
    const { rows, offset } = this.setup;
    return rows.map((row, i) => row.reduce((sum, x, j) => sum + x * coef[j], intercept + (offset?.[i] ?? 0)));
  }

  loss(at: Point): number {
    const { loss, y } = this.setup;
    const f = this.predictions(at);
    return this.#average((i) => lossAt(loss, y[i], f[i])[0]);
  }

  /** l1 and l2 of column j at lambda, on b itself. */
  strengths(lambda: number, j: number): [l1: number, l2: number] {
    const { l1Ratio = 1, factors } = this.setup;
    const omega = lambda * (factors?.[j] ?? 1);
    const s = this.spread[j];
    return omega === 0 || omega === Infinity ? [0, 0] : [omega * l1Ratio * s, omega * (1 - l1Ratio) * s ** 2];
  }

  /** Objective with the L1 and ridge penalties. */
  objective(at: Point, lambda: number): number {
    return at.coef.reduce((sum, b, j) => {
      const [l1, l2] = this.strengths(lambda, j);
      return sum + l1 * Math.abs(b) + (l2 / 2) * b ** 2;
    }, this.loss(at));
  }

  /** Derivatives of the loss by coefficients and intercept. */
  gradient(at: Point): Point {
    const { loss, rows, y, fitIntercept = true } = this.setup;
    const f = this.predictions(at);
    const u = f.map((v, i) => this.weights[i] * lossAt(loss, y[i], v)[1]);
    const coef = at.coef.map((_, j) => u.reduce((sum, v, i) => sum + v * rows[i][j], 0));
    return { coef, intercept: fitIntercept ? u.reduce((a, b) => a + b, 0) : 0 };
  }

  /** Largest violation of the optimality conditions, and which column has it (-1: the intercept). */
  violation(at: Point, lambda: number): { worst: number; column: number } {
    const { lower, upper } = this.setup;
    const gradient = this.gradient(at);
    let [worst, column] = [Math.abs(gradient.intercept), -1];
    for (const [j, b] of at.coef.entries()) {
      if (this.excluded[j]) {
        if (b !== 0) worst = Infinity;
        continue;
      }
      const [l1, l2] = this.strengths(lambda, j);
      const up = gradient.coef[j] + l2 * b + (b >= 0 ? l1 : -l1);
      const down = -gradient.coef[j] - l2 * b + (b <= 0 ? l1 : -l1);
      // Directional derivatives: going up or down may not pay.
      const gain = Math.max(b < (upper?.[j] ?? Infinity) ? -up : 0, b > (lower?.[j] ?? -Infinity) ? -down : 0) / this.spread[j];
      if (gain > worst) [worst, column] = [gain, j];
    }
    return { worst, column };
  }

  /** The minimum by accelerated proximal gradient with backtracking and restarts (Beck and Teboulle 2009; O'Donoghue and Candes 2015). */
  fista(lambda: number, iterations: number): Point {
    const { fitIntercept = true, lower, upper, rows } = this.setup;
    const p = rows[0].length;
    let at: Point = { coef: new Array<number>(p).fill(0), intercept: 0 };
    let ahead = at;
    let momentum = 1;
    let step = 1;
    let value = this.objective(at, lambda);
    for (let k = 0; k < iterations; k++) {
      const gradient = this.gradient(ahead);
      const here = this.loss(ahead);
      let next = at;
      for (;;) {
        const coef = ahead.coef.map((b, j) => {
          if (this.excluded[j]) return 0;
          const [l1, l2] = this.strengths(lambda, j);
          const z = b - step * gradient.coef[j];
          const raw = (Math.sign(z) * Math.max(Math.abs(z) - step * l1, 0)) / (1 + step * l2);
          return Math.max(lower?.[j] ?? -Infinity, Math.min(upper?.[j] ?? Infinity, raw));
        });
        next = { coef, intercept: fitIntercept ? ahead.intercept - step * gradient.intercept : 0 };
        const moves = coef.map((b, j) => b - ahead.coef[j]);
        const shift = next.intercept - ahead.intercept;
        const linear = moves.reduce((sum, d, j) => sum + d * gradient.coef[j], shift * gradient.intercept);
        const square = moves.reduce((sum, d) => sum + d ** 2, shift ** 2);
        if (this.loss(next) <= here + linear + square / (2 * step) + 1e-15 * Math.abs(here)) break;
        step /= 2;
      }
      const reached = this.objective(next, lambda);
      if (reached > value) {
        momentum = 1;
        ahead = at;
        if (k % 50 === 0) step *= 1.5;
        continue;
      }
      const following = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
      const share = (momentum - 1) / following;
      ahead = {
        coef: next.coef.map((b, j) => b + share * (b - at.coef[j])),
        intercept: next.intercept + share * (next.intercept - at.intercept),
      };
      [at, value, momentum] = [next, reached, following];
    }
    return at;
  }
}

/** Responses of the loss's kind that depend on X. */
export function respond(loss: LossName, dice: Dice, rows: number[][], truth: number[], shift = 0): number[] {
  return rows.map((row) => {
    const f = row.reduce((sum, x, j) => sum + x * truth[j], shift);
    if (loss === 'logistic') return dice.unit() < sigmoid(2 * f) ? 1 : 0;
    if (loss === 'squaredHinge') return dice.unit() < sigmoid(2 * f) ? 1 : -1;
    if (loss === 'poisson') return Math.max(0, Math.round(Math.exp(0.5 * f) + dice.normal()));
    return f + 0.5 * dice.normal() + (loss === 'huber' && dice.chance(0.1) ? 8 : 0);
  });
}

/** A random setup: n x p with three columns that matter. */
export function sample(loss: LossName, seed: number, n = 40, p = 12, density = 1): Setup {
  const dice = new Dice(seed);
  const rows = dice.matrix(n, p, density);
  const truth = rows[0].map((_, j) => (j < 3 ? [1, -0.8, 0.6][j] : 0));
  return { loss, rows, y: respond(loss, dice, rows, truth, 0.3) };
}
