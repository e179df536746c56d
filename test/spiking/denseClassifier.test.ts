import { describe, expect, test } from 'vitest';
import { Arena } from '../../src/backend/arena.ts';
import { currentBackend } from '../../src/backend/backend.ts';
import { layerForms } from '../../src/backend/layerForms.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseClassifier } from '../../src/spiking/denseClassifier.ts';
import { DenseModel } from '../../src/spiking/denseModel.ts';
import { DenseNetwork } from '../../src/spiking/denseNetwork.ts';
import { efficiencyTable } from '../../src/spiking/efficiencyTable.ts';
import { denseSynapses, identity, type NetworkState } from '../../src/spiking/networkState.ts';
import { SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import { yinYang } from '../../src/spiking/yinYang.ts';
import { Hash } from '../linear/hash.ts';
import { Dice } from '../linear/problems.ts';
import { digits } from './digits.ts';

/** Of all weights and biases of the small fit below, on the wasm backend; Node and Chromium must both find it. */
const BITS = '7ae8d3c7';

const { X, y } = yinYang({ samples: 400, seed: 5 });
const options = { hidden: [12], epochs: 6, batchSize: 32, learningRate: 0.01, seed: 3 };

describe('a dense network', () => {
  test('has the gradient that differences of its loss have', () => {
    const dice = new Dice(7);
    const sizes = [3, 5, 4, 3];
    const state: NetworkState = sizes.slice(1).map((size, l) => ({
      size,
      input: denseSynapses(sizes[l], size, false, Float64Array.from(dice.vector(sizes[l] * size))),
      bias: Float64Array.from(dice.vector(size)),
      biasFirst: new Float64Array(size),
      biasSecond: new Float64Array(size),
      ids: identity(size),
    }));
    const frame = new Arena(currentBackend());
    const forms = layerForms(frame.backend, 'f64');
    const data = { inputs: 3, currents: frame.put(Float64Array.from(dice.vector(6 * 3))) };
    const network = new DenseNetwork(frame, forms, state, data, 6);
    const labels = [0, 1, 2, 2, 1, 0];
    const loss = () => {
      network.forward(identity(6));
      return network.backward(labels, 1);
    };
    loss();
    const gradients = network.layers.map(({ input }) => input.read(input.gradient));
    network.layers.forEach(({ input }, l) => {
      for (let k = 0; k < gradients[l].length; k++) {
        const [row, column] = [Math.floor(k / sizes[l + 1]), k % sizes[l + 1]];
        const moved = (by: number) => {
          forms.values(frame.heap, input.weights, input.count)[row * input.stride + column] += by;
          const value = loss();
          forms.values(frame.heap, input.weights, input.count)[row * input.stride + column] -= by;
          return value;
        };
        expect((moved(1e-6) - moved(-1e-6)) / 2e-6).toBeCloseTo(gradients[l][k], 6);
      }
    });
    frame.releaseAll();
  });

  test('learns Yin-Yang and the digits', () => {
    const train = yinYang({ samples: 3000, seed: 1 });
    const held = yinYang({ samples: 1000, seed: 2 });
    const fit = new DenseClassifier({ hidden: [120], epochs: 40, batchSize: 32, learningRate: 0.01, seed: 1 }).fit(
      train.X,
      train.y,
    );
    expect(fit.report(held.X, held.y).accuracy).toBeGreaterThanOrEqual(0.96);
    const { train: seen, test: unseen } = digits();
    const model = new DenseClassifier({ hidden: [128], epochs: 30, seed: 1 }).fit(seen.X, seen.y);
    expect(model.report(unseen.X, unseen.y).accuracy).toBeGreaterThanOrEqual(0.96);
  });

  test('has the same bits on every engine, and others with another seed', () => {
    const bitsOf = (seed: number) => {
      const { weights, biases } = new DenseClassifier({ ...options, seed }).fit(X, y);
      const hash = new Hash();
      for (const { data } of weights) hash.add(Float64Array.from(data));
      for (const bias of biases) hash.add(bias);
      return hash.text;
    };
    expect(bitsOf(3)).toBe(BITS);
    expect(bitsOf(4)).not.toBe(BITS);
  });

  test('reports what an independent forward pass counts', () => {
    const model = new DenseClassifier({ ...options, lambda: 2e-3 }).fit(X, y);
    const [W1, W2] = model.weights.map((matrix) => matrix.toDense());
    const report = model.report(X, y);
    let [right, active] = [0, 0];
    const scale = Math.max(...X.data);
    for (let i = 0; i < X.rows; i++) {
      const hidden = Array.from({ length: 12 }, (_, j) => {
        let u = model.biases[0][j];
        for (let k = 0; k < 4; k++) u += (X.data[i * 4 + k] / scale) * W1.data[k * 12 + j];
        return Math.max(0, u);
      });
      active += hidden.filter((a) => a > 1e-6).length;
      const logits = [0, 1, 2].map((c) => hidden.reduce((sum, a, j) => sum + a * W2.data[j * 3 + c], model.biases[1][c]));
      if (logits.indexOf(Math.max(...logits)) === y[i]) right++;
    }
    expect(report.accuracy).toBeCloseTo(right / X.rows, 2);
    expect(report.activeNeuronsPerSample).toBeCloseTo(active / X.rows, 2);
    expect(report.connections).toBe(model.weights[0].nnz + model.weights[1].nnz);
    expect(report.connections).toBeLessThan(report.connectionsTotal);
    expect(report.connectionsTotal).toBe(4 * 12 + 12 * 3);
    expect(report.energy.spiking).toBe(report.energy.dense);
  });

  test('is saved and loaded without loss, and broken files are refused', () => {
    const model = new DenseClassifier(options).fit(
      X,
      Array.from(y, (label) => `class ${label}`),
    );
    const text = JSON.stringify(model);
    expect(DenseModel.fromJSON(text).decision(X)).toEqual(model.decision(X));
    expect(DenseModel.fromJSON(text).classes).toEqual(['class 0', 'class 1', 'class 2']);
    for (const [from, to] of [
      ['"scale":', '"scale":0,"was":'],
      ['"DenseModel"', '"SpikingModel"'],
      ['"weights":{"rows":4', '"weights":{"rows":5'],
    ]) {
      expect(() => DenseModel.fromJSON(text.replace(from, to))).toThrow('DenseModel model');
    }
  });

  test('is given back as it is when the signal stops the work, and says so when it diverges', () => {
    const controller = new AbortController();
    const stopped = new DenseClassifier(options).fit(X, y, {
      signal: controller.signal,
      onProgress: ({ epoch }) => epoch === 2 && controller.abort(),
    });
    expect(stopped.certificate.status).toBe('aborted');
    expect(stopped.history).toHaveLength(2);
    const { status, advice } = new DenseClassifier({ ...options, optimizer: 'sgd', learningRate: 1e30 }).fit(X, y).certificate;
    expect(status).toBe('diverged');
    expect(advice).toContain('learning rate');
  });

  test('takes sparse features as dense ones, and gives linear memory back', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const validation = { X, labels: y };
    const model = new DenseClassifier(options).fit(X, y, { validation });
    expect(new DenseClassifier(options).fit(CsrMatrix.fromDense(X), y).weights).toEqual(model.weights);
    expect(model.history.at(-1)!.accuracy).toBe(model.report(X, y).accuracy);
    expect(() => model.predict([[1, 2, 3]])).toThrow('X: expected 4 columns, as in the fit, got 3');
    expect(() => model.predict([[1, 2, 3, Number.NaN]])).toThrow('X[0][3] is NaN');
    expect(heap.inUse).toBe(before);
  });

  test.each<[() => unknown, string]>([
    [() => new DenseClassifier({ hidden: [4], steps: 3 } as never), 'DenseClassifier: unknown option "steps"'],
    [() => new DenseClassifier({ hidden: [0] }), 'hidden[0]: expected an integer >= 1, got 0'],
    [() => new DenseClassifier(options).fit(SpikeRaster.from([[[1]]]) as never, [0]), 'got spike trains'],
    [() => new DenseClassifier(options).fit(X, y.slice(1)), 'labels: expected 400 labels, one for each row, got 399'],
    [
      () => new DenseClassifier(options).fit(X, y, { validation: { X, labels: y.slice(1) } }),
      'validation.labels: expected 400 labels, one for each row, got 399',
    ],
  ])('refuses row %# of the table of bad input', (work, message) => {
    expect(work).toThrow(message);
  });
});

test('the efficiency table puts reports side by side', () => {
  const report = {
    accuracy: 0.5,
    connections: 3,
    connectionsTotal: 10,
    activeNeurons: 2,
    neuronsTotal: 8,
    activeNeuronsPerSample: 1,
    spikesPerSample: 1.25,
    synapticOperations: 4,
    denseOperations: 10,
    energy: { spiking: 1500, dense: 46, perAddition: 0.9, perMultiplyAdd: 4.6 },
  };
  expect(efficiencyTable({ 'with L1 + SNN': report }).split('\n')).toEqual([
    'model          accuracy  connections  active per sample  spikes  operations   energy',
    'with L1 + SNN    50.0 %      3 of 10           1.0 of 8     1.3           4  1.50 nJ',
  ]);
});
