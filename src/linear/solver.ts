import type { Certificate } from './certificate.ts';

/** One solve: where to, how exactly, and who watches. */
export interface Run {
  lambda: number;
  /** Relative duality gap to stop at. */
  tol: number;
  /** Most passes; what a pass is depends on the solver. */
  maxEpochs: number;
  /** Called with the objective after every pass, for convergence plots. */
  record?: (objective: number) => void;
}

/** A method for one problem; each solve starts from the last solution. */
export interface Solver {
  solve(run: Run): Certificate;
  /** Columns (ascending) and values of the coefficients that are not zero. */
  coefficients(): { index: Int32Array; values: Float64Array };
}
