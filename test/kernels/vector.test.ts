import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { vectorKernels } from '../../src/backend/js/vector.ts';
import { builds } from './builds.ts';
import { clipped, each, expectCalled, expectClose, inner, length, Sampler, samplePenalty, seed, soft } from './samples.ts';

const shape = fc.record({ n: length, seed, flag: fc.boolean(), alias: fc.constantFrom(0, 1, 2) });

describe.each(builds)('vector kernels, $name build', (build) => {
  it('takes plain and weighted inner products', () => {
    each(build, shape, ({ n, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [w, x, y] = [random.vector(n), random.vector(n), random.vector(n)];
      const [W, X, Y] = [heap.input(w), heap.input(x), heap.input(y)];
      expectClose([kernels.dot(X, Y, n)], [inner(x, y)]);
      expectClose([kernels.dot(X, X, n)], [inner(x, x)]);
      expectClose([kernels.dotWeighted(W, X, Y, n)], [x.reduce((sum, v, i) => sum + w[i] * v * y[i], 0)]);
    });
  });

  it('adds a multiple of a vector to another and leaves the first alone', () => {
    each(build, shape, ({ n, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [a, x, y] = [random.value(), random.vector(n), random.vector(n)];
      const Y = heap.output(y);
      kernels.axpy(a, heap.input(x), Y, n);
      expectClose(
        heap.read(Y, n),
        y.map((v, i) => v + a * x[i]),
      );
    });
  });

  it('scales and shifts in place', () => {
    each(build, shape, ({ n, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [a, x] = [random.value(), random.vector(n)];
      const [scaled, shifted] = [heap.output(x), heap.output(x)];
      kernels.scale(a, scaled, n);
      kernels.shift(a, shifted, n);
      expect(heap.read(scaled, n)).toEqual(x.map((v) => v * a));
      expect(heap.read(shifted, n)).toEqual(x.map((v) => v + a));
    });
  });

  it('multiplies elementwise, also onto either factor', () => {
    each(build, shape, ({ n, seed, alias }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [x, y] = [random.vector(n), random.vector(n)];
      const [X, Y] = [heap.output(x), heap.output(y)];
      const out = [heap.blank(n), X, Y][alias];
      kernels.multiply(X, Y, out, n);
      expect(heap.read(out, n)).toEqual(x.map((v, i) => v * y[i]));
    });
  });

  it('sums and takes the three norms', () => {
    each(build, shape, ({ n, seed }) => {
      const { kernels, heap } = build;
      const x = new Sampler(seed).vector(n);
      const X = heap.input(x);
      const sizes = x.map(Math.abs);
      expectClose([kernels.sum(X, n)], [x.reduce((a, b) => a + b, 0)]);
      expectClose([kernels.norm1(X, n)], [sizes.reduce((a, b) => a + b, 0)]);
      expectClose([kernels.norm2(X, n)], [Math.sqrt(inner(x, x))]);
      expect(kernels.normMax(X, n)).toBe(Math.max(0, ...sizes));
    });
  });

  it('lets NaN through sums and the largest size wherever it stands', () => {
    for (let at = 0; at < 9; at++) {
      const { kernels, heap } = build;
      heap.reset();
      const X = heap.input(Array.from({ length: 9 }, (_, i) => (i === at ? NaN : i)));
      const out = heap.blank(9);
      kernels.softThreshold(X, 1, out, 9);
      expect([kernels.sum(X, 9), kernels.norm1(X, 9), kernels.norm2(X, 9), kernels.normMax(X, 9)]).toEqual([NaN, NaN, NaN, NaN]);
      expect(heap.read(out, 9)[at]).toBeNaN();
    }
  });

  it('soft-thresholds, in place too, and gives exact zeros inside', () => {
    each(build, shape, ({ n, seed, flag }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [x, t] = [random.vector(n), random.unit()];
      if (n > 1) x[1] = -t;
      const X = heap.output(x);
      const out = flag ? X : heap.blank(n);
      kernels.softThreshold(X, t, out, n);
      const result = heap.read(out, n);
      expectClose(
        result,
        x.map((v) => soft(v, t)),
      );
      for (let i = 0; i < n; i++) expect(result[i] === 0).toBe(Math.abs(x[i]) <= t);
    });
  });

  it('takes a proximal gradient step with and without bounds, in place too', () => {
    each(build, shape, ({ n, seed, flag, alias }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [z, g, metric, step] = [random.vector(n), random.vector(n), random.vector(n, random.positive), random.positive()];
      const penalty = samplePenalty(random, n, flag);
      const { lambda, l1, l2, lower, upper } = penalty;
      const Z = heap.output(z);
      const out = alias ? Z : heap.blank(n);
      const [L1, L2, LOW, HIGH] = [heap.input(l1), heap.input(l2), heap.optional(lower), heap.optional(upper)];
      kernels.proximalStep(Z, heap.input(g), step, heap.input(metric), lambda, L1, L2, LOW, HIGH, out, n);
      const expected = z.map((v, j) => {
        const t = step * metric[j];
        return clipped(soft(v + t * g[j], t * lambda * l1[j]) / (1 + t * lambda * l2[j]), penalty, j);
      });
      expectClose(heap.read(out, n), expected);
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, vectorKernels(new JsMemory())));
});
