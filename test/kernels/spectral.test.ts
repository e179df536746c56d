import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { spectralKernels } from '../../src/backend/js/spectral.ts';
import { builds } from './builds.ts';
import { padRows, precision } from './layers.ts';
import {
  compress,
  each,
  expectCalled,
  expectClose,
  inner,
  type Matrix,
  Sampler,
  seed,
  storage,
  suffix,
  transpose,
} from './samples.ts';

const shape = fc.record({
  rows: fc.constantFrom(1, 2, 3, 5, 8, 63, 64, 65, 130),
  p: fc.constantFrom(1, 2, 3, 4, 5, 8, 11),
  b: fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 12, 13),
  gap: fc.constantFrom(0, 1, 3),
  kind: suffix,
  centred: fc.boolean(),
  scaled: fc.boolean(),
  byRow: fc.constantFrom(0 as const, 1 as const),
  seed,
});

const times = (A: Matrix, B: Matrix): Matrix => {
  const columns = transpose(B, B[0].length);
  return A.map((row) => columns.map((column) => inner(row, column)));
};

describe.each(builds)('spectral kernels, $name build', (build) => {
  it("forms C'C, C B and C'W of a centred and scaled matrix", () => {
    each(build, shape, ({ rows, p, b, gap, kind, centred, scaled, byRow, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const X = random.matrix(rows, p, kind);
      const many = byRow ? rows : p;
      const mean = centred ? random.vector(many) : undefined;
      const factor = scaled ? random.vector(many, random.positive) : undefined;
      const C = X.map((row, i) => row.map((v, j) => (v - (mean?.[byRow ? i : j] ?? 0)) * (factor?.[byRow ? i : j] ?? 1)));
      const CT = transpose(C, p);
      const [B, W] = [random.matrix(p, b), random.matrix(rows, b)];
      const x = heap.input(padRows(X, p + gap, NaN), storage(kind));
      const [m, f, scratch] = [heap.optional(mean), heap.optional(factor), heap.blank(64 * p)];

      const start = random.matrix(p, p).map((row, i, all) => row.map((_, j) => all[Math.min(i, j)][Math.max(i, j)]));
      const gram = heap.output(start.flat());
      kernels[`centredGram${kind}`](x, p + gap, rows, p, m, f, byRow, gram, scratch);
      const found = heap.read(gram, p * p);
      expectClose(
        found,
        times(CT, C).flatMap((row, i) => row.map((v, j) => v + start[i][j])),
        1e-11,
      );
      for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) expect(found[i * p + j]).toBe(found[j * p + i]);

      const [right, w] = [heap.input(B.flat()), heap.blank(rows * b)];
      const out = heap.output(new Array(p * b).fill(1));
      kernels[`centredProducts${kind}`](x, p + gap, rows, p, m, f, byRow, right, w, b, out, scratch);
      const CB = times(C, B);
      expectClose(heap.read(w, rows * b), CB.flat(), 1e-11);
      expectClose(
        heap.read(out, p * b),
        times(CT, CB)
          .flat()
          .map((v) => v + 1),
        1e-11,
      );
      const [given, back] = [heap.input(W.flat()), heap.output(new Array(p * b).fill(0))];
      kernels[`centredProducts${kind}`](x, p + gap, rows, p, m, f, byRow, 0, given, b, back, scratch);
      expectClose(heap.read(back, p * b), times(CT, W).flat(), 1e-11);
      const forward = heap.blank(rows * b);
      kernels[`centredProducts${kind}`](x, p + gap, rows, p, m, f, byRow, right, forward, b, 0, scratch);
      expectClose(heap.read(forward, rows * b), CB.flat(), 1e-11);
    });
  });

  it('takes mean and variance of the columns of a row-major matrix', () => {
    each(build, shape, ({ rows, p, gap, kind, seed }) => {
      const { kernels, heap } = build;
      const X = new Sampler(seed).matrix(rows, p, kind);
      const [mean, second] = [heap.blank(p), heap.blank(p)];
      kernels[`rowMoments${kind}`](heap.input(padRows(X, p + gap, NaN), storage(kind)), p + gap, rows, p, mean, second);
      const means = transpose(X, p).map((column) => column.reduce((a, v) => a + v, 0) / rows);
      expectClose(heap.read(mean, p), means);
      expectClose(
        heap.read(second, p),
        transpose(X, p).map((column, j) => column.reduce((a, v) => a + (v - means[j]) ** 2, 0) / rows),
      );
    });
  });

  it('multiplies by slices and their transpose in one pass, with and without centring and factors', () => {
    each(build, shape, ({ rows: outer, p, b, kind, centred, scaled, byRow, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const S = random.sparse(outer, p, kind);
      const U = random.matrix(p, b);
      const m = byRow ? random.vector(outer) : undefined;
      const factor = scaled ? random.vector(outer, random.positive) : undefined;
      const total = centred ? random.vector(b) : undefined;
      const T = times(S, U).map((row, o) => row.map((v, j) => (factor?.[o] ?? 1) * (v - (m?.[o] ?? 1) * (total?.[j] ?? 0))));
      const { indptr, indices, data } = compress(S);
      const stored = [heap.input(indptr, 'i32'), heap.input(indices, 'i32'), heap.input(data, storage(kind))] as const;
      const out = heap.output(new Array(p * b).fill(1));
      const shift = heap.output(new Array(b).fill(2));
      kernels[`sliceGram${kind}`](
        ...stored,
        outer,
        heap.optional(m),
        heap.optional(factor),
        heap.input(U.flat()),
        b,
        heap.optional(total),
        out,
        shift,
      );
      const back = times(transpose(S, p), T);
      expectClose(
        heap.read(out, p * b),
        back.flat().map((v) => v + 1),
        1e-11,
      );
      const sums = Array.from({ length: b }, (_, j) => 2 + (total ? T.reduce((a, row, o) => a + (m?.[o] ?? 1) * row[j], 0) : 0));
      expectClose(heap.read(shift, b), sums, 1e-11);

      const scattered = heap.output(new Array(p * b).fill(3));
      kernels[`sliceScatter${kind}`](...stored, outer, heap.input(T.flat()), b, scattered);
      expectClose(
        heap.read(scattered, p * b),
        back.flat().map((v) => v + 3),
        1e-11,
      );
    });
  });

  it('shifts and scales rows', () => {
    each(build, shape, ({ rows, b, centred, scaled, byRow, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const W = random.matrix(rows, b);
      const m = byRow ? random.vector(rows) : undefined;
      const c = centred ? random.vector(b) : undefined;
      const factor = scaled ? random.vector(rows, random.positive) : undefined;
      const at = heap.output(W.flat());
      kernels.shiftRows(at, rows, b, heap.optional(m), heap.optional(c), heap.optional(factor));
      const expected = W.map((row, r) => row.map((v, j) => (v - (m?.[r] ?? 1) * (c?.[j] ?? 0)) * (factor?.[r] ?? 1)));
      expectClose(heap.read(at, rows * b), expected.flat());
    });
  });

  it('adds a multiple of a tall product, and leaves the gaps between rows alone', () => {
    each(build, shape, ({ rows, p: a, b, gap, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [A, C, start] = [random.matrix(rows, a), random.matrix(a, b), random.matrix(rows, b)];
      const out = heap.output(padRows(start, b + gap, 7));
      const [left, right] = [heap.input(padRows(A, a + gap, NaN)), heap.input(padRows(C, b + gap, NaN))];
      kernels.tallMultiply(left, a + gap, rows, a, right, b + gap, b, -0.5, out, b + gap);
      const expected = times(A, C).map((row, i) => row.map((v, j) => start[i][j] - 0.5 * v));
      expectClose(heap.read(out, rows * (b + gap)), padRows(expected, b + gap, 7), precision('F64'));
    });
  });

  it('copies rows between strides, and leaves the gaps alone', () => {
    each(build, shape, ({ rows, b, gap, seed }) => {
      const { kernels, heap } = build;
      const W = new Sampler(seed).matrix(rows, b);
      const to = heap.output(new Array(rows * (b + 2)).fill(7));
      kernels.copyRows(heap.input(padRows(W, b + gap, NaN)), b + gap, rows, b, to, b + 2);
      expect(heap.read(to, rows * (b + 2))).toEqual(padRows(W, b + 2, 7));
    });
  });

  it('has called every kernel', () => {
    expectCalled(build, spectralKernels(new JsMemory()));
  });
});
