import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { rankOneKernels } from '../../src/backend/js/rankOne.ts';
import { builds } from './builds.ts';
import { sample } from './layers.ts';
import { each, expectCalled, expectClose, Sampler, type Suffix, seed, soft, storage, suffix } from './samples.ts';

const shape = fc.record({
  rows: fc.constantFrom(0, 1, 2, 7),
  others: fc.constantFrom(1, 2, 3, 8, 17),
  weighted: fc.boolean(),
  prior: fc.boolean(),
  l1: fc.constantFrom(0, 0.3, 2),
  lower: fc.constantFrom(-Infinity, 0, -0.1),
  ridgeless: fc.boolean(),
  kind: suffix,
  seed,
});

function sampleEntries(random: Sampler, rows: number, others: number, kind: Suffix) {
  const empty = random.integer(rows + 1);
  const entries = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: others }, (_, j) => j)
      .filter(() => i !== empty && random.unit() < 0.7)
      .map((j) => ({ j, residual: sample(random, 1, kind)[0], weight: sample(random, 1, kind, random.positive)[0] })),
  );
  const indptr = [0];
  for (const row of entries) indptr.push(indptr[indptr.length - 1] + row.length);
  return { entries, indptr, flat: entries.flat() };
}

describe.each(builds)('coordinate descent on factors, $name build', (build) => {
  it('adds an outer product to the residuals of all entries', () => {
    each(build, fc.tuple(shape, fc.constantFrom(1, -1)), ([{ rows, others, kind, seed }, sign]) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const { entries, indptr, flat } = sampleEntries(random, rows, others, kind);
      const store = storage(kind);
      const [u, v] = [sample(random, rows, kind), sample(random, others, kind)];
      if (rows > 0) u[0] = 0;
      const residual = heap.output(
        flat.map((entry) => entry.residual),
        store,
      );
      kernels[`rankOneAdd${kind}`](
        rows,
        heap.input(indptr, 'i32'),
        heap.input(
          flat.map(({ j }) => j),
          'i32',
        ),
        heap.input(u, store),
        heap.input(v, store),
        sign,
        residual,
      );
      const expected = entries.flatMap((row, i) => row.map((entry) => entry.residual + sign * u[i] * v[entry.j]));
      expectClose(heap.read(residual, flat.length, store), expected, kind === 'F32' ? 1e-6 : 1e-14);
    });
  });

  it('gives every row its best value under soft threshold and bound, 0 where nothing pulls on it', () => {
    each(build, shape, ({ rows, others, weighted, prior, l1, lower, ridgeless, kind, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const { entries, indptr, flat } = sampleEntries(random, rows, others, kind);
      const store = storage(kind);
      const [v, p] = [sample(random, others, kind), sample(random, rows, kind)];
      const ridge = random.vector(rows, () => (ridgeless ? 0 : random.positive()));
      const u = heap.blank(rows, store);
      kernels[`rankOneUpdate${kind}`](
        rows,
        heap.input(indptr, 'i32'),
        heap.input(
          flat.map(({ j }) => j),
          'i32',
        ),
        weighted
          ? heap.input(
              flat.map(({ weight }) => weight),
              store,
            )
          : 0,
        heap.input(
          flat.map((entry) => entry.residual),
          store,
        ),
        heap.input(v, store),
        heap.input(ridge),
        prior ? heap.input(p, store) : 0,
        l1,
        lower,
        u,
      );
      const expected = entries.map((row, i) => {
        const w = (entry: { weight: number }) => (weighted ? entry.weight : 1);
        const num = row.reduce((s, entry) => s + w(entry) * entry.residual * v[entry.j], prior ? ridge[i] * p[i] : 0);
        const den = row.reduce((s, entry) => s + w(entry) * v[entry.j] ** 2, ridge[i]);
        return den > 0 ? Math.max(lower, soft(num, l1) / den) : 0;
      });
      const found = heap.read(u, rows, store);
      expectClose(found, expected, kind === 'F32' ? 1e-6 : 1e-11);
      // What the threshold or the bound holds is exactly there.
      for (const [i, value] of expected.entries()) if (value === 0) expect(Math.abs(found[i])).toBe(0);
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, rankOneKernels(new JsMemory())));
});
