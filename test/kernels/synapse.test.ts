import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { synapseKernels } from '../../src/backend/js/synapse.ts';
import { Random } from '../../src/core/random.ts';
import { builds } from './builds.ts';
import { compress, each, expectCalled, length, Sampler, seed, storage, suffix } from './samples.ts';

const shape = fc.record({ kind: suffix, n: length, m: fc.constantFrom(1, 3, 8, 17), seed });
const rounding = { F32: Math.fround, F64: (x: number) => x };

describe.each(builds)('synapse kernels, $name build', (build) => {
  it('adds the weights of the spikes to their targets, in order, bit for bit', () => {
    each(build, shape, ({ kind, n, m, seed }) => {
      const { kernels, heap } = build;
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Sampler(seed);
      const { indptr, indices, data } = compress(random.sparse(n, m, kind));
      const spikes = random.choice(n);
      const out = random.vector(m, () => r(random.value()));
      const [SPIKES, INDPTR, TARGETS, W] = [
        heap.input(spikes, 'i32'),
        heap.input(indptr, 'i32'),
        heap.input(indices, 'i32'),
        heap.input(data, store),
      ];
      const OUT = heap.output(out, store);
      for (const weights of [W, 0]) {
        let events = 0;
        for (const s of spikes) {
          for (let e = indptr[s]; e < indptr[s + 1]; e++, events++) {
            const w = weights ? r(r(0.7) * data[e]) : r(0.7);
            out[indices[e]] = r(out[indices[e]] + w);
          }
        }
        expect(kernels[`propagate${kind}`](SPIKES, spikes.length, INDPTR, TARGETS, weights, 0.7, OUT)).toBe(events);
        expect(heap.read(OUT, m, store)).toEqual(out);
      }
    });
  });

  it('changes plastic weights on arrival and on spikes of the targets, bit for bit', () => {
    each(build, shape, ({ kind, n, m, seed }) => {
      const { kernels, heap } = build;
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Sampler(seed);
      const { indptr, indices, data } = compress(random.sparse(n, m, kind));
      const sourceOf = indices.map((_, e) => indptr.findIndex((_, s) => indptr[s + 1] > e));
      const onto = Array.from({ length: m }, (_, t) => indices.flatMap((target, e) => (target === t ? [e] : [])));
      const edges = onto.flat();
      const colptr = [0, ...onto.map((_, t) => onto.slice(0, t + 1).flat().length)];
      const positive = () => r(random.unit());
      const [before, after, out] = [random.vector(n, positive), random.vector(m, positive), random.vector(m, positive)];
      const weights = [...data];
      const [low, high, gain, plus, minus] = [-1.5, 1.25, 0.3, 0.2, 0.1];
      const clip = (w: number) => Math.min(Math.max(w, low), high);

      const ints = (values: number[]) => heap.input(values, 'i32');
      const [INDPTR, TARGETS, COLPTR, SOURCES, EDGES] = [
        ints(indptr),
        ints(indices),
        ints(colptr),
        ints(edges.map((e) => sourceOf[e])),
        ints(edges),
      ];
      const [W, BEFORE, AFTER, OUT] = [weights, before, after, out].map((values) => heap.output(values, store));
      const [arriving, firing] = [random.choice(n), random.choice(m)];

      let events = 0;
      for (const s of arriving) {
        for (let e = indptr[s]; e < indptr[s + 1]; e++, events++) {
          const t = indices[e];
          out[t] = r(out[t] + r(r(gain) * weights[e]));
          weights[e] = clip(r(weights[e] - r(r(minus) * after[t])));
        }
        before[s] = r(before[s] + 1);
      }
      const arrive = kernels[`stdpArrive${kind}`];
      const SPIKES = ints(arriving);
      expect(arrive(SPIKES, arriving.length, INDPTR, TARGETS, W, gain, OUT, BEFORE, AFTER, minus, low, high)).toBe(events);

      for (const t of firing) {
        for (const e of onto[t]) weights[e] = clip(r(weights[e] + r(r(plus) * before[sourceOf[e]])));
        after[t] = r(after[t] + 1);
      }
      const fire = kernels[`stdpFire${kind}`];
      fire(ints(firing), firing.length, COLPTR, SOURCES, EDGES, W, BEFORE, AFTER, plus, low, high);
      for (const [pointer, values] of [
        [W, weights],
        [BEFORE, before],
        [AFTER, after],
        [OUT, out],
      ] as const) {
        expect(heap.read(pointer, values.length, store)).toEqual(values);
      }
    });
  });

  it('draws Poisson counts by inversion, neuron after neuron', () => {
    each(build, shape, ({ kind, n, seed }) => {
      const { kernels, heap } = build;
      const r = rounding[kind];
      const store = storage(kind);
      const random = new Random(seed);
      // Counts 2, 3 and 4; each byte of the guide starts at a table entry that is not too high.
      const table = [2 ** 30, 3 * 2 ** 30, 2 ** 32 - 1];
      const guide = Array.from({ length: 256 }, (_, byte) => table.findIndex((last) => last >= byte * 2 ** 24));
      const [TABLE, GUIDE] = [heap.input(table, 'u32'), heap.input(guide, 'i32')];
      const out = new Sampler(seed).vector(n, () => r(0));
      const [STATE, GAP, OUT] = [heap.output(random.state(), 'u32'), heap.output([0]), heap.output(out, store)];
      for (let k = 0; k < 3; k++) {
        for (let i = 0; i < n; i++) {
          const u = random.next();
          out[i] = r(out[i] + r(r(0.3) * (2 + table.findIndex((last) => u <= last))));
        }
        kernels[`poissonInput${kind}`](STATE, GAP, 0, 2, TABLE, GUIDE, 0.3, OUT, n);
        expect(heap.read(OUT, n, store)).toEqual(out);
        expect(heap.read(STATE, 4, 'u32')).toEqual([...random.state()]);
        expect(heap.read(GAP, 1)).toEqual([0]);
      }
    });
  });

  it('skips to the neurons with an event, across calls', () => {
    each(build, fc.record({ kind: suffix, n: length, seed }), ({ kind, n, seed }) => {
      const { kernels, heap } = build;
      const store = storage(kind);
      const inverse = -1 / 0.2;
      const random = new Random(seed);
      const listed = new Random(seed);
      const skip = (from: Random) => Math.floor(kernels.log(1 - from.uniform()) * inverse);
      const [TABLE, GUIDE] = [heap.input([2 ** 32 - 1], 'u32'), heap.input(new Array(256).fill(0), 'i32')];
      const [STATE, GAP, OUT] = [heap.output(random.state(), 'u32'), heap.output([3]), heap.output(new Array(n).fill(0), store)];
      const [STATE2, GAP2, LIST] = [heap.output(random.state(), 'u32'), heap.output([3]), heap.blank(4 * n + 2, 'i32')];
      let [gap, gap2] = [3, 3];
      for (let k = 0; k < 4; k++) {
        const hits = new Array(n).fill(0);
        for (; gap < n; gap += 1 + skip(random)) {
          hits[gap] = 1;
          random.next();
        }
        heap.write(OUT, new Array(n).fill(0), store);
        kernels[`poissonInput${kind}`](STATE, GAP, inverse, 1, TABLE, GUIDE, 1, OUT, n);
        expect(heap.read(OUT, n, store)).toEqual(hits);
        expect(heap.read(GAP, 1)).toEqual([(gap -= n)]);

        const spikes: number[] = [];
        for (; gap2 < n; gap2 += 1 + skip(listed)) spikes.push(gap2);
        gap2 -= n;
        expect(kernels.bernoulliSpikes(STATE2, GAP2, inverse, n, LIST, 2)).toBe(2 + spikes.length);
        expect(heap.read(LIST + 8, spikes.length, 'i32')).toEqual(spikes);
      }
      expect(heap.read(STATE, 4, 'u32')).toEqual([...random.state()]);
      expect(heap.read(STATE2, 4, 'u32')).toEqual([...listed.state()]);
    });
  });

  it('samples rows of a random matrix, and stops before one that might not fit', () => {
    each(build, fc.record({ rows: fc.constantFrom(1, 2, 9), cols: length, seed }), ({ rows, cols, seed }) => {
      const { kernels, heap } = build;
      const inverse = -1 / 0.5;
      const random = new Random(seed);
      const skip = () => Math.floor(kernels.log(1 - random.uniform()) * inverse);
      const capacity = 2 * cols;
      const [STATE, INDPTR, TARGETS] = [
        heap.output(random.state(), 'u32'),
        heap.output(new Array(rows + 1).fill(0), 'i32'),
        heap.blank(capacity, 'i32'),
      ];
      for (let row = 0; row < rows; ) {
        const next = kernels.bernoulliRows(STATE, inverse, row, rows, cols, INDPTR, TARGETS, capacity);
        expect(next).toBeGreaterThan(row);
        const targets: number[] = [];
        const ends = [0];
        for (let r = row; r < next; r++) {
          expect(targets.length + cols).toBeLessThanOrEqual(capacity);
          for (let j = skip(); j < cols; j += 1 + skip()) targets.push(j);
          ends.push(targets.length);
        }
        expect(heap.read(INDPTR, ends.length, 'i32')).toEqual(ends);
        expect(heap.read(TARGETS, targets.length, 'i32')).toEqual(targets);
        if (next < rows) expect(targets.length + cols).toBeGreaterThan(capacity);
        row = next;
      }
    });
  });

  it('draws integers without bias, as the seeded generator does', () => {
    each(
      build,
      fc.record({ n: length, seed, below: fc.constantFrom(1, 2, 7, 1000, 2 ** 31 - 1, 3 * 2 ** 29) }),
      ({ n, seed, below }) => {
        const { kernels, heap } = build;
        const random = new Random(seed);
        const [STATE, OUT] = [heap.output(random.state(), 'u32'), heap.blank(n, 'i32')];
        kernels.randomIntegers(STATE, below, OUT, n);
        expect(heap.read(OUT, n, 'i32')).toEqual(Array.from({ length: n }, () => random.integer(below)));
      },
    );
  });

  it('calls every kernel of its group', () => expectCalled(build, synapseKernels(new JsMemory())));
});
