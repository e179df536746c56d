import { finiteNumber, nonNegativeNumber, optionsObject, positiveNumber } from '../../core/checks.ts';
import { type Current, currentOf, type Receptors, receptorsOf, type Start, startOf, thresholdOf } from './checks.ts';

export interface LifOptions {
  /** Membrane time constant in ms. */
  tauM: number;
  /** Synaptic time constants in ms: one, or one per receptor by name. Without any, synapses move v at once. */
  tauSyn?: number | { readonly [receptor: string]: number };
  /** Where v rests without input. @default 0 */
  vRest?: number;
  /** Where v starts again after a spike. @default vRest */
  vReset?: number;
  /** A neuron whose v reaches this spikes; above vReset. @default 1 */
  vThreshold?: number;
  /** How long v is held at vReset after a spike, in ms, a multiple of dt. @default 0 */
  refractory?: number;
  /** Constant input in units of v (resistance times current): one number, or one for each neuron. @default 0 */
  current?: number | ArrayLike<number>;
  /** v at the start: one number, or the ends of a uniform distribution. @default vRest */
  vInit?: number | readonly [low: number, high: number];
}

export interface LifModel {
  readonly kind: 'lif';
  readonly tauM: number;
  readonly tauSyn: Receptors;
  readonly vRest: number;
  readonly vReset: number;
  readonly vThreshold: number;
  readonly refractory: number;
  readonly current: Current;
  readonly vInit: Start;
}

export const lifOptionNames = [
  'tauM',
  'tauSyn',
  'vRest',
  'vReset',
  'vThreshold',
  'refractory',
  'current',
  'vInit',
] as const satisfies (keyof LifOptions)[];

/**
 * Leaky integrate-and-fire neurons with current-based exponential synapses, integrated exactly:
 *
 *     tauM dv/dt = vRest - v + current + sum_r g_r,    tauSyn_r dg_r/dt = -g_r
 *
 * A spike that arrives at receptor r adds its weight to g_r; where `tauSyn` is left out (or at receptor `'delta'`), to v itself. When
 * v >= vThreshold (equality spikes) at the end of a step, the neuron spikes and v is held at vReset for `refractory` ms, while the g_r go
 * on. Counting is that of Brian2: after a spike in step k the next update is that of step k + refractory / dt.
 *
 * Sources: Brette et al. 2007, doi 10.1007/s10827-007-0038-6; Rotter and Diesmann 1999, doi 10.1007/s004220050570 (exact integration).
 *
 * @throws TypeError for the wrong kind; RangeError for time constants that are not positive, a threshold that is not above the reset,
 * values that are not finite
 * @example
 * ```ts
 * import { lif } from 'spinifex';
 * lif({ tauM: 20, tauSyn: { e: 5, i: 10 }, vRest: -49, vReset: -60, vThreshold: -50, refractory: 5, vInit: [-60, -50] });
 * ```
 */
export function lif(options: LifOptions): LifModel {
  return Object.freeze(lifParts(optionsObject(options, 'lif', lifOptionNames)));
}

/** The checked parameters, shared with the adaptive model. */
export function lifParts(options: LifOptions): LifModel {
  const vRest = finiteNumber(options.vRest ?? 0, 'vRest');
  const vReset = finiteNumber(options.vReset ?? vRest, 'vReset');
  return {
    kind: 'lif',
    tauM: positiveNumber(options.tauM, 'tauM'),
    tauSyn: receptorsOf(options.tauSyn),
    vRest,
    vReset,
    vThreshold: thresholdOf(options.vThreshold ?? 1, vReset),
    refractory: nonNegativeNumber(options.refractory ?? 0, 'refractory'),
    current: currentOf(options.current),
    vInit: startOf(options.vInit, vRest),
  };
}
