import { describe, expect, test } from 'vitest';
import { brunelNetwork, integrateAndFire, leakyIntegrator, lif, poissonSource, SpikingNetwork } from '../../src/index.ts';

/** Mean and variance of all voltages of a record. */
function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    squares += values[k] ** 2;
  }
  const mean = sum / values.length;
  return { mean, variance: squares / values.length - mean ** 2 };
}

describe.each([
  ['rare events, which are skipped to', 100, 1],
  ['several per step', 100, 300],
  ['many per step', 1000, 1000],
])('Poisson input with %s', (_, rate, sources) => {
  test("has the mean and the variance of Campbell's theorem", () => {
    const [tauM, weight, dt, n] = [10, 0.3, 0.1, 400];
    const net = new SpikingNetwork({ dt, seed: 7, precision: 'f64' });
    const cells = net.population({ size: n, model: leakyIntegrator({ tauM }) });
    net.poisson(cells, { rate, sources, weight });
    net.run(150);
    net.record(cells, { voltage: Array.from({ length: n }, (_, k) => k) });
    const { data } = net.run(1000).voltages!.value;
    const perMs = (rate * sources) / 1000;
    // Events are seen whole by the next update: exp(-dt / tauM) is not applied to them in that step.
    const a = Math.exp(-dt / tauM);
    const mean = (weight * perMs * dt) / (1 - a);
    const variance = (weight * weight * perMs * dt) / (1 - a * a);
    const found = moments(data);
    // 400 neurons for 1 s, independent after some 2 tauM: about 20,000 samples.
    const sd = Math.sqrt(variance / 20_000);
    expect(Math.abs(found.mean - mean)).toBeLessThan(5 * sd);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.06);
  });
});

test('counts of one step have the Poisson distribution', () => {
  const n = 20_000;
  const mean = 1.7;
  const net = new SpikingNetwork({ dt: 1, seed: 1, precision: 'f64' });
  const cells = net.population({ size: n, model: integrateAndFire({ vThreshold: 1e9 }) });
  net.poisson(cells, { rate: 1000 * mean, weight: 1 });
  net.record(cells, { voltage: Array.from({ length: n }, (_, k) => k) });
  const counts = net.run(2).voltages!.value.data.slice(n);
  let p = Math.exp(-mean);
  for (let k = 0; k < 8; k++, p *= mean / k) {
    const found = counts.filter((count) => count === k).length;
    expect(Math.abs(found - n * p)).toBeLessThan(5 * Math.sqrt(n * p) + 1);
  }
});

test('Poisson sources spike at their rate, independently', () => {
  const net = new SpikingNetwork({ dt: 0.5, seed: 2 });
  const n = 1000;
  const sources = net.population({ size: n, model: poissonSource({ rate: 40 }) });
  net.population({ size: 3, model: poissonSource({ rate: 0 }) });
  const { rates } = net.run(5000);
  const perStep = -Math.expm1(-0.02);
  const expected = perStep * 2000;
  const { mean, variance } = moments(rates.slice(0, n));
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(expected / 5 / n));
  expect(Math.abs(variance / ((expected * (1 - perStep)) / 5) - 1)).toBeLessThan(0.25);
  expect([...rates.slice(sources.size)]).toEqual([0, 0, 0]);
});

test('a fixed in-degree is the in-degree, with replacement', () => {
  const net = new SpikingNetwork({ dt: 0.1, seed: 3 });
  const a = net.population({ size: 50, model: lif({ tauM: 10 }) });
  const b = net.population({ size: 200, model: lif({ tauM: 10 }) });
  const { weights, synapses } = net.connect(a, b, { inDegree: 30, weight: 1 });
  expect(synapses).toBe(6000);
  expect([...weights.rmatvec(new Float64Array(50).fill(1))]).toEqual(new Array(200).fill(30));
  expect(weights.nnz).toBeLessThan(6000);
  const out = weights.matvec(new Float64Array(200).fill(1));
  expect(moments(out).mean).toBe(120);
  expect(Math.abs(moments(out).variance / 120 - 1)).toBeLessThan(0.7);
});

test('every probability gives what it says, from none to all', () => {
  const net = new SpikingNetwork({ dt: 0.1, seed: 3 });
  const a = net.population({ size: 70, model: lif({ tauM: 10 }) });
  expect(net.connect(a, a, { probability: 0, weight: 1 }).synapses).toBe(0);
  expect(net.connect(a, a, { probability: 1, weight: 1 }).weights.nnz).toBe(4900);
  expect(Math.abs(net.connect(a, a, { probability: 0.9, weight: 1 }).synapses - 4410)).toBeLessThan(5 * 21);
});

test("Brunel's network, a tenth of the size, is asynchronous and irregular at the rate of its input", () => {
  const net = brunelNetwork({ order: 250, g: 5, eta: 2, weight: 1, seed: 1 });
  const { rates, spikes } = net.run(400);
  const mean = rates.reduce((a, b) => a + b, 0) / net.size;
  // The mean-field estimate of the full network is about 38 Hz.
  expect(mean).toBeGreaterThan(20);
  expect(mean).toBeLessThan(50);
  expect(spikes.time.length).toBe(Math.round((mean * net.size * 400) / 1000));
});
