import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsrMatrix } from '../../src/core/csrMatrix.ts';
import { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { spikeSource } from '../../src/spiking/models/sources.ts';
import { rateEncode } from '../../src/spiking/rateEncode.ts';
import { type EventLists, SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import { SpikingNetwork } from '../../src/spiking/spikingNetwork.ts';

const nan = Number.NaN;

/** Dense values [sample][step][neuron], many of them 0. */
const someTrains = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .chain(([samples, steps, neurons]) => {
    const step = fc.array(fc.constantFrom(0, 0, 1, -1, 2.5), { minLength: neurons, maxLength: neurons });
    const sample = fc.array(step, { minLength: steps, maxLength: steps });
    return fc.array(sample, { minLength: samples, maxLength: samples });
  });

/** The events of dense values, in the reverse of their order. */
function listsOf(trains: number[][][]): EventLists & { sample: number[]; step: number[]; neuron: number[]; value: number[] } {
  const lists = { sample: [] as number[], step: [] as number[], neuron: [] as number[], value: [] as number[] };
  trains.forEach((sample, i) => {
    sample.forEach((step, t) => {
      step.forEach((value, j) => {
        if (value === 0) return;
        lists.sample.unshift(i);
        lists.step.unshift(t);
        lists.neuron.unshift(j);
        lists.value.unshift(value);
      });
    });
  });
  return { samples: trains.length, steps: trains[0].length, neurons: trains[0][0].length, ...lists };
}

function dense(raster: SpikeRaster): number[][][] {
  const rows = raster.events.toDense().toRows();
  return Array.from({ length: raster.samples }, (_, i) => rows.slice(i * raster.steps, (i + 1) * raster.steps));
}

const lists = { samples: 2, steps: 3, neurons: 2, sample: [1, 0, 1], step: [2, 0, 0], neuron: [0, 1, 1] };

describe('SpikeRaster', () => {
  test('holds the same events from lists in any order, from arrays and from matrices', () => {
    fc.assert(
      fc.property(someTrains, (trains) => {
        const raster = SpikeRaster.from(trains);
        expect([raster.samples, raster.steps, raster.neurons]).toEqual([trains.length, trains[0].length, trains[0][0].length]);
        expect(dense(raster)).toEqual(trains);
        expect(raster.events.data.includes(0)).toBe(false);
        expect(SpikeRaster.from(listsOf(trains)).events).toEqual(raster.events);
        expect(SpikeRaster.from(trains.map((sample) => DenseMatrix.from(sample))).events).toEqual(raster.events);
        expect(SpikeRaster.from(trains.map((sample) => CsrMatrix.fromDense(sample))).events).toEqual(raster.events);
        expect(SpikeRaster.from(trains.map((sample) => CsrMatrix.fromDense(sample).toCsc())).events).toEqual(raster.events);
      }),
    );
  });

  test('counts events per sample and neuron, and their density', () => {
    fc.assert(
      fc.property(someTrains, (trains) => {
        const raster = SpikeRaster.from(trains);
        const counts = trains.map((sample) => sample[0].map((_, j) => sample.filter((step) => step[j] !== 0).length));
        expect(raster.counts().toRows()).toEqual(counts);
        expect(raster.rate).toBe(counts.flat().reduce((a, b) => a + b, 0) / trains.flat(2).length);
      }),
    );
  });

  test('lists the events of one sample by step, then by neuron', () => {
    fc.assert(
      fc.property(someTrains, (trains) => {
        const raster = SpikeRaster.from(trains);
        trains.forEach((sample, i) => {
          const { step, neuron, value } = raster.sample(i);
          const expected = sample.flatMap((row, t) => row.flatMap((entry, j) => (entry === 0 ? [] : [[t, j, entry]])));
          expect(Array.from(step, (t, k) => [t, neuron[k], value[k]])).toEqual(expected);
        });
      }),
    );
  });

  test('chooses samples in the order asked for, also twice', () => {
    fc.assert(
      fc.property(someTrains, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (trains, picks) => {
        const indices = picks.map((pick) => pick % trains.length);
        expect(dense(SpikeRaster.from(trains).slice(indices))).toEqual(indices.map((i) => trains[i]));
      }),
    );
  });

  test('sums events at one place and forgets those that cancel', () => {
    const value = [1, 2, 1, -1];
    const raster = SpikeRaster.from({ ...lists, sample: [0, 0, 1, 1], step: [1, 1, 2, 2], neuron: [0, 0, 1, 1], value });
    expect(raster.events.nnz).toBe(1);
    expect(raster.events.get(1, 0)).toBe(3);
    expect(raster.counts().toRows()).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  test('may hold no event at all', () => {
    const raster = SpikeRaster.from({ samples: 2, steps: 3, neurons: 4, sample: [], step: [], neuron: [] });
    expect(raster.rate).toBe(0);
    expect(raster.sample(1).step).toEqual(new Int32Array(0));
    expect(raster.slice([1, 1]).events.rows).toBe(6);
  });

  test('keeps the matrix that it is given, unless zeros are stored in it', () => {
    const clean = CsrMatrix.fromDense([[0, 1], [1, 0]]); // biome-ignore format: a matrix
    expect(new SpikeRaster({ samples: 1, steps: 2, neurons: 2, events: clean }).events).toBe(clean);
    const zeros = CsrMatrix.fromCoo(2, 2, { row: [0, 1, 1], col: [1, 0, 1], value: [0, 1, 0] });
    const raster = new SpikeRaster({ samples: 2, steps: 1, neurons: 2, events: zeros });
    expect(raster.events.nnz).toBe(1);
    expect(zeros.nnz).toBe(3);
    expect(dense(raster)).toEqual([[[0, 0]], [[1, 0]]]);
  });

  test('puts spikes on a clock', () => {
    const raster = SpikeRaster.from(lists);
    expect(raster.toEvents(1, 0.5)).toEqual({ time: Float64Array.of(0.5, 1.5), neuron: Int32Array.of(1, 0) });
    expect(raster.toEvents(0)).toEqual({ time: Float64Array.of(1), neuron: Int32Array.of(1) });
  });

  test('drive a simulation, which emits them in the steps that they have', () => {
    const raster = rateEncode([[0.3, 0.6, 0.9]], { steps: 20, seed: 3 });
    const net = new SpikingNetwork({ dt: 0.5, seed: 0 });
    const source = net.population({ size: 3, model: spikeSource(raster.toEvents(0, 0.5)) });
    net.record(source, { spikes: true });
    const { time, neuron } = net.run(10).spikes;
    const { step, neuron: ids } = raster.sample(0);
    expect(Array.from(time, (t) => t / 0.5 - 1)).toEqual(Array.from(step));
    expect(neuron).toEqual(ids);
  });

  const two = SpikeRaster.from(lists);
  const signed = SpikeRaster.from([[[0, 1], [-1, 0]]]); // biome-ignore format: a sample
  const eye = CsrMatrix.fromDense([[1, 0], [0, 1]]); // biome-ignore format: a matrix
  const withNan = CsrMatrix.fromDense([[1, 0], [0, nan]]); // biome-ignore format: a matrix
  test.each<[() => unknown, ErrorConstructor, string]>([
    [() => SpikeRaster.from({ ...lists, step: [0, 1] }), RangeError, 'step: expected 3 numbers, got 2'],
    [() => SpikeRaster.from({ ...lists, step: [0, 1, 3] }), RangeError, 'step[2] is 3: expected an integer in 0..2'],
    [() => SpikeRaster.from({ ...lists, sample: [0, -1, 0] }), RangeError, 'sample[1] is -1: expected an integer in 0..1'],
    [() => SpikeRaster.from({ ...lists, neuron: [0, 0.5, 0] }), RangeError, 'neuron[1] is 0.5: expected an integer'],
    [
      () => SpikeRaster.from({ ...lists, neuron: ['a', 0, 0] as never }),
      TypeError,
      'neuron[0] is "a" (string): expected an integer',
    ],
    [() => SpikeRaster.from({ ...lists, value: [1, nan, 1] }), RangeError, 'value[1] is NaN: expected a finite number'],
    [() => SpikeRaster.from({ ...lists, samples: 0 }), RangeError, 'samples: expected an integer in 1..2147483646, got 0'],
    [() => SpikeRaster.from({ ...lists, steps: '3' as never }), TypeError, 'steps: expected an integer >= 1, got "3" (string)'],
    [
      () => SpikeRaster.from({ ...lists, samples: 1e6, steps: 1e6 }),
      RangeError,
      'samples * steps: expected an integer in 1..2147483646, got 1000000000000',
    ],
    [() => SpikeRaster.from([]), RangeError, 'events: expected at least one sample'],
    [() => SpikeRaster.from([[[1]], [[1], [0]]]), RangeError, 'events[1]: expected 1 x 1 values, as events[0], got 2 x 1'],
    [() => SpikeRaster.from([[[1]], [[nan]]]), RangeError, 'events[1][0][0] is NaN: expected a finite number'],
    [() => SpikeRaster.from([[1, 0]] as never), TypeError, 'events[0][0]: expected a row of numbers, got 1'],
    [
      () => SpikeRaster.from(eye as never),
      TypeError,
      'events: expected { samples, steps, neurons, sample, step, neuron, value? } or an array of matrices (steps x neurons), got an object (CsrMatrix)',
    ],
    [() => new SpikeRaster(null as never), TypeError, 'SpikeRaster: expected { samples, steps, neurons, events }, got null'],
    [
      () => new SpikeRaster({ samples: 2, steps: 2, neurons: 2, events: eye }),
      RangeError,
      'events: expected samples * steps = 4 rows and 2 columns, got 2 x 2',
    ],
    [
      () => new SpikeRaster({ samples: 1, steps: 2, neurons: 2, events: eye.toDense() as never }),
      TypeError,
      'events: expected a CsrMatrix, got an object (DenseMatrix)',
    ],
    [
      () => new SpikeRaster({ samples: 1, steps: 2, neurons: 2, events: withNan }),
      RangeError,
      'events[0][1][1] is NaN: expected a finite number',
    ],
    [() => two.sample(2), RangeError, 'sample: expected an integer in 0..1, got 2'],
    [() => two.slice([]), RangeError, 'indices: expected at least one sample'],
    [() => two.slice([0, 2]), RangeError, 'indices[1] is 2: expected an integer in 0..1'],
    [() => two.toEvents(0, 0), RangeError, 'dt: expected a number > 0, got 0'],
    [() => signed.toEvents(0), RangeError, 'events[0][1][0] is -1: expected 1, since a spike of a simulation carries no value'],
  ])('refuses row %# of the table of bad input', (work, kind, message) => {
    expect(work).toThrow(new kind(message));
    expect(work).toThrow(kind);
  });
});
