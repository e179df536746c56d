import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';

/** What the penalty looks like before lambda: everything a path shares. */
export interface PenaltyShape {
  l1Ratio: number;
  fitIntercept: boolean;
  standardize: boolean;
  /** One factor per column; undefined: all 1. */
  penaltyFactors?: Float64Array;
  /** Both or neither. */
  lower?: Float64Array;
  upper?: Float64Array;
}

/** A column is constant when its spread is within rounding of its mean: sd <= this * |mean|. */
const FLAT = 1e-13;

/** The penalty in linear memory, one value per column; 0 pointers where there is nothing to say. */
export interface PenaltyFactors {
  /** l1Ratio omega_j s_j; Infinity for columns that may not enter. */
  l1: Pointer;
  /** (1 - l1Ratio) omega_j s_j^2 */
  l2: Pointer;
  lower: Pointer;
  upper: Pointer;
  /** s_j, under `standardize`. */
  spread: Pointer;
}

/**
 * Lays the penalty out from the moments of the columns, which are changed in place: without intercept the second moment is about zero and the mean
 * forgotten; columns that may not enter (infinite factor, no spread) get a second moment of 0.
 */
export function penaltyFactors(frame: Arena, shape: PenaltyShape, mean: Pointer, second: Pointer, p: number): PenaltyFactors {
  const { heap } = frame;
  const { l1Ratio, penaltyFactors: factors, fitIntercept, standardize } = shape;
  const laid: PenaltyFactors = {
    l1: frame.uninitialised(p * 8),
    l2: frame.uninitialised(p * 8),
    spread: standardize ? frame.uninitialised(p * 8) : 0,
    lower: shape.lower ? frame.put(shape.lower) : 0,
    upper: shape.upper ? frame.put(shape.upper) : 0,
  };
  const means = heap.f64(mean, p);
  const seconds = heap.f64(second, p);
  const l1 = heap.f64(laid.l1, p);
  const l2 = heap.f64(laid.l2, p);
  const spread = standardize ? heap.f64(laid.spread, p) : undefined;
  for (let j = 0; j < p; j++) {
    const flat = seconds[j] <= (FLAT * means[j]) ** 2;
    const sd = spread ? Math.sqrt(seconds[j]) : 1;
    const factor = factors ? factors[j] : 1;
    if (spread) spread[j] = sd;
    if (!fitIntercept) {
      seconds[j] += means[j] * means[j];
      means[j] = 0;
    }
    const excluded = factor === Infinity || seconds[j] === 0 || (flat && (fitIntercept || standardize));
    if (excluded) seconds[j] = 0;
    l1[j] = excluded ? Infinity : l1Ratio * factor * sd;
    l2[j] = excluded ? 0 : (1 - l1Ratio) * factor * sd * sd;
  }
  return laid;
}
