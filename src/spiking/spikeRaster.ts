import { integerIn, integerVector, isPlainObject, positiveNumber, refuse, refuseEntry, vector } from '../core/checks.ts';
import { Compressed, compressTriplets } from '../core/compressed.ts';
import { CsrMatrix, csrFromTrusted } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { MatrixInput } from '../core/matrixInput.ts';
import { RasterBuilder } from './rasterBuilder.ts';
import { checkShape, LARGEST, type RasterShape } from './rasterShape.ts';
import { matrixPerSample, rowReader } from './rowReader.ts';

/** What the constructor takes. */
export interface RasterParts extends RasterShape {
  /** `samples * steps` rows and `neurons` columns; row = sample * steps + step. Used as it is when it stores no zeros. */
  events: CsrMatrix;
}

/** Events in any order; several at one place are summed. */
export interface EventLists extends RasterShape {
  sample: ArrayLike<number>;
  step: ArrayLike<number>;
  neuron: ArrayLike<number>;
  /** @default all 1 */
  value?: ArrayLike<number>;
}

/** The events of one sample, ordered by step, then by neuron. */
export interface SampleEvents {
  step: Int32Array;
  neuron: Int32Array;
  value: Float64Array | Float32Array;
}

/** Spikes of one sample on a clock. */
export interface TimedSpikes {
  /** In the unit of dt, non-decreasing. */
  time: Float64Array;
  neuron: Int32Array;
}

/**
 * Spike trains of many samples, stored by their events only.
 *
 * An event is a place (sample, step, neuron) with a value other than 0: 1 for a spike, -1 for the off-spike of delta coding;
 * other real values are allowed. All events are one sparse matrix:
 *
 *     events, row sample * steps + step:   column = neuron, entry = value
 *
 * so the rows of a sample are consecutive and every row is what happens in one step.
 *
 * @example Two samples of three steps, two neurons.
 * ```ts
 * import { SpikeRaster } from 'spinifex';
 * const raster = SpikeRaster.from([
 *   [[0, 0], [1, 1], [0, 0]],
 *   [[0, 1], [0, 1], [0, 0]],
 * ]);
 * raster.counts().toRows(); // [[1, 1], [0, 2]]
 * raster.sample(1).step; // Int32Array [0, 1]
 * ```
 */
export class SpikeRaster {
  readonly samples: number;
  readonly steps: number;
  readonly neurons: number;
  /** `samples * steps` x `neurons`, without stored zeros. */
  readonly events: CsrMatrix;

  /**
   * A raster on a matrix of events. Stored zeros are dropped, in a copy.
   * @throws TypeError for other kinds, RangeError for a matrix of another shape or with a value that is not finite
   */
  constructor(parts: RasterParts) {
    if (typeof parts !== 'object' || parts === null) refuse(parts, 'SpikeRaster', '{ samples, steps, neurons, events }', false);
    const { samples, steps, neurons } = checkShape(parts);
    const { events } = parts;
    if (!(events instanceof CsrMatrix)) refuse(events, 'events', 'a CsrMatrix', false);
    if (events.rows !== samples * steps || events.cols !== neurons) {
      throw new RangeError(
        `events: expected samples * steps = ${samples * steps} rows and ${neurons} columns, got ${events.rows} x ${events.cols}`,
      );
    }
    this.samples = samples;
    this.steps = steps;
    this.neurons = neurons;
    this.events = withoutZeros(checkValues(events, steps));
  }

  /**
   * A raster from lists of events, or from one matrix (steps x neurons, dense, sparse or an array of rows) per sample, where
   * every entry other than 0 is an event.
   * @throws TypeError for other kinds; RangeError for lists of unequal length, indices out of range, values that are not
   * finite, and samples of different shapes
   */
  static from(events: EventLists | readonly MatrixInput[]): SpikeRaster {
    if (Array.isArray(events)) return fromMatrices(events);
    if (isPlainObject(events)) return fromLists(events as EventLists);
    const expected = '{ samples, steps, neurons, sample, step, neuron, value? } or an array of matrices (steps x neurons)';
    refuse(events, 'events', expected, false);
  }

  /** Mean number of events per neuron and step: the density of the raster, in 0..1. */
  get rate(): number {
    return this.events.nnz / (this.samples * this.steps * this.neurons);
  }

  /** How many events each neuron (column) has in each sample (row); an event counts 1, whatever its value. */
  counts(): DenseMatrix {
    const { indptr, indices } = this.events;
    const out = new DenseMatrix(new Float64Array(this.samples * this.neurons), this.samples, this.neurons);
    for (let i = 0; i < this.samples; i++) {
      const end = indptr[(i + 1) * this.steps];
      for (let p = indptr[i * this.steps]; p < end; p++) out.data[i * this.neurons + indices[p]]++;
    }
    return out;
  }

  /** The events of sample `i`, counted from 0, copied. */
  sample(i: number): SampleEvents {
    integerIn(i, 'sample', 0, this.samples - 1);
    const { indptr, indices, data } = this.events;
    const first = i * this.steps;
    const start = indptr[first];
    const end = indptr[first + this.steps];
    const step = new Int32Array(end - start);
    for (let t = 0; t < this.steps; t++) step.fill(t, indptr[first + t] - start, indptr[first + t + 1] - start);
    return { step, neuron: indices.slice(start, end), value: data.slice(start, end) };
  }

  /**
   * The raster of the samples listed, in that order, copied; a sample may be listed again.
   * @throws TypeError for other kinds, RangeError for an empty list or numbers that are not samples
   */
  slice(indices: ArrayLike<number>): SpikeRaster {
    const chosen = integerVector(indices, 'indices', 0, this.samples - 1);
    if (chosen.length === 0) throw new RangeError('indices: expected at least one sample');
    const { steps, neurons, events } = this;
    const { indptr } = events;
    checkShape({ samples: chosen.length, steps, neurons });
    const offsets = new Int32Array(chosen.length * steps + 1);
    let count = 0;
    for (let k = 0; k < chosen.length; k++) {
      const first = chosen[k] * steps;
      for (let t = 1; t <= steps; t++) offsets[k * steps + t] = count + indptr[first + t] - indptr[first];
      count += indptr[first + steps] - indptr[first];
    }
    integerIn(count, 'number of events', 0, LARGEST);
    const columns = new Int32Array(count);
    const values = new (events.data.constructor as Float32ArrayConstructor | Float64ArrayConstructor)(count);
    for (let k = 0; k < chosen.length; k++) {
      const [start, end] = [indptr[chosen[k] * steps], indptr[(chosen[k] + 1) * steps]];
      columns.set(events.indices.subarray(start, end), offsets[k * steps]);
      values.set(events.data.subarray(start, end), offsets[k * steps]);
    }
    const storage = new Compressed(chosen.length * steps, neurons, offsets, columns, values);
    return new SpikeRaster({ samples: chosen.length, steps, neurons, events: csrFromTrusted(storage) });
  }

  /**
   * The spikes of a sample for a spike source of a simulation with this dt: time = (step + 1) dt, the end of the step, as the simulation stamps them.
   * @param dt length of a step, ms
   * @default dt 1
   * @throws TypeError for other kinds; RangeError for an event whose value is not 1, since spikes on a clock carry no value
   */
  toEvents(sample: number, dt = 1): TimedSpikes {
    const { step, neuron, value } = this.sample(sample);
    positiveNumber(dt, 'dt');
    for (let k = 0; k < value.length; k++) {
      if (value[k] === 1) continue;
      refuseEntry(value[k], placeOf(sample, step[k], neuron[k]), '1, since a spike of a simulation carries no value');
    }
    return { time: Float64Array.from(step, (t) => (t + 1) * dt), neuron };
  }
}

function fromLists(events: EventLists): SpikeRaster {
  const { samples, steps, neurons } = checkShape(events);
  const sample = integerVector(events.sample, 'sample', 0, samples - 1);
  const step = integerVector(events.step, 'step', 0, steps - 1, sample.length);
  const neuron = integerVector(events.neuron, 'neuron', 0, neurons - 1, sample.length);
  const value =
    events.value === undefined ? new Float32Array(sample.length).fill(1) : vector(events.value, 'value', sample.length);
  const row = sample.map((i, k) => i * steps + step[k]);
  const storage = compressTriplets(samples * steps, neurons, { row, col: neuron, value }, 'row');
  return new SpikeRaster({ samples, steps, neurons, events: csrFromTrusted(storage) });
}

function fromMatrices(samples: readonly MatrixInput[]): SpikeRaster {
  const matrices = matrixPerSample(samples, 'events');
  const { rows: steps, cols: neurons } = matrices[0];
  const builder = new RasterBuilder({ samples: matrices.length, steps, neurons }, Float64Array);
  for (const matrix of matrices) {
    const read = rowReader(matrix);
    for (let t = 0; t < steps; t++) {
      const row = read(t);
      for (let j = 0; j < neurons; j++) if (row[j] !== 0) builder.add(j, row[j]);
      builder.endStep();
    }
  }
  return new SpikeRaster(builder.finish());
}

/** The matrix itself, when every value in it is finite. */
function checkValues(events: CsrMatrix, steps: number): CsrMatrix {
  const { indptr, indices, data } = events;
  const p = data.findIndex((value) => !Number.isFinite(value));
  if (p < 0) return events;
  const row = indptr.findIndex((end) => end > p) - 1;
  refuseEntry(data[p], placeOf(Math.floor(row / steps), row % steps, indices[p]), 'a finite number');
}

function placeOf(sample: number, step: number, neuron: number): string {
  return `events[${sample}][${step}][${neuron}]`;
}

/** The matrix itself, or a copy without its stored zeros (two events of a list may cancel). */
function withoutZeros(events: CsrMatrix): CsrMatrix {
  if (!events.data.includes(0)) return events;
  const { rows, cols, indptr, data } = events;
  const offsets = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    let kept = 0;
    for (let p = indptr[i]; p < indptr[i + 1]; p++) if (data[p] !== 0) kept++;
    offsets[i + 1] = offsets[i] + kept;
  }
  const indices = events.indices.filter((_, p) => data[p] !== 0);
  return csrFromTrusted(
    new Compressed(
      rows,
      cols,
      offsets,
      indices,
      data.filter((value) => value !== 0),
    ),
  );
}
