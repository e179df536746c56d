import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { sparseKernels } from '../../src/backend/js/sparse.ts';
import { builds } from './builds.ts';
import {
  column,
  columns,
  compress,
  each,
  expectCalled,
  expectClose,
  inner,
  length,
  type Matrix,
  naiveEpoch,
  rowMajor,
  Sampler,
  samplePenalty,
  seed,
  storage,
  suffix,
  transpose,
} from './samples.ts';

const shape = fc.record({
  n: length,
  cols: columns,
  kind: suffix,
  listed: fc.boolean(),
  weighted: fc.boolean(),
  bounded: fc.boolean(),
  k: fc.constantFrom(0, 1, 2, 3, 4, 5, 8),
  seed,
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

describe.each(builds)('sparse kernels, $name build', (build) => {
  function place(slices: Matrix, kind: 'F64' | 'F32') {
    const { indptr, indices, data } = compress(slices);
    const { heap } = build;
    return [heap.input(indptr, 'i32'), heap.input(indices, 'i32'), heap.input(data, storage(kind))] as const;
  }

  /** x as CSC, with an index list and weights */
  function setup({ n, cols, kind, listed, weighted, seed }: Shape) {
    const { heap } = build;
    const random = new Sampler(seed);
    const x = random.sparse(n, cols, kind);
    const index = listed ? random.choice(cols) : undefined;
    return {
      random,
      x,
      csc: place(transpose(x, cols), kind),
      list: index ?? Array.from({ length: cols }, (_, j) => j),
      index: heap.optional(index, 'i32'),
      w: weighted ? random.weights(n) : undefined,
    };
  }

  it('multiplies compressed rows with a vector, and their transpose', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const x = random.sparse(s.n, s.cols, s.kind);
      const csr = place(x, s.kind);
      const [right, left, y] = [random.vector(s.cols), random.vector(s.n), random.vector(s.cols)];
      if (s.n > 2) left[2] = 0;
      const [out, Y] = [heap.blank(s.n), heap.output(y)];
      kernels[`csrMatvec${s.kind}`](...csr, s.n, heap.input(right), out);
      kernels[`csrRmatvec${s.kind}`](...csr, s.n, heap.input(left), Y);
      expectClose(
        heap.read(out, s.n),
        x.map((row) => inner(row, right)),
      );
      expectClose(
        heap.read(Y, s.cols),
        y.map((v, j) => v + inner(left, column(x, j))),
      );
    });
  });

  it('multiplies compressed rows with a row-major matrix', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const x = random.sparse(s.n, s.cols, s.kind);
      const B = random.matrix(s.cols, s.k);
      const out = heap.blank(s.n * s.k);
      kernels[`csrMultiply${s.kind}`](...place(x, s.kind), s.n, heap.input(rowMajor(B)), s.k, out);
      const expected = x.map((row) => Array.from({ length: s.k }, (_, c) => inner(row, column(B, c))));
      expectClose(heap.read(out, s.n * s.k), rowMajor(expected));
    });
  });

  it('takes products of listed or all columns with one and with two vectors', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, csc, list, index } = setup(s);
      const count = list.length;
      const [u, v] = [random.vector(s.n), random.vector(s.n)];
      const [U, V] = [heap.input(u), heap.input(v)];
      const [out, outU, outV] = [heap.blank(count), heap.blank(count), heap.blank(count)];
      kernels[`cscDots${s.kind}`](...csc, index, count, U, out);
      kernels[`cscDotsPair${s.kind}`](...csc, index, count, U, V, outU, outV);
      const expected = list.map((j) => inner(column(x, j), u));
      expectClose(heap.read(out, count), expected);
      expectClose(heap.read(outU, count), expected);
      expectClose(
        heap.read(outV, count),
        list.map((j) => inner(column(x, j), v)),
      );
    });
  });

  it('adds a combination of columns to a vector', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, csc, list, index } = setup(s);
      const coef = random.vector(list.length, () => (random.unit() < 0.3 ? 0 : random.value()));
      const y = random.vector(s.n);
      const Y = heap.output(y);
      kernels[`cscCombine${s.kind}`](...csc, index, heap.input(coef), list.length, Y);
      expectClose(
        heap.read(Y, s.n),
        y.map((v, i) => list.reduce((sum, j, k) => sum + coef[k] * x[i][j], v)),
      );
    });
  });

  it('computes means and second moments, implicit zeros included', () => {
    each(
      build,
      shape.filter((s) => s.n > 0),
      (s) => {
        const { kernels, heap } = build;
        const { x, csc, w } = setup(s);
        const [mean, second] = [heap.blank(s.cols), heap.blank(s.cols)];
        kernels[`cscMoments${s.kind}`](...csc, s.n, s.cols, heap.optional(w), mean, second);
        const weights = w ?? new Array(s.n).fill(1 / s.n);
        const means = Array.from({ length: s.cols }, (_, j) => inner(weights, column(x, j)));
        const squares = means.map((m, j) => column(x, j).map((v) => (v - m) ** 2));
        expectClose(heap.read(mean, s.cols), means);
        expectClose(
          heap.read(second, s.cols),
          squares.map((v) => inner(weights, v)),
        );
      },
    );
  });

  it('computes the moments of listed columns alone, at their own positions', () => {
    each(
      build,
      shape.filter((s) => s.n > 0),
      (s) => {
        const { kernels, heap } = build;
        const { csc, list, index, w } = setup(s);
        const [mean, second, means, seconds] = [1, 2, 3, 4].map(() => heap.blank(s.cols));
        const W = heap.optional(w);
        kernels[`cscMoments${s.kind}`](...csc, s.n, s.cols, W, mean, second);
        kernels[`cscMoments${s.kind}`](...csc, s.n, list.length, W, means, seconds, index);
        const expected = (all: number[]) => all.map((v, j) => (list.includes(j) ? v : NaN));
        expect(heap.read(means, s.cols)).toEqual(expected(heap.read(mean, s.cols)));
        expect(heap.read(seconds, s.cols)).toEqual(expected(heap.read(second, s.cols)));
      },
    );
  });

  it('packs a centred and weighted column as f64, implicit zeros included', () => {
    each(
      build,
      shape.filter((s) => s.cols > 0),
      (s) => {
        const { kernels, heap } = build;
        const { random, x, csc, w } = setup(s);
        const [j, mean, out] = [random.integer(s.cols), random.value(), heap.blank(s.n)];
        kernels[`cscPack${s.kind}`](...csc, s.n, j, mean, heap.optional(w), out);
        expectClose(
          heap.read(out, s.n),
          x.map((row, i) => (w ? w[i] : 1) * (row[j] - mean)),
        );
      },
    );
  });

  it('counts and scatters blocks of rows into compressed columns', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const x = random.sparse(s.n, s.cols, s.kind);
      const rows = compress(x);
      const expected = compress(transpose(x, s.cols));
      const nnz = rows.data.length;

      const counts = heap.output(new Array(s.cols).fill(7), 'i32');
      kernels.cscCount(heap.input(rows.indices, 'i32'), nnz, counts);
      expect(heap.read(counts, s.cols, 'i32')).toEqual(expected.indptr.slice(1).map((end, j) => 7 + end - expected.indptr[j]));

      const next = heap.output(expected.indptr.slice(0, s.cols), 'i32');
      const [outIndices, outData] = [heap.blank(nnz, 'i32'), heap.blank(nnz, storage(s.kind))];
      const cut = random.integer(s.n + 1);
      for (const [first, end] of [
        [0, cut],
        [cut, s.n],
      ]) {
        const [from, to] = [rows.indptr[first], rows.indptr[end]];
        const indptr = heap.input(rows.indptr.slice(first, end + 1), 'i32');
        const [indices, data] = [rows.indices.slice(from, to), rows.data.slice(from, to)];
        const [INDICES, DATA] = [heap.input(indices, 'i32'), heap.input(data, storage(s.kind))];
        kernels[`cscScatter${s.kind}`](indptr, end - first, INDICES, DATA, first, next, outIndices, outData);
      }
      expect(heap.read(outIndices, nnz, 'i32')).toEqual(expected.indices);
      expect(heap.read(outData, nnz, storage(s.kind))).toEqual(expected.data);
      expect(heap.read(next, s.cols, 'i32')).toEqual(expected.indptr.slice(1));
    });
  });

  it('runs coordinate-descent epochs that match the definition on implicitly centred columns', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, csc, list, index, w } = setup(s);
      const { n, cols } = s;
      const weights = w ?? new Array(n).fill(1 / n);
      const [y, offset] = [random.vector(n), random.value()];
      const start = random.vector(cols, () => (random.unit() < 0.5 ? 0 : random.value()));
      const penalty = samplePenalty(random, cols, s.bounded);
      const oracle = naiveEpoch(x, y, offset, list, weights, start, penalty);
      const u = x.map((row, i) => weights[i] * (y[i] - offset - inner(row, start)));
      const [U, TOTAL, COEF] = [heap.output(u), heap.output([u.reduce((a, b) => a + b, 0)]), heap.output(start)];
      const [W, MEAN, SECOND] = [heap.optional(w), heap.input(oracle.mean), heap.input(oracle.second)];
      const [L1, L2, LOW, HIGH] = [penalty.l1, penalty.l2, penalty.lower, penalty.upper].map((v) => heap.optional(v));
      const largest = kernels[`cscEpoch${s.kind}`](
        ...csc,
        ...([n, index, list.length, W, MEAN, SECOND, penalty.lambda, L1, L2, LOW, HIGH, COEF, U, TOTAL] as const),
      );
      const residual = oracle.residual();
      expectClose(heap.read(COEF, cols), oracle.coef, 1e-9);
      expectClose(heap.read(U, n), residual, 1e-9);
      expectClose(heap.read(TOTAL, 1), [residual.reduce((a, b) => a + b, 0)], 1e-9);
      expectClose([largest], [oracle.largest], 1e-9);
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, sparseKernels(new JsMemory())));
});
