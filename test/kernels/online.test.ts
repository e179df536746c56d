import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dualSvmKernels } from '../../src/backend/js/dualSvm.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { onlineKernels } from '../../src/backend/js/online.ts';
import { builds } from './builds.ts';
import {
  compress,
  each,
  expectCalled,
  expectClose,
  inner,
  rowMajor,
  Sampler,
  seed,
  storage,
  suffix,
  xoshiro,
} from './samples.ts';

const shape = fc.record({
  n: fc.constantFrom(0, 1, 2, 5, 13),
  p: fc.constantFrom(1, 2, 7, 12),
  dense: fc.boolean(),
  boxed: fc.boolean(),
  bias: fc.constantFrom(0, 1, 0.5),
  limits: fc.constantFrom([Infinity, -Infinity], [0.4, -0.4]),
  kind: suffix,
  seed,
});

describe.each(builds)('a pass of dual coordinate descent, $name build', (build) => {
  it('does what its definition says, row after row in shuffled order', () => {
    each(build, shape, ({ n, p, dense, boxed, bias, limits, kind, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const X = random.sparse(n, p, kind);
      const y = random.vector(n, () => (random.unit() < 0.5 ? -1 : 1));
      const offset = random.value();
      const ridge = random.vector(n, random.positive);
      const top = boxed ? random.vector(n, random.positive) : random.vector(n, () => Infinity);
      const alpha = random.vector(n, () => 0).map((_, i) => [0, 0.05, boxed ? top[i] : 0.1][random.integer(3)]);
      const square = X.map((row) => inner(row, row) + bias ** 2);
      const order = random.choice(n);
      const state = random.vector(4, () => 1 + random.integer(2 ** 31));
      const weights = () => [
        ...Array.from({ length: p }, (_, j) => X.reduce((sum, row, i) => sum + alpha[i] * y[i] * row[j], 0)),
        bias * inner(alpha, y),
      ];

      const { indptr, indices, data } = compress(X);
      const pointers = {
        w: heap.output(weights()),
        alpha: heap.output(alpha),
        order: heap.output(order, 'i32'),
        state: heap.output(state, 'u32'),
        range: heap.output(limits),
      };
      const active = kernels[`svmPass${kind}`](
        dense ? 0 : heap.input(indptr, 'i32'),
        dense ? 0 : heap.input(indices.length > 0 ? indices : [0], 'i32'),
        heap.input(dense ? rowMajor(X) : data, storage(kind)),
        p,
        heap.input(y),
        heap.input(square),
        heap.input(ridge),
        boxed ? heap.input(top) : 0,
        bias,
        offset,
        pointers.order,
        order.length,
        pointers.state,
        pointers.alpha,
        pointers.w,
        pointers.range,
      );

      const draw = xoshiro(state);
      for (let k = order.length - 1; k > 0; k--) {
        const other = Number(draw.next().value % BigInt(k + 1));
        [order[k], order[other]] = [order[other], order[k]];
      }
      const kept = [...order];
      let [largest, smallest] = [-Infinity, Infinity];
      for (let k = 0; k < kept.length; ) {
        const i = kept[k];
        const v = weights();
        const g = y[i] * (inner(X[i], v) + bias * v[p] + offset) - 1 + ridge[i] * alpha[i];
        if ((alpha[i] === 0 && g > limits[0]) || (alpha[i] > 0 && alpha[i] === top[i] && g < limits[1])) {
          kept[k] = kept[kept.length - 1];
          kept.pop();
          continue;
        }
        const projected = alpha[i] === 0 ? Math.min(g, 0) : alpha[i] === top[i] ? Math.max(g, 0) : g;
        largest = Math.max(largest, projected);
        smallest = Math.min(smallest, projected);
        if (projected !== 0) alpha[i] = Math.min(Math.max(alpha[i] - g / (square[i] + ridge[i]), 0), top[i]);
        k++;
      }
      expect(active).toBe(kept.length);
      expect(heap.read(pointers.order, kept.length, 'i32')).toEqual(kept);
      expect(heap.read(pointers.order, order.length, 'i32').sort()).toEqual([...order].sort());
      expectClose(heap.read(pointers.alpha, n), alpha, 1e-9);
      expectClose(heap.read(pointers.w, p + 1), weights(), 1e-9);
      expectClose(heap.read(pointers.range, 2), [largest, smallest], 1e-9);
    });
  });

  it('takes a hinge without ridge or curvature to its bound', () => {
    const { kernels, heap } = build;
    heap.reset();
    const alpha = heap.output([0]);
    const zero = heap.input([0]);
    kernels.svmPassF64(
      0,
      0,
      zero,
      1,
      heap.input([1]),
      zero,
      0,
      heap.input([0.7]),
      0,
      0,
      heap.output([0], 'i32'),
      1,
      heap.output([1, 2, 3, 4], 'u32'),
      alpha,
      heap.output([0, 0]),
      heap.output([Infinity, -Infinity]),
    );
    expect(heap.read(alpha, 1)).toEqual([0.7]);
    heap.check();
  });

  it('calls every kernel of its group', () => expectCalled(build, dualSvmKernels(new JsMemory())));
});

const stream = fc.record({
  n: fc.constantFrom(0, 1, 2, 9),
  p: fc.constantFrom(1, 3, 8),
  loss: fc.constantFrom(0, 1, 2),
  weighted: fc.boolean(),
  intercept: fc.boolean(),
  l1: fc.constantFrom(0, 0.2),
  lambda: fc.constantFrom(0, 0.05),
  seed,
});

describe.each(builds)('FTRL-proximal, $name build', (build) => {
  it('learns rows as its equations say', () => {
    each(build, stream, ({ n, p, loss, weighted, intercept, l1, lambda, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const X = random.sparse(n, p, 'F64');
      const y = random.vector(n, loss === 0 ? () => random.integer(2) : loss === 1 ? random.value : () => random.integer(4));
      const s = random.vector(n, () => (weighted ? random.integer(3) : 1));
      const [alpha, beta, l2] = [0.3, 0.7, 0.1];
      const start = random.vector(2 * (p + 1)).map((v, k) => (k % 2 === 0 ? v : v * v));
      const before = [3, 1.5, 1];
      const learned = heap.output(start.map((v, k) => (k % 2 === 0 ? v : Math.sqrt(v))));
      const total = heap.output(before);
      const { indptr, indices, data } = compress(X);
      const rows = kernels.ftrlRows(
        heap.input(indptr, 'i32'),
        n,
        heap.input(indices, 'i32'),
        heap.input(data),
        heap.input(y),
        weighted ? heap.input(s) : 0,
        loss,
        alpha,
        beta,
        l1,
        l2,
        lambda,
        0.5 * lambda,
        intercept ? p : -1,
        learned,
        heap.blank(p),
        total,
      );

      const z = start.filter((_, k) => k % 2 === 0);
      const q = start.filter((_, k) => k % 2 === 1);
      let [t, sum, wrong] = before;
      X.forEach((row, i) => {
        const x = [...row, intercept ? 1 : 0];
        const w = x.map((_, j) => {
          const [a, b] = j < p ? [l1 + t * lambda, l2 + t * 0.5 * lambda] : [0, 0];
          return Math.abs(z[j]) <= a ? 0 : -(z[j] - Math.sign(z[j]) * a) / ((beta + Math.sqrt(q[j])) / alpha + b);
        });
        const f = inner(x, w);
        const mean = loss === 0 ? 1 / (1 + Math.exp(-f)) : loss === 1 ? f : Math.exp(f);
        const value =
          loss === 0 ? Math.log(1 + Math.exp(y[i] === 1 ? -f : f)) : loss === 1 ? (y[i] - f) ** 2 / 2 : Math.exp(f) - y[i] * f;
        x.forEach((v, j) => {
          const g = s[i] * (mean - y[i]) * v;
          const sigma = (Math.sqrt(q[j] + g * g) - Math.sqrt(q[j])) / alpha;
          z[j] += g - sigma * w[j];
          q[j] += g * g;
        });
        sum += s[i] * value;
        if (loss === 0 && f > 0 !== (y[i] === 1)) wrong += s[i];
        t += s[i];
      });
      expect(rows).toBe(n);
      const found = heap.read(learned, 2 * (p + 1));
      expectClose(
        found.filter((_, k) => k % 2 === 0),
        z,
        1e-10,
      );
      expectClose(
        found.filter((_, k) => k % 2 === 1),
        q.map(Math.sqrt),
        1e-10,
      );
      expectClose(heap.read(total, 3), [t, sum, wrong], 1e-10);
    });
  });

  it('stops before a row whose gradient would overflow, with nothing of it learned', () => {
    const { kernels, heap } = build;
    heap.reset();
    const learned = heap.output([0, 0, 0, 0]);
    const total = heap.output([0, 0, 0]);
    const rows = kernels.ftrlRows(
      heap.input([0, 1, 2, 3], 'i32'),
      3,
      heap.input([0, 0, 0], 'i32'),
      heap.input([1, 1e100, 1]),
      heap.input([1, 1e60, 1]),
      0,
      1,
      0.1,
      1,
      0,
      0,
      0,
      0,
      1,
      learned,
      heap.blank(1),
      total,
    );
    expect(rows).toBe(1);
    expect(heap.read(learned, 4)).toEqual([-1, 1, -1, 1]);
    expect(heap.read(total, 3)).toEqual([1, 0.5, 0]);
    heap.check();
  });

  it('calls every kernel of its group', () => expectCalled(build, onlineKernels(new JsMemory())));
});
