import { integerIn, nonNegativeNumber } from '../core/checks.ts';
import type { Settings } from './decompose.ts';

/** What all truncated decompositions take. */
export interface SpectralOptions {
  /** Residual to stop at, relative to the largest singular value (see the certificate). @default 1e-10 */
  tol?: number;
  /** Seed of the start vectors. @default 0 */
  seed?: number;
  /** Extra columns of the randomised solver. @default 10 */
  oversamples?: number;
  /** Products with the Gram matrix that the randomised solver does before its Rayleigh-Ritz step. @default 5 */
  powerIterations?: number;
  /** Most blocks of four vectors that the Lanczos solver multiplies. @default 5000 */
  maxIterations?: number;
}

export const SPECTRAL_OPTIONS = [
  'tol',
  'seed',
  'oversamples',
  'powerIterations',
  'maxIterations',
] as const satisfies readonly (keyof SpectralOptions)[];

export function settingsOf(options: SpectralOptions): Settings {
  const { tol = 1e-10, seed = 0, oversamples = 10, powerIterations = 5, maxIterations = 5000 } = options;
  return {
    tol: nonNegativeNumber(tol, 'tol'),
    seed: integerIn(seed, 'seed', 0),
    oversamples: integerIn(oversamples, 'oversamples', 0),
    powerIterations: integerIn(powerIterations, 'powerIterations', 0),
    maxIterations: integerIn(maxIterations, 'maxIterations', 1),
  };
}
