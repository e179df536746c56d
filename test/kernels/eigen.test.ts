import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigenKernels } from '../../src/backend/js/eigen.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { builds } from './builds.ts';
import { each, expectCalled, expectClose, inner, type Matrix, Sampler, seed } from './samples.ts';

const shape = fc.record({
  n: fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 17, 30),
  kind: fc.constantFrom('full' as const, 'low rank' as const, 'diagonal' as const, 'graded' as const),
  seed,
});

function symmetric(random: Sampler, n: number, kind: 'full' | 'low rank' | 'diagonal' | 'graded'): Matrix {
  if (kind === 'diagonal') {
    const d = random.vector(n, () => random.integer(3) - 1);
    return d.map((v, i) => d.map((_, j) => (i === j ? v : 0)));
  }
  const rows = random.matrix(n, kind === 'low rank' ? Math.max(1, n >> 1) : n + 2);
  const size = (i: number) => (kind === 'graded' ? 10 ** (-i / 3) : 1);
  return rows.map((a, i) => rows.map((b, j) => size(i) * size(j) * inner(a, b)));
}

describe.each(builds)('eigenvalue kernel, $name build', (build) => {
  it('finds orthonormal rows that A turns into multiples of themselves', () => {
    each(build, shape, ({ n, kind, seed }) => {
      const { kernels, heap } = build;
      const A = symmetric(new Sampler(seed), n, kind);
      const [d, e, Z, scratch] = [heap.blank(n), heap.blank(n), heap.blank(n * n), heap.blank(2 * n)];
      expect(kernels.symmetricEigen(heap.output(A.flat()), n, d, e, Z, scratch)).toBe(n);
      const values = heap.read(d, n);
      const flat = heap.read(Z, n * n);
      const rows = values.map((_, i) => flat.slice(i * n, (i + 1) * n));
      const unit = Math.max(...A.flat().map(Math.abs), 1e-300);
      rows.forEach((v, i) => {
        const image = A.map((row) => inner(row, v) / unit);
        expectClose(
          image,
          v.map((x) => (values[i] / unit) * x),
          1e-12 * n,
        );
        rows.forEach((w, j) => {
          expect(Math.abs(inner(v, w) - (i === j ? 1 : 0))).toBeLessThan(1e-12);
        });
      });
      const trace = A.reduce((sum, row, i) => sum + row[i], 0);
      expect(Math.abs(values.reduce((a, b) => a + b, 0) - trace)).toBeLessThanOrEqual(1e-12 * n * unit);
    });
  });

  it('gives the same eigenvalues without vectors', () => {
    each(build, shape, ({ n, kind, seed }) => {
      const { kernels, heap } = build;
      const A = symmetric(new Sampler(seed), n, kind).flat();
      const [d, d2, e, Z, scratch] = [heap.blank(n), heap.blank(n), heap.blank(n), heap.blank(n * n), heap.blank(2 * n)];
      kernels.symmetricEigen(heap.output(A), n, d, e, Z, scratch);
      kernels.symmetricEigen(heap.output(A), n, d2, e, 0, scratch);
      expect(heap.read(d2, n)).toEqual(heap.read(d, n));
    });
  });

  it('says which eigenvalue did not settle when there are NaNs', () => {
    const { kernels, heap } = build;
    heap.reset();
    const A = heap.output([1, NaN, NaN, 1]);
    expect(kernels.symmetricEigen(A, 2, heap.blank(2), heap.blank(2), 0, heap.blank(4))).toBe(0);
    heap.check();
  });

  it('has called every kernel', () => {
    expectCalled(build, eigenKernels(new JsMemory()));
  });
});
