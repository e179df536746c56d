import { describe, expect, test } from 'vitest';
import { CsrMatrix, DenseMatrix, ElasticNet, Lasso, LassoCV, Ridge, SpinifexError, upload } from '../../src/index.ts';
import { accuracy, auc, crossValidate, kFold, meanSquaredError, r2, splitsOf } from '../../src/selection/index.ts';
import { FORMATS, stored } from '../linear/formats.ts';
import { Dice, linearData } from '../linear/problems.ts';
import { MeanRecipe, NearestMean } from './recipes.ts';

const data = (seed: number, n = 40, p = 8) => linearData(new Dice(seed), n, p, { density: 0.7 });
const pick = <T>(list: ArrayLike<T>, rows: Int32Array): T[] => Array.from(rows, (i) => list[i]);

describe('crossValidate', () => {
  test('scores every fold by the model that has not seen it, for every storage of X', () => {
    for (const format of FORMATS) {
      const { rows, y } = data(1);
      const recipe = new Lasso({ lambda: 0.05 });
      const { scores, fold } = crossValidate(recipe, stored(rows, format), y, {
        folds: 4,
        seed: 3,
        scoring: ['r2', 'meanSquaredError'],
      });
      expect(fold).toEqual(kFold(40, { folds: 4, seed: 3 }));
      for (const [k, { train, test }] of splitsOf(fold).entries()) {
        const predicted = recipe.fit(stored(pick(rows, train), format), pick(y, train)).predict(pick(rows, test));
        expect(scores.r2.values[k]).toBe(r2(pick(y, test), predicted));
        expect(scores.meanSquaredError.values[k]).toBe(meanSquaredError(pick(y, test), predicted));
      }
      const { values, mean, standardError } = scores.r2;
      expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 4, 13);
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4;
      expect(standardError).toBeCloseTo(Math.sqrt(variance / 3), 13);
    }
  });

  test('agrees with LassoCV on the same folds, mean and standard error', () => {
    const { rows, y } = data(2);
    const foldIds = kFold(40, { folds: 5, seed: 1 });
    const sampleWeight = new Dice(5).vector(40, () => 0.5);
    for (let i = 0; i < 40; i += 3) sampleWeight[i] = 2;
    const options = { lambdas: [0.3, 0.1, 0.03], foldIds, tol: 1e-12, foldTol: 1e-12 };
    const cv = new LassoCV(options).fit(rows, y, { sampleWeight });
    for (const [l, lambda] of options.lambdas.entries()) {
      const recipe = new Lasso({ lambda, tol: 1e-12 });
      const { scores } = crossValidate(recipe, rows, y, { foldIds, sampleWeight, scoring: 'meanSquaredError' });
      expect(Math.abs(scores.meanSquaredError.mean - cv.mean[l])).toBeLessThanOrEqual(1e-7 * cv.mean[l]);
      expect(Math.abs(scores.meanSquaredError.standardError - cv.standardError[l])).toBeLessThanOrEqual(1e-6 * cv.mean[l]);
    }
  });

  test('gives fits the rows and weights of the training folds, sparse as they were, and options only where there are some', () => {
    const { rows, y } = data(3, 12, 4);
    const X = CsrMatrix.fromDense(rows);
    const recipe = new MeanRecipe();
    const sampleWeight = Array.from({ length: 12 }, (_, i) => 1 + (i % 3));
    const { fold, models } = crossValidate(recipe, X, y, { folds: 3, sampleWeight, models: true });
    expect(recipe.fits).toHaveLength(3);
    for (const [k, { train }] of splitsOf(fold).entries()) {
      const given = recipe.fits[k];
      expect(given.X).toBeInstanceOf(CsrMatrix);
      expect((given.X as CsrMatrix).toDense().toRows()).toEqual(pick(rows, train));
      expect(given.y).toEqual(pick(y, train));
      expect(given.options).toEqual({ sampleWeight: Float64Array.from(pick(sampleWeight, train)) });
      expect(models[k].mean).toBe(new MeanRecipe().fit(given.X, given.y, given.options).mean);
    }
    const plain = new MeanRecipe();
    expect(crossValidate(plain, X, y).models).toEqual([]);
    expect(plain.fits.every(({ options }) => options === undefined)).toBe(true);
  });

  test('leaves folds of weight 0 out of means, whatever their rows say', () => {
    const { rows, y } = data(4, 12, 3);
    const foldIds = rows.map((_, i) => i % 3);
    const sampleWeight = foldIds.map((k) => (k === 2 ? 0 : 1));
    const spoilt = y.map((v, i) => (foldIds[i] === 2 ? 1e9 : v));
    const recipe = new Ridge({ lambda: 0.1 });
    const run = (target: number[]) => crossValidate(recipe, rows, target, { foldIds, sampleWeight }).scores.r2;
    expect(run(spoilt).mean).toBe(run(y).mean);
    expect(run(y).mean).toBeCloseTo((run(y).values[0] + run(y).values[1]) / 2, 13);
  });

  test('judges classifiers of string labels by accuracy unless told otherwise, and ranks by decision values', () => {
    const dice = new Dice(6);
    const labels = Array.from({ length: 60 }, () => (dice.chance(0.3) ? 'rain' : 'dry'));
    const X = labels.map((label) => [dice.normal() + (label === 'rain' ? 1 : 0), dice.normal()]);
    const foldIds = kFold(60, { folds: 3, labels });
    expect(Object.keys(crossValidate(new NearestMean(), X, labels, { foldIds }).scores)).toEqual(['accuracy']);
    const { scores } = crossValidate(new NearestMean(), X, labels, { foldIds, scoring: ['accuracy', 'auc'] });
    for (const [k, { train, test }] of splitsOf(foldIds).entries()) {
      const model = new NearestMean().fit(DenseMatrix.from(pick(X, train)), pick(labels, train));
      const held = DenseMatrix.from(pick(X, test));
      expect(scores.accuracy.values[k]).toBe(accuracy(pick(labels, test), model.predict(held)));
      expect(scores.auc.values[k]).toBe(auc(pick(labels, test), model.decision(held)));
    }
    expect(scores.auc.mean).toBeGreaterThan(0.6);
  });

  test('ranks by the probability of the second class where there are no decision values', () => {
    const recipe = {
      fit: () => ({
        predictProbability: (X: { rows: number; matvec(x: number[]): Float64Array }) => {
          const second = X.matvec([1]);
          return new DenseMatrix(
            Float64Array.from({ length: 2 * X.rows }, (_, e) => (e % 2 ? second[e >> 1] : -second[e >> 1])),
            X.rows,
            2,
          );
        },
      }),
    };
    const X = [[1], [4], [2], [3], [5], [9]];
    const y = [0, 1, 0, 1, 0, 1];
    const foldIds = [0, 0, 0, 1, 1, 1];
    expect(Array.from(crossValidate(recipe, X, y, { foldIds, scoring: 'auc' }).scores.auc.values)).toEqual([1, 0.5]);
  });

  test('takes scorers of your own, with the rows of the fold and their weights', () => {
    const { rows, y } = data(7, 20, 3);
    const sampleWeight = rows.map((_, i) => 1 + i);
    const seenWeights: number[][] = [];
    const { scores } = crossValidate(new Lasso({ lambda: 0.1 }), upload(rows), y, {
      folds: 2,
      sampleWeight,
      scoring: {
        support: (model, X, target, options) => {
          seenWeights.push(Array.from(options.sampleWeight!));
          expect(X.rows).toBe(target.length);
          return model.support.length;
        },
        bias: { best: 'min', score: (model) => Math.abs(model.intercept) },
      },
    });
    expect(Object.keys(scores)).toEqual(['support', 'bias']);
    expect(seenWeights.flat().sort((a, b) => a - b)).toEqual(sampleWeight);
  });

  test('judges a search by the model that it chose inside each fold', () => {
    const { rows, y } = data(11, 60, 6);
    const recipe = new LassoCV({ folds: 3, nLambdas: 10 });
    const { scores, fold, models } = crossValidate(recipe, rows, y, { folds: 3, models: true });
    for (const [k, { train, test }] of splitsOf(fold).entries()) {
      const { model } = recipe.fit(pick(rows, train), pick(y, train));
      expect(models[k].lambdaMin).toBe(recipe.fit(pick(rows, train), pick(y, train)).lambdaMin);
      expect(scores.r2.values[k]).toBe(r2(pick(y, test), model.predict(pick(rows, test))));
    }
  });

  test('says what it misses in a model that cannot predict', () => {
    const { rows, y } = data(12, 10, 2);
    for (const model of [{}, null, { predict: 3 }]) {
      expect(() => crossValidate({ fit: () => model }, rows, y)).toThrow(
        /^estimator without fold 0: model: expected a method predict\(X\), got /,
      );
    }
  });

  test('gives the same bits every time', () => {
    const { rows, y } = data(8);
    const run = () => crossValidate(new ElasticNet({ lambda: 0.1, l1Ratio: 0.5 }), rows, y, { seed: 4 });
    expect(run()).toEqual(run());
  });

  test('reports every fit, can be stopped between and inside fits', () => {
    const { rows, y } = data(9);
    const reports: unknown[] = [];
    crossValidate(new Lasso({ lambda: 0.1 }), rows, y, {
      folds: 3,
      onProgress: ({ done, total }) => reports.push([done, total]),
    });
    expect(reports).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    expect(() => crossValidate(new MeanRecipe(), rows, y, { signal: stop.signal, onProgress })).toThrow(new Error('enough'));
    const inside = {
      fit: (_X: unknown, _y: unknown, options?: { signal?: AbortSignal }) => {
        stopInside.abort(new Error('inside'));
        options!.signal!.throwIfAborted();
        return { predict: () => [] };
      },
    };
    const stopInside = new AbortController();
    expect(() => crossValidate(inside, rows, y, { signal: stopInside.signal })).toThrow(new Error('inside'));
  });
});

describe('crossValidate refuses', () => {
  const { rows, y } = data(10, 10, 2);
  const lasso = new Lasso({ lambda: 0.1 });
  const run = (options: object, X: unknown = rows, target: unknown = y, recipe: unknown = lasso) =>
    crossValidate(recipe as Lasso, X as number[][], target as number[], options);

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'what cannot be fitted',
      () => run({}, rows, y, {}),
      TypeError,
      'estimator: expected a recipe with a method fit(X, y), got an object',
    ],
    ['no recipe', () => run({}, rows, y, null), TypeError, 'estimator: expected a recipe with a method fit(X, y), got null'],
    ['NaN in X', () => run({}, [[1], [Number.NaN]], [1, 2]), RangeError, 'X[1][0] is NaN: expected a finite number'],
    ['a y of another length', () => run({}, rows, [1, 2]), RangeError, 'y: expected 10 values, one for each row, got 2'],
    [
      'a y that is no array',
      () => run({}, rows, 'abc'),
      TypeError,
      'y: expected an array of numbers or labels, got "abc" (string)',
    ],
    ['no folds', () => run({ folds: 0 }), RangeError, 'folds: expected an integer in 2..10, got 0'],
    ['fold labels of another length', () => run({ foldIds: [0, 1] }), RangeError, 'foldIds: expected 10 numbers, got 2'],
    [
      'an unknown metric',
      () => run({ scoring: 'R2' }),
      RangeError,
      'scoring[0]: expected one of "r2", "meanSquaredError", "meanAbsoluteError", "accuracy", "balancedAccuracy", "auc", got "R2" (string)',
    ],
    ['no metrics', () => run({ scoring: {} }), RangeError, 'scoring: expected at least one metric'],
    [
      'a scorer that is none',
      () => run({ scoring: { loss: 3 } }),
      TypeError,
      "scoring.loss: expected a function or { score, best: 'max' | 'min' }, got 3",
    ],
    [
      'weights below 0',
      () => run({ sampleWeight: y.map(() => -1) }),
      RangeError,
      'sampleWeight[0] is -1: expected a number >= 0',
    ],
    ['models that is no flag', () => run({ models: 1 }), TypeError, 'models: expected true or false, got 1'],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(new kind(message));
    expect(call).toThrow(kind);
  });

  test('says in which fold a fit or a metric failed, with its error as the cause', () => {
    const bad = y.map((v, i) => (i === 3 ? Number.NaN : v));
    const first = kFold(10)[3] === 0 ? 1 : 0;
    let caught: unknown;
    try {
      run({}, rows, bad);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(SpinifexError);
    expect((caught as SpinifexError).code).toBe('FOLD_FAILED');
    expect((caught as SpinifexError).message).toMatch(
      new RegExp(`^estimator without fold ${first}: y\\[\\d\\] is NaN: expected a finite number$`),
    );
    expect((caught as Error).cause).toBeInstanceOf(RangeError);
    expect(() => run({ scoring: { odd: () => Number.NaN } })).toThrow(
      'estimator without fold 0: score "odd": expected a finite number, got NaN',
    );
  });
});
