/** What is known of a fit when its coefficients are used at another lambda. */
export interface KnownFit {
  lambda: number;
  /** 1/2 ||y~ - Z b||^2 */
  loss: number;
  primal: number;
  dual: number;
}

/**
 * Bounds for (share high.b + (1 - share) low.b) at lambda = share high.lambda + (1 - share) low.lambda. Its objective is at most the mean of
 * both objectives at lambda, because the objective is convex in b; the optimum is at least the mean of both dual values, because the optimal
 * value is concave in lambda.
 */
export function boundsBetween(high: KnownFit, low: KnownFit, share: number, lambda: number): { primal: number; dual: number } {
  return {
    primal: share * objectiveAt(high, lambda) + (1 - share) * objectiveAt(low, lambda),
    dual: share * high.dual + (1 - share) * low.dual,
  };
}

/** Bounds for a fit used beyond the end of its path: the optimum does not fall with growing lambda, and lies above the chord to 0. */
export function boundsBeyond(end: KnownFit, lambda: number): { primal: number; dual: number } {
  return { primal: objectiveAt(end, lambda), dual: lambda >= end.lambda ? end.dual : (end.dual * lambda) / end.lambda };
}

/** Objective of a fit's coefficients at another lambda: the same loss, the penalty in proportion. */
function objectiveAt({ lambda: own, loss, primal }: KnownFit, lambda: number): number {
  return own === lambda || own === 0 ? primal : loss + (primal - loss) * (lambda / own);
}
