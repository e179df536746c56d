/** Surrogate gradients through time: against torch (golden cases), and against an own dense backward pass that differences confirm. */
import { afterAll, describe, expect, test } from 'vitest';
import { DenseMatrix, setBackend } from '../../src/index.ts';
import type { LossName } from '../../src/spiking/outputLoss.ts';
import { SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import goldenFile from '../fixtures/golden/spiking.json';
import { Dice } from '../linear/problems.ts';
import { batchGradient, distance, flat, randomLayers, stateOf } from './layeredNetworks.ts';
import {
  backwardPass,
  forwardPass,
  lossOf,
  type OracleDynamics,
  type OracleGradient,
  type OracleLayer,
  type Shape,
} from './networkOracle.ts';

afterAll(() => setBackend('wasm'));

interface GradientCase {
  name: string;
  options: {
    beta: number;
    betaOut: number;
    threshold: number;
    slope: number;
    reset: 'subtract' | 'zero';
    gradThroughReset: boolean;
  };
  loss: number;
  spikes: number[][];
  readoutLast: number[][];
  dW1: number[][];
  dW2: number[][];
}

const golden = goldenFile as unknown as {
  network: { x: number[][][]; W1: number[][]; W2: number[][]; target: number[] };
  cases: (GradientCase & { kind: string })[];
};
const cases = golden.cases.filter(({ kind }) => kind === 'gradient');

const turned = (rows: readonly (readonly number[])[]): number[][] => rows[0].map((_, j) => rows.map((row) => row[j]));

/** The rows of all samples, of steps x neurons each, as spike trains. */
const rasterOf = (samples: readonly number[][][]): SpikeRaster => SpikeRaster.from(samples);

const base: OracleDynamics = {
  steps: 9,
  beta: 0.85,
  readoutBeta: 0.7,
  threshold: 0.8,
  reset: 'subtract',
  detachReset: true,
  shape: 'fastSigmoid',
  slope: 3,
  peak: 1,
  window: Infinity,
  loss: 'membrane',
};

const SHAPES: readonly Shape[] = ['fastSigmoid', 'sigmoid', 'atan', 'triangular'];
const RESETS = ['subtract', 'zero', 'none'] as const;
const LOSSES: readonly LossName[] = ['membrane', 'maxMembrane', 'count', 'firstSpike', 'squaredRate'];

/** Sums of parts of the same shape. */
function sumOf(parts: readonly OracleGradient[][], scale = 1): number[] {
  return parts
    .map(flat)
    .reduce((a, b) => a.map((v, k) => v + b[k]))
    .map((v) => v * scale);
}

test('there are four golden gradients', () => {
  expect(cases.map(({ name }) => name)).toEqual([
    'gradient-subtract-detached',
    'gradient-subtract',
    'gradient-zero-detached',
    'gradient-zero',
  ]);
});

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  const { x, W1, W2, target } = golden.network;
  const layers: OracleLayer[] = [W1, W2].map((W) => ({ W: turned(W), b: W.map(() => 0) }));
  const samples = target.map((_, i) => x.map((step) => step[i]));

  describe.each(cases)('$name', ({ options, loss, spikes, readoutLast, dW1, dW2 }) => {
    const d: OracleDynamics = {
      ...base,
      ...options,
      readoutBeta: options.betaOut,
      detachReset: !options.gradThroughReset,
      steps: x.length,
    };
    const wanted = [dW1, dW2].map(turned);
    // Times the distance from the threshold, the widest window that still leaves nothing out.
    const windows = [Infinity, 100];
    const stores = ['dense', 'CSR'] as const;

    test.each(stores.flatMap((store) => windows.map((window) => [store, window] as const)))(
      'is what torch finds, with %s weights and a window of %d',
      (store, window) => {
        setBackend(backend);
        for (const [precision, tolerance] of [
          ['f64', 1e-12],
          ['f32', 1e-5],
        ] as const) {
          const found = batchGradient(stateOf(layers, store === 'CSR'), { ...d, window }, rasterOf(samples), target, {
            precision,
          });
          const hidden = samples.map((_, i) => found.samples[i].S[0]);
          expect(x.map((_, t) => hidden.flatMap((rows) => rows[t]))).toEqual(spikes);
          expect(Math.abs(found.loss / target.length - loss)).toBeLessThan(tolerance);
          found.samples.forEach(({ U }, i) => {
            expect(distance(U[1][x.length - 1], readoutLast[i])).toBeLessThan(tolerance);
          });
          const top = flat(wanted.map((W) => ({ W, b: [] })));
          const mine = flat(found.gradients.map(({ W }) => ({ W, b: [] })));
          expect(distance(mine, top)).toBeLessThan(precision === 'f64' ? 1e-10 : 1e-5);
        }
      },
    );

    test('of the batch is the mean of those of its samples, and does not depend on their order', () => {
      setBackend(backend);
      const state = stateOf(layers);
      const all = batchGradient(state, d, rasterOf(samples), target);
      const single = target.map((_, i) => batchGradient(state, d, rasterOf(samples), target, { rows: [i] }));
      expect(
        distance(
          flat(all.gradients),
          sumOf(
            single.map(({ gradients }) => gradients),
            1 / target.length,
          ),
        ),
      ).toBeLessThan(1e-14);
      const back = batchGradient(state, d, rasterOf(samples), target, { rows: [3, 1, 0, 2] });
      expect(distance(flat(back.gradients), flat(all.gradients))).toBeLessThan(1e-14);
    });
  });
});

/** Derivatives of the loss of a smooth network in all its parameters, by central differences. */
function differences(layers: OracleLayer[], d: OracleDynamics, input: number[][], label: number): number[] {
  const held = d.detachReset ? forwardPass(layers, d, input, true) : undefined;
  const value = () => lossOf(d, forwardPass(layers, d, input, true, held), label).value;
  const h = 1e-5;
  const slope = (row: number[], k: number) => {
    const before = row[k];
    row[k] = before + h;
    const up = value();
    row[k] = before - h;
    const down = value();
    row[k] = before;
    return (up - down) / (2 * h);
  };
  return layers.flatMap(({ W, V, b }) => [...W, ...(V ?? []), b].flatMap((row) => row.map((_, k) => slope(row, k))));
}

describe('the oracle', () => {
  const settings = RESETS.flatMap((reset) =>
    [true, false].flatMap((detachReset) => SHAPES.map((shape) => ({ reset, detachReset, shape }))),
  );

  test.each(settings)(
    'backpropagates the true gradient of a smooth network: $reset, detached $detachReset, $shape',
    (setting) => {
      const dice = new Dice(31);
      for (const loss of ['membrane', 'maxMembrane', 'count', 'squaredRate'] as const) {
        const d: OracleDynamics = { ...base, ...setting, loss, steps: 6, slope: 0.5 };
        const layers = randomLayers(dice, [3, 4, 3, 3], { recurrent: true, gain: 1 });
        const input = dice.matrix(d.steps, 3);
        const found = flat(backwardPass(layers, d, input, forwardPass(layers, d, input, true), 1).gradients);
        const wanted = differences(layers, d, input, 1);
        expect(distance(found, wanted)).toBeLessThan(1e-6);
        expect(found.filter((g) => g !== 0).length).toBeGreaterThan(found.length / 4);
      }
    },
  );
});

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  const settings = RESETS.flatMap((reset) =>
    [true, false].flatMap((detachReset) => SHAPES.map((shape) => ({ reset, detachReset, shape }))),
  );

  test.each(settings)('gradients are those of dense backpropagation: $reset, detached $detachReset, $shape', (setting) => {
    setBackend(backend);
    const dice = new Dice(77);
    let spikes = 0;
    for (const loss of LOSSES) {
      for (const [kind, window, density] of [
        ['spikes', Infinity, 1],
        ['spikes', 0.4, 0.4],
        ['currents', Infinity, 0.4],
        ['currents', 0.7, 1],
      ] as const) {
        const d: OracleDynamics = { ...base, ...setting, loss, window };
        // More output neurons than a tile of 8, and than the 32 below which the way back is through transposed rows.
        const sizes = loss === 'membrane' ? [5, 11, 9, 35] : [5, 11, 9, 3];
        const layers = randomLayers(dice, sizes, { recurrent: true, density, gain: 3 });
        const [n, classes] = [3, sizes[3]];
        const labels = dice.vector(n, () => dice.integer(classes));
        const currents = dice.matrix(n, sizes[0]);
        const trains = currents.map(() => dice.matrix(d.steps, sizes[0], 0.3));
        const inputs = kind === 'spikes' ? trains : currents.map((row) => Array.from({ length: d.steps }, () => row));
        const X = kind === 'spikes' ? rasterOf(trains) : new DenseMatrix(Float64Array.from(currents.flat()), n, sizes[0]);
        const traces = inputs.map((input) => forwardPass(layers, d, input));
        const wanted = inputs.map((input, i) => backwardPass(layers, d, input, traces[i], labels[i]));
        for (const sparse of [false, true]) {
          const found = batchGradient(stateOf(layers, sparse), d, X, labels);
          const title = `${loss} ${kind} ${window} ${sparse}`;
          found.samples.forEach(({ S }, i) => {
            expect(S, title).toEqual(traces[i].S);
            spikes += S.flat(2).reduce((a, b) => a + b, 0);
          });
          const total = wanted.reduce((sum, { value }) => sum + value, 0);
          expect(Math.abs(found.loss - total), title).toBeLessThan(1e-12 * total);
          // CSR has no place for the gradient of what is not stored.
          const held = flat(layers).map((w) => w !== 0);
          const keep = (values: number[]) => values.filter((_, k) => !sparse || held[k]);
          const mean = sumOf(
            wanted.map(({ gradients }) => gradients),
            1 / n,
          );
          expect(distance(keep(flat(found.gradients)), keep(mean)), title).toBeLessThan(1e-10);
        }
      }
    }
    expect(spikes).toBeGreaterThan(1000);
  });
});
