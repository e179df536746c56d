import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Recording } from './recording.ts';
import type { RunningPopulation } from './runningPopulation.ts';
import type { WidthKernels } from './widthKernels.ts';

/** Voltages of chosen neurons at the end of each step. */
export class VoltageMonitor {
  readonly active: boolean;
  readonly #frame: Arena;
  readonly #kernels: WidthKernels;
  readonly #x: Pointer;
  readonly #shift: number;
  readonly #index: Pointer = 0;
  readonly #count: number;
  readonly #buffer: Pointer = 0;
  readonly #voltage: Float64Array | undefined;
  #steps = 0;
  #written = 0;

  constructor(frame: Arena, kernels: WidthKernels, population: RunningPopulation, recording: Recording, turn: number) {
    const index = recording.plan?.voltage;
    this.active = index !== undefined;
    this.#frame = frame;
    this.#kernels = kernels;
    this.#x = population.x;
    this.#shift = population.state.dynamics?.shift ?? 0;
    this.#count = index?.length ?? 0;
    this.#voltage = recording.voltage;
    if (!index) return;
    this.#index = frame.put(index);
    this.#buffer = frame.uninitialised(turn * index.length * 8);
  }

  sample(): void {
    const { sampleState } = this.#kernels;
    sampleState(this.#x, this.#index, this.#count, this.#shift, this.#buffer + 8 * this.#steps++ * this.#count);
  }

  drain(): void {
    const values = this.#frame.heap.f64(this.#buffer, this.#steps * this.#count);
    this.#voltage!.set(values, this.#written);
    this.#written += values.length;
    this.#steps = 0;
  }
}
