import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { productKernels } from '../../src/backend/js/product.ts';
import { builds } from './builds.ts';
import { padRows, precision, rounded, sample, stride, zeros } from './layers.ts';
import {
  compress,
  each,
  expectCalled,
  expectClose,
  inner,
  type Matrix,
  Sampler,
  type Suffix,
  seed,
  storage,
  suffix,
  transpose,
} from './samples.ts';

const shape = fc.record({
  rows: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 13),
  k: fc.constantFrom(0, 1, 2, 3, 17, 40),
  gap: fc.constantFrom(0, 1, 3),
  stride,
  kind: suffix,
  biased: fc.boolean(),
  seed,
});

/** start + X W with every product and every sum rounded, in the order of the index: what all builds compute to the last bit */
function product(X: Matrix, W: Matrix, width: number, kind: Suffix, start = zeros(width)): Matrix {
  const round = rounded(kind);
  return X.map((row) => start.map((s, j) => row.reduce((sum, x, i) => round(sum + round(x * W[i][j])), s)));
}

describe.each(builds)('product kernels, $name build', (build) => {
  it('maps a batch through dense weights in the stated order of summation, with and without bias, row gaps and panel', () => {
    each(build, shape, ({ rows, k, gap, stride, kind, biased, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [X, W] = [random.matrix(rows, k, kind), random.matrix(k, stride, kind)];
      const bias = biased ? sample(random, stride, kind) : undefined;
      const store = storage(kind);
      const [x, w, b] = [heap.input(padRows(X, k + gap, NaN), store), heap.input(W.flat(), store), heap.optional(bias, store)];
      const expected = product(X, W, stride, kind, bias).flat();
      for (const panel of [0, heap.blank(4 * k)]) {
        const out = heap.blank(rows * stride, store);
        kernels[`affine${kind}`](x, k + gap, rows, k, w, stride, b, out, panel);
        expect(heap.read(out, rows * stride, store)).toEqual(expected);
      }
    });
  });

  it.each(['F32', 'F64'] as const)('multiplies over a long inner dimension, forwards and for the gradient (%s)', (kind) => {
    const { kernels, heap } = build;
    heap.reset();
    const random = new Sampler(5);
    const store = storage(kind);
    const [rows, k, width] = [6, 1000, 16];
    const [X, W, D] = [random.matrix(rows, k, kind), random.matrix(k, width, kind), random.matrix(rows, width, kind)];
    const [x, w, d] = [X, W, D].map((A) => heap.input(A.flat(), store));
    const [out, gradient, panel] = [heap.blank(rows * width, store), heap.blank(k * width, store), heap.blank(4 * k)];
    kernels[`affine${kind}`](x, k, rows, k, w, width, 0, out, panel);
    kernels[`affineGradient${kind}`](x, k, rows, k, d, width, gradient);
    expect(heap.read(out, rows * width, store)).toEqual(product(X, W, width, kind).flat());
    expect(heap.read(gradient, k * width, store)).toEqual(product(transpose(X, k), D, width, kind).flat());
    heap.check();
  });

  it("takes the weights' gradient X'D in the order of the batch", () => {
    each(build, shape, ({ rows, k, gap, stride, kind, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [X, D] = [random.matrix(rows, k, kind), random.matrix(rows, stride, kind)];
      const store = storage(kind);
      const out = heap.blank(k * stride, store);
      const [x, d] = [heap.input(padRows(X, k + gap, NaN), store), heap.input(D.flat(), store)];
      kernels[`affineGradient${kind}`](x, k + gap, rows, k, d, stride, out);
      expect(heap.read(out, k * stride, store)).toEqual(product(transpose(X, k), D, stride, kind).flat());
    });
  });

  it('maps a transposed batch through CSR weights to the bits of the dense product, and takes the gradient on the pattern', () => {
    each(build, shape, ({ rows: n, k, stride: batch, kind, biased, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const store = storage(kind);
      const [X, D, W] = [random.matrix(batch, k, kind), random.matrix(batch, n, kind), random.sparse(k, n, kind)];
      const bias = biased ? sample(random, n, kind) : undefined;
      const { indptr, indices, data } = compress(W);
      const [INDPTR, INDICES] = [heap.input(indptr, 'i32'), heap.input(indices, 'i32')];
      const [XT, DT] = [transpose(X, k), transpose(D, n)].map((A) => heap.input(A.flat(), store));
      const [outT, out] = [heap.blank(n * batch, store), heap.blank(data.length, store)];
      const [DATA, BIAS] = [heap.input(data, store), heap.optional(bias, store)];
      kernels[`sparseAffine${kind}`](XT, batch, k, INDPTR, INDICES, DATA, BIAS, n, outT);
      expect(heap.read(outT, n * batch, store)).toEqual(transpose(product(X, W, n, kind, bias), n).flat());

      kernels[`sparseGradient${kind}`](XT, DT, batch, k, INDPTR, INDICES, out);
      const [x, d] = [transpose(X, k), transpose(D, n)];
      const gradient = x.map((row) => d.map((column) => inner(row, column)));
      expectClose(
        heap.read(out, data.length, store),
        gradient.flatMap((row, i) => row.filter((_, j) => W[i][j] !== 0)),
        precision(kind),
      );
    });
  });

  it('transposes across its blocks and between wider rows, and leaves the gaps alone', () => {
    const size = fc.constantFrom(0, 1, 2, 15, 16, 17, 33);
    each(
      build,
      fc.record({ rows: size, cols: size, gapIn: fc.constantFrom(0, 3), gapOut: fc.constantFrom(0, 5), kind: suffix, seed }),
      (s) => {
        const { kernels, heap } = build;
        const A = new Sampler(s.seed).matrix(s.rows, s.cols, s.kind);
        const store = storage(s.kind);
        const [lda, ldo] = [s.cols + s.gapIn, s.rows + s.gapOut];
        const out = heap.blank(s.cols * ldo, store);
        kernels[`transpose${s.kind}`](heap.input(padRows(A, lda, 7), store), lda, s.rows, s.cols, out, ldo);
        expect(heap.read(out, s.cols * ldo, store)).toEqual(padRows(transpose(A, s.cols), ldo, NaN));
      },
    );
  });

  it('adds rows to a vector, first row first', () => {
    each(build, shape, ({ rows, stride, kind, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [A, start] = [random.matrix(rows, stride, kind), sample(random, stride, kind)];
      const out = heap.output(start, storage(kind));
      kernels[`addRows${kind}`](heap.input(A.flat(), storage(kind)), rows, stride, out);
      const round = rounded(kind);
      expect(heap.read(out, stride, storage(kind))).toEqual(start.map((s, j) => A.reduce((sum, row) => round(sum + row[j]), s)));
    });
  });

  it('keeps what a positive mask allows, the mask being itself or another array', () => {
    each(build, shape, ({ rows, stride, kind, biased: own, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const n = rows * stride;
      const edge = () => [0, -0, NaN, 1e-40][random.integer(4)];
      const values = sample(random, n, kind);
      const mask = own ? values : sample(random, n, kind, () => (random.unit() < 0.4 ? edge() : random.value()));
      const A = heap.output(values, storage(kind));
      kernels[`rectify${kind}`](A, own ? A : heap.input(mask, storage(kind)), n);
      expect(heap.read(A, n, storage(kind))).toEqual(values.map((v, i) => (mask[i] > 0 ? v : 0)));
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, productKernels(new JsMemory())));
});
