import { integerIn } from '../core/checks.ts';

/** A sparse matrix can have so many rows, columns and entries. */
export const LARGEST = 2147483646;

/** The size of a raster. */
export interface RasterShape {
  /** At least 1. */
  samples: number;
  /** Time steps of each sample, at least 1; samples * steps is below 2^31. */
  steps: number;
  /** At least 1. */
  neurons: number;
}

/** The three numbers, checked. */
export function checkShape({ samples, steps, neurons }: RasterShape): RasterShape {
  integerIn(samples, 'samples', 1, LARGEST);
  integerIn(steps, 'steps', 1);
  integerIn(neurons, 'neurons', 1, LARGEST);
  integerIn(samples * steps, 'samples * steps', 1, LARGEST);
  return { samples, steps, neurons };
}
