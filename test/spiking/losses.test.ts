/** Losses of the output layer by hand, and their gradients by differences of the library's own values. */
import { afterAll, describe, expect, test } from 'vitest';
import { setBackend } from '../../src/index.ts';
import type { LossName } from '../../src/spiking/outputLoss.ts';
import { SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import { Dice } from '../linear/problems.ts';
import { batchGradient, distance, flat, randomLayers, stateOf } from './layeredNetworks.ts';
import { type OracleDynamics, scoresOf } from './networkOracle.ts';

afterAll(() => setBackend('wasm'));

const settings = (loss: LossName, more: Partial<OracleDynamics> = {}): OracleDynamics => ({
  steps: 3,
  beta: 0.5,
  readoutBeta: 0.5,
  threshold: 1,
  reset: 'subtract',
  detachReset: true,
  shape: 'fastSigmoid',
  slope: 1,
  peak: 1,
  window: Infinity,
  loss,
  ...more,
});

const crossEntropyOf = (z: number[], label: number) => Math.log(z.reduce((sum, v) => sum + Math.exp(v - z[label]), 0));
const softmax = (z: number[]) => z.map((v) => 1 / z.reduce((sum, other) => sum + Math.exp(other - v), 0));

/** One input neuron that fires in the first step only, and so is the kick of every class. */
const kick = SpikeRaster.from([[[1], [0], [0]]]);
const outputs = (...weights: number[]) => stateOf([{ W: [weights], b: weights.map(() => 0) }]);

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  test('membrane is the mean cross-entropy over the steps', () => {
    setBackend(backend);
    // Membranes 2, 1, 1/2 and -1, -1/2, -1/4.
    const { loss, gradients, samples } = batchGradient(outputs(2, -1), settings('membrane'), kick, [1]);
    const rows = [
      [2, -1],
      [1, -0.5],
      [0.5, -0.25],
    ];
    expect(Math.abs(loss - rows.reduce((sum, z) => sum + crossEntropyOf(z, 1) / 3, 0))).toBeLessThan(1e-15);
    // The kick reaches step t with weight 2^-t.
    const wanted = rows.reduce((sum, z, t) => sum + (softmax(z)[0] * 0.5 ** t) / 3, 0);
    expect(distance(gradients[0].W[0], [wanted, -wanted])).toBeLessThan(1e-14);
    expect(distance(samples[0].scores, [3.5 / 3, -1.75 / 3])).toBeLessThan(1e-15);
  });

  test('maxMembrane is the cross-entropy of the largest membranes, and moves those alone', () => {
    setBackend(backend);
    const { loss, gradients, samples } = batchGradient(outputs(2, -1), settings('maxMembrane'), kick, [0]);
    const z = [2, -0.25];
    expect(samples[0].scores).toEqual(z);
    expect(Math.abs(loss - crossEntropyOf(z, 0))).toBeLessThan(1e-15);
    const p = softmax(z)[1];
    // The second class peaks in the last step, where the kick is a quarter.
    expect(distance(gradients[0].W[0], [-p, p / 4])).toBeLessThan(1e-14);
    expect(distance(gradients[0].b, [-p, p * 1.75])).toBeLessThan(1e-14);
  });

  test('count is the cross-entropy of the spike counts, through the surrogate of every step', () => {
    setBackend(backend);
    // Membranes 4, 4/2 - 1, 1/2 - 1 (2 spikes) and 0.5, 0.25, 0.125 (none).
    const { loss, gradients, samples } = batchGradient(outputs(4, 0.5), settings('count'), kick, [1]);
    expect(samples[0].U).toEqual([
      [
        [4, 0.5],
        [1, 0.25],
        [-0.5, 0.125],
      ],
    ]);
    expect(samples[0].scores).toEqual([2, 0]);
    expect(Math.abs(loss - crossEntropyOf([2, 0], 1))).toBeLessThan(1e-15);
    const p = softmax([2, 0])[0];
    // Distances from the threshold: 3, 0, 3/2 and 1/2, 3/4, 7/8; f' = 1 / (1 + x)^2.
    const first = p * (1 / 16 + 0.5 + 0.25 / 6.25);
    const second = -p * (1 / 2.25 + 0.5 / 1.75 ** 2 + 0.25 / 1.875 ** 2);
    expect(distance(gradients[0].W[0], [first, second])).toBeLessThan(1e-14);
  });

  test('squaredRate is half the squared distance of the rates from the label', () => {
    setBackend(backend);
    const { loss, gradients, samples } = batchGradient(outputs(4, 0.5), settings('squaredRate'), kick, [1]);
    expect(distance(samples[0].scores, [2 / 3, 0])).toBeLessThan(1e-15);
    expect(Math.abs(loss - (4 / 9 + 1) / 2)).toBeLessThan(1e-15);
    const first = (2 / 9) * (1 / 16 + 0.5 + 0.25 / 6.25);
    const second = (-1 / 3) * (1 / 2.25 + 0.5 / 1.75 ** 2 + 0.25 / 1.875 ** 2);
    expect(distance(gradients[0].W[0], [first, second])).toBeLessThan(1e-14);
  });

  test('firstSpike is the cross-entropy of times made continuous', () => {
    setBackend(backend);
    // Four classes: at once and with half a threshold to spare, at once and far above, never (largest membrane 0.75), and in step 1.
    const d = settings('firstSpike');
    const state = stateOf([
      {
        W: [
          [1.5, 4, 0.75, 0],
          [0, 0, 0, 1.25],
        ],
        b: [0, 0, 0, 0],
      },
    ]);
    const raster = SpikeRaster.from([
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ]);
    const { loss, gradients, samples } = batchGradient(state, d, raster, [3]);
    const times = [-0.5, -1, 3.25, 0.75];
    expect(
      distance(
        samples[0].scores,
        times.map((t) => -t),
      ),
    ).toBeLessThan(1e-15);
    expect(
      Math.abs(
        loss -
          crossEntropyOf(
            times.map((t) => -t),
            3,
          ),
      ),
    ).toBeLessThan(1e-15);
    const p = softmax(times.map((t) => -t));
    // The second class is past the end of its step: its time stands still there, its gradient goes on as if it did not.
    expect(distance(gradients[0].W[0], [p[0], p[1], p[2], (p[3] - 1) / 2])).toBeLessThan(1e-14);
    expect(distance(gradients[0].W[1], [0, 0, 0, p[3] - 1])).toBeLessThan(1e-14);
  });

  test.each(['membrane', 'maxMembrane', 'firstSpike'] as const)('the gradient of %s is the derivative of its value', (loss) => {
    setBackend(backend);
    const dice = new Dice(8);
    const d = settings(loss, { steps: 7, threshold: 2, slope: 0.3 });
    let moved = 0;
    for (let round = 0; round < 8; round++) {
      const layers = randomLayers(dice, [3, 4], { gain: 1 });
      const raster = SpikeRaster.from([dice.matrix(d.steps, 3, 0.6)]);
      const { gradients, samples } = batchGradient(stateOf(layers), d, raster, [round % 4]);
      // Where the time of a spike stands still, its derivative is 0 and the gradient is not: see the case by hand.
      if (loss === 'firstSpike' && samples[0].U[0].some((row) => row.some((u) => u > 4))) continue;
      const value = () => batchGradient(stateOf(layers), d, raster, [round % 4]).loss;
      const wanted = [...layers[0].W, layers[0].b].flatMap((row) =>
        row.map((before, k) => {
          const h = 1e-6;
          row[k] = before + h;
          const up = value();
          row[k] = before - h;
          const down = value();
          row[k] = before;
          return (up - down) / (2 * h);
        }),
      );
      expect(distance(flat(gradients), wanted)).toBeLessThan(1e-7);
      moved++;
    }
    expect(moved).toBeGreaterThan(3);
  });

  test('scores are those of the definition, in both precisions', () => {
    setBackend(backend);
    const dice = new Dice(9);
    for (const loss of ['membrane', 'maxMembrane', 'count', 'firstSpike', 'squaredRate'] as const) {
      const d = settings(loss, { steps: 6 });
      const layers = randomLayers(dice, [3, 9], { gain: 2 });
      const raster = SpikeRaster.from([dice.matrix(d.steps, 3, 0.6)]);
      for (const precision of ['f64', 'f32'] as const) {
        const { samples } = batchGradient(stateOf(layers), d, raster, [0], { precision });
        expect(distance(samples[0].scores, scoresOf(d, samples[0]))).toBeLessThan(precision === 'f64' ? 1e-14 : 1e-6);
      }
    }
  });
});
