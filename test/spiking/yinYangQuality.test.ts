/** Training reaches what others report on Yin-Yang (Kriener 2021: a linear model 64 %, one hidden layer of 120 neurons about 98 %). */
import { describe, expect, test } from 'vitest';
import { SpikingClassifier, type SpikingClassifierOptions, yinYang } from '../../src/index.ts';

const train = yinYang({ samples: 2000, seed: 1 });
const held = yinYang({ samples: 1000, seed: 2 });
const recipe: SpikingClassifierOptions = { hidden: [120], epochs: 70, batchSize: 32, learningRate: 0.01 };

const reportOf = (options: Partial<SpikingClassifierOptions>) => {
  const model = new SpikingClassifier({ ...recipe, ...options }).fit(train.X, train.y);
  expect(model.certificate.status).toBe('trained');
  return model.report(held.X, held.y);
};

describe('on Yin-Yang', () => {
  test.each([0, 1])('a dense network is right for 96 %% and more (seed %d)', (seed) => {
    const { accuracy, connections, connectionsTotal } = reportOf({ seed });
    expect(accuracy).toBeGreaterThanOrEqual(0.96);
    expect(connections).toBe(connectionsTotal);
  });

  test.each([0, 1])('the penalty leaves a fifth of the connections at most, and 94 %% and more (seed %d)', (seed) => {
    const { accuracy, connections, connectionsTotal, energy } = reportOf({ lambda: 1e-3, seed });
    expect(accuracy).toBeGreaterThanOrEqual(0.94);
    expect(connections / connectionsTotal).toBeLessThanOrEqual(0.2);
    expect(energy.spiking).toBeGreaterThan(0);
  });

  test('pruning to a fifth of the connections is right for 94 % and more', () => {
    const { accuracy, connections, connectionsTotal } = reportOf({ prune: { density: 0.2, regrow: 0.1 } });
    expect(accuracy).toBeGreaterThanOrEqual(0.94);
    expect(connections / connectionsTotal).toBeLessThanOrEqual(0.2);
  });

  test('a network without hidden layer is not', () => {
    expect(reportOf({ hidden: [], epochs: 10 }).accuracy).toBeLessThan(0.75);
  });
});
