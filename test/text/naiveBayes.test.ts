import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { SpinifexError } from '../../src/core/errors.ts';
import {
  ComplementNaiveBayes,
  ComplementNaiveBayesModel,
  MultinomialNaiveBayes,
  MultinomialNaiveBayesModel,
} from '../../src/text/index.ts';

const kinds = [
  ['multinomial', new MultinomialNaiveBayes(), MultinomialNaiveBayesModel],
  ['complement', new ComplementNaiveBayes(), ComplementNaiveBayesModel],
  ['normed complement', new ComplementNaiveBayes({ norm: true, alpha: 0.3 }), ComplementNaiveBayesModel],
] as const;

/** Rows of counts with labels of which at least two differ. */
const problem = fc
  .record({
    rows: fc.integer({ min: 2, max: 12 }),
    features: fc.integer({ min: 1, max: 6 }),
  })
  .chain(({ rows, features }) =>
    fc.record({
      X: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: features, maxLength: features }), {
        minLength: rows,
        maxLength: rows,
      }),
      labels: fc
        .array(fc.constantFrom('up', 'down', 'aside'), { minLength: rows, maxLength: rows })
        .filter((labels) => new Set(labels).size > 1),
      weights: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows }),
    }),
  );

const total = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0);
const columnSums = (rows: readonly number[][], features: number) =>
  Array.from({ length: features }, (_, j) => total(rows.map((row) => row[j])));

test('scores are those of the definition', () => {
  fc.assert(
    fc.property(problem, fc.constantFrom(0.1, 1, 3), ({ X, labels }, alpha) => {
      const classes = [...new Set(labels)].sort();
      const features = X[0].length;
      const multinomial = new MultinomialNaiveBayes({ alpha }).fit(X, labels);
      const complement = new ComplementNaiveBayes({ alpha }).fit(X, labels);
      expect(multinomial.classes).toEqual(classes);
      classes.forEach((name, c) => {
        const inside = columnSums(
          X.filter((_, i) => labels[i] === name),
          features,
        ).map((n) => n + alpha);
        const outside = columnSums(
          X.filter((_, i) => labels[i] !== name),
          features,
        ).map((n) => n + alpha);
        const prior = Math.log(labels.filter((label) => label === name).length / labels.length);
        X.forEach((row, i) => {
          const score = prior + total(row.map((x, j) => x * Math.log(inside[j] / total(inside))));
          expect(multinomial.decision(X).get(i, c)).toBeCloseTo(score, 9);
          const other = -total(row.map((x, j) => x * Math.log(outside[j] / total(outside))));
          expect(complement.decision(X).get(i, c)).toBeCloseTo(other, 9);
        });
      });
    }),
  );
});

describe.each(kinds)('%s', (_, recipe, Model) => {
  test('the class of the largest score is predicted, and probabilities sum to 1 in the same order', () => {
    fc.assert(
      fc.property(problem, ({ X, labels }) => {
        const model = recipe.fit(X, labels);
        const scores = model.decision(X).toRows();
        const probabilities = model.predictProbability(X).toRows();
        model.predict(X).forEach((label, i) => {
          expect(scores[i][model.classes.indexOf(label)]).toBe(Math.max(...scores[i]));
          expect(total([...probabilities[i]])).toBeCloseTo(1, 12);
          probabilities[i].forEach((p, c) => {
            expect(p).toBeCloseTo(Math.exp(scores[i][c]) / total([...scores[i]].map(Math.exp)), 10);
          });
        });
      }),
    );
  });

  test('sparse, dense and 32-bit X give the same model, weights count as copies, and batches as one fit', () => {
    fc.assert(
      fc.property(problem, ({ X, labels, weights }) => {
        const saved = (model: { toJSON(): unknown }) => JSON.stringify(model);
        const sparse = CsrMatrix.fromDense(X);
        const whole = recipe.fit(X, labels);
        expect(saved(recipe.fit(sparse, labels))).toBe(saved(whole));
        expect(saved(recipe.fit(sparse.toCsc(), labels))).toBe(saved(whole));
        expect(saved(recipe.fit(new DenseMatrix(Float32Array.from(X.flat()), X.length, X[0].length), labels))).toBe(saved(whole));
        const copies = (list: readonly unknown[]) => list.flatMap((item, i) => new Array(weights[i]).fill(item));
        const weighted = recipe.fit(X, labels, { sampleWeight: weights });
        expect(saved(recipe.fit(copies(X) as number[][], copies(labels) as string[]))).toBe(saved(weighted));
        const classes = [...new Set(labels)];
        const first = recipe.fit(X.slice(0, 1), labels.slice(0, 1), { classes });
        const before = saved(first);
        expect(saved(first.partialFit(X.slice(1), labels.slice(1)))).toBe(saved(whole));
        expect(saved(first)).toBe(before);
      }),
    );
  });

  test('a saved model predicts the same bits', () => {
    const X = [
      [1.5, 0, 2],
      [0, 0.25, 1],
      [3, 0, 0],
    ];
    const model = recipe.fit(X, [3, 1, 3]);
    const again = Model.fromJSON(JSON.stringify(model));
    expect(again.classes).toEqual([1, 3]);
    expect(again.decision(X)).toEqual(model.decision(X));
    expect(again.predict(X)).toEqual(model.predict(X));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
  });

  test('damaged models are refused', () => {
    const json = recipe
      .fit(
        [
          [1, 0],
          [0, 1],
        ],
        ['a', 'b'],
      )
      .toJSON();
    for (const [damage, message] of [
      [{ classes: ['b', 'a'] }, 'classes: expected at least two, ascending'],
      [{ classes: ['a'] }, 'classes: expected at least two, ascending'],
      [{ sums: [1, 2] }, '"sums" is an array of length 2: expected an array of length 4'],
      [{ sums: [1, 2, 3, -4] }, 'rows, sums: expected finite numbers >= 0'],
      [{ alpha: 0 }, 'alpha: expected a finite number > 0'],
    ] as const) {
      expect(() => Model.fromJSON({ ...json, ...damage })).toThrow(SpinifexError);
      expect(() => Model.fromJSON({ ...json, ...damage })).toThrow(message);
    }
  });

  test('bad input is named', () => {
    const X = [
      [1, 0],
      [0, 1],
      [2, 0],
    ];
    const y = ['a', 'b', 'a'];
    const model = recipe.fit(X, y);
    for (const [run, kind, message] of [
      [
        () =>
          recipe.fit(
            [
              [1, 0],
              [0, -1],
              [1, 1],
            ],
            y,
          ),
        RangeError,
        'X[1][1] is -1: expected a finite number >= 0',
      ],
      [
        () =>
          recipe.fit(
            [
              [1, 0],
              [0, 1],
              [Number.NaN, 1],
            ],
            y,
          ),
        RangeError,
        'X[2][0] is NaN: expected a finite number >= 0',
      ],
      [() => recipe.fit(X, ['a', 'b']), RangeError, 'labels: expected 3 labels, one for each row, got 2'],
      [() => recipe.fit(X, ['a', 'a', 'a']), RangeError, 'labels: expected at least 2 different labels, got 1: "a"'],
      [() => recipe.fit<string | number>(X, ['a', 1, 'a']), TypeError, 'labels[1] is 1: expected a string, as labels[0]'],
      [() => recipe.fit(X, y, { classes: ['a', 'c'] }), RangeError, 'labels[1] is "b": expected one of the classes "a", "c"'],
      [() => recipe.fit(X, y, { sampleWeight: [1, -1, 1] }), RangeError, 'sampleWeight[1] is -1: expected a number >= 0'],
      [() => recipe.fit(X, y, { weight: [1] } as never), TypeError, 'fit: unknown option "weight"'],
      [() => model.partialFit(X, ['a', 'b', 'z']), RangeError, 'labels[2] is "z": expected one of the classes "a", "b"'],
      [() => model.partialFit([[1]], ['a']), RangeError, 'X: expected 2 columns, as in the fit, got 1'],
      [() => model.predict([[1, 2, 3]]), RangeError, 'X: expected 2 columns, as in the fit, got 3'],
      [() => model.predict([[1, -2]]), RangeError, 'X[0][1] is -2: expected a finite number >= 0'],
    ] as const) {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    }
  });
});

test('a class without rows has probability 0 until some arrive', () => {
  const recipe = new MultinomialNaiveBayes();
  const first = recipe.fit(
    [
      [1, 0],
      [0, 1],
    ],
    ['a', 'b'],
    { classes: ['a', 'b', 'c'] },
  );
  expect(first.logPriors[2]).toBe(-Infinity);
  expect(first.predictProbability([[1, 1]]).get(0, 2)).toBe(0);
  expect(first.partialFit([[0, 9]], ['c']).predict([[0, 5]])).toEqual(['c']);
});

test('priors can be equal or given', () => {
  const X = [[1], [1], [1]];
  const priors = (options: object) => new MultinomialNaiveBayes(options).fit(X, [0, 1, 1]).predictProbability(X).toRows()[0];
  expect(priors({})[0]).toBeCloseTo(1 / 3, 12);
  expect(priors({ fitPrior: false })[0]).toBeCloseTo(1 / 2, 12);
  expect(priors({ classPrior: [0.9, 0.1] })[0]).toBeCloseTo(0.9, 12);
  const given = new MultinomialNaiveBayes({ classPrior: [0.9, 0.1] }).fit(X, [0, 1, 1]);
  expect(MultinomialNaiveBayesModel.fromJSON(given.toJSON()).logPriors).toEqual(given.logPriors);
  expect(() => MultinomialNaiveBayesModel.fromJSON({ ...given.toJSON(), classPrior: [2, -1] })).toThrow(
    'classPrior: expected probabilities',
  );
});

test('wrong options are named', () => {
  for (const [run, kind, message] of [
    [() => new MultinomialNaiveBayes({ alpha: 0 }), RangeError, 'alpha: expected a number > 0, got 0'],
    [() => new ComplementNaiveBayes({ alpha: '1' as never }), TypeError, 'alpha: expected a number > 0, got "1" (string)'],
    [
      () => new MultinomialNaiveBayes({ classPrior: [0.5, 0.6] }),
      RangeError,
      'classPrior: expected probabilities >= 0 that sum to 1, got a sum of 1.1',
    ],
    [
      () => new MultinomialNaiveBayes({ classPrior: [0.5, 0.5] }).fit([[1], [1], [1]], [0, 1, 2]),
      RangeError,
      'classPrior: expected 3 probabilities, one for each class, got 2',
    ],
    [() => new ComplementNaiveBayes({ fitPrior: true } as never), TypeError, 'ComplementNaiveBayes: unknown option "fitPrior"'],
  ] as const) {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  }
});

test('classes of unequal size: the complement finds the small one where the prior hides it', () => {
  const X = [...Array.from({ length: 40 }, (_, i) => [3, 1, i % 2]), [1, 2, 3], [1, 3, 3]];
  const labels = X.map((_, i) => (i < 40 ? 'common' : 'rare'));
  expect(new ComplementNaiveBayes().fit(X, labels).predict([[1, 2, 2]])).toEqual(['rare']);
});
