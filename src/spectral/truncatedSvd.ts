import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { integerIn, oneOf, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { RunOptions } from '../core/progress.ts';
import { CentredMatrix } from './centredMatrix.ts';
import { decompose, type Settings, watchOf } from './decompose.ts';
import { checkCount, methodOf } from './pcaOptions.ts';
import { SPECTRAL_OPTIONS, type SpectralOptions, settingsOf } from './spectralOptions.ts';
import { TruncatedSvdModel } from './truncatedSvdModel.ts';

/** Options of `TruncatedSvd`. */
export interface TruncatedSvdOptions extends SpectralOptions {
  /** How many singular triplets, 1 to min(n, p). */
  components: number;
  /**
   * `'lanczos'`: block Lanczos with restarts, to `tol`; `'gram'`: the Gram matrix of the shorter side, solved in full; `'randomized'`: only
   * approximately, in a fixed number of passes; `'auto'`: one of the first two.
   * @default 'auto'
   */
  solver?: 'auto' | 'randomized' | 'lanczos' | 'gram';
}

/**
 * The leading part of the singular value decomposition X = U diag(sigma) V', without centring (latent semantic analysis on counts). Sparse X
 * is never expanded. Golub and Van Loan, Matrix Computations, sections 2.4 and 10.4.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const svd = new TruncatedSvd({ components: 1 }).fit([[3, 0], [0, 1]]);
 * svd.singularValues; // Float64Array [3]
 */
export class TruncatedSvd {
  readonly components: number;
  readonly #solver: NonNullable<TruncatedSvdOptions['solver']>;
  readonly #settings: Settings;

  constructor(options: TruncatedSvdOptions) {
    const {
      components,
      solver = 'auto',
      ...rest
    } = optionsObject(options, 'TruncatedSvd', ['components', 'solver', ...SPECTRAL_OPTIONS]);
    this.components = integerIn(components, 'components', 1);
    this.#solver = oneOf(solver, 'solver', ['auto', 'randomized', 'lanczos', 'gram']);
    this.#settings = settingsOf(rest);
  }

  /**
   * @param X n x p, dense or sparse, 64 or 32 bits
   * @throws RangeError for NaN and infinities (with their position), or more components than min(n, p)
   */
  fit(X: DesignInput, options?: RunOptions): TruncatedSvdModel {
    const watch = watchOf(optionsObject(options, 'fit', ['signal', 'onProgress']));
    const matrix = hostMatrix(X);
    const { rows, cols } = matrix;
    checkCount(this.components, rows, cols);
    return arena(currentBackend(), (frame) => {
      const C = new CentredMatrix(frame, matrix, { centre: false, standardize: false });
      const method = methodOf(this.#solver, C.short, this.components, matrix instanceof DenseMatrix);
      const found = decompose(C, this.components, method, this.#settings, watch);
      watch.step(1, 1);
      const means = C.columnMeans;
      const variance = C.columnVariances.reduce((a, b) => a + b, 0);
      return new TruncatedSvdModel({ ...found, rows, cols, means, variance, squares: C.squares });
    });
  }
}
