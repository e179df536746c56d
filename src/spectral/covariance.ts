import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, optionsObject } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { CentredMatrix } from './centredMatrix.ts';

/** Options of `covariance`. */
export interface CovarianceOptions {
  /** What the number of rows is reduced by in the divisor: 1 for the unbiased estimate, 0 for 1/n. @default 1 */
  ddof?: number;
  /** Subtract column means first. @default true */
  centre?: boolean;
}

/**
 * The covariance matrix (X - mean)'(X - mean) / (n - ddof) of the columns of X. With `{ centre: false, ddof: 0 }` it is the guide's equation
 * 29, Sigma = X'X / n. Sparse X is centred implicitly, never expanded; the result is dense.
 *
 * @param X n x p, dense or sparse
 * @returns p x p, symmetric to the last bit
 * @throws RangeError for NaN, infinities, or fewer than ddof + 1 rows
 * @example
 * covariance([[1, 2], [3, 6]]).toRows(); // [[2, 4], [4, 8]]
 */
export function covariance(X: DesignInput, options?: CovarianceOptions): DenseMatrix {
  const { ddof = 1, centre = true } = optionsObject(options, 'covariance', ['ddof', 'centre']);
  integerIn(ddof, 'ddof', 0);
  booleanFlag(centre, 'centre');
  const matrix = hostMatrix(X);
  const { rows: n, cols: p } = matrix;
  if (n <= ddof) throw new RangeError(`X: expected at least ${ddof + 1} rows for ddof = ${ddof}, got ${n}`);
  return arena(currentBackend(), (frame) => {
    const C = new CentredMatrix(frame, matrix, { centre, standardize: false, short: 'features' });
    const out = frame.f64(p * p);
    C.gram(out);
    const values = frame.read(out, p * p);
    for (let e = 0; e < values.length; e++) values[e] /= n - ddof;
    return new DenseMatrix(values, p, p);
  });
}
