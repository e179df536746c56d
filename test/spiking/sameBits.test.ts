import { expect, test } from 'vitest';
import { brunelNetwork, cubaNetwork, izhikevich, SpikingNetwork } from '../../src/index.ts';
import { everything, on } from './networks.ts';

const works = {
  everything: () => everything('f32', 5).run(200),
  'everything in f64': () => everything('f64', 5).run(200),
  cuba: () => cubaNetwork({ seed: 1 }).run(200),
  'cuba in f64': () => cubaNetwork({ seed: 1, precision: 'f64' }).run(200),
  brunel: () => brunelNetwork({ order: 50, g: 4.5, eta: 1.5, weight: 2, seed: 2 }).run(200),
  izhikevich: () => {
    const net = new SpikingNetwork({ dt: 1, seed: 3 });
    const cells = net.population({ size: 100, model: izhikevich({ current: 4, tauSyn: 5, vInit: [-70, -50] }) });
    net.connect(cells, cells, { probability: 0.1, weight: 0.5, delay: 2 });
    net.connect(cells, cells, { receptor: 'delta', probability: 0.1, weight: -2 });
    return net.run(1000);
  },
};

/** Hashes of all spikes: the same in Node and in Chromium, on both backends. */
const hashes: Record<keyof typeof works, string> = {
  everything: '7db9a27e',
  'everything in f64': '7db9a27e',
  cuba: '3682cde4',
  'cuba in f64': '3682cde4',
  brunel: 'a00d69bf',
  izhikevich: '7a654386',
};

test.each(['wasm', 'js'] as const)('spikes are the same on every engine, on the %s backend', (name) => {
  const found = Object.fromEntries(Object.entries(works).map(([title, work]) => [title, on(name, work).hash]));
  expect(found).toEqual(hashes);
});
