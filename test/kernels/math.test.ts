import { describe, expect, it } from 'vitest';
import { JsMemory } from '../../src/backend/js/jsMemory.ts';
import { mathKernels } from '../../src/backend/js/math.ts';
import { type Build, builds } from './builds.ts';
import { expectCalled, Sampler } from './samples.ts';

type Name = 'exp' | 'log' | 'log1p';

const words = new DataView(new ArrayBuffer(8));

/** Bits as an integer that grows with the number, so that neighbours differ by one */
function ordinal(x: number): bigint {
  words.setFloat64(0, x);
  const bits = words.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function ulps(a: number, b: number): bigint {
  if (Object.is(a, b) || a === b) return 0n;
  const distance = ordinal(a) - ordinal(b);
  return distance < 0n ? -distance : distance;
}

/** 10000 arguments of every size, ends of the range and the neighbourhood of 0 and 1 included */
function points(name: Name): number[] {
  const random = new Sampler(97);
  return Array.from({ length: 10000 }, (_, i) => {
    const sign = i & 1 ? 1 : -1;
    const size = 10 ** (random.unit() * 12 - 10);
    if (name === 'exp') return i % 5 === 0 ? sign * size : random.unit() * 1460 - 748;
    if (name === 'log') return i % 5 === 0 ? 1 + sign * 0.3 * random.unit() : 10 ** (random.unit() * 630 - 323);
    return i % 5 === 0 ? random.unit() * 2 - 1 : sign > 0 ? 10 ** (random.unit() * 330 - 20) : -(10 ** (-20 * random.unit()));
  });
}

function viaVector(build: Build, name: Name, x: number[]): number[] {
  const { kernels, heap } = build;
  heap.reset();
  const out = heap.blank(x.length);
  kernels[`${name}Vector`](heap.input(x), out, x.length);
  heap.check();
  return heap.read(out, x.length);
}

const special: Record<Name, [number, number][]> = {
  exp: [
    [NaN, NaN],
    [0, 1],
    [-0, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [709.782712893384, 1.797693134862273e308],
    [709.7827128933842, Infinity],
    [-745.1332191019411, 5e-324],
    [-745.1332191019413, 0],
    [-708.3964185322641, 2.2250738585072626e-308],
  ],
  log: [
    [NaN, NaN],
    [-1, NaN],
    [-Infinity, NaN],
    [0, -Infinity],
    [-0, -Infinity],
    [1, 0],
    [Infinity, Infinity],
    [5e-324, -744.4400719213812],
    [2.2250738585072014e-308, -708.3964185322641],
    [1.7976931348623157e308, 709.782712893384],
  ],
  log1p: [
    [NaN, NaN],
    [-2, NaN],
    [-1, -Infinity],
    [0, 0],
    [-0, -0],
    [5e-324, 5e-324],
    [1e-17, 1e-17],
    [Infinity, Infinity],
  ],
};

describe.each(builds)('mathematical kernels, $name build', (build) => {
  for (const name of ['exp', 'log', 'log1p'] as const) {
    it(`computes ${name} within two units in the last place`, () => {
      for (const x of points(name)) {
        const distance = ulps(build.kernels[name](x), Math[name](x));
        if (distance > 2n) expect.fail(`${name}(${x}) is ${distance} ulp away from ${Math[name](x)}`);
      }
    });

    it(`computes ${name} at the ends of its range`, () => {
      for (const [x, expected] of special[name]) {
        const value = build.kernels[name](x);
        if (Number.isNaN(expected) || !Number.isFinite(expected) || expected === 0) expect(value, `${name}(${x})`).toBe(expected);
        else expect(ulps(value, expected), `${name}(${x}) = ${value}`).toBeLessThanOrEqual(2n);
      }
    });

    it(`computes ${name} elementwise with the same bits, in place too`, () => {
      const { kernels, heap } = build;
      for (const n of [0, 1, 2, 3, 17]) {
        heap.reset();
        const x = points(name).slice(0, n);
        const X = heap.output(x);
        kernels[`${name}Vector`](X, X, n);
        heap.check();
        expect(heap.read(X, n)).toEqual(x.map((v) => kernels[name](v)));
      }
    });

    it(`computes ${name} with the same bits as the release build`, () => {
      const x = points(name);
      const [ours, release] = [build, builds[1]].map((b) => viaVector(b, name, x));
      expect(ours.findIndex((v, i) => !Object.is(v, release[i]))).toBe(-1);
    });
  }

  it('calls every kernel of its group', () => expectCalled(build, mathKernels(new JsMemory())));
});
