/** How training ends, what the certificate says about it, and that linear memory is given back. */
import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  SpikingClassifier,
  type SpikingClassifierOptions,
  type SpikingFitOptions,
  SpikingModel,
  yinYang,
} from '../../src/index.ts';

const { X, y } = yinYang({ samples: 120, seed: 6 });
const recipe: SpikingClassifierOptions = { hidden: [15], steps: 8, epochs: 6, batchSize: 20, seed: 1 };

/** Fits, and checks what holds however training ends. */
function fitted(options: Partial<SpikingClassifierOptions>, fitOptions?: SpikingFitOptions<number>): SpikingModel<number> {
  const { heap } = currentBackend();
  const before = heap.inUse;
  const model = new SpikingClassifier({ ...recipe, ...options }).fit(X, y, fitOptions);
  const predictions = model.predict(X);
  expect(heap.inUse).toBe(before);
  expect(predictions.every((label) => model.classes.includes(label))).toBe(true);
  const { certificate, history } = model;
  expect(certificate.epochs).toBe(history.length);
  expect(certificate.status === 'trained').toBe(certificate.advice === undefined);
  expect(SpikingModel.fromJSON(JSON.stringify(model)).certificate).toEqual(certificate);
  return model;
}

/** Weights so small that no neuron comes near its threshold. */
const quiet = { xi: 200, learningRate: 1e-5 };

describe('training', () => {
  test('that goes well says so, and has no advice', () => {
    const { certificate, history } = fitted({});
    expect(certificate.status).toBe('trained');
    expect(history.length).toBe(6);
    expect(history[5].loss).toBeLessThan(history[0].loss);
  });

  test('of a network in which nothing fires ends silent, with advice', () => {
    const { certificate, history } = fitted({ ...quiet, activity: { strength: 0 } });
    expect(certificate.status).toBe('silent');
    expect(certificate.advice).toMatch(/activity\.floor/);
    expect(certificate.converged).toBe(false);
    expect(history.map(({ rate }) => rate)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('of a silent network comes back to life by the floor of activity, whatever the surrogate sees', () => {
    for (const surrogate of ['fastSigmoid', 'triangular'] as const) {
      // So far from the threshold that the triangle has no gradient at all.
      const options = { ...quiet, learningRate: 0.005, epochs: 60, surrogate: { shape: surrogate, slope: 5 } };
      if (surrogate === 'triangular') {
        const alone = fitted({ ...options, activity: { strength: 0 } });
        expect(alone.certificate.status).toBe('silent');
      }
      const { certificate, history } = fitted(options);
      expect(history[0].rate).toBe(0);
      expect(history[59].rate).toBeGreaterThan(0.005);
      expect(certificate.status).toBe('trained');
    }
  });

  test('of a network in which everything fires ends saturated, unless the ceiling of activity is there', () => {
    const loud: Partial<SpikingClassifierOptions> = { xi: 0.02, signs: 'nonNegative', learningRate: 1e-3 };
    const { certificate } = fitted(loud);
    expect(certificate.status).toBe('saturated');
    expect(certificate.advice).toMatch(/ceiling/);
    const lively = { ...loud, xi: 0.1, learningRate: 0.02, epochs: 40 };
    const rates = [0, 10].map((strength) => fitted({ ...lively, activity: { ceiling: 0.1, strength } }).history[39].rate);
    expect(rates[0]).toBeGreaterThan(0.3);
    expect(rates[1]).toBeLessThan(0.2);
  });

  test.each(['adam', 'sgd'] as const)(
    'with a learning rate far too large ends diverged, with the last weights that were finite (%s)',
    (optimizer) => {
      const { certificate, weights, biases, history } = fitted({ optimizer, learningRate: 1e38 });
      expect(certificate.status).toBe('diverged');
      expect(certificate.advice).toMatch(/learning rate/);
      expect(certificate.converged).toBe(false);
      expect(history.length).toBeLessThan(6);
      for (const { data } of weights) expect(data.every(Number.isFinite)).toBe(true);
      for (const bias of biases) expect(bias.every(Number.isFinite)).toBe(true);
      expect(weights[0].nnz).toBeGreaterThan(0);
    },
  );

  test('that is stopped before it begins gives the initial network', () => {
    const { certificate, history, weights } = fitted({}, { signal: AbortSignal.abort() });
    expect(certificate.status).toBe('aborted');
    expect(certificate.advice).toMatch(/stopped/);
    expect(history).toEqual([]);
    expect(weights.map(({ nnz }) => nnz)).toEqual([60, 45]);
  });

  test.each([{}, { lambda: 1e-3 }, { prune: { density: 0.3, until: 3 } }])(
    'that is stopped after three epochs of %o has the weights of that moment',
    (options) => {
      const controller = new AbortController();
      const onProgress: SpikingFitOptions<number>['onProgress'] = ({ epoch, loss }) => {
        if (epoch === 3 && loss !== undefined) controller.abort();
      };
      const constant = { ...options, schedule: 'constant' } as const;
      const stopped = fitted(constant, { signal: controller.signal, onProgress });
      const short = fitted({ ...constant, epochs: 3 });
      expect(stopped.certificate.status).toBe('aborted');
      expect(stopped.certificate.converged).toBe(false);
      expect(stopped.history).toEqual(short.history);
      if ('prune' in options) return;
      expect(stopped.weights).toEqual(short.weights);
      expect(stopped.biases).toEqual(short.biases);
    },
  );

  test('that is stopped in the middle of an epoch, even of one that diverges, gives a model', () => {
    for (const learningRate of [0.01, 1e38]) {
      const controller = new AbortController();
      const { certificate, weights } = fitted(
        { learningRate, optimizer: 'sgd' },
        {
          signal: controller.signal,
          onProgress: ({ done }) => {
            if (done === 3) controller.abort();
          },
        },
      );
      expect(certificate.status).toBe('aborted');
      for (const { data } of weights) expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  test('reports its progress from beginning to end, and every epoch with its record', () => {
    const news: Parameters<NonNullable<SpikingFitOptions<number>['onProgress']>>[0][] = [];
    const { history } = fitted({}, { onProgress: (progress) => news.push({ ...progress }) });
    expect(news.every(({ done }, k) => k === 0 || done > news[k - 1].done)).toBe(true);
    expect(news[news.length - 1]).toMatchObject({ done: 36, total: 36, epoch: 6 });
    const records = news.filter(({ loss }) => loss !== undefined);
    expect(records.length).toBe(6);
    records.forEach((record, k) => {
      expect(record).toMatchObject(history[k]);
    });
  });

  test('gives memory back when a callback throws, wherever that is', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    for (const options of [{}, { lambda: 1e-3 }, { prune: { density: 0.2, regrow: 0.2 } }, { grow: { from: 2, by: 5 } }]) {
      for (const stop of [1, 6, 7, 20, 36]) {
        const onProgress = ({ done }: { done: number }) => {
          if (done >= stop) throw new Error('stop');
        };
        const classifier = new SpikingClassifier({ ...recipe, ...options });
        expect(() => classifier.fit(X, y, { onProgress, validation: { X, labels: y } })).toThrow('stop');
        expect(heap.inUse).toBe(before);
      }
    }
  });

  test('leaves no memory behind over many fits', () => {
    const { heap } = currentBackend();
    const before = heap.inUse;
    const classifier = new SpikingClassifier({ ...recipe, epochs: 2, lambda: 1e-3, recurrent: true });
    for (let k = 0; k < 5; k++) classifier.fit(X, y);
    const length = heap.buffer.byteLength;
    for (let k = 0; k < 30; k++) {
      const model = classifier.fit(X, y);
      model.report(X, y);
      model.trace(X, 3, 0);
      classifier.lambdaMax(X, y);
    }
    expect(heap.inUse).toBe(before);
    expect(heap.buffer.byteLength).toBe(length);
  });

  test('takes batches larger than the data as all the data', () => {
    const all = fitted({ batchSize: 120 });
    expect(fitted({ batchSize: 1e9 }).weights).toEqual(all.weights);
  });
});
