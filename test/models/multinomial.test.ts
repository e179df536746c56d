import { afterAll, describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import { MultinomialModel, setBackend } from '../../src/index.ts';
import { LogisticModel, LogisticRegression, LogisticRegressionCV, logisticPath } from '../../src/linear/models/index.ts';
import fixture from '../fixtures/digits.json';
import golden from '../fixtures/multinomial.json' with { type: 'json' };
import { FORMATS, stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';

const NAMES = ['setosa', 'versicolor', 'virginica'];
const iris = { X: golden.data.X, y: golden.data.y.map((k) => NAMES[k]) };
const three = { multinomial: true } as const;

/** n rows of p columns with one of three labels, ordered neither by class nor by name. */
function problem(seed: number, n = 60, p = 5) {
  const dice = new Dice(seed);
  const rows = dice.matrix(n, p);
  const y = rows.map((x, i) =>
    i < 3 ? ['m', 'a', 'z'][i] : ['m', 'a', 'z'][x[0] + 0.5 * dice.unit() > 0.4 ? 0 : x[1] > 0 ? 1 : 2],
  );
  return { rows, y, weights: dice.vector(n, () => 0.5 + dice.unit()) };
}

function far(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (v, j) => Math.abs(v - b[j])).reduce((x, y) => Math.max(x, y), 0);
}

afterAll(() => setBackend('wasm'));

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  test.each(golden.cases)(
    '$name is the golden one in all four formats',
    ({ options, objective, probabilities, probabilitiesEvery }) => {
      setBackend(backend);
      const { lambda, l1Ratio, standardize } = options;
      for (const format of FORMATS) {
        const model = new LogisticRegression({ lambda, l1Ratio, standardize, tol: 1e-12, ...three }).fit(
          stored(iris.X, format),
          iris.y,
        );
        expect(model.certificate.status, format).toBe('converged');
        expect(Math.abs(model.certificate.primal - objective)).toBeLessThan(1e-13);
        const found = model.predictProbability(iris.X);
        for (const [r, row] of probabilities.entries()) {
          expect(
            far(
              row,
              row.map((_, k) => found.get(r * probabilitiesEvery, k)),
            ),
          ).toBeLessThan(1e-6);
        }
      }
    },
  );
});

describe('more than two classes', () => {
  const { rows, y, weights } = problem(1);
  const options = { lambda: 0.02, tol: 1e-12, ...three };

  test('are multinomial whether one says so or not', () => {
    const silent = new LogisticRegression({ lambda: 0.02, tol: 1e-12 }).fit(rows, y);
    expect(silent).toBeInstanceOf(MultinomialModel);
    expect(silent).toEqual(new LogisticRegression(options).fit(rows, y));
    expect(silent.classes).toEqual(['a', 'm', 'z']);
    expect(logisticPath(rows, y, { lambdas: [0.02], tol: 1e-12 }).at(0.02)).toBeInstanceOf(MultinomialModel);
    expect(new LogisticRegressionCV({ lambdas: [0.1, 0.02], folds: 3 }).fit(rows, y).model).toBeInstanceOf(MultinomialModel);
  });

  test('may be named in another order: their rows change places', () => {
    const model = new LogisticRegression(options).fit(rows, y);
    const other = new LogisticRegression(options).fit(
      rows,
      y.map((label) => ({ a: 3, m: 2, z: 1 })[label]!),
    );
    expect(far(other.coef.toRows().reverse().flat(), model.coef.toRows().flat())).toBeLessThan(1e-5);
    expect(far(Array.from(other.intercept).reverse(), model.intercept)).toBeLessThan(1e-5);
  });

  test('take weights as copies of rows', () => {
    const copies = rows.flatMap((row, i) => (i % 3 === 0 ? [row, row] : [row]));
    const labels = y.flatMap((label, i) => (i % 3 === 0 ? [label, label] : [label]));
    const sampleWeight = rows.map((_, i) => (i % 3 === 0 ? 2 : 1));
    const weighted = new LogisticRegression(options).fit(rows, y, { sampleWeight });
    const copied = new LogisticRegression(options).fit(copies, labels);
    expect(far(weighted.predictProbability(rows).data, copied.predictProbability(rows).data)).toBeLessThan(1e-6);
  });

  test('take class weights as factors of the sample weights', () => {
    const count = (label: string) => y.filter((each) => each === label).length;
    const factors = new Map(['a', 'm', 'z'].map((label) => [label, y.length / (3 * count(label))]));
    const sampleWeight = Array.from(weights, (w, i) => w * factors.get(y[i])!);
    const expected = new LogisticRegression(options).fit(rows, y, { sampleWeight }).predictProbability(rows).data;
    for (const classWeight of ['balanced', factors] as const) {
      const model = new LogisticRegression({ ...options, classWeight }).fit(rows, y, { sampleWeight: weights });
      expect(far(model.predictProbability(rows).data, expected)).toBeLessThan(1e-9);
    }
  });

  test('take an offset for every class, and one that is constant moves the intercepts alone', () => {
    const plain = new LogisticRegression(options).fit(rows, y);
    const offset = rows.map(() => [1, -2, 1]);
    const moved = new LogisticRegression(options).fit(rows, y, { offset });
    expect(far(moved.coef.data, plain.coef.data)).toBeLessThan(1e-5);
    expect(
      far(
        moved.intercept.map((c, k) => c + offset[0][k]),
        plain.intercept,
      ),
    ).toBeLessThan(1e-5);
    expect(far(moved.predictProbability(rows, { offset }).data, plain.predictProbability(rows).data)).toBeLessThan(1e-6);
  });

  test('share their columns where they are grouped', () => {
    const model = new LogisticRegression({ lambda: 0.05, grouped: true, ...three }).fit(rows, y);
    expect(model.support.length).toBeGreaterThan(0);
    expect(model.support.length).toBeLessThan(5);
    for (const row of model.coef.toRows()) expect(row.flatMap((b, j) => (b === 0 ? [] : [j]))).toEqual(Array.from(model.support));
  });

  test('have the score of their predictions, and survive JSON', () => {
    const model = new LogisticRegression(options).fit(rows, y);
    const hits = model.predict(rows).map((label, i) => (label === y[i] ? weights[i] : 0));
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
    expect(Math.abs(model.score(rows, y, { sampleWeight: weights }) - sum(hits) / sum(weights))).toBeLessThan(1e-14);
    expect(() =>
      model.score(
        rows,
        y.map((label, i) => (i === 2 ? 'q' : label)),
      ),
    ).toThrow('y[2] is "q": expected one of the classes "a", "m", "z"');
    expect(MultinomialModel.fromJSON(JSON.stringify(model))).toEqual(model);
    expect(() => LogisticModel.fromJSON(JSON.stringify(model))).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  });
});

test('two classes have the same probabilities by two rows of coefficients as by one', () => {
  const { rows, y } = problem(2);
  const two = y.map((label) => (label === 'm' ? 'm' : 'other'));
  const one = new LogisticRegression({ lambda: 0.03, tol: 1e-12 }).fit(rows, two);
  const both = new LogisticRegression({ lambda: 0.03, tol: 1e-12, ...three }).fit(rows, two);
  expect(one).toBeInstanceOf(LogisticModel);
  expect(both.coef.rows).toBe(2);
  expect(far(one.predictProbability(rows).toRows().flat(), both.predictProbability(rows).toRows().flat())).toBeLessThan(1e-6);
});

test('the path has the single fits, starts empty and counts its steps', () => {
  const { rows, y } = problem(3);
  const steps: number[] = [];
  const path = logisticPath(rows, y, {
    nLambdas: 5,
    lambdaMinRatio: 0.05,
    tol: 1e-12,
    ...three,
    onProgress: ({ done }) => steps.push(done),
  });
  expect(steps).toEqual([1, 2, 3, 4, 5]);
  expect(path.points[0].df).toBe(0);
  expect(path.points[1].df).toBeGreaterThan(0);
  for (const lambda of path.lambdas) {
    const single = new LogisticRegression({ lambda, tol: 1e-12, ...three }).fit(rows, y);
    expect(far(path.at(lambda).predictProbability(rows).data, single.predictProbability(rows).data)).toBeLessThan(1e-6);
  }
  expect(path.predict(rows, path.lambdas[4])).toEqual(path.at(path.lambdas[4]).predict(rows));
});

describe('cross-validation', () => {
  const { rows, y, weights } = problem(4);
  const lambdas = [0.1, 0.03, 0.01];

  test.each(['deviance', 'accuracy'] as const)('by zero weights is that by copies, on %s', (metric) => {
    const foldIds = rows.map((_, i) => [7, -2, 40][i % 3]);
    const options = { lambdas, tol: 1e-12, foldTol: 1e-12, foldIds, metric, ...three };
    const found = new LogisticRegressionCV(options).fit(rows, y, { sampleWeight: weights });
    const every = rows.map((_, i) => i);
    const total = weights.reduce((a, b) => a + b, 0);
    const expected = lambdas.map((lambda) => {
      const folds = [-2, 7, 40].map((label) => {
        const kept = every.filter((i) => foldIds[i] !== label);
        const held = every.filter((i) => foldIds[i] === label);
        const pick = <T>(values: ArrayLike<T>, index: number[]): T[] => index.map((i) => values[i]);
        const model = new LogisticRegression({ lambda, tol: 1e-12, ...three }).fit(pick(rows, kept), pick(y, kept), {
          sampleWeight: pick(weights, kept),
        });
        const p = model.predictProbability(rows);
        const right = model.predict(rows);
        const term = (i: number) =>
          metric === 'deviance' ? -2 * Math.log(p.get(i, model.classes.indexOf(y[i]))) : right[i] === y[i] ? 1 : 0;
        const weight = held.reduce((sum, i) => sum + weights[i], 0);
        return { share: weight / total, value: held.reduce((sum, i) => sum + weights[i] * term(i), 0) / weight };
      });
      const mean = folds.reduce((sum, { share, value }) => sum + share * value, 0);
      const variance = folds.reduce((sum, { share, value }) => sum + share * (value - mean) ** 2, 0);
      return { mean, standardError: Math.sqrt(variance / 2) };
    });
    expect(
      far(
        found.mean,
        expected.map(({ mean }) => mean),
      ),
    ).toBeLessThan(1e-5);
    expect(
      far(
        found.standardError,
        expected.map(({ standardError }) => standardError),
      ),
    ).toBeLessThan(1e-5);
    expect(found.metric).toBe(metric);
    const cost = Array.from(found.mean, (value) => (metric === 'deviance' ? value : -value));
    const best = cost.indexOf(Math.min(...cost));
    expect(found.lambdaMin).toBe(lambdas[best]);
    expect(found.lambda1se).toBe(lambdas[cost.findIndex((value) => value <= cost[best] + found.standardError[best])]);
    const { model } = new LogisticRegressionCV({ ...options, rule: '1se' }).fit(rows, y, { sampleWeight: weights });
    expect([found.model.lambda, model.lambda]).toEqual([found.lambdaMin, found.lambda1se]);
  });

  test('deals every class out evenly, and counts all of its work', () => {
    const progress: { done: number; total: number }[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => progress.push({ done, total });
    const { fold } = new LogisticRegressionCV({ lambdas, folds: 4, seed: 3, ...three }).fit(rows, y, { onProgress });
    for (const label of ['a', 'm', 'z']) {
      const counts = [0, 1, 2, 3].map((k) => y.filter((each, i) => each === label && fold[i] === k).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(progress).toHaveLength(15);
    expect(progress.at(-1)).toEqual({ done: 15, total: 15 });
  });
});

describe('what a multinomial fit cannot do is refused by name', () => {
  const X = [
    [1, 2],
    [2, 0],
    [0, 1],
    [3, 3],
    [1, 1],
    [0, 4],
  ];
  const y = ['a', 'b', 'c', 'a', 'b', 'c'];
  const attempt = (options: object, more: object = {}) => new LogisticRegression({ lambda: 0.1, ...options }).fit(X, y, more);
  const cv = (options: object) => new LogisticRegressionCV({ folds: 2, lambdas: [0.1], ...options }).fit(X, y);

  test.each<[string, () => unknown, string]>([
    [
      'a penalty that is not convex',
      () => attempt({ penalty: 'mcp' }),
      'penalty: multinomial (more than two classes) takes "l1" or "l2", got "mcp"',
    ],
    [
      'the same before any data',
      () => new LogisticRegression({ lambda: 1, penalty: 'scad', multinomial: true }),
      'penalty: multinomial (more than two classes) takes "l1" or "l2", got "scad"',
    ],
    ['a lower bound', () => attempt({ lower: -1 }), 'lower: multinomial (more than two classes) has no bounds'],
    ['an upper bound', () => attempt({ upper: [1, 1] }), 'upper: multinomial (more than two classes) has no bounds'],
    ['a sign', () => attempt({ positive: true }), 'positive: multinomial (more than two classes) has no bounds'],
    [
      'a limit of coefficients',
      () => logisticPath(X, y, { maxDf: 2 }),
      'maxDf: multinomial (more than two classes) has no such limit',
    ],
    [
      'the area under the curve',
      () => cv({ metric: 'auc' }),
      'metric: "auc" compares two classes; multinomial takes "deviance" or "accuracy"',
    ],
    ['an offset of two columns', () => attempt({}, { offset: X }), 'offset: expected 3 columns, got 2'],
    [
      'a class without weight',
      () => attempt({}, { sampleWeight: [1, 1, 0, 1, 1, 0] }),
      'y: expected rows of all classes with a positive weight, got none of "c"',
    ],
    [
      'a fold with all rows of a class',
      () => cv({ foldIds: [0, 0, 1, 0, 1, 1] }),
      'y: expected rows of all classes with a positive weight without fold 1, got none of "c"',
    ],
    [
      'a class weight of a stranger',
      () => attempt({ classWeight: new Map([['d', 2]]) }),
      'classWeight: "d" is none of the classes "a", "b", "c"',
    ],
    [
      'another number of labels',
      () => new LogisticRegression({ lambda: 1 }).fit(X.slice(1), y),
      'y: expected 5 labels, one for each row, got 6',
    ],
    [
      'one class',
      () =>
        new LogisticRegression({ lambda: 1 }).fit(
          X,
          y.map(() => 'a'),
        ),
      'y: expected at least 2 different labels, got 1: "a"',
    ],
    [
      'grouped with two classes',
      () =>
        new LogisticRegression({ lambda: 1, grouped: true }).fit(
          X,
          y.map((label) => (label === 'a' ? 1 : 0)),
        ),
      'grouped: two classes have one coefficient per column (for two rows of them: multinomial: true)',
    ],
  ])('%s, and memory is given back', (_, refused, message) => {
    const before = currentBackend().heap.inUse;
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(message);
    expect(currentBackend().heap.inUse).toBe(before);
  });

  test('a flag that is none', () => {
    expect(() => attempt({ multinomial: 1 })).toThrow(new TypeError('multinomial: expected true or false, got 1'));
    expect(() => attempt({ grouped: 'yes' })).toThrow(TypeError);
  });
});

test('more than 90 % of the held-out digits are read', () => {
  const X = fixture.pixels.map((row) => Array.from(row, (c) => Number.parseInt(c, 17) / 16));
  const y = Array.from(fixture.labels, Number);
  const part = <T>(values: T[], held: boolean) => values.filter((_, i) => i % 10 < 3 === held);
  const model = new LogisticRegression({ lambda: 0.002, tol: 1e-4, ...three }).fit(part(X, false), part(y, false));
  expect(model.certificate.converged).toBe(true);
  expect(model.score(part(X, true), part(y, true))).toBeGreaterThan(0.93);
});
