import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseKernels } from '../../src/backend/js/dense.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { builds } from './builds.ts';
import {
  column,
  columnMajor,
  columns,
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
} from './samples.ts';

const shape = fc.record({
  n: fc.oneof({ weight: 9, arbitrary: length }, { weight: 1, arbitrary: fc.constantFrom(300, 1030, 2053) }),
  cols: columns,
  extra: fc.constantFrom(0, 1, 3),
  kind: suffix,
  listed: fc.boolean(),
  weighted: fc.boolean(),
  bounded: fc.boolean(),
  k: fc.constantFrom(0, 1, 2, 3, 5, 8),
  seed,
});

describe.each(builds)('dense kernels, $name build', (build) => {
  function setup({
    n,
    cols,
    extra,
    kind,
    listed,
    weighted,
    seed,
  }: {
    n: number;
    cols: number;
    extra: number;
    kind: 'F64' | 'F32';
    listed: boolean;
    weighted: boolean;
    seed: number;
  }) {
    const { heap } = build;
    const random = new Sampler(seed);
    const x = random.matrix(n, cols, kind);
    const ld = n + extra;
    const index = listed ? random.choice(cols) : undefined;
    return {
      random,
      x,
      ld,
      X: heap.input(columnMajor(x, cols, ld), storage(kind)),
      list: index ?? Array.from({ length: cols }, (_, j) => j),
      index: heap.optional(index, 'i32'),
      w: weighted ? random.weights(n) : undefined,
    };
  }

  it('takes products of listed or all columns with one vector', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, ld, X, list, index } = setup(s);
      const u = random.vector(s.n);
      const out = heap.blank(list.length);
      kernels[`denseDots${s.kind}`](X, ld, s.n, index, list.length, heap.input(u), out);
      expectClose(
        heap.read(out, list.length),
        list.map((j) => inner(column(x, j), u)),
      );
    });
  });

  it('gives a column the same bits alone and among others', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, ld, X, list, index } = setup(s);
      const count = list.length;
      const u = heap.input(random.vector(s.n));
      const [all, one] = [heap.blank(count), heap.blank(1)];
      kernels[`denseDots${s.kind}`](X, ld, s.n, index, count, u, all);
      const alone = list.map((j) => {
        kernels[`denseDots${s.kind}`](X, ld, s.n, heap.input([j], 'i32'), 1, u, one);
        return heap.read(one, 1)[0];
      });
      expect(alone).toEqual(heap.read(all, count));
    });
  });

  it('takes products with two vectors in one pass', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, ld, X, list, index } = setup(s);
      const count = list.length;
      const [u, v] = [random.vector(s.n), random.vector(s.n)];
      const [outU, outV] = [heap.blank(count), heap.blank(count)];
      kernels[`denseDotsPair${s.kind}`](X, ld, s.n, index, count, heap.input(u), heap.input(v), outU, outV);
      expectClose(
        heap.read(outU, count),
        list.map((j) => inner(column(x, j), u)),
      );
      expectClose(
        heap.read(outV, count),
        list.map((j) => inner(column(x, j), v)),
      );
    });
  });

  it('adds a combination of columns to a vector', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, ld, X, list, index } = setup(s);
      const coef = random.vector(list.length, () => (random.unit() < 0.3 ? 0 : random.value()));
      const y = random.vector(s.n);
      const Y = heap.output(y);
      kernels[`denseCombine${s.kind}`](X, ld, s.n, index, heap.input(coef), list.length, Y);
      expectClose(
        heap.read(Y, s.n),
        y.map(
          (v, i) =>
            v +
            inner(
              coef,
              list.map((j) => x[i][j]),
            ),
        ),
      );
    });
  });

  it('computes means and second moments, weighted or not', () => {
    each(
      build,
      shape.filter((s) => s.n > 0),
      (s) => {
        const { kernels, heap } = build;
        const { x, ld, X, w } = setup(s);
        const [mean, second] = [heap.blank(s.cols), heap.blank(s.cols)];
        kernels[`denseMoments${s.kind}`](X, ld, s.n, s.cols, heap.optional(w), mean, second);
        const weights = w ?? new Array(s.n).fill(1 / s.n);
        const means = Array.from({ length: s.cols }, (_, j) => inner(weights, column(x, j)));
        expectClose(heap.read(mean, s.cols), means);
        expectClose(
          heap.read(second, s.cols),
          means.map((m, j) =>
            inner(
              weights,
              column(x, j).map((v) => (v - m) ** 2),
            ),
          ),
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
        const { ld, X, list, index, w } = setup(s);
        const [mean, second, means, seconds] = [1, 2, 3, 4].map(() => heap.blank(s.cols));
        const W = heap.optional(w);
        kernels[`denseMoments${s.kind}`](X, ld, s.n, s.cols, W, mean, second);
        kernels[`denseMoments${s.kind}`](X, ld, s.n, list.length, W, means, seconds, index);
        const expected = (all: number[]) => all.map((v, j) => (list.includes(j) ? v : NaN));
        expect(heap.read(means, s.cols)).toEqual(expected(heap.read(mean, s.cols)));
        expect(heap.read(seconds, s.cols)).toEqual(expected(heap.read(second, s.cols)));
      },
    );
  });

  it('keeps the second moment of a constant column far from the origin at zero', () => {
    const { kernels, heap } = build;
    for (const n of [1, 7, 33, 1000]) {
      heap.reset();
      const X = heap.input(new Array(n).fill(1e8 + 0.5));
      const [mean, second] = [heap.blank(1), heap.blank(1)];
      kernels.denseMomentsF64(X, n, n, 1, 0, mean, second);
      expectClose(heap.read(mean, 1), [1e8 + 0.5], 1e-15);
      expect(heap.read(second, 1)[0]).toBeLessThan(1e-14);
    }
  });

  it('packs a centred and weighted column as f64', () => {
    each(
      build,
      shape.filter((s) => s.cols > 0),
      (s) => {
        const { kernels, heap } = build;
        const { random, x, ld, X, w } = setup(s);
        const [j, mean, out] = [random.integer(s.cols), random.value(), heap.blank(s.n)];
        kernels[`densePack${s.kind}`](X, ld, s.n, j, mean, heap.optional(w), out);
        expectClose(
          heap.read(out, s.n),
          x.map((row, i) => (w ? w[i] : 1) * (row[j] - mean)),
        );
      },
    );
  });

  it('multiplies packed vectors with columns and leaves the rest of each output row alone', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, ld, X, list, index } = setup(s);
      const count = list.length;
      const packed = random.matrix(s.k, s.n);
      const stride = count + s.extra;
      const out = heap.blank(s.k * stride);
      kernels[`denseGram${s.kind}`](heap.input(rowMajor(packed)), s.k, X, ld, s.n, index, count, out, stride);
      const expected = packed.flatMap((row) => [
        ...list.map((j) => inner(row, column(x, j))),
        ...new Array(stride - count).fill(NaN),
      ]);
      const actual = heap.read(out, s.k * stride);
      expect(actual.map(Number.isNaN)).toEqual(expected.map(Number.isNaN));
      expectClose(
        actual.filter((v) => !Number.isNaN(v)),
        expected.filter((v) => !Number.isNaN(v)),
      );
    });
  });

  it('turns row blocks into columns and touches only the rows of the block', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const rows = s.n;
      const first = random.integer(5);
      const ld = rows + first + s.extra;
      const block = random.matrix(rows, s.cols, s.kind);
      const before = columnMajor(random.matrix(ld, s.cols, s.kind), s.cols, ld);
      const X = heap.output(before, storage(s.kind));
      kernels[`denseFromRows${s.kind}`](heap.input(rowMajor(block), storage(s.kind)), rows, s.cols, X, ld, first);
      const expected = before.map((v, at) => block[(at % ld) - first]?.[Math.floor(at / ld)] ?? v);
      expect(heap.read(X, s.cols * ld, storage(s.kind))).toEqual(expected);
    });
  });

  it("computes X'X in full, exactly symmetric", () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { x, ld, X } = setup(s);
      const p = s.cols;
      const out = heap.blank(p * p);
      kernels[`syrk${s.kind}`](X, ld, s.n, p, out);
      const actual = heap.read(out, p * p);
      const expected = Array.from({ length: p * p }, (_, at) => inner(column(x, Math.floor(at / p)), column(x, at % p)));
      expectClose(actual, expected);
      expect(actual).toEqual(actual.map((_, at) => actual[(at % p) * p + Math.floor(at / p)]));
    });
  });

  it('multiplies with a row-major matrix', () => {
    each(build, shape, (s) => {
      const { kernels, heap } = build;
      const { random, x, ld, X } = setup(s);
      const B: Matrix = random.matrix(s.cols, s.k);
      const out = heap.blank(s.n * s.k);
      kernels[`denseMultiply${s.kind}`](X, ld, s.n, s.cols, heap.input(rowMajor(B)), s.k, out);
      expectClose(
        heap.read(out, s.n * s.k),
        rowMajor(x.map((row) => B[0]?.map((_, c) => inner(row, column(B, c))) ?? new Array(s.k).fill(0))),
      );
    });
  });

  it('runs coordinate-descent epochs that match the definition, with residual and total kept up to date', () => {
    each(
      build,
      shape.filter((s) => s.n < 100),
      (s) => {
        const { kernels, heap } = build;
        const { random, x, ld, X, list, index, w } = setup(s);
        const { n, cols } = s;
        if (cols > 1) for (const row of x) row[1] = 0.5;
        const M = cols > 1 ? heap.input(columnMajor(x, cols, ld), storage(s.kind)) : X;
        const weights = w ?? new Array(n).fill(1 / n);
        const [y, offset] = [random.vector(n), random.value()];
        const start = random.vector(cols, () => (random.unit() < 0.5 ? 0 : random.value()));
        const penalty = samplePenalty(random, cols, s.bounded);
        const order = cols > 1 ? list.filter((j) => j !== 1) : list;
        const oracle = naiveEpoch(x, y, offset, order, weights, start, penalty);
        if (cols > 1) oracle.second[1] = 0;
        const u = x.map((row, i) => weights[i] * (y[i] - offset - inner(row, start)));
        const [U, TOTAL, COEF] = [heap.output(u), heap.output([u.reduce((a, b) => a + b, 0)]), heap.output(start)];
        const [W, MEAN, SECOND] = [heap.optional(w), heap.input(oracle.mean), heap.input(oracle.second)];
        const [L1, L2, LOW, HIGH] = [penalty.l1, penalty.l2, penalty.lower, penalty.upper].map((v) => heap.optional(v));
        const largest = kernels[`denseEpoch${s.kind}`](
          ...([M, ld, n, index, list.length, W, MEAN, SECOND, penalty.lambda, L1, L2, LOW, HIGH, COEF, U, TOTAL] as const),
        );
        const residual = oracle.residual();
        expectClose(heap.read(COEF, cols), oracle.coef, 1e-9);
        expectClose(heap.read(U, n), residual, 1e-9);
        expectClose(heap.read(TOTAL, 1), [residual.reduce((a, b) => a + b, 0)], 1e-9);
        expectClose([largest], [oracle.largest], 1e-9);
      },
    );
  });

  it('calls every kernel of its group', () => expectCalled(build, denseKernels(new JsMemory())));
});
