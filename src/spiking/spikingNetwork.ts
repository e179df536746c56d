import { currentBackend } from '../backend/backend.ts';
import type { Precision } from '../backend/kernelForms.ts';
import {
  booleanFlag,
  integerIn,
  integerVector,
  nonNegativeNumber,
  numberIn,
  oneOf,
  optionsObject,
  positiveNumber,
  refuse,
} from '../core/checks.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { buildSynapses, type ConnectOptions, connectOptionNames } from './connect.ts';
import type { DelayedSynapses } from './delayedSynapses.ts';
import { boundedNumber, DELTA } from './models/checks.ts';
import { modelNames, type NeuronModel } from './models/neuronModel.ts';
import { LARGEST_MEAN, type PoissonDrive, poissonDrive } from './poissonDrive.ts';
import { Population } from './population.ts';
import { PopulationState } from './populationState.ts';
import { Projection } from './projection.ts';
import type { RecordPlan } from './recording.ts';
import { simulate } from './simulation.ts';
import { SimulationResult } from './simulationResult.ts';
import { TimeGrid } from './timeGrid.ts';

export interface SpikingNetworkOptions {
  /** Length of a time step in ms; at most each time constant of the models. */
  dt: number;
  /** An integer >= 0: start values, connections and Poisson input are drawn from it. */
  seed: number;
  /** Width of state and weights. @default 'f32' */
  precision?: Precision;
}

export interface PoissonOptions {
  /** Rate of each source in Hz, >= 0. */
  rate: number;
  /** How many independent sources each neuron has. @default 1 */
  sources?: number;
  /** What each event adds. */
  weight: number;
  /** @default the target's only receptor, or 'delta' where it has none */
  receptor?: string;
}

export interface RecordOptions {
  /** Record spikes. @default false */
  spikes?: boolean;
  /** Neurons whose voltage is recorded at the end of each step. */
  voltage?: ArrayLike<number>;
  /** Length in ms of the bins of the population rate, a multiple of dt. */
  rate?: number;
}

/** Streams of random numbers by purpose, so that a new connection does not change the input, and so on. */
const STREAMS = { population: 0, connection: 1, poisson: 2 };
const KINDS = 3;

/**
 * A network of spiking neurons, simulated step by step with exact integration between spikes; only spikes cost synaptic work. Times are in
 * ms, rates in Hz, voltages in mV or without a unit.
 *
 * The same seed gives the same spikes, bit for bit, on every engine and on both backends; `run(a)` and `run(b)` give the spikes of
 * `run(a + b)`. What happens in which order inside a step is one page: docs/time-step.md. Voltages are stored as distances from rest, so
 * 32-bit state keeps its accuracy near it.
 *
 * @example
 * ```ts
 * import { lif, SpikingNetwork } from 'spinifex';
 * const net = new SpikingNetwork({ dt: 0.1, seed: 1 });
 * const e = net.population({ size: 100, model: lif({ tauM: 20, tauSyn: 5, vThreshold: 10, refractory: 2 }) });
 * net.poisson(e, { rate: 10, sources: 100, weight: 2 });
 * net.connect(e, e, { probability: 0.1, weight: -1, delay: 1.5 });
 * net.record(e, { spikes: true });
 * net.run(500).spikes.time.length;
 * ```
 */
export class SpikingNetwork {
  readonly precision: Precision;
  readonly seed: number;
  readonly #grid: TimeGrid;
  readonly #states = new Map<Population, PopulationState>();
  readonly #synapses: DelayedSynapses[] = [];
  readonly #drives: PoissonDrive[] = [];
  readonly #plans = new Map<PopulationState, RecordPlan>();
  #size = 0;
  #connections = 0;
  #steps = 0;
  #running = false;

  /** @throws TypeError or RangeError for options out of their range */
  constructor(options: SpikingNetworkOptions) {
    const { dt, seed, precision = 'f32' } = optionsObject(options, 'SpikingNetwork', ['dt', 'seed', 'precision']);
    this.#grid = new TimeGrid(dt);
    this.seed = integerIn(seed, 'seed', 0);
    this.precision = oneOf(precision, 'precision', ['f32', 'f64']);
  }

  /** Length of a time step in ms. */
  get dt(): number {
    return this.#grid.dt;
  }

  /** How far the network has been simulated, in ms. */
  get time(): number {
    return this.#grid.timeAfter(this.#steps);
  }

  /** Number of neurons, sources included. */
  get size(): number {
    return this.#size;
  }

  /** In order of creation. */
  get populations(): readonly Population[] {
    return [...this.#states.keys()];
  }

  /**
   * Adds neurons of one kind.
   *
   * @param options.size how many, at least 1
   * @param options.model what one of `lif`, `adaptiveLif`, `integrateAndFire`, `leakyIntegrator`, `izhikevich`, `poissonSource` and
   * `spikeSource` returns
   * @throws TypeError for another model; RangeError for time constants below dt, times that are not multiples of dt, lists of the wrong length
   */
  population(options: { size: number; model: NeuronModel }): Population {
    const { size, model } = optionsObject(options, 'population', ['size', 'model']);
    integerIn(size, 'size', 1, 2147483647 - this.#size);
    if (typeof model !== 'object' || model === null || !modelNames.includes(model.kind)) {
      refuse(model, 'model', `the result of one of ${modelNames.join(', ')}`, false);
    }
    if ('current' in model && typeof model.current !== 'number' && model.current.length !== size) {
      throw new RangeError(`current: expected ${size} numbers, one for each neuron, got ${model.current.length}`);
    }
    const random = this.#random('population', this.#states.size);
    const { kernels } = currentBackend();
    const state = new PopulationState(this.#size, size, model, this.#grid, this.precision, random, this.#steps, kernels);
    const population = new Population(size, this.#size, model);
    this.#states.set(population, state);
    this.#size += size;
    return population;
  }

  /**
   * Connects two populations (or one with itself). A spike of the source reaches each of its targets `delay` ms after its time and is seen
   * by the target's next update.
   *
   * @returns the synapses, whose weights can be read
   * @throws TypeError for a population of another network; RangeError for an unknown receptor, a probability outside [0, 1], a matrix
   * of another shape, weights that are not finite, delays that are not multiples of dt, dt above tauPlus or tauMinus, and more than
   * 2^28 synapses
   */
  connect(source: Population, target: Population, options: ConnectOptions): Projection {
    const from = this.#stateOf(source, 'source');
    const to = this.#stateOf(target, 'target');
    optionsObject(options, 'connect', connectOptionNames);
    const receptor = this.#receptor(to, options.receptor);
    const random = this.#random('connection', this.#connections);
    const parts = buildSynapses(from, to, receptor, options, {
      grid: this.#grid,
      precision: this.precision,
      random,
      step: this.#steps,
    });
    this.#connections++;
    if (receptor < 0) to.needInput();
    for (const { delay } of parts) from.keep = Math.max(from.keep, delay);
    this.#synapses.push(...parts);
    return new Projection(source, target, parts);
  }

  /**
   * Gives every neuron of a population independent Poisson input: in each step an event count with mean sources * rate * dt, drawn by
   * inversion, times `weight`.
   *
   * @throws TypeError for a population of another network; RangeError for an unknown receptor, a negative rate, more than 500
   * expected events per step
   */
  poisson(target: Population, options: PoissonOptions): void {
    const state = this.#stateOf(target, 'target');
    optionsObject(options, 'poisson', ['rate', 'sources', 'weight', 'receptor']);
    const rate = nonNegativeNumber(options.rate, 'rate');
    const sources = integerIn(options.sources ?? 1, 'sources', 1);
    const weight = boundedNumber(options.weight, 'weight');
    const receptor = this.#receptor(state, options.receptor);
    const mean = (rate * sources * this.dt) / 1000;
    numberIn(mean, 'rate * sources * dt (events per step)', 0, LARGEST_MEAN);
    const random = this.#random('poisson', this.#drives.length);
    if (receptor < 0) state.needInput();
    this.#drives.push(poissonDrive(state, receptor, weight, mean, random, currentBackend().kernels));
  }

  /**
   * Says what the following runs record of a population; a second call replaces the first. Recording does not change a spike.
   * @throws TypeError for a population of another network; RangeError for neurons that it does not have, bins that are not multiples of dt,
   * voltages of a population without a membrane
   */
  record(population: Population, options: RecordOptions): void {
    const state = this.#stateOf(population, 'population');
    const { spikes = false, voltage, rate } = optionsObject(options, 'record', ['spikes', 'voltage', 'rate']);
    booleanFlag(spikes, 'spikes');
    const ids = voltage === undefined ? undefined : integerVector(voltage, 'voltage', 0, state.size - 1);
    if (ids && !state.dynamics) throw new RangeError(`voltage: a ${state.model.kind} has no voltage`);
    const rateSteps = rate === undefined ? undefined : this.#grid.stepsOf(positiveNumber(rate, 'rate'), 'rate');
    if (rateSteps === 0) throw new RangeError(`rate: expected a bin of at least dt = ${this.dt}, got ${rate}`);
    this.#plans.set(state, { spikes, voltage: ids?.length ? ids : undefined, rateSteps });
  }

  /**
   * Simulates the next `duration` ms.
   *
   * @param duration in ms, > 0, a multiple of dt
   * @param options.signal ends the run early: what was simulated is returned with status `'aborted'`, and the next run continues from there
   * @param options.onProgress is called with steps done and in all, at least every hundredth of the run
   * @throws RangeError for another duration; OutOfMemoryError, and what `onProgress` throws: the network is then as it was before the run
   */
  run(duration: number, options: RunOptions = {}): SimulationResult {
    const { signal, onProgress } = optionsObject(options, 'run', ['signal', 'onProgress']);
    if (onProgress !== undefined && typeof onProgress !== 'function') refuse(onProgress, 'onProgress', 'a function', false);
    const steps = this.#grid.stepsOf(positiveNumber(duration, 'duration'), 'duration');
    if (steps === 0) throw new RangeError(`duration: expected at least dt = ${this.dt}, got ${duration}`);
    this.#grid.endAfter(this.#steps, steps);
    if (this.#running) throw new TypeError('run: this network is running; onProgress may not run it again');
    this.#running = true;
    try {
      const start = this.#steps;
      const populations = this.populations;
      const network = {
        precision: this.precision,
        populations: [...this.#states.values()],
        synapses: [...this.#synapses],
        drives: [...this.#drives],
        plans: new Map(this.#plans),
      };
      const outcome = simulate(network, start, steps, { signal, onProgress: withTimeLeft(onProgress) });
      this.#steps += outcome.steps;
      return new SimulationResult(populations, outcome, this.#grid, start);
    } finally {
      this.#running = false;
    }
  }

  #random(kind: keyof typeof STREAMS, number: number): Random {
    return new Random(this.seed, KINDS * number + STREAMS[kind]);
  }

  #stateOf(population: unknown, title: string): PopulationState {
    const state = this.#states.get(population as Population);
    if (state) return state;
    if (population instanceof Population) throw new TypeError(`${title}: this population belongs to another network`);
    refuse(population, title, 'a population of this network', false);
  }

  /** Which of the target's receptors; -1: none, its voltage moves at once. */
  #receptor(target: PopulationState, name: unknown): number {
    if (!target.dynamics) throw new RangeError(`target: a ${target.model.kind} takes no input`);
    const names = target.dynamics.receptors.map((receptor) => receptor.name);
    if (name === undefined) {
      if (names.length < 2) return names.length - 1;
      throw new RangeError(`receptor: expected one of ${[...names, DELTA].join(', ')}, got undefined`);
    }
    if (name === DELTA) return -1;
    const index = names.indexOf(name as string);
    if (index >= 0) return index;
    refuse(name, 'receptor', `one of ${[...names, DELTA].join(', ')}`, typeof name === 'string');
  }
}
