import type { Arena } from '../backend/arena.ts';
import type { KeptSpikes } from './populationState.ts';

/** Steps whose offsets are kept beyond those that are needed. */
const SPARE_STEPS = 1024;

/** Takes the spikes of steps first..end - 1: those of step first + k are ids[starts[k]]..ids[starts[k + 1] - 1]. */
export type SpikeSink = (first: number, end: number, starts: Int32Array, offset: number, ids: Int32Array) => void;

/**
 * The spikes of one population in linear memory, one contiguous list. Old ones go to the sink and, once neither delays nor refractory
 * times need them, are overwritten, so the log stays as short as what the last `keep` steps hold.
 */
export class SpikeLog {
  pointer: number;
  /** Where the next spike goes. */
  at: number;
  readonly #frame: Arena;
  readonly #size: number;
  readonly #keep: number;
  readonly #sink: SpikeSink;
  #capacity: number;
  #base: number;
  #starts: Int32Array;
  #drained: number;

  constructor(frame: Arena, size: number, keep: number, kept: KeptSpikes, step: number, sink: SpikeSink) {
    this.#frame = frame;
    this.#size = size;
    this.#keep = keep;
    this.#sink = sink;
    this.#capacity = kept.ids.length + 4 * size + 1024;
    this.pointer = frame.uninitialised(this.#capacity * 4);
    frame.heap.i32(this.pointer, kept.ids.length).set(kept.ids);
    this.at = kept.ids.length;
    this.#base = kept.base;
    this.#starts = new Int32Array(Math.max(keep, kept.starts.length) + SPARE_STEPS + 2);
    this.#starts.set(kept.starts);
    this.#drained = step;
  }

  /** Where the spikes of a step, or of the first one that is known, begin. */
  from(step: number): number {
    return step <= this.#base ? this.#starts[0] : this.#starts[step - this.#base];
  }

  /** Room for a spike of every neuron in this step. */
  open(step: number): void {
    if (this.at + this.#size > this.#capacity || step - this.#base + 1 >= this.#starts.length) this.#compact(step);
  }

  /** The spikes of this step are in. */
  close(step: number, at: number): void {
    this.at = at;
    this.#starts[step - this.#base + 1] = at;
  }

  /** Hands over the spikes of all steps before this one. */
  drain(step: number): void {
    if (step === this.#drained) return;
    const ids = this.#frame.heap.i32(this.pointer, this.at);
    this.#sink(this.#drained, step, this.#starts, this.#drained - this.#base, ids);
    this.#drained = step;
  }

  /** What the next run needs. */
  kept(step: number): KeptSpikes {
    this.#compact(step);
    return {
      base: this.#base,
      starts: this.#starts.slice(0, step - this.#base + 1),
      ids: this.#frame.heap.i32(this.pointer, this.at).slice(),
    };
  }

  #compact(step: number): void {
    this.drain(step);
    const first = Math.max(this.#base, step - this.#keep);
    const offset = this.from(first);
    const { heap } = this.#frame;
    heap.i32(this.pointer, this.at).copyWithin(0, offset);
    const starts = this.#starts;
    for (let k = first; k <= step; k++) starts[k - first] = starts[k - this.#base] - offset;
    this.#base = first;
    this.at -= offset;
    if (this.at + this.#size <= this.#capacity) return;
    const capacity = 2 * (this.at + this.#size);
    const pointer = this.#frame.uninitialised(capacity * 4);
    heap.i32(pointer, this.at).set(heap.i32(this.pointer, this.at));
    this.#frame.release(this.pointer);
    this.pointer = pointer;
    this.#capacity = capacity;
  }
}
