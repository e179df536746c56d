import { describe, expect, test } from 'vitest';
import { CsrMatrix, ElasticNet, Lasso, SpinifexError } from '../../src/index.ts';
import { crossValidate, gridSearch, kFold } from '../../src/selection/index.ts';
import { Dice, linearData } from '../linear/problems.ts';
import { MeanRecipe } from './recipes.ts';

const { rows, y } = linearData(new Dice(1), 60, 10, { noise: 2 });
const grid = { lambda: [3, 1, 0.3, 0.1, 0.01], l1Ratio: [1, 0.5] };

describe('gridSearch', () => {
  test('tries all combinations on the same folds and fits the best one to all rows', () => {
    const X = CsrMatrix.fromDense(rows);
    const { table, best, model, fold } = gridSearch((params) => new ElasticNet(params), grid, X, y, { seed: 2 });
    expect(table.map(({ params }) => params)).toEqual(
      grid.lambda.flatMap((lambda) => grid.l1Ratio.map((l1Ratio) => ({ lambda, l1Ratio }))),
    );
    expect(fold).toEqual(kFold(60, { seed: 2 }));
    for (const { params, scores } of table) {
      expect(scores).toEqual(crossValidate(new ElasticNet(params), X, y, { foldIds: fold }).scores);
    }
    expect(best.scores.r2.mean).toBe(Math.max(...table.map(({ scores }) => scores.r2.mean)));
    expect(model.toJSON()).toEqual(new ElasticNet(best.params).fit(X, y).toJSON());
  });

  test('takes the smallest error where errors decide, and the metric that is named where there are several', () => {
    const options = { scoring: ['r2', 'meanAbsoluteError'] as const, decide: 'meanAbsoluteError' };
    const { table, best } = gridSearch(({ lambda }) => new Lasso({ lambda }), { lambda: grid.lambda }, rows, y, options);
    expect(best.scores.meanAbsoluteError.mean).toBe(Math.min(...table.map(({ scores }) => scores.meanAbsoluteError.mean)));
    const worst = gridSearch(({ lambda }) => new Lasso({ lambda }), { lambda: grid.lambda }, rows, y, {
      scoring: { error: { best: 'max', score: (model, X, target) => -model.score(X, target as number[]) } },
    });
    expect(worst.best.params.lambda).toBe(3);
  });

  test('by the rule of one standard error takes the first row of the table that is good enough', () => {
    const make = ({ lambda }: { lambda: number }) => new Lasso({ lambda });
    const at = (rule: 'best' | '1se') => gridSearch(make, { lambda: grid.lambda }, rows, y, { rule });
    const { table, best } = at('best');
    const bar = best.scores.r2.mean - best.scores.r2.standardError;
    const simple = at('1se').best.params.lambda;
    expect(simple).toBe(table.find(({ scores }) => scores.r2.mean >= bar)!.params.lambda);
    expect(simple).toBeGreaterThan(best.params.lambda);
  });

  test('takes the first of equal rows, values of any kind, and a grid without parameters', () => {
    const search = gridSearch(() => new MeanRecipe(), { kind: ['a', null, undefined, [1]] }, rows, y);
    expect(search.table).toHaveLength(4);
    expect(search.best).toBe(search.table[0]);
    expect(gridSearch(() => new MeanRecipe(), {}, rows, y).table).toHaveLength(1);
  });

  test('gives weights to every fit, the last one included', () => {
    const recipe = new MeanRecipe();
    const sampleWeight = rows.map((_, i) => 1 + (i % 4));
    const { model } = gridSearch(() => recipe, { copy: [1, 2] }, rows, y, { folds: 2, sampleWeight });
    expect(recipe.fits).toHaveLength(5);
    expect(recipe.fits[4].options).toEqual({ sampleWeight: Float64Array.from(sampleWeight) });
    const total = sampleWeight.reduce((a, b) => a + b, 0);
    expect(model.mean).toBeCloseTo(
      y.reduce((sum, v, i) => sum + (v * sampleWeight[i]) / total, 0),
      12,
    );
  });

  test('counts all fits and can be stopped', () => {
    const reports: number[][] = [];
    gridSearch(() => new MeanRecipe(), { copy: [1, 2] }, rows, y, {
      folds: 2,
      onProgress: ({ done, total }) => reports.push([done, total]),
    });
    expect(reports).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) };
    expect(() => gridSearch(() => new MeanRecipe(), { copy: [1, 2] }, rows, y, options)).toThrow(new Error('enough'));
  });

  test('makes every recipe before it fits one', () => {
    const recipe = new MeanRecipe();
    const make = ({ lambda }: { lambda: number }) => (lambda > 0 ? recipe : new Lasso({ lambda }));
    expect(() => gridSearch<unknown, { lambda: number[] }>(make, { lambda: [1, -1] }, rows, y)).toThrow(
      new RangeError('lambda: expected a number >= 0, got -1'),
    );
    expect(recipe.fits).toHaveLength(0);
  });

  test('names the parameters with which a fit failed', () => {
    const make = ({ depth }: { depth: number }) => ({
      fit: () => {
        if (depth > 1) throw new RangeError('too deep');
        return { predict: () => [] };
      },
    });
    expect(() => gridSearch(make, { depth: [2], name: ['oak'] }, rows, y)).toThrow(
      new SpinifexError('FOLD_FAILED', 'recipe(depth = 2, name = "oak" (string)) without fold 0: too deep'),
    );
  });

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'an empty list of values',
      () => gridSearch(() => new MeanRecipe(), { a: [] }, rows, y),
      RangeError,
      'grid.a: expected at least one value',
    ],
    [
      'a value that is no list',
      () => gridSearch(() => new MeanRecipe(), { a: 3 as unknown as number[] }, rows, y),
      TypeError,
      'grid.a: expected an array of values, got 3',
    ],
    [
      'a recipe that is no function',
      () => gridSearch(new MeanRecipe() as never, { a: [1] }, rows, y),
      TypeError,
      'recipe: expected a function from parameters to a recipe, got an object (MeanRecipe)',
    ],
    [
      'a metric that is not there',
      () => gridSearch(() => new MeanRecipe(), {}, rows, y, { decide: 'auc' }),
      RangeError,
      'decide: expected one of "r2", "accuracy", got "auc" (string)',
    ],
    [
      'another rule',
      () => gridSearch(() => new MeanRecipe(), {}, rows, y, { rule: 'min' as 'best' }),
      RangeError,
      'rule: expected one of "best", "1se", got "min" (string)',
    ],
  ])('refuses %s', (_, call, kind, message) => {
    expect(call).toThrow(new kind(message));
    expect(call).toThrow(kind);
  });
});
