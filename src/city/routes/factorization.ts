import { CsrMatrix } from '../../core/csrMatrix.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { type FactorizationModel, MatrixFactorization } from '../../factorization/index.ts';
import { expOf, logOf } from './logExp.ts';
import type { RouteEntries } from './routeEntries.ts';
import type { RouteMethod } from './routeMethod.ts';

const RANK = 4;
const LAMBDA = 2;

/** Equation 23 of the guide on X = log(1 + T), zones without entries placed by their features (one row each) where there are any. */
export function factorLogTrips(
  { zones, row, col, value }: RouteEntries,
  features: DenseMatrix | undefined,
  seed: number,
  signal?: AbortSignal,
): FactorizationModel {
  const R = CsrMatrix.fromCoo(zones, zones, { row, col, value: value.map((v) => logOf(1 + v)) });
  const given = features && { rowFeatures: features, columnFeatures: features };
  return new MatrixFactorization({ rank: Math.min(RANK, zones), lambda: LAMBDA, seed, ...given }).fit(R, { signal });
}

/** Matrix factorisation of log(1 + T) alone; zones without entries are placed by their attributes where there are any. */
export const factorization: RouteMethod = {
  name: 'factorisation',
  knows: ['attributes'],
  fit(train, { names, attributes }, seed) {
    const features = names.length > 0 ? new DenseMatrix(attributes, train.zones, names.length) : undefined;
    const model = factorLogTrips(train, features, seed);
    return { predict: (rows, cols) => ({ value: model.predictEntries(rows, cols).value.map((v) => Math.max(0, expOf(v) - 1)) }) };
  },
};
