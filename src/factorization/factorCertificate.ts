/** How a factorisation ended. */
export type FactorStatus = 'converged' | 'maxSweeps' | 'earlyStopping';

/**
 * What is known about a factorisation. Its objective is not convex: the certificate is of a stationary point, not of the best one.
 */
export interface FactorCertificate {
  /** Whether the last sweep lowered the objective by at most the share `tol`. */
  converged: boolean;
  /** `'earlyStopping'`: the held-out error rose; the factors are those of its best sweep. */
  status: FactorStatus;
  /** Length of the gradient at the returned factors, relative to what the entries alone contribute to it. */
  gradient: number;
  /** Objective at the returned factors. */
  objective: number;
  /** Sweeps over rows and columns that led to them. */
  sweeps: number;
  /** The relative decrease that was asked for. */
  tol: number;
}

/** One sweep of a fit. */
export interface SweepRecord {
  sweep: number;
  /** Loss plus penalties. */
  objective: number;
  /** Root of the (weighted) mean squared error of the observed entries; of an implicit fit, of the loss over the sum of its weights. */
  rmse: number;
  /** Root mean squared error of the held-out entries, where there are any. */
  validation?: number;
}
