import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  CsrMatrix,
  SpikeRaster,
  SpikingClassifier,
  type SpikingClassifierOptions,
  type SpikingFitOptions,
  spikingPath,
} from '../../src/index.ts';
import { stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';

const dice = new Dice(2);
const X = dice.matrix(12, 3).map((row) => row.map(Math.abs));
const y = X.map((_, i) => i % 3);
const raster = SpikeRaster.from(X.map(() => dice.matrix(5, 3, 0.4)));
const recipe: SpikingClassifierOptions = { hidden: [4], steps: 5, epochs: 2 };
const classifier = new SpikingClassifier(recipe);
const expected = classifier.fit(X, y).weights;
const model = classifier.fit(X, y);

type Kind = new (...given: never[]) => Error;

/** Runs something that must be refused; no memory may stay behind, and a valid fit must still be what it was. */
function expectRefused(body: () => unknown, kind: Kind, message: RegExp | string): void {
  const { heap } = currentBackend();
  const before = heap.inUse;
  let error: unknown;
  try {
    body();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, 'nothing was thrown').toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect(Object.getPrototypeOf(error)).toBe(kind.prototype);
  expect(heap.inUse).toBe(before);
}

const options: [string, object, Kind, RegExp | string][] = [
  ['no hidden sizes', { hidden: undefined }, TypeError, /^hidden: expected an array/],
  ['a number of hidden sizes', { hidden: 30 }, TypeError, /^hidden: expected an array.*30/],
  ['an empty layer', { hidden: [4, 0] }, RangeError, 'hidden[1]: expected an integer >= 1, got 0'],
  ['half a neuron', { hidden: [2.5] }, RangeError, 'hidden[0]: expected an integer >= 1, got 2.5'],
  ['a layer by its name', { hidden: ['big'] }, TypeError, /^hidden\[0\].*"big"/],
  ['no steps', { steps: 0 }, RangeError, 'steps: expected an integer >= 1, got 0'],
  ['dt of 0', { dt: 0 }, RangeError, 'dt: expected a number > 0, got 0'],
  ['dt that is too large for the membrane', { dt: 5, tau: 2 }, RangeError, /^tau: expected at least dt = 5 ms.*got 2; lower dt/],
  [
    'dt that is too large for the readout',
    { dt: 5, readoutTau: 4.9 },
    RangeError,
    /^readoutTau: expected at least dt = 5 ms.*got 4.9/,
  ],
  ['a negative time constant', { tau: -10 }, RangeError, 'tau: expected a number > 0, got -10'],
  ['a time constant of 0', { readoutTau: 0 }, RangeError, 'readoutTau: expected a number > 0, got 0'],
  ['an endless time constant', { tau: Infinity }, RangeError, 'tau: expected a finite number > 0, got Infinity'],
  ['a decay of 1', { beta: 1 }, RangeError, 'beta: expected a number in [0, 1), got 1'],
  ['a negative decay', { readoutBeta: -0.1 }, RangeError, 'readoutBeta: expected a number in [0, 1), got -0.1'],
  ['both tau and beta', { tau: 5, beta: 0.5 }, TypeError, /^tau, beta: expected one of them/],
  ['both readoutTau and readoutBeta', { readoutTau: 5, readoutBeta: 0.5 }, TypeError, /^readoutTau, readoutBeta/],
  ['a threshold of 0', { threshold: 0 }, RangeError, 'threshold: expected a number > 0, got 0'],
  ['a threshold that is no number', { threshold: Number.NaN }, RangeError, /^threshold.*NaN/],
  ['an unknown reset', { reset: 'soft' }, RangeError, /^reset: expected one of "subtract", "zero", "none", got "soft"/],
  ['a word for a flag', { detachReset: 'yes' }, TypeError, 'detachReset: expected true or false, got "yes"'],
  ['an unknown surrogate', { surrogate: 'gauss' }, RangeError, /^surrogate.shape: expected one of .*"gauss"/],
  ['a number for a surrogate', { surrogate: 25 }, TypeError, /^surrogate: expected the name.*25/],
  ['an unknown option of the surrogate', { surrogate: { width: 1 } }, TypeError, /^surrogate: unknown option "width"/],
  ['a flat surrogate', { surrogate: { slope: 0 } }, RangeError, 'surrogate.slope: expected a number > 0, got 0'],
  ['a surrogate without peak', { surrogate: { peak: -1 } }, RangeError, 'surrogate.peak: expected a number > 0, got -1'],
  ['a window of 0', { surrogate: { window: 0 } }, RangeError, 'surrogate.window: expected a number > 0, got 0'],
  ['an unknown encoder', { encoder: 'delta' }, RangeError, /^encoder: expected one of .*"delta"/],
  ['an unknown loss', { loss: 'mse' }, RangeError, /^loss: expected one of .*"mse"/],
  ['an unknown optimiser', { optimizer: 'rmsprop' }, RangeError, /^optimizer.*"rmsprop"/],
  ['a learning rate of 0', { learningRate: 0 }, RangeError, 'learningRate: expected a number > 0, got 0'],
  ['an unknown schedule', { schedule: 'step' }, RangeError, /^schedule.*"step"/],
  ['a momentum of 1', { momentum: 1 }, RangeError, 'momentum: expected a number in [0, 1), got 1'],
  ['zero epochs', { epochs: 0 }, RangeError, 'epochs: expected an integer >= 1, got 0'],
  ['half an epoch', { epochs: 1.5 }, RangeError, 'epochs: expected an integer >= 1, got 1.5'],
  ['endless epochs', { epochs: Infinity }, RangeError, 'epochs: expected an integer >= 1, got Infinity'],
  ['empty batches', { batchSize: 0 }, RangeError, 'batchSize: expected an integer >= 1, got 0'],
  ['a negative lambda', { lambda: -1 }, RangeError, 'lambda: expected a number >= 0, got -1'],
  ['an unknown penalty', { penalty: 'l2' }, RangeError, /^penalty.*"l2"/],
  ['unknown signs', { signs: 'positive' }, RangeError, /^signs.*"positive"/],
  ['a dropout of 1', { dropout: 1 }, RangeError, 'dropout: expected a number in [0, 1), got 1'],
  ['a negative dropout', { dropout: -0.2 }, RangeError, 'dropout: expected a number in [0, 1), got -0.2'],
  ['xi of 0', { xi: 0 }, RangeError, 'xi: expected a number > 0, got 0'],
  ['an unknown precision', { precision: 'f16' }, RangeError, /^precision.*"f16"/],
  ['a negative seed', { seed: -1 }, RangeError, 'seed: expected an integer >= 0, got -1'],
  ['a density above 1', { prune: { density: 1.5 } }, RangeError, 'prune.density: expected a number in (0, 1], got 1.5'],
  ['a density of 0', { prune: { density: 0 } }, RangeError, 'prune.density: expected a number in (0, 1], got 0'],
  ['no density', { prune: {} }, TypeError, /^prune.density: expected a number.*undefined/],
  ['a share of regrowth of 1', { prune: { density: 0.5, regrow: 1 } }, RangeError, /^prune.regrow.*got 1$/],
  ['pruning from epoch 0', { prune: { density: 0.5, from: 0 } }, RangeError, /^prune.from.*got 0$/],
  [
    'pruning that ends before it begins',
    { epochs: 9, prune: { density: 0.5, from: 5, until: 4 } },
    RangeError,
    /^prune.until.*got 4$/,
  ],
  ['an unknown option of pruning', { prune: { density: 0.5, rate: 1 } }, TypeError, /^prune: unknown option "rate"/],
  ['growth from more than the goal', { grow: { from: 5, by: 1 } }, RangeError, 'grow.from: expected an integer in 1..4, got 5'],
  ['growth by nothing', { grow: { from: 1, by: 0 } }, RangeError, 'grow.by: expected an integer >= 1, got 0'],
  ['growth without a step', { grow: { from: 1 } }, TypeError, /^grow.by.*undefined/],
  [
    'a floor above the ceiling',
    { activity: { floor: 0.5, ceiling: 0.4 } },
    RangeError,
    'activity.ceiling: expected a number in [0.5, 1], got 0.4',
  ],
  ['a floor above 1', { activity: { floor: 2 } }, RangeError, 'activity.floor: expected a number in [0, 1], got 2'],
  ['a negative strength', { activity: { strength: -1 } }, RangeError, 'activity.strength: expected a number >= 0, got -1'],
  ['a negative price of spikes', { activity: { cost: -1 } }, RangeError, 'activity.cost: expected a number >= 0, got -1'],
  [
    'an unknown option',
    { neurons: 4 },
    TypeError,
    /^SpikingClassifier: unknown option "neurons"; known options: hidden, steps, /,
  ],
];

test.each(options)('a classifier refuses %s', (_, given, kind, message) => {
  expectRefused(() => new SpikingClassifier({ ...recipe, ...given } as SpikingClassifierOptions), kind, message);
});

test.each([undefined, null, [4], 'x', 4])('a classifier refuses %o for options', (given) => {
  expectRefused(
    () => new SpikingClassifier(given as unknown as SpikingClassifierOptions),
    TypeError,
    /^(SpikingClassifier|hidden): expected/,
  );
});

test('a path refuses the options of the classifier that it has its own of', () => {
  for (const given of [{ lambda: 1 }, { prune: { density: 1 } }, { grow: { from: 1, by: 1 } }]) {
    expectRefused(() => spikingPath(X, y, { ...recipe, ...given }), TypeError, /^spikingPath: unknown option/);
  }
});

const spoilt = (value: unknown) => X.map((row, i) => row.map((v, j) => (i === 7 && j === 2 ? (value as number) : v)));

const learn: [string, (X: unknown, y: unknown) => unknown][] = [
  ['fit', (X, y) => classifier.fit(X as number[][], y as number[])],
  ['fit with an encoder', (X, y) => new SpikingClassifier({ ...recipe, encoder: 'rate' }).fit(X as number[][], y as number[])],
  ['lambdaMax', (X, y) => classifier.lambdaMax(X as number[][], y as number[])],
  ['spikingPath', (X, y) => spikingPath(X as number[][], y as number[], recipe)],
];

describe.each(learn)('%s', (_, body) => {
  test.each([Number.NaN, Infinity, -Infinity])('refuses %d in X, and names its place in every format', (bad) => {
    for (const format of ['row-major', 'column-major', 'CSR', 'CSC'] as const) {
      expectRefused(() => body(stored(spoilt(bad), format), y), RangeError, `X[7][2] is ${bad}`);
    }
  });

  test('refuses data of the wrong kind', () => {
    expectRefused(() => body(spoilt('3'), y), TypeError, 'X[7][2] is "3" (string)');
    expectRefused(() => body(undefined, y), TypeError, /^X: expected/);
    expectRefused(() => body([], []), RangeError, /^X/);
    expectRefused(() => body(X, undefined), TypeError, /^labels: expected an array of labels/);
    expectRefused(() => body(X, [true, ...y.slice(1)]), TypeError, 'labels[0] is true');
    expectRefused(() => body(X, ['a', ...y.slice(1)]), TypeError, /^labels\[1\] is .*: expected a string, as labels\[0\]/);
  });

  test('refuses labels that do not fit', () => {
    expectRefused(() => body(X, y.slice(1)), RangeError, 'labels: expected 12 labels, one for each row, got 11');
    expectRefused(
      () =>
        body(
          X,
          y.map(() => 4),
        ),
      RangeError,
      'labels: expected at least 2 different labels, got 1: 4',
    );
    expectRefused(
      () =>
        body(
          X,
          y.map((v, i) => (i === 5 ? Number.NaN : v)),
        ),
      RangeError,
      'labels[5] is NaN',
    );
  });

  test('refuses spike trains of other steps', () => {
    const longer = SpikeRaster.from(X.map(() => dice.matrix(6, 3, 0.4)));
    expectRefused(() => body(longer, y), RangeError, 'X: expected spike trains of 5 steps (the option steps), got 6');
  });
});

test.each(['rate', 'poisson', 'latency'] as const)('an encoder by %s refuses values below 0, which have no code', (encoder) => {
  expectRefused(() => new SpikingClassifier({ ...recipe, encoder }).fit(spoilt(-0.5), y), RangeError, /^X\[7\]\[2\] is -/);
});

describe('a fit refuses', () => {
  const given: [string, object, Kind, RegExp | string][] = [
    ['unknown options', { verbose: true }, TypeError, /^fit: unknown option "verbose"/],
    [
      'validation data with other columns',
      { validation: { X: [[1, 2]], labels: [0] } },
      RangeError,
      'validation.X: expected 3 columns, as in the fit, got 2',
    ],
    [
      'validation data with a value that is not finite',
      { validation: { X: [[1, 2, Number.NaN]], labels: [0] } },
      RangeError,
      'validation.X[0][2] is NaN',
    ],
    [
      'validation labels that are no classes',
      { validation: { X, labels: y.map(() => 9) } },
      RangeError,
      /^validation.labels\[0\] is 9: expected one of the classes 0, 1, 2/,
    ],
    [
      'too few validation labels',
      { validation: { X, labels: y.slice(2) } },
      RangeError,
      /^validation.labels: expected 12 labels/,
    ],
    [
      'too many validation labels',
      { validation: { X, labels: [...y, ...y] } },
      RangeError,
      /^validation.labels: expected 12 labels/,
    ],
    [
      'validation spike trains of other steps',
      { validation: { X: SpikeRaster.from([dice.matrix(4, 3)]), labels: [0] } },
      TypeError,
      /^validation.X: expected features, as in the fit, got spike trains/,
    ],
    ['validation without labels', { validation: { X } }, TypeError, /^validation.labels: expected an array/],
    ['validation without data', { validation: { labels: y } }, TypeError, /^validation.X: expected/],
  ];

  test.each(given)('%s', (_, fitOptions, kind, message) => {
    expectRefused(() => classifier.fit(X, y, fitOptions as SpikingFitOptions<number>), kind, message);
  });
});

describe('a model refuses', () => {
  const uses: [string, (X: unknown) => unknown][] = [
    ['predict', (given) => model.predict(given as number[][])],
    ['decision', (given) => model.decision(given as number[][])],
    ['spikeCounts', (given) => model.spikeCounts(given as number[][])],
    ['trace', (given) => model.trace(given as number[][], 0, 0)],
    ['report', (given) => model.report(given as number[][], y)],
  ];

  test('other spike trains than those of the fit, and features in their place', () => {
    const trains = (steps: number, neurons: number) => SpikeRaster.from(X.map(() => dice.matrix(steps, neurons)));
    const spiking = new SpikingClassifier({ hidden: [4], steps: 5, epochs: 1 }).fit(trains(5, 3), y);
    expectRefused(() => spiking.predict(trains(4, 3)), RangeError, 'X: expected spike trains of 5 steps');
    expectRefused(() => spiking.predict(trains(5, 2)), RangeError, 'X: expected 3 columns, as in the fit, got 2');
    expectRefused(() => spiking.predict(X), TypeError, 'X: expected spike trains, as in the fit, got features');
  });

  test.each(uses)('data that are not as in the fit: %s', (_, use) => {
    expectRefused(() => use(X.map((row) => row.slice(1))), RangeError, 'X: expected 3 columns, as in the fit, got 2');
    expectRefused(
      () => use(CsrMatrix.fromDense(X.map((row) => [...row, 1]))),
      RangeError,
      'X: expected 3 columns, as in the fit, got 4',
    );
    expectRefused(() => use(spoilt(Number.NaN)), RangeError, 'X[7][2] is NaN');
    expectRefused(() => use('X'), TypeError, /^X: expected/);
    expectRefused(
      () => use(SpikeRaster.from(X.map(() => dice.matrix(5, 3)))),
      TypeError,
      /^X: expected features, as in the fit, got spike trains/,
    );
  });

  test('samples and layers that are not there, and labels that are no classes', () => {
    expectRefused(() => model.trace(X, 12, 0), RangeError, 'sample: expected an integer in 0..11, got 12');
    expectRefused(() => model.trace(X, 0, 2), RangeError, 'layer: expected an integer in 0..1, got 2');
    expectRefused(() => model.trace(X, 0.5, 0), RangeError, /^sample/);
    expectRefused(() => model.report(X, y.slice(1)), RangeError, 'labels: expected 12 labels, one for each row, got 11');
    expectRefused(
      () =>
        model.report(
          X,
          y.map((v, i) => (i === 3 ? 8 : v)),
        ),
      RangeError,
      /^labels\[3\] is 8: expected one of the classes 0, 1, 2/,
    );
    expectRefused(
      () => model.report(X, y.map(String) as never),
      TypeError,
      /^labels\[0\] is "0".*: expected a number, as the classes/,
    );
    const single = new SpikingClassifier({ ...recipe, hidden: [] }).fit(X, y);
    expectRefused(() => single.spikeCounts(X), RangeError, /^spikeCounts: /);
  });
});

test('after all this, a fit is what it was', () => {
  expect(classifier.fit(X, y).weights).toEqual(expected);
  expect(new SpikingClassifier(recipe).fit(raster, y).weights.length).toBe(2);
});
