import type { Kernels } from '../../backend/kernels.ts';
import { ActiveSet } from '../activeSet.ts';
import { devianceRatio, type Visit } from '../followPath.ts';
import type { Problem } from '../problem.ts';

const TOL = 1e-8;
/** The noise level is settled when it changes by a smaller share; it is reached in a few steps, because each is a contraction. */
const SETTLED = 1e-7;
const MOST_STEPS = 50;

/** A lasso whose strength is in proportion to the noise that it leaves. */
export interface ScaledLasso extends Visit {
  /** ||y~ - Z b||, with weights that sum to 1: the root mean square residual. */
  sigma: number;
}

/**
 * The scaled lasso (Sun and Zhang 2012), min over b and sigma of ||y - X b||^2 / (2 n sigma) + sigma / 2 + lambda0 ||b||_1: alternately
 * sigma = ||y - X b|| / sqrt(n) and b = the lasso at lambda = sigma lambda0.
 */
export function scaledLasso(problem: Problem, lambda0: number): ScaledLasso {
  const solver = new ActiveSet(problem);
  const start = Math.sqrt(2 * problem.nullLoss);
  let sigma = start;
  for (let step = 0; ; step++) {
    const lambda = sigma * lambda0;
    const certificate = solver.solve({ lambda, tol: TOL, maxEpochs: Infinity });
    const visit = { lambda, certificate, ...solver.coefficients() };
    const before = sigma;
    sigma = start * Math.sqrt(Math.max(1 - devianceRatio(problem, visit), 0));
    if (Math.abs(sigma - before) <= SETTLED * start || step >= MOST_STEPS) return { ...visit, sigma };
  }
}

/** sqrt(2 log(p) / n): with standardised columns and noise of variance 1, no column is correlated with the noise by more (in probability). */
export function universalLambda(kernels: Kernels, rows: number, columns: number): number {
  return Math.sqrt((2 * kernels.log(Math.max(columns, 2))) / rows);
}
