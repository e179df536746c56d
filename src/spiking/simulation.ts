import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { RunOptions } from '../core/progress.ts';
import type { PoissonDrive } from './poissonDrive.ts';
import type { Floats, PopulationState, Precision } from './populationState.ts';
import { Recording, type RecordPlan } from './recording.ts';
import { RunningPopulation } from './runningPopulation.ts';
import type { Synapses } from './synapses.ts';
import { type WidthKernels, widthKernels } from './widthKernels.ts';

/** Everything that a run continues from. */
export interface NetworkState {
  readonly precision: Precision;
  readonly populations: readonly PopulationState[];
  readonly synapses: readonly Synapses[];
  readonly drives: readonly PoissonDrive[];
  readonly plans: ReadonlyMap<PopulationState, RecordPlan>;
}

/** What a run has seen. */
export interface Outcome {
  /** Steps that were made. */
  steps: number;
  aborted: boolean;
  /** Synapses that spikes arrived at. */
  events: number;
  /** One for each population. */
  recordings: Recording[];
}

/** Progress is reported, and the signal looked at, at least every hundredth of a run and this many steps. */
const MOST_STEPS_PER_TURN = 1000;
/** Voltages wait in linear memory until the end of a turn. */
const MOST_SAMPLES_PER_TURN = 1e6;
/** Values of f32 state are lifted when this many time constants may have passed: exp(-40) of 1e-20 is still a normal number. */
const LIFT_AFTER = 40;

/**
 * Runs steps start..start + steps - 1 on copies of the state in linear memory and writes the copies back at the end; when something throws,
 * the network is as it was before. The order inside a step is that of docs/time-step.md.
 */
export function simulate(network: NetworkState, start: number, steps: number, options: RunOptions): Outcome {
  return arena(currentBackend(), (frame) => {
    const kernels = widthKernels(frame.kernels, network.precision);
    const recordings = network.populations.map(
      (state) => new Recording(state.size, state.hash, network.plans.get(state), start, steps),
    );
    const populations = network.populations.map((state, k) => new RunningPopulation(frame, kernels, state, recordings[k], start));
    const find = new Map(populations.map((population) => [population.state, population]));
    const outcome: Outcome = { steps: 0, aborted: false, events: 0, recordings };
    const pathways = network.synapses.map((synapses) => new Pathway(frame, kernels, synapses, find));
    const drives = network.drives.map((drive) => new RunningDrive(frame, kernels, drive, find));
    const plastic = pathways.filter(({ synapses }) => synapses.plasticity);
    const turn = turnLength(network, steps);
    const monitors = populations
      .map((population, k) => new VoltageMonitor(frame, kernels, population, recordings[k], turn))
      .filter(({ active }) => active);
    const lift = liftInterval(network);
    const { signal, onProgress } = options;

    while (outcome.steps < steps) {
      if (signal?.aborted) {
        outcome.aborted = true;
        break;
      }
      const end = start + Math.min(steps, outcome.steps + turn);
      for (let step = start + outcome.steps; step < end; step++) {
        if (step % lift === 0) for (const population of populations) population.liftTiny();
        for (const population of populations) population.advance(step);
        for (const pathway of plastic) pathway.decay(step % lift === 0);
        for (const pathway of pathways) outcome.events += pathway.arrive(step);
        for (const drive of drives) drive.draw();
        for (const pathway of plastic) pathway.learn(step);
        for (const monitor of monitors) monitor.sample();
      }
      for (const population of populations) population.log.drain(end);
      for (const monitor of monitors) monitor.drain();
      outcome.steps = end - start;
      onProgress?.({ done: outcome.steps, total: steps });
    }

    const end = start + outcome.steps;
    populations.forEach((population, k) => {
      population.save(end, recordings[k].hash);
    });
    for (const pathway of plastic) pathway.save();
    for (const drive of drives) drive.save();
    return outcome;
  });
}

function turnLength(network: NetworkState, steps: number): number {
  let turn = Math.min(MOST_STEPS_PER_TURN, Math.ceil(steps / 100));
  for (const plan of network.plans.values()) {
    if (plan.voltage) turn = Math.min(turn, Math.ceil(MOST_SAMPLES_PER_TURN / plan.voltage.length));
  }
  return turn;
}

/** A power of two, and the same for every way to split a run. */
function liftInterval(network: NetworkState): number {
  let fastest = 0;
  for (const { dynamics } of network.populations) fastest = Math.max(fastest, dynamics?.fastest ?? 0);
  for (const { plasticity } of network.synapses) fastest = Math.max(fastest, plasticity?.fastest ?? 0);
  let interval = 1024;
  while (interval > 1 && interval * fastest > LIFT_AFTER) interval /= 2;
  return interval;
}

type Find = ReadonlyMap<PopulationState, RunningPopulation>;

/** What a unit weight adds there. */
function gainOf(target: PopulationState, receptor: number): number {
  return receptor < 0 ? 1 : target.dynamics!.receptors[receptor].gain;
}

function arrivalOf(target: RunningPopulation, receptor: number): Pointer {
  return receptor < 0 ? target.input : target.g[receptor];
}

/** Synapses of one delay in linear memory. */
class Pathway {
  readonly synapses: Synapses;
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

  constructor(frame: Arena, kernels: WidthKernels, synapses: Synapses, find: Find) {
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

/** Poisson input in linear memory. */
class RunningDrive {
  readonly #drive: PoissonDrive;
  readonly #frame: Arena;
  readonly #kernels: WidthKernels;
  readonly #state: Pointer;
  readonly #gap: Pointer;
  readonly #table: Pointer;
  readonly #guide: Pointer;
  readonly #weight: number;
  readonly #out: Pointer;

  constructor(frame: Arena, kernels: WidthKernels, drive: PoissonDrive, find: Find) {
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

/** Voltages of chosen neurons at the end of each step. */
class VoltageMonitor {
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
