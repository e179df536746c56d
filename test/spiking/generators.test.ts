import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { type Randman, randman } from '../../src/spiking/randman.ts';
import { sinTurns } from '../../src/spiking/sinTurns.ts';
import { yinYang } from '../../src/spiking/yinYang.ts';
import { Hash } from '../linear/hash.ts';

/** 2 pi in two parts: the first times 20 bits is exact. */
const TWO_PI_HIGH = 6.283185303211212;
const TWO_PI_REST = 3.968374318722162e-9;

describe('sinTurns', () => {
  test('is within 4e-16 of the sine', () => {
    let worst = 0;
    for (let k = -(2 ** 19); k <= 2 ** 19; k += 7) {
      const r = k / 2 ** 20;
      const small = r * TWO_PI_REST;
      const sine = Math.sin(r * TWO_PI_HIGH);
      const exact = sine + (small * Math.cos(r * TWO_PI_HIGH) - 0.5 * small * small * sine);
      worst = Math.max(worst, Math.abs(sinTurns(r) - exact));
    }
    expect(worst).toBeLessThan(4e-16);
  });

  test('keeps the relative accuracy of small angles', () => {
    for (const u of [1e-300, -1e-20, 1e-9, 1e-4])
      expect(Math.abs(sinTurns(u) / Math.sin(2 * Math.PI * u) - 1)).toBeLessThan(4e-16);
  });

  test('is exact at quarter turns, odd, and has the period 1', () => {
    expect([0, 0.25, 0.5, 0.75, 1, 12345.25, -0.25, -7.5].map((u) => sinTurns(u) + 0)).toEqual([0, 1, 0, -1, 0, 1, -1, 0]);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.nat(1000), (k, turns) => {
        const u = k / 2 ** 42;
        expect(sinTurns(u + turns) === sinTurns(u)).toBe(true);
        expect(sinTurns(-u) === -sinTurns(u)).toBe(true);
      }),
    );
  });
});

describe('yinYang', () => {
  /** In words: the dots; the upper half is yang but for the right half disc, the lower half is yin but for the left one. */
  function classByRegion(x: number, y: number): number {
    const left = (4 * x - 1) ** 2 + (4 * y - 2) ** 2;
    const right = (4 * x - 3) ** 2 + (4 * y - 2) ** 2;
    if (Math.min(left, right) < 0.16) return 2;
    if (y > 0.5) return right > 1 ? 1 : 0;
    return left <= 1 ? 1 : 0;
  }

  test('labels the points by their region of the disc', () => {
    const { X, y } = yinYang({ samples: 5000, seed: 42 });
    expect([X.rows, X.cols, y.length]).toEqual([5000, 4, 5000]);
    X.toRows().forEach(([a, b, c, d], i) => {
      expect(y[i]).toBe(classByRegion(a, b));
      expect([c, d]).toEqual([1 - a, 1 - b]);
      expect((a - 0.5) ** 2 + (b - 0.5) ** 2).toBeLessThanOrEqual(0.25 + 1e-15);
    });
  });

  test('draws the three classes equally often', () => {
    const counts = [0, 0, 0];
    for (const label of yinYang({ samples: 30_000 }).y) counts[label]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt((30_000 * 2) / 9));
  });

  test('is uniform inside a class: yin and yang are each other turned by half a turn', () => {
    const { X, y } = yinYang({ samples: 30_000, seed: 1 });
    const mean = [0, 1, 2].map((label) => {
      const own = X.toRows().filter((_, i) => y[i] === label);
      return [0, 1].map((k) => own.reduce((sum, row) => sum + row[k] - 0.5, 0) / own.length);
    });
    for (const k of [0, 1]) {
      expect(Math.abs(mean[0][k] + mean[1][k])).toBeLessThan(0.02);
      expect(Math.abs(mean[2][k])).toBeLessThan(0.02);
    }
    expect(mean[1][1]).toBeGreaterThan(0.05);
    expect(mean[1][0]).toBeLessThan(-0.05);
  });

  test('has the same bits on every engine, other ones for another seed', () => {
    const hash = (seed?: number) => {
      const { X, y } = yinYang({ samples: 200, seed });
      return new Hash().add(X.data).add(y).text;
    };
    expect(hash()).toBe('277a6573');
    expect(hash(0)).toBe(hash());
    expect(hash(1)).not.toBe(hash());
    expect(yinYang().y.length).toBe(1000);
  });

  test.each<[object, ErrorConstructor, string]>([
    [{ samples: 0 }, RangeError, 'samples: expected an integer in 1..2147483646, got 0'],
    [{ samples: '9' }, TypeError, 'samples: expected an integer in 1..2147483646, got "9" (string)'],
    [{ seed: 0.5 }, RangeError, 'seed: expected an integer >= 0, got 0.5'],
    [{ size: 9 }, TypeError, 'yinYang: unknown option "size"; known options: samples, seed'],
  ])('refuses %j', (options, kind, message) => {
    expect(() => yinYang(options)).toThrow(new kind(message));
    expect(() => yinYang(options)).toThrow(kind);
  });
});

describe('randman', () => {
  const small = { classes: 3, units: 8, samplesPerClass: 60, steps: 50, alpha: 2 };

  /** Step of the first spike of a unit in every sample. */
  function firstSteps({ spikes }: Randman, unit: number): number[] {
    return Array.from({ length: spikes.samples }, (_, i) => {
      const { step, neuron } = spikes.sample(i);
      return step[neuron.indexOf(unit)];
    });
  }

  test('lets every unit fire exactly so many times, and every class have as many samples', () => {
    for (const spikes of [1, 2, 5]) {
      const data = randman({ ...small, spikes });
      expect([data.spikes.samples, data.spikes.steps, data.spikes.neurons]).toEqual([180, 50, 8]);
      expect(data.spikes.counts().data.every((count) => count === spikes)).toBe(true);
      expect(data.spikes.events.data.every((value) => value === 1)).toBe(true);
      const perClass = [0, 0, 0];
      for (const label of data.y) perClass[label]++;
      expect(perClass).toEqual([60, 60, 60]);
    }
  });

  test('fills all steps where there are as many spikes as steps', () => {
    expect(randman({ ...small, steps: 4, spikes: 4 }).spikes.rate).toBe(1);
  });

  test('uses the whole range of steps for every unit of every class', () => {
    const data = randman(small);
    for (let unit = 0; unit < small.units; unit++) {
      const steps = firstSteps(data, unit);
      for (let label = 0; label < small.classes; label++) {
        const own = steps.filter((_, i) => data.y[i] === label);
        expect([Math.min(...own), Math.max(...own)]).toEqual([0, 49]);
      }
    }
  });

  test('mixes the classes', () => {
    const { y } = randman(small);
    let changes = 0;
    for (let i = 1; i < y.length; i++) if (y[i] !== y[i - 1]) changes++;
    expect(changes).toBeGreaterThan(90);
  });

  test('follows the formula: a sum of waves at the coordinates, scaled to the steps', () => {
    const data = randman({ classes: 2, units: 1, samplesPerClass: 80, dimensions: 1, alpha: 2, steps: 1000 });
    const random = new Random(0, 2);
    const waves = Array.from({ length: 31 }, (_, j) => {
      const k = j + 1;
      return { a: random.uniform() / (k + 1) ** 2, b: random.uniform() * k, c: random.uniform() };
    });
    const rows = Array.from(data.y.keys()).filter((i) => data.y[i] === 0);
    const f = rows.map((i) =>
      waves.reduce((sum, w) => sum + w.a * Math.sin(2 * Math.PI * (w.b * data.coordinates.get(i, 0) + w.c)), 0),
    );
    const [low, high] = [Math.min(...f), Math.max(...f)];
    const steps = firstSteps(data, 0);
    rows.forEach((i, k) => {
      expect(Math.abs(steps[i] - Math.min(999, Math.floor((1000 * (f[k] - low)) / (high - low))))).toBeLessThanOrEqual(1);
    });
  });

  test('is smooth along the manifold, and smoother for a larger alpha', () => {
    const roughness = [1, 2, 3].map((alpha) => {
      const data = randman({ classes: 1, units: 10, samplesPerClass: 300, dimensions: 1, alpha });
      const order = Array.from(data.y.keys()).sort((a, b) => data.coordinates.get(a, 0) - data.coordinates.get(b, 0));
      let sum = 0;
      for (let unit = 0; unit < 10; unit++) {
        const steps = firstSteps(data, unit);
        for (let k = 1; k < order.length; k++) sum += Math.abs(steps[order[k]] - steps[order[k - 1]]);
      }
      return sum / (10 * 299);
    });
    // Unrelated times on 100 steps would differ by about 33.
    expect(roughness[0]).toBeLessThan(12);
    expect(roughness[1]).toBeLessThan(roughness[0]);
    expect(roughness[2]).toBeLessThan(roughness[1]);
    expect(roughness[2]).toBeLessThan(2);
  });

  test('makes a class the same way whatever the number of classes', () => {
    const pick = (classes: number) => {
      const data = randman({ ...small, classes });
      const rows = Array.from(data.y.keys()).filter((i) => data.y[i] === 0);
      return rows.sort((a, b) => data.coordinates.get(a, 0) - data.coordinates.get(b, 0)).map((i) => data.spikes.sample(i));
    };
    expect(pick(1)).toEqual(pick(3));
  });

  test('has the same bits on every engine, other ones for another seed', () => {
    const hash = (options: object) => {
      const { spikes, y, coordinates } = randman({ ...small, spikes: 2, ...options });
      return new Hash().add(spikes.events.indptr).add(spikes.events.indices).add(y).add(coordinates.data).text;
    };
    expect(hash({})).toBe('d559b268');
    expect(hash({ alpha: 0.9, precision: 0.01 })).toBe('8244792b');
    expect(hash({ seed: 1 })).not.toBe(hash({}));
  });

  test.each<[object, ErrorConstructor, string]>([
    [{ classes: 0 }, RangeError, 'classes: expected an integer >= 1, got 0'],
    [{ units: 1.5 }, RangeError, 'units: expected an integer >= 1, got 1.5'],
    [{ samplesPerClass: 1 }, RangeError, 'samplesPerClass: expected an integer >= 2, got 1'],
    [{ dimensions: 0 }, RangeError, 'dimensions: expected an integer >= 1, got 0'],
    [{ alpha: 0 }, RangeError, 'alpha: expected a number > 0, got 0'],
    [{ alpha: 'smooth' }, TypeError, 'alpha: expected a number > 0, got "smooth" (string)'],
    [{ steps: 3, spikes: 4 }, RangeError, 'spikes: expected an integer in 1..3, got 4'],
    [{ precision: 1 }, RangeError, 'precision: expected a number in (0, 1), got 1'],
    [{ seed: -1 }, RangeError, 'seed: expected an integer >= 0, got -1'],
    [{ samplesPerClass: 1e9 }, RangeError, 'samples: expected an integer in 1..2147483646, got 10000000000'],
    [
      { samples: 5 },
      TypeError,
      'randman: unknown option "samples"; known options: classes, units, samplesPerClass, dimensions, alpha, spikes, steps, precision, seed',
    ],
  ])('refuses %j', (options, kind, message) => {
    expect(() => randman(options)).toThrow(new kind(message));
    expect(() => randman(options)).toThrow(kind);
  });
});
