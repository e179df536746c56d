/** Losses phi(y, f) of a prediction f, by name. */
export type LossName = 'squared' | 'logistic' | 'squaredHinge' | 'poisson' | 'huber';

/** A loss as the kernels know it. */
export interface Loss {
  readonly name: LossName;
  /** Its number in `LossKernels`. */
  readonly code: number;
  /** delta of Huber's loss, otherwise 0. */
  readonly parameter: number;
}

const CODES: Record<LossName, number> = { squared: 0, logistic: 1, squaredHinge: 2, poisson: 3, huber: 4 };

export const LOSS_NAMES = Object.keys(CODES) as LossName[];

/**
 * squared (y - f)^2 / 2; logistic log(1 + e^f) - y f, y 0 or 1; squaredHinge max(0, 1 - y f)^2, y -1 or 1; poisson e^f - y f, y >= 0; huber
 * e^2 / 2 for |e| = |y - f| <= delta and delta |e| - delta^2 / 2 beyond.
 */
export function lossOf(name: LossName, delta = 0): Loss {
  return { name, code: CODES[name], parameter: name === 'huber' ? delta : 0 };
}
