import { allocateFloats } from '../core/allocateFloats.ts';

/** What is recorded of one population. */
export interface RecordPlan {
  spikes: boolean;
  voltage: Int32Array | undefined;
  /** Length of a bin of the population rate, in steps. */
  rateSteps: number | undefined;
}

/** Integers in order of arrival, in chunks: nothing is copied until the end. */
class IntegerList {
  length = 0;
  readonly #chunks: Int32Array[] = [];
  #current = new Int32Array(1024);
  #used = 0;

  push(value: number): void {
    if (this.#used === this.#current.length) {
      this.#chunks.push(this.#current);
      this.#current = new Int32Array(Math.min(2 * this.#current.length, 2 ** 20));
      this.#used = 0;
    }
    this.#current[this.#used++] = value;
    this.length++;
  }

  toArray(): Int32Array {
    const out = new Int32Array(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    out.set(this.#current.subarray(0, this.#used), at);
    return out;
  }
}

/** What one run sees of one population: counts and hash always, the rest as planned. */
export class Recording {
  /** Spikes of each neuron in this run. */
  readonly counts: Int32Array;
  hash: number;
  readonly plan: RecordPlan | undefined;
  /** Step ends and neurons of the recorded spikes. */
  readonly steps = new IntegerList();
  readonly ids = new IntegerList();
  /** Spikes in each bin. */
  readonly bins: Int32Array | undefined;
  /** Step after step, the voltages of the chosen neurons. */
  readonly voltage: Float64Array | undefined;
  readonly #start: number;

  constructor(size: number, hash: number, plan: RecordPlan | undefined, start: number, steps: number) {
    this.counts = new Int32Array(size);
    this.hash = hash;
    this.plan = plan;
    this.#start = start;
    if (plan?.rateSteps) this.bins = new Int32Array(Math.ceil(steps / plan.rateSteps));
    if (plan?.voltage) this.voltage = allocateFloats(steps * plan.voltage.length, 'recorded voltages') as Float64Array;
  }

  /** A `SpikeSink`. */
  take(first: number, end: number, starts: Int32Array, offset: number, ids: Int32Array): void {
    const { counts, bins, plan } = this;
    const spikes = plan?.spikes === true;
    let { hash } = this;
    for (let step = first; step < end; step++) {
      const from = starts[step - first + offset];
      const to = starts[step - first + offset + 1];
      if (from === to) continue;
      const stamp = step + 1;
      if (bins) bins[Math.floor((step - this.#start) / plan!.rateSteps!)] += to - from;
      for (let k = from; k < to; k++) {
        const id = ids[k];
        counts[id]++;
        hash = mixed(mixed(hash, stamp), id);
        if (spikes) {
          this.steps.push(stamp);
          this.ids.push(id);
        }
      }
    }
    this.hash = hash;
  }
}

/** FNV-1a (32 bits) over the four bytes of an integer, the lowest first. */
export function mixed(hash: number, value: number): number {
  hash = Math.imul(hash ^ (value & 255), 0x01000193);
  hash = Math.imul(hash ^ ((value >>> 8) & 255), 0x01000193);
  hash = Math.imul(hash ^ ((value >>> 16) & 255), 0x01000193);
  return Math.imul(hash ^ (value >>> 24), 0x01000193) >>> 0;
}
