import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builds } from './builds.ts';
import { column, columnMajor, compress, each, expectClose, inner, Sampler, seed, storage, suffix, transpose } from './samples.ts';

/** t rho(b), b >= 0, in the words of the definitions: L1, MCP, SCAD, Lp, log-sum. */
const RHO: ((t: number, b: number, shape: number) => number)[] = [
  (t, b) => t * b,
  (t, b, gamma) => (b <= gamma * t ? t * b - b ** 2 / (2 * gamma) : (gamma * t ** 2) / 2),
  (t, b, a) => {
    if (b <= t) return t * b;
    return b <= a * t ? (2 * a * t * b - b ** 2 - t ** 2) / (2 * (a - 1)) : (t ** 2 * (a + 1)) / 2;
  },
  (t, b, p) => t * b ** p,
  (t, b, epsilon) => t * Math.log1p(b / epsilon),
];
const PENALTIES = ['L1', 'MCP', 'SCAD', 'Lp', 'log-sum'].map((name, code) => [name, code] as const);
/** Shapes around and beyond where the scalar problem stops being convex. */
const SHAPES = [[0], [1.2, 3, 20], [2.1, 3.7, 20], [0.5, 2 / 3, 0.1, 0.9], [0.05, 1, 10]];

interface Scalar {
  code: number;
  shape: number;
  z: number;
  v: number;
  t: number;
}

const objective = ({ code, shape, z, v, t }: Scalar, b: number) => (v / 2) * b ** 2 - z * b + RHO[code](t, Math.abs(b), shape);

/** Least value over [0, z / v], where the minimiser lies: a grid, and golden-section search about its best point. */
function leastValue(scalar: Scalar): number {
  const end = scalar.z / scalar.v;
  const POINTS = 200;
  let best = 0;
  let least = 0;
  for (let k = 1; k <= POINTS; k++) {
    const value = objective(scalar, (end * k) / POINTS);
    if (value < least) [least, best] = [value, k];
  }
  let [low, high] = [(end * Math.max(best - 1, 0)) / POINTS, (end * Math.min(best + 1, POINTS)) / POINTS];
  const GOLDEN = 0.6180339887498949;
  for (let k = 0; k < 60; k++) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (objective(scalar, left) < objective(scalar, right)) high = right;
    else low = left;
  }
  return Math.min(least, objective(scalar, (low + high) / 2));
}

/** b is no worse than any other point, and not on the wrong side. */
function expectMinimal(scalar: Scalar, b: number): void {
  const size = scalar.z ** 2 / scalar.v + scalar.t;
  const excess = objective(scalar, b) - leastValue(scalar);
  if (!(excess <= 1e-13 * size && b * scalar.z >= 0)) expect.fail(`${b} is worse by ${excess} for ${JSON.stringify(scalar)}`);
}

describe.each(builds)('scalar minimisers in epochs, $name build', (build) => {
  /** The minimiser of one scalar problem: a Gram matrix of one column. */
  function minimiser({ code, shape, z, v, t }: Scalar): number {
    const { kernels, heap } = build;
    heap.reset();
    const [one, none, B] = [heap.input([1]), heap.input([0]), heap.output([0])];
    kernels.gramEpoch(heap.input([v]), 1, 1, heap.output([z]), t, one, none, 0, 0, B, code, shape, 0, 1);
    heap.check();
    return heap.read(B, 1)[0];
  }

  describe.each(PENALTIES)('%s', (_, code) => {
    const random = new Sampler(7 + code);
    const log = (low: number, high: number) => Math.exp(Math.log(low) + Math.log(high / low) * random.unit());

    it('are no worse than a search, in all regimes', () => {
      for (const shape of SHAPES[code]) {
        for (let k = 0; k < 250; k++) {
          const t = k % 25 === 0 ? 0 : log(1e-3, 1e2);
          const v = log(1e-3, 1e2);
          const z = (random.unit() < 0.5 ? -1 : 1) * log(1e-2, 1e2) * (t || 1) ** (k % 2);
          const scalar = { code, shape, z, v, t };
          expectMinimal(scalar, minimiser(scalar));
        }
      }
    });

    it('are odd and do not fall as the pull grows', () => {
      for (const shape of SHAPES[code]) {
        for (let k = 0; k < 12; k++) {
          const [v, t] = [log(0.05, 20), log(0.05, 20)];
          const top = 4 * (t + v) * (1 + shape);
          let before = 0;
          for (let step = 0; step <= 40; step++) {
            const z = (top * step) / 40;
            const b = minimiser({ code, shape, z, v, t });
            expect(Math.abs(minimiser({ code, shape, z: -z, v, t }))).toBe(b);
            expect(b).toBeGreaterThanOrEqual(before * (1 - 1e-15));
            before = b;
          }
        }
      }
    });
  });

  it('jump where the definitions say so, and stay at zero on ties', () => {
    const at = (code: number, shape: number, v: number, t: number, z: number) => minimiser({ code, shape, z, v, t });
    // MCP with gamma v <= 1: from 0 to z / v at t sqrt(gamma v).
    for (const [gamma, v, t] of [
      [2, 0.25, 1],
      [3, 1 / 3, 2],
      [1.5, 0.5, 0.1],
    ]) {
      const z = t * Math.sqrt(gamma * v);
      expect(at(1, gamma, v, t, z * (1 - 1e-12))).toBe(0);
      expect(at(1, gamma, v, t, z * (1 + 1e-12))).toBeCloseTo(z / v, 9);
    }
    expect(at(1, 4, 0.25, 1, 1)).toBe(0);
    // SCAD with v (a - 1) <= 1: from (z - t) / v or t to z / v, where both are worth the same.
    expect(at(2, 3, 0.5, 1, 1.5 * (1 - 1e-12))).toBeCloseTo(1, 9);
    expect(at(2, 3, 0.5, 1, 1.5 * (1 + 1e-12))).toBeCloseTo(3, 9);
    // L1/2 (Xu et al. 2012): threshold 3/2 t^(2/3) for v = 1, where it jumps to 2/3 of it.
    for (const t of [0.1, 1, 7]) {
      const z = 1.5 * t ** (2 / 3);
      expect(at(3, 0.5, 1, t, z * (1 - 1e-12))).toBe(0);
      expectClose([at(3, 0.5, 1, t, z * (1 + 1e-9))], [(2 / 3) * z], 1e-7);
      const larger = 2 * z;
      const angle = Math.acos(-(3 ** 1.5 / 4) * t * larger ** -1.5);
      expectClose([at(3, 0.5, 1, t, larger)], [(2 / 3) * larger * (1 + Math.cos((2 / 3) * angle))], 1e-13);
    }
    // Log-sum without a jump: t <= v epsilon^2, zero up to t / epsilon.
    expect(at(4, 2, 1, 3, 1.5)).toBe(0);
    expect(at(4, 2, 1, 3, 1.5 + 1e-6)).toBeGreaterThan(0);
  });

  const problem = fc.record({
    code: fc.constantFrom(1, 2, 3, 4),
    pick: fc.constantFrom(0, 1, 2),
    n: fc.constantFrom(2, 3, 5, 9, 17),
    p: fc.constantFrom(1, 2, 3, 6),
    kind: suffix,
    weighted: fc.boolean(),
    spreads: fc.boolean(),
    mass: fc.constantFrom(1, 0.2, 5),
    layout: fc.constantFrom('dense', 'csc', 'gram'),
    seed,
  });

  it('make every coordinate of every kind of epoch minimal for its own penalty, and keep residual, total and gradient up to date', () => {
    each(build, problem, (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const { code, n, p, mass } = s;
      const shape = SHAPES[code][s.pick];
      const kind = s.layout === 'gram' ? 'F64' : s.kind;
      const x = random.matrix(n, p, kind).map((row) => row.map((v) => (s.layout === 'csc' && random.unit() < 0.4 ? 0 : v)));
      const weights = s.weighted ? random.weights(n) : new Array<number>(n).fill(1 / n);
      const mean = transpose(x, p).map((values) => inner(weights, values));
      const z = mean.map((m, j) => column(x, j).map((v) => v - m));
      const second = z.map((values) =>
        inner(
          weights,
          values.map((v) => v ** 2),
        ),
      );
      const y = random.vector(n, () => 3 * random.value());
      const start = random.vector(p, () => (random.unit() < 0.5 ? 0 : random.value()));
      const lambda = random.unit() / mass;
      const [l1, l2] = [random.vector(p, random.positive), random.vector(p, random.unit.bind(random))];
      const spread = s.spreads ? random.vector(p, () => random.positive() * 2) : undefined;
      const residual = (b: number[]) => y.map((v, i) => weights[i] * (v - inner(x[i], b)));
      const gradient = (b: number[]) => z.map((values) => inner(values, residual(b)));
      const G = z.map((a) =>
        z.map((b) =>
          inner(
            weights,
            a.map((v, i) => v * b[i]),
          ),
        ),
      );

      const [COEF, U] = [heap.output(start), heap.output(residual(start))];
      const [TOTAL, Q] = [heap.output([residual(start).reduce((a, b) => a + b, 0)]), heap.output(gradient(start))];
      const [W, MEAN, SECOND] = [s.weighted ? heap.input(weights) : 0, heap.input(mean), heap.input(second)];
      const [L1, L2, SPREAD] = [heap.input(l1), heap.input(l2), heap.optional(spread)];
      const stored = compress(transpose(x, p));
      const dense = heap.input(columnMajor(x, p, n), storage(kind));
      const csc = [
        heap.input(stored.indptr, 'i32'),
        heap.input(stored.indices, 'i32'),
        heap.input(stored.data, storage(kind)),
      ] as const;
      const gram = heap.input(G.flat());
      let count = 0;
      const epoch = (list: number[], coef: number, u: number, total: number): number => {
        const index = heap.input(list, 'i32');
        count = list.length;
        const rest = [n, index, count, W, MEAN, SECOND, lambda, L1, L2, 0, 0, coef, u, total, code, shape, SPREAD, mass] as const;
        return s.layout === 'dense'
          ? kernels[`denseEpoch${kind}`](dense, n, ...rest)
          : kernels[`cscEpoch${kind}`](...csc, ...rest);
      };

      const all = start.map((_, j) => j);
      if (s.layout === 'gram') {
        kernels.gramEpoch(gram, p, p, Q, lambda, L1, L2, 0, 0, COEF, code, shape, SPREAD, mass);
        expectClose(heap.read(Q, p), gradient(heap.read(COEF, p)), 1e-12);
      } else {
        const largest = epoch(all, COEF, U, TOTAL);
        const after = heap.read(COEF, p);
        expectClose([largest], [Math.max(...all.map((j) => second[j] * (after[j] - start[j]) ** 2))], 1e-12);
        expectClose(heap.read(U, n), residual(after), 1e-12);
        expectClose(heap.read(TOTAL, 1), [residual(after).reduce((a, b) => a + b, 0)], 1e-12);
      }
      // Coordinate by coordinate: what was before it has its new value, what comes after it its old one.
      const after = heap.read(COEF, p);
      for (const j of all) {
        const b = all.map((k) => (k < j ? after[k] : start[k]));
        if (second[j] < 1e-9) continue;
        const scale = spread ? spread[j] : 1;
        const scalar = {
          code,
          shape,
          z: (mass * (gradient(b)[j] + second[j] * b[j])) / scale,
          v: (mass * (second[j] + lambda * l2[j])) / scale ** 2,
          t: (mass * lambda * l1[j]) / scale,
        };
        expectMinimal(scalar, after[j] * scale);
      }
    });
  });

  it('skip columns without spread', () => {
    const { kernels, heap } = build;
    heap.reset();
    const B = heap.output([0.5]);
    expect(
      kernels.gramEpoch(heap.input([0]), 1, 1, heap.output([1]), 1, heap.input([1]), heap.input([0]), 0, 0, B, 1, 3, 0, 1),
    ).toBe(0);
    expect(heap.read(B, 1)).toEqual([0.5]);
    heap.check();
  });
});
