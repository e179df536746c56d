import { integerIn, numberIn, oneOf } from '../core/checks.ts';
import type { SpectralSolver, TripletOptions } from './singularTriplets.ts';

/** Options of every truncated decomposition. */
export interface SpectralOptions {
  /**
   * `'covariance'`: all eigenvectors of the smaller of C'C and C C'; `'lanczos'`: only the leading ones, by products; `'randomized'`: subspace iteration, coarse
   * and quick where the spectrum falls fast. @default 'auto'
   */
  solver?: SpectralSolver;
  /** Residual to reach, relative to the largest singular value. @default 1e-10 */
  tol?: number;
  /** Restarts of `'lanczos'`. @default 100 */
  maxIterations?: number;
  /** Random vectors of `'randomized'` beside the wanted ones. @default 10 */
  oversamples?: number;
  /** Power iterations of `'randomized'`. @default 4 */
  powerIterations?: number;
  /** @default 0 */
  seed?: number;
}

export const SPECTRAL_OPTIONS = ['solver', 'tol', 'maxIterations', 'oversamples', 'powerIterations', 'seed'] as const;

export type SpectralRecipe = Omit<TripletOptions, 'tick'>;

export function spectralRecipe(o: SpectralOptions): SpectralRecipe {
  return {
    solver: oneOf(o.solver ?? 'auto', 'solver', ['auto', 'covariance', 'lanczos', 'randomized']),
    tol: numberIn(o.tol ?? 1e-10, 'tol', 0, 1, '()'),
    maxIterations: integerIn(o.maxIterations ?? 100, 'maxIterations', 1),
    oversamples: integerIn(o.oversamples ?? 10, 'oversamples', 0),
    powerIterations: integerIn(o.powerIterations ?? 4, 'powerIterations', 0),
    seed: integerIn(o.seed ?? 0, 'seed', 0),
  };
}
