import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphKernels } from '../../src/backend/js/graph.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import type { Build } from './builds.ts';
import { builds } from './builds.ts';
import { compress, each, expectCalled, expectClose, length, type Matrix, Sampler, seed } from './samples.ts';

const forms = ['F64', 'F32', 'Unit'] as const;
type Form = (typeof forms)[number];
const shapeFields = { n: length, seed, form: fc.constantFrom(...forms) };
const shape = fc.record(shapeFields);
const storage = (form: Form) => (form === 'F32' ? 'f32' : 'f64');
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** A graph with loops, sinks, starts and isolated nodes; weights > 0, all 1 for Unit. */
function graph(random: Sampler, n: number, form: Form): Matrix {
  const silent = random.vector(n, () => (random.unit() < 0.2 ? 1 : 0));
  const deaf = random.vector(n, () => (random.unit() < 0.2 ? 1 : 0));
  const weight = () => (form === 'Unit' ? 1 : form === 'F32' ? Math.fround(random.positive()) : random.positive());
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (silent[i] || deaf[j] || random.unit() < 0.6 ? 0 : weight())),
  );
}

/** The new numbering as the contract words it. */
function numbering(W: Matrix, alpha: number) {
  const n = W.length;
  const all = Array.from({ length: n }, (_, i) => i);
  const edges = (i: number, j: number) => i !== j && W[i][j] !== 0;
  const incoming = all.map((j) => all.filter((i) => edges(i, j)));
  const outgoing = all.map((i) => all.filter((j) => edges(i, j)).length);
  const core = all
    .filter((i) => incoming[i].length > 0 && outgoing[i] > 0)
    .sort((i, j) => incoming[j].length - incoming[i].length);
  const sinks = all.filter((i) => incoming[i].length > 0 && outgoing[i] === 0);
  const order = [...core, ...sinks, ...all.filter((i) => incoming[i].length === 0)];
  const label = all.map((i) => order.indexOf(i));
  const strength = all.map((i) => sum(W[i]));
  const indptr = [0];
  for (const i of order) indptr.push(indptr[indptr.length - 1] + incoming[i].length);
  return {
    core: core.length,
    sinks: sinks.length,
    incoming,
    outgoing,
    strength,
    order,
    label,
    indptr,
    diagonal: order.map((i) => (strength[i] > 0 ? strength[i] - alpha * W[i][i] : 1)),
    mass: order.map((i) => (strength[i] > 0 ? strength[i] : 1)),
    hanging: order.map((i) => (strength[i] > 0 ? 0 : 1)),
    inside: order.map((i) => sum(core.map((j) => (j === i ? 0 : W[i][j])))),
    indices: order.flatMap((j) => incoming[j].map((i) => label[i])),
    data: order.flatMap((j) => incoming[j].map((i) => W[i][j])),
  };
}

/** The rows by label in memory, as the sweeps take them. */
function rows(build: Build, random: Sampler, n: number, form: Form) {
  const { heap } = build;
  const W = graph(random, n, form);
  const alpha = 0.5 + random.unit() / 2.1;
  const N = numbering(W, alpha);
  const pointers = [
    heap.input(N.indptr, 'i32'),
    heap.input(N.indices, 'i32'),
    form === 'Unit' ? 0 : heap.input(N.data, storage(form)),
  ] as const;
  const pull = (k: number, u: number[]) => {
    let total = 0;
    for (let e = N.indptr[k]; e < N.indptr[k + 1]; e++) total += N.data[e] * u[N.indices[e]];
    return total;
  };
  return { W, alpha, N, pointers, pull };
}

describe.each(builds)('graph kernels, $name build', (build) => {
  it('finds the range of weights, and a NaN anywhere', () => {
    each(build, fc.record({ n: length, seed, form: fc.constantFrom('F64' as const, 'F32' as const), bad: fc.boolean() }), (s) => {
      const { kernels, heap } = build;
      const random = new Sampler(s.seed);
      const values = random.vector(s.n, () => Math.fround(random.value()));
      if (s.bad && s.n > 0) values[random.integer(s.n)] = NaN;
      const before = [random.value(), random.value()];
      const range = heap.output(before);
      kernels[`weightRange${s.form}`](heap.input(values, storage(s.form)), s.n, range);
      expect(heap.read(range, 2)).toEqual([Math.min(before[0], ...values), Math.max(before[1], ...values)]);
    });
  });

  it('counts, orders and scatters edges block by block', () => {
    each(build, shape, ({ n, seed, form }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const W = graph(random, n, form);
      const alpha = 0.85;
      const N = numbering(W, alpha);
      const csr = compress(W);
      const nnz = N.indices.length;
      const cut = random.integer(n + 1);
      const blocks = [
        [0, cut],
        [cut, n],
      ].map(([first, end]) => {
        const [from, to] = [csr.indptr[first], csr.indptr[end]];
        const indptr = heap.input(csr.indptr.slice(first, end + 1), 'i32');
        const indices = heap.input(csr.indices.slice(from, to), 'i32');
        const data = form === 'Unit' ? 0 : heap.input(csr.data.slice(from, to), storage(form));
        return [indptr, end - first, indices, data, first] as const;
      });

      const incoming = heap.output(new Array(n).fill(0), 'i32');
      const outgoing = heap.blank(n, 'i32');
      const [strength, loop] = [heap.blank(n), heap.blank(n)];
      for (const block of blocks) kernels[`edgeCount${form}`](...block, incoming, outgoing, strength, loop);
      expect(heap.read(incoming, n, 'i32')).toEqual(N.incoming.map((from) => from.length));
      expect(heap.read(outgoing, n, 'i32')).toEqual(N.outgoing);
      expectClose(heap.read(strength, n), N.strength);
      expect(heap.read(loop, n)).toEqual(W.map((row, i) => row[i]));

      const [label, indptr] = [heap.blank(n, 'i32'), heap.blank(n + 1, 'i32')];
      const [diagonal, mass, hanging, inside] = [heap.blank(n), heap.blank(n), heap.blank(n), heap.blank(n)];
      const counts = heap.blank(4, 'i32');
      kernels.pageRankOrder(
        n,
        alpha,
        incoming,
        outgoing,
        strength,
        loop,
        label,
        incoming,
        indptr,
        diagonal,
        mass,
        hanging,
        counts,
      );
      expect(heap.read(label, n, 'i32')).toEqual(N.label);
      expect(heap.read(indptr, n + 1, 'i32')).toEqual(N.indptr);
      expect(heap.read(incoming, n, 'i32')).toEqual(N.label.map((k) => N.indptr[k]));
      expect(heap.read(counts, 2, 'i32')).toEqual([N.core, N.sinks]);
      expectClose(heap.read(diagonal, n), N.diagonal);
      expectClose(heap.read(mass, n), N.mass);
      expect(heap.read(hanging, n)).toEqual(N.hanging);

      const [outIndices, outData] = [heap.blank(nnz, 'i32'), form === 'Unit' ? 0 : heap.blank(nnz, storage(form))];
      const end = N.indptr[N.core];
      for (const block of blocks) kernels[`edgeScatter${form}`](...block, label, incoming, end, outIndices, outData, inside);
      expect(heap.read(outIndices, nnz, 'i32')).toEqual(N.indices);
      if (form !== 'Unit') expect(heap.read(outData, nnz, storage(form))).toEqual(N.data);
      expectClose(heap.read(inside, n), N.inside);
      expect(heap.read(incoming, n, 'i32')).toEqual(N.label.map((k) => N.indptr[k + 1]));
    });
  });

  it('sweeps some rows, each with the newest values', () => {
    each(build, shape, ({ n, seed, form }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const { alpha, N, pointers, pull } = rows(build, random, n, form);
      const [v, u] = [random.vector(n, random.positive), random.vector(n, random.positive)];
      const [first, last] = [random.integer(n + 1), random.integer(n + 1)].sort((a, b) => a - b);
      const [V, D, U] = [heap.input(v), heap.input(N.diagonal), heap.output(u)];
      const change = kernels[`gaussSeidel${form}`](...pointers, first, last, alpha, V, D, U);
      let expected = 0;
      for (let k = first; k < last; k++) {
        const x = v[k] + alpha * pull(k, u);
        expected += Math.abs(x - N.diagonal[k] * u[k]);
        u[k] = x / N.diagonal[k];
      }
      expectClose(heap.read(U, n), u);
      expectClose([change], [expected]);
    });
  });

  it('computes residuals, their sum, and what bounds its rounding', () => {
    each(build, fc.record({ ...shapeFields, terms: fc.constantFrom('none', 'v', 'both') }), ({ n, seed, form, terms }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const { alpha, N, pointers, pull } = rows(build, random, n, form);
      const [v, w, u] = [random.vector(n), random.vector(n), random.vector(n)];
      const [a, b] = [random.value(), random.value()];
      const [V, W] = [terms === 'none' ? 0 : heap.input(v), terms === 'both' ? heap.input(w) : 0];
      const [D, U, out, sums] = [heap.input(N.diagonal), heap.input(u), heap.blank(n), heap.blank(2)];
      kernels[`pageRankResidual${form}`](...pointers, n, alpha, a, V, b, W, D, U, out, sums);
      const expected = u.map((x, k) => (V ? a * v[k] : 0) + (W ? b * w[k] : 0) + alpha * pull(k, u) - N.diagonal[k] * x);
      expectClose(heap.read(out, n), expected, 1e-11);
      const rounding = sum(u.map((x, k) => (N.indptr[k + 1] - N.indptr[k]) * Math.abs(N.diagonal[k] * x)));
      expectClose(heap.read(sums, 2), [sum(expected.map(Math.abs)), rounding], 1e-11);
    });
  });

  it('returns scores in the order of the nodes', () => {
    each(build, shape, ({ n, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const { N } = rows(build, random, n, 'F64');
      const u = random.vector(n);
      const out = heap.blank(n);
      kernels.pageRankScores(n, heap.input(N.label, 'i32'), heap.input(N.mass), heap.input(u), out);
      expect(heap.read(out, n)).toEqual(N.label.map((k) => N.mass[k] * u[k]));
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, graphKernels(new JsMemory())));
});
