import { describe, expect, test } from 'vitest';
import { SpikingClassifier } from '../../src/spiking/spikingClassifier.ts';
import { digits } from './digits.ts';

describe('on the digits, 30 % held out, one hidden layer', () => {
  const { train, test: held } = digits();

  test('a network without penalty is right on at least 96.5 %', () => {
    const model = new SpikingClassifier({ hidden: [128], epochs: 40, dropout: 0.2, seed: 1 }).fit(train.X, train.y);
    const { accuracy, connections, connectionsTotal } = model.report(held.X, held.y);
    expect(accuracy).toBeGreaterThanOrEqual(0.965);
    expect(connections).toBe(connectionsTotal);
  });

  test('with at most 10 % of the connections it is right on at least 95 %, with fewer spikes and operations', () => {
    const options = { hidden: [128], epochs: 40, seed: 1 };
    const full = new SpikingClassifier(options).fit(train.X, train.y).report(held.X, held.y);
    const cost = { lambda: 4.5e-3, activity: { cost: 0.5 } };
    const sparse = new SpikingClassifier({ ...options, ...cost }).fit(train.X, train.y).report(held.X, held.y);
    expect(sparse.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(sparse.connections).toBeLessThanOrEqual(0.1 * sparse.connectionsTotal);
    expect(sparse.spikesPerSample).toBeLessThan(0.25 * full.spikesPerSample);
    expect(sparse.synapticOperations).toBeLessThan(0.1 * full.synapticOperations);
    expect(sparse.energy.spiking).toBeLessThan(sparse.energy.dense);
  });
});
