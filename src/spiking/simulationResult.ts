import { refuse } from '../core/checks.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Population } from './population.ts';
import { mixed, type Recording } from './recording.ts';
import type { Outcome } from './simulation.ts';
import type { TimeGrid } from './timeGrid.ts';

/** Spikes in order of time, those of one step in order of neurons. */
export interface SpikeTrain {
  /** In ms: the end of the step. */
  time: Float64Array;
  neuron: Int32Array;
}

/** Mean rate of a population over time. */
export interface PopulationRate {
  /** Ends of the bins, in ms. */
  time: Float64Array;
  /** Spikes per neuron and second in each bin. */
  rate: Float64Array;
}

/** Voltages at the end of each step. */
export interface VoltageTrace {
  /** In ms. */
  time: Float64Array;
  /** Which neurons, one for each row. */
  neuron: Int32Array;
  /** neurons x steps */
  value: DenseMatrix;
}

/** What a run has recorded of one population; neurons are counted from 0 in the population. */
export interface PopulationResult {
  /** Empty unless spikes were recorded. */
  spikes: SpikeTrain;
  /** In Hz, one for each neuron, over this run; whether or not spikes were recorded. */
  rates: Float64Array;
  populationRate?: PopulationRate;
  voltages?: VoltageTrace;
}

/** One population's part of an outcome. */
interface Part {
  readonly population: Population;
  readonly recording: Recording;
  /** Ends of steps and neurons. */
  readonly spikes: { steps: Int32Array; ids: Int32Array };
}

/** What one run has recorded. Neurons are numbered through the network: those of a population start at its `first`. */
export class SimulationResult {
  /** Spikes of the populations whose spikes are recorded. */
  readonly spikes: SpikeTrain;
  /** In Hz, one for each neuron of the network, over this run. */
  readonly rates: Float64Array;
  /** Of the populations that were to be binned, in order of creation. */
  readonly populationRates?: (PopulationRate & { population: Population })[];
  /** Of all chosen neurons. */
  readonly voltages?: VoltageTrace;
  /** Hash (FNV-1a) of all spikes of all populations since t = 0, recorded or not: equal runs have equal hashes. */
  readonly hash: string;
  /** `'aborted'` where the signal ended the run; what was simulated until then is here, and the next run continues from there. */
  readonly status: 'completed' | 'aborted';
  /** What to look at, where no neuron of a population with a threshold has fired, or one fires nearly as often as it can. */
  readonly advice?: string;
  /** What was simulated, in ms. */
  readonly duration: number;
  /** Synapses that spikes arrived at: the sum of the out-degrees of the delivered spikes. Poisson input is not counted. */
  readonly synapticEvents: number;
  readonly #parts: Map<Population, PopulationResult>;

  /** Internal: made by `SpikingNetwork.run`. */
  constructor(populations: readonly Population[], outcome: Outcome, grid: TimeGrid, start: number) {
    const parts = populations.map((population, k) => {
      const recording = outcome.recordings[k];
      return { population, recording, spikes: { steps: recording.steps.toArray(), ids: recording.ids.toArray() } };
    });
    this.status = outcome.aborted ? 'aborted' : 'completed';
    this.duration = grid.timeAfter(outcome.steps);
    this.synapticEvents = outcome.events;
    this.hash = combined(outcome.recordings);
    const all = merged(parts, grid);
    this.spikes = all;
    this.#parts = new Map(parts.map((part) => [part.population, populationResult(part, outcome.steps, grid, start)]));
    this.rates = new Float64Array(populations.reduce((sum, { size }) => sum + size, 0));
    for (const [{ first }, { rates }] of this.#parts) this.rates.set(rates, first);
    const advice = adviceOn(this.#parts, grid, outcome.steps);
    if (advice) this.advice = advice;
    const binned = [...this.#parts].filter(([, { populationRate }]) => populationRate);
    if (binned.length > 0) {
      this.populationRates = binned.map(([population, { populationRate }]) => ({ population, ...populationRate! }));
    }
    const traced = [...this.#parts].filter(([, { voltages }]) => voltages);
    if (traced.length > 0) this.voltages = stacked(traced);
  }

  /**
   * One population's part, with its neurons counted from 0.
   * @throws TypeError for a population that the network did not have in this run
   */
  of(population: Population): PopulationResult {
    const part = this.#parts.get(population);
    if (!part) refuse(population, 'population', 'a population of the simulated network', false);
    return part;
  }
}

/** Share of the largest possible rate that carries no information any more. */
const SATURATED = 0.95;

function adviceOn(parts: ReadonlyMap<Population, PopulationResult>, grid: TimeGrid, steps: number): string | undefined {
  const firing = [...parts].filter(([{ model }]) => 'vThreshold' in model);
  if (steps === 0 || firing.length === 0) return undefined;
  if (firing.every(([, { rates }]) => rates.every((rate) => rate === 0))) {
    return 'no neuron has fired: raise currents, weights or input rates, lower thresholds, or run longer';
  }
  const full = firing.find(([{ model, size }, { rates }]) => {
    const shortest = 'refractory' in model ? Math.max(grid.dt, model.refractory) : grid.dt;
    return rates.reduce((a, b) => a + b, 0) / size > (SATURATED * 1000) / shortest;
  });
  return (
    full &&
    `population ${[...parts.keys()].indexOf(full[0])} fires nearly as often as it can: lower weights, currents or input rates`
  );
}

function combined(recordings: readonly Recording[]): string {
  let hash = 0x811c9dc5;
  for (const recording of recordings) hash = mixed(hash, recording.hash);
  return hash.toString(16).padStart(8, '0');
}

function populationResult(
  { population, recording, spikes }: Part,
  steps: number,
  grid: TimeGrid,
  start: number,
): PopulationResult {
  const perHz = (steps * grid.dt) / 1000;
  const rates = Float64Array.from(recording.counts, (count) => (steps > 0 ? count / perHz : 0));
  const { steps: ends, ids } = spikes;
  const time = new Float64Array(ends.length);
  for (let k = 0; k < time.length; k++) time[k] = grid.timeAfter(ends[k]);
  const result: PopulationResult = { spikes: { time, neuron: ids }, rates };
  const { bins, voltage, plan } = recording;
  if (bins && plan?.rateSteps) result.populationRate = binned(bins, plan.rateSteps, population.size, steps, grid, start);
  if (voltage && plan?.voltage && steps > 0) {
    const { voltage: index } = plan;
    const data = voltage.length === steps * index.length ? voltage : voltage.slice(0, steps * index.length);
    result.voltages = {
      time: Float64Array.from({ length: steps }, (_, k) => grid.timeAfter(start + k + 1)),
      neuron: index.slice(),
      value: new DenseMatrix(data, index.length, steps, 'column'),
    };
  }
  return result;
}

/** The last bin may be shorter; it is divided by what it has. */
function binned(bins: Int32Array, width: number, size: number, steps: number, grid: TimeGrid, start: number): PopulationRate {
  const count = Math.ceil(steps / width);
  const ends = Int32Array.from({ length: count }, (_, k) => Math.min((k + 1) * width, steps));
  return {
    time: Float64Array.from(ends, (end) => grid.timeAfter(start + end)),
    rate: Float64Array.from(ends, (end, k) => bins[k] / (size * (((end - k * width) * grid.dt) / 1000))),
  };
}

/** All recorded spikes by time, then neuron. */
function merged(parts: readonly Part[], grid: TimeGrid): SpikeTrain {
  const lists = parts
    .map(({ population: { first }, spikes: { steps, ids } }) => ({ first, steps, ids, at: 0 }))
    .filter(({ steps }) => steps.length > 0);
  const total = lists.reduce((sum, { steps }) => sum + steps.length, 0);
  const time = new Float64Array(total);
  const neuron = new Int32Array(total);
  for (let k = 0; k < total; ) {
    let step = Infinity;
    for (const { steps, at } of lists) if (at < steps.length && steps[at] < step) step = steps[at];
    const stamp = grid.timeAfter(step);
    for (const list of lists) {
      for (; list.at < list.steps.length && list.steps[list.at] === step; list.at++, k++) {
        time[k] = stamp;
        neuron[k] = list.first + list.ids[list.at];
      }
    }
  }
  return { time, neuron };
}

/** Traces of several populations under each other. */
function stacked(traced: readonly [Population, PopulationResult][]): VoltageTrace {
  const { time } = traced[0][1].voltages!;
  const rows = traced.reduce((sum, [, { voltages }]) => sum + voltages!.neuron.length, 0);
  const neuron = new Int32Array(rows);
  const value = new Float64Array(rows * time.length);
  let row = 0;
  for (const [{ first }, { voltages }] of traced) {
    const { neuron: ids, value: own } = voltages!;
    neuron.set(
      ids.map((id) => first + id),
      row,
    );
    for (let step = 0; step < time.length; step++) {
      value.set(own.data.subarray(step * ids.length, (step + 1) * ids.length), step * rows + row);
    }
    row += ids.length;
  }
  return { time, neuron, value: new DenseMatrix(value, rows, time.length, 'column') };
}
