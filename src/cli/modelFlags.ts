import type { LinearOptions } from '../linear/index.ts';
import { type Flag, integer, number } from './flags.ts';

/** Flags that all linear models share. */
export interface ModelFlags {
  l1Ratio?: number;
  standardize?: boolean;
  positive?: boolean;
  /** Commander's form of `--no-intercept`. */
  intercept: boolean;
  tol?: number;
  seed?: number;
}

export const ratio = number('a number from 0 to 1', (value) => value >= 0 && value <= 1);
const positive = number('a number > 0', (value) => value > 0);

export const MODEL_FLAGS: readonly Flag[] = [
  {
    flags: '--l1-ratio <number>',
    description: 'share of the L1 penalty: 1 is the lasso, 0 the ridge',
    read: ratio,
    fallback: '1',
  },
  { flags: '--standardize', description: 'penalise columns as if each had standard deviation 1' },
  { flags: '--positive', description: 'only coefficients >= 0' },
  { flags: '--no-intercept', description: 'fit without an intercept' },
  { flags: '--tol <number>', description: 'relative duality gap to reach', read: positive, fallback: '1e-6' },
  { flags: '--seed <integer>', description: 'seed of everything random', read: integer(0), fallback: '0' },
];

/** The library's options. */
export function modelOptions({
  standardize = false,
  positive = false,
  intercept,
  tol = 1e-6,
  seed = 0,
}: ModelFlags): LinearOptions {
  return { standardize, positive, fitIntercept: intercept, tol, seed };
}

/** How the penalty is called. */
export function penaltyName(l1Ratio: number): string {
  return l1Ratio === 1 ? 'Lasso' : l1Ratio === 0 ? 'Ridge' : `Elastic net (L1 share ${l1Ratio})`;
}
