import { describe, expect, test } from 'vitest';
import {
  CscMatrix,
  CsrMatrix,
  covariance,
  DenseMatrix,
  ImplicitFactorization,
  type Matrix,
  MatrixFactorization,
  Pca,
  pageRank,
  SparsePca,
  TruncatedSvd,
  upload,
} from '../../src/index.ts';

const rows = [
  [2, 0, 1, 5],
  [0, 3, 1, 0],
  [4, 1, 0, 2],
  [1, 0, 6, 1],
  [0, 2, 2, 0],
];
const square = rows.slice(0, 4);
const formats: [string, (rows: number[][]) => Matrix][] = [
  ['dense', (X) => DenseMatrix.from(X)],
  ['dense f32', (X) => new DenseMatrix(Float32Array.from(X.flat()), X.length, X[0].length)],
  ['CSR', (X) => CsrMatrix.fromDense(X)],
  ['CSC', (X) => CscMatrix.fromDense(X)],
];

describe.each(formats)('a resident matrix (%s) is accepted where a matrix is', (_, stored) => {
  test.each([
    ['Pca', rows, (X) => new Pca({ components: 2 }).fit(X).components.data],
    ['Pca transform', rows, (X) => new Pca({ components: 2 }).fit(rows).transform(X).data],
    ['TruncatedSvd', rows, (X) => new TruncatedSvd({ components: 2 }).fit(X).components.data],
    ['SparsePca', rows, (X) => new SparsePca({ components: 1, nonzeros: 2 }).fit(X).components.data],
    ['covariance', rows, (X) => covariance(X).data],
    ['pageRank', square, (X) => pageRank(X).scores],
    ['MatrixFactorization', rows, (X) => new MatrixFactorization({ rank: 2, lambda: 0.1, maxSweeps: 3 }).fit(X).rowFactors.data],
    [
      'ImplicitFactorization',
      rows,
      (X) => new ImplicitFactorization({ rank: 2, lambda: 0.1, maxSweeps: 3 }).fit(X).rowFactors.data,
    ],
  ] as [string, number[][], (X: Parameters<typeof covariance>[0]) => ArrayLike<number>][])('by %s', (_, given, run) => {
    const X = stored(given);
    const resident = upload(X);
    const found = Array.from(run(resident));
    resident.free();
    // Rows and columns may be added in another order than for the matrix as it was given.
    const expected = Array.from(run(X));
    expect(found).toHaveLength(expected.length);
    for (const [k, value] of expected.entries()) expect(found[k]).toBeCloseTo(value, 10);
    expect(() => run(resident)).toThrow('this ResidentMatrix was freed');
  });
});
