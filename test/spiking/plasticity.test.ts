import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsrMatrix, integrateAndFire, SpikingNetwork, spikeSource } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';

const rule = { tauPlus: 8, tauMinus: 12, aPlus: 0.11, aMinus: 0.13, wMin: 0.1, wMax: 1 };
const steps = 80;

/** Random spikes on a grid, as a set of step * size + neuron. */
function spikesOf(dice: Dice, size: number, count: number): { list: { time: number[]; neuron: number[] }; has: Set<number> } {
  const has = new Set(Array.from({ length: count }, () => dice.integer(steps) * size + dice.integer(size)));
  return {
    list: { time: Array.from(has, (key) => Math.floor(key / size) + 1), neuron: Array.from(has, (key) => key % size) },
    has,
  };
}

test.each(['f64', 'f32'] as const)('weights follow a plain pair rule with traces, delays included, in %s', (precision) => {
  const digits = precision === 'f64' ? 12 : 5;
  const shape = fc.record({ seed: fc.integer({ min: 1, max: 1e6 }), delay: fc.constantFrom(0, 1, 6) });
  const property = fc.property(shape, ({ seed, delay }) => {
    const dice = new Dice(seed);
    const [n, m] = [4, 5];
    const before = spikesOf(dice, n, 40);
    const forced = spikesOf(dice, m, 40);
    const dense = Array.from({ length: n }, () =>
      Array.from({ length: m }, () => (dice.chance(0.7) ? 0.3 + 0.5 * dice.unit() : 0)),
    );

    const net = new SpikingNetwork({ dt: 1, seed, precision });
    const source = net.population({ size: n, model: spikeSource(before.list) });
    const teacher = net.population({ size: m, model: spikeSource(forced.list) });
    // Only the teacher makes the targets spike, one step later.
    const target = net.population({ size: m, model: integrateAndFire({ vThreshold: 1e6, tauSyn: { quiet: 5 } }) });
    const identity = CsrMatrix.fromDense(
      Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => (i === j ? 2e6 : 0))),
    );
    net.connect(teacher, target, { receptor: 'delta', edges: identity });
    const edges = CsrMatrix.fromDense(dense);
    const projection = net.connect(source, target, { receptor: 'quiet', edges, delay, stdp: rule });
    const cut = 1 + dice.integer(steps - 1);
    net.run(cut);
    net.run(steps + 1 - cut);

    const w = dense.map((row) => [...row]);
    const [pre, post] = [new Float64Array(n), new Float64Array(m)];
    const clip = (value: number) => Math.min(Math.max(value, rule.wMin), rule.wMax);
    for (let step = 0; step <= steps; step++) {
      for (let s = 0; s < n; s++) pre[s] *= Math.exp(-1 / rule.tauPlus);
      for (let t = 0; t < m; t++) post[t] *= Math.exp(-1 / rule.tauMinus);
      for (let s = 0; s < n; s++) {
        if (!before.has.has((step - delay) * n + s)) continue;
        for (let t = 0; t < m; t++) if (dense[s][t]) w[s][t] = clip(w[s][t] - rule.aMinus * post[t]);
        pre[s] += 1;
      }
      for (let t = 0; t < m; t++) {
        if (!forced.has.has((step - 1) * m + t)) continue;
        for (let s = 0; s < n; s++) if (dense[s][t]) w[s][t] = clip(w[s][t] + rule.aPlus * pre[s]);
        post[t] += 1;
      }
    }
    const found = projection.weights.toDense();
    w.forEach((row, s) => {
      row.forEach((value, t) => {
        expect(found.data[s * m + t]).toBeCloseTo(value, digits);
      });
    });
    // What the network was given is not what it changes.
    expect(CsrMatrix.fromDense(dense).data).toEqual(edges.data);
  });
  fc.assert(property, { numRuns: 40, seed: 3 });
});

test('a weight is delivered as it was before the spike changes it', () => {
  const net = new SpikingNetwork({ dt: 1, seed: 0, precision: 'f64' });
  const source = net.population({ size: 1, model: spikeSource({ time: [1, 5], neuron: [0, 0] }) });
  const target = net.population({ size: 1, model: integrateAndFire({ vThreshold: 0.9 }) });
  const stdp = { tauPlus: 10, tauMinus: 10, aPlus: 0.5, aMinus: 0.25, wMax: 2 };
  const projection = net.connect(source, target, { probability: 1, weight: 1, stdp });
  net.record(target, { spikes: true, voltage: [0] });
  // The spike arrives at the end of step 0, makes the target spike in step 1, one decay later.
  expect([...net.run(4).spikes.time]).toEqual([2]);
  expect(projection.weights.get(0, 0)).toBeCloseTo(1 + 0.5 * Math.exp(-0.1), 12);
  const { voltages, spikes } = net.run(2);
  expect(voltages!.value.data[1]).toBe(0);
  expect([...spikes.time]).toEqual([6]);
  const trace = Math.exp(-0.3);
  const depressed = 1 + 0.5 * Math.exp(-0.1) - 0.25 * trace;
  const raised = depressed + 0.5 * Math.exp(-0.1) * (1 + Math.exp(-0.4));
  expect(projection.weights.get(0, 0)).toBeCloseTo(Math.min(2, raised), 12);
});
