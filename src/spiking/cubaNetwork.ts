import type { Precision } from '../backend/kernelForms.ts';
import { optionsObject, positiveNumber } from '../core/checks.ts';
import { lif } from './models/lif.ts';
import { SpikingNetwork } from './spikingNetwork.ts';

export interface CubaOptions {
  /** Factor of the numbers of neurons; the connection probability is divided by it. @default 1 */
  scale?: number;
  /** An integer >= 0. */
  seed: number;
  /** In ms. @default 0.1 */
  dt?: number;
  /** @default 'f32' */
  precision?: Precision;
}

/**
 * The benchmark network with current-based synapses (CUBA): 3200 excitatory and 800 inhibitory neurons (`populations[0]`, `[1]`) that keep
 * themselves active without input, each pair connected with probability 0.02 and no delay. Parameters are those of Brian2's version; the
 * mean rate is 5.6 Hz. Spikes are recorded.
 *
 * Sources: Vogels and Abbott 2005, doi 10.1523/JNEUROSCI.3508-05.2005; Brette et al. 2007, doi 10.1007/s10827-007-0038-6 (benchmark 2).
 *
 * @throws TypeError or RangeError for options out of their range
 */
export function cubaNetwork(options: CubaOptions): SpikingNetwork {
  const { scale = 1, seed, dt = 0.1, precision } = optionsObject(options, 'cubaNetwork', ['scale', 'seed', 'dt', 'precision']);
  positiveNumber(scale, 'scale');
  if (scale < 0.02) throw new RangeError(`scale: expected at least 0.02, where all pairs are connected, got ${scale}`);
  const net = new SpikingNetwork({ dt, seed, precision });
  const model = lif({
    tauM: 20,
    tauSyn: { e: 5, i: 10 },
    vRest: -49,
    vReset: -60,
    vThreshold: -50,
    refractory: 5,
    vInit: [-60, -50],
  });
  const excitatory = net.population({ size: Math.round(3200 * scale), model });
  const inhibitory = net.population({ size: Math.round(800 * scale), model });
  const probability = 0.02 / scale;
  for (const target of [excitatory, inhibitory]) {
    net.connect(excitatory, target, { receptor: 'e', weight: 1.62, probability });
    net.connect(inhibitory, target, { receptor: 'i', weight: -9, probability });
    net.record(target, { spikes: true });
  }
  return net;
}
