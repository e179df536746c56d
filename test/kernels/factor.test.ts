import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorKernels } from '../../src/backend/js/factor.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import type { Pointer } from '../../src/backend/kernels.ts';
import { builds } from './builds.ts';
import { clipped, each, expectCalled, expectClose, inner, type Matrix, Sampler, samplePenalty, seed, soft } from './samples.ts';

const shape = fc.record({
  m: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 24),
  extra: fc.constantFrom(0, 1, 3),
  bounded: fc.boolean(),
  seed,
});

function gram(random: Sampler, m: number): Matrix {
  const rows = random.matrix(m, m + 3);
  return rows.map((a, i) => rows.map((b, j) => inner(a, b) + (i === j ? 0.5 : 0)));
}

/** Row-major with stride ld; what lies below the diagonal and beyond column m is NaN and must stay so. */
function upper(A: Matrix, ld: number, rows = A.length): number[] {
  const out = new Array(rows * ld).fill(NaN);
  A.forEach((row, i) => {
    for (let j = i; j < row.length; j++) out[i * ld + j] = row[j];
  });
  return out;
}

describe.each(builds)('factor kernels, $name build', (build) => {
  function readUpper(R: Pointer, m: number, ld: number): Matrix {
    const flat = build.heap.read(R, m * ld);
    return Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => (j < i ? 0 : flat[i * ld + j])));
  }

  function expectFactor(R: Pointer, m: number, ld: number, A: Matrix): void {
    const factor = readUpper(R, m, ld);
    for (let i = 0; i < m; i++) {
      expect(factor[i][i]).toBeGreaterThan(0);
      expectClose(
        A[i],
        A.map((_, j) => factor.reduce((sum, row) => sum + row[i] * row[j], 0)),
        1e-10,
      );
    }
  }

  it("factors A into R'R on the upper triangle alone", () => {
    each(build, shape, ({ m, extra, seed }) => {
      const { kernels, heap } = build;
      const A = gram(new Sampler(seed), m);
      const ld = m + extra;
      const R = heap.output(upper(A, ld));
      expect(kernels.choleskyFactor(R, m, ld, 1e-12)).toBe(m);
      expectFactor(R, m, ld, A);
      heap.read(R, m * ld).forEach((v, at) => {
        const [i, j] = [Math.floor(at / ld), at % ld];
        if (j < i || j >= m) expect(v).toBeNaN();
      });
    });
  });

  it('stops at the first row that depends on earlier ones', () => {
    each(build, shape, ({ m, extra, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      if (m < 2) return;
      const bad = 1 + random.integer(m - 1);
      const rows = random.matrix(m, m + 3);
      rows[bad] = rows[0].map((v, i) => 2 * v - (bad > 1 ? rows[1][i] : 0));
      const A = rows.map((a) => rows.map((b) => inner(a, b)));
      const R = heap.output(upper(A, m + extra));
      expect(kernels.choleskyFactor(R, m, m + extra, 1e-10)).toBe(bad);
    });
  });

  it('refuses zero, negative and NaN pivots', () => {
    const { kernels, heap } = build;
    for (const bad of [0, -1, NaN]) {
      heap.reset();
      expect(kernels.choleskyFactor(heap.output([1, 0, 0, bad]), 2, 2, 1e-12)).toBe(1);
      expect(kernels.choleskyFactor(heap.output([bad]), 1, 1, 0)).toBe(0);
    }
  });

  it('solves with the whole factor and with either half', () => {
    each(build, shape, ({ m, extra, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const A = gram(random, m);
      const ld = m + extra;
      const factor = heap.output(upper(A, ld));
      kernels.choleskyFactor(factor, m, ld, 1e-12);
      const R = heap.input(heap.read(factor, m * ld));
      const rows = readUpper(R, m, ld);
      const x = random.vector(m);
      const forward = heap.output(rows.map((_, j) => rows.reduce((sum, row, i) => sum + row[j] * x[i], 0)));
      const backward = heap.output(rows.map((row) => inner(row, x)));
      const both = heap.output(A.map((row) => inner(row, x)));
      kernels.choleskyForward(R, m, ld, forward);
      kernels.choleskyBackward(R, m, ld, backward);
      kernels.choleskySolve(R, m, ld, both);
      for (const b of [forward, backward, both]) expectClose(heap.read(b, m), x, 1e-8);
    });
  });

  it('follows any sequence of appended and deleted columns to 1e-10', () => {
    each(build, shape, ({ m, extra, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const A = gram(random, m);
      const ld = m + extra;
      const R = heap.output(new Array(m * ld).fill(NaN));
      const members: number[] = [];
      const outside = random.choice(m);
      for (let step = 0; step < 3 * m; step++) {
        if (members.length && (!outside.length || random.unit() < 0.4)) {
          const k = random.integer(members.length);
          kernels.choleskyDelete(R, members.length, ld, k);
          outside.push(...members.splice(k, 1));
        } else if (outside.length) {
          const [added] = outside.splice(random.integer(outside.length), 1);
          const column = heap.output(members.map((i) => A[i][added]));
          const rest = kernels.choleskyAppend(R, members.length, ld, column, A[added][added], 1e-12);
          const u = heap.read(column, members.length);
          expectClose([rest], [A[added][added] - inner(u, u)], 1e-10);
          members.push(added);
        }
        const chosen = members.map((i) => members.map((j) => A[i][j]));
        expectFactor(R, members.length, ld, chosen);
      }
      heap.read(R, m * ld).forEach((v, at) => {
        const [i, j] = [Math.floor(at / ld), at % ld];
        if (j < i || j >= m) expect(v).toBeNaN();
      });
    });
  });

  it('refuses to append a dependent column and leaves the factor as it was', () => {
    each(build, shape, ({ m, extra, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const A = gram(random, m);
      const ld = m + 1 + extra;
      const R = heap.output(upper(A, ld, m + 1));
      kernels.choleskyFactor(R, m, ld, 1e-12);
      const before = heap.read(R, (m + 1) * ld);
      const mix = random.vector(m);
      const cross = A.map((row) => inner(row, mix));
      const diagonal = inner(mix, cross);
      const rest = kernels.choleskyAppend(R, m, ld, heap.output(cross), diagonal, 1e-9);
      expect(rest).toBeLessThanOrEqual(1e-9 * diagonal);
      expect(heap.read(R, (m + 1) * ld)).toEqual(before);
    });
  });

  it('runs coordinate-descent epochs on a Gram matrix and keeps the gradient up to date', () => {
    each(build, shape, ({ m, extra, bounded, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const G = gram(random, m);
      if (m > 2) for (let i = 0; i < m; i++) G[i][2] = G[2][i] = 0;
      const ld = m + extra;
      const [c, b] = [random.vector(m), random.vector(m)];
      const penalty = samplePenalty(random, m, bounded);
      const gradient = (coef: number[]) => c.map((v, j) => v - inner(G[j], coef));
      const stored = G.flatMap((row) => [...row, ...new Array(extra).fill(NaN)]);
      const [Q, COEF] = [heap.output(gradient(b)), heap.output(b)];
      const [L1, L2, LOW, HIGH] = [penalty.l1, penalty.l2, penalty.lower, penalty.upper].map((v) => heap.optional(v));
      const largest = kernels.gramEpoch(heap.input(stored), ld, m, Q, penalty.lambda, L1, L2, LOW, HIGH, COEF);
      let expected = 0;
      for (let j = 0; j < m; j++) {
        const s = G[j][j];
        if (s <= 0) continue;
        const raw = soft(gradient(b)[j] + s * b[j], penalty.lambda * penalty.l1[j]) / (s + penalty.lambda * penalty.l2[j]);
        const value = clipped(raw, penalty, j);
        expected = Math.max(expected, s * (value - b[j]) ** 2);
        b[j] = value;
      }
      expectClose(heap.read(COEF, m), b, 1e-9);
      expectClose(heap.read(Q, m), gradient(b), 1e-9);
      expectClose([largest], [expected], 1e-9);
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, factorKernels(new JsMemory())));
});
