import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { lossKernels } from '../../src/backend/js/loss.ts';
import { builds } from './builds.ts';
import { each, expectCalled, expectClose, inner, length, Sampler, seed } from './samples.ts';

/** A loss in the words of its definition: phi(f), phi'(f), phi''(f) where it is not flat, and the conjugate phi*(u). */
interface Definition {
  value(f: number, y: number): number;
  slope(f: number, y: number): number;
  bend(f: number, y: number): number;
  conjugate(u: number, y: number): number;
  response(random: Sampler): number;
}

const DELTA = 0.7;
const FLAT = 1e-6;
const entropy = (p: number) => (p > 0 ? p * Math.log(p) : 0);
/** 1 / (1 + e^-f) without overflow. */
const sigmoid = (f: number) => (f < 0 ? Math.exp(f) / (1 + Math.exp(f)) : 1 / (1 + Math.exp(-f)));

const LOSSES: Definition[] = [
  {
    value: (f, y) => (y - f) ** 2 / 2,
    slope: (f, y) => f - y,
    bend: () => 1,
    conjugate: (u, y) => u ** 2 / 2 + u * y,
    response: (random) => random.value(),
  },
  {
    value: (f, y) => Math.log1p(Math.exp(-Math.abs(f))) + (y === 1 ? Math.max(-f, 0) : Math.max(f, 0)),
    slope: (f, y) => (y === 1 ? -sigmoid(-f) : sigmoid(f)),
    bend: (f) => sigmoid(f) * sigmoid(-f),
    conjugate: (u, y) => entropy(u + y) + entropy(1 - u - y),
    response: (random) => random.integer(2),
  },
  {
    value: (f, y) => Math.max(0, 1 - y * f) ** 2,
    slope: (f, y) => -2 * y * Math.max(0, 1 - y * f),
    bend: (f, y) => (y * f < 1 ? 2 : 2 * FLAT),
    conjugate: (u, y) => u * y + u ** 2 / 4,
    response: (random) => 2 * random.integer(2) - 1,
  },
  {
    value: (f, y) => Math.exp(f) - y * f,
    slope: (f, y) => Math.exp(f) - y,
    bend: (f) => Math.exp(f),
    conjugate: (u, y) => entropy(u + y) - (u + y),
    response: (random) => random.integer(4),
  },
  {
    value: (f, y) => (Math.abs(f - y) <= DELTA ? (f - y) ** 2 / 2 : DELTA * Math.abs(f - y) - DELTA ** 2 / 2),
    slope: (f, y) => Math.max(-DELTA, Math.min(DELTA, f - y)),
    bend: (f, y) => (Math.abs(f - y) <= DELTA ? 1 : DELTA / Math.abs(f - y)),
    conjugate: (u, y) => u ** 2 / 2 + u * y,
    response: (random) => random.value(),
  },
];
const NAMES = ['squared', 'logistic', 'squared hinge', 'Poisson', 'Huber'];
const codes = NAMES.map((name, code) => [name, code] as const);

const shape = fc.record({
  n: fc.oneof({ weight: 9, arbitrary: length.filter((n) => n > 0) }, { weight: 1, arbitrary: fc.constant(1100) }),
  weighted: fc.boolean(),
  size: fc.constantFrom(0.5, 5, 15),
  seed,
});

describe.each(builds)('loss kernels, $name build', (build) => {
  function derivatives(code: number, y: number[], f: number[], w: number[] | undefined) {
    const { kernels, heap } = build;
    const n = y.length;
    const [Y, F, W, R, H] = [heap.input(y), heap.input(f), heap.optional(w), heap.blank(n), heap.blank(n)];
    const value = kernels.lossDerivatives(code, DELTA, Y, F, W, n, R, H);
    const gap = (s: number) => kernels.lossGap(code, DELTA, Y, F, W, n, R, H, s);
    return { value, r: heap.read(R, n), h: heap.read(H, n), gap };
  }

  describe.each(codes)('%s', (_, code) => {
    const loss = LOSSES[code];

    function sample(s: { n: number; weighted: boolean; size: number; seed: number }) {
      const random = new Sampler(s.seed);
      const y = random.vector(s.n, () => loss.response(random));
      const f = random.vector(s.n, () => (s.size / 2) * random.value());
      const w = s.weighted ? random.weights(s.n) : undefined;
      return { y, f, w, weights: w ?? new Array<number>(s.n).fill(1 / s.n) };
    }

    it('gives the weighted sum of the losses, the negative slopes and the curvatures', () => {
      each(build, shape, (s) => {
        const { y, f, w, weights } = sample(s);
        const { value, r, h } = derivatives(code, y, f, w);
        const scale = code === 3 ? Math.exp(s.size) : s.size ** 2;
        expectClose(
          [value / scale],
          [
            inner(
              weights,
              f.map((v, i) => loss.value(v, y[i]) / scale),
            ),
          ],
          1e-14 * Math.max(1, s.n / 100),
        );
        const slopes = f.map((v, i) => loss.slope(v, y[i]));
        expect(Math.max(...slopes.map((v, i) => Math.abs(r[i] / weights[i] + v) / (1 + Math.abs(v))))).toBeLessThan(1e-13);
        expect(Math.max(...f.map((v, i) => Math.abs(h[i] / (weights[i] * loss.bend(v, y[i])) - 1)))).toBeLessThan(1e-13);
      });
    });

    it('gives curvatures that are the change of the slopes, where the slope is smooth', () => {
      each(build, shape, (s) => {
        const { y, f, w } = sample({ ...s, size: 3 });
        const step = 1e-4;
        const [low, high] = [-step, step].map((d) =>
          derivatives(
            code,
            y,
            f.map((v) => v + d),
            w,
          ),
        );
        const { h } = derivatives(code, y, f, w);
        const change = low.r.map((v, i) => (v - high.r[i]) / (2 * step));
        // On Huber's linear pieces h is that of the parabola above them.
        const corner = (i: number) =>
          code === 2 ? y[i] * f[i] - 1 : code === 4 ? Math.max(DELTA - Math.abs(y[i] - f[i]), 0) : 1;
        const errors = h.map((v, i) => (Math.abs(corner(i)) < 0.01 ? 0 : Math.abs(v - change[i]) / (1 + v)));
        expect(Math.max(...errors)).toBeLessThan(1e-5);
      });
    });

    it('stays finite or rightly infinite for predictions of 800 either way', () => {
      const { heap } = build;
      const random = new Sampler(5);
      for (const weighted of [false, true]) {
        heap.reset();
        const f = [800, -800, 800, -800, 745, -745, 0, 36.8, -36.8];
        const y = f.map((_, i) => (i === 0 || i === 1 ? [1, 1, -1, 2, 3][code] : loss.response(random)));
        const w = weighted ? random.weights(f.length) : undefined;
        const { value, r, h, gap } = derivatives(code, y, f, w);
        const weights = w ?? f.map(() => 1 / f.length);
        const expected = inner(
          weights,
          f.map((v, i) => loss.value(v, y[i])),
        );
        if (Number.isFinite(expected)) expectClose([value], [expected], 1e-13);
        else expect(value).toBe(Infinity);
        for (const [i, v] of r.entries()) {
          const slope = -weights[i] * loss.slope(f[i], y[i]);
          if (Number.isFinite(slope)) expectClose([v], [slope], 1e-13);
          else expect(v).toBe(slope);
          expect(h[i]).toBeGreaterThanOrEqual(0);
        }
        expect(gap(1)).toBe(0);
        if (code !== 3) expect(gap(0.5)).not.toBeNaN();
        heap.check();
      }
    });

    it('bounds what scaling the dual point costs, exactly so where the conjugate is quadratic', () => {
      each(build, shape, (s) => {
        const { y, f, w, weights } = sample(s);
        const { gap } = derivatives(code, y, f, w);
        for (const scale of [1e-6, 0.01, 0.3, 0.5, 0.9, 0.99, 1]) {
          let exact = 0;
          let size = 0;
          for (const [i, v] of f.entries()) {
            const u = scale * loss.slope(v, y[i]);
            const parts = [loss.value(v, y[i]), loss.conjugate(u, y[i]), -u * v];
            exact += weights[i] * (parts[0] + parts[1] + parts[2]);
            size += weights[i] * parts.reduce((sum, part) => sum + Math.abs(part), 0);
          }
          const found = gap(scale);
          expect(found).toBeGreaterThanOrEqual(exact - 1e-13 * size);
          if (code !== 1 && code !== 3) expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-12 * size);
        }
      });
    });

    it('is tight as the scale goes to 1', () => {
      each(build, shape, (s) => {
        const { y, f, w, weights } = sample({ ...s, size: 2 });
        const { gap } = derivatives(code, y, f, w);
        const rest = 1e-5;
        const exact = f.map((v, i) => {
          const u = (1 - rest) * loss.slope(v, y[i]);
          return loss.value(v, y[i]) + loss.conjugate(u, y[i]) - u * v;
        });
        const total = inner(weights, exact);
        if (total < 1e-12) return;
        expect(Math.abs(gap(1 - rest) / total - 1)).toBeLessThan(1e-3);
      });
    });
  });

  it('takes one logarithm for the masses of many rows without overflow of their product', () => {
    const { heap } = build;
    for (const n of [996, 997, 998, 1024, 5000]) {
      heap.reset();
      const f = new Array<number>(n).fill(0);
      const y = f.map((_, i) => i % 2);
      expectClose([derivatives(1, y, f, undefined).value], [Math.log(2)], 1e-13);
      expectClose([derivatives(1, y, f, new Array<number>(n).fill(1 / n)).value], [Math.log(2)], 1e-12);
      heap.check();
    }
  });

  it('calls every kernel of its group', () => expectCalled(build, lossKernels(new JsMemory())));
});
