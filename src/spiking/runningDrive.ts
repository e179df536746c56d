import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { PoissonDrive } from './poissonDrive.ts';
import type { PopulationState } from './populationState.ts';
import { arrivalOf, gainOf, type RunningPopulation } from './runningPopulation.ts';
import type { WidthKernels } from './widthKernels.ts';

/** Poisson input in linear memory. */
export class RunningDrive {
  readonly #drive: PoissonDrive;
  readonly #frame: Arena;
  readonly #kernels: WidthKernels;
  readonly #state: Pointer;
  readonly #gap: Pointer;
  readonly #table: Pointer;
  readonly #guide: Pointer;
  readonly #weight: number;
  readonly #out: Pointer;

  constructor(frame: Arena, kernels: WidthKernels, drive: PoissonDrive, find: ReadonlyMap<PopulationState, RunningPopulation>) {
    this.#drive = drive;
    this.#frame = frame;
    this.#kernels = kernels;
    this.#state = frame.put(new Int32Array(drive.state.buffer));
    this.#gap = frame.f64(1);
    frame.heap.f64(this.#gap, 1)[0] = drive.gap;
    this.#table = frame.put(new Int32Array(drive.table.buffer));
    this.#guide = frame.put(drive.guide);
    this.#weight = drive.weight * gainOf(drive.target, drive.receptor);
    this.#out = arrivalOf(find.get(drive.target)!, drive.receptor);
  }

  draw(): void {
    const { inverse, first, target } = this.#drive;
    const { poissonInput } = this.#kernels;
    poissonInput(this.#state, this.#gap, inverse, first, this.#table, this.#guide, this.#weight, this.#out, target.size);
  }

  save(): void {
    const { heap } = this.#frame;
    this.#drive.state = new Uint32Array(heap.buffer, this.#state, 4).slice();
    this.#drive.gap = heap.f64(this.#gap, 1)[0];
  }
}
