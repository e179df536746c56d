import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Matrix, MatrixInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { CentredMatrix } from './centredMatrix.ts';
import { componentsForFraction, componentsOfMinka, componentsOfParallelAnalysis } from './chooseComponents.ts';
import { decompose, watchOf } from './decompose.ts';
import { PcaAccumulator } from './pcaAccumulator.ts';
import { PcaModel } from './pcaModel.ts';
import { checkCount, isCount, methodOf, PCA_OPTIONS, type PcaOptions, type PcaRecipe, pcaRecipe } from './pcaOptions.ts';
import { permutedColumns } from './permutedColumns.ts';
import { solveInFull } from './solveInFull.ts';

/** Share of permuted data that a variance must exceed in parallel analysis. */
const QUANTILE = 0.95;

/**
 * Principal component analysis: the directions of largest variance of the centred columns of X,
 *
 *   C = (X - 1 mean') / scale = U diag(sigma) V',   component i = row i of V',   variance i = sigma_i^2 / (n - 1)
 *
 * the eigenvectors of the covariance matrix (equations 28-29 of the guide; Jolliffe 2002). Sparse X is centred implicitly and never expanded.
 * Signs are decided on the components: the first entry of largest magnitude is positive. Missing values are refused: see MatrixFactorization.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const pca = new Pca({ components: 1 }).fit([[1, 2], [2, 4], [3, 6]]);
 * pca.explainedVarianceRatio; // Float64Array [1]
 */
export class Pca {
  readonly #recipe: PcaRecipe;

  constructor(options: PcaOptions) {
    this.#recipe = pcaRecipe(optionsObject(options, 'Pca', PCA_OPTIONS));
  }

  /**
   * @param X n x p, n >= 2, dense or sparse, 64 or 32 bits
   * @throws RangeError for NaN and infinities (with their position), one row, or more components than min(n, p)
   */
  fit(X: DesignInput, options?: RunOptions): PcaModel {
    const { components, solver, standardize, whiten, permutations, settings } = this.#recipe;
    const watch = watchOf(optionsObject(options, 'fit', ['signal', 'onProgress']));
    const matrix = hostMatrix(X);
    const { rows: n, cols: p } = matrix;
    if (n < 2) throw new RangeError('X: expected at least 2 rows: one has no variance');
    if (isCount(components)) checkCount(components, n, p);
    if (components === 'minka' && n < p) {
      throw new RangeError(`components: 'minka' needs at least as many rows as columns, got ${n} x ${p}`);
    }
    return arena(currentBackend(), (frame) => {
      const C = new CentredMatrix(frame, matrix, { centre: true, standardize });
      const choose = (spectrum: Float64Array): number => {
        const variances = spectrum.map((s) => s / (n - 1));
        if (components === 'minka') return p > 1 ? componentsOfMinka(frame.kernels, variances, n) : 1;
        if (components !== 'parallel') return componentsForFraction(variances, components as number);
        const limits = permutedSpectra(matrix, standardize, permutations, settings.seed, () => watch.step(2, 3));
        return componentsOfParallelAnalysis(spectrum, limits);
      };
      const method = isCount(components) ? methodOf(solver, C.short, components, matrix instanceof DenseMatrix) : 'full';
      const found = decompose(C, isCount(components) ? components : choose, method, settings, watch);
      watch.step(1, 1);
      return new PcaModel({
        ...found,
        rows: n,
        cols: p,
        totalVariance: C.squares / (n - 1),
        mean: C.mean,
        ...(C.scale ? { scale: C.scale } : {}),
        whiten,
      });
    });
  }

  /** Collects data chunk by chunk: see `PcaAccumulator`. */
  incremental(): PcaAccumulator {
    return new PcaAccumulator(this.#recipe);
  }

  /**
   * A fit over chunks of rows, from memory or as they arrive. Up to 1000 columns, or with all components, the result is that of one fit of all
   * rows; beyond, each chunk is merged into the components so far (see `PcaAccumulator`).
   *
   * @param chunks matrices with equally many columns
   */
  async fitChunks(chunks: Iterable<MatrixInput> | AsyncIterable<MatrixInput>, options?: RunOptions): Promise<PcaModel> {
    const watch = watchOf(optionsObject(options, 'fitChunks', ['signal', 'onProgress']));
    const accumulator = this.incremental();
    let count = 0;
    for await (const chunk of chunks) {
      accumulator.add(chunk);
      count++;
      watch.step(count, count + 1);
    }
    return accumulator.model();
  }
}

/** The 95 % quantile of every squared singular value over data with permuted columns. */
function permutedSpectra(X: Matrix, standardize: boolean, count: number, seed: number, step: () => void): Float64Array {
  const random = new Random(seed, 3);
  const spectra: Float64Array[] = [];
  for (let b = 0; b < count; b++) {
    const permuted = permutedColumns(X, random);
    spectra.push(
      arena(currentBackend(), (frame) => {
        const C = new CentredMatrix(frame, permuted, { centre: true, standardize });
        return solveInFull(C, { step }, false).spectrum;
      }),
    );
  }
  const at = Math.min(count - 1, Math.ceil(QUANTILE * count) - 1);
  return spectra[0].map((_, i) => Float64Array.from(spectra, (s) => s[i]).sort()[at]);
}
