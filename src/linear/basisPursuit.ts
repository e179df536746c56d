import type { DesignInput } from '../backend/residentMatrix.ts';
import { nonNegativeNumber, optionsObject } from '../core/checks.ts';
import { SpinifexError } from '../core/errors.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { ActiveSet } from './activeSet.ts';
import { type Certificate, certify } from './certificate.ts';
import { runJob } from './job.ts';
import { recipeOf } from './options.ts';
import type { Problem } from './problem.ts';

/** Lambda falls by this factor between two attempts. */
const DESCENT = 0.1;
/** After this many the path has surely reached its last linear piece, if it has one in 64-bit arithmetic. */
const ATTEMPTS = 14;
/** A system counts as solved when ||Ax - b|| is below this share of ||b||, or below `tol` if that is larger. */
const SOLVED = 1e-9;

/** Options of `basisPursuit`. */
export interface BasisPursuitOptions {
  /** Relative duality gap, and relative residual ||Ax - b|| / ||b||, to stop at. @default 1e-9 */
  tol?: number;
}

/** A solution of Ax = b with the smallest L1 norm. */
export interface BasisPursuit {
  x: Float64Array;
  /** Whether it is the only one. */
  unique: boolean;
  /** primal = ||x||_1, dual = b'theta <= every ||x||_1 with Ax = b; gap relative to primal; kkt = ||Ax - b|| / ||b||. */
  certificate: Certificate;
}

/**
 * Basis pursuit (Chen, Donoho, Saunders 1998):
 *
 *   min ||x||_1   subject to   A x = b
 *
 * by following the lasso to lambda -> 0: on its last linear piece the solution is extrapolated to lambda = 0 exactly. The dual point is the
 * residual divided by lambda, scaled into ||A'theta||_inf <= 1.
 *
 * @param A m x n, dense or sparse
 * @param b m values
 * @throws SpinifexError `INFEASIBLE` when no x solves A x = b
 * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite
 * @example
 * basisPursuit([[10, 1]], [5]).x; // Float64Array [ 0.5, 0 ]
 */
export function basisPursuit(A: DesignInput, b: VectorInput, options?: BasisPursuitOptions): BasisPursuit {
  const { tol = 1e-9 } = optionsObject(options, 'basisPursuit', ['tol']);
  nonNegativeNumber(tol, 'tol');
  const recipe = recipeOf({ fitIntercept: false }, 1);
  return runJob(
    A,
    b,
    recipe,
    {},
    (job) => {
      const problem = job.problem();
      const solver = new ActiveSet(problem);
      if (problem.nullLoss === 0) return trivial(problem, tol);
      let lambda = solver.steepest();
      let best: Attempt | undefined;
      for (let k = 1; k <= ATTEMPTS; k++) {
        lambda *= DESCENT;
        const { epochs } = solver.solve({ lambda, tol: 0, maxEpochs: 1e6 });
        const attempt = extrapolate(problem, solver, lambda, epochs);
        if (!best || attempt.residual + attempt.gap < best.residual + best.gap) best = attempt;
        if (best.residual <= tol && best.gap <= tol) break;
      }
      const { x, residual, gap, norm, unique, epochs } = best!;
      if (residual > Math.max(tol, SOLVED)) {
        throw new SpinifexError(
          'INFEASIBLE',
          `b: A x = b has no solution: ||A x - b|| / ||b|| is at best ${residual.toExponential(2)}`,
        );
      }
      const certificate = certify({
        primal: norm,
        gap: gap * norm,
        nullLoss: norm,
        kkt: residual,
        epochs,
        tol,
        stalled: true,
        unique,
      });
      return { x, unique, certificate };
    },
    { X: 'A', y: 'b' },
  );
}

interface Attempt {
  x: Float64Array;
  norm: number;
  /** ||A x - b|| / ||b|| */
  residual: number;
  /** (||x||_1 - b'theta) / ||x||_1 */
  gap: number;
  unique: boolean;
  epochs: number;
}

/** The end at lambda = 0 of the linear piece that lambda lies on, judged by the dual point at lambda. */
function extrapolate(problem: Problem, solver: ActiveSet, lambda: number, epochs: number): Attempt {
  const { frame, kernels, n, p, response } = problem;
  const r = frame.f64(n);
  const g = frame.f64(p);
  const before = solver.coefficients();
  problem.residual(before.index, before.values, r);
  problem.correlate(r, 0, p, g);
  const steepest = kernels.normMax(g, p);
  const bound = kernels.dot(r, response, n) / steepest;
  const unique = solver.isUnique(lambda);
  const end = solver.extrapolated(lambda);
  problem.residual(end.index, end.values, r);
  const residual = kernels.norm2(r, n) / kernels.norm2(response, n);
  for (const pointer of [g, r]) frame.release(pointer);
  const x = new Float64Array(p);
  let norm = 0;
  for (let k = 0; k < end.index.length; k++) {
    x[end.index[k]] = end.values[k];
    norm += Math.abs(end.values[k]);
  }
  return { x, norm, residual, gap: norm > 0 ? Math.abs(norm - bound) / norm : 0, unique, epochs };
}

function trivial(problem: Problem, tol: number): BasisPursuit {
  const certificate = certify({ primal: 0, gap: 0, nullLoss: 0, kkt: 0, epochs: 0, tol, stalled: true, unique: true });
  return { x: new Float64Array(problem.p), unique: true, certificate };
}
