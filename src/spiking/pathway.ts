import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { DelayedSynapses } from './delayedSynapses.ts';
import type { Floats, PopulationState } from './populationState.ts';
import { arrivalOf, gainOf, type RunningPopulation } from './runningPopulation.ts';
import type { WidthKernels } from './widthKernels.ts';

/** Synapses of one delay in linear memory. */
export class Pathway {
  readonly synapses: DelayedSynapses;
  readonly #frame: Arena;
  readonly #kernels: WidthKernels;
  readonly #source: RunningPopulation;
  readonly #target: RunningPopulation;
  readonly #indptr: Pointer;
  readonly #targets: Pointer;
  readonly #weights: Pointer;
  readonly #gain: number;
  readonly #out: Pointer;
  readonly #learning: { before: Pointer; after: Pointer; colptr: Pointer; sources: Pointer; edges: Pointer } | undefined;

  constructor(
    frame: Arena,
    kernels: WidthKernels,
    synapses: DelayedSynapses,
    find: ReadonlyMap<PopulationState, RunningPopulation>,
  ) {
    this.synapses = synapses;
    this.#frame = frame;
    this.#kernels = kernels;
    this.#source = find.get(synapses.source)!;
    this.#target = find.get(synapses.target)!;
    this.#indptr = frame.put(synapses.indptr);
    this.#targets = frame.put(synapses.targets);
    this.#weights = synapses.weights ? frame.put(synapses.weights) : 0;
    this.#gain = gainOf(synapses.target, synapses.receptor);
    this.#out = arrivalOf(this.#target, synapses.receptor);
    const { plasticity } = synapses;
    if (plasticity) {
      this.#learning = {
        before: frame.put(plasticity.before),
        after: frame.put(plasticity.after),
        colptr: frame.put(plasticity.colptr),
        sources: frame.put(plasticity.sources),
        edges: frame.put(plasticity.edges),
      };
    }
  }

  /** Traces lose their share of this step. */
  decay(lift: boolean): void {
    const { before, after, leakBefore, leakAfter } = this.synapses.plasticity!;
    const learning = this.#learning!;
    this.#kernels.decay(learning.before, before.length, leakBefore);
    this.#kernels.decay(learning.after, after.length, leakAfter);
    if (!lift) return;
    this.#kernels.liftTiny(learning.before, before.length, 1e-20, 0);
    this.#kernels.liftTiny(learning.after, after.length, 1e-20, 0);
  }

  /** The spikes whose delay ends with this step; how many synapses they reach. */
  arrive(step: number): number {
    const { synapses } = this;
    const sent = step - synapses.delay;
    if (sent < synapses.since) return 0;
    const { log } = this.#source;
    const from = log.from(sent);
    const count = log.from(sent + 1) - from;
    if (count === 0) return 0;
    const spikes = log.pointer + 4 * from;
    const { plasticity } = synapses;
    if (!plasticity) {
      return this.#kernels.propagate(
        spikes,
        count,
        this.#indptr,
        this.#targets,
        this.#weights,
        this.#weights ? this.#gain : this.#gain * synapses.weight,
        this.#out,
      );
    }
    const { aMinus, wMin, wMax } = plasticity;
    const { before, after } = this.#learning!;
    const { stdpArrive } = this.#kernels;
    return stdpArrive(
      spikes,
      count,
      this.#indptr,
      this.#targets,
      this.#weights,
      this.#gain,
      this.#out,
      before,
      after,
      aMinus,
      wMin,
      wMax,
    );
  }

  /** The targets' own spikes of this step. */
  learn(step: number): void {
    const { log } = this.#target;
    const from = log.from(step);
    const count = log.at - from;
    if (count === 0) return;
    const { aPlus, wMin, wMax } = this.synapses.plasticity!;
    const { before, after, colptr, sources, edges } = this.#learning!;
    const { stdpFire } = this.#kernels;
    stdpFire(log.pointer + 4 * from, count, colptr, sources, edges, this.#weights, before, after, aPlus, wMin, wMax);
  }

  save(): void {
    const { heap } = this.#frame;
    const read = (to: Floats, from: Pointer) =>
      to.set(to instanceof Float32Array ? heap.f32(from, to.length) : heap.f64(from, to.length));
    const { weights, plasticity } = this.synapses;
    read(weights!, this.#weights);
    read(plasticity!.before, this.#learning!.before);
    read(plasticity!.after, this.#learning!.after);
  }
}
