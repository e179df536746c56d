import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { deltaEncode } from '../../src/spiking/deltaEncode.ts';
import { latencyEncode } from '../../src/spiking/latencyEncode.ts';
import { poissonEncode } from '../../src/spiking/poissonEncode.ts';
import { rateEncode } from '../../src/spiking/rateEncode.ts';
import type { SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import { Hash } from '../linear/hash.ts';

const nan = Number.NaN;
const advice = ' (scale it first, for example each column by its minimum and maximum)';

function hashOf({ events }: SpikeRaster): string {
  return new Hash().add(events.indptr).add(events.indices).add(events.data).text;
}

function stepsOf(raster: SpikeRaster, sample = 0): number[][] {
  const { step, neuron } = raster.sample(sample);
  return Array.from({ length: raster.neurons }, (_, j) => Array.from(step).filter((_, k) => neuron[k] === j));
}

/** Checks counts of `repeats` equal rows against Binomial(steps, p_j): the mean within 5 standard errors, the variance within 25 %. */
function expectBinomial(raster: SpikeRaster, p: number[]): void {
  const rows = raster.counts().toRows();
  p.forEach((chance, j) => {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
    const variance = rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / (rows.length - 1);
    const expected = raster.steps * chance * (1 - chance);
    expect(Math.abs(mean - raster.steps * chance)).toBeLessThanOrEqual(5 * Math.sqrt(expected / rows.length));
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.25 * expected);
  });
}

function repeated(row: number[], times: number): number[][] {
  return Array.from({ length: times }, () => row);
}

const X = [
  [0, 0.25, 1],
  [0.5, 0, 0.75],
];

describe('rateEncode', () => {
  test('gives every neuron a binomial number of spikes with p = x', () => {
    const x = [0, 0.02, 0.3, 0.5, 0.97, 1];
    expectBinomial(rateEncode(repeated(x, 1000), { steps: 40 }), x);
  });

  test('clips gain x + offset to [0, 1]', () => {
    const raster = rateEncode(repeated([0, 0.1, 0.5, 1], 1000), { steps: 30, gain: 2, offset: -0.3, seed: 4 });
    expectBinomial(raster, [0, 0, 0.7, 1]);
    expect(rateEncode([[0, 0.5]], { steps: 4, gain: 0, offset: 1 }).rate).toBe(1);
  });

  test('draws steps, neurons and samples independently', () => {
    const n = 60_000;
    const sample = rateEncode([[0.5, 0.5]], { steps: n }).sample(0);
    const on = new Float64Array(2 * n).fill(-1);
    sample.step.forEach((t, k) => {
      on[2 * t + sample.neuron[k]] = 1;
    });
    for (const lag of [1, 2, 3, 4]) {
      let sum = 0;
      for (let k = lag; k < 2 * n; k++) sum += on[k] * on[k - lag];
      expect(Math.abs(sum)).toBeLessThan(5 * Math.sqrt(2 * n));
    }
    const [a, b] = [0, 1].map((i) => rateEncode(repeated([0.5], 2), { steps: 200 }).sample(i).step);
    expect(a).not.toEqual(b);
  });

  test('encodes a sample the same way whatever the other samples are and however X is stored', () => {
    const raster = rateEncode(X, { steps: 50, seed: 3 });
    const other = rateEncode([[1, 1, 1], X[1], X[0]], { steps: 50, seed: 3 });
    expect(other.slice([1]).events).toEqual(raster.slice([1]).events);
    for (const same of [DenseMatrix.from(X), CsrMatrix.fromDense(X), CsrMatrix.fromDense(X).toCsc()]) {
      expect(rateEncode(same, { steps: 50, seed: 3 }).events).toEqual(raster.events);
    }
    expect(hashOf(rateEncode(X, { steps: 50, seed: 4 }))).not.toBe(hashOf(raster));
  });

  test('has the same bits on every engine', () => {
    expect(hashOf(rateEncode(X, { steps: 50 }))).toBe('0f10e6a3');
  });
});

describe('poissonEncode', () => {
  test('fires with p = 1 - exp(-rate dt)', () => {
    const x = [0, 0.1, 0.5, 1];
    const chance = (rate: number, dt: number) => x.map((value) => 1 - Math.exp((-value * rate * dt) / 1000));
    expectBinomial(poissonEncode(repeated(x, 1000), { steps: 50 }), chance(100, 1));
    expectBinomial(poissonEncode(repeated(x, 1000), { steps: 20, dt: 2.5, maxRate: 300, seed: 9 }), chance(300, 2.5));
  });

  test('is silent at rate 0', () => {
    expect(poissonEncode([[1, 0.5]], { steps: 10, maxRate: 0 }).events.nnz).toBe(0);
  });

  test('has the same bits on every engine', () => {
    expect(hashOf(poissonEncode(X, { steps: 200, maxRate: 300 }))).toBe('e3d8a24e');
  });
});

describe('latencyEncode', () => {
  test('puts a value at the rounded step tau (1 - x), with tau = steps - 1', () => {
    const raster = latencyEncode([[1, 0.75, 0.5, 0.26, 0.01, 0.009, 0]], { steps: 11 });
    // 10 (1 - x) = 0, 2.5, 5, 7.4, 9.9; below 0.01: silent
    expect(stepsOf(raster)).toEqual([[0], [3], [5], [7], [10], [], []]);
    expect(raster.steps).toBe(11);
  });

  test('fires for zeros, too, at threshold 0', () => {
    expect(stepsOf(latencyEncode([[0, 1]], { steps: 5, threshold: 0 }))).toEqual([[4], [0]]);
  });

  test('leaves out what is later than the last step, or clips it to that', () => {
    const options = { steps: 5, tau: 8 };
    expect(stepsOf(latencyEncode([[1, 0.5, 0.4, 0.1]], options))).toEqual([[0], [4], [], []]);
    expect(stepsOf(latencyEncode([[1, 0.5, 0.4, 0.1]], { ...options, clip: true }))).toEqual([[0], [4], [4], [4]]);
  });

  test('puts a value at the rounded step tau ln(x / (x - threshold)) in log mode', () => {
    const raster = latencyEncode([[1, 0.5, 0.25, 0.2001, 0.2, 0.19]], { steps: 100, mode: 'log', tau: 20, threshold: 0.2 });
    // 20 ln(1.25) = 4.46, 20 ln(5/3) = 10.22, 20 ln 5 = 32.19, 20 ln 2001 = 152.03
    expect(stepsOf(raster)).toEqual([[4], [10], [32], [], [], []]);
  });

  test('has the threshold at the last step in log mode, unless tau is given', () => {
    for (const threshold of [0.01, 0.2, 0.5, 1]) {
      for (const steps of [1, 2, 100, 1001]) {
        expect(stepsOf(latencyEncode([[threshold]], { steps, mode: 'log', threshold }))).toEqual([[steps - 1]]);
      }
    }
  });

  test('never fires later for a larger value', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, fc.constantFrom('linear' as const, 'log' as const), (a, b, mode) => {
        const [low, high] = stepsOf(latencyEncode([[Math.min(a, b), Math.max(a, b)]], { steps: 64, mode, threshold: 0.1 }));
        expect(high.length).toBeGreaterThanOrEqual(low.length);
        if (low.length > 0) expect(high[0]).toBeLessThanOrEqual(low[0]);
        expect(high.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('has the same bits on every engine', () => {
    const values = [Array.from({ length: 200 }, (_, k) => (k + 1) / 200)];
    expect(hashOf(latencyEncode(values, { steps: 5000, mode: 'log', threshold: 0.2 }))).toBe('539f99aa');
  });
});

describe('deltaEncode', () => {
  const series = [
    [0, 5],
    [1, 5.5],
    [1.5, 5],
    [0.5, 7],
    [0.5, 6],
  ];

  test('marks rises of at least the threshold', () => {
    expect(stepsOf(deltaEncode(series, { threshold: 1 }))).toEqual([[1], [3]]);
    expect(stepsOf(deltaEncode(series, { threshold: 0.5 }))).toEqual([[1, 2], [1, 3]]); // biome-ignore format: a table
  });

  test('marks falls with -1 where asked to', () => {
    const { step, neuron, value } = deltaEncode(series, { threshold: 1, off: true }).sample(0);
    expect(Array.from(step, (t, k) => [t, neuron[k], value[k]])).toEqual([
      [1, 0, 1],
      [3, 0, -1],
      [3, 1, 1],
      [4, 1, -1],
    ]);
  });

  test('takes one matrix per sample, dense or sparse, and starts each anew', () => {
    const matrix = DenseMatrix.from(series);
    const raster = deltaEncode([matrix, CsrMatrix.fromDense(matrix), series], { threshold: 1, off: true });
    expect([raster.samples, raster.steps, raster.neurons]).toEqual([3, 5, 2]);
    for (const i of [1, 2]) expect(raster.sample(i)).toEqual(raster.sample(0));
    expect(raster.sample(0)).toEqual(deltaEncode(matrix, { threshold: 1, off: true }).sample(0));
    expect(deltaEncode([Float64Array.of(0, 0), Float64Array.of(0, 2)], { threshold: 1 }).samples).toBe(1);
  });

  test('rebuilds a series of whole steps from its events', () => {
    const moves = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(moves, (changes) => {
        let level = 3;
        const walk = changes.map((change, t) => [t === 0 ? level : (level += change)]);
        const { step, value } = deltaEncode(walk, { threshold: 1, off: true }).sample(0);
        const rebuilt = new Float64Array(changes.length);
        step.forEach((t, k) => {
          rebuilt[t] = value[k];
        });
        expect(Array.from(rebuilt).slice(1)).toEqual(changes.slice(1));
      }),
    );
  });
});

describe('the encoders', () => {
  const steps = 5;
  test.each<[() => unknown, ErrorConstructor, string]>([
    [() => rateEncode([[0, 1.5]], { steps }), RangeError, `X[0][1] is 1.5: expected a number in [0, 1]${advice}`],
    [() => poissonEncode([[0, 1], [-0.1, 0]], { steps }), RangeError, `X[1][0] is -0.1: expected a number in [0, 1]${advice}`], // biome-ignore format: a row
    [() => latencyEncode([[0], [nan]], { steps }), RangeError, 'X[1][0] is NaN: expected a number in [0, 1]'],
    [
      () => rateEncode(CsrMatrix.fromDense([[0, 3]]), { steps }),
      RangeError,
      `X[0][1] is 3: expected a number in [0, 1]${advice}`,
    ],
    [() => rateEncode([['1']] as never, { steps }), TypeError, 'X[0][0] is "1" (string): expected a number'],
    [() => rateEncode([], { steps }), RangeError, 'X: expected at least one row'],
    [() => rateEncode(X, undefined as never), TypeError, 'steps: expected an integer >= 1, got undefined'],
    [() => rateEncode(X, { steps: 0 }), RangeError, 'steps: expected an integer >= 1, got 0'],
    [() => rateEncode(X, { steps, gain: nan }), RangeError, 'gain: expected a finite number, got NaN'],
    [() => rateEncode(X, { steps, offset: '0' as never }), TypeError, 'offset: expected a finite number, got "0" (string)'],
    [() => rateEncode(X, { steps, seed: -1 }), RangeError, 'seed: expected an integer >= 0, got -1'],
    [
      () => rateEncode(X, { steps, rate: 1 } as never),
      TypeError,
      'rateEncode: unknown option "rate"; known options: steps, gain, offset, seed',
    ],
    [() => poissonEncode(X, { steps, dt: 0 }), RangeError, 'dt: expected a number > 0, got 0'],
    [() => poissonEncode(X, { steps, maxRate: -1 }), RangeError, 'maxRate: expected a number >= 0, got -1'],
    [() => poissonEncode(X, { steps: 1.5 }), RangeError, 'steps: expected an integer >= 1, got 1.5'],
    [() => latencyEncode(X, {} as never), TypeError, 'steps: expected an integer >= 1, got undefined'],
    [
      () => latencyEncode(X, { steps, mode: 'exp' as never }),
      RangeError,
      'mode: expected one of "linear", "log", got "exp" (string)',
    ],
    [() => latencyEncode(X, { steps, tau: 0 }), RangeError, 'tau: expected a number > 0, got 0'],
    [() => latencyEncode(X, { steps, threshold: 2 }), RangeError, 'threshold: expected a number in [0, 1], got 2'],
    [() => latencyEncode(X, { steps, mode: 'log', threshold: 0 }), RangeError, 'threshold: expected a number in (0, 1], got 0'],
    [() => latencyEncode(X, { steps, clip: 1 as never }), TypeError, 'clip: expected true or false, got 1'],
    [() => deltaEncode(X, {} as never), TypeError, 'threshold: expected a number > 0, got undefined'],
    [() => deltaEncode(X, { threshold: 0 }), RangeError, 'threshold: expected a number > 0, got 0'],
    [() => deltaEncode(X, { threshold: 1, off: 'yes' as never }), TypeError, 'off: expected true or false, got "yes" (string)'],
    [() => deltaEncode([[0], [nan]], { threshold: 1 }), RangeError, 'series[1][0] is NaN: expected a finite number'],
    [
      () => deltaEncode([X, [[0], [Infinity]]], { threshold: 1 }),
      RangeError,
      'series[1][1][0] is Infinity: expected a finite number',
    ],
    [
      () => deltaEncode([X, [[0], [1]]], { threshold: 1 }),
      RangeError,
      'series[1]: expected 2 x 3 values, as series[0], got 2 x 1',
    ],
    [() => deltaEncode([], { threshold: 1 }), RangeError, 'series: expected at least one row'],
    [
      () => deltaEncode('series' as never, { threshold: 1 }),
      TypeError,
      'series: expected a DenseMatrix, CsrMatrix, CscMatrix or an array of rows, got "series" (string)',
    ],
  ])('refuse row %# of the table of bad input', (work, kind, message) => {
    expect(work).toThrow(new kind(message));
    expect(work).toThrow(kind);
  });
});
