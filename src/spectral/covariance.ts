import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { designProducts } from './designProducts.ts';
import { SpectralOperator } from './spectralOperator.ts';

/** Options of `covariance`. */
export interface CovarianceOptions {
  /** Whether the means of the columns are taken out. @default true */
  centre?: boolean;
  /** The sums are divided by n - ddof. @default 1 when centred, else 0 */
  ddof?: number;
}

/**
 * Covariance matrix of the columns of X (p x p), (X - mean)'(X - mean) / (n - 1); with `centre: false` the matrix of raw second moments X'X / n.
 * Sparse X is centred implicitly.
 *
 * @param X n x p, n > ddof
 * @throws TypeError, RangeError for X that is not a matrix of finite numbers, or too few rows
 * @example
 * covariance([[1, 2], [3, 6]]).toRows(); // [[2, 4], [4, 8]]
 */
export function covariance(X: DesignInput, options?: CovarianceOptions): DenseMatrix {
  const o = optionsObject(options, 'covariance', ['centre', 'ddof']);
  const centre = booleanFlag(o.centre ?? true, 'centre');
  const ddof = integerIn(o.ddof ?? (centre ? 1 : 0), 'ddof', 0);
  return arena(currentBackend(), (frame) => {
    const { products, mean } = designProducts(frame, X);
    const { rows: n, cols: p } = products;
    if (n <= ddof) throw new RangeError(`X: expected more than ${ddof} rows, got ${n}`);
    const G = new SpectralOperator(frame, products, centre ? mean : 0, 0).gram();
    frame.kernels.scale(1 / (n - ddof), G, p * p);
    return new DenseMatrix(frame.read(G, p * p), p, p);
  });
}
