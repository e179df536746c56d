import { describe, expect, test } from 'vitest';
import { SpikingClassifier } from '../../src/spiking/spikingClassifier.ts';
import { type SpikingPathPoint, spikingPath } from '../../src/spiking/spikingPath.ts';
import { yinYang } from '../../src/spiking/yinYang.ts';

const { X, y } = yinYang({ samples: 600, seed: 3 });
const options = { hidden: [30], epochs: 12, batchSize: 32, learningRate: 0.01, steps: 15, seed: 2 };

describe('a path over lambda', () => {
  test('goes from dense to sparse, and each point is its own model with its own report', () => {
    const points = spikingPath(X, y, { ...options, lambdas: [3e-2, 0, 3e-3], validation: { X, labels: y } });
    expect(points.map(({ lambda }) => lambda)).toEqual([0, 3e-3, 3e-2]);
    const connections = points.map(({ report }) => report.connections);
    expect(connections[0]).toBe(points[0].report.connectionsTotal);
    expect(connections[1]).toBeLessThan(connections[0]);
    expect(connections[2]).toBeLessThan(connections[1]);
    for (const { lambda, model, report } of points) {
      expect(model.lambda).toBe(lambda);
      expect(model.report(X, y)).toEqual(report);
    }
    expect(points[0].report.accuracy).toBeGreaterThan(0.8);
  });

  test('starts with what a single fit gives', () => {
    const [first] = spikingPath(X, y, { ...options, lambdas: [1e-3, 1e-2] });
    const alone = new SpikingClassifier({ ...options, lambda: 1e-3 }).fit(X, y);
    expect(first.model.weights).toEqual(alone.weights);
  });

  test('chooses lambdas below lambdaMax, evenly in the logarithm', () => {
    const small = { ...options, epochs: 2, nLambdas: 3, lambdaMinRatio: 0.01 };
    const lambdas = spikingPath(X, y, small).map(({ lambda }) => lambda);
    expect(lambdas).toHaveLength(3);
    expect(lambdas[1] / lambdas[0]).toBeCloseTo(10, 9);
    expect(lambdas[2] / lambdas[1]).toBeCloseTo(10, 9);
    expect(lambdas[2]).toBeLessThan(new SpikingClassifier(options).lambdaMax(X, y));
  });

  test('reports epochs over all fits, and keeps the points that are done when it is stopped', () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = { ...options, epochs: 6, pathEpochs: 2, lambdas: [0, 1e-3, 1e-2], signal: controller.signal };
    const onProgress = ({ done, total, lambda }: { done: number; total: number; lambda: number }) => {
      expect(total).toBe(10);
      seen.push(done);
      if (lambda === 1e-3 && done === 8) controller.abort();
    };
    const points: SpikingPathPoint<number>[] = spikingPath(X, y, { ...run, onProgress });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(points.map(({ lambda }) => lambda)).toEqual([0, 1e-3]);
  });

  test.each<[object, string]>([
    [{ lambdas: [] }, 'lambdas: expected at least one value'],
    [{ lambdas: [-1] }, 'lambdas: expected numbers >= 0, got -1'],
    [{ lambda: 1 }, 'spikingPath: unknown option "lambda"'],
    [{ nLambdas: 1 }, 'nLambdas: expected an integer >= 2, got 1'],
    [{ lambdaMinRatio: 1 }, 'lambdaMinRatio: expected a number in (0, 1), got 1'],
    [{ pathEpochs: 0 }, 'pathEpochs: expected an integer >= 1, got 0'],
  ])('refuses %j', (bad, message) => {
    expect(() => spikingPath(X, y, { ...options, epochs: 1, ...bad })).toThrow(message);
  });
});

describe('a path that is stopped within a fit', () => {
  test('returns that network too, with its status', () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 4) controller.abort();
    };
    const points = spikingPath(X, y, { ...options, lambdas: [0, 1e-2], signal: controller.signal, onProgress });
    expect(points.map(({ model }) => model.certificate.status)).toEqual(['aborted']);
    expect(points[0].model.history).toHaveLength(4);
  });
});

describe('signs that weights keep', () => {
  test('are those of the first network, also for weights that have been 0', () => {
    const points = spikingPath(X, y, { ...options, signs: 'keep', lambdas: [3e-2, 1e-3, 1e-4].sort((a, b) => a - b) });
    const signOf = (k: number) => points[k].model.weights.map((matrix) => matrix.toDense().data.map(Math.sign));
    const first = signOf(0);
    for (let k = 1; k < points.length; k++) {
      signOf(k).forEach((signs, l) => {
        signs.forEach((sign, place) => {
          if (first[l][place] !== 0 && sign !== 0) expect(sign).toBe(first[l][place]);
        });
      });
    }
  });

  test('validation data are checked before anything is fitted', () => {
    const bad = { X, labels: y.map(() => 9) };
    expect(() => spikingPath(X, y, { ...options, epochs: 1000000, lambdas: [0], validation: bad })).toThrow(
      'validation.labels[0] is 9: expected one of the classes 0, 1, 2',
    );
  });
});
