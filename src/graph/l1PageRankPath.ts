import { currentBackend } from '../backend/backend.ts';
import { integerIn, numberIn, optionsObject, vector } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { type DiffusionOptions, diffusionOf, type L1PageRankResult, resultOf } from './l1PageRank.ts';

/** Options of `l1PageRankPath`. */
export interface L1PageRankPathOptions extends DiffusionOptions, RunOptions<{ rho: number }> {
  /** The strengths themselves, > 0; sorted from large to small. Default: a grid from the smallest rho without any support down. */
  rhos?: VectorInput;
  /** Size of the grid. @default 50 */
  nRhos?: number;
  /** Smallest rho of the grid over the largest. @default 1e-2 */
  rhoMinRatio?: number;
}

/** The solution for one rho. `work` counts from the start of the path. */
export interface L1PageRankPoint extends L1PageRankResult {
  rho: number;
}

/** Solutions from large to small rho; each support holds the one before. */
export interface L1PageRankPath {
  rhos: Float64Array;
  points: L1PageRankPoint[];
}

/**
 * L1-regularised PageRank at many rho, from large to small, each from the solution before, which is a lower bound of the next one. The grid
 * starts at max_i s_i / d_i, the smallest rho with an empty support, and falls in equal steps on the logarithmic scale.
 *
 * @param G n x n, symmetric, as for `l1PageRank`
 * @throws as `l1PageRank`
 * @example
 * const { points } = l1PageRankPath(G, { seeds: 7, alpha: 0.15, nRhos: 20 });
 * points.map(({ rho, support }) => [rho, support.length]);
 */
export function l1PageRankPath(G: CsrMatrix, options: L1PageRankPathOptions): L1PageRankPath {
  const known = ['seeds', 'alpha', 'rhos', 'nRhos', 'rhoMinRatio', 'tol', 'signal', 'onProgress'] as const;
  const given = optionsObject(options, 'l1PageRankPath', known);
  const count = integerIn(given.nRhos ?? 50, 'nRhos', 1, 100_000);
  const ratio = numberIn(given.rhoMinRatio ?? 1e-2, 'rhoMinRatio', 0, 1, '()');
  const listed = given.rhos === undefined ? undefined : strengths(given.rhos);
  const report = withTimeLeft(given.onProgress);
  const { diffusion, tol } = diffusionOf(G, given);
  const rhos = listed ?? grid(diffusion.largestRho, count, ratio);
  const points: L1PageRankPoint[] = [];
  for (const [k, rho] of rhos.entries()) {
    given.signal?.throwIfAborted();
    points.push({ rho, ...resultOf(diffusion, rho, diffusion.solve(rho, tol)) });
    report?.({ done: k + 1, total: rhos.length, rho });
  }
  return { rhos, points };
}

function strengths(rhos: VectorInput): Float64Array {
  const out = vector(rhos, 'rhos');
  if (out.length === 0) throw new RangeError('rhos: expected at least one number');
  for (const [k, rho] of out.entries()) if (!(rho > 0)) throw new RangeError(`rhos[${k}] is ${rho}: expected a number > 0`);
  return out.sort().reverse();
}

function grid(largest: number, count: number, ratio: number): Float64Array {
  const { log, exp } = currentBackend().kernels;
  const step = log(ratio) / Math.max(1, count - 1);
  return Float64Array.from({ length: count }, (_, k) => largest * exp(k * step));
}
