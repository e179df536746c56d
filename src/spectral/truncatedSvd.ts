import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { integerIn, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { RunOptions } from '../core/progress.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { designProducts } from './designProducts.ts';
import { singularTriplets } from './singularTriplets.ts';
import { SpectralOperator } from './spectralOperator.ts';
import { SPECTRAL_OPTIONS, type SpectralOptions, type SpectralRecipe, spectralRecipe } from './spectralOptions.ts';
import { SvdModel } from './svdModel.ts';

/** Options of `TruncatedSvd`. */
export interface TruncatedSvdOptions extends SpectralOptions {
  /** Number of singular triplets, at most min(n, p). */
  components: number;
}

/**
 * The leading singular triplets of X, without centring (latent semantic analysis): X is about U diag(sigma) V', the best approximation of its
 * rank (Eckart and Young 1936). `'lanczos'` works on the smaller of X'X and X X' by products alone.
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new TruncatedSvd({ components: 1 }).fit([[3, 0], [0, 1]]);
 * model.singularValues; // Float64Array [ 3 ]
 */
export class TruncatedSvd {
  readonly components: number;
  readonly #recipe: SpectralRecipe;

  constructor(options: TruncatedSvdOptions) {
    const o = optionsObject(options, 'TruncatedSvd', ['components', ...SPECTRAL_OPTIONS]);
    this.components = integerIn(o.components, 'components', 1);
    this.#recipe = spectralRecipe(o);
  }

  /**
   * @param X n x p, dense or sparse, or a `ResidentMatrix`
   * @throws TypeError, RangeError for a value that is not finite (`X[3][1] is NaN`), or more components than min(n, p)
   */
  fit(X: DesignInput, options?: RunOptions): SvdModel {
    const { signal, onProgress } = optionsObject(options, 'fit', ['signal', 'onProgress']);
    const report = withTimeLeft(onProgress);
    const k = this.components;
    return arena(currentBackend(), (frame) => {
      const { products, variance } = designProducts(frame, X);
      const { rows: n, cols: p } = products;
      if (k > Math.min(n, p)) throw new RangeError(`components: expected at most min(${n}, ${p}), the size of X, got ${k}`);
      const op = new SpectralOperator(frame, products, 0, 0);
      const { sigma, V, scores, certificate } = singularTriplets(op, k, {
        ...this.#recipe,
        tick: (products) => {
          signal?.throwIfAborted();
          report?.({ done: products, total: Math.max(products, 8 * k) });
        },
      });
      const explainedVariance = new Float64Array(k);
      for (let a = 0; a < k; a++) {
        let centre = 0;
        for (let i = 0; i < n; i++) centre += scores[i * k + a] / n;
        for (let i = 0; i < n; i++) explainedVariance[a] += (scores[i * k + a] - centre) ** 2;
        explainedVariance[a] /= Math.max(1, n - 1);
      }
      return new SvdModel({
        components: new DenseMatrix(V, k, p),
        singularValues: sigma,
        explainedVariance,
        totalVariance: (frame.kernels.sum(variance, p) * n) / Math.max(1, n - 1),
        certificate,
      });
    });
  }
}
