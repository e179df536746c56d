import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternateKernels } from '../../src/backend/js/alternate.ts';
import { alternateCgKernels } from '../../src/backend/js/alternateCg.ts';
import { factorLossKernels } from '../../src/backend/js/factorLoss.ts';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { type Build, builds } from './builds.ts';
import { padRows, sample, unpad } from './layers.ts';
import { each, expectCalled, expectClose, inner, type Matrix, Sampler, type Suffix, seed, storage, suffix } from './samples.ts';

const shape = fc.record({
  rows: fc.constantFrom(1, 2, 5),
  others: fc.constantFrom(1, 3, 9, 14),
  k: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11),
  biased: fc.boolean(),
  /** Whether this side's bias comes first, as that of the rows does. */
  bias: fc.boolean(),
  weighted: fc.boolean(),
  implicit: fc.boolean(),
  prior: fc.boolean(),
  graph: fc.boolean(),
  extra: fc.constantFrom(0, 8),
  batch: fc.constantFrom(1, 3, 8, 64),
  kind: suffix,
  seed,
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Everything the contract names, as plain arrays. */
interface Case extends Shape {
  stride: number;
  own: number;
  offset: number;
  entries: { column: number; weight: number; moment: number }[][];
  Y: Matrix;
  Z: Matrix;
  P: Matrix | undefined;
  base: Matrix | undefined;
  links: Matrix | undefined;
  ridge: number[];
  biasRidge: number[];
  slots: number[];
}

function sampleCase(traits: Shape): Case {
  const { rows, others, k, biased, bias, weighted, prior, graph, extra, kind } = traits;
  const random = new Sampler(traits.seed);
  const stride = Math.ceil((k + (biased ? 2 : 0)) / 8) * 8 + extra;
  const [own, offset] = bias ? [k, k + 1] : [k + 1, k];
  const laid = (count: number, one: number): Matrix =>
    Array.from({ length: count }, () => {
      const row = [...sample(random, k + (biased ? 2 : 0), kind), ...new Array(stride - k - (biased ? 2 : 0)).fill(0)];
      if (biased) row[one] = 1;
      return row;
    });
  const empty = random.integer(rows + 1);
  const entries = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: others }, (_, column) => column)
      .filter(() => i !== empty && random.unit() < 0.8)
      .map((column) => ({
        column,
        weight: weighted ? sample(random, 1, kind, () => (random.unit() < 0.1 ? 0 : random.positive()))[0] : 1,
        moment: sample(random, 1, kind)[0],
      })),
  );
  const G = laid(k, own);
  const base = traits.implicit ? G.map((a) => G.map((b) => round(kind, inner(a.slice(0, k), b.slice(0, k))))) : undefined;
  const half: Matrix = Array.from({ length: rows }, () => random.vector(rows, () => (random.unit() < 0.5 ? 0 : random.unit())));
  return {
    ...traits,
    stride,
    own,
    offset,
    entries,
    Y: laid(others, own),
    Z: laid(rows, offset),
    P: prior ? laid(rows, offset) : undefined,
    base,
    links: graph ? half.map((row, i) => row.map((_, l) => (i === l ? 0 : half[Math.min(i, l)][Math.max(i, l)]))) : undefined,
    ridge: random.vector(rows, random.positive),
    biasRidge: random.vector(rows, random.positive),
    slots: [...Array(k).keys(), ...(biased ? [own] : [])],
  };
}

const round = (kind: Suffix, value: number) => (kind === 'F32' ? Math.fround(value) : value);

/** Matrix and right-hand side of row i, given the rows of Z as they are. */
function normalEquations(c: Case, Z: Matrix, i: number): { A: Matrix; b: number[]; pull: number[] } {
  const { slots, k } = c;
  const regressor = (j: number) => slots.map((_, n) => (n < k ? c.Y[j][n] : 1));
  const A = slots.map(() => slots.map(() => 0));
  const b = slots.map(() => 0);
  for (const { column, weight, moment } of c.entries[i]) {
    const y = regressor(column);
    const m = moment - (c.biased ? weight * c.Y[column][c.offset] : 0);
    for (const s of slots.keys()) {
      b[s] += m * y[s];
      for (const t of slots.keys()) A[s][t] += weight * y[s] * y[t];
    }
  }
  const pull = [...b];
  for (const [s, slot] of slots.entries()) {
    if (c.base && s < k) for (let t = 0; t < k; t++) A[s][t] += c.base[s][t];
    const ridge = s < k ? c.ridge[i] : c.biasRidge[i];
    const mine = c.P ? c.P[i][slot] : 0;
    A[s][s] += ridge;
    b[s] += ridge * mine;
    if (!c.links) continue;
    for (let l = 0; l < c.rows; l++) {
      A[s][s] += c.links[i][l];
      b[s] += c.links[i][l] * (mine + Z[l][slot] - (c.P ? c.P[l][slot] : 0));
    }
  }
  return { A, b, pull };
}

function eliminate(A: Matrix, b: number[]): number[] {
  const M = A.map((row, i) => [...row, b[i]]);
  for (const k of M.keys()) {
    for (const i of M.keys()) {
      if (i === k) continue;
      const f = M[i][k] / M[k][k];
      M[i] = M[i].map((v, j) => v - f * M[k][j]);
    }
  }
  return M.map((row, i) => row[M.length] / row[i]);
}

/** Where everything lies. */
function place(build: Build, c: Case) {
  const { heap } = build;
  const { k, biased, kind, stride, entries } = c;
  const store = storage(kind);
  const flat = entries.flat();
  const indptr = [0];
  for (const row of entries) indptr.push(indptr[indptr.length - 1] + row.length);
  const width = Math.ceil((k + Number(biased)) / 4) * 4;
  let graph = 0;
  if (c.links) {
    const start = [0];
    const edges = c.links.map((row) => row.flatMap((weight, l) => (weight === 0 ? [] : [{ l, weight }])));
    for (const row of edges) start.push(start[start.length - 1] + row.length);
    const parts = [
      heap.input(start, 'i32'),
      heap.input(
        edges.flat().map(({ l }) => l),
        'i32',
      ),
      heap.input(edges.flat().map(({ weight }) => weight)),
    ];
    graph = heap.input(parts, 'u32');
  }
  return {
    store,
    width,
    graph,
    indptr: heap.input(indptr, 'i32'),
    indices: heap.input(
      flat.map(({ column }) => column),
      'i32',
    ),
    weight: c.weighted
      ? heap.input(
          flat.map(({ weight }) => weight),
          store,
        )
      : 0,
    moment: heap.input(
      flat.map(({ moment }) => moment),
      store,
    ),
    Y: heap.input(padRows(c.Y, stride), store),
    Z: heap.output(padRows(c.Z, stride), store),
    prior: c.P ? heap.input(padRows(c.P, stride), store) : 0,
    base: c.base ? heap.input([...padRows(c.base, width), ...new Array((width - k) * width).fill(0)]) : 0,
    baseRows: c.base ? heap.input(padRows(c.base, stride), store) : 0,
    ridge: heap.input(c.ridge),
    biasRidge: biased ? heap.input(c.biasRidge) : 0,
    scratch: heap.blank(3 * stride, store),
  };
}

const isEmpty = (c: Case, i: number) => c.entries[i].length === 0;

/** Rows of Z with the values of one row in its slots. */
function withRow(c: Case, Z: Matrix, i: number, values: number[]): Matrix {
  return Z.map((row, l) => (l === i ? row.map((v, t) => (c.slots.includes(t) ? values[c.slots.indexOf(t)] : v)) : row));
}

/** At most `steps` steps of conjugate gradients from z. */
function conjugateGradients(A: Matrix, b: number[], z: number[], steps: number): number[] {
  const times = (x: number[]) => A.map((row) => inner(row, x));
  let x = z;
  let r = b.map((v, t) => v - times(z)[t]);
  let p = r;
  for (let step = 0; step < steps && inner(r, r) > 1e-28; step++) {
    const q = times(p);
    const alpha = inner(r, r) / inner(p, q);
    x = x.map((v, t) => v + alpha * p[t]);
    const next = r.map((v, t) => v - alpha * q[t]);
    const beta = inner(next, next) / inner(r, r);
    p = next.map((v, t) => v + beta * p[t]);
    r = next;
  }
  return x;
}

describe.each(builds)('alternating least squares, $name build', (build) => {
  function alternate(c: Case, first: number, last: number) {
    const { kernels, heap } = build;
    const at = place(build, c);
    const copies = c.weighted ? 2 : 1;
    const buffer = heap.blank(c.batch * (copies * at.width + 1), at.store);
    const reached = kernels[`alternate${c.kind}`](
      first,
      last,
      at.indptr,
      at.indices,
      at.weight,
      at.moment,
      at.Y,
      c.stride,
      c.k,
      Number(c.biased),
      c.own,
      c.offset,
      at.base,
      at.ridge,
      at.biasRidge,
      at.prior,
      at.graph,
      at.Z,
      buffer,
      c.batch,
      heap.blank(at.width ** 2),
      heap.blank(at.width),
    );
    return { reached, Z: unpad(heap.read(at.Z, c.rows * c.stride, at.store), c.stride) };
  }

  it('solves the normal equations of rows first to last - 1, each in turn, and touches nothing else', () => {
    each(build, shape, (traits) => {
      const c = sampleCase(traits);
      const first = traits.seed % 2 === 0 ? 0 : Math.min(1, c.rows - 1);
      const found = alternate(c, first, c.rows);
      let Z = c.Z;
      for (let i = first; i < c.rows; i++) {
        const { A, b } = normalEquations(c, Z, i);
        Z = withRow(c, Z, i, eliminate(A, b));
      }
      expect(found.reached).toBe(c.rows);
      expectClose(found.Z.flat(), Z.flat(), c.kind === 'F32' ? 5e-3 : 1e-8);
      for (let i = 0; i < c.rows; i++) {
        for (let t = 0; t < c.stride; t++) if (i < first || !c.slots.includes(t)) expect(found.Z[i][t]).toBe(c.Z[i][t]);
      }
    });
  });

  it('makes rows without entries, base and graph their prior to the bit, or 0', () => {
    each(build, shape, (traits) => {
      const c = sampleCase({ ...traits, graph: false, implicit: false });
      const { Z } = alternate(c, 0, c.rows);
      for (let i = 0; i < c.rows; i++) {
        if (isEmpty(c, i)) for (const t of c.slots) expect(Z[i][t]).toBe(c.P ? c.P[i][t] : 0);
      }
    });
  });

  it('fits fewer entries than unknowns without a ridge by a jitter', () => {
    each(build, shape, (traits) => {
      const c = sampleCase({ ...traits, k: 5, graph: false, implicit: false, prior: false, weighted: false, others: 9 });
      c.entries = c.entries.map((row) => row.slice(0, 2));
      c.ridge.fill(0);
      c.biasRidge.fill(0);
      const { reached, Z } = alternate(c, 0, c.rows);
      expect(reached).toBe(c.rows);
      for (let i = 0; i < c.rows; i++) {
        for (const { column, moment } of c.entries[i]) {
          const fitted = inner(Z[i], c.Y[column]);
          expect(Math.abs(fitted - moment)).toBeLessThanOrEqual(c.kind === 'F32' ? 0.05 : 1e-6);
        }
      }
    });
  });

  it('stops at the first row whose matrix is not finite', () => {
    each(build, shape, (traits) => {
      const c = sampleCase({ ...traits, rows: 5, others: 9, graph: false, implicit: false, biased: false, weighted: false });
      c.entries = c.entries.map((_, i) => [{ column: i < 2 ? 0 : 1, weight: 1, moment: 1 }]);
      c.Y[1][0] = c.kind === 'F32' ? Infinity : 1e200;
      expect(alternate(c, 0, 5).reached).toBe(2);
    });
  });

  it('takes conjugate gradient steps from the rows as they are', () => {
    each(build, fc.tuple(shape, fc.constantFrom(0, 1, 2, 3, 40)), ([traits, steps]) => {
      const { kernels, heap } = build;
      const c = sampleCase(traits);
      const at = place(build, c);
      kernels[`alternateCg${c.kind}`](
        0,
        c.rows,
        at.indptr,
        at.indices,
        at.weight,
        at.moment,
        at.Y,
        c.stride,
        c.k,
        Number(c.biased),
        c.own,
        c.offset,
        at.baseRows,
        at.ridge,
        at.biasRidge,
        at.prior,
        at.graph,
        at.Z,
        steps,
        at.scratch,
      );
      const found = unpad(heap.read(at.Z, c.rows * c.stride, at.store), c.stride);
      let Z = c.Z;
      for (let i = 0; i < c.rows; i++) {
        const { A, b } = normalEquations(c, Z, i);
        const start = c.slots.map((t) => Z[i][t]);
        let row: number[];
        if (isEmpty(c, i) && !c.P && !c.links) row = start.map(() => 0);
        else row = steps > 3 ? eliminate(A, b) : conjugateGradients(A, b, start, steps);
        Z = withRow(c, Z, i, row);
      }
      expectClose(found.flat(), Z.flat(), c.kind === 'F32' ? 2e-2 : 1e-6);
      for (let i = 0; i < c.rows; i++) {
        for (let t = 0; t < c.stride; t++) if (!c.slots.includes(t)) expect(found[i][t]).toBe(c.Z[i][t]);
      }
    });
  });

  it("writes half the negative gradient of every row, and returns the size of the entries' part of it", () => {
    each(build, shape, (traits) => {
      const { kernels, heap } = build;
      const c = sampleCase(traits);
      const at = place(build, c);
      const out = heap.blank(c.rows * c.stride, at.store);
      const size = kernels[`factorResiduals${c.kind}`](
        c.rows,
        at.indptr,
        at.indices,
        at.weight,
        at.moment,
        at.Y,
        c.stride,
        c.k,
        Number(c.biased),
        c.own,
        c.offset,
        at.baseRows,
        at.ridge,
        at.biasRidge,
        at.prior,
        at.graph,
        at.Z,
        out,
        at.scratch,
      );
      let expected = 0;
      const residuals = c.Z.map((z, i) => {
        const { A, b, pull } = normalEquations(c, c.Z, i);
        expected += inner(pull, pull);
        const row = new Array<number>(c.stride).fill(0);
        for (const [s, slot] of c.slots.entries()) {
          row[slot] =
            b[s] -
            inner(
              A[s],
              c.slots.map((t) => z[t]),
            );
        }
        return row;
      });
      expectClose(heap.read(out, c.rows * c.stride, at.store), residuals.flat(), c.kind === 'F32' ? 1e-4 : 1e-11);
      expectClose([size], [expected], c.kind === 'F32' ? 1e-5 : 1e-12);
      expect(heap.read(at.Z, c.rows * c.stride, at.store)).toEqual(c.Z.flat());
    });
  });

  it('gives products, losses and penalties of the entries', () => {
    each(build, shape, (traits) => {
      const { kernels, heap } = build;
      const c = sampleCase(traits);
      const at = place(build, c);
      const all = c.entries.flatMap((row, i) => row.map((entry) => ({ ...entry, d: inner(c.Z[i], c.Y[entry.column]) })));
      const tolerance = c.kind === 'F32' ? 1e-5 : 1e-12;
      const out = heap.blank(all.length, at.store);
      kernels[`entryProducts${c.kind}`](c.rows, at.indptr, at.indices, at.Z, at.Y, c.stride, out);
      expectClose(
        heap.read(out, all.length, at.store),
        all.map(({ d }) => d),
        tolerance,
      );
      const loss = (implicit: number) =>
        kernels[`entryLoss${c.kind}`](c.rows, at.indptr, at.indices, at.weight, at.moment, implicit, at.Z, at.Y, c.stride);
      const explicit = all.reduce((s, { weight, moment, d }) => (weight > 0 ? s + weight * (moment / weight - d) ** 2 : s), 0);
      expectClose([loss(0)], [explicit], 10 * tolerance);
      const scale = all.reduce((s, { weight, moment, d }) => s + weight * d * d + Math.abs(2 * moment * d), 1);
      const implicit = all.reduce((s, { weight, moment, d }) => s + weight * d * d - 2 * moment * d, 0);
      expect(Math.abs(loss(1) - implicit)).toBeLessThanOrEqual(tolerance * scale);
      const penalty = kernels[`ridgePenalty${c.kind}`](
        c.rows,
        at.Z,
        c.stride,
        c.k,
        Number(c.biased),
        c.own,
        at.ridge,
        at.biasRidge,
        at.prior,
      );
      const expected = c.Z.map((z, i) =>
        c.slots.reduce((s, t, n) => s + (n < c.k ? c.ridge : c.biasRidge)[i] * (z[t] - (c.P ? c.P[i][t] : 0)) ** 2, 0),
      );
      expectClose([penalty], [expected.reduce((a, b) => a + b, 0)], 1e-12);
    });
  });

  it('calls every kernel of its group', () =>
    expectCalled(build, {
      ...alternateKernels(new JsMemory()),
      ...alternateCgKernels(new JsMemory()),
      ...factorLossKernels(new JsMemory()),
    }));
});
