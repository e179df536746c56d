import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentBackend } from '../../src/backend/backend.ts';
import {
  adaptiveLif,
  CsrMatrix,
  integrateAndFire,
  izhikevich,
  leakyIntegrator,
  lif,
  type Population,
  poissonSource,
  type SimulationResult,
  SpikingNetwork,
  spikeSource,
} from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';
import { everything, on } from './networks.ts';

const cell = lif({ tauM: 10, tauSyn: 3, vThreshold: 5, refractory: 1 });

describe.each(['f32', 'f64'] as const)('in %s', (precision) => {
  test('a run in pieces is the whole run, bit for bit', () => {
    const whole = everything(precision);
    const pieces = everything(precision);
    for (const net of [whole, pieces]) for (const population of net.populations) net.record(population, { spikes: true });
    const expected = whole.run(300);
    expect(expected.spikes.time.length).toBeGreaterThan(300);
    const parts = [0.1, 0.2, 5.7, 93.9, 0.1, 150, 50].map((duration) => pieces.run(duration));
    expect(parts.flatMap(({ spikes }) => [...spikes.time])).toEqual([...expected.spikes.time]);
    expect(parts.flatMap(({ spikes }) => [...spikes.neuron])).toEqual([...expected.spikes.neuron]);
    expect(parts.at(-1)?.hash).toBe(expected.hash);
    expect(parts.reduce((sum, { synapticEvents }) => sum + synapticEvents, 0)).toBe(expected.synapticEvents);
    expect(pieces.time).toBe(300);
  });

  test('both backends give the same spikes and leave no memory behind', () => {
    const run = () => {
      const { heap } = currentBackend();
      const before = heap.inUse;
      const { hash, synapticEvents } = everything(precision).run(120);
      expect(heap.inUse).toBe(before);
      return { hash, synapticEvents };
    };
    expect(on('js', run)).toEqual(on('wasm', run));
  });
});

test('recording changes no spike', () => {
  const silent = everything('f32');
  const watched = everything('f32');
  for (const population of watched.populations) watched.record(population, { spikes: true, voltage: [0, 3, 1], rate: 5 });
  const [a, b] = [silent.run(100), watched.run(100)];
  expect(a.hash).toBe(b.hash);
  expect(a.rates).toEqual(b.rates);
  expect(a.spikes.time).toHaveLength(0);
  expect(b.voltages?.neuron).toEqual(Int32Array.of(0, 3, 1, 83, 86, 84));
  expect(b.voltages?.value).toMatchObject({ rows: 6, cols: 1000 });
});

test('results fit together: spikes, rates, bins and parts', () => {
  const net = everything('f32');
  const [e, i] = net.populations;
  net.record(e, { spikes: true, rate: 7 });
  net.record(i, { spikes: true });
  net.run(3);
  const result = net.run(40);
  const { spikes } = result;
  for (let k = 1; k < spikes.time.length; k++) {
    const order = spikes.time[k] - spikes.time[k - 1] || spikes.neuron[k] - spikes.neuron[k - 1];
    expect(order).toBeGreaterThan(0);
  }
  expect(spikes.time[0]).toBeGreaterThan(3);
  const counts = new Float64Array(net.size);
  for (const neuron of spikes.neuron) counts[neuron] += 1000 / 40;
  counts.forEach((rate, k) => {
    expect(result.rates[k]).toBeCloseTo(rate, 9);
  });
  expect(result.of(i).rates).toEqual(result.rates.slice(e.size));
  expect(result.of(e).spikes.time.length + result.of(i).spikes.time.length).toBe(spikes.time.length);
  const [{ population, time, rate }] = result.populationRates!;
  expect(population).toBe(e);
  expect([...time]).toEqual([10, 17, 24, 31, 38, 43]);
  const total = rate.reduce((sum, r, k) => sum + r * (k < 5 ? 0.007 : 0.005), 0) * e.size;
  expect(total).toBeCloseTo(result.of(e).spikes.time.length, 9);
  expect(result.of(i).populationRate).toBeUndefined();
});

test('delivered events are the out-degrees of the spikes, less those still on their way', () => {
  const net = new SpikingNetwork({ dt: 0.5, seed: 3 });
  const source = net.population({ size: 40, model: poissonSource({ rate: 80 }) });
  const target = net.population({ size: 30, model: cell });
  const { weights } = net.connect(source, target, { weight: 0.5, probability: 0.2, delay: 4 });
  net.record(source, { spikes: true });
  const { spikes, synapticEvents } = net.run(200);
  let expected = 0;
  spikes.time.forEach((time, k) => {
    if (time + 4 <= 200) expected += weights.indptr[spikes.neuron[k] + 1] - weights.indptr[spikes.neuron[k]];
  });
  expect(expected).toBeGreaterThan(1000);
  expect(synapticEvents).toBe(expected);
});

test('permuting neurons permutes their spikes', () => {
  const n = 60;
  const dice = new Dice(4);
  const pairs = Array.from({ length: 400 }, () => [Math.floor(dice.unit() * n), Math.floor(dice.unit() * n)]);
  const currents = Array.from({ length: n }, () => 4 + 3 * dice.unit());
  const order = Array.from({ length: n }, (_, k) => (7 * k + 3) % n);
  const simulate = (name: number[]) => {
    const net = new SpikingNetwork({ dt: 0.1, seed: 0 });
    const current = new Float64Array(n);
    currents.forEach((value, k) => {
      current[name[k]] = value;
    });
    const cells = net.population({ size: n, model: lif({ tauM: 10, tauSyn: 3, vThreshold: 5, refractory: 1, current }) });
    const keys = new Set(pairs.map(([s, t]) => name[s] * n + name[t]));
    const row = [...keys].map((key) => Math.floor(key / n));
    const col = [...keys].map((key) => key % n);
    net.connect(cells, cells, { edges: CsrMatrix.fromCoo(n, n, { row, col, value: row.map(() => -0.75) }), delay: 0.4 });
    net.record(cells, { spikes: true });
    const { time, neuron } = net.run(300).spikes;
    return Array.from(time, (t, k) => [t, neuron[k]]);
  };
  const plain = simulate(Array.from({ length: n }, (_, k) => k));
  expect(plain.length).toBeGreaterThan(300);
  const sorted = (list: number[][]) => list.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  expect(sorted(simulate(order))).toEqual(sorted(plain.map(([t, k]) => [t, order[k]])));
});

test('stored zeros change no spike', () => {
  const n = 40;
  const dice = new Dice(9);
  const dense = Array.from({ length: n }, () => Array.from({ length: n }, () => (dice.unit() < 0.2 ? 2 * dice.unit() : 0)));
  const hash = (edges: CsrMatrix) => {
    const net = new SpikingNetwork({ dt: 0.1, seed: 0 });
    const cells = net.population({ size: n, model: cell });
    net.poisson(cells, { rate: 100, sources: 10, weight: 2 });
    net.connect(cells, cells, { edges });
    return net.run(200).hash;
  };
  const all = { row: [] as number[], col: [] as number[], value: [] as number[] };
  dense.forEach((values, s) => {
    values.forEach((value, t) => {
      all.row.push(s);
      all.col.push(t);
      all.value.push(value);
    });
  });
  expect(hash(CsrMatrix.fromCoo(n, n, all))).toBe(hash(CsrMatrix.fromDense(dense)));
});

test('every spike arrives after its own delay: random delays against a naive queue', () => {
  const shape = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    sources: fc.integer({ min: 1, max: 6 }),
    targets: fc.integer({ min: 1, max: 6 }),
    longest: fc.constantFrom(0, 1, 5, 40),
  });
  const property = fc.property(shape, ({ seed, sources, targets, longest }) => {
    const dice = new Dice(seed);
    const dt = 0.25;
    const steps = 60;
    const spikes = new Set(
      Array.from({ length: 25 }, () => Math.floor(dice.unit() * steps) * sources + Math.floor(dice.unit() * sources)),
    );
    const time = Array.from(spikes, (key) => (Math.floor(key / sources) + 1) * dt);
    const neuron = Array.from(spikes, (key) => key % sources);
    const dense = Array.from({ length: sources }, () =>
      Array.from({ length: targets }, () => (dice.unit() < 0.6 ? 1 + dice.unit() : 0)),
    );
    const edges = CsrMatrix.fromDense(dense);
    const delays = Array.from(edges.data, () => Math.floor(dice.unit() * (longest + 1)));

    const net = new SpikingNetwork({ dt, seed, precision: 'f64' });
    const source = net.population({ size: sources, model: spikeSource({ time, neuron }) });
    const target = net.population({ size: targets, model: integrateAndFire({ vThreshold: 1e9 }) });
    net.connect(source, target, { edges, delay: delays.map((delay) => delay * dt) });
    net.record(target, { voltage: Array.from({ length: targets }, (_, k) => k) });
    const cut = 1 + Math.floor(dice.unit() * (steps - 1));
    const parts = [net.run(cut * dt), net.run((steps - cut) * dt)];
    const found = parts.flatMap(({ voltages }) => [...voltages!.value.data]);

    const arriving = Array.from({ length: steps }, () => new Float64Array(targets));
    time.forEach((t, k) => {
      const step = Math.round(t / dt) - 1;
      for (let e = edges.indptr[neuron[k]]; e < edges.indptr[neuron[k] + 1]; e++) {
        // Delivered at the end of its step, seen by the update of the next.
        const seen = step + delays[e] + 1;
        if (seen < steps) arriving[seen][edges.indices[e]] += edges.data[e];
      }
    });
    const v = new Float64Array(targets);
    arriving.forEach((values, step) => {
      for (let k = 0; k < targets; k++) {
        v[k] += values[k];
        expect(found[step * targets + k]).toBeCloseTo(v[k], 12);
      }
    });
  });
  fc.assert(property, { numRuns: 60, seed: 5 });
});

describe('models', () => {
  const record = (build: (net: SpikingNetwork) => Population, duration: number, dt = 0.1): [SimulationResult, Population] => {
    const net = new SpikingNetwork({ dt, seed: 0, precision: 'f64' });
    const population = build(net);
    net.record(population, { spikes: true, voltage: [0] });
    return [net.run(duration), population];
  };

  test('the intervals of the f-I curve converge with dt: short of the continuous ones by less than a step', () => {
    for (const current of [1.05, 1.5, 4]) {
      const exact = 2 + 20 * Math.log(current / (current - 1));
      for (const dt of [1, 0.5, 0.25, 0.125]) {
        const cells = (net: SpikingNetwork) =>
          net.population({ size: 1, model: lif({ tauM: 20, vThreshold: 1, refractory: 2, current }) });
        const [{ spikes }] = record(cells, 400, dt);
        const interval = spikes.time[3] - spikes.time[2];
        expect(exact - interval).toBeGreaterThanOrEqual(0);
        expect(exact - interval).toBeLessThan(dt);
      }
    }
  });

  test('a neuron without leak integrates its current and spikes with its rate', () => {
    const [{ spikes, voltages }] = record(
      (net) => net.population({ size: 1, model: integrateAndFire({ current: 0.25, vThreshold: 1 }) }),
      10,
      0.5,
    );
    expect([...spikes.time]).toEqual([4, 8]);
    expect([...voltages!.value.data.slice(0, 8)]).toEqual([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 0]);
  });

  test('an exponential synapse moves a neuron without leak by weight times tauSyn in all', () => {
    const [{ voltages }] = record((net) => {
      const spike = net.population({ size: 1, model: spikeSource({ time: [0.1], neuron: [0] }) });
      const target = net.population({ size: 1, model: integrateAndFire({ tauSyn: 2, vThreshold: 100 }) });
      net.connect(spike, target, { probability: 1, weight: 3 });
      return target;
    }, 100);
    expect(voltages!.value.data.at(-1)).toBeCloseTo(6, 12);
  });

  test('four receptors add up as one', () => {
    const potential = (tauSyn: Record<string, number>) => {
      const [{ voltages }] = record((net) => {
        const spike = net.population({ size: 1, model: spikeSource({ time: [0.1], neuron: [0] }) });
        const target = net.population({ size: 1, model: leakyIntegrator({ tauM: 10, tauSyn }) });
        for (const receptor of Object.keys(tauSyn)) net.connect(spike, target, { receptor, probability: 1, weight: 1 });
        return target;
      }, 20);
      return voltages!.value.data;
    };
    const four = potential({ a: 3, b: 3, c: 3, d: 3 });
    potential({ a: 3 }).forEach((v, k) => {
      expect(four[k]).toBeCloseTo(4 * v, 12);
    });
  });

  test('an adaptive threshold rises by its step, decays, and slows the neuron down', () => {
    const options = { tauM: 10, vThreshold: 1, current: 3, tauAdaptation: 200, adaptationStep: 0.2 };
    const [{ spikes }] = record((net) => net.population({ size: 1, model: adaptiveLif(options) }), 400);
    const expected: number[] = [];
    let [v, a] = [0, 0];
    const [bm, ba] = [-Math.expm1(-0.01), -Math.expm1(-0.0005)];
    for (let step = 0; step < 4000; step++) {
      v += bm * (3 - v);
      a -= ba * a;
      if (v < 1 + a) continue;
      v = 0;
      a += 0.2;
      expected.push((step + 1) / 10);
    }
    expect([...spikes.time]).toEqual(expected);
    const gaps = expected.slice(1).map((t, k) => t - expected[k]);
    expect(gaps.at(-1)).toBeGreaterThan(2 * gaps[0]);
  });

  test("Izhikevich's regular spiking cell, step by step as in the paper", () => {
    const [{ spikes, voltages }] = record((net) => net.population({ size: 1, model: izhikevich({ current: 10 }) }), 500, 1);
    const expected: number[] = [];
    let [v, u] = [-65, -13];
    for (let step = 0; step < 500; step++) {
      v += 0.5 * (0.04 * v * v + 5 * v + 140 - u + 10);
      v += 0.5 * (0.04 * v * v + 5 * v + 140 - u + 10);
      u += 0.02 * (0.2 * v - u);
      if (v >= 30) {
        [v, u] = [-65, u + 8];
        expected.push(step + 1);
      }
      if (step < 100) expect(voltages!.value.data[step]).toBeCloseTo(v, 6);
    }
    expect(expected.length).toBeGreaterThan(5);
    expect([...spikes.time]).toEqual(expected);
  });

  test('a listed source spikes as listed, in any order', () => {
    const model = spikeSource({ time: [3, 0.1, 3, 1.7], neuron: [2, 1, 0, 2] });
    const net = new SpikingNetwork({ dt: 0.1, seed: 0 });
    net.record(net.population({ size: 3, model }), { spikes: true });
    const { time, neuron } = net.run(5).spikes;
    expect([...time]).toEqual([0.1, 1.7, 3, 3]);
    expect([...neuron]).toEqual([1, 2, 0, 2]);
  });
});

test('f32 stays within 1e-5 of f64 over 100,000 steps without spikes', () => {
  const last = (precision: 'f32' | 'f64') => {
    const net = new SpikingNetwork({ dt: 0.1, seed: 0, precision });
    const beat = net.population({
      size: 1,
      model: spikeSource({ time: Array.from({ length: 1000 }, (_, k) => 10 * (k + 1)), neuron: new Array(1000).fill(0) }),
    });
    const target = net.population({ size: 1, model: leakyIntegrator({ tauM: 20, tauSyn: 5, vRest: -70, vInit: -60 }) });
    net.connect(beat, target, { probability: 1, weight: 2 });
    net.record(target, { voltage: [0] });
    return net.run(10_000).voltages!.value.data;
  };
  const [single, double] = [last('f32'), last('f64')];
  let worst = 0;
  for (let k = 0; k < double.length; k++) worst = Math.max(worst, Math.abs(single[k] - double[k]) / (double[k] + 70));
  expect(worst).toBeLessThan(1e-5);
});

test('silence for long does not slow a network down by subnormal numbers', () => {
  const net = new SpikingNetwork({ dt: 1, seed: 0 });
  const cells = net.population({ size: 4, model: lif({ tauM: 1, tauSyn: { a: 1, b: 2 }, vThreshold: 10, vInit: -3 }) });
  net.poisson(cells, { receptor: 'a', rate: 1, weight: 1 });
  net.record(cells, { voltage: [0, 1, 2, 3] });
  const { value } = net.run(5000).voltages!;
  for (const v of value.data) expect(v === 0 || Math.abs(v) > 1.2e-38).toBe(true);
});

describe('aborting', () => {
  test('returns what was simulated, and the next run continues as if nothing had happened', () => {
    const [net, whole] = [everything('f32'), everything('f32')];
    const controller = new AbortController();
    const seen: number[] = [];
    const result = net.run(200, {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        seen.push(done / total);
        if (done >= 600) controller.abort();
      },
    });
    expect(result.status).toBe('aborted');
    expect(result.duration).toBe(60);
    expect(net.time).toBe(60);
    expect(seen.length).toBe(30);
    const rest = net.run(140);
    expect(rest.status).toBe('completed');
    expect(rest.hash).toBe(whole.run(200).hash);
  });

  test('before the first step gives an empty result', () => {
    const net = everything('f32');
    const [e] = net.populations;
    net.record(e, { spikes: true, voltage: [0], rate: 1 });
    const result = net.run(10, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ status: 'aborted', duration: 0, synapticEvents: 0 });
    expect(result.spikes.time).toHaveLength(0);
    expect(result.rates.every((rate) => rate === 0)).toBe(true);
  });

  test('an exception from onProgress leaves the network as it was', () => {
    const [net, whole] = [everything('f64'), everything('f64')];
    const { heap } = currentBackend();
    const before = heap.inUse;
    const stop = () => {
      throw new Error('enough');
    };
    expect(() => net.run(50, { onProgress: stop })).toThrow('enough');
    expect(heap.inUse).toBe(before);
    expect(net.time).toBe(0);
    expect(net.run(50).hash).toBe(whole.run(50).hash);
  });
});

test('the log of spikes grows where long delays keep the spikes of many steps', () => {
  const n = 60;
  const net = new SpikingNetwork({ dt: 1, seed: 0 });
  // Every neuron spikes in every step.
  const busy = net.population({ size: n, model: integrateAndFire({ current: 2, vThreshold: 1 }) });
  const target = net.population({ size: 1, model: integrateAndFire({ vThreshold: 1e9 }) });
  net.connect(busy, target, { probability: 1, weight: 1, delay: 200 });
  net.record(target, { voltage: [0] });
  const results = [net.run(150), net.run(350), net.run(1500)];
  expect(results.map(({ synapticEvents }) => synapticEvents)).toEqual([0, 300 * n, 1500 * n]);
  expect(results[2].voltages!.value.data.at(-1)).toBe((1800 - 1) * n);
  expect(results[2].rates[0]).toBe(1000);
});

test('a connection made between runs delivers the spikes from then on', () => {
  const net = new SpikingNetwork({ dt: 1, seed: 0, precision: 'f64' });
  const source = net.population({ size: 1, model: spikeSource({ time: [1, 2, 3, 4, 5], neuron: [0, 0, 0, 0, 0] }) });
  const target = net.population({ size: 1, model: integrateAndFire({ vThreshold: 100 }) });
  net.run(2);
  net.connect(source, target, { probability: 1, weight: 1, delay: 3 });
  net.record(target, { voltage: [0] });
  expect([...net.run(8).voltages!.value.data]).toEqual([0, 0, 0, 0, 1, 2, 3, 3]);
});
