import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { randomKernels } from '../../src/backend/js/random.ts';
import { type Build, builds } from './builds.ts';
import { expectCalled, inner, xoshiro } from './samples.ts';

type Name = 'randomUniform' | 'randomNormal';

function draw(build: Build, name: Name, n: number, state = [1, 2, 3, 4]) {
  const { kernels, heap } = build;
  heap.reset();
  const [STATE, out] = [heap.output(state, 'u32'), heap.blank(n)];
  kernels[name](STATE, out, n);
  heap.check();
  return { values: heap.read(out, n), state: heap.read(STATE, 4, 'u32') };
}

function moment(values: number[], power: number): number {
  return values.reduce((sum, v) => sum + v ** power, 0) / values.length;
}

describe.each(builds)('random kernels, $name build', (build) => {
  it('draws the uniform numbers of xoshiro128** with 53 bits each', () => {
    const seed = [0xdeadbeef, 0x80000001, 7, 0xffffffff];
    const words = xoshiro(seed);
    const expected = Array.from({ length: 200 }, () => {
      const [a, b] = [words.next().value, words.next().value];
      return Number(((a >> 5n) << 26n) | (b >> 6n)) / 2 ** 53;
    });
    expect(draw(build, 'randomUniform', 200, seed).values).toEqual(expected);
  });

  it.each(['randomUniform', 'randomNormal'] as const)(
    'draws the same bits and ends in the same state as release (%s)',
    (name) => {
      for (const n of [0, 1, 2, 7, 10000]) expect(draw(build, name, n)).toEqual(draw(builds[1], name, n));
    },
  );

  it('draws uniform numbers with the moments of the uniform law, and resumes where it stopped', () => {
    const { values, state } = draw(build, 'randomUniform', 20000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (const power of [1, 2, 3]) expect(Math.abs(moment(values, power) - 1 / (power + 1))).toBeLessThan(0.01);
    const first = draw(build, 'randomUniform', 5000);
    expect(draw(build, 'randomUniform', 15000, first.state)).toEqual({ values: values.slice(5000), state });
  });

  it('draws normal numbers with the moments of the normal law, neighbours uncorrelated', () => {
    const { values } = draw(build, 'randomNormal', 20000);
    [0, 1, 0, 3].forEach((expected, i) => {
      expect(Math.abs(moment(values, i + 1) - expected)).toBeLessThan(0.15);
    });
    expect(Math.abs(moment(values, 1))).toBeLessThan(0.03);
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(0.04);
    expect(Math.abs(inner(values.slice(1), values.slice(0, -1)) / 20000)).toBeLessThan(0.03);
  });

  it('calls every kernel of its group', () => expectCalled(build, randomKernels(new JsMemory())));
});
