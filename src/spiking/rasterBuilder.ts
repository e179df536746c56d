import { allocateFloats } from '../core/allocateFloats.ts';
import { Compressed } from '../core/compressed.ts';
import { type CsrMatrix, csrFromTrusted } from '../core/csrMatrix.ts';
import { OutOfMemoryError } from '../core/errors.ts';
import { checkShape, type RasterShape } from './rasterShape.ts';

/** Collects the events of a raster in order: sample after sample, step after step, neurons ascending. */
export class RasterBuilder {
  readonly #shape: RasterShape;
  readonly #indptr: Int32Array;
  #indices: Int32Array = new Int32Array(1024);
  #data: Float64Array | Float32Array;
  #count = 0;
  #row = 0;

  /** @param Values `Float32Array` holds spikes of size 1 exactly, in half the memory */
  constructor(shape: RasterShape, Values: Float32ArrayConstructor | Float64ArrayConstructor = Float32Array) {
    this.#shape = checkShape(shape);
    this.#indptr = allocateIntegers(shape.samples * shape.steps + 1);
    this.#data = new Values(1024);
  }

  /** An event of a neuron in the current step; the value is not 0. */
  add(neuron: number, value = 1): void {
    if (this.#count === this.#indices.length) this.#grow();
    this.#indices[this.#count] = neuron;
    this.#data[this.#count++] = value;
  }

  /** The next events belong to the next step, or to the first one of the next sample. */
  endStep(): void {
    this.#indptr[++this.#row] = this.#count;
  }

  /** What `SpikeRaster` is made of, once every step of every sample has ended. */
  finish(): RasterShape & { events: CsrMatrix } {
    const indices = this.#indices.slice(0, this.#count);
    const data = this.#data.slice(0, this.#count);
    return {
      ...this.#shape,
      events: csrFromTrusted(new Compressed(this.#row, this.#shape.neurons, this.#indptr, indices, data)),
    };
  }

  #grow(): void {
    const indices = allocateIntegers(2 * this.#count);
    const data = allocateFloats(2 * this.#count, 'the events of a raster', this.#data);
    indices.set(this.#indices);
    data.set(this.#data);
    this.#indices = indices;
    this.#data = data;
  }
}

function allocateIntegers(length: number): Int32Array {
  try {
    return new Int32Array(length);
  } catch (cause) {
    throw new OutOfMemoryError(4 * length, 'this engine refuses a block of that size for a raster', { cause });
  }
}
