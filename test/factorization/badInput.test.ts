import { describe, expect, test } from 'vitest';
import { CsrMatrix, FactorizationModel, ImplicitFactorization, ImplicitModel, MatrixFactorization } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { complaint, csr, ratings, symmetric } from './ratings.ts';

const rows = new Dice(1).matrix(6, 5);
const R = CsrMatrix.fromDense(rows);
const recipe = (options: object = {}) => new MatrixFactorization({ rank: 2, lambda: 0.5, ...options });
const counts = (options: object = {}) => new ImplicitFactorization({ rank: 2, lambda: 0.5, ...options });
const withEntry = (value: number, i = 3, j = 1) => rows.map((row, a) => row.map((v, b) => (a === i && b === j ? value : v)));
const stored = (value: number) =>
  new CsrMatrix({ rows: 6, cols: 5, indptr: R.indptr, indices: R.indices, data: R.data.map((v, e) => (e === 16 ? value : v)) });

type Row = [string, () => unknown, RegExp];

describe('options', () => {
  const table: Row[] = [
    ['no rank', () => new MatrixFactorization({ lambda: 1 } as never), /^TypeError: rank: expected an integer.*got undefined/],
    ['rank 0', () => recipe({ rank: 0 }), /^RangeError: rank: .*got 0/],
    ['rank 1.5', () => recipe({ rank: 1.5 }), /^RangeError: rank: .*got 1.5/],
    ['no lambda', () => new MatrixFactorization({ rank: 1 } as never), /^TypeError: lambda: .*got undefined/],
    ['lambda below 0', () => recipe({ lambda: -1 }), /^RangeError: lambda: .*>= 0, got -1/],
    ['lambda NaN', () => recipe({ lambda: Number.NaN }), /^RangeError: lambda: .*got NaN/],
    ['a text for lambda', () => recipe({ lambda: '1' }), /^TypeError: lambda: .*"1" \(string\)/],
    ['an unknown option', () => recipe({ lamda: 1 }), /lamda/],
    ['biasLambda below 0', () => recipe({ biasLambda: -1 }), /^RangeError: biasLambda/],
    ['a number for biases', () => recipe({ biases: 1 }), /^TypeError: biases/],
    ['l1 below 0', () => recipe({ l1: -0.1 }), /^RangeError: l1/],
    [
      'l1 with least squares',
      () => recipe({ l1: 1, solver: 'cholesky' }),
      /^RangeError: solver: expected "auto" or "ccd" with l1 > 0, got "cholesky"/,
    ],
    [
      'nonNegative by conjugate gradients',
      () => recipe({ nonNegative: true, solver: 'cg' }),
      /^RangeError: solver: .*nonNegative, got "cg"/,
    ],
    ['a solver of another kind', () => recipe({ solver: 'als' }), /^RangeError: solver: expected/],
    [
      'a graph by coordinate descent',
      () => recipe({ l1: 1, rowGraph: symmetric(6, []) }),
      /^RangeError: rowGraph: coordinate descent/,
    ],
    ['a graph of another kind', () => recipe({ columnGraph: rows }), /^TypeError: columnGraph: expected a CsrMatrix/],
    [
      'features without a ridge',
      () => recipe({ lambda: 0, rowFeatures: rows }),
      /^RangeError: lambda: expected a number > 0 with features/,
    ],
    [
      'features without a ridge on biases',
      () => recipe({ biasLambda: 0, rowFeatures: rows }),
      /^RangeError: biasLambda: expected a number > 0/,
    ],
    ['featureLambda 0', () => recipe({ featureLambda: 0 }), /^RangeError: featureLambda/],
    ['a kernel of another kind', () => recipe({ featureKernel: 'rbf' }), /^RangeError: featureKernel/],
    ['graphLambda below 0', () => recipe({ graphLambda: -1 }), /^RangeError: graphLambda/],
    ['coldStart of another kind', () => recipe({ coldStart: 'zero' }), /^RangeError: coldStart/],
    ['cgSteps 0', () => recipe({ cgSteps: 0 }), /^RangeError: cgSteps/],
    ['maxSweeps 0', () => recipe({ maxSweeps: 0 }), /^RangeError: maxSweeps/],
    ['tol 1', () => recipe({ tol: 1 }), /^RangeError: tol: .*got 1/],
    ['patience 0', () => recipe({ patience: 0 }), /^RangeError: patience/],
    ['precision of another kind', () => recipe({ precision: 'f16' }), /^RangeError: precision/],
    ['a seed below 0', () => recipe({ seed: -1 }), /^RangeError: seed/],
    ['lambda 0 for counts', () => counts({ lambda: 0 }), /^RangeError: lambda: .*> 0, got 0/],
    ['alpha below 0', () => counts({ alpha: -1 }), /^RangeError: alpha/],
    ['coordinate descent for counts', () => counts({ solver: 'ccd' }), /^RangeError: solver/],
    ['biases for counts', () => counts({ biases: true }), /biases/],
  ];
  test.each(table)('refuse %s', (_, body, expected) => expect(complaint(body)).toMatch(expected));
});

describe('a fit', () => {
  const negative = symmetric(6, [[1, 2, -1]]);
  const skew = CsrMatrix.fromCoo(6, 6, { row: [1, 2], col: [2, 1], value: [1, 2] });
  const oneWay = CsrMatrix.fromCoo(6, 6, { row: [1], col: [2], value: [1] });
  const mask = rows.map((row) => row.map(() => true));
  const table: Row[] = [
    [
      'NaN in a dense matrix',
      () => recipe().fit(withEntry(Number.NaN)),
      /^RangeError: R\[3\]\[1\] is NaN: expected a finite number.*mask/,
    ],
    ['Infinity in a dense matrix', () => recipe().fit(withEntry(Infinity)), /^RangeError: R\[3\]\[1\] is Infinity/],
    ['NaN in a sparse matrix', () => recipe().fit(stored(Number.NaN)), /^RangeError: R\[3\]\[1\] is NaN/],
    ['NaN inside the mask', () => recipe().fit(withEntry(Number.NaN), { mask }), /^RangeError: R\[3\]\[1\] is NaN/],
    [
      'no entry',
      () => recipe().fit(CsrMatrix.fromCoo(6, 5, { row: [], col: [], value: [] })),
      /^RangeError: R: expected at least one observed entry/,
    ],
    [
      'an empty mask',
      () => recipe().fit(rows, { mask: mask.map((row) => row.map(() => false)) }),
      /^RangeError: R: expected at least one/,
    ],
    [
      'a rank that the matrix cannot hold',
      () => recipe({ rank: 6 }).fit(R),
      /^RangeError: rank: expected at most min\(6, 5\), the size of R, got 6/,
    ],
    ['no matrix', () => recipe().fit('R' as never), /^TypeError: R/],
    [
      'a mask with too few rows',
      () => recipe().fit(rows, { mask: mask.slice(1) }),
      /^RangeError: mask: expected 6 x 5, as R, got 5 x 5/,
    ],
    [
      'a mask with a short row',
      () => recipe().fit(rows, { mask: mask.map((row, i) => row.slice(i === 2 ? 1 : 0)) }),
      /^RangeError: mask: expected 6 x 5, as R, got 6 x 4/,
    ],
    ['a mask of another kind', () => recipe().fit(rows, { mask: true as never }), /^TypeError: mask/],
    ['a mask for a sparse matrix', () => recipe().fit(R, { mask }), /^TypeError: mask: is for a dense R/],
    ['too few weights', () => recipe().fit(R, { weights: [1, 2] }), /^RangeError: weights: .*30.*2/],
    [
      'a weight below 0',
      () => recipe().fit(R, { weights: R.data.map((_, e) => (e === 7 ? -1 : 1)) }),
      /^RangeError: weights\[7\] is -1: expected a number >= 0/,
    ],
    [
      'weights that are all 0',
      () => recipe().fit(R, { weights: R.data.map(() => 0) }),
      /^RangeError: weights: expected at least one positive/,
    ],
    [
      'a weight NaN',
      () => recipe().fit(R, { weights: R.data.map((_, e) => (e === 7 ? Number.NaN : 1)) }),
      /^RangeError: weights\[7\] is NaN/,
    ],
    [
      'weights on other entries',
      () => recipe().fit(R, { weights: CsrMatrix.fromCoo(6, 5, { row: [0], col: [0], value: [1] }) }),
      /^RangeError: weights: expected the same stored entries as R/,
    ],
    [
      'features with the wrong number of rows',
      () => recipe({ rowFeatures: rows.slice(1) }).fit(R),
      /^RangeError: rowFeatures: expected 6 rows, one for each row of R, got 5/,
    ],
    [
      'column features with the wrong number of rows',
      () => recipe({ columnFeatures: rows }).fit(R),
      /^RangeError: columnFeatures: expected 5 rows, one for each column of R, got 6/,
    ],
    ['NaN in features', () => recipe({ rowFeatures: withEntry(Number.NaN) }).fit(R), /^RangeError: rowFeatures\[3\]\[1\] is NaN/],
    [
      'a graph of the wrong shape',
      () => recipe({ rowGraph: symmetric(5, []) }).fit(R),
      /^RangeError: rowGraph: expected 6 x 6, got 5 x 5/,
    ],
    [
      'a graph with a weight below 0',
      () => recipe({ rowGraph: negative }).fit(R),
      /^RangeError: rowGraph\[1\]\[2\] is -1: expected a finite number >= 0/,
    ],
    [
      'a graph that is not symmetric',
      () => recipe({ rowGraph: skew }).fit(R),
      /^RangeError: rowGraph\[1\]\[2\] is 1 and rowGraph\[2\]\[1\] is 2: expected a symmetric graph/,
    ],
    [
      'an edge one way',
      () => recipe({ rowGraph: oneWay }).fit(R),
      /^RangeError: rowGraph\[1\]\[2\] is 1 and rowGraph\[2\]\[1\] is 0: expected a symmetric graph/,
    ],
    ['an unknown option', () => recipe().fit(R, { weight: [1] } as never), /weight/],
    ['something else than a callback', () => recipe().fit(R, { onProgress: 1 as never }), /^TypeError: onProgress/],
    [
      'a count below 0',
      () => counts().fit(withEntry(-2).map((row) => row.map((v) => (v === -2 ? v : Math.abs(v))))),
      /^RangeError: counts\[3\]\[1\] is -2: expected a count >= 0/,
    ],
    ['a count NaN', () => counts().fit(stored(Number.NaN)), /^RangeError: counts\[3\]\[1\] is NaN/],
    [
      'counts of too low a rank',
      () => counts({ rank: 6 }).fit(CsrMatrix.fromDense(rows.map((row) => row.map(Math.abs)))),
      /^RangeError: rank: expected at most min\(6, 5\), the size of counts, got 6/,
    ],
  ];
  test.each(table)('refuses %s', (_, body, expected) => expect(complaint(body)).toMatch(expected));

  test('without a ridge fits rows with too few entries all the same, by least squares', () => {
    const few = csr({
      rows: 4,
      cols: 4,
      row: [0, 0, 0, 0, 1, 2, 2, 3],
      col: [0, 1, 2, 3, 1, 2, 3, 0],
      value: [1, 2, 3, 4, 5, 6, 7, 8],
    });
    for (const solver of ['cholesky', 'cg', 'ccd'] as const) {
      const model = recipe({ lambda: 0, rank: 2, solver, maxSweeps: 50 }).fit(few);
      expect(model.predictAll().data.every(Number.isFinite)).toBe(true);
      expect(model.history[model.history.length - 1].rmse).toBeLessThanOrEqual(0.1);
      expect(model.predictEntries([1], [0]).standardError![0]).toBeGreaterThanOrEqual(0);
    }
  });

  test('says where numbers leave their range', () => {
    const large = csr({ rows: 3, cols: 3, row: [0, 1, 2], col: [0, 1, 2], value: [1e200, 1e200, -1e200] });
    expect(complaint(() => recipe({ lambda: 1e-3 }).fit(large))).toMatch(
      /^SpinifexError (OVERFLOW|SINGULAR): (sweep|row|column) \d+: /,
    );
    const single = csr({ rows: 3, cols: 3, row: [0, 1, 2], col: [0, 1, 2], value: [1e30, 1e30, -1e30] });
    expect(complaint(() => recipe({ lambda: 1e-3, precision: 'f32' }).fit(single))).toMatch(
      /^SpinifexError (OVERFLOW|SINGULAR): /,
    );
  });

  test('of entries that are all the same predicts them', () => {
    const same = csr({ ...ratings(new Dice(2), 5, 4), value: ratings(new Dice(2), 5, 4).value.map(() => 7) });
    const model = recipe().fit(same);
    for (let i = 0; i < 5; i++) for (let j = 0; j < 4; j++) expect(model.predict(i, j)).toBeCloseTo(7, 10);
    expect(Number.isFinite(model.certificate.gradient)).toBe(true);
    const one = csr({ rows: 1, cols: 1, row: [0], col: [0], value: [0] });
    expect(recipe({ rank: 1 }).fit(one).predict(0, 0)).toBeCloseTo(0, 12);
    const nobody = csr({ rows: 2, cols: 2, row: [0], col: [1], value: [0] });
    expect(Math.abs(counts({ rank: 1 }).fit(nobody).predict(0, 1))).toBeLessThanOrEqual(1e-9);
  });
});

describe('a model', () => {
  const model = recipe({ columnFeatures: rows[0].map((v) => [v, v * v]) }).fit(R);
  const plain = recipe().fit(R);
  const implicit = counts().fit(CsrMatrix.fromDense(rows.map((row) => row.map(Math.abs))));
  const factors = { rowFactors: [[1, 2]], columnFactors: [[1, 2]] };
  const table: Row[] = [
    ['a row that is not there', () => model.predict(6, 0), /^RangeError: i: expected an integer in 0..5, got 6/],
    ['a column that is not there', () => model.predict(0, -1), /^RangeError: j: expected an integer in 0..4, got -1/],
    ['a text as row', () => model.predict('0' as never, 0), /^TypeError: i/],
    ['the basis of a row that is not there', () => model.basis(6, 0), /^RangeError: i/],
    ['a list with a row that is not there', () => model.predictEntries([0, 1, 9], [0, 0, 0]), /^RangeError: rows\[2\] is 9/],
    ['lists of different lengths', () => model.predictEntries([0, 1], [0]), /^RangeError: cols/],
    ['an unknown option', () => model.predictEntries([0], [0], { standardErrors: true } as never), /standardErrors/],
    ['scores of a row that is not there', () => implicit.scores(6), /^RangeError: i/],
    ['a fold-in with an unknown column', () => model.foldInRow([0, 5], [1, 2]), /^RangeError: columns\[1\] is 5/],
    [
      'a fold-in with a column twice',
      () => model.foldInRow([2, 1, 2], [1, 2, 3]),
      /^RangeError: columns\[2\] is 2: column 2 is given twice/,
    ],
    [
      'a folded column with a row twice',
      () => model.foldInColumn([1, 1], [1, 2]),
      /^RangeError: rows\[1\] is 1: row 1 is given twice/,
    ],
    ['a fold-in with too few values', () => model.foldInRow([1, 2], [1]), /^RangeError: values/],
    ['a fold-in with NaN', () => model.foldInRow([1, 2], [1, Number.NaN]), /^RangeError: values\[1\] is NaN/],
    ['a fold-in with a weight below 0', () => model.foldInRow([1], [1], { weights: [-2] }), /^RangeError: weights\[0\] is -2/],
    ['a fold-in with too few features', () => model.foldInColumn([1], [1], { features: [1] }), /^RangeError: features: .*2.*1/],
    [
      'a fold-in with NaN as feature',
      () => model.foldInColumn([1], [1], { features: [1, Number.NaN] }),
      /^RangeError: features\[1\] is NaN/,
    ],
    [
      'features that the fit did not have',
      () => plain.foldInRow([1], [1], { features: [1] }),
      /^RangeError: features: this model was fitted without row features/,
    ],
    ['counts twice', () => implicit.foldInRow([1, 1], [1, 1]), /^RangeError: columns\[1\] is 1: column 1 is given twice/],
    ['a folded count below 0', () => implicit.foldInRow([1], [-1]), /^RangeError: counts\[0\] is -1/],
    [
      'factors of different rank',
      () => FactorizationModel.fromFactors({ ...factors, columnFactors: [[1]] }),
      /^RangeError: columnFactors: expected 2 columns, as rowFactors, got 1/,
    ],
    [
      'factors that are not finite',
      () => FactorizationModel.fromFactors({ ...factors, rowFactors: [[1, Number.NaN]] }),
      /^RangeError: rowFactors\[0\]\[1\]/,
    ],
    ['biases of the wrong length', () => FactorizationModel.fromFactors({ ...factors, rowBias: [1, 2] }), /^RangeError: rowBias/],
    [
      'biases that are not to be',
      () => FactorizationModel.fromFactors({ ...factors, rowBias: [1], biases: false }),
      /^RangeError: biases/,
    ],
    ['implicit factors without lambda', () => ImplicitModel.fromFactors(factors as never), /^TypeError: lambda/],
  ];
  test.each(table)('refuses %s', (_, body, expected) => expect(complaint(body)).toMatch(expected));
});
