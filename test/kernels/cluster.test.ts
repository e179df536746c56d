import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterKernels } from '../../src/backend/js/cluster.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { type Build, builds } from './builds.ts';
import { padRows } from './layers.ts';
import {
  compress,
  each,
  expectCalled,
  expectClose,
  inner,
  length,
  type Matrix,
  rowMajor,
  Sampler,
  seed,
  transpose,
} from './samples.ts';

const rowCount = fc.constantFrom(1, 2, 5, 127, 128, 129, 200);
const shape = fc.record({
  n: rowCount,
  p: fc.constantFrom(1, 2, 3, 4, 5, 8, 11),
  k: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 17, 24),
  sparse: fc.boolean(),
  seed,
});

/** The squared distance in the order of summation that the contract states. */
function distance(x: number[], c: number[], sparse: boolean): number {
  if (sparse) {
    const norm = c.reduce((sum, v) => sum + v * v, 0);
    return Math.max(
      x.reduce((sum, v, j) => (v === 0 ? sum : sum + ((v - c[j]) * (v - c[j]) - c[j] * c[j])), norm),
      0,
    );
  }
  const sums = [0, 0, 0, 0];
  const whole = x.length - (x.length % 4);
  const square = (j: number) => (x[j] - c[j]) * (x[j] - c[j]);
  for (let j = 0; j < whole; j++) sums[j % 4] += square(j);
  let total = sums[0] + sums[2] + (sums[1] + sums[3]);
  for (let j = whole; j < x.length; j++) total += square(j);
  return total;
}

/** Whole steps of 1/4, so that ties are common. */
const coarse = (M: Matrix): Matrix => M.map((row) => row.map((v) => Math.round(2 * v) / 4));

function nearest(X: Matrix, C: Matrix, sparse: boolean): number[] {
  return X.map((x) => {
    const d = C.map((c) => distance(x, c, sparse));
    return d.indexOf(Math.min(...d));
  });
}

function place({ heap }: Build, X: Matrix, sparse: boolean): [indptr: number, indices: number, values: number] {
  if (!sparse) return [0, 0, heap.input(rowMajor(X))];
  const { indptr, indices, data } = compress(X);
  return [heap.input(indptr, 'i32'), heap.input(indices, 'i32'), heap.input(data)];
}

const squareNorm = (x: number[]) => inner(x, x);
const gap = (a: number[], b: number[]) => Math.sqrt(distance(a, b, false));

describe.each(builds)('clusters, $name build', (build) => {
  it("assigns every row to the centre that Lloyd's algorithm finds, twice, and keeps true bounds", () => {
    each(
      build,
      fc.record({ shape, ties: fc.boolean(), far: fc.boolean() }),
      ({ shape: { n, p, k, sparse, seed }, ties, far }) => {
        const { kernels, heap } = build;
        const random = new Sampler(seed);
        const draw = (rows: number) => (ties ? coarse(random.matrix(rows, p)) : random.matrix(rows, p));
        const X = sparse ? draw(n).map((row) => row.map((v) => (random.unit() < 0.5 ? 0 : v))) : draw(n);
        const rows = place(build, X, sparse);
        const stride = Math.ceil(k / 8) * 8;
        const squares = heap.input(X.map(squareNorm));
        const labels = heap.output(new Array(n).fill(-1), 'i32');
        const [upper, lower] = [heap.blank(n), heap.blank(n)];
        const dirty = heap.output(new Array(k).fill(0), 'i32');
        const scratch = heap.output(new Array(544 * p + 512 * stride + 512).fill(0), 'u8');
        let C = draw(k);
        let before = new Array(n).fill(-1);
        let moved = new Array(k).fill(0);
        for (let step = 0; step < 3; step++) {
          const norms = C.map(squareNorm);
          const radius = Math.sqrt(Math.max(...norms));
          const e = (p + 8) * 6.3e-8;
          const half = C.map((c, a) => Math.min(...C.map((other, b) => (a === b ? Infinity : gap(c, other) / 2))));
          const drop = C.map((_, a) => Math.max(0, ...moved.filter((_, b) => b !== a)));
          const changed = kernels.hamerlyStep(
            ...rows,
            n,
            p,
            squares,
            heap.input(rowMajor(C)),
            heap.input(norms),
            k,
            heap.input(padRows(transpose(C, p), stride, 0), 'f32'),
            stride,
            heap.input(padRows([norms.map((v) => -v / 2)], stride, 0), 'f32'),
            heap.input(half),
            heap.input(moved),
            heap.input(drop),
            e * radius,
            (e * radius * radius) / 2 + 1e-44 * p,
            labels,
            upper,
            lower,
            dirty,
            scratch,
          );
          const found = heap.read(labels, n, 'i32');
          expect(found).toEqual(nearest(X, C, sparse));
          expect(changed).toBe(found.filter((label, i) => label !== before[i]).length);
          const touched = new Set(found.flatMap((label, i) => (label === before[i] ? [] : [label, before[i]])));
          expect(heap.read(dirty, k, 'i32')).toEqual(C.map((_, c) => (touched.has(c) ? 1 : 0)));
          const [u, l] = [heap.read(upper, n), heap.read(lower, n)];
          X.forEach((x, i) => {
            const others = C.filter((_, c) => c !== found[i]).map((c) => gap(x, c));
            expect(u[i]).toBeGreaterThanOrEqual(gap(x, C[found[i]]) * (1 - 1e-15));
            expect(l[i]).toBeLessThanOrEqual(Math.min(...others) + 1e-12);
          });
          heap.write(dirty, new Array(k).fill(0), 'i32');
          before = found;
          const size = far ? 1 : 0.05;
          const next = C.map((c, a) =>
            a % 3 === 1 ? c : c.map((v) => v + size * (ties ? Math.round(random.value()) / 4 : random.value())),
          );
          moved = C.map((c, a) => gap(c, next[a]));
          C = next;
        }
      },
    );
  });

  it('sums the rows of the centres that changed, with weights', () => {
    each(build, fc.record({ shape, weighted: fc.boolean() }), ({ shape: { n, p, k, sparse, seed }, weighted }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const X = sparse ? random.sparse(n, p, 'F64') : random.matrix(n, p);
      const labels = X.map(() => random.integer(k));
      const w = weighted ? random.vector(n, random.positive) : undefined;
      const dirty = Array.from({ length: k }, () => random.integer(2));
      const [sums, mass] = [heap.output(new Array(k * p).fill(7)), heap.output(new Array(k).fill(7))];
      const at = [...place(build, X, sparse), n, p, heap.input(labels, 'i32'), heap.optional(w), k] as const;
      kernels.centreSums(...at, heap.input(dirty, 'i32'), sums, mass);
      const own = (c: number) => X.flatMap((x, i) => (labels[i] === c ? [{ x, w: w ? w[i] : 1 }] : []));
      expect(heap.read(mass, k)).toEqual(dirty.map((d, c) => (d ? own(c).reduce((s, r) => s + r.w, 0) : 7)));
      expect(heap.read(sums, k * p)).toEqual(
        dirty.flatMap((d, c) => Array.from({ length: p }, (_, j) => (d ? own(c).reduce((s, r) => s + r.w * r.x[j], 0) : 7))),
      );
    });
  });

  it('measures distances to own centres, to the first one, and between centres', () => {
    each(build, shape, ({ n, p, k, sparse, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const X = sparse ? random.sparse(n, p, 'F64') : random.matrix(n, p);
      const C = random.matrix(k, p);
      const labels = X.map(() => random.integer(k));
      const rows = place(build, X, sparse);
      const [centres, norms] = [heap.input(rowMajor(C)), heap.input(C.map(squareNorm))];
      const out = heap.blank(n);
      kernels.centreDistances(...rows, n, p, centres, norms, heap.input(labels, 'i32'), out);
      expect(heap.read(out, n)).toEqual(X.map((x, i) => distance(x, C[labels[i]], sparse)));
      kernels.centreDistances(...rows, n, p, centres, norms, 0, out);
      expect(heap.read(out, n)).toEqual(X.map((x) => distance(x, C[0], sparse)));
      const half = heap.blank(k);
      kernels.halfSeparations(centres, k, p, half);
      expect(heap.read(half, k)).toEqual(C.map((c, a) => Math.min(...C.map((b, i) => (i === a ? Infinity : gap(c, b) / 2)))));
    });
  });

  it('measures rows in the metric of a precision, and scatters them about a mean', () => {
    each(build, fc.record({ shape, full: fc.boolean() }), ({ shape: { n, p, seed }, full }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [X, mean, P] = [random.matrix(n, p), random.vector(p), random.matrix(p, p)];
      const w = random.vector(n, random.positive);
      const stride = Math.ceil(p / 8) * 8;
      const at = [heap.input(rowMajor(X)), n, p, heap.input(mean)] as const;
      const out = heap.output(new Array(n * 3).fill(7));
      const scratch = heap.output(new Array(64 * (p + stride) + 4 * p).fill(0));
      const centred = X.map((x) => x.map((v, j) => v - mean[j]));
      const factor = full ? padRows(P, stride, 0) : P.map((row) => row[0]);
      kernels.gaussianDistances(...at, heap.input(factor), full ? stride : 0, out + 8, 3, scratch);
      const images = centred.map((d) =>
        full ? transpose(P, p).map((column) => inner(column, d)) : d.map((v, j) => v * P[j][0]),
      );
      expectClose(
        heap.read(out, n * 3),
        images.flatMap((image) => [7, squareNorm(image), 7]),
      );
      const start = full ? Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_, j) => i + j)) : [random.vector(p)];
      const scatter = heap.output(start.flat());
      const weights = heap.input(w.flatMap((v) => [v, NaN]));
      kernels.gaussianScatter(...at, weights, 2, full ? 1 : 0, scatter, scratch);
      const sum = (i: number, j: number) => centred.reduce((s, d, r) => s + w[r] * d[i] * d[j], 0);
      const expected = full ? start.flatMap((row, i) => row.map((v, j) => v + sum(i, j))) : start[0].map((v, j) => v + sum(j, j));
      expectClose(heap.read(scatter, expected.length), expected, 1e-11);
    });
  });

  it('normalises rows of logarithms, also far from 0', () => {
    each(build, fc.record({ n: length, k: fc.constantFrom(1, 2, 3, 8), seed }), ({ n, k, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const S = random.matrix(n, k).map((row, i) => row.map((v) => 5 * v + (i % 3) * 2000 - 2000));
      const [at, out] = [heap.output(rowMajor(S)), heap.blank(n)];
      kernels.logSumExpRows(at, n, k, out);
      const logs = S.map((row) => {
        const most = Math.max(...row);
        return most + Math.log(row.reduce((sum, v) => sum + Math.exp(v - most), 0));
      });
      expectClose(heap.read(out, n), logs);
      expectClose(
        heap.read(at, n * k),
        S.flatMap((row, i) => row.map((v) => Math.exp(v - logs[i]))),
        1e-11,
      );
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, clusterKernels(new JsMemory())));
});
