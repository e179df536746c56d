/** Proof of accuracy of a truncated decomposition: everything in it was computed from the result, not taken from the solver. */
export interface SpectralCertificate {
  /** Whether `residual` <= `tol`. */
  converged: boolean;
  /** `'maxIterations'`: the solver did all the steps it was allowed; `'machinePrecision'`: it stopped because rounding allows no more. */
  status: 'converged' | 'maxIterations' | 'machinePrecision';
  /** Largest ||C v_i - sigma_i u_i|| or ||C'u_i - sigma_i v_i||, over sigma_1: sigma_i is within residual sigma_1 of a singular value. */
  residual: number;
  /** Largest |v_i . v_j - (i = j)| over all pairs of components. */
  orthogonality: number;
  /**
   * Distance of each singular value to its nearest neighbour (the next one included, where an estimate is known), over sigma_1. A component is
   * determined up to about residual / gap; where a gap is 0, only the space that its neighbours span together is.
   */
  gaps: Float64Array;
  /** Products of the Gram matrix with a block of vectors; 1 for a matrix that was solved in full. */
  iterations: number;
  /** The residual that was asked for. */
  tol: number;
}
