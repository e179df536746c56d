// Section 9 of the guide: A, B and C excite D and E. Who fires?
import { CsrMatrix, integrateAndFire, SpikingNetwork, spikeSource } from 'spinifex';

const weights = [
  [0.8, 0], // A -> D (equation 33)
  [0.5, 0], // B -> D (equation 34)
  [0, 0.6], // C -> E (equation 35)
];

function simulate(strengths) {
  const net = new SpikingNetwork({ dt: 1, seed: 0, precision: 'f64' });
  // Inputs A, B, C spike once, at 1 ms; a spike adds strength times weight to a membrane, which fires at 0.7.
  const inputs = net.population({ size: 3, model: spikeSource({ time: [1, 1, 1], neuron: [0, 1, 2] }) });
  const outputs = net.population({ size: 2, model: integrateAndFire({ vThreshold: 0.7 }) });
  net.connect(inputs, outputs, { edges: CsrMatrix.fromDense(weights.map((row, i) => row.map((w) => strengths[i] * w))) });
  net.record(outputs, { spikes: true });
  const { spikes } = net.run(5);
  const membranes = [0, 1].map((j) => weights.reduce((sum, row, i) => sum + row[j] * strengths[i], 0));
  const fired = [...spikes.neuron].map((id) => 'DE'[id - 3]);
  return `u_D ${membranes[0].toFixed(2)}  u_E ${membranes[1].toFixed(2)}  fires: ${fired.join(' ') || 'nobody'}`;
}

console.log('A 1.0, B 0.3, C 0.2:', simulate([1, 0.3, 0.2])); // equations 36 to 39
console.log('A 0.5, B 0.3, C 0.2:', simulate([0.5, 0.3, 0.2]));
console.log('A 0.5, B 0.6, C 1.0:', simulate([0.5, 0.6, 1]));
console.log('A 0.5, B 0.6, C 1.2:', simulate([0.5, 0.6, 1.2]));
