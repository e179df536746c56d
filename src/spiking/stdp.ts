import type { Precision } from '../backend/kernelForms.ts';
import { finiteNumber, nonNegativeNumber, optionsObject, positiveNumber, refuseEntry } from '../core/checks.ts';
import { byTarget, type Connectivity } from './connectivity.ts';
import type { Plasticity } from './delayedSynapses.ts';
import { floats } from './populationState.ts';
import { leakOf } from './propagators.ts';
import type { TimeGrid } from './timeGrid.ts';

/**
 * Spike-timing-dependent plasticity of all pairs, in trace form: each source has a trace that jumps by 1 at its spikes (when they arrive)
 * and decays with tauPlus, each target one that decays with tauMinus.
 *
 *     arrival at the synapse: w -= aMinus * (target's trace);    spike of the target: w += aPlus * (source's trace);    w stays in [wMin, wMax]
 *
 * At coincidence the arrival comes first, and a spike never meets the jump that it makes itself. Sources: Bi and Poo 1998,
 * doi 10.1523/JNEUROSCI.18-24-10464.1998; Song, Miller and Abbott 2000, doi 10.1038/78829.
 */
export interface StdpOptions {
  /** In ms. */
  tauPlus: number;
  /** In ms. */
  tauMinus: number;
  /** Gain of a pair source before target, in units of the weight, >= 0. */
  aPlus: number;
  /** Loss of a pair target before source, >= 0. */
  aMinus: number;
  /** @default 0 */
  wMin?: number;
  wMax: number;
}

/** Checked, with defaults. */
export function checkedStdp(options: StdpOptions, grid: TimeGrid): Required<StdpOptions> {
  optionsObject(options, 'stdp', ['tauPlus', 'tauMinus', 'aPlus', 'aMinus', 'wMin', 'wMax']);
  const wMin = finiteNumber(options.wMin ?? 0, 'stdp.wMin');
  const wMax = finiteNumber(options.wMax, 'stdp.wMax');
  if (!(wMin <= wMax)) throw new RangeError(`stdp.wMax: expected at least wMin = ${wMin}, got ${wMax}`);
  return {
    tauPlus: grid.resolved(positiveNumber(options.tauPlus, 'stdp.tauPlus'), 'stdp.tauPlus'),
    tauMinus: grid.resolved(positiveNumber(options.tauMinus, 'stdp.tauMinus'), 'stdp.tauMinus'),
    aPlus: nonNegativeNumber(options.aPlus, 'stdp.aPlus'),
    aMinus: nonNegativeNumber(options.aMinus, 'stdp.aMinus'),
    wMin,
    wMax,
  };
}

/** Start weights that the rule's bounds allow. */
export function checkBounds({ wMin, wMax }: Required<StdpOptions>, weights: ArrayLike<number>): void {
  for (let e = 0; e < weights.length; e++) {
    if (!(weights[e] >= wMin && weights[e] <= wMax)) {
      refuseEntry(weights[e], `weight of synapse ${e}`, `a number in [${wMin}, ${wMax}], the bounds of stdp`);
    }
  }
}

/** The rule in the constants of a step, traces at zero, and the synapses by target. */
export function plasticityOf(
  stdp: Required<StdpOptions>,
  connectivity: Connectivity,
  sources: number,
  targets: number,
  dt: number,
  precision: Precision,
): Plasticity {
  const { tauPlus, tauMinus, aPlus, aMinus, wMin, wMax } = stdp;
  return {
    leakBefore: leakOf(dt, tauPlus),
    leakAfter: leakOf(dt, tauMinus),
    fastest: dt / Math.min(tauPlus, tauMinus),
    aPlus,
    aMinus,
    wMin,
    wMax,
    before: floats(precision, sources),
    after: floats(precision, targets),
    ...byTarget(connectivity, targets),
  };
}
