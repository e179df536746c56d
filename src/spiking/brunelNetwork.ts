import type { Precision } from '../backend/kernelForms.ts';
import { finiteNumber, integerIn, nonNegativeNumber, numberIn, optionsObject, positiveNumber } from '../core/checks.ts';
import { lif } from './models/lif.ts';
import { SpikingNetwork } from './spikingNetwork.ts';

export interface BrunelOptions {
  /** 4 * order excitatory and order inhibitory neurons. @default 2500 */
  order?: number;
  /** Inhibitory over excitatory weight. */
  g: number;
  /** Rate of the external input over the one that just reaches the threshold. */
  eta: number;
  /** Share of each population that a neuron receives from. @default 0.1 */
  epsilon?: number;
  /** Excitatory weight in mV. @default 0.1 */
  weight?: number;
  /** In ms. @default 1.5 */
  delay?: number;
  /** An integer >= 0. */
  seed: number;
  /** In ms. @default 0.1 */
  dt?: number;
  /** @default 'f32' */
  precision?: Precision;
}

/**
 * Brunel's sparse random network with delta synapses and fixed in-degrees, with the parameters of NEST's brunel_delta: tauM 20 ms, threshold
 * 20 mV, reset 0, refractory 2 ms, and independent Poisson input of eta * threshold / (weight * tauM) events per ms. `g` and `eta` choose its
 * state: synchronous or asynchronous, regular or irregular. `populations[0]` is excitatory, `[1]` inhibitory; spikes are recorded.
 *
 * Source: Brunel 2000, doi 10.1023/A:1008925309027.
 *
 * @throws TypeError or RangeError for options out of their range
 */
export function brunelNetwork(options: BrunelOptions): SpikingNetwork {
  optionsObject(options, 'brunelNetwork', ['order', 'g', 'eta', 'epsilon', 'weight', 'delay', 'seed', 'dt', 'precision']);
  const order = integerIn(options.order ?? 2500, 'order', 1, 1e7);
  const g = finiteNumber(options.g, 'g');
  const eta = nonNegativeNumber(options.eta, 'eta');
  const epsilon = numberIn(options.epsilon ?? 0.1, 'epsilon', 0, 1);
  const weight = positiveNumber(options.weight ?? 0.1, 'weight');
  const { delay = 1.5, seed, dt = 0.1, precision } = options;
  const [tauM, vThreshold] = [20, 20];
  const net = new SpikingNetwork({ dt, seed, precision });
  const model = lif({ tauM, vRest: 0, vReset: 0, vThreshold, refractory: 2 });
  const excitatory = net.population({ size: 4 * order, model });
  const inhibitory = net.population({ size: order, model });
  const rate = (1000 * eta * vThreshold) / (weight * tauM);
  for (const target of [excitatory, inhibitory]) {
    net.connect(excitatory, target, { weight, inDegree: Math.round(4 * order * epsilon), delay });
    net.connect(inhibitory, target, { weight: -g * weight, inDegree: Math.round(order * epsilon), delay });
    net.poisson(target, { rate, weight });
    net.record(target, { spikes: true });
  }
  return net;
}
