import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  type ClassWeight,
  cFromLambda,
  GeneralizedRegression,
  type GlmOptions,
  HuberRegression,
  hingeLoss,
  LinearSvm,
  LinearSvmCV,
  LogisticModel,
  LogisticRegression,
  LogisticRegressionCV,
  lambdaFromAlpha,
  lambdaFromC,
  logisticPath,
  logLoss,
  PoissonModel,
  PoissonRegression,
  PoissonRegressionCV,
  poissonDeviance,
  SvmModel,
  svmPath,
} from '../../src/linear/models/index.ts';

const X = [
  [-2, 1],
  [-1, 0],
  [1, 1],
  [2, -1],
];
const y = ['a', 'b', 'a', 'b'];
const counts = [0, 1, 2, 3];
const logistic = (options: object = {}) => new LogisticRegression({ lambda: 0.1, ...options });

describe('data', () => {
  test.each([
    [
      'one class only',
      () => logistic().fit(X, ['a', 'a', 'a', 'a']),
      RangeError,
      'y: expected at least 2 different labels, got 1: "a"',
    ],
    ['labels of mixed kinds', () => logistic().fit(X, ['a', 1, 'b', 'a']), TypeError, 'y[1] is 1: expected a string, as y[0]'],
    ['a label that is NaN', () => logistic().fit(X, [0, 1, Number.NaN, 1]), RangeError, 'y[2] is NaN: expected a finite number'],
    ['too few labels', () => logistic().fit(X, ['a', 'b']), RangeError, 'y: expected 4 labels, one for each row, got 2'],
    [
      'a class without weight',
      () => logistic().fit(X, y, { sampleWeight: [1, 0, 1, 0] }),
      RangeError,
      'y: expected rows of both classes with a positive weight, got none of "b"',
    ],
    [
      'a fold that holds all of a class',
      () => new LinearSvmCV({ foldIds: [0, 1, 0, 1], lambdas: [0.1] }).fit(X, y),
      RangeError,
      'y: expected rows of both classes with a positive weight without fold 0, got none of "a"',
    ],
    [
      'a fold of one class where AUC is asked for',
      () =>
        new LogisticRegressionCV({ foldIds: [0, 0, 1, 1, 2, 2], metric: 'auc' }).fit(
          [...X, [0, 1], [1, 0]],
          ['a', 'b', 'a', 'b', 'a', 'a'],
        ),
      RangeError,
      'foldIds: fold 2 has rows of one class only, and the metric "auc" compares two',
    ],
    [
      'negative counts',
      () => new PoissonRegression({ lambda: 1 }).fit(X, [0, 1, -2, 3]),
      RangeError,
      'y[2] is -2: expected a count >= 0',
    ],
    [
      'counts of 0 only',
      () => new PoissonRegression({ lambda: 1 }).fit(X, [0, 0, 0, 0]),
      RangeError,
      'y: expected at least one count > 0, got zeros only (the expected count would be exp(-Infinity))',
    ],
    [
      'counts of 0 only outside a fold',
      () => new PoissonRegressionCV({ foldIds: [0, 0, 1, 1] }).fit(X, [0, 0, 1, 1]),
      RangeError,
      'y: expected at least one count > 0 without fold 1, got zeros only (the expected count would be exp(-Infinity))',
    ],
    [
      'NaN in X',
      () =>
        logistic().fit(
          [
            [1, 2],
            [3, Number.NaN],
            [0, 1],
            [1, 1],
          ],
          y,
        ),
      RangeError,
      'X[1][1] is NaN: expected a finite number',
    ],
    [
      'NaN in y',
      () => new HuberRegression({ lambda: 1 }).fit(X, [1, 2, Number.NaN, 0]),
      RangeError,
      'y[2] is NaN: expected a finite number',
    ],
    ['an offset of another length', () => logistic().fit(X, y, { offset: [1] }), RangeError, 'offset: expected 4 numbers, got 1'],
    [
      'a first lambda with too many coefficients',
      () => svmPath(X, y, { lambdas: [1e-6], maxDf: 1 }),
      RangeError,
      'maxDf: 1, but the first lambda (0.000001) already has 2 coefficients',
    ],
  ] as const)('%s is refused, and memory given back', (_, fit, kind, message) => {
    const before = currentBackend().heap.inUse;
    expect(fit).toThrow(kind);
    expect(fit).toThrow(message);
    expect(currentBackend().heap.inUse).toBe(before);
  });

  test.each([
    ['LogisticRegression', () => logistic().fit(X, ['a', 'b', 'c', 'a'])],
    ['logisticPath', () => logisticPath(X, ['a', 'b', 'c', 'a'])],
    ['LinearSvm', () => new LinearSvm({ lambda: 1 }).fit(X, ['a', 'b', 'c', 'a'])],
  ])('more than two classes are NOT_BINARY for %s', (_, fit) => {
    expect(fit).toThrow(expect.objectContaining({ code: 'NOT_BINARY', message: 'y: expected 2 classes, got 3' }));
  });
});

describe('options', () => {
  test.each([
    [
      'gamma of MCP',
      { penalty: { name: 'mcp', gamma: 1 } },
      RangeError,
      'penalty.gamma: expected a number in (1, Infinity), got 1',
    ],
    [
      'gamma of SCAD',
      { penalty: { name: 'scad', gamma: 2 } },
      RangeError,
      'penalty.gamma: expected a number in (2, Infinity), got 2',
    ],
    ['p', { penalty: { name: 'lp', p: 1 } }, RangeError, 'penalty.p: expected a number in (0, 1), got 1'],
    ['epsilon', { penalty: { name: 'logSum', epsilon: 0 } }, RangeError, 'penalty.epsilon: expected a number > 0, got 0'],
    ['an unknown penalty', { penalty: 'l0' }, RangeError, 'penalty: expected one of "l1", "mcp"'],
    [
      'a penalty that is not convex without L1 part',
      { penalty: 'mcp', l1Ratio: 0 },
      RangeError,
      'l1Ratio: expected a number > 0 with the penalty "mcp", got 0 (a ridge has no other penalty)',
    ],
    [
      'the ridge with an L1 part',
      { penalty: 'l2', l1Ratio: 0.5 },
      RangeError,
      'l1Ratio: expected 0 or nothing with the penalty "l2", got 0.5',
    ],
    [
      'a bound with a penalty that is not convex',
      { penalty: 'scad', upper: 2 },
      RangeError,
      'upper is 2: the penalty "scad" is not convex and allows bounds of 0 or none',
    ],
    [
      'one bound among many with a penalty that is not convex',
      { penalty: 'l1/2', lower: [0, -Infinity, -1] },
      RangeError,
      'lower[2] is -1: the penalty "l1/2" is not convex and allows bounds of 0 or none',
    ],
    ['a negative lambda', { lambda: -1 }, RangeError, 'lambda: expected a number >= 0, got -1'],
    ['a solver', { solver: 'cd' }, TypeError, 'LogisticRegression: unknown option "solver"'],
    [
      'class weights as an object',
      { classWeight: { a: 2 } },
      TypeError,
      'classWeight: expected "balanced" or a Map from labels to numbers',
    ],
    ['a class weight of 0', { classWeight: new Map([['a', 0]]) }, RangeError, 'classWeight of "a": expected a number > 0, got 0'],
  ] as const)('%s is refused', (_, options, kind, message) => {
    const make = () => logistic(options as GlmOptions & { classWeight?: ClassWeight });
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  test('that belong to another loss are refused by name', () => {
    expect(() => new GeneralizedRegression({ loss: 'poisson', lambda: 1, delta: 2 })).toThrow(
      'delta: the loss "poisson" has none, only "huber"',
    );
    expect(() => new GeneralizedRegression({ loss: 'huber', lambda: 1, classWeight: 'balanced' })).toThrow(
      'classWeight: the loss "huber" has no classes, only "logistic" and "squaredHinge"',
    );
    expect(() => new GeneralizedRegression({ loss: 'hinge' as 'huber', lambda: 1 })).toThrow('loss: expected one of "squared"');
    expect(() => new PoissonRegressionCV({ metric: 'auc' as 'mse' })).toThrow(
      'metric: expected one of "deviance", "mse", "mae", got "auc" (string)',
    );
    expect(() => new HuberRegression({ lambda: 1, delta: 0 })).toThrow('delta: expected a number > 0, got 0');
    expect(() => logistic({ classWeight: new Map([['z', 2]]) }).fit(X, y)).toThrow(
      'classWeight: "z" is none of the classes "a", "b"',
    );
    expect(() => svmPath(X, y, { maxDf: 0 })).toThrow('maxDf: expected an integer >= 1, got 0');
    expect(() => logisticPath(X, y, { lambda: 1 } as object)).toThrow('logisticPath: unknown option "lambda"');
  });
});

test('a fitted model refuses other columns and unknown labels', () => {
  const model = logistic().fit(X, y);
  expect(() => model.predict([[1, 2, 3]])).toThrow('X: expected 2 columns, as in the fit, got 3');
  expect(() => model.score(X, ['a', 'b', 'c', 'a'])).toThrow('y[2] is "c": expected one of the classes "a", "b"');
  expect(() => new PoissonRegression({ lambda: 0.1 }).fit(X, counts).score(X, [1, 2, 3, -1])).toThrow(
    'y[3] is -1: expected a count >= 0',
  );
});

test('saved models of another kind are refused', () => {
  const saved = logistic().fit(X, y).toJSON();
  expect(() => SvmModel.fromJSON(saved)).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  expect(() => PoissonModel.fromJSON('{')).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
  expect(() => LogisticModel.fromJSON({ ...saved, classes: ['a'] })).toThrow(
    'LogisticModel model: "classes": expected two labels',
  );
});

test('figures of losses and conversions refuse what they cannot use', () => {
  expect(() => logLoss(['a', 'b'], [0.5, 1.5])).toThrow('probability[1] is 1.5: expected a number in [0, 1]');
  expect(() => logLoss(['a', 'b', 'c'], [0.5, 0.5, 0.5])).toThrow('y: expected 2 classes, or the option positive, got 3 classes');
  expect(() => hingeLoss(['a', 'b'], [0.5])).toThrow('decision: expected 2 numbers, got 1');
  expect(() => poissonDeviance([1, 0], [0, 0])).toThrow('expected[0] is 0: expected a number > 0');
  expect(() => lambdaFromC(0, 10)).toThrow('C: expected a number > 0, got 0');
  expect(() => cFromLambda(1, -1)).toThrow('n: expected a number > 0, got -1');
  expect(() => lambdaFromAlpha(Number.NaN, 3)).toThrow('alpha: expected a number > 0, got NaN');
});
