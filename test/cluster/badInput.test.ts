import { describe, expect, test } from 'vitest';
import { GaussianMixture, KMeans } from '../../src/cluster/index.ts';
import { CsrMatrix, SpinifexError } from '../../src/index.ts';

const X = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 8],
];
// biome-ignore lint/suspicious/noExplicitAny: wrong kinds are what is tested
type Any = any;
const means =
  (options: Any, X_: Any = X, rest?: Any) =>
  () =>
    new KMeans(options).fit(X_, rest);
const mixture =
  (options: Any, X_: Any = X) =>
  () =>
    new GaussianMixture(options).fit(X_);

describe('KMeans refuses', () => {
  test.each<[string, () => unknown, typeof Error, string]>([
    ['no options', means({}), TypeError, 'clusters: expected an integer >= 1, got undefined'],
    ['an unknown option', means({ clusters: 2, k: 2 }), TypeError, 'KMeans: unknown option "k"; known options: clusters'],
    ['no clusters', means({ clusters: 0 }), RangeError, 'clusters: expected an integer >= 1, got 0'],
    ['more clusters than rows', means({ clusters: 5 }), RangeError, 'clusters: expected at most 4, the number of rows, got 5'],
    [
      'more clusters than distinct rows',
      means({ clusters: 3 }, [
        [1, 1],
        [2, 2],
        [1, 1],
        [2, 2],
      ]),
      RangeError,
      'clusters: expected at most 2, the number of distinct rows with a weight, got 3',
    ],
    [
      'more clusters than distinct rows, with a start',
      means({ clusters: 3, initialCentres: X.slice(0, 3) }, [
        [1, 1],
        [2, 2],
        [1, 1],
        [2, 2],
      ]),
      RangeError,
      'clusters: expected at most 2, the number of distinct rows with a weight, got 3',
    ],
    [
      'more clusters than rows with a weight',
      means({ clusters: 3 }, X, { sampleWeight: [1, 0, 2, 0] }),
      RangeError,
      'clusters: expected at most 2, the number of distinct rows with a weight, got 3',
    ],
    ['a vector', means({ clusters: 1 }, [1, 2]), TypeError, 'X[0]: expected a row of numbers, got 1'],
    [
      'no matrix',
      means({ clusters: 1 }, 'X'),
      TypeError,
      'X: expected a DenseMatrix, CsrMatrix, CscMatrix or an array of rows, got "X" (string)',
    ],
    [
      'NaN',
      means({ clusters: 1 }, [
        [1, 2],
        [3, Number.NaN],
      ]),
      RangeError,
      'X[1][1] is NaN: expected a finite number',
    ],
    [
      'infinity in sparse rows',
      means({ clusters: 1 }, new CsrMatrix({ rows: 2, cols: 3, indptr: [0, 0, 1], indices: [2], data: [Infinity] })),
      RangeError,
      'X[1][2] is Infinity: expected a finite number',
    ],
    [
      'a name that is no start',
      means({ clusters: 2, initialCentres: 'random' }),
      RangeError,
      "initialCentres: expected 'k-means++' or a matrix",
    ],
    [
      'centres of another shape',
      means({
        clusters: 2,
        initialCentres: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      }),
      RangeError,
      'initialCentres: expected 2 x 2, one row per cluster, got 3 x 2',
    ],
    [
      'NaN in centres',
      means({ clusters: 1, initialCentres: [[1, Number.NaN]] }),
      RangeError,
      'initialCentres[0][1] is NaN: expected a finite number',
    ],
    [
      'restarts of one start',
      means({ clusters: 1, initialCentres: [[1, 2]], restarts: 3 }),
      RangeError,
      'restarts: expected an integer in 1..1, got 3',
    ],
    [
      'a row without direction',
      means({ clusters: 2, spherical: true }, [
        [1, 2],
        [0, 0],
        [3, 1],
      ]),
      RangeError,
      'X[1]: expected a row that is not all zeros: it has no direction',
    ],
    [
      'an empty sparse row without direction',
      means(
        { clusters: 1, spherical: true },
        CsrMatrix.fromDense([
          [1, 2],
          [0, 0],
        ]),
      ),
      RangeError,
      'X[1]: expected a row that is not all zeros: it has no direction',
    ],
    [
      'a centre without direction',
      means({ clusters: 1, spherical: true, initialCentres: [[0, 0]] }, [[1, 2]]),
      RangeError,
      'initialCentres[0]: expected a row that is not all zeros: it has no direction',
    ],
    [
      'weights of another length',
      means({ clusters: 1 }, X, { sampleWeight: [1] }),
      RangeError,
      'sampleWeight: expected 4 numbers, got 1',
    ],
    [
      'a negative weight',
      means({ clusters: 1 }, X, { sampleWeight: [1, -1, 1, 1] }),
      RangeError,
      'sampleWeight[1] is -1: expected a number >= 0',
    ],
    ['a negative tolerance', means({ clusters: 1, tol: -1 }), RangeError, 'tol: expected a number >= 0, got -1'],
    ['an unknown fit option', means({ clusters: 1 }, X, { weights: [] }), TypeError, 'fit: unknown option "weights"'],
    [
      'rows of another width',
      () => new KMeans({ clusters: 1 }).fit(X).predict([[1]]),
      RangeError,
      'X: expected 2 columns, as in the fit, got 1',
    ],
  ])('%s', (_, act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });
});

describe('GaussianMixture refuses', () => {
  test.each<[string, () => unknown, typeof Error, string]>([
    [
      'an unknown covariance',
      mixture({ components: 1, covariance: 'diag' }),
      RangeError,
      'covariance: expected one of "full", "tied", "diagonal", "spherical"',
    ],
    [
      'more components than rows',
      mixture({ components: 5 }),
      RangeError,
      'components: expected at most 4, the number of rows, got 5',
    ],
    [
      'sparse rows',
      mixture({ components: 1 }, CsrMatrix.fromDense(X)),
      TypeError,
      'X: expected a dense matrix: covariances of sparse columns would be dense',
    ],
    [
      'NaN',
      mixture({ components: 1 }, [
        [1, 2],
        [Number.NaN, 3],
      ]),
      RangeError,
      'X[1][0] is NaN: expected a finite number',
    ],
    ['a start without means', mixture({ components: 1, initial: {} }), TypeError, 'initial.means: expected'],
    [
      'means of another shape',
      mixture({ components: 2, initial: { means: [[1, 2]] } }),
      RangeError,
      'initial.means: expected 2 x 2, got 1 x 2',
    ],
    [
      'a weight of 0',
      mixture({ components: 2, initial: { means: X.slice(2), weights: [1, 0] } }),
      RangeError,
      'initial.weights[1] is 0: expected a number > 0',
    ],
    [
      'too few covariances',
      mixture({
        components: 2,
        initial: {
          means: X.slice(2),
          covariances: [
            [
              [1, 0],
              [0, 1],
            ],
          ],
        },
      }),
      RangeError,
      'initial.covariances: expected an array of 2 matrices, got an array of length 1',
    ],
    [
      'a covariance that is not symmetric',
      mixture({
        components: 1,
        covariance: 'tied',
        initial: {
          means: [[1, 2]],
          covariances: [
            [1, 2],
            [3, 9],
          ],
        },
      }),
      RangeError,
      'initial.covariances[1][0] is 3: expected 2, as in [0][1]',
    ],
    [
      'rows of another width',
      () => new GaussianMixture({ components: 1 }).fit(X).predict([[1]]),
      RangeError,
      'X: expected 2 columns, as in the fit, got 1',
    ],
  ])('%s', (_, act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });

  test.each(['full', 'tied', 'diagonal', 'spherical'])('a %s covariance without an inverse, by name', (covariance) => {
    const act = mixture({ components: 2, covariance, regularization: 0 }, [
      [1, 1],
      [1, 1],
      [2, 2],
      [2, 2],
    ]);
    expect(act).toThrow(SpinifexError);
    expect(act).toThrow('component 0: its covariance is not positive definite: raise regularization');
  });

  test('distances that overflow', () => {
    const tiny = [
      [1e-308, 0],
      [0, 1e-308],
    ];
    expect(mixture({ components: 1, initial: { means: [[0, 0]], covariances: [tiny] } })).toThrow('scale the columns first');
  });
});
