import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { layerKernels } from '../../src/backend/js/layer.ts';
import { type Build, builds } from './builds.ts';
import {
  onPattern,
  padRows,
  placeEvents,
  placeSynapses,
  precision,
  rounded,
  sample,
  sampleEvents,
  strideOf,
  unpad,
  width,
  zeros,
} from './layers.ts';
import { each, expectCalled, expectClose, inner, type Matrix, Sampler, type Suffix, seed, storage, suffix } from './samples.ts';

const [NONE, SUBTRACT, ZERO] = [0, 1, 2];
const steps = fc.constantFrom(0, 1, 2, 3, 7);
const reset = fc.constantFrom(NONE, SUBTRACT, ZERO);

/** |u - theta| to f'; each primitive F is odd, so that the smooth spike is F(u - theta). */
const SHAPES = [
  {
    name: 'fast sigmoid',
    slope: (x: number, k: number) => 1 / (1 + k * x) ** 2,
    primitive: (x: number, k: number) => x / (1 + k * Math.abs(x)),
  },
  {
    name: 'sigmoid',
    slope: (x: number, k: number) => 1 / Math.cosh((k * x) / 2) ** 2,
    primitive: (x: number, k: number) => (2 / k) * Math.tanh((k * x) / 2),
  },
  {
    name: 'atan',
    slope: (x: number, k: number) => 1 / (1 + ((Math.PI / 2) * k * x) ** 2),
    primitive: (x: number, k: number) => (2 / (Math.PI * k)) * Math.atan((Math.PI / 2) * k * x),
  },
  {
    name: 'triangular',
    slope: (x: number, k: number) => Math.max(0, 1 - k * x),
    primitive: (x: number, k: number) => Math.sign(x) * (Math.abs(x) < 1 / k ? Math.abs(x) - (k * x * x) / 2 : 1 / (2 * k)),
  },
];
const form = fc.constantFrom(0, 1, 2, 3);

describe.each(builds)('layer kernels, $name build: forwards', (build) => {
  const network = fc.record({
    steps,
    size: width,
    neurons: fc.constantFrom(0, 1, 4, 9),
    kind: suffix,
    reset,
    driven: fc.boolean(),
    fed: fc.boolean(),
    graded: fc.boolean(),
    recurrent: fc.boolean(),
    dense: fc.boolean(),
    silent: fc.boolean(),
    coarse: fc.boolean(),
    seed,
  });

  it('computes membranes and spikes of the definition bit for bit, whatever is present, from dense and from CSR synapses', () => {
    each(build, network, (s) => {
      const { kernels, heap } = build;
      const { steps, size, kind, reset, graded } = s;
      const [random, round, store, stride] = [new Sampler(s.seed), rounded(kind), storage(kind), strideOf(s.size)];
      // Coarse values meet the threshold exactly.
      const grid = (v: number) => (s.coarse ? Math.round(2 * v) / 2 + 0 : v);
      const [beta, theta] = s.coarse ? [0.5, 1] : [0.5 + 0.5 * random.unit(), random.positive()];
      const coarsen = (X: Matrix) => X.map((row) => row.map((v) => grid(v)));
      const W = coarsen(random.sparse(s.neurons, size, kind));
      const R = coarsen(random.sparse(size, size, kind));
      const drive = s.driven ? sample(random, size, kind, () => grid(random.value())) : undefined;
      const events = s.fed ? sampleEvents(random, steps, s.neurons, graded, kind) : undefined;

      const U: Matrix = [];
      const spikes: number[][] = [];
      for (let t = 0; t < steps; t++) {
        const before = t > 0 ? U[t - 1] : zeros(size);
        const u = before.map((v, j) => {
          let kept = round(round(beta) * v);
          if (!s.silent && v >= round(theta)) {
            if (reset === SUBTRACT) kept = round(kept - round(theta));
            if (reset === ZERO) kept = 0;
          }
          return round(kept + (drive ? drive[j] : 0));
        });
        const add = (row: number[], value: number) => {
          row.forEach((w, j) => {
            u[j] = round(u[j] + round(value * w));
          });
        };
        for (const { id, value } of events?.[t] ?? []) add(W[id], value);
        if (s.recurrent && t > 0) for (const id of spikes[t - 1]) add(R[id], 1);
        U.push(u);
        spikes.push(s.silent ? [] : u.flatMap((v, j) => (v >= round(theta) ? [j] : [])));
      }

      const [OFFSETS, IDS] = s.silent ? [0, 0] : [heap.blank(steps + 1, 'i32'), heap.blank(steps * stride, 'i32')];
      const out = heap.blank(steps * stride, store);
      kernels[`lifForward${kind}`](
        steps,
        stride,
        beta,
        theta,
        reset,
        drive ? heap.input(padRows([drive], stride), store) : 0,
        events ? placeEvents(heap, events, graded, kind) : 0,
        events ? placeSynapses(heap, W, stride, s.dense, kind).block : 0,
        s.recurrent ? placeSynapses(heap, R, stride, s.dense, kind).block : 0,
        out,
        OFFSETS,
        IDS,
      );
      expect(heap.read(out, steps * stride, store)).toEqual(padRows(U, stride));
      if (s.silent) return;
      const offsets = heap.read(OFFSETS, steps + 1, 'i32');
      expect(offsets[0]).toBe(0);
      expect(spikes.map((_, t) => heap.read(IDS + 4 * offsets[t], offsets[t + 1] - offsets[t], 'i32'))).toEqual(spikes);
    });
  });

  it.each([
    [NONE, [1, 1.5, 1.75, 1.875], [0, 1, 2, 3]],
    [SUBTRACT, [1, 0.5, 1.25, 0.625], [0, 2]],
    [ZERO, [1, 1, 1, 1], [0, 1, 2, 3]],
  ])('spikes at equality with the threshold, and then resets in the next step (reset %i)', (reset, U, firing) => {
    for (const kind of ['F32', 'F64'] as const) {
      const { kernels, heap } = build;
      heap.reset();
      const drive = heap.input([0, 1, 0, 0, 0, 0, 0, 0], storage(kind));
      const [out, OFFSETS, IDS] = [heap.blank(32, storage(kind)), heap.blank(5, 'i32'), heap.blank(4 * 8, 'i32')];
      kernels[`lifForward${kind}`](4, 8, 0.5, 1, reset, drive, 0, 0, 0, out, OFFSETS, IDS);
      expect(unpad(heap.read(out, 32, storage(kind)), 8).map((row) => row[1])).toEqual(U);
      expect(heap.read(IDS, firing.length, 'i32')).toEqual(firing.map(() => 1));
      expect(heap.read(OFFSETS, 5, 'i32')).toEqual([0, 1, 2, 3, 4].map((t) => firing.filter((f) => f < t).length));
      heap.check();
    }
  });
});

describe.each(builds)('layer kernels, $name build: backwards', (build) => {
  const backward = fc.record({
    steps,
    size: width,
    post: width,
    kind: suffix,
    reset,
    detached: fc.boolean(),
    form,
    window: fc.constantFrom(Infinity, 0.75, 0.25),
    coarse: fc.boolean(),
    pushed: fc.boolean(),
    recurrent: fc.boolean(),
    summed: fc.boolean(),
    dense: fc.boolean(),
    seed,
  });

  /** Coarse ones meet the threshold and the ends of the window exactly. */
  function membranes(
    random: Sampler,
    { steps, size, kind, coarse }: { steps: number; size: number; kind: Suffix; coarse: boolean },
  ) {
    const U = random.matrix(steps, size, kind);
    return coarse ? U.map((row) => row.map((u) => Math.round(4 * u) / 4)) : U;
  }

  it('carries errors back through synapses to the neurons that are near their threshold', () => {
    each(build, backward, (s) => {
      const { kernels, heap } = build;
      const { steps, size, kind } = s;
      const [random, round, store] = [new Sampler(s.seed), rounded(kind), storage(kind)];
      const [stride, post, theta] = [strideOf(size), strideOf(s.post), s.coarse ? 0.5 : random.positive()];
      const [U, D] = [membranes(random, s), random.matrix(steps, s.post, kind)];
      const W = random.sparse(size, s.post, kind);
      const E = heap.blank(steps * stride, store);
      const [u, d] = [heap.input(padRows(U, stride), store), heap.input(padRows(D, post), store)];
      const { block } = placeSynapses(heap, W, post, s.dense, kind);
      kernels[`spread${kind}`](steps, stride, size, theta, s.window, u, block, d, post, E);
      const near = (v: number) => Math.abs(round(v - round(theta))) < round(s.window);
      const expected = U.map((row, t) => row.map((v, j) => (near(v) ? inner(W[j], D[t]) : 0)));
      expectClose(heap.read(E, steps * stride, store), padRows(expected, stride), precision(kind));
    });
  });

  it('goes back through time as the definition says, and leaves the padding of errors and sums at 0', () => {
    each(build, backward, (s) => {
      const { kernels, heap } = build;
      const { steps, size, kind, reset, detached } = s;
      const [random, round, store, stride] = [new Sampler(s.seed), rounded(kind), storage(kind), strideOf(s.size)];
      const single = (v: number) => round(v);
      const [beta, slope, peak] = [random.unit(), 3 * random.positive(), random.positive()].map(single);
      const theta = s.coarse ? 0.5 : single(random.positive());
      const cost = round(random.value());
      const [U, E] = [membranes(random, s), random.matrix(steps, size, kind)];
      const push = s.pushed ? sample(random, size, kind) : undefined;
      const start = s.summed ? sample(random, size, kind) : undefined;
      const R = s.recurrent ? random.sparse(size, size, kind) : undefined;

      const D = E.map((row) => row.map(() => 0));
      for (let t = steps - 1; t >= 0; t--) {
        const after = t + 1 < steps ? D[t + 1] : zeros(size);
        for (let j = 0; j < size; j++) {
          const [u, fires] = [U[t][j], U[t][j] >= theta];
          const distance = Math.abs(round(u - theta));
          let e = E[t][j] + cost + (R ? inner(R[j], after) : 0);
          if (!detached && reset === SUBTRACT) e -= theta * after[j];
          if (!detached && reset === ZERO) e -= beta * u * after[j];
          const passed = reset === ZERO && fires ? 0 : beta * after[j];
          const gain = distance < round(s.window) ? peak * SHAPES[s.form].slope(distance, slope) : 0;
          D[t][j] = gain * e + passed + (push ? push[j] : 0);
        }
      }

      const errors = heap.output(padRows(E, stride), store);
      const SUM = start ? heap.output(padRows([start], stride), store) : 0;
      const run = [
        ...([steps, stride, size, beta, theta, reset, detached ? 1 : 0, s.form, slope, peak, s.window, cost] as const),
        push ? heap.input(padRows([push], stride), store) : 0,
        R ? placeSynapses(heap, R, stride, s.dense, kind).block : 0,
        heap.input(padRows(U, stride), store),
        errors,
        SUM,
      ] as const;
      kernels[`lifBackward${kind}`](...run);
      const tolerance = kind === 'F32' ? 1e-4 : 1e-11;
      expectClose(heap.read(errors, steps * stride, store), padRows(D, stride), tolerance);
      if (!start) return;
      const total = start.map((v, j) => D.reduce((sum, row) => sum + row[j], v));
      expectClose(heap.read(SUM, stride, store), padRows([total], stride), tolerance);
      expect(heap.read(SUM, stride, store).slice(size)).toEqual(zeros(stride - size));
      for (const row of unpad(heap.read(errors, steps * stride, store), stride))
        expect(row.slice(size)).toEqual(zeros(stride - size));
    });
  });

  it('sums event gradients on dense rows and on the pattern of CSR rows, to the last bit', () => {
    const shape = fc.record({
      steps,
      neurons: fc.constantFrom(0, 1, 4, 9),
      size: width,
      kind: suffix,
      graded: fc.boolean(),
      dense: fc.boolean(),
      seed,
    });
    each(build, shape, ({ steps, neurons, size, kind, graded, dense, seed }) => {
      const { kernels, heap } = build;
      const [random, round, store, stride] = [new Sampler(seed), rounded(kind), storage(kind), strideOf(size)];
      const G = random.sparse(neurons, size, kind);
      const D = random.matrix(steps, size, kind);
      const events = sampleEvents(random, steps, neurons, graded, kind);
      const expected = G.map((row) => [...row]);
      events.forEach((step, t) => {
        for (const { id, value } of step) expected[id] = expected[id].map((g, j) => round(g + round(value * D[t][j])));
      });
      const { block, values, length } = placeSynapses(heap, G, stride, dense, kind);
      const EVENTS = placeEvents(heap, events, graded, kind);
      kernels[`eventGradient${kind}`](steps, EVENTS, block, heap.input(padRows(D, stride), store), stride);
      expect(heap.read(values, length, store)).toEqual(onPattern(expected, G, stride, dense));
    });
  });

  it('lets errors leak backwards through a layer without spikes', () => {
    each(build, fc.record({ steps, size: width, kind: suffix, seed }), ({ steps, size, kind, seed }) => {
      const { kernels, heap } = build;
      const [random, round, store, stride] = [new Sampler(seed), rounded(kind), storage(kind), strideOf(size)];
      const [beta, G] = [random.unit(), random.matrix(steps, size, kind)];
      const out = heap.output(padRows(G, stride), store);
      kernels[`leakBackward${kind}`](steps, stride, beta, out);
      for (let t = steps - 2; t >= 0; t--) G[t] = G[t].map((g, j) => round(g + round(round(beta) * G[t + 1][j])));
      expect(heap.read(out, steps * stride, store)).toEqual(padRows(G, stride));
    });
  });

  it('gives the gradient of a recurrent network with a leaky readout: central differences of its smooth double agree', () => {
    const shape = fc.record({
      steps: fc.constantFrom(1, 2, 5),
      size: fc.constantFrom(1, 3, 5),
      reset,
      detached: fc.boolean(),
      form,
      window: fc.constantFrom(Infinity, 0.6),
      graded: fc.boolean(),
      dense: fc.boolean(),
      seed,
    });
    each(build, shape, (s) => {
      const network = new Network(s, new Sampler(s.seed));
      const parameters = network.parameters();
      const gradient = gradientByKernels(build, network);
      const step = 1e-5;
      parameters.forEach((values, k) => {
        const slopes = values.map((value, i) => {
          // An absent synapse of a CSR block has no gradient.
          if (value === 0) return gradient[k][i];
          const at = (v: number) => {
            values[i] = v;
            return network.loss();
          };
          const slope = (at(value + step) - at(value - step)) / (2 * step);
          values[i] = value;
          return slope;
        });
        expectClose(gradient[k], slopes, 1e-6);
      });
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, layerKernels(new JsMemory())));
});

interface Chain {
  steps: number;
  size: number;
  reset: number;
  detached: boolean;
  form: number;
  window: number;
  graded: boolean;
  dense: boolean;
}

/**
 * Events -> spiking layer with recurrent synapses -> leaky readout -> cross-entropy in every step, plus a price per spike and a linear
 * price of the membranes. The first `loss` is that of the true network and fixes its spikes; from then on a spike varies smoothly around
 * them: S(u) = H(u0) + F(u - theta) - F(u0 - theta), so that the surrogate is S's true derivative there.
 */
class Network {
  readonly neurons = 3;
  readonly classes = 3;
  readonly label = 1;
  readonly beta = 0.8;
  readonly leak = 0.7;
  readonly theta: number;
  readonly slope: number;
  readonly peak: number;
  readonly cost: number;
  readonly W: Matrix;
  readonly R: Matrix;
  readonly V: Matrix;
  readonly drive: number[];
  readonly bias: number[];
  readonly push: number[];
  readonly events: ReturnType<typeof sampleEvents>;
  base?: Matrix;

  constructor(
    readonly chain: Chain,
    random: Sampler,
  ) {
    const { steps, size, graded } = chain;
    this.theta = random.positive();
    this.slope = 1 + 3 * random.unit();
    this.peak = random.positive();
    this.cost = random.value();
    this.W = random.sparse(this.neurons, size, 'F64');
    this.R = random.sparse(size, size, 'F64');
    this.V = random.sparse(size, this.classes, 'F64');
    this.drive = random.vector(size);
    this.bias = random.vector(this.classes);
    this.push = random.vector(size);
    this.events = sampleEvents(random, steps, this.neurons, graded, 'F64');
  }

  /** The rows and vectors themselves: to change an entry is to change the network. */
  parameters(): number[][] {
    return [...this.W, ...this.R, ...this.V, this.drive, this.bias];
  }

  loss(): number {
    const { chain, theta, slope, peak } = this;
    const { steps, size, reset, detached, form, window } = chain;
    const smooth = (x: number) => peak * SHAPES[form].primitive(Math.min(Math.max(x, -window), window), slope);
    const U: Matrix = [];
    let S = zeros(size);
    let frozen = zeros(size);
    let z = zeros(this.classes);
    let loss = 0;
    for (let t = 0; t < steps; t++) {
      const gate = detached ? frozen : S;
      const u = this.drive.map((d, j) => {
        const before = t > 0 ? U[t - 1][j] : 0;
        const kept = reset === ZERO ? this.beta * before * (1 - gate[j]) : this.beta * before;
        const fed = this.events[t].reduce((sum, { id, value }) => sum + value * this.W[id][j], 0);
        const own = S.reduce((sum, spike, i) => sum + spike * this.R[i][j], 0);
        return kept - (reset === SUBTRACT ? theta * gate[j] : 0) + d + fed + own;
      });
      U.push(u);
      const start = this.base?.[t] ?? u;
      frozen = start.map((v) => (v >= theta ? 1 : 0));
      S = frozen.map((spike, j) => spike + smooth(u[j] - theta) - smooth(start[j] - theta));
      z = z.map((v, c) => this.leak * v + this.bias[c] + S.reduce((sum, spike, j) => sum + spike * this.V[j][c], 0));
      loss += Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[this.label];
      loss += this.cost * S.reduce((a, b) => a + b, 0) + inner(this.push, u);
    }
    this.base ??= U;
    return loss;
  }
}

/** The same derivatives, in the order of Network.parameters, and the loss compared on the way. */
function gradientByKernels({ kernels, heap }: Build, network: Network): number[][] {
  const { chain, classes, theta } = network;
  const { steps, size, dense } = chain;
  const [stride, out] = [strideOf(size), strideOf(classes)];
  const vector = (values: number[], to: number) => heap.input(padRows([values], to));
  const place = (M: Matrix, to: number) => placeSynapses(heap, M, to, dense, 'F64');
  const [W, R, V] = [place(network.W, stride), place(network.R, stride), place(network.V, out)];
  const drive = vector(network.drive, stride);
  const events = placeEvents(heap, network.events, chain.graded, 'F64');

  const [U, Z] = [heap.blank(steps * stride), heap.blank(steps * out)];
  const [offsets, ids] = [heap.blank(steps + 1, 'i32'), heap.blank(steps * stride, 'i32')];
  kernels.lifForwardF64(steps, stride, network.beta, theta, chain.reset, drive, events, W.block, R.block, U, offsets, ids);
  const spikes = heap.input([offsets, ids, 0], 'u32');
  const bias = vector(network.bias, out);
  kernels.lifForwardF64(steps, out, network.leak, 1, NONE, bias, spikes, V.block, 0, Z, 0, 0);

  const D = heap.blank(steps * out);
  const entropy = kernels.softmaxLossF64(Z, steps, out, classes, network.label, 1, D);
  const count = heap.read(offsets, steps + 1, 'i32')[steps];
  const membranes = unpad(heap.read(U, steps * stride), stride).map((row) => row.slice(0, size));
  const pushed = membranes.reduce((sum, row) => sum + inner(network.push, row), 0);
  expectClose([entropy + network.cost * count + pushed], [network.loss()], 1e-11);

  kernels.leakBackwardF64(steps, out, network.leak, D);
  const E = heap.blank(steps * stride);
  kernels.spreadF64(steps, stride, size, theta, chain.window, U, V.block, D, out, E);
  const sum = heap.output(zeros(stride));
  kernels.lifBackwardF64(
    ...([steps, stride, size, network.beta, theta, chain.reset, chain.detached ? 1 : 0, chain.form] as const),
    ...([network.slope, network.peak, chain.window, network.cost, vector(network.push, stride), R.block, U, E, sum] as const),
  );
  const biasSum = heap.output(zeros(out));
  kernels.addRowsF64(D, steps, out, biasSum);

  const along = (M: Matrix, to: number, of: number, at: number, from: number) => {
    const gradient = place(
      M.map((row) => row.map((w) => (w === 0 ? 0 : 1))),
      to,
    );
    kernels.eventGradientF64(of, at, gradient.block, from, to);
    const values = heap.read(gradient.values, gradient.length);
    // The block began with ones on the pattern, which keeps them in CSR.
    let k = 0;
    return M.map((row, i) => row.map((w, j) => (dense ? values[i * to + j] : w === 0 ? 0 : values[k++]) - (w === 0 ? 0 : 1)));
  };
  return [
    ...along(network.W, stride, steps, events, E),
    ...along(network.R, stride, steps - 1, spikes, E + 8 * stride),
    ...along(network.V, out, steps, spikes, D),
    heap.read(sum, size),
    heap.read(biasSum, classes),
  ];
}
