import { finiteNumber, optionsObject, positiveNumber } from '../../core/checks.ts';
import { type Current, currentOf, type Receptors, receptorsOf, type Start, startOf } from './checks.ts';
import type { LifOptions } from './lif.ts';

export type LeakyIntegratorOptions = Pick<LifOptions, 'tauM' | 'tauSyn' | 'vRest' | 'current' | 'vInit'>;

export interface LeakyIntegratorModel {
  readonly kind: 'leakyIntegrator';
  readonly tauM: number;
  readonly tauSyn: Receptors;
  readonly vRest: number;
  readonly current: Current;
  readonly vInit: Start;
}

/**
 * Membranes that integrate like `lif` and never spike, for reading out:
 *
 *     tauM dv/dt = vRest - v + current + sum_r g_r,    tauSyn_r dg_r/dt = -g_r
 *
 * @throws as `lif`
 */
export function leakyIntegrator(options: LeakyIntegratorOptions): LeakyIntegratorModel {
  optionsObject(options, 'leakyIntegrator', ['tauM', 'tauSyn', 'vRest', 'current', 'vInit']);
  const vRest = finiteNumber(options.vRest ?? 0, 'vRest');
  return Object.freeze({
    kind: 'leakyIntegrator' as const,
    tauM: positiveNumber(options.tauM, 'tauM'),
    tauSyn: receptorsOf(options.tauSyn),
    vRest,
    current: currentOf(options.current),
    vInit: startOf(options.vInit, vRest),
  });
}
