import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { optimizeKernels } from '../../src/backend/js/optimize.ts';
import { type Build, builds } from './builds.ts';
import { precision, rounded, sample } from './layers.ts';
import {
  each,
  expectCalled,
  expectClose,
  inner,
  length,
  Sampler,
  type Suffix,
  seed,
  soft,
  storage,
  suffix,
  xoshiro,
} from './samples.ts';

const bounds = fc.constantFrom('none', 'box', 'cone' as const);
type Bounds = 'none' | 'box' | 'cone';

/** Scalars of a step somewhere in a training run, as V stores them */
function sampleScalars(random: Sampler, kind: Suffix) {
  const [rate, beta1, beta2, epsilon] = [0.5 * random.positive(), 0.9 * random.unit(), 0.9 + 0.09 * random.unit(), 1e-3];
  const [correction1, correction2] = [1 + 5 * random.unit(), 1 + 5 * random.unit()];
  const lambda = random.unit() < 0.3 ? 0 : 2 * random.unit();
  return [rate, beta1, beta2, correction1, correction2, epsilon, lambda].map(rounded(kind));
}

/** A weight in three is 0, as after some training; bounds hold 0, and a cone is one sign for each row's presynaptic neuron. */
function sampleState(random: Sampler, n: number, kind: Suffix, bounded: Bounds, row: (i: number) => number) {
  const sparse = () => (random.unit() < 0.3 ? 0 : random.value());
  const signs = random.vector(n + 1, () => (random.unit() < 0.5 ? -1 : 1));
  const limit = (side: number) => (i: number) =>
    bounded === 'box' ? side * rounded(kind)(random.unit()) : signs[row(i)] === side ? side * Infinity : 0;
  const numbers = Array.from({ length: n }, (_, i) => i);
  return {
    w: sample(random, n, kind, sparse),
    g: sample(random, n, kind, sparse),
    m: sample(random, n, kind),
    v: sample(random, n, kind, random.unit.bind(random)),
    lower: bounded === 'none' ? undefined : numbers.map(limit(-1)),
    upper: bounded === 'none' ? undefined : numbers.map(limit(1)),
  };
}

function place({ heap }: Build, state: ReturnType<typeof sampleState>, kind: Suffix) {
  const store = storage(kind);
  return {
    w: heap.output(state.w, store),
    g: heap.input(state.g, store),
    m: heap.output(state.m, store),
    v: heap.output(state.v, store),
    lower: heap.optional(state.lower, store),
    upper: heap.optional(state.upper, store),
  };
}

type State = ReturnType<typeof sampleState>;

/** clip(S(w - h m, h lambda)) and what is left of the moment */
function step({ w, lower, upper }: State, i: number, h: number, m: number, lambda: number) {
  const free = soft(w[i] - h * m, h * lambda);
  const after = lower && upper ? Math.min(Math.max(free, lower[i]), upper[i]) : free;
  return { after, arrived: after === 0 && w[i] !== 0 };
}

const zeroSet = (values: number[]) => values.map((v) => v === 0);

describe.each(builds)('optimiser kernels, $name build', (build) => {
  const shape = fc.record({ n: length, kind: suffix, bounds, seed });

  it('takes a step of proximal Adam: threshold in its metric, then bounds, exact zeros, no momentum where one has just arisen', () => {
    each(build, shape, ({ n, kind, bounds, seed }) => {
      const { kernels, heap } = build;
      const [random, store] = [new Sampler(seed), storage(kind)];
      const [rate, beta1, beta2, correction1, correction2, epsilon, lambda] = sampleScalars(random, kind);
      const state = sampleState(random, n, kind, bounds, (i) => i);
      const { w, g, m, v, lower, upper } = place(build, state, kind);
      kernels[`adam${kind}`](
        ...([w, g, m, v, n, rate, beta1, beta2, correction1, correction2, epsilon, lambda, lower, upper] as const),
      );
      const first = state.m.map((old, i) => beta1 * old + (1 - beta1) * state.g[i]);
      const second = state.v.map((old, i) => beta2 * old + (1 - beta2) * state.g[i] ** 2);
      const steps = first.map((moment, i) => {
        const h = rate / (epsilon + correction2 * Math.sqrt(second[i]));
        return step(state, i, h, correction1 * moment, lambda);
      });
      const after = steps.map((s) => s.after);
      expectClose(heap.read(w, n, store), after, precision(kind));
      expect(zeroSet(heap.read(w, n, store))).toEqual(zeroSet(after));
      const kept = first.map((moment, i) => (steps[i].arrived ? 0 : moment));
      expectClose(heap.read(m, n, store), kept, precision(kind));
      expectClose(heap.read(v, n, store), second, precision(kind));
    });
  });

  it('takes a step of the proximal heavy ball, with bounds, exact zeros and no momentum where one has just arisen', () => {
    each(build, shape, ({ n, kind, bounds, seed }) => {
      const { kernels, heap } = build;
      const [random, store] = [new Sampler(seed), storage(kind)];
      const [rate, decay, , , , , lambda] = sampleScalars(random, kind);
      const state = sampleState(random, n, kind, bounds, (i) => i);
      const { w, g, m, lower, upper } = place(build, state, kind);
      kernels[`momentum${kind}`](w, g, m, n, rate, decay, lambda, lower, upper);
      const first = state.m.map((old, i) => decay * old + state.g[i]);
      const steps = first.map((moment, i) => step(state, i, rate, moment, lambda));
      const after = steps.map((s) => s.after);
      expectClose(heap.read(w, n, store), after, precision(kind));
      expect(zeroSet(heap.read(w, n, store))).toEqual(zeroSet(after));
      const kept = first.map((moment, i) => (steps[i].arrived ? 0 : moment));
      expectClose(heap.read(m, n, store), kept, precision(kind));
    });
  });

  const groups = fc.record({
    rows: fc.constantFrom(0, 1, 2, 5, 8),
    width: fc.constantFrom(1, 2, 3, 8, 16),
    compressed: fc.boolean(),
    adaptive: fc.boolean(),
    kind: suffix,
    bounds: fc.constantFrom('none', 'cone' as const),
    seed,
  });

  it('takes group steps that satisfy the optimality of the proximal map, on dense and on CSR rows, with and without a metric', () => {
    each(build, groups, ({ rows, width, compressed, adaptive, kind, bounds, seed }) => {
      const { kernels, heap } = build;
      const [random, store] = [new Sampler(seed), storage(kind)];
      const [rate, beta1, beta2, c1, correction2, epsilon, lambda] = sampleScalars(random, kind);
      const correction1 = adaptive ? c1 : 1;
      const indptr = [0];
      for (let r = 0; r < rows; r++) indptr.push(indptr[r] + (compressed ? random.integer(width + 1) : width));
      const n = indptr[rows];
      const state = sampleState(random, n, kind, bounds, (i) => indptr.findIndex((end) => end > i));
      for (let r = 0; r < rows; r += 3) state.w.fill(0, indptr[r], indptr[r + 1]);
      const { w, g, m, lower, upper } = place(build, state, kind);
      const second = sample(random, rows, kind, random.unit.bind(random));
      const v = adaptive ? heap.output(second, store) : 0;
      kernels[`groupStep${kind}`](
        ...([w, g, m, v, rows, compressed ? heap.input(indptr, 'i32') : 0, width, rate, beta1, beta2] as const),
        ...([correction1, correction2, epsilon, lambda, lower, upper] as const),
      );
      const [W, M] = [heap.read(w, n, store), heap.read(m, n, store)];
      const V = adaptive ? heap.read(v, rows, store) : [];
      const tolerance = 10 * precision(kind);
      for (let r = 0; r < rows; r++) {
        const cut = (values: number[]) => values.slice(indptr[r], indptr[r + 1]);
        const [before, gradient, after] = [cut(state.w), cut(state.g), cut(W)];
        if (adaptive) {
          const mean = gradient.length ? inner(gradient, gradient) / gradient.length : 0;
          expectClose([V[r]], [beta2 * second[r] + (1 - beta2) * mean], tolerance);
        }
        const h = adaptive ? rate / (epsilon + correction2 * Math.sqrt(V[r])) : rate;
        const first = cut(state.m).map((old, i) => beta1 * old + (adaptive ? 1 - beta1 : 1) * gradient[i]);
        const z = before.map((value, i) => {
          const free = value - h * correction1 * first[i];
          return state.lower && state.upper
            ? Math.min(Math.max(free, state.lower[indptr[r] + i]), state.upper[indptr[r] + i])
            : free;
        });
        const [norm, size] = [Math.hypot(...after), Math.hypot(...z)];
        // z - u lies in h lambda times the norm's subdifferential at u.
        if (norm > 0) {
          expectClose(
            after.map((u) => u + (h * lambda * u) / norm),
            z,
            tolerance,
          );
          expectClose(cut(M), first, tolerance);
        } else {
          expect(size).toBeLessThanOrEqual(h * lambda * (1 + tolerance));
          const arrived = before.some((value) => value !== 0);
          expectClose(cut(M), arrived ? first.map(() => 0) : first, tolerance);
        }
      }
    });
  });

  it.each(['F32', 'F64'] as const)(
    'leaves 0 when the gradient is larger than lambda, and else comes to 0 and stays: the optimality of the penalised loss (%s)',
    (kind) => {
      const { kernels, heap } = build;
      const store = storage(kind);
      const [lambda, decay] = [0.5, 0.9];
      for (const pull of [0.9, 1.2]) {
        heap.reset();
        const gradient = pull * lambda;
        // Four weights share the pull of a group.
        const G = heap.input(new Array(4).fill(gradient), store);
        const shared = heap.input(new Array(4).fill(gradient / 2), store);
        const full = (value: number) => heap.output(new Array(4).fill(value), store);
        for (const start of [0, 0.1]) {
          const [a, b, c, d] = [full(start), full(start), full(start), full(start)];
          const [ma, mb, mc, md, va, vc] = [full(0), full(0), full(0), full(0), full(1), full(1)];
          const run = (steps: number) => {
            for (let k = 0; k < steps; k++) {
              kernels[`adam${kind}`](a, G, ma, va, 4, 0.01, decay, 0.99, 1, 1, 1e-8, lambda, 0, 0);
              kernels[`momentum${kind}`](b, G, mb, 4, 0.01, decay, lambda / (1 - decay), 0, 0);
              kernels[`groupStep${kind}`](c, shared, mc, vc, 1, 0, 4, 0.01, decay, 0.99, 1, 1, 1e-8, lambda, 0, 0);
              kernels[`groupStep${kind}`](d, shared, md, 0, 1, 0, 4, 0.01, decay, 0, 1, 1, 0, lambda / (1 - decay), 0, 0);
            }
            return [a, b, c, d].map((w) => heap.read(w, 4, store)[0]);
          };
          const weights = run(300);
          if (pull < 1) expect(weights).toEqual([0, 0, 0, 0]);
          else for (const weight of weights) expect(weight).toBeLessThan(-0.01);
        }
        heap.check();
      }
    },
  );

  it('lets a NaN of the gradient through to the weights, where it shows', () => {
    for (const kind of ['F32', 'F64'] as const) {
      const { kernels, heap } = build;
      heap.reset();
      const store = storage(kind);
      const full = (value: number) => heap.output(new Array(9).fill(value), store);
      const g = heap.input([0, NaN, 0, 0, 0, 0, 0, 0, NaN], store);
      const [a, b, c, d] = [full(1), full(1), full(1), full(1)];
      kernels[`adam${kind}`](a, g, full(0), full(1), 9, 0.1, 0.9, 0.9, 1, 1, 1e-8, 0.1, full(-9), full(9));
      kernels[`momentum${kind}`](b, g, full(0), 9, 0.1, 0.9, 0.1, full(-9), full(9));
      kernels[`groupStep${kind}`](c, g, full(0), full(1), 3, 0, 3, 0.1, 0.9, 0.9, 1, 1, 1e-8, 0.1, 0, 0);
      kernels[`groupStep${kind}`](d, g, full(0), 0, 3, 0, 3, 0.1, 0.9, 0, 1, 1, 0, 0.1, 0, 0);
      const lost = (w: number) => heap.read(w, 9, store).flatMap((v, i) => (Number.isNaN(v) ? [i] : []));
      expect([a, b, c, d].map(lost)).toEqual([
        [1, 8],
        [1, 8],
        [0, 1, 2, 6, 7, 8],
        [0, 1, 2, 6, 7, 8],
      ]);
      heap.check();
    }
  });

  it("drops connections by the random words of xoshiro128**, and scales what stays to the weights' mean", () => {
    const shares = fc.constantFrom(0, 0.1, 0.5, 0.75, 0.99);
    each(build, fc.record({ n: length, kind: suffix, share: shares, seed }), ({ n, kind, share, seed }) => {
      const { kernels, heap } = build;
      const [random, round, store] = [new Sampler(seed), rounded(kind), storage(kind)];
      const start = [seed, 0x80000001, 7, 0xffffffff];
      const w = sample(random, n, kind, random.positive);
      const [state, mask, out] = [heap.output(start, 'u32'), heap.blank(n, store), heap.blank(n, store)];
      kernels[`dropConnections${kind}`](heap.input(w, store), n, share, state, mask, out);
      const words = xoshiro(start);
      const expected = w.map(() => (Number(words.next().value) / 2 ** 32 < share ? 0 : round(1 / (1 - share))));
      expect(heap.read(mask, n, store)).toEqual(expected);
      expect(heap.read(out, n, store)).toEqual(w.map((v, i) => round(v * expected[i])));

      // The state goes on where the words stopped.
      const next = heap.blank(1, store);
      kernels[`dropConnections${kind}`](heap.input([1], store), 1, share, state, next, next);
      expect(heap.read(next, 1, store)).toEqual([Number(words.next().value) / 2 ** 32 < share ? 0 : round(1 / (1 - share))]);
    });
  });

  it.each([0.1, 0.5, 0.9])('drops the share asked for (%f) and keeps the mean', (share) => {
    const { kernels, heap } = build;
    heap.reset();
    const n = 50000;
    const [state, mask] = [heap.output([1, 2, 3, 4], 'u32'), heap.blank(n, 'f32')];
    kernels.dropConnectionsF32(heap.input(new Array(n).fill(1), 'f32'), n, share, state, mask, heap.blank(n, 'f32'));
    const values = heap.read(mask, n, 'f32');
    const deviation = Math.sqrt((share * (1 - share)) / n);
    expect(Math.abs(values.filter((v) => v === 0).length / n - share)).toBeLessThan(4 * deviation);
    expect(Math.abs(values.reduce((a, b) => a + b, 0) / n - 1)).toBeLessThan((4 * deviation) / (1 - share));
    heap.check();
  });

  it('multiplies in place', () => {
    each(build, shape, ({ n, kind, seed }) => {
      const { kernels, heap } = build;
      const [random, round, store] = [new Sampler(seed), rounded(kind), storage(kind)];
      const [x, factor] = [sample(random, n, kind), sample(random, n, kind)];
      const X = heap.output(x, store);
      kernels[`multiplyBy${kind}`](X, heap.input(factor, store), n);
      expect(heap.read(X, n, store)).toEqual(x.map((v, i) => round(v * factor[i])));
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, optimizeKernels(new JsMemory())));
});
