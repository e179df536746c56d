import type { Pointer } from '../../backend/kernels.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { RunOptions } from '../../core/progress.ts';
import { withTimeLeft } from '../../core/timeLeft.ts';
import { runJob } from '../job.ts';
import { recipeOf } from '../options.ts';
import type { Problem } from '../problem.ts';
import { SupportFit } from './supportFit.ts';

/** A correlation below this share of ||b|| is rounding. */
const NEGLIGIBLE = 1e-12;

/** Options of `orthogonalMatchingPursuit`. */
export interface MatchingPursuitOptions extends RunOptions {
  /** Most columns to take. @default as many as it needs */
  nonzeros?: number;
  /** Relative residual ||A x - b|| / ||b|| to stop at. @default 1e-9 */
  tol?: number;
}

/** A greedy sparse solution of A x = b. */
export interface OrthogonalMatchingPursuit {
  x: Float64Array;
  /** Columns in order of entry. */
  support: Int32Array;
  /** ||A x - b||_2 */
  residualNorm: number;
  /**
   * Why it stopped: `'residual'`, the residual is small enough; `'nonzeros'`, as many columns as were asked for, with the residual above `tol`;
   * `'exhausted'`, neither, and no other column makes the residual smaller.
   */
  status: 'residual' | 'nonzeros' | 'exhausted';
  /** Whether it reached what was asked for: the residual, or the number of columns where only that was given. */
  converged: boolean;
}

/**
 * Orthogonal matching pursuit (Pati, Rezaiifar, Krishnaprasad 1993; Tropp and Gilbert 2007): a sparse x with A x near b. The column that
 * correlates most with the residual enters, |a_j'r| / ||a_j||, then all coefficients in are fitted again by least squares; a step costs one
 * product with A' and O(m nonzeros). Columns need not be normalised; those that depend on the ones in never enter.
 *
 * @param A m x n, dense or sparse
 * @param b m values
 * @throws TypeError, RangeError for data or options of the wrong kind, shape or amount; `signal.reason` when aborted
 * @example
 * orthogonalMatchingPursuit([[1, 0, 3], [0, 1, 3]], [2, 2]).support; // Int32Array [ 2 ]
 */
export function orthogonalMatchingPursuit(
  A: DesignInput,
  b: VectorInput,
  options?: MatchingPursuitOptions,
): OrthogonalMatchingPursuit {
  const known = ['nonzeros', 'tol', 'signal', 'onProgress'] as const;
  const { nonzeros = Infinity, tol, signal, onProgress } = optionsObject(options, 'orthogonalMatchingPursuit', known);
  if (nonzeros !== Infinity) integerIn(nonzeros, 'nonzeros', 1);
  const share = nonNegativeNumber(tol ?? 1e-9, 'tol');
  const report = withTimeLeft(onProgress);
  const body = (problem: Problem): OrthogonalMatchingPursuit => {
    const { frame, n, p, nullLoss } = problem;
    const fit = new SupportFit(problem);
    const scores = frame.f64(p);
    const outside = new Uint8Array(p).fill(1);
    const total = Math.min(nonzeros, n, p);
    const whole = Math.sqrt(2 * nullLoss);
    const small = () => fit.norm <= share * whole;
    let status: OrthogonalMatchingPursuit['status'] = 'residual';
    while (!small()) {
      signal?.throwIfAborted();
      status = fit.columns.length < nonzeros ? 'exhausted' : 'nonzeros';
      if (status === 'nonzeros' || !enterBest(problem, fit, scores, outside, NEGLIGIBLE * whole)) break;
      fit.refit();
      report?.({ done: fit.columns.length, total });
      status = 'residual';
    }
    fit.refit();
    report?.({ done: total, total });
    return {
      x: fit.spread(),
      support: Int32Array.from(fit.columns),
      residualNorm: fit.norm * Math.sqrt(n),
      status,
      converged: status === 'residual' || (status === 'nonzeros' && tol === undefined),
    };
  };
  const data = signal ? { signal } : {};
  return runJob(A, b, recipeOf({ fitIntercept: false }, 1), data, (job) => body(job.problem()), { X: 'A', y: 'b' });
}

/** The column outside that correlates most with the residual enters; false where none does by more than `least`. */
function enterBest(problem: Problem, fit: SupportFit, scores: Pointer, outside: Uint8Array, least: number): boolean {
  const { heap, p, second } = problem;
  problem.correlate(fit.residual, 0, p, scores);
  for (;;) {
    const g = heap.f64(scores, p);
    const square = heap.f64(second, p);
    let best = -1;
    let most = least;
    for (let j = 0; j < p; j++) {
      if (outside[j] === 0 || square[j] === 0) continue;
      const score = Math.abs(g[j]) / Math.sqrt(square[j]);
      if (score > most) [best, most] = [j, score];
    }
    if (best < 0) return false;
    outside[best] = 0;
    if (fit.add(best)) return true;
  }
}
