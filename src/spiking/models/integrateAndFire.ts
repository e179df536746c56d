import { finiteNumber, nonNegativeNumber, optionsObject } from '../../core/checks.ts';
import { type Current, currentOf, type Receptors, receptorsOf, type Start, startOf, thresholdOf } from './checks.ts';
import type { LifOptions } from './lif.ts';

export interface IntegrateAndFireOptions
  extends Pick<LifOptions, 'tauSyn' | 'vReset' | 'vThreshold' | 'refractory' | 'current' | 'vInit'> {
  /** Where v starts again after a spike. @default 0 */
  vReset?: number;
  /** Constant input in units of v per ms: one number, or one for each neuron. @default 0 */
  current?: number | ArrayLike<number>;
  /** v at the start. @default vReset */
  vInit?: number | readonly [low: number, high: number];
}

export interface IntegrateAndFireModel {
  readonly kind: 'integrateAndFire';
  readonly tauSyn: Receptors;
  readonly vReset: number;
  readonly vThreshold: number;
  readonly refractory: number;
  readonly current: Current;
  readonly vInit: Start;
}

/**
 * Integrate-and-fire neurons without a leak, integrated exactly:
 *
 *     dv/dt = current + sum_r g_r,    tauSyn_r dg_r/dt = -g_r
 *
 * Synapses, threshold, reset and refractory time as in `lif`.
 *
 * @throws as `lif`
 */
export function integrateAndFire(options: IntegrateAndFireOptions = {}): IntegrateAndFireModel {
  optionsObject(options, 'integrateAndFire', ['tauSyn', 'vReset', 'vThreshold', 'refractory', 'current', 'vInit']);
  const vReset = finiteNumber(options.vReset ?? 0, 'vReset');
  return Object.freeze({
    kind: 'integrateAndFire' as const,
    tauSyn: receptorsOf(options.tauSyn),
    vReset,
    vThreshold: thresholdOf(options.vThreshold ?? 1, vReset),
    refractory: nonNegativeNumber(options.refractory ?? 0, 'refractory'),
    current: currentOf(options.current),
    vInit: startOf(options.vInit, vReset),
  });
}
