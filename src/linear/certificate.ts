/** How a fit ended. */
export const STATUSES = ['converged', 'maxEpochs', 'machinePrecision', 'local', 'separable'] as const;
export type Status = (typeof STATUSES)[number];

/** Proof of accuracy of a convex fit. */
export interface Certificate {
  /** Whether `gap` <= `tol`. */
  converged: boolean;
  /**
   * `'machinePrecision'`: no further progress in 64-bit arithmetic, although `gap` > `tol`. `'local'`: the penalty is not convex; `gap` is NaN and
   * `kkt` is what `tol` was compared with. `'separable'`: without a penalty the classes can be separated, so that the minimum lies at infinity.
   */
  status: Status;
  /**
   * Relative duality gap, (primal - dual) / primal of the null model: no solution is better by more than this.
   * One exception: for first-order solvers with a column of penalty factor 0 that is bounded on one side only, that column's part is an estimate.
   */
  gap: number;
  /** Largest violation of the optimality conditions, divided by lambda (by the null gradient where lambda = 0). */
  kkt: number;
  /** Objective of this fit. */
  primal: number;
  /** Lower bound on every objective. */
  dual: number;
  /** Passes of the solver: epochs of coordinate descent, iterations, or Newton steps of `'auto'`. */
  epochs: number;
  /** The relative gap that was asked for. */
  tol: number;
  /**
   * Whether the coefficients are the only solution: `true` when the columns that may carry weight (the equicorrelation set) are
   * linearly independent, `false` when they are not, `undefined` when the fit is too coarse to tell.
   */
  unique?: boolean;
}

/** Certificate from the parts that a solver has: absolute gap and the objective of the null model. */
export function certify(parts: {
  primal: number;
  gap: number;
  nullLoss: number;
  kkt: number;
  epochs: number;
  tol: number;
  stalled: boolean;
  unique?: boolean;
}): Certificate {
  const { primal, kkt, epochs, tol, stalled, unique } = parts;
  // A response without spread is fitted exactly by the null model; its gap is then absolute.
  const gap = parts.nullLoss > 0 ? parts.gap / parts.nullLoss : parts.gap;
  const converged = gap <= tol;
  const status: Status = converged ? 'converged' : stalled ? 'machinePrecision' : 'maxEpochs';
  const certificate: Certificate = { converged, status, gap, kkt, primal, dual: primal - parts.gap, epochs, tol };
  if (unique !== undefined) certificate.unique = unique;
  return certificate;
}
