import { expect, test } from 'vitest';
import {
  adaptiveLif,
  brunelNetwork,
  CsrMatrix,
  cubaNetwork,
  integrateAndFire,
  izhikevich,
  leakyIntegrator,
  lif,
  type NeuronModel,
  poissonSource,
  SpikingNetwork,
  spikeSource,
} from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong kinds are the point
type Wrong = any;
type Kind = new (...given: never[]) => Error;

const fresh = () => {
  const net = new SpikingNetwork({ dt: 0.1, seed: 1 });
  const e = net.population({ size: 4, model: lif({ tauM: 10, tauSyn: { a: 5, b: 2 } }) });
  const i = net.population({ size: 3, model: lif({ tauM: 10 }) });
  const source = net.population({ size: 2, model: poissonSource({ rate: 10 }) });
  return { net, e, i, source };
};
const at = (model: NeuronModel, size = 2) => new SpikingNetwork({ dt: 0.5, seed: 1 }).population({ size, model });
const edges = CsrMatrix.fromDense([
  [1, 0, 2],
  [0, 0, 0],
  [0, 3, 0],
  [4, 0, 0],
]);
const stdp = { tauPlus: 20, tauMinus: 20, aPlus: 0.1, aMinus: 0.1, wMax: 1 };

const models: [string, () => unknown, Kind, string][] = [
  ['tauM 0', () => lif({ tauM: 0 }), RangeError, 'tauM: expected a number > 0, got 0'],
  ['tauM missing', () => lif({} as Wrong), TypeError, 'tauM: expected a number > 0, got undefined'],
  ['tauM NaN', () => lif({ tauM: Number.NaN }), RangeError, 'tauM: expected a number > 0, got NaN'],
  ['tauSyn negative', () => lif({ tauM: 1, tauSyn: -2 }), RangeError, 'tauSyn: expected a number > 0, got -2'],
  ['tauSyn.e', () => lif({ tauM: 1, tauSyn: { e: 0 } }), RangeError, 'tauSyn.e: expected a number > 0, got 0'],
  ['tauSyn text', () => lif({ tauM: 1, tauSyn: '5' as Wrong }), TypeError, 'tauSyn: expected a number > 0 or an object'],
  ['receptor delta', () => lif({ tauM: 1, tauSyn: { delta: 3 } }), RangeError, 'tauSyn: "delta" is the receptor without'],
  [
    'threshold at reset',
    () => lif({ tauM: 1, vReset: 1 }),
    RangeError,
    'vThreshold (above vReset): expected a number in (1, Infinity), got 1',
  ],
  ['threshold below', () => lif({ tauM: 1, vRest: -60, vThreshold: -70 }), RangeError, 'vThreshold (above vReset)'],
  ['refractory', () => lif({ tauM: 1, refractory: -1 }), RangeError, 'refractory: expected a number >= 0, got -1'],
  ['current', () => lif({ tauM: 1, current: [1, Infinity] }), RangeError, 'current[1] is Infinity'],
  [
    'vInit reversed',
    () => lif({ tauM: 1, vInit: [2, 1] }),
    RangeError,
    'vInit: expected [low, high] with low <= high, got [2, 1]',
  ],
  ['vInit of three', () => lif({ tauM: 1, vInit: [1, 2, 3] as Wrong }), RangeError, 'vInit: expected 2 numbers, got 3'],
  ['misspelt', () => lif({ tauM: 1, tau: 3 } as Wrong), TypeError, 'lif: unknown option "tau"'],
  ['leak', () => leakyIntegrator({ tauM: 1, vReset: 3 } as Wrong), TypeError, 'leakyIntegrator: unknown option "vReset"'],
  [
    'adaptation',
    () => adaptiveLif({ tauM: 1, tauAdaptation: 0, adaptationStep: 1 }),
    RangeError,
    'tauAdaptation: expected a number > 0',
  ],
  [
    'adaptation step',
    () => adaptiveLif({ tauM: 1, tauAdaptation: 9 } as Wrong),
    TypeError,
    'adaptationStep: expected a number >= 0',
  ],
  ['if', () => integrateAndFire({ vThreshold: 0 }), RangeError, 'vThreshold (above vReset)'],
  ['izhikevich', () => izhikevich({ a: Number.NaN }), RangeError, 'a: expected a finite number, got NaN'],
  ['rate', () => poissonSource({ rate: -3 }), RangeError, 'rate: expected a number >= 0, got -3'],
  ['lists', () => spikeSource({ time: [1, 2], neuron: [0] }), RangeError, 'neuron: expected 2 numbers, got 1'],
];

test.each(models)('models refuse: %s', (_, body, kind, message) => {
  expectRefused(body, kind, message);
});

type Fresh = ReturnType<typeof fresh>;
const calls: [string, (f: Fresh) => unknown, Kind, string][] = [
  ['dt 0', () => new SpikingNetwork({ dt: 0, seed: 1 }), RangeError, 'dt: expected a number > 0, got 0'],
  ['seed', () => new SpikingNetwork({ dt: 1, seed: 0.5 }), RangeError, 'seed: expected an integer >= 0, got 0.5'],
  ['no seed', () => new SpikingNetwork({ dt: 1 } as Wrong), TypeError, 'seed: expected an integer >= 0, got undefined'],
  [
    'precision',
    () => new SpikingNetwork({ dt: 1, seed: 1, precision: 'f16' as Wrong }),
    RangeError,
    'precision: expected one of "f32", "f64"',
  ],
  ['size', ({ net }) => net.population({ size: 0, model: lif({ tauM: 1 }) }), RangeError, 'size: expected an integer in 1..'],
  ['model', ({ net }) => net.population({ size: 1, model: {} as Wrong }), TypeError, 'model: expected the result of one of lif,'],
  [
    'coarse dt',
    () => at(lif({ tauM: 0.4 })),
    RangeError,
    'tauM: expected at least dt = 0.5, got 0.4: one step would span more than the time constant (choose dt <= 0.04 or so)',
  ],
  ['coarse synapse', () => at(lif({ tauM: 4, tauSyn: { x: 0.1 } })), RangeError, 'tauSyn.x: expected at least dt = 0.5, got 0.1'],
  ['coarse only synapse', () => at(integrateAndFire({ tauSyn: 0.1 })), RangeError, 'tauSyn: expected at least dt = 0.5, got 0.1'],
  [
    'refractory off the grid',
    () => at(lif({ tauM: 4, refractory: 0.7 })),
    RangeError,
    'refractory: expected a multiple of dt = 0.5, got 0.7 (nearest: 0.5)',
  ],
  [
    'current per neuron',
    () => at(lif({ tauM: 4, current: [1, 2, 3] })),
    RangeError,
    'current: expected 2 numbers, one for each neuron, got 3',
  ],
  [
    'listed neuron',
    () => at(spikeSource({ time: [1], neuron: [2] })),
    RangeError,
    'neuron[0]: expected an integer in 0..1, got 2',
  ],
  [
    'listed time',
    () => at(spikeSource({ time: [0.6], neuron: [1] })),
    RangeError,
    'time[0]: expected a multiple of dt = 0.5, got 0.6',
  ],
  ['listed at 0', () => at(spikeSource({ time: [0], neuron: [1] })), RangeError, 'time[0]: expected at least dt = 0.5'],
  ['listed twice', () => at(spikeSource({ time: [1, 1], neuron: [1, 1] })), RangeError, 'neuron: 1 is listed twice at time 1'],
  [
    'probability',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, probability: 1.5 }),
    RangeError,
    'probability: expected a number in [0, 1], got 1.5',
  ],
  [
    'two ways',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, probability: 1, inDegree: 2 }),
    TypeError,
    'expected one of probability, inDegree and edges, got 2',
  ],
  ['no way', ({ net, e, i }) => net.connect(e, i, { weight: 1 }), TypeError, 'got 0 of them'],
  [
    'no weight',
    ({ net, e, i }) => net.connect(e, i, { probability: 1 }),
    TypeError,
    'weight: expected a finite number, got undefined',
  ],
  [
    'in-degree',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, inDegree: -1 }),
    RangeError,
    'inDegree: expected an integer in 0..',
  ],
  [
    'too many',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, inDegree: 2e8 }),
    RangeError,
    'number of synapses of one connection',
  ],
  [
    'shape',
    ({ net, i, e }) => net.connect(i, e, { receptor: 'a', edges }),
    RangeError,
    'edges: expected 3 x 4 (sources x targets), got 4 x 3',
  ],
  [
    'edges',
    ({ net, e, i }) => net.connect(e, i, { edges: [[1]] as Wrong }),
    TypeError,
    'edges: expected a CsrMatrix, got an array',
  ],
  [
    'edge value',
    ({ net, e, i }) => net.connect(e, i, { edges: new CsrMatrix({ ...edges, data: Float64Array.of(1, Number.NaN, 3, 4) }) }),
    RangeError,
    'edges.data[1] is NaN',
  ],
  [
    'no receptor',
    ({ net, e }) => net.connect(e, e, { weight: 1, probability: 1 }),
    RangeError,
    'receptor: expected one of a, b, delta, got undefined',
  ],
  [
    'receptor',
    ({ net, e }) => net.connect(e, e, { weight: 1, probability: 1, receptor: 'c' }),
    RangeError,
    'receptor: expected one of a, b, delta, got "c"',
  ],
  [
    'receptor of none',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, probability: 1, receptor: 'a' }),
    RangeError,
    'receptor: expected one of delta',
  ],
  [
    'into a source',
    ({ net, e, source }) => net.connect(e, source, { weight: 1, probability: 1 }),
    RangeError,
    'target: a poissonSource takes no input',
  ],
  [
    'foreign',
    ({ net, e }) => net.connect(e, fresh().e, { weight: 1, probability: 1 }),
    TypeError,
    'target: this population belongs to another network',
  ],
  [
    'no population',
    ({ net, e }) => net.connect(4 as Wrong, e, { weight: 1, probability: 1 }),
    TypeError,
    'source: expected a population of this network, got 4',
  ],
  [
    'delay',
    ({ net, e, i }) => net.connect(e, i, { edges, delay: 0.25 }),
    RangeError,
    'delay: expected a multiple of dt = 0.1, got 0.25 (nearest: 0.3)',
  ],
  ['delay < 0', ({ net, e, i }) => net.connect(e, i, { edges, delay: -1 }), RangeError, 'delay: expected a number >= 0, got -1'],
  [
    'one of the delays',
    ({ net, e, i }) => net.connect(e, i, { edges, delay: [0, 1, 0.33, 1] }),
    RangeError,
    'delay[2]: expected a multiple of dt = 0.1, got 0.33',
  ],
  [
    'number of delays',
    ({ net, e, i }) => net.connect(e, i, { edges, delay: [0, 1] }),
    RangeError,
    'delay: expected 4 numbers, got 2',
  ],
  [
    'delays without edges',
    ({ net, e, i }) => net.connect(e, i, { weight: 1, probability: 1, delay: [1] }),
    TypeError,
    'delay: an array of delays needs edges',
  ],
  [
    'stdp',
    ({ net, e, i }) => net.connect(e, i, { edges, stdp: { ...stdp, tauPlus: 0.01 } }),
    RangeError,
    'stdp.tauPlus: expected at least dt = 0.1',
  ],
  [
    'stdp bounds',
    ({ net, e, i }) => net.connect(e, i, { edges, stdp: { ...stdp, wMin: 2 } }),
    RangeError,
    'stdp.wMax: expected at least wMin = 2, got 1',
  ],
  [
    'stdp option',
    ({ net, e, i }) => net.connect(e, i, { edges, stdp: { ...stdp, tau: 2 } as Wrong }),
    TypeError,
    'stdp: unknown option "tau"',
  ],
  [
    'poisson rate',
    ({ net, i }) => net.poisson(i, { rate: Number.NaN, weight: 1 }),
    RangeError,
    'rate: expected a number >= 0, got NaN',
  ],
  [
    'poisson mean',
    ({ net, i }) => net.poisson(i, { rate: 1e8, weight: 1 }),
    RangeError,
    'rate * sources * dt (events per step): expected a number in [0, 500], got 10000',
  ],
  [
    'poisson sources',
    ({ net, i }) => net.poisson(i, { rate: 1, sources: 0, weight: 1 }),
    RangeError,
    'sources: expected an integer >= 1, got 0',
  ],
  ['voltage', ({ net, e }) => net.record(e, { voltage: [4] }), RangeError, 'voltage[0] is 4: expected an integer in 0..3'],
  [
    'voltage of a source',
    ({ net, source }) => net.record(source, { voltage: [0] }),
    RangeError,
    'voltage: a poissonSource has no voltage',
  ],
  ['bin', ({ net, e }) => net.record(e, { rate: 0.25 }), RangeError, 'rate: expected a multiple of dt = 0.1, got 0.25'],
  ['duration', ({ net }) => net.run(0.25), RangeError, 'duration: expected a multiple of dt = 0.1, got 0.25 (nearest: 0.3)'],
  ['duration 0', ({ net }) => net.run(0), RangeError, 'duration: expected a number > 0, got 0'],
  ['long duration', ({ net }) => net.run(1e9), RangeError, 'duration: expected at most 2147483646 steps'],
  ['option of run', ({ net }) => net.run(1, { progress: 1 } as Wrong), TypeError, 'run: unknown option "progress"'],
  ['run in run', ({ net }) => net.run(1, { onProgress: () => net.run(1) }), TypeError, 'run: this network is running'],
  ['part', ({ net }) => net.run(1).of(fresh().e), TypeError, 'population: expected a population of the simulated network'],
  ['scale', () => cubaNetwork({ scale: 0.001, seed: 1 }), RangeError, 'scale: expected at least 0.02'],
  [
    'order',
    () => brunelNetwork({ order: 0, g: 5, eta: 2, seed: 1 }),
    RangeError,
    'order: expected an integer in 1..10000000, got 0',
  ],
];

test.each(calls)('networks refuse: %s', (_, body, kind, message) => {
  const given = fresh();
  expectRefused(() => body(given), kind, message);
});

test('what is refused changes nothing', () => {
  const [spoilt, clean] = [fresh(), fresh()];
  for (const [, body] of calls) {
    try {
      body(spoilt);
    } catch {}
  }
  // The only call above that ran was the one whose result was asked for another network's population.
  clean.net.run(1);
  for (const { net, e, i, source } of [spoilt, clean]) {
    net.connect(source, e, { receptor: 'a', weight: 30, probability: 0.9 });
    net.connect(e, i, { edges, roundDelays: true, delay: 0.25 });
    net.poisson(i, { rate: 100, weight: 1 });
  }
  expect(spoilt.net.run(100).hash).toBe(clean.net.run(100).hash);
});

function expectRefused(body: () => unknown, kind: Kind, message: string): void {
  let error: unknown;
  try {
    body();
  } catch (thrown) {
    error = thrown;
  }
  expect(error, 'nothing was thrown').toBeInstanceOf(Error);
  expect((error as Error).message).toContain(message);
  expect(Object.getPrototypeOf(error)).toBe(kind.prototype);
}
