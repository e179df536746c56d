import { afterEach, describe, expect, test, vi } from 'vitest';
import { Arena } from '../../src/backend/arena.ts';
import { currentBackend, setBackend } from '../../src/backend/backend.ts';
import { layerForms } from '../../src/backend/layerForms.ts';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { OutOfMemoryError } from '../../src/core/errors.ts';
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

afterEach(() => setBackend('wasm'));

/** Sum of the cross-entropies, in plain loops. */
function lossOf(state: NetworkState, samples: readonly number[][], labels: readonly number[]): number {
  return samples.reduce((sum, sample, i) => {
    const logits = state.reduce((from, { size, input, bias }, l) => {
      const u = Array.from(bias, (b, j) => from.reduce((total, x, k) => total + x * input.weights[k * size + j], b));
      return l + 1 < state.length ? u.map((value) => Math.max(0, value)) : u;
    }, sample);
    return sum + Math.log(logits.reduce((total, z) => total + Math.exp(z - logits[labels[i]]), 0));
  }, 0);
}

const BACKENDS = ['wasm', 'js'] as const;

describe('a dense network', () => {
  test.each(BACKENDS)('has the gradient that differences of an independent loss have, on the %s backend', (name) => {
    setBackend(name);
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
    const samples = dice.matrix(6, 3);
    const labels = [0, 1, 2, 2, 1, 0];
    const frame = new Arena(currentBackend());
    const forms = layerForms(frame.backend, 'f64');
    const data = { inputs: 3, currents: frame.put(Float64Array.from(samples.flat())) };
    const network = new DenseNetwork(frame, forms, state, data, 6);
    network.forward(identity(6));
    expect(network.backward(labels, 1)).toBeCloseTo(lossOf(state, samples, labels), 12);
    network.layers.forEach(({ input, biasGradient, size }, l) => {
      for (const [values, gradient] of [
        [state[l].input.weights, input.read(input.gradient)],
        [state[l].bias, frame.read(biasGradient, size)],
      ]) {
        values.forEach((value, k) => {
          const moved = [1e-6, -1e-6].map((by) => {
            values[k] = value + by;
            return lossOf(state, samples, labels);
          });
          values[k] = value;
          expect((moved[0] - moved[1]) / 2e-6).toBeCloseTo(gradient[k], 6);
        });
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

  test('is as accurate on either backend', () => {
    const held = yinYang({ samples: 500, seed: 6 });
    const [wasm, js] = BACKENDS.map((name) => {
      setBackend(name);
      return new DenseClassifier({ ...options, epochs: 20 }).fit(X, y).report(held.X, held.y).accuracy;
    });
    expect(wasm).toBeGreaterThan(0.6);
    expect(Math.abs(wasm - js)).toBeLessThanOrEqual(0.01);
  });

  test('finds the one optimum of the convex case from any start, with exact zeros', () => {
    const convex = { hidden: [], lambda: 0.02, batchSize: 400, epochs: 1500, learningRate: 0.05, precision: 'f64' } as const;
    const models = [1, 2, 3].map((seed) => new DenseClassifier({ ...convex, seed }).fit(X, y));
    models.push(new DenseClassifier({ ...convex, optimizer: 'sgd', learningRate: 0.5, seed: 4 }).fit(X, y));
    const [{ certificate: first }] = models;
    for (const { certificate, weights } of models) {
      expect(certificate).toMatchObject({ converged: true, status: 'trained' });
      expect(Math.abs(certificate.objective - first.objective)).toBeLessThan(1e-5);
      const size = Array.from(weights[0].data, Math.abs).reduce((sum, w) => sum + w);
      expect(certificate.objective).toBeCloseTo(certificate.loss + 0.02 * size, 12);
      expect(weights[0].nnz).toBeLessThan(12);
    }
  });

  test('keeps fewer connections the larger lambda is, and says so when a layer has none left', () => {
    const models = [0, 1e-3, 1e-2, 10].map((lambda) => new DenseClassifier({ ...options, epochs: 40, lambda }).fit(X, y));
    const kept = models.map(({ weights }) => weights.reduce((sum, { nnz }) => sum + nnz, 0));
    expect(kept[0]).toBe(84);
    expect(kept[1]).toBeLessThan(84);
    expect(kept[2]).toBeLessThan(kept[1]);
    expect(kept[3]).toBe(0);
    expect(models[2].weights.every(({ data }) => data.every((w) => w !== 0))).toBe(true);
    expect(models[3].certificate).toMatchObject({
      converged: false,
      status: 'silent',
      advice: 'a layer has no connections left: lower lambda',
    });
  });

  test('does not count as converged where it started', () => {
    const idle = { hidden: [2], epochs: 1, batchSize: 400, learningRate: 1e-9 };
    const { certificate } = new DenseClassifier(idle).fit(X, y);
    expect(certificate.status).toBe('trained');
    expect(certificate.kkt).toBeGreaterThan(0.9);
    expect(certificate.converged).toBe(false);
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
    const early = new DenseClassifier(options).fit(X, y, { signal: controller.signal });
    expect(early.certificate).toMatchObject({ status: 'aborted', epochs: 0, kkt: 1, converged: false });
    expect(early.predict(X)).toHaveLength(400);
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

  test('gives linear memory back when a callback throws or memory runs out', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const failure = new Error('from the callback');
    for (const stop of [1, 13, 30]) {
      const onProgress = ({ done }: { done: number }) => {
        if (done >= stop) throw failure;
      };
      expect(() => new DenseClassifier(options).fit(X, y, { onProgress, validation: { X, labels: y } })).toThrow(failure);
      expect(heap.inUse).toBe(before);
    }
    expect(() => new DenseClassifier({ hidden: [2 ** 28] }).fit(X, y)).toThrow(OutOfMemoryError);
    expect(heap.inUse).toBe(before);
  });

  test('gives linear memory back when memory runs out in the middle', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const allocate = heap.allocate.bind(heap);
    let calls = 0;
    let limit = Infinity;
    const scarce = vi.spyOn(heap, 'allocate').mockImplementation((bytes) => {
      if (++calls > limit) throw new OutOfMemoryError(bytes, 'the test says so');
      return allocate(bytes);
    });
    const small = () => new DenseClassifier({ hidden: [3], epochs: 1 }).fit(X, y, { validation: { X, labels: y } });
    try {
      small();
      const all = calls;
      for (let k = 0; k < all; k++) {
        [calls, limit] = [0, k];
        expect(small).toThrow(OutOfMemoryError);
        expect(heap.inUse).toBe(before);
      }
    } finally {
      scarce.mockRestore();
    }
  });

  test('reports progress that rises to its total', () => {
    const steps: { done: number; total: number }[] = [];
    new DenseClassifier(options).fit(X, y, { onProgress: (progress) => steps.push(progress) });
    steps.forEach(({ done, total }, k) => {
      expect(done).toBeGreaterThan(k > 0 ? steps[k - 1].done : 0);
      expect(total).toBe(6 * 13);
    });
    expect(steps.at(-1)!.done).toBe(6 * 13);
  });

  test.each<[() => unknown, string]>([
    [() => new DenseClassifier({ hidden: [4], steps: 3 } as never), 'DenseClassifier: unknown option "steps"'],
    [() => new DenseClassifier({ hidden: [0] }), 'hidden[0]: expected an integer >= 1, got 0'],
    [() => new DenseClassifier(options).fit(SpikeRaster.from([[[1]]]) as never, [0]), 'got spike trains'],
    [() => new DenseClassifier(options).fit([[1, Number.NaN]], [0]), 'X[0][1] is NaN: expected a finite number'],
    [() => new DenseClassifier(options).fit(X, new Array(400).fill(1)), 'labels: expected at least 2 different labels, got 1: 1'],
    [() => new DenseClassifier(options).fit(X, y.slice(1)), 'labels: expected 400 labels, one for each row, got 399'],
    [
      () => new DenseClassifier(options).fit(X, y, { validation: { X, labels: y.slice(1) } }),
      'validation.labels: expected 400 labels, one for each row, got 399',
    ],
  ])('refuses row %# of the table of bad input', (work, message) => {
    expect(work).toThrow(message);
  });
});

describe('the efficiency table', () => {
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

  test('puts reports side by side', () => {
    const dense = { ...report, accuracy: 1, connections: 10, activeNeuronsPerSample: 8, spikesPerSample: 0 };
    expect(efficiencyTable({ dense, 'with L1 + SNN': report }).split('\n')).toEqual([
      'model          accuracy         connections  active per sample  spikes  operations   energy',
      'dense           100.0 %  10 of 10 (100.0 %)           8.0 of 8     0.0           4  1.50 nJ',
      'with L1 + SNN    50.0 %    3 of 10 (30.0 %)           1.0 of 8     1.3           4  1.50 nJ',
    ]);
  });

  test.each<[unknown, ErrorConstructor, string]>([
    [null, TypeError, 'reports: expected an object with a SparsityReport under every name, got null'],
    [[report], TypeError, 'reports: expected an object with a SparsityReport under every name, got'],
    [{}, RangeError, 'reports: expected at least one SparsityReport, got none'],
    [{ a: 3 }, TypeError, 'reports["a"]: expected a SparsityReport, got 3'],
    [{ a: { ...report, accuracy: undefined } }, TypeError, 'reports["a"].accuracy: expected a finite number, got undefined'],
    [{ a: { ...report, connections: Number.NaN } }, RangeError, 'reports["a"].connections: expected a finite number, got NaN'],
    [{ a: { ...report, energy: 1 } }, TypeError, 'reports["a"].energy: expected an EnergyEstimate, got 1'],
  ])('refuses row %# of the table of bad input', (reports, kind, message) => {
    expect(() => efficiencyTable(reports as never)).toThrow(kind);
    expect(() => efficiencyTable(reports as never)).toThrow(message);
  });
});
