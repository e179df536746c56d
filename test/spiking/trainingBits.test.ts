/**
 * Training has the same bits on every engine: this file runs in Node and in Chromium, and both must find the hashes below. A change of the
 * trainer that is meant to be one changes them too: run it, and copy what it prints if Node and Chromium agree.
 */
import { afterAll, describe, expect, test } from 'vitest';
import {
  type BackendName,
  SpikeRaster,
  SpikingClassifier,
  type SpikingClassifierOptions,
  type SpikingModel,
  setBackend,
  yinYang,
} from '../../src/index.ts';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';

/** Of weights, biases, losses and scores after training in single precision. */
const hashes: Record<BackendName, Record<string, string>> = {
  wasm: {
    plain: 'c9807d5f',
    'sparse and recurrent': 'd6f10f67',
    'by groups, with momentum': 'f545125f',
    'windowed, with the reset in the gradient': 'dc44fe79',
    'sigmoid, spike counts': 'ff724744',
    'atan, first spikes': 'de4d5d59',
    'pruned and regrown': '39e11bb1',
    'grown, with dropout': '2140d789',
    'Poisson spikes': '4fb64bad',
    'spike trains': '1164b6b0',
  },
  js: {
    plain: 'e3dd4aa0',
    'sparse and recurrent': '41a7760f',
    'by groups, with momentum': '4a7addf4',
    'windowed, with the reset in the gradient': '2ed75264',
    'sigmoid, spike counts': '1233d9b8',
    'atan, first spikes': '1a9dc8fa',
    'pruned and regrown': '8d0c35c3',
    'grown, with dropout': 'e943ef08',
    'Poisson spikes': 'a2acd20b',
    'spike trains': '2c18c84a',
  },
};

afterAll(() => setBackend('wasm'));

const { X, y } = yinYang({ samples: 90, seed: 8 });
const dice = new Dice(3);
const trains = SpikeRaster.from(Array.from(y, () => dice.matrix(10, 6, 0.3)));

const base: SpikingClassifierOptions = { hidden: [24, 13], steps: 10, epochs: 5, batchSize: 16, learningRate: 0.02, seed: 6 };
const works: Record<string, SpikingClassifierOptions> = {
  plain: base,
  'sparse and recurrent': { ...base, lambda: 3e-3, recurrent: true, epochs: 14 },
  'by groups, with momentum': { ...base, optimizer: 'sgd', penalty: 'neuron', lambda: 1e-3, signs: 'keep' },
  'windowed, with the reset in the gradient': {
    ...base,
    surrogate: { shape: 'triangular', slope: 2 },
    detachReset: false,
    reset: 'zero',
  },
  'sigmoid, spike counts': { ...base, surrogate: 'sigmoid', loss: 'count', activity: { cost: 0.01 } },
  'atan, first spikes': { ...base, surrogate: 'atan', loss: 'firstSpike', encoder: 'latency' },
  'pruned and regrown': { ...base, prune: { density: 0.3, regrow: 0.2 }, epochs: 8 },
  'grown, with dropout': { ...base, grow: { from: 5, by: 5 }, dropout: 0.2, loss: 'squaredRate' },
  'Poisson spikes': { ...base, encoder: 'poisson', dt: 10, tau: 30, loss: 'maxMembrane' },
};

function hashOf({ weights, recurrentWeights, biases, history }: SpikingModel<number>, scores: ArrayLike<number>): string {
  const hash = new Hash();
  for (const { indptr, indices, data } of [...weights, ...recurrentWeights]) hash.add(indptr).add(indices).add(data);
  for (const bias of biases) hash.add(bias);
  return hash.add(history.map(({ loss }) => loss)).add(scores).text;
}

describe.each(['wasm', 'js'] as const)('on the %s backend', (name) => {
  test('trained weights have the same bits on every engine', () => {
    setBackend(name);
    const found: Record<string, string> = {};
    for (const [title, options] of Object.entries(works)) {
      const model = new SpikingClassifier(options).fit(X, y);
      found[title] = hashOf(model, model.decision(X).data);
    }
    const events = new SpikingClassifier({ ...base, lambda: 1e-3 }).fit(trains, y);
    found['spike trains'] = hashOf(events, events.decision(trains).data);
    expect(found).toEqual(hashes[name]);
  });

  test.each(Object.entries(works))('the same seed gives the same bits, another seed others: %s', (_, options) => {
    setBackend(name);
    const [a, b, c] = [6, 6, 7].map((seed) => {
      const model = new SpikingClassifier({ ...options, seed }).fit(X, y);
      return hashOf(model, model.decision(X).data);
    });
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });
});
