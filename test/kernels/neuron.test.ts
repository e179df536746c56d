import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { neuronKernels } from '../../src/backend/js/neuron.ts';
import { builds } from './builds.ts';
import { each, expectCalled, length, Sampler, seed, storage, suffix } from './samples.ts';

const shape = fc.record({
  kind: suffix,
  n: length,
  seed,
  receptors: fc.constantFrom(0, 1, 2),
  driven: fc.boolean(),
  adaptive: fc.boolean(),
  refractory: fc.constantFrom(1, 2, 5),
});

/** Rounds as the kernels of this width do. */
const rounding = { F32: Math.fround, F64: (x: number) => x };

describe.each(builds)('neuron kernels, $name build', (build) => {
  it('steps membranes, receptors and thresholds by the definition, bit for bit, and holds whoever is refractory', () => {
    each(build, shape, ({ kind, n, seed, receptors, driven, adaptive, refractory }) => {
      const { kernels, heap } = build;
      const step = kernels[`lifStep${kind}`];
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Sampler(seed);
      const value = () => r(random.value());
      const fed = driven || adaptive;
      const parameters = [0.1 * random.unit(), 0.8, -0.3, refractory, 0.3, 0.02, 0.05, 0.4];
      const [b, threshold, reset, , b0, b1, ba, jump] = parameters.map(r);
      const x = random.vector(n, value);
      const g = Array.from({ length: receptors }, () => random.vector(n, () => r(0.3 * random.value())));
      const h = random.vector(n, () => r(random.unit()));
      const until = random.vector(n, () => random.integer(3));

      const P = heap.input(parameters);
      const X = heap.output(x, store);
      const G = g.map((values) => heap.output(values, store));
      const INPUT = fed ? heap.output(new Array(n).fill(0), store) : 0;
      const H = adaptive ? heap.output(h, store) : 0;
      const UNTIL = heap.output(until, 'i32');
      const LOG = heap.blank(20 * n, 'i32');
      const log: number[] = [];
      const starts = [0];
      let at = 0;

      for (let k = 0; k < 20; k++) {
        const input = random.vector(n, () => (fed && random.unit() < 0.3 ? value() : 0));
        if (fed) heap.write(INPUT, input, store);
        const held = log.slice(starts[Math.max(0, k - refractory + 1)]);
        for (let i = 0; i < n; i++) {
          let drive = 0;
          if (receptors > 0) drive = g[0][i];
          if (receptors > 1) drive = r(drive + g[1][i]);
          if (fed) drive = receptors > 0 ? r(drive + input[i]) : input[i];
          g.forEach((values, receptor) => {
            values[i] = r(values[i] - r([b0, b1][receptor] * values[i]));
          });
          x[i] = r(x[i] + r(drive - r(b * x[i])));
          if (adaptive) h[i] = r(h[i] - r(ba * h[i]));
          if (x[i] >= (adaptive ? r(threshold + h[i]) : threshold) && until[i] <= k) {
            x[i] = reset;
            until[i] = k + refractory;
            if (adaptive) h[i] = r(h[i] + jump);
            log.push(i);
          }
        }
        for (const i of held) x[i] = reset;
        const start = starts[Math.max(0, k - refractory + 1)];
        at = step(P, X, G[0] ?? 0, G[1] ?? 0, INPUT, H, UNTIL, n, k, LOG, start, at);
        starts.push(log.length);
        expect(heap.read(LOG, at, 'i32')).toEqual(log);
        expect(heap.read(X, n, store)).toEqual(x);
        G.forEach((pointer, receptor) => {
          expect(heap.read(pointer, n, store)).toEqual(g[receptor]);
        });
        expect(heap.read(UNTIL, n, 'i32')).toEqual(until);
        if (adaptive) expect(heap.read(H, n, store)).toEqual(h);
        if (fed) expect(heap.read(INPUT, n, store)).toEqual(new Array(n).fill(0));
      }
    });
  });

  it('spikes at the threshold itself', () => {
    const { kernels, heap } = build;
    for (const kind of ['F32', 'F64'] as const) {
      for (const n of [1, 4, 9]) {
        heap.reset();
        const P = heap.input([0, 1, 0.25, 3, 0, 0, 0, 0]);
        const [X, INPUT] = [heap.output(new Array(n).fill(0), storage(kind)), heap.output(new Array(n).fill(1), storage(kind))];
        const [UNTIL, LOG] = [heap.output(new Array(n).fill(0), 'i32'), heap.blank(n, 'i32')];
        expect(kernels[`lifStep${kind}`](P, X, 0, 0, INPUT, 0, UNTIL, n, 0, LOG, 0, 0)).toBe(n);
        expect(heap.read(X, n, storage(kind))).toEqual(new Array(n).fill(0.25));
        expect(heap.read(UNTIL, n, 'i32')).toEqual(new Array(n).fill(3));
        heap.check();
      }
    }
  });

  it('steps the simple model of Izhikevich by the definition, bit for bit', () => {
    each(build, fc.record({ kind: suffix, n: length, seed }), ({ kind, n, seed }) => {
      const { kernels, heap } = build;
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Sampler(seed);
      const dt = 0.5;
      const parameters = [dt / 2, dt * 0.02, 0.2, 30, -65, 8, 150, 1 / dt];
      const [half, a, b, threshold, c, d, base, rate] = parameters.map(r);
      const square = r(0.04);
      const v = random.vector(n, () => r(-65 + 30 * random.unit()));
      const u = random.vector(n, () => r(-13 + 3 * random.unit()));
      const P = heap.input(parameters);
      const [V, U, INPUT] = [heap.output(v, store), heap.output(u, store), heap.output(new Array(n).fill(0), store)];
      const LOG = heap.blank(40 * n, 'i32');
      const log: number[] = [];
      let at = 0;
      for (let k = 0; k < 40; k++) {
        const input = random.vector(n, () => r(5 * random.value()));
        heap.write(INPUT, input, store);
        for (let i = 0; i < n; i++) {
          const drive = r(r(base + r(input[i] * rate)) - u[i]);
          for (let turn = 0; turn < 2; turn++) v[i] = r(v[i] + r(half * r(r(r(r(square * v[i]) + 5) * v[i]) + drive)));
          u[i] = r(u[i] + r(a * r(r(b * v[i]) - u[i])));
          if (v[i] >= threshold) {
            v[i] = c;
            u[i] = r(u[i] + d);
            log.push(i);
          }
        }
        at = kernels[`izhikevichStep${kind}`](P, V, U, INPUT, n, LOG, at);
        expect(heap.read(LOG, at, 'i32')).toEqual(log);
        expect(heap.read(V, n, store)).toEqual(v);
        expect(heap.read(U, n, store)).toEqual(u);
        expect(heap.read(INPUT, n, store)).toEqual(new Array(n).fill(0));
      }
    });
  });

  it('folds receptors and currents into the input, decays, lifts and samples, bit for bit', () => {
    each(build, fc.record({ kind: suffix, n: length, seed }), ({ kind, n, seed }) => {
      const { kernels, heap } = build;
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Sampler(seed);
      const value = () => r(random.value());
      const [g, input, current] = [random.vector(n, value), random.vector(n, value), random.vector(n, value)];
      const tiny = random.vector(n, () => r([0, 1e-25, -1e-25, 1e-3, -2][random.integer(5)]));
      const [G, INPUT, CURRENT, T] = [
        heap.output(g, store),
        heap.output(input, store),
        heap.input(current, store),
        heap.output(tiny, store),
      ];

      kernels[`foldReceptor${kind}`](G, n, 0.3, INPUT);
      const folded = input.map((u, i) => r(u + g[i]));
      const decayed = g.map((x) => r(x - r(r(0.3) * x)));
      expect(heap.read(INPUT, n, store)).toEqual(folded);
      expect(heap.read(G, n, store)).toEqual(decayed);

      kernels[`addCurrent${kind}`](CURRENT, n, INPUT);
      expect(heap.read(INPUT, n, store)).toEqual(folded.map((u, i) => r(u + current[i])));

      kernels[`decay${kind}`](G, n, 0.01);
      const again = decayed.map((x) => r(x - r(r(0.01) * x)));
      expect(heap.read(G, n, store)).toEqual(again);

      kernels[`liftTiny${kind}`](T, n, 1e-20, 1e-20);
      expect(heap.read(T, n, store)).toEqual(tiny.map((x) => (x !== 0 && Math.abs(x) < 1e-20 ? r(Math.sign(x) * 1e-20) : x)));

      const index = Array.from({ length: n > 0 ? 5 : 0 }, () => random.integer(n));
      const [INDEX, OUT] = [heap.input(index, 'i32'), heap.blank(index.length)];
      kernels[`sampleState${kind}`](G, INDEX, index.length, -49.5, OUT);
      expect(heap.read(OUT, index.length)).toEqual(index.map((i) => again[i] - 49.5));
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, neuronKernels(new JsMemory())));
});
