import { type BackendName, lif, type Precision, SpikingNetwork, setBackend } from '../../src/index.ts';

/** Runs something on a backend and goes back to the default one. */
export function on<T>(name: BackendName, body: () => T): T {
  setBackend(name);
  try {
    return body();
  } finally {
    setBackend('wasm');
  }
}

/** A small active network that has every ingredient: three receptors, delta synapses, delays, Poisson input, plasticity, sources. */
export function everything(precision: Precision, seed = 1): SpikingNetwork {
  const net = new SpikingNetwork({ dt: 0.1, seed, precision });
  const model = lif({
    tauM: 15,
    tauSyn: { a: 3, b: 7, c: 11 },
    vRest: -55,
    vReset: -60,
    vThreshold: -50,
    refractory: 1.5,
    vInit: [-60, -50],
  });
  const e = net.population({ size: 83, model });
  const i = net.population({ size: 21, model: lif({ tauM: 10, vThreshold: 10, refractory: 0.3, current: 4 }) });
  net.connect(e, i, { weight: 0.6, probability: 0.3, delay: 0.7 });
  net.connect(i, e, { receptor: 'b', weight: -2, inDegree: 5, delay: 2.1 });
  net.connect(e, e, {
    receptor: 'a',
    weight: 1.2,
    probability: 0.1,
    stdp: { tauPlus: 20, tauMinus: 15, aPlus: 0.05, aMinus: 0.06, wMax: 3 },
  });
  net.poisson(e, { receptor: 'c', rate: 20, sources: 40, weight: 3 });
  net.poisson(i, { rate: 50, sources: 10, weight: 0.7 });
  return net;
}
