import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerVector, refuseEntry } from '../../core/checks.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { runJob } from '../job.ts';
import { recipeOf } from '../options.ts';
import { SupportFit } from './supportFit.ts';

/** Least squares on chosen columns. */
export interface Debiased {
  /** One coefficient per column of A, 0 outside the support. */
  x: Float64Array;
  /** ||A x - b||_2 */
  residualNorm: number;
  /** Columns of the support that depend on those before them; their coefficients are 0. */
  dependent: Int32Array;
}

/**
 * Takes the shrinkage off a sparse solution: min ||A x - b||_2 over x that are 0 outside the support.
 *
 * @param A m x n, dense or sparse
 * @param b m values
 * @param support columns of A, in any order, each once
 * @throws TypeError, RangeError for data of the wrong kind or shape, and for columns out of range or named twice
 * @example
 * const { support } = new Lasso({ lambda: 0.1, fitIntercept: false }).fit(A, b);
 * debias(A, b, support).x;
 */
export function debias(A: DesignInput, b: VectorInput, support: ArrayLike<number>): Debiased {
  return runJob(
    A,
    b,
    recipeOf({ fitIntercept: false }, 1),
    {},
    (job) => {
      const problem = job.problem();
      const chosen = integerVector(support, 'support', 0, problem.p - 1);
      if (new Set(chosen).size < chosen.length) {
        const again = chosen.findIndex((j, k) => chosen.indexOf(j) < k);
        refuseEntry(chosen[again], `support[${again}]`, 'every column once');
      }
      const fit = new SupportFit(problem);
      const dependent = chosen.filter((j) => !fit.add(j));
      fit.refit();
      fit.refit();
      return { x: fit.spread(), residualNorm: fit.norm * Math.sqrt(problem.n), dependent };
    },
    { X: 'A', y: 'b' },
  );
}
