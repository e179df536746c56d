import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import { SpinifexError } from '../../core/errors.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { select } from '../../core/select.ts';
import { ActiveSet } from '../activeSet.ts';
import { basisPursuit } from '../basisPursuit.ts';
import { type Certificate, certify } from '../certificate.ts';
import { runJob } from '../job.ts';
import { recipeOf } from '../options.ts';
import type { Problem } from '../problem.ts';

/** Lambda falls by at most this factor between two solutions, so that the support grows instead of being guessed. */
const DESCENT = 0.2;
/** Two lambdas closer than this are one. */
const SAME = 1e-12;
/** Solutions after which the root is as good as it gets: descent takes 20 to rounding, each linear piece one more. */
const MOST = 500;
/** A residual this close above sigma, relative to ||b||, is rounding. */
const ROUNDING = 1e-12;
/** A residual whose correlation with every column, of unit length, is below this share of ||b|| is that of least squares. */
const STATIONARY = 1e-13;

/** Options of `basisPursuitDenoise`. */
export interface BasisPursuitDenoiseOptions {
  /** Relative duality gap to call converged. @default 1e-9 */
  tol?: number;
  /** Stops the work at its next step by throwing `signal.reason`. */
  signal?: AbortSignal;
}

/** The x of smallest L1 norm whose residual is at most sigma. */
export interface BasisPursuitDenoise {
  x: Float64Array;
  /** The same x is the lasso without intercept at this lambda; 0 where sigma leaves no room (basis pursuit), lambda max where x = 0. */
  lambda: number;
  /** ||A x - b||_2 */
  residualNorm: number;
  /** Whether it is the only solution. */
  unique: boolean;
  /**
   * primal = ||x||_1; dual = b'theta - sigma ||theta||_2 with ||A'theta||_inf <= 1, a lower bound on ||x||_1 of every feasible x; gap relative
   * to primal; kkt = the excess of ||A x - b||_2 over sigma, divided by ||b||_2.
   */
  certificate: Certificate;
}

/**
 * Basis pursuit denoising (Chen, Donoho, Saunders 1998; van den Berg and Friedlander 2008):
 *
 *   min ||x||_1   subject to   ||A x - b||_2 <= sigma
 *
 * The solution is a lasso solution x(lambda). On each linear piece of the lasso path ||r(lambda)||^2 = ||r_0||^2 + lambda^2 k, so that the
 * lambda where the residual is sigma is found piece by piece, exactly, with a bracket as the safeguard.
 *
 * @param A m x n, dense or sparse
 * @param b m values
 * @param sigma >= 0, in units of b; 0 is `basisPursuit`
 * @throws SpinifexError `INFEASIBLE` when no x has a residual that small
 * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite; `signal.reason` when aborted
 * @example
 * basisPursuitDenoise([[10, 1]], [5], 1).x; // Float64Array [ 0.4, 0 ]
 */
export function basisPursuitDenoise(
  A: DesignInput,
  b: VectorInput,
  sigma: number,
  options?: BasisPursuitDenoiseOptions,
): BasisPursuitDenoise {
  const { tol = 1e-9, signal } = optionsObject(options, 'basisPursuitDenoise', ['tol', 'signal']);
  nonNegativeNumber(tol, 'tol');
  nonNegativeNumber(sigma, 'sigma');
  if (sigma > 0) {
    const recipe = recipeOf({ fitIntercept: false }, 1);
    const body = (problem: Problem) => denoise(problem, sigma / Math.sqrt(problem.n), tol, signal);
    return runJob(A, b, recipe, signal ? { signal } : {}, (job) => body(job.problem()), { X: 'A', y: 'b' });
  }
  signal?.throwIfAborted();
  const exact = basisPursuit(A, b, { tol });
  const whole = Math.sqrt(Array.from(b).reduce((sum, v) => sum + v * v, 0));
  return { ...exact, lambda: 0, residualNorm: exact.certificate.kkt * whole };
}

/** A point of the lasso path and the end of its linear piece, as coefficients and residual norms. */
interface PathPlace {
  x: Float64Array;
  /** ||r(lambda)|| */
  norm: number;
  /** The piece extended to lambda = 0. */
  end: Float64Array;
  /** ||r_0||: least squares on the support. */
  floor: number;
  /** ||r(lambda) - r_0|| = lambda sqrt(k) */
  rise: number;
  /** Largest |a_j'r_0| / ||a_j||: 0 where no x does better. */
  slope: number;
  /** What r(lambda), as a dual point, proves of ||x||_1. */
  bound: number;
}

function denoise(problem: Problem, sigma: number, tol: number, signal?: AbortSignal): BasisPursuitDenoise {
  const { n, p, nullLoss } = problem;
  const whole = Math.sqrt(2 * nullLoss);
  const solver = new ActiveSet(problem);
  const largest = solver.steepest();
  let epochs = 0;
  // Of small residuals few digits are left: a larger one on the same linear piece may prove more.
  let proved = 0;
  const finish = (lambda: number, x: Float64Array, unique: boolean): BasisPursuitDenoise => {
    const index = Int32Array.from(x.keys()).filter((j) => x[j] !== 0);
    const { residualNorm, bound } = judge(problem, { index, values: select(x, index) }, sigma);
    const primal = x.reduce((sum, v) => sum + Math.abs(v), 0);
    const excess = Math.max(residualNorm - sigma, 0);
    const kkt = whole > 0 ? excess / whole : 0;
    const gap = Math.abs(primal - Math.max(proved, bound));
    const certificate = certify({ primal, gap, nullLoss: primal, kkt, epochs, tol, stalled: true, unique });
    return { x, lambda, residualNorm: residualNorm * Math.sqrt(n), unique, certificate };
  };
  if (sigma >= whole) return finish(largest, new Float64Array(p), true);
  if (largest === 0) infeasible(sigma, whole, n);

  let [low, high] = [0, largest];
  let lambda = DESCENT * largest;
  let last: { lambda: number; x: Float64Array } | undefined;
  let least = whole;
  for (let k = 0; k < MOST && lambda > 0; k++) {
    signal?.throwIfAborted();
    epochs += solver.solve({ lambda, tol: 0, maxEpochs: 1e6 }).epochs;
    const place = look(problem, solver, lambda, sigma);
    proved = Math.max(proved, place.bound);
    least = Math.min(least, place.floor);
    if (place.norm > sigma) high = Math.min(high, lambda);
    else low = Math.max(low, lambda);
    // ||r||^2 = floor^2 + (lambda / here)^2 rise^2 on this piece.
    const room = sigma * sigma - place.floor * place.floor;
    const share = room > 0 && place.rise > 0 ? Math.sqrt(room) / place.rise : 0;
    const root = share * lambda;
    const settled = Math.abs(root - lambda) <= SAME * lambda;
    if (settled || high - low <= SAME * high) {
      const s = Math.min(share, 1 + SAME);
      const x = settled ? place.end.map((end, j) => end + s * (place.x[j] - end)) : place.x;
      return finish(lambda, x, solver.isUnique(lambda));
    }
    if (room <= 0 && place.slope <= STATIONARY * whole) {
      if (place.floor - sigma <= ROUNDING * whole) return finish(0, place.end, solver.isUnique(lambda));
      infeasible(sigma, place.floor, n);
    }
    last = { lambda, x: place.x };
    const inside = root > low && root < high;
    const next = inside ? root : low > 0 ? Math.sqrt(low * high) : 0;
    lambda = Math.max(next, DESCENT * lambda);
    if (lambda < Number.EPSILON * largest * 1e-3) break;
  }
  if (least - sigma > ROUNDING * whole) infeasible(sigma, least, n);
  return finish(last!.lambda, last!.x, solver.isUnique(last!.lambda));
}

function infeasible(sigma: number, best: number, n: number): never {
  const root = Math.sqrt(n);
  throw new SpinifexError(
    'INFEASIBLE',
    `sigma: no x has ||A x - b|| <= ${sigma * root}: the least-squares residual is ${best * root}`,
  );
}

function look(problem: Problem, solver: ActiveSet, lambda: number, sigma: number): PathPlace {
  const { frame, heap, kernels, n, p, second } = problem;
  const at = solver.coefficients();
  const end = solver.extrapolated(lambda);
  const { residualNorm, bound, r } = judge(problem, at, sigma);
  const [r0, pulled] = [frame.f64(n), frame.f64(p)];
  problem.residual(end.index, end.values, r0);
  problem.correlate(r0, 0, p, pulled);
  const square = heap.f64(second, p);
  const slope = heap
    .f64(pulled, p)
    .reduce((most, v, j) => (square[j] > 0 ? Math.max(most, Math.abs(v) / Math.sqrt(square[j])) : most), 0);
  const floor = kernels.norm2(r0, n);
  const rest = heap.f64(r0, n);
  const rise = Math.sqrt(r.reduce((sum, v, i) => sum + (v - rest[i]) ** 2, 0));
  for (const pointer of [pulled, r0]) frame.release(pointer);
  return { x: spread(at, p), norm: residualNorm, end: spread(end, p), floor, rise, slope, bound };
}

/** r = y~ - Z x and its dual value (y~'r - sigma ||r||) / ||Z'r||_inf. */
function judge(problem: Problem, { index, values }: Coefficients, sigma: number) {
  const { frame, kernels, n, p, response } = problem;
  const [residual, gradient] = [frame.f64(n), frame.f64(p)];
  problem.residual(index, values, residual);
  problem.correlate(residual, 0, p, gradient);
  const residualNorm = kernels.norm2(residual, n);
  const steepest = kernels.normMax(gradient, p);
  const bound = steepest > 0 ? (kernels.dot(residual, response, n) - sigma * residualNorm) / steepest : 0;
  const r = frame.read(residual, n);
  for (const pointer of [gradient, residual]) frame.release(pointer);
  return { residualNorm, bound: Math.max(bound, 0), r };
}

interface Coefficients {
  index: Int32Array;
  values: Float64Array;
}

function spread({ index, values }: Coefficients, p: number): Float64Array {
  const x = new Float64Array(p);
  for (let k = 0; k < index.length; k++) x[index[k]] = values[k];
  return x;
}
