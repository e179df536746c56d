import type { AdaptiveLifModel } from './models/adaptiveLif.ts';
import { type Current, ONLY, type Receptors, type Start } from './models/checks.ts';
import type { IntegrateAndFireModel } from './models/integrateAndFire.ts';
import type { IzhikevichModel } from './models/izhikevich.ts';
import type { LeakyIntegratorModel } from './models/leakyIntegrator.ts';
import type { LifModel } from './models/lif.ts';
import type { NeuronModel } from './models/neuronModel.ts';
import { couplingOf, integralOf, leakOf } from './propagators.ts';
import type { TimeGrid } from './timeGrid.ts';

/** One synaptic variable, stored as what it adds to the membrane in the next step: a weight counts `gain` times, a step takes `leak` of it. */
export interface ReceptorDynamics {
  readonly name: string;
  readonly leak: number;
  readonly gain: number;
}

/** A membrane model on a time grid, in the words of the kernels. */
export interface MembraneDynamics {
  readonly kernel: 'lif' | 'izhikevich';
  /** The kernel's parameter block. */
  readonly parameters: Float64Array;
  readonly receptors: readonly ReceptorDynamics[];
  /** v = x + shift */
  readonly shift: number;
  /** v at the start, before the shift. */
  readonly start: Start;
  /** After a spike in step k the next update is that of step k + refractory; at least 1. */
  readonly refractory: number;
  /** What constant currents add to each neuron's input in every step, if they are not in the shift. */
  readonly current: Float64Array | number;
  readonly adapts: boolean;
  /** The fastest decay, in time constants per step: how soon values become subnormal. */
  readonly fastest: number;
}

type MembraneModel = LifModel | AdaptiveLifModel | IntegrateAndFireModel | LeakyIntegratorModel | IzhikevichModel;

/** Puts a model on the grid; sources have no membrane. */
export function dynamicsOf(model: NeuronModel, grid: TimeGrid): MembraneDynamics | undefined {
  switch (model.kind) {
    case 'poissonSource':
    case 'spikeSource':
      return undefined;
    case 'izhikevich':
      return izhikevichDynamics(model, grid);
    default:
      return membraneDynamics(model, grid);
  }
}

function membraneDynamics(model: Exclude<MembraneModel, IzhikevichModel>, grid: TimeGrid): MembraneDynamics {
  const { dt } = grid;
  const tauM = 'tauM' in model ? grid.resolved(model.tauM, 'tauM') : undefined;
  const leak = tauM === undefined ? 0 : leakOf(dt, tauM);
  const rest = 'vRest' in model ? model.vRest : 0;
  // A current that is the same for all moves the resting point; any other is added step by step, as without a leak there is none.
  const shared = tauM !== undefined && typeof model.current === 'number' ? model.current : 0;
  const shift = rest + shared;
  const spikes = 'vThreshold' in model;
  const refractory = spikes ? Math.max(1, grid.stepsOf(model.refractory, 'refractory')) : 1;
  const adaptation = model.kind === 'adaptiveLif' ? grid.resolved(model.tauAdaptation, 'tauAdaptation') : undefined;
  const receptors = receptorDynamics(model.tauSyn, grid, (tau) =>
    tauM === undefined ? integralOf(dt, tau) : couplingOf(dt, tauM, tau),
  );
  return {
    kernel: 'lif',
    parameters: Float64Array.of(
      leak,
      spikes ? model.vThreshold - shift : Infinity,
      spikes ? model.vReset - shift : 0,
      refractory,
      receptors[0]?.leak ?? 0,
      receptors[1]?.leak ?? 0,
      adaptation === undefined ? 0 : leakOf(dt, adaptation),
      model.kind === 'adaptiveLif' ? model.adaptationStep : 0,
    ),
    receptors,
    shift,
    start: model.vInit,
    refractory,
    current: perStep(model.current, shared, tauM === undefined ? dt : leak),
    adapts: adaptation !== undefined,
    fastest: Math.max(...[tauM, adaptation, ...Object.values(model.tauSyn)].map((tau) => (tau === undefined ? 0 : dt / tau))),
  };
}

/** Half steps of forward Euler; receptors act as a current that is constant during the step. */
function izhikevichDynamics(model: IzhikevichModel, grid: TimeGrid): MembraneDynamics {
  const { dt } = grid;
  if (dt > 1 || dt * Math.abs(model.a) > 1) {
    throw new RangeError(
      `dt: expected at most 1 ms and at most 1 / a for izhikevich, whose Euler steps diverge otherwise, got ${dt}`,
    );
  }
  const shared = typeof model.current === 'number' ? model.current : 0;
  return {
    kernel: 'izhikevich',
    parameters: Float64Array.of(dt / 2, dt * model.a, model.b, model.vThreshold, model.c, model.d, 140 + shared, 1 / dt),
    receptors: receptorDynamics(model.tauSyn, grid, () => dt),
    shift: 0,
    start: model.vInit,
    refractory: 1,
    current: perStep(model.current, shared, dt),
    adapts: false,
    fastest: Math.max(0, ...Object.values(model.tauSyn).map((tau) => dt / tau)),
  };
}

function receptorDynamics(tauSyn: Receptors, grid: TimeGrid, gain: (tau: number) => number): ReceptorDynamics[] {
  return Object.entries(tauSyn).map(([name, tau]) => {
    grid.resolved(tau, name === ONLY ? 'tauSyn' : `tauSyn.${name}`);
    return { name, leak: leakOf(grid.dt, tau), gain: gain(tau) };
  });
}

function perStep(current: Current, shared: number, factor: number): Float64Array | number {
  return typeof current === 'number' ? (current - shared) * factor : current.map((value) => value * factor);
}
