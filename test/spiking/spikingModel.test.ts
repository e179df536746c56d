/** What a trained network says, recomputed by an independent slow forward pass. */
import { describe, expect, test } from 'vitest';
import {
  CsrMatrix,
  DenseMatrix,
  latencyEncode,
  poissonEncode,
  rateEncode,
  SpikeRaster,
  SpikingClassifier,
  type SpikingClassifierOptions,
  type SpikingInput,
  SpikingModel,
  SpinifexError,
} from '../../src/index.ts';
import { contents, FORMATS, stored } from '../linear/formats.ts';
import { Dice } from '../linear/problems.ts';
import { distance } from './layeredNetworks.ts';
import { forwardPass, type OracleDynamics, scoresOf, spikesAtOutput } from './networkOracle.ts';

const dense = (W: CsrMatrix): number[][] =>
  Array.from({ length: W.rows }, (_, i) => Array.from({ length: W.cols }, (_, j) => W.get(i, j)));

const STEPS = 7;
const base: SpikingClassifierOptions = {
  hidden: [9, 7],
  steps: STEPS,
  beta: 0.8,
  readoutBeta: 0.9,
  epochs: 6,
  batchSize: 8,
  learningRate: 0.02,
  precision: 'f64',
  seed: 4,
};

/** Three classes around different columns; all values in [0, 2], every third entry 0. */
function samples(seed: number, n = 30): { rows: number[][]; labels: string[] } {
  const dice = new Dice(seed);
  const names = ['tram', 'bus', 'ferry'];
  const labels = Array.from({ length: n }, (_, i) => names[i % 3]);
  const rows = labels.map((_, i) =>
    dice.vector(5, () => (dice.chance(0.3) ? 0 : dice.unit())).map((v, j) => (j === i % 3 ? v + 1 : v)),
  );
  rows[0][0] = 2;
  return { rows, labels };
}

const { rows, labels } = samples(1);
const SCALE = 2;

/** The input of every sample, steps x features, as the oracle takes it. */
function trainsOf(raster: SpikeRaster): number[][][] {
  return Array.from({ length: raster.samples }, (_, i) => {
    const out = Array.from({ length: raster.steps }, () => new Array<number>(raster.neurons).fill(0));
    const { step, neuron, value } = raster.sample(i);
    step.forEach((t, e) => {
      out[t][neuron[e]] = value[e];
    });
    return out;
  });
}

const scaled = rows.map((row) => row.map((v) => v / SCALE));
const inputs = {
  current: scaled.map((row) => Array.from({ length: STEPS }, () => row)),
  rate: trainsOf(rateEncode(scaled, { steps: STEPS, seed: 4 })),
  poisson: trainsOf(poissonEncode(scaled, { steps: STEPS, dt: 20, seed: 4 })),
  latency: trainsOf(latencyEncode(scaled, { steps: STEPS })),
};

const oracleOf = (options: SpikingClassifierOptions): OracleDynamics => ({
  steps: STEPS,
  beta: 0.8,
  readoutBeta: 0.9,
  threshold: options.threshold ?? 1,
  reset: options.reset ?? 'subtract',
  detachReset: true,
  shape: 'fastSigmoid',
  slope: 10,
  peak: 1,
  window: Infinity,
  loss: options.loss ?? 'membrane',
});

/** Everything that the model says, from its weights alone. */
function expectOracle(
  model: SpikingModel,
  options: SpikingClassifierOptions,
  X: SpikingInput,
  trains: number[][][],
  truth: string[],
): void {
  const d = oracleOf(options);
  const layers = model.weights.map((W, l) => ({
    W: dense(W),
    ...(l < model.recurrentWeights.length && { V: dense(model.recurrentWeights[l]) }),
    b: Array.from(model.biases[l]),
  }));
  const traces = trains.map((train) => forwardPass(layers, d, train));
  const scores = traces.map((trace) => scoresOf(d, trace));
  expect(distance(Array.from(model.decision(X).data), scores.flat())).toBeLessThan(1e-12);
  const predicted = scores.map((row) => model.classes[row.indexOf(Math.max(...row))]);
  expect(model.predict(X)).toEqual(predicted);

  const firing = spikesAtOutput(d.loss) ? layers.length : layers.length - 1;
  const counts = traces.map(({ S }) =>
    S.slice(0, firing).flatMap((s) => s[0].map((_, j) => s.reduce((sum, row) => sum + row[j], 0))),
  );
  const neurons = counts[0].length;
  if (neurons > 0)
    expect(
      model
        .spikeCounts(X)
        .toRows()
        .map((row) => Array.from(row)),
    ).toEqual(counts);
  for (const [sample, layer] of [
    [0, 0],
    [trains.length - 1, layers.length - 1],
  ] as const) {
    const { membrane, spikes } = model.trace(X, sample, layer);
    expect(distance(Array.from(membrane.data), traces[sample].U[layer].flat())).toBeLessThan(1e-12);
    const events = traces[sample].S[layer].flatMap((row, t) => row.flatMap((s, j) => (s === 1 ? [[t, j]] : [])));
    expect(Array.from(spikes.step, (t, e) => [t, spikes.neuron[e]])).toEqual(layer < firing ? events : []);
  }

  // The report, synapse by synapse.
  const report = model.report(X, truth);
  const n = trains.length;
  const blocks = [...model.weights, ...model.recurrentWeights];
  const total = blocks.reduce((sum, { rows: pre, cols }) => sum + pre * cols, 0);
  const fanOut = layers.flatMap(({ V }, l) => {
    const next = layers[l + 1];
    return layers[l].b.map((_, j) => [...(next ? next.W[j] : []), ...(V ? V[j] : [])].filter((w) => w !== 0).length);
  });
  const events = counts.reduce((sum, row) => sum + row.reduce((part, count, j) => part + count * fanOut[j], 0), 0);
  const real = options.encoder === undefined && !(X instanceof SpikeRaster);
  const arrivals = trains.reduce(
    (sum, train) =>
      sum +
      (real ? train.slice(0, 1) : train)
        .flatMap((row) => row.map((x, i) => (x === 0 ? 0 : layers[0].W[i].filter((w) => w !== 0).length)))
        .reduce((a, b) => a + b, 0),
    0,
  );
  const denseOperations = blocks.reduce((sum, { rows: pre, cols }, k) => sum + pre * cols * (k < layers.length ? 1 : STEPS), 0);
  // A membrane costs something where a neuron hears and is heard, or where its bias alone makes it fire.
  let alive = layers[0].W.map(() => true);
  const cells = layers.reduce((sum, { W, V, b }, l) => {
    const next = layers[l + 1];
    const live = b.map((bias, j) => {
      if (!next) return true;
      const heard = next.W[j].some((w) => w !== 0) || V?.[j].some((w, k) => k !== j && w !== 0);
      const hears = W.some((row, i) => alive[i] && row[j] !== 0) || V?.some((row) => row[j] !== 0);
      return Boolean(heard && (hears || bias > (1 - d.beta) * d.threshold));
    });
    alive = live;
    return sum + live.filter((is) => is).length;
  }, 0);
  expect(report.accuracy).toBeCloseTo(predicted.filter((label, i) => label === truth[i]).length / n, 12);
  expect(report.connections).toBe(
    blocks.reduce(
      (sum, W) =>
        sum +
        dense(W)
          .flat()
          .filter((w) => w !== 0).length,
      0,
    ),
  );
  expect(report.connectionsTotal).toBe(total);
  expect(report.neuronsTotal).toBe(neurons);
  expect(report.activeNeurons).toBe(
    Array.from({ length: neurons }, (_, j) => counts.some((row) => row[j] > 0)).filter((a) => a).length,
  );
  expect(report.activeNeuronsPerSample).toBeCloseTo(counts.flat().filter((count) => count > 0).length / n, 12);
  expect(report.spikesPerSample).toBeCloseTo(counts.flat().reduce((a, b) => a + b, 0) / n, 12);
  expect(report.synapticOperations).toBeCloseTo((events + arrivals) / n, 9);
  expect(report.denseOperations).toBe(denseOperations);
  const { perAddition, perMultiplyAdd, spiking, dense: energy } = report.energy;
  expect([perAddition, perMultiplyAdd]).toEqual([0.9, 4.6]);
  const [additions, products] = real ? [events, arrivals] : [events + arrivals, 0];
  expect(spiking).toBeCloseTo((additions / n) * 0.9 + (products / n + cells * STEPS) * 4.6, 8);
  expect(energy).toBeCloseTo(denseOperations * 4.6, 8);
}

const kinds: [string, Partial<SpikingClassifierOptions>][] = [
  ['as it comes', {}],
  ['with sparse weights', { lambda: 3e-3, epochs: 25 }],
  ['with recurrence', { recurrent: true, lambda: 1e-3 }],
  ['that forgets at a spike', { reset: 'zero', threshold: 0.7 }],
  ['without reset', { reset: 'none' }],
  ['of the largest membrane', { loss: 'maxMembrane' }],
  ['of counts', { loss: 'count' }],
  ['of first spikes', { loss: 'firstSpike', threshold: 0.7 }],
  ['of rates', { loss: 'squaredRate' }],
  ['without hidden layers', { hidden: [] }],
  ['without hidden layers, of counts', { hidden: [], loss: 'count' }],
  ['that was pruned', { prune: { density: 0.3 } }],
  ['that grew', { grow: { from: 3, by: 3 } }],
  ['of rate codes', { encoder: 'rate' }],
  ['of Poisson spikes', { encoder: 'poisson', dt: 20, beta: undefined, tau: -20 / Math.log(0.8) }],
  ['of latencies', { encoder: 'latency' }],
];

describe('a model', () => {
  test.each(kinds)('%s says what its weights say', (_, kind) => {
    const options = { ...base, ...kind } as SpikingClassifierOptions;
    if (kind.tau !== undefined) delete options.beta;
    const model = new SpikingClassifier(options).fit(rows, labels);
    expect(model.classes).toEqual(['bus', 'ferry', 'tram']);
    expectOracle(model, options, rows, inputs[options.encoder ?? 'current'], labels);
  });

  test('of spike trains says what its weights say, also where spikes have values', () => {
    const dice = new Dice(7);
    for (const plain of [true, false]) {
      const trains = labels.map((label) =>
        dice
          .matrix(STEPS, 4, 0.3)
          .map((row, t) => row.map((v) => (v === 0 ? 0 : plain ? 1 : v + (label === 'bus' && t > 3 ? 2 : 0)))),
      );
      const raster = SpikeRaster.from(trains);
      const model = new SpikingClassifier({ ...base, lambda: 1e-3 }).fit(raster, labels);
      expectOracle(model, base, raster, trains, labels);
    }
  });

  test('of 32-bit weights predicts nearly the same, and the same for 300 samples as one by one', () => {
    const { rows: many, labels: names } = samples(9, 300);
    const model = new SpikingClassifier({ ...base, precision: 'f32', lambda: 1e-3 }).fit(rows, labels);
    const all = model.decision(many).toRows();
    [0, 1, 255, 256, 299].forEach((i) => {
      expect(model.decision([many[i]]).toRows()[0]).toEqual(all[i]);
    });
    expect(model.report(many, names).accuracy).toBeGreaterThan(0.5);
  });

  test('is the same whether X is dense, CSR or CSC, and X stays as it was', () => {
    const fits = FORMATS.map((format) => {
      const X = stored(rows, format);
      const before = contents(X);
      const model = new SpikingClassifier({ ...base, precision: 'f32' }).fit(X, labels);
      const said = [model.weights, model.biases, Array.from(model.decision(X).data), model.report(X, labels)];
      expect(contents(X)).toEqual(before);
      return said;
    });
    for (const said of fits) expect(said).toEqual(fits[0]);
    for (const encoder of ['rate', 'poisson', 'latency'] as const) {
      const found = FORMATS.map(
        (format) => new SpikingClassifier({ ...base, encoder }).fit(stored(rows, format), labels).weights,
      );
      for (const weights of found) expect(weights).toEqual(found[0]);
    }
  });

  test('has the labels that it was given, numbers or strings', () => {
    const numbers = labels.map((label) => ({ tram: 7, bus: -1, ferry: 2.5 })[label]!);
    const model = new SpikingClassifier(base).fit(rows, numbers);
    expect(model.classes).toEqual([-1, 2.5, 7]);
    expect(model.predict(rows).every((label) => model.classes.includes(label))).toBe(true);
    const strings = new SpikingClassifier({ ...base, epochs: 60 }).fit(rows, labels);
    expect(strings.report(rows, labels).accuracy).toBeGreaterThan(0.9);
  });

  test('records the validation accuracy of every epoch, the last of which is that of its report', () => {
    const other = samples(2);
    const validation = { X: other.rows.map((row) => row.map((v) => Math.min(2, v))), labels: other.labels };
    for (const encoder of ['current', 'rate'] as const) {
      const model = new SpikingClassifier({ ...base, encoder, lambda: 1e-3 }).fit(rows, labels, { validation });
      const { history } = model;
      expect(history.length).toBe(6);
      expect(history.every(({ accuracy }) => accuracy! >= 0 && accuracy! <= 1)).toBe(true);
      expect(history[5].accuracy).toBe(model.report(validation.X, validation.labels).accuracy);
      const plain = new SpikingClassifier({ ...base, encoder, lambda: 1e-3 }).fit(rows, labels);
      expect(plain.weights).toEqual(model.weights);
      expect(plain.history.every((record) => !('accuracy' in record))).toBe(true);
    }
  });
});

describe('a saved model', () => {
  test.each(kinds)('%s comes back as it was', (_, kind) => {
    const options = { ...base, ...kind, precision: 'f32' } as SpikingClassifierOptions;
    if (kind.tau !== undefined) delete options.beta;
    const model = new SpikingClassifier(options).fit(rows, labels);
    const text = JSON.stringify(model);
    for (const saved of [text, JSON.parse(text)]) {
      const back = SpikingModel.fromJSON(saved);
      expect(back.decision(rows)).toEqual(model.decision(rows));
      expect(back.predict(rows)).toEqual(model.predict(rows));
      expect(back.report(rows, labels)).toEqual(model.report(rows, labels));
      expect(back.history).toEqual(model.history);
      expect(back.certificate).toEqual(model.certificate);
      expect(JSON.stringify(back)).toBe(text);
    }
  });

  type Tree = { [name: string]: Tree } & Tree[];
  const whole = new SpikingClassifier({ ...base, recurrent: true }).fit(rows, labels);
  const breaks: [string, (tree: Tree) => void][] = [
    ['another kind', (tree) => Object.assign(tree, { spinifex: 'LinearModel' })],
    ['a newer version', (tree) => Object.assign(tree, { version: 99 })],
    ['no layers', (tree) => Object.assign(tree, { layers: [] })],
    ['no classes', (tree) => Object.assign(tree, { classes: [] })],
    ['one class too few', (tree) => tree.classes.pop()],
    ['the same class twice', (tree) => Object.assign(tree, { classes: ['bus', 'bus', 'tram'] })],
    ['another number of inputs', (tree) => Object.assign(tree, { inputs: 4 })],
    ['an unknown loss', (tree) => Object.assign(tree, { loss: 'hinge' })],
    ['a loss on spikes, but an output without any', (tree) => Object.assign(tree, { loss: 'count' })],
    ['an unknown encoder', (tree) => Object.assign(tree.encoding, { encoder: 'morse' })],
    ['no steps', (tree) => Object.assign(tree.encoding, { steps: 0 })],
    ['different steps in two places', (tree) => Object.assign(tree.encoding, { steps: 8 })],
    ['a scale of 0', (tree) => Object.assign(tree.encoding, { scale: 0 })],
    ['a decay of 1', (tree) => Object.assign(tree.dynamics, { beta: 1 })],
    ['a decay that is no number', (tree) => Object.assign(tree.dynamics, { readoutBeta: 'NaN' })],
    ['a threshold below 0', (tree) => Object.assign(tree.dynamics, { threshold: -1 })],
    ['a window of 0', (tree) => Object.assign(tree.dynamics.surrogate, { window: 0 })],
    ['a bias too short', (tree) => (tree.layers[0].bias as Tree[]).pop()],
    ['a bias that is no number', (tree) => Object.assign(tree.layers[1].bias, { 0: 'NaN' })],
    ['a weight that is no number', (tree) => Object.assign(tree.layers[1].weights.data, { 0: 'Infinity' })],
    ['an index out of range', (tree) => Object.assign(tree.layers[0].weights.indices, { 0: 9 })],
    ['row pointers out of order', (tree) => Object.assign(tree.layers[0].weights.indptr, { 1: 1000 })],
    ['layers that do not fit together', (tree) => tree.layers.splice(1, 1)],
    ['recurrence in some layers only', (tree) => Reflect.deleteProperty(tree.layers[0], 'recurrent')],
    [
      'recurrence of the output',
      (tree) => Object.assign(tree.layers[2], { recurrent: { rows: 3, cols: 3, indptr: [0, 0, 0, 0], indices: [], data: [] } }),
    ],
    ['no certificate', (tree) => Reflect.deleteProperty(tree, 'certificate')],
    ['an unknown status', (tree) => Object.assign(tree.certificate, { status: 'fine' })],
    ['a history that is no list', (tree) => Object.assign(tree, { history: 3 })],
  ];

  test.each(breaks)('with %s is refused', (_, damage) => {
    const tree = JSON.parse(JSON.stringify(whole));
    damage(tree);
    expect(() => SpikingModel.fromJSON(tree)).toThrow(SpinifexError);
    expect(() => SpikingModel.fromJSON(tree)).toThrow(/^SpikingModel model: /);
  });

  test.each([undefined, null, 3, '', '{', [], {}])('that is %o is refused', (nothing) => {
    expect(() => SpikingModel.fromJSON(nothing)).toThrow(SpinifexError);
  });
});

describe('toNir', () => {
  type Node = { type: string; [name: string]: unknown };
  type Graph = { version: string; node: { nodes: Record<string, Node>; edges: [string, string][]; metadata: object } };

  test('is a chain of Affine, LIF and LI nodes with the weights transposed, for features as they come', () => {
    const model = new SpikingClassifier({ ...base, lambda: 1e-3 }).fit(rows, labels);
    const { version, node } = model.toNir() as unknown as Graph;
    expect(version).toBe('1.0.7');
    const names = ['input', 'synapses0', 'neurons0', 'synapses1', 'neurons1', 'synapses2', 'neurons2', 'output'];
    expect(Object.keys(node.nodes)).toEqual(names);
    expect(node.edges).toEqual(names.slice(1).map((name, k) => [names[k], name]));
    expect(names.map((name) => node.nodes[name].type)).toEqual([
      'Input',
      'Affine',
      'LIF',
      'Affine',
      'LIF',
      'Affine',
      'LI',
      'Output',
    ]);
    expect([node.nodes.input.shape, node.nodes.output.shape]).toEqual([[5], [3]]);
    model.weights.forEach((W, l) => {
      const { weight, bias } = node.nodes[`synapses${l}`] as unknown as { weight: number[][]; bias: number[] };
      const wanted = dense(W.transpose()).map((row) => row.map((w) => (l === 0 ? w / SCALE : w)));
      expect(weight).toEqual(wanted);
      expect(bias).toEqual(Array.from(model.biases[l]));
      const neurons = node.nodes[`neurons${l}`] as unknown as Record<string, number[]>;
      const beta = l < 2 ? 0.8 : 0.9;
      // dt is 1 ms; a step of NIR's equation, solved exactly, is ours.
      for (const tau of neurons.tau) expect(Math.exp(-1e-3 / tau)).toBeCloseTo(beta, 12);
      for (const r of neurons.r) expect(r * (1 - beta)).toBeCloseTo(1, 12);
      for (const rest of neurons.v_leak) expect(rest).toBe(0);
      expect(neurons.tau.length).toBe(W.cols);
      expect(neurons.v_threshold).toEqual(l < 2 ? new Array(W.cols).fill(1) : undefined);
    });
    expect(node.metadata).toEqual({ dt: 1e-3, steps: STEPS, reset: 'subtract' });
    expect(JSON.parse(JSON.stringify(model.toNir()))).toEqual(model.toNir());
  });

  test('has an output that fires where the loss looks at spikes', () => {
    const { node } = new SpikingClassifier({ ...base, hidden: [], loss: 'count' }).fit(rows, labels).toNir() as unknown as Graph;
    expect(node.nodes.neurons0.type).toBe('LIF');
  });

  test.each(['rate', 'poisson', 'latency'] as const)(
    'takes spikes of %s codes as they are: their size does not depend on the features',
    (encoder) => {
      const model = new SpikingClassifier({ ...base, encoder }).fit(rows, labels);
      const { node } = model.toNir() as unknown as Graph;
      expect(node.nodes.synapses0.weight).toEqual(dense(model.weights[0].transpose()));
    },
  );

  test('refuses recurrent networks', () => {
    const model = new SpikingClassifier({ ...base, recurrent: true, epochs: 1 }).fit(rows, labels);
    expect(() => model.toNir()).toThrow(RangeError);
  });
});

test('a matrix of a model is a CsrMatrix without stored zeros', () => {
  const { weights } = new SpikingClassifier({ ...base, lambda: 5e-3 }).fit(
    new DenseMatrix(Float64Array.from(rows.flat()), 30, 5),
    labels,
  );
  for (const W of weights) {
    expect(W).toBeInstanceOf(CsrMatrix);
    expect(W.data.every((w) => w !== 0)).toBe(true);
  }
});
