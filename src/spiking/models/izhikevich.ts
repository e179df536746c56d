import { finiteNumber, optionsObject } from '../../core/checks.ts';
import { type Current, currentOf, type Receptors, receptorsOf, type Start, startOf, thresholdOf } from './checks.ts';
import type { LifOptions } from './lif.ts';

export interface IzhikevichOptions extends Pick<LifOptions, 'tauSyn' | 'current'> {
  /** Rate of recovery, per ms. @default 0.02 */
  a?: number;
  /** Sensitivity of recovery to v. @default 0.2 */
  b?: number;
  /** v after a spike, in mV. @default -65 */
  c?: number;
  /** What a spike adds to u. @default 8 */
  d?: number;
  /** A neuron whose v reaches this spikes; above c. @default 30 */
  vThreshold?: number;
  /** v at the start; u starts at b v. @default -65 */
  vInit?: number | readonly [low: number, high: number];
}

export interface IzhikevichModel {
  readonly kind: 'izhikevich';
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly vThreshold: number;
  readonly tauSyn: Receptors;
  readonly current: Current;
  readonly vInit: Start;
}

/**
 * Izhikevich's simple model, in mV and ms:
 *
 *     dv/dt = 0.04 v^2 + 5 v + 140 - u + I,    du/dt = a (b v - u),    v >= vThreshold: v = c, u += d
 *
 * with I = current + sum_r g_r. Integrated as in the paper: two half steps for v, then one step for u (forward Euler; the paper's dt is 1 ms,
 * smaller ones are more accurate). A spike at receptor `'delta'` is a current of weight / dt during one step, which with dt = 1 is the
 * network of the paper. Defaults are its regular spiking cell. Source: Izhikevich 2003, doi 10.1109/TNN.2003.820440.
 *
 * @throws as `lif`
 */
export function izhikevich(options: IzhikevichOptions = {}): IzhikevichModel {
  optionsObject(options, 'izhikevich', ['a', 'b', 'c', 'd', 'vThreshold', 'tauSyn', 'current', 'vInit']);
  const c = finiteNumber(options.c ?? -65, 'c');
  return Object.freeze({
    kind: 'izhikevich' as const,
    a: finiteNumber(options.a ?? 0.02, 'a'),
    b: finiteNumber(options.b ?? 0.2, 'b'),
    c,
    d: finiteNumber(options.d ?? 8, 'd'),
    vThreshold: thresholdOf(options.vThreshold ?? 30, c),
    tauSyn: receptorsOf(options.tauSyn),
    current: currentOf(options.current),
    vInit: startOf(options.vInit, -65),
  });
}
