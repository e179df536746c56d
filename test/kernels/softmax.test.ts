import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { softmaxKernels } from '../../src/backend/js/softmax.ts';
import { builds } from './builds.ts';
import { padRows, rounded, sample, strideOf, unpad, width, zeros } from './layers.ts';
import { each, expectCalled, expectClose, Sampler, type Suffix, seed, storage, suffix } from './samples.ts';

const KINDS = ['F32', 'F64'] as const;
const tolerance = (kind: Suffix) => (kind === 'F32' ? 2e-6 : 1e-13);

describe.each(builds)('softmax kernels, $name build', (build) => {
  const shape = fc.record({
    rows: fc.constantFrom(0, 1, 2, 5),
    classes: width,
    spare: fc.constantFrom(0, 8),
    size: fc.constantFrom(1, 20, 1e4),
    kind: suffix,
    seed,
  });

  it('gives the cross-entropy and its gradient row by row, however large the logits, and a padding of 0 whatever lies there', () => {
    each(build, shape, ({ rows, classes, spare, size, kind, seed }) => {
      const { kernels, heap } = build;
      const [random, store, stride] = [new Sampler(seed), storage(kind), strideOf(classes) + spare];
      const [label, scale] = [random.integer(classes), rounded(kind)(random.positive())];
      const Z = Array.from({ length: rows }, () => sample(random, classes, kind, () => size * random.value()));
      const G = heap.blank(rows * stride, store);
      const logits = heap.input(padRows(Z, stride, 12), store);
      const loss = kernels[`softmaxLoss${kind}`](logits, rows, stride, classes, label, scale, G);
      const parts = Z.map((z) => {
        const top = Math.max(...z);
        const mass = z.reduce((sum, v) => sum + Math.exp(v - top), 0);
        return {
          loss: Math.log(mass) + top - z[label],
          gradient: z.map((v, c) => scale * (Math.exp(v - top) / mass - (c === label ? 1 : 0))),
        };
      });
      const total = parts.reduce((sum, part) => sum + part.loss, 0);
      expectClose([loss], [total], rows * tolerance(kind));
      const read = heap.read(G, rows * stride, store);
      const expected = parts.map(({ gradient }) => gradient);
      expectClose(read, padRows(expected, stride), tolerance(kind));
      for (const row of unpad(read, stride)) expect(row.slice(classes)).toEqual(zeros(stride - classes));
    });
  });

  it.each(KINDS)(
    'takes the exponential to a relative error of 3e-7 down to e^-87, and gives 0 where single precision ends (%s)',
    (kind) => {
      const { kernels, heap } = build;
      const [random, round, store] = [new Sampler(3), rounded(kind), storage(kind)];
      const Z = Array.from({ length: 20000 }, (_, k) => round(k < 100 ? -87 + 0.01 * k : -87 * random.unit()));
      heap.reset();
      // The second of two logits, 0 and z: its share e^z / (1 + e^z) is e^z itself where 1 + e^z rounds to 1.
      const rows = Z.map((z) => [0, z]);
      const out = heap.blank(8 * Z.length, store);
      kernels[`softmaxLoss${kind}`](heap.input(padRows(rows, 8), store), Z.length, 8, 2, 0, 1, out);
      const G = unpad(heap.read(out, 8 * Z.length, store), 8).map((row) => row[1]);
      heap.check();
      const errors = Z.map((z, k) => Math.abs(G[k] / (Math.exp(z) / (1 + Math.exp(z))) - 1));
      const tail = errors.filter((_, k) => Z[k] < -17.5);
      const limit = kind === 'F32' ? 3e-7 : 1e-14;
      expect(Math.max(...tail)).toBeLessThan(limit);
      // Sum, quotient and product are rounded too.
      expect(Math.max(...errors)).toBeLessThan(limit + 2e-7);

      heap.reset();
      const far = heap.blank(8, store);
      const loss = kernels[`softmaxLoss${kind}`](heap.input(padRows([[-3e4, 3e4]], 8), store), 1, 8, 2, 1, 1, far);
      expect([loss, ...heap.read(far, 8, store)]).toEqual(zeros(9));
      heap.check();
    },
  );

  it.each(KINDS)('gives NaN for logits that hold one, and no trap (%s)', (kind) => {
    const { kernels, heap } = build;
    for (const at of [0, 1, 4]) {
      heap.reset();
      const z = [0, 1, 2, 3, 4].map((v, c) => (c === at ? NaN : v));
      const G = heap.blank(8, storage(kind));
      expect(kernels[`softmaxLoss${kind}`](heap.input(padRows([z], 8), storage(kind)), 1, 8, 5, 2, 1, G)).toBeNaN();
      heap.check();
    }
  });

  it('calls every kernel of its group', () => expectCalled(build, softmaxKernels(new JsMemory())));
});
