import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Precision } from '../backend/kernelForms.ts';
import type { RunOptions } from '../core/progress.ts';
import type { DelayedSynapses } from './delayedSynapses.ts';
import { Pathway } from './pathway.ts';
import type { PoissonDrive } from './poissonDrive.ts';
import type { PopulationState } from './populationState.ts';
import { Recording, type RecordPlan } from './recording.ts';
import { RunningDrive } from './runningDrive.ts';
import { RunningPopulation } from './runningPopulation.ts';
import { VoltageMonitor } from './voltageMonitor.ts';
import { widthKernels } from './widthKernels.ts';

/** Everything that a run continues from. */
export interface NetworkState {
  readonly precision: Precision;
  readonly populations: readonly PopulationState[];
  readonly synapses: readonly DelayedSynapses[];
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
