/** The worked examples of the guide, sections 9 and 10. */
import { afterAll, describe, expect, test } from 'vitest';
import { DenseMatrix, setBackend } from '../../src/index.ts';
import { recipeOf, type SpikingClassifierOptions } from '../../src/spiking/classifierOptions.ts';
import { fitNetwork } from '../../src/spiking/spikingClassifier.ts';
import { Dice } from '../linear/problems.ts';
import { batchGradient, distance, flat, layersOf, randomLayers, stateOf } from './layeredNetworks.ts';
import { derivative, type OracleDynamics } from './networkOracle.ts';

afterAll(() => setBackend('wasm'));

const oneStep: OracleDynamics = {
  steps: 1,
  beta: 0.9,
  readoutBeta: 0.9,
  threshold: 0.7,
  reset: 'subtract',
  detachReset: true,
  shape: 'fastSigmoid',
  slope: 5,
  peak: 1,
  window: Infinity,
  loss: 'squaredRate',
};

const matrix = (rows: number[][]) => new DenseMatrix(Float64Array.from(rows.flat()), rows.length, rows[0].length);

describe.each(['wasm', 'js'] as const)('on the %s backend', (backend) => {
  describe.each(['f64', 'f32'] as const)('in %s', (precision) => {
    // Equations 33-35: A and B to D, C to E.
    const city = [
      {
        W: [
          [0.8, 0],
          [0.5, 0],
          [0, 0.6],
        ],
        b: [0, 0],
      },
    ];

    test.each([false, true])('D fires at 0.95 and E is silent at 0.12 (equations 36-39), with weights in CSR: %s', (sparse) => {
      setBackend(backend);
      const { samples } = batchGradient(stateOf(city, sparse), oneStep, matrix([[1, 0.3, 0.2]]), [0], { precision });
      expect(samples[0].S).toEqual([[[1, 0]]]);
      expect(distance(samples[0].U[0][0], [0.95, 0.12])).toBeLessThan(precision === 'f64' ? 1e-15 : 1e-7);
    });

    test('a neuron exactly at the threshold fires, one just below does not (equation 32)', () => {
      setBackend(backend);
      const below = precision === 'f64' ? 0.7 * (1 - 2 ** -52) : 0.7 * (1 - 2 ** -23);
      for (const sparse of [false, true]) {
        const state = stateOf([{ W: [[0.7, below]], b: [0, 0] }], sparse);
        const { samples } = batchGradient(state, oneStep, matrix([[1]]), [0], { precision });
        expect(samples[0].S).toEqual([[[1, 0]]]);
      }
    });

    test('the time of a first spike exactly at the threshold is its step, not that of a silent neuron', () => {
      setBackend(backend);
      // 0.7 is not a 32-bit number: the membrane there is slightly below the 64-bit threshold.
      const state = stateOf([{ W: [[0.7, 0.1]], b: [0, 0] }]);
      const d = { ...oneStep, steps: 4, beta: 0, loss: 'firstSpike' as const };
      const { samples } = batchGradient(state, d, matrix([[1]]), [0], { precision });
      expect(samples[0].S[0][0]).toEqual([1, 0]);
      expect(distance(samples[0].scores, [0, -4 - 6 / 7])).toBeLessThan(1e-6);
    });
  });

  test('the gradient in one step is that of equations 43 and 44, entry by entry', () => {
    setBackend(backend);
    const dice = new Dice(5);
    let spikes = 0;
    for (let round = 0; round < 10; round++) {
      const layers = randomLayers(dice, [4, 6, 3], { gain: 2, bias: 0 });
      const [{ W: W1 }, { W: W2 }] = layers;
      const x = dice.vector(4);
      const label = round % 3;
      const { gradients, samples, loss } = batchGradient(stateOf(layers), oneStep, matrix([x]), [label]);
      const sigma = (u: number) => derivative(oneStep, u - 0.7);
      const u1 = W1[0].map((_, j) => x.reduce((sum, v, i) => sum + v * W1[i][j], 0));
      const s1 = u1.map((u) => (u >= 0.7 ? 1 : 0));
      const u2 = W2[0].map((_, c) => s1.reduce((sum: number, s, j) => sum + s * W2[j][c], 0));
      const s2 = u2.map((u) => (u >= 0.7 ? 1 : 0));
      const error = s2.map((s, c) => s - (c === label ? 1 : 0));
      expect(samples[0].S).toEqual([[s1], [s2]]);
      expect(Math.abs(loss - error.reduce((sum, e) => sum + 0.5 * e * e, 0))).toBeLessThan(1e-15);
      spikes += [...s1, ...s2].reduce((a: number, b) => a + b, 0);
      for (let c = 0; c < 3; c++) {
        for (let j = 0; j < 6; j++) {
          expect(Math.abs(gradients[1].W[j][c] - error[c] * sigma(u2[c]) * s1[j])).toBeLessThan(1e-14);
        }
      }
      for (let j = 0; j < 6; j++) {
        const back = error.reduce((sum, e, c) => sum + e * sigma(u2[c]) * W2[j][c], 0) * sigma(u1[j]);
        for (let i = 0; i < 4; i++) expect(Math.abs(gradients[0].W[i][j] - back * x[i])).toBeLessThan(1e-14);
      }
    }
    expect(spikes).toBeGreaterThan(15);
  });

  test('a step of plain descent on weights away from 0 subtracts lambda sign(W) beside the gradient; weights near 0 stop at 0', () => {
    setBackend(backend);
    const dice = new Dice(6);
    const layers = randomLayers(dice, [4, 6, 3], { bias: 0 });
    const [n, lambda, learningRate] = [5, 0.3, 0.1];
    const rows = dice.matrix(n, 4);
    rows[0][0] = 4; // The largest entry: the fit divides by it.
    const labels = [0, 1, 2, 0, 1];
    const { threshold, beta, shape, slope, loss, detachReset } = oneStep;
    const options: SpikingClassifierOptions = {
      hidden: [6],
      steps: 1,
      threshold,
      beta,
      surrogate: { shape, slope },
      loss,
      detachReset,
      optimizer: 'sgd',
      momentum: 0,
      schedule: 'constant',
      epochs: 1,
      batchSize: n,
      activity: { strength: 0 },
      precision: 'f64',
    };
    const recipe = recipeOf({ ...options, learningRate, lambda });
    const model = fitNetwork(recipe, matrix(rows), labels, undefined, stateOf(layers));
    const after = layersOf(
      stateOf(
        model.weights.map((W, l) => ({
          W: Array.from({ length: W.rows }, (_, i) => Array.from({ length: W.cols }, (_, j) => W.get(i, j))),
          b: Array.from(model.biases[l]),
        })),
      ),
      [4, 6, 3],
    );
    const scaled = matrix(rows.map((row) => row.map((v) => v / 4)));
    const { gradients } = batchGradient(stateOf(layers), oneStep, scaled, labels);
    let crossed = 0;
    for (const l of [0, 1]) {
      const [w, g, end] = [layers, gradients, after].map((part) => part[l].W.flat());
      w.forEach((v, k) => {
        const z = v - learningRate * g[k];
        if (Math.abs(z) <= learningRate * lambda) {
          expect(end[k]).toBe(0);
          crossed++;
        } else expect(Math.abs(end[k] - (v - learningRate * (g[k] + lambda * Math.sign(z))))).toBeLessThan(1e-14);
      });
      expect(
        distance(
          after[l].b,
          layers[l].b.map((b, j) => b - learningRate * gradients[l].b[j]),
        ),
      ).toBeLessThan(1e-14);
    }
    expect(crossed).toBeGreaterThan(0);
    expect(flat(gradients).some((g) => g !== 0)).toBe(true);
  });
});
