import type { Certificate } from '../certificate.ts';
import type { Run } from '../solver.ts';

/** A solution at one lambda. */
export interface PathVisit {
  lambda: number;
  index: Int32Array;
  values: Float64Array;
  intercept: number;
  /** Share of the null deviance that is explained. */
  devianceRatio: number;
  certificate: Certificate;
}

/** One problem solved at falling lambdas, each from the last solution: what fits, paths and cross-validations see of a solver. */
export interface Follower {
  /** Smallest possible loss. */
  readonly floor: number;
  /** Loss of the null model above it. */
  readonly scale: number;
  /** Smallest lambda at which every penalised coefficient is zero. Only before the first visit. */
  largestLambda(): number;
  /** `alone`: the first and only visit; larger lambdas are then passed quickly on the way. */
  visit(run: Run, alone?: boolean): PathVisit;
  /** Linear predictions of all rows, offset included: good until the next visit. */
  predictions(): Float64Array;
}
