import { CsrMatrix } from '../../core/csrMatrix.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { MatrixFactorization } from '../../factorization/index.ts';
import { expOf, logOf } from './logExp.ts';
import type { RouteMethod } from './routeMethod.ts';

const RANK = 4;
const LAMBDA = 2;

/** Matrix factorisation of log(1 + T) alone; zones without entries are placed by their attributes where there are any. */
export const factorization: RouteMethod = {
  name: 'factorisation',
  knows: ['attributes'],
  fit({ zones, row, col, value }, { names, attributes }, seed) {
    const R = CsrMatrix.fromCoo(zones, zones, { row, col, value: value.map((v) => logOf(1 + v)) });
    const features = names.length > 0 ? new DenseMatrix(attributes, zones, names.length) : undefined;
    const given = features && { rowFeatures: features, columnFeatures: features };
    const model = new MatrixFactorization({ rank: Math.min(RANK, zones), lambda: LAMBDA, seed, ...given }).fit(R);
    return { predict: (rows, cols) => ({ value: model.predictEntries(rows, cols).value.map((v) => Math.max(0, expOf(v) - 1)) }) };
  },
};
