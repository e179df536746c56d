import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { tallKernels } from '../../src/backend/js/tall.ts';
import { builds } from './builds.ts';
import { padRows, rounded } from './layers.ts';
import { each, expectCalled, type Matrix, Sampler, type Suffix, seed, storage, suffix } from './samples.ts';

const width = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 17);
const shape = fc.record({
  rows: fc.constantFrom(0, 1, 2, 63, 64, 65, 150),
  a: width,
  b: width,
  gap: fc.constantFrom(0, 1, 3),
  kind: suffix,
  seed,
});

/** start + A'B: 64 rows at a time with every product and sum rounded, then in 64 bits */
function gram(A: Matrix, B: Matrix, start: Matrix, kind: Suffix): Matrix {
  const round = rounded(kind);
  return start.map((row, i) =>
    row.map((value, j) => {
      for (let first = 0; first < A.length; first += 64) {
        let sum = 0;
        for (let r = first; r < Math.min(first + 64, A.length); r++) sum = round(sum + round(A[r][i] * B[r][j]));
        value += sum;
      }
      return value;
    }),
  );
}

describe.each(builds)('products of tall matrices, $name build', (build) => {
  it("adds A'B in the stated order of summation, with row gaps", () => {
    each(build, shape, ({ rows, a, b, gap, kind, seed }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const [A, B, start] = [random.matrix(rows, a, kind), random.matrix(rows, b, kind), random.matrix(a, b)];
      const store = storage(kind);
      const out = heap.output(padRows(start, b + gap, 7));
      kernels[`tallGram${kind}`](
        heap.input(padRows(A, a + gap, NaN), store),
        a + gap,
        a,
        heap.input(padRows(B, b, NaN), store),
        b,
        b,
        rows,
        out,
        b + gap,
      );
      expect(heap.read(out, a * (b + gap))).toEqual(padRows(gram(A, B, start, kind), b + gap, 7));
    });
  });

  it('gives a symmetric matrix to the last bit for a matrix with itself', () => {
    each(build, shape, ({ rows, a, gap, kind, seed }) => {
      const { kernels, heap } = build;
      const A = new Sampler(seed).matrix(rows, a, kind);
      const from = Array.from({ length: a }, (_, i) => Array.from({ length: a }, (_, j) => i + j));
      const at = heap.input(padRows(A, a + gap, NaN), storage(kind));
      const out = heap.output(padRows(from, a));
      kernels[`tallGram${kind}`](at, a + gap, a, at, a + gap, a, rows, out, a);
      expect(heap.read(out, a * a)).toEqual(gram(A, A, from, kind).flat());
    });
  });

  it('calls every kernel of its group', () => expectCalled(build, tallKernels(new JsMemory())));
});
