import { integerIn, nonNegativeNumber, numberIn, optionsObject, positiveNumber, vector } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { Random } from '../../core/random.ts';
import { softThreshold } from '../../core/softThreshold.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import { type Certificate, certify } from '../certificate.ts';
import { penaltyConjugate, penaltyValue, penaltyViolation } from '../penalty.ts';
import { CheckedOperator, dot, type LinearOperator, symmetric } from './linearOperator.ts';

/** Power iterations for the first estimate of the Lipschitz constant; steps that show that it is too small double it. */
const POWER_ITERATIONS = 20;
/** Objectives closer than this share of the null loss differ by rounding only. */
const ROUNDING = 1e-15;
/** Iterations without a smaller gap or objective after which 64-bit arithmetic has no more to give. */
const IDLE = 500;

/** Options of `operatorLasso`. */
export interface OperatorLassoOptions extends RunOptions {
  /** Strength of the penalty, > 0. */
  lambda: number;
  /** Share of the L1 part; below 1 an elastic net. @default 1 */
  l1Ratio?: number;
  /** Relative duality gap to stop at. @default 1e-6 */
  tol?: number;
  /** Most iterations; reaching it is reported in the certificate. @default 10000 */
  maxIterations?: number;
  /** The largest eigenvalue of A'A / m, where it is known; doubled where it turns out to be too small. @default by power iterations */
  lipschitz?: number;
  /** How exactly the operator computes: y'(A x) and (A'y)'x may lie so far apart, relative to the vectors' lengths. 1e-5 suits 32-bit arithmetic. @default 1e-9 */
  operatorTol?: number;
  /** Seed of the vectors that the operator is tried on. @default 0 */
  seed?: number;
}

/** A sparse solution under an operator. */
export interface OperatorLasso {
  /** Exact zeros outside the support. */
  x: Float64Array;
  lambda: number;
  /** As for `Lasso`: relative duality gap, KKT violation; epochs = iterations. */
  certificate: Certificate;
  /** Steps taken; each costs one product with A and one with A'. */
  iterations: number;
  /** The Lipschitz constant of the last step. */
  lipschitz: number;
}

/**
 * The lasso (or elastic net) where A is a pair of functions instead of a matrix:
 *
 *   min over x   (1/2m) ||b - A x||^2 + lambda (l1Ratio ||x||_1 + (1 - l1Ratio)/2 ||x||^2)
 *
 * by FISTA (Beck and Teboulle 2009) with adaptive restart (O'Donoghue and Candes 2015) and backtracking. There is no intercept. The same problem
 * with the matrix written out is `new Lasso({ lambda, fitIntercept: false })`.
 *
 * @param operator `{ rows: m, cols: n, matvec(x), rmatvec(y) }`; both halves are tried on random vectors first
 * @param b m values
 * @throws SpinifexError `NOT_ADJOINT` when rmatvec is not the transpose of matvec
 * @throws TypeError, RangeError for data or options of the wrong kind or amount, and for products of the wrong length or with a value that
 * is not finite; `signal.reason` when aborted
 * @example Every second value of a signal that is sparse itself.
 * const every = { rows: 2, cols: 4, matvec: (x) => [x[0], x[2]], rmatvec: (y) => [y[0], 0, y[1], 0] };
 * operatorLasso(every, [3, 0], { lambda: 0.5 }).x; // near Float64Array [ 2, 0, 0, 0 ]
 */
export function operatorLasso(operator: LinearOperator, b: VectorInput, options: OperatorLassoOptions): OperatorLasso {
  const known = [
    'lambda',
    'l1Ratio',
    'tol',
    'maxIterations',
    'lipschitz',
    'operatorTol',
    'seed',
    'signal',
    'onProgress',
  ] as const;
  const { lambda, l1Ratio = 1, tol = 1e-6, maxIterations = 10_000, ...more } = optionsObject(options, 'operatorLasso', known);
  const { lipschitz, operatorTol = 1e-9, seed = 0, signal, onProgress } = more;
  positiveNumber(lambda, 'lambda');
  const penalty = {
    l1: lambda * numberIn(l1Ratio, 'l1Ratio', 0, 1),
    l2: lambda * (1 - l1Ratio),
    lower: -Infinity,
    upper: Infinity,
  };
  nonNegativeNumber(tol, 'tol');
  integerIn(maxIterations, 'maxIterations', 1);
  if (lipschitz !== undefined) positiveNumber(lipschitz, 'lipschitz');
  nonNegativeNumber(operatorTol, 'operatorTol');
  const random = new Random(seed);
  const A = new CheckedOperator(operator);
  const { rows: m, cols: n } = A;
  const target = vector(b, 'b', m);
  const report = withTimeLeft(onProgress);
  signal?.throwIfAborted();
  A.checkAdjoint(operatorTol, random);

  const nullLoss = dot(target, target) / (2 * m);
  const pointAt = (x: Float64Array, image = A.matvec(x)): Point => {
    const residual = target.map((v, i) => v - image[i]);
    const gradient = A.rmatvec(residual);
    return { x, residual, gradient: gradient.map((g) => g / m) };
  };
  /** Objective, absolute gap and KKT violation; the dual point is the residual, scaled where the penalty asks for it. */
  const judge = ({ x, residual, gradient }: Point) => {
    const square = dot(residual, residual);
    const along = dot(residual, target);
    const steepest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    let scale = 1;
    if (penalty.l2 === 0 && square > 0) {
      const most = penalty.l1 / Math.max(steepest, Number.MIN_VALUE);
      scale = Math.min(Math.max(along / square, -most), most);
    }
    let primal = square / (2 * m);
    let dual = (scale * (2 * along - scale * square)) / (2 * m);
    let kkt = 0;
    for (let j = 0; j < n; j++) {
      primal += penaltyValue(penalty, x[j]);
      if (penalty.l2 > 0) dual -= penaltyConjugate(penalty, gradient[j]);
      kkt = Math.max(kkt, penaltyViolation(penalty, x[j], gradient[j]));
    }
    return { primal, gap: Math.max(primal - dual, 0), kkt: kkt / lambda };
  };

  let L = lipschitz ?? largestEigenvalue(A, random);
  let now = pointAt(new Float64Array(n));
  let ahead = now;
  let t = 1;
  let iterations = 0;
  let verdict = judge(now);
  let best = { point: now, verdict };
  let lowest = verdict.primal;
  let idle = 0;
  const enough = nullLoss > 0 ? tol * nullLoss : tol;
  while (best.verdict.gap > enough && iterations < maxIterations && idle < IDLE) {
    signal?.throwIfAborted();
    let x: Float64Array;
    let image: Float64Array;
    for (; ; L *= 2) {
      x = ahead.x.map((a, j) => softThreshold(a + ahead.gradient[j] / L, penalty.l1 / L) / (1 + penalty.l2 / L));
      image = A.matvec(x);
      if (majorises(L, x, image, ahead, target, operatorTol)) break;
    }
    const next = pointAt(x, image);
    iterations++;
    if (isUphill(ahead.x, next.x, now.x)) t = 1;
    const further = 0.5 * (1 + Math.sqrt(1 + 4 * t * t));
    ahead = extrapolate(next, now, (t - 1) / further);
    t = further;
    now = next;
    verdict = judge(now);
    const lower = verdict.primal < lowest - ROUNDING * nullLoss;
    idle = lower || verdict.gap < best.verdict.gap ? 0 : idle + 1;
    if (lower) lowest = verdict.primal;
    if (verdict.gap <= best.verdict.gap) best = { point: now, verdict };
    report?.({ done: iterations, total: maxIterations });
  }
  report?.({ done: iterations, total: iterations });
  const certificate = certify({ ...best.verdict, nullLoss, epochs: iterations, tol, stalled: idle >= IDLE });
  return { x: best.point.x, lambda, certificate, iterations, lipschitz: L };
}

/** A point x with its residual b - A x and -gradient A'(b - A x) / m. */
interface Point {
  x: Float64Array;
  residual: Float64Array;
  gradient: Float64Array;
}

/** Residual and gradient are linear in x, so that looking ahead costs no product. */
function extrapolate(to: Point, from: Point, momentum: number): Point {
  const beyond = (a: Float64Array, b: Float64Array) => a.map((v, j) => v + momentum * (v - b[j]));
  return {
    x: beyond(to.x, from.x),
    residual: beyond(to.residual, from.residual),
    gradient: beyond(to.gradient, from.gradient),
  };
}

/** Whether ||A (x - a)||^2 / m <= L ||x - a||^2, up to the operator's rounding. */
function majorises(L: number, x: Float64Array, image: Float64Array, ahead: Point, b: Float64Array, rounding: number): boolean {
  let [length, stretched] = [0, 0];
  for (let j = 0; j < x.length; j++) length += (x[j] - ahead.x[j]) ** 2;
  for (let i = 0; i < b.length; i++) stretched += (image[i] - b[i] + ahead.residual[i]) ** 2;
  return length === 0 || Math.sqrt(stretched) <= Math.sqrt(b.length * L * length) + rounding * Math.sqrt(dot(b, b));
}

/** Whether the last move makes an acute angle with the gradient step back. */
function isUphill(ahead: Float64Array, next: Float64Array, before: Float64Array): boolean {
  let product = 0;
  for (let j = 0; j < ahead.length; j++) product += (ahead[j] - next[j]) * (next[j] - before[j]);
  return product > 0;
}

/** Of A'A / m, from below. */
function largestEigenvalue(A: CheckedOperator, random: Random): number {
  let v = symmetric(A.cols, random);
  let value = 0;
  for (let k = 0; k < POWER_ITERATIONS; k++) {
    const length = Math.sqrt(dot(v, v));
    if (length === 0) break;
    v = A.rmatvec(A.matvec(v.map((u) => u / length)));
    value = Math.sqrt(dot(v, v)) / A.rows;
  }
  return value > 0 ? value : 1;
}
