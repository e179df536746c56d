import { describe, expect, test } from 'vitest';
import {
  CsrMatrix,
  cubaNetwork,
  leakyIntegrator,
  lif,
  type Precision,
  type SpikeTrain,
  SpikingNetwork,
  spikeSource,
} from '../../src/index.ts';
import { goldenCase } from './golden.ts';

const precisions = [
  ['f64', 1e-12],
  ['f32', 1e-5],
] as const satisfies [Precision, number][];

/** Every recorded voltage must lie within `tolerance` of the range of the golden trace. */
function expectTrace(voltages: ArrayLike<number>, dt: number, t: number[], v: number[], tolerance: number): void {
  const range = Math.max(...v) - Math.min(...v);
  t.forEach((time, k) => {
    if (time > 0) expect(Math.abs(voltages[Math.round(time / dt) - 1] - v[k])).toBeLessThan(tolerance * range);
  });
}

describe.each(precisions)('in %s', (precision, tolerance) => {
  test.each(['lif-rise', 'lif-decay', 'lif-mixed'])('%s: the membrane follows the closed form', (name) => {
    const { tau, R, I, vLeak, v0, dt, t, v } = goldenCase(name);
    const net = new SpikingNetwork({ dt, seed: 0, precision });
    const model = leakyIntegrator({ tauM: tau, vRest: vLeak, current: R * I, vInit: v0 });
    const cell = net.population({ size: 1, model });
    net.record(cell, { voltage: [0] });
    expectTrace(net.run(t.at(-1)).voltages!.value.data, dt, t, v, tolerance);
  });

  test.each(['psp-excitatory', 'psp-inhibitory', 'psp-equal', 'psp-nearly-equal', 'psp-slow-synapse'])(
    '%s: one spike makes the potential of the closed form, also where time constants are equal',
    (name) => {
      const { tauM, tauS, w, E, dt, t, v } = goldenCase(name);
      const net = new SpikingNetwork({ dt, seed: 0, precision });
      const spike = net.population({ size: 1, model: spikeSource({ time: [dt], neuron: [0] }) });
      const cell = net.population({ size: 1, model: leakyIntegrator({ tauM, tauSyn: tauS, vRest: E }) });
      net.connect(spike, cell, { probability: 1, weight: w });
      net.record(cell, { voltage: [0] });
      const trace = net.run(t.at(-1) + dt).voltages!.value.data;
      expect(trace[0]).toBe(E);
      expectTrace(trace.subarray(1), dt, t, v, tolerance);
    },
  );

  test('the spike counts of Brian2 over currents and two time steps', () => {
    const { rows, tau, R, vLeak, threshold, reset, refractory, duration, dt: steps } = goldenCase('f-I');
    steps.forEach((dt: number, column: number) => {
      const net = new SpikingNetwork({ dt, seed: 0, precision });
      const current = rows.map(([I]: number[]) => R * I);
      const model = lif({ tauM: tau, vRest: vLeak, vReset: reset, vThreshold: threshold, refractory, current, vInit: reset });
      const cells = net.population({ size: rows.length, model });
      const { rates } = net.run(duration).of(cells);
      rows.forEach((row: number[], k: number) => {
        // At I = 1 the membrane only approaches the threshold, and here rests are per neuron: it may round to it.
        if (row[0] !== 1) expect(Math.round((rates[k] * duration) / 1000), `I = ${row[0]}, dt = ${dt}`).toBe(row[2 + 2 * column]);
      });
    });
  });

  test('a membrane that only approaches its threshold never spikes', () => {
    for (const dt of [0.1, 1]) {
      const net = new SpikingNetwork({ dt, seed: 0, precision });
      net.population({ size: 9, model: lif({ tauM: 2, vThreshold: 1, current: 1 }) });
      expect(net.run(2000).rates.every((rate) => rate === 0)).toBe(true);
    }
  });

  test('the isolated neuron of the CUBA network', () => {
    const { start, gridInterval, firstSpikeStep } = goldenCase('isolated-cuba-neuron');
    const net = new SpikingNetwork({ dt: 0.1, seed: 0, precision });
    const model = lif({ tauM: 20, vRest: -49, vReset: -60, vThreshold: -50, refractory: 5, vInit: start });
    const cell = net.population({ size: 1, model });
    net.record(cell, { spikes: true });
    const { time } = net.run(1000).spikes;
    expect(time[0]).toBe(firstSpikeStep / 10);
    for (let k = 1; k < time.length; k++) expect(time[k] - time[k - 1]).toBeCloseTo(gridInterval, 9);
  });
});

test('CUBA: rate and irregularity lie where two independent systems put them', () => {
  const { warmup, duration, N, brian2, own } = goldenCase('cuba');
  const seeds = [11, 12, 13, 14, 15];
  const found = seeds.map((seed) => {
    const net = cubaNetwork({ seed });
    expect(net.size).toBe(N);
    net.run(warmup);
    const result = net.run(duration);
    return { rate: result.rates.reduce((a, b) => a + b, 0) / N, cv: variation(result.spikes, N) };
  });
  for (const [key, name] of [
    ['rate', 'rate'],
    ['cv', 'cvIsi'],
  ] as const) {
    const mean = found.reduce((sum, entry) => sum + entry[key], 0) / seeds.length;
    for (const system of [brian2, own]) {
      const band = 4 * system[`${name}Sd`] * Math.sqrt(1 / 8 + 1 / seeds.length);
      expect(Math.abs(mean - system[`${name}Mean`]), `${name}: ${mean}`).toBeLessThan(band);
    }
  }
});

test('a connection has the number of synapses that its probability says', () => {
  const net = new SpikingNetwork({ dt: 0.1, seed: 5 });
  const cells = net.population({ size: 2000, model: lif({ tauM: 10 }) });
  const { synapses, weights } = net.connect(cells, cells, { probability: 0.03, weight: 0.5 });
  const expected = 2000 * 2000 * 0.03;
  expect(Math.abs(synapses - expected)).toBeLessThan(4 * Math.sqrt(expected * 0.97));
  expect(weights).toBeInstanceOf(CsrMatrix);
  expect(weights.nnz).toBe(synapses);
  expect(weights.data.every((weight) => weight === 0.5)).toBe(true);
});

/** Mean coefficient of variation of the intervals of neurons with at least five of them. */
function variation({ time, neuron }: SpikeTrain, size: number): number {
  const last = new Float64Array(size).fill(Number.NaN);
  const intervals: number[][] = Array.from({ length: size }, () => []);
  time.forEach((t, k) => {
    if (!Number.isNaN(last[neuron[k]])) intervals[neuron[k]].push(t - last[neuron[k]]);
    last[neuron[k]] = t;
  });
  const values = intervals
    .filter((list) => list.length >= 5)
    .map((list) => {
      const mean = list.reduce((a, b) => a + b) / list.length;
      return Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / list.length) / mean;
    });
  return values.reduce((a, b) => a + b) / values.length;
}
