import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { screenKernels } from '../../src/backend/js/screen.ts';
import { builds } from './builds.ts';
import { each, expectCalled, length, Sampler, seed } from './samples.ts';

describe.each(builds)('screening kernel, $name build', (build) => {
  it('lists, in order, exactly the columns that may reach their limit', () => {
    each(build, fc.record({ p: length, seed, limit: fc.constantFrom(0, 0.5, 1, 2, 10) }), ({ p, seed, limit }) => {
      const { kernels, heap } = build;
      const random = new Sampler(seed);
      const skip = random.vector(p, () => (random.unit() < 0.3 ? 1 + random.integer(255) : 0));
      const [centre, tail, l1] = [
        random.vector(p),
        random.vector(p, random.unit.bind(random)),
        random.vector(p, random.positive),
      ];
      const radius = random.unit();
      const out = heap.blank(p, 'i32');
      const [SKIP, CENTRE, TAIL, L1] = [heap.input(skip, 'u8'), heap.input(centre), heap.input(tail), heap.input(l1)];
      const count = kernels.screen(p, SKIP, CENTRE, TAIL, radius, limit, L1, out);
      const listed = centre.flatMap((c, j) => (skip[j] === 0 && Math.abs(c) + tail[j] * radius >= limit * l1[j] ? [j] : []));
      expect(heap.read(out, count, 'i32')).toEqual(listed);
      expect(heap.read(out, p, 'i32').slice(count)).toEqual(new Array(p - count).fill(-1));
    });
  });

  it('lists a column that reaches its limit exactly', () => {
    const { kernels, heap } = build;
    for (const p of [1, 2, 3, 5]) {
      heap.reset();
      const same = (value: number) => heap.input(new Array(p).fill(value));
      const out = heap.blank(p, 'i32');
      expect(kernels.screen(p, heap.input(new Array(p).fill(0), 'u8'), same(-0.5), same(0.25), 2, 0.5, same(2), out)).toBe(p);
    }
  });

  it('calls every kernel of its group', () => expectCalled(build, screenKernels(new JsMemory())));
});
