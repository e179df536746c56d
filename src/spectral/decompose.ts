import type { ModelReader } from '../core/modelReader.ts';
import type { Progress, RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import type { CentredMatrix } from './centredMatrix.ts';
import { lanczosSubspace, tooSmallForLanczos } from './lanczosSubspace.ts';
import { randomizedSubspace } from './randomizedSubspace.ts';
import { leading, solveInFull } from './solveInFull.ts';
import type { SpectralCertificate } from './spectralCertificate.ts';
import type { Subspace, Watch } from './subspace.ts';
import { type Triplets, triplets } from './triplets.ts';

/** How to find singular triplets: in full (from the Gram matrix of the shorter side), or only the leading ones. */
export type Method = 'full' | 'randomized' | 'lanczos';

/** Settings of all methods. */
export interface Settings {
  tol: number;
  seed: number;
  oversamples: number;
  powerIterations: number;
  maxIterations: number;
}

/** Leading singular triplets with their certificate. */
export interface Decomposition extends Triplets {
  certificate: SpectralCertificate;
  /** All squared singular values, where they are known. */
  spectrum?: Float64Array;
}

/** A dense Gram matrix of this size takes less time than a Lanczos run on most data. */
const FULL_DENSE = 1000;
/** Sparse data make products cheap, not Gram matrices. */
const FULL_SPARSE = 200;

/** The method that is likely to be the fastest exact one. */
export function chooseMethod(short: number, k: number, dense: boolean): Method {
  if (tooSmallForLanczos(short, k) || 5 * k >= short) return 'full';
  return short <= (dense ? FULL_DENSE : FULL_SPARSE) ? 'full' : 'lanczos';
}

/** The k leading triplets; `'full'` may choose k itself from all squared singular values. */
export function decompose(
  C: CentredMatrix,
  wanted: number | ((spectrum: Float64Array) => number),
  method: Method,
  settings: Settings,
  watch: Watch,
): Decomposition {
  let found: Subspace;
  if (typeof wanted !== 'number' || method === 'full' || (method === 'lanczos' && tooSmallForLanczos(C.short, wanted))) {
    const solution = solveInFull(C, watch);
    found = leading(C, solution, typeof wanted === 'number' ? wanted : wanted(solution.spectrum));
  } else if (method === 'lanczos') found = lanczosSubspace(C, wanted, settings, watch);
  else found = randomizedSubspace(C, wanted, settings, watch);

  const { iterations, spectrum } = found;
  const result = triplets(C, found);
  const { residual, orthogonality, gaps } = result;
  const { tol } = settings;
  const converged = residual <= tol;
  const exhausted = method === 'randomized' || (method === 'lanczos' && iterations >= settings.maxIterations);
  const status = converged ? 'converged' : exhausted ? 'maxIterations' : 'machinePrecision';
  const certificate: SpectralCertificate = { converged, status, residual, orthogonality, gaps, iterations, tol };
  return { ...result, certificate, ...(spectrum ? { spectrum } : {}) };
}

/** Reports progress and stops when asked to, between any two steps. */
export function watchOf(options: RunOptions): Watch {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const report = withTimeLeft<Progress>(onProgress);
  return {
    step(done, total) {
      report?.({ done, total });
      signal?.throwIfAborted();
    },
  };
}

/** A certificate in a saved model. */
export function certificateOf(reader: ModelReader, k: number): SpectralCertificate {
  return {
    converged: reader.boolean('converged'),
    status: reader.oneOf('status', ['converged', 'maxIterations', 'machinePrecision']),
    residual: reader.number('residual'),
    orthogonality: reader.number('orthogonality'),
    gaps: reader.float64Array('gaps', k),
    iterations: reader.integer('iterations', 0),
    tol: reader.number('tol'),
  };
}
