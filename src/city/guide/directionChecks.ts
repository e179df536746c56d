import { DenseMatrix } from '../../core/denseMatrix.ts';
import { StandardScaler } from '../../preprocessing/index.ts';
import { covariance, Pca, type PcaModel, symmetricEigen } from '../../spectral/index.ts';
import type { GuideCheck } from '../guideCheck.ts';
import { annotated, compare, text } from './compare.ts';
import { NORMALIZED, RAW, ROUTES } from './guideNumbers.ts';

const VALUES = [4.5, 1.2, 0.1];
const DIRECTION = [0.8, -0.5, -0.1];

const ILLUSTRATIVE =
  'The eigenvalues are an example: three attributes within [0, 1] have eigenvalues that sum to at most 0.75, and standardised ones to 3.';

/** Section 8: equations 28 to 31 and the table of eigenvectors. */
export function directionChecks(): GuideCheck[] {
  const options = { centre: true, ddof: 0 };
  const sigma = covariance(NORMALIZED, options);
  const { values, vectors } = symmetricEigen(sigma);
  const rows = vectors.toRows();
  const standardized = symmetricEigen(covariance(new StandardScaler().fit(RAW).transform(RAW), options)).values;
  const pca = new Pca({ components: 2 }).fit(NORMALIZED);
  const raw = covariance(ROUTES, { centre: false, ddof: 0 });
  return [
    compare(
      'equation 28',
      'Sigma v and lambda v for the covariance of Table 2',
      rows.map((v) => [...sigma.matvec(v)]),
      rows.map((v, k) => v.map((entry) => values[k] * entry)),
    ),
    compare('equation 29', 'X’X / n of the routes (1)', productOverN(), raw.toRows()),
    compare(
      'equation 29',
      'X’X / n as a covariance matrix',
      raw.toRows(),
      covariance(ROUTES, options).toRows(),
      'X’X / n is the covariance only where every column of X has mean 0; otherwise the means are subtracted first.',
    ),
    annotated(
      compare(
        'equation 30',
        'First direction of traffic, distance, cost in Table 2',
        DIRECTION,
        rows[0],
        'The vector is an example: eigenvectors have norm 1, and this one has not; in Table 2 cost varies with traffic, against distance.',
      ),
      `(norm of the guide's: ${text(Math.sqrt(new DenseMatrix(Float64Array.from(DIRECTION), 1, 3).matvec(DIRECTION)[0]))})`,
    ),
    annotated(
      compare('equation 31', 'Largest eigenvalue, of Table 2', VALUES[0], values[0], ILLUSTRATIVE),
      `(standardised ${text(standardized[0])})`,
    ),
    annotated(
      compare('section 8.5', 'Eigenvalues of v1, v2, v3, of Table 2', VALUES, values, ILLUSTRATIVE),
      `(standardised ${text(standardized)})`,
    ),
    compare(
      'section 8.6',
      'Shares of the variance that v1 and v2 explain',
      VALUES.slice(0, 2).map((value) => value / (4.5 + 1.2 + 0.1)),
      pca.explainedVarianceRatio,
      'They follow from the example eigenvalues; three cities span a plane, so that v3 of Table 2 explains nothing at all.',
    ),
    compare(
      'section 8.7',
      'Length of the half axis of the ellipse along v1',
      values[0],
      spreadAlong(pca),
      'The variance along an axis is its eigenvalue, so the axis is as long as the square root of it.',
    ),
  ];
}

/** Equation 29 written out. */
function productOverN(): number[][] {
  const at = (j: number, k: number) => ROUTES.reduce((sum, row) => sum + row[j] * row[k], 0) / ROUTES.length;
  return [0, 1, 2].map((j) => [0, 1, 2].map((k) => at(j, k)));
}

/** Standard deviation of the cities along the first direction. */
function spreadAlong(pca: PcaModel): number {
  const scores = pca.transform(NORMALIZED).toRows();
  return Math.sqrt(scores.reduce((sum, [z]) => sum + z * z, 0) / scores.length);
}
