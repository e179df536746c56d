// Section 10 of the guide: L1 removes connections, spikes are sent only when needed. The efficiency table, measured.
import { DenseClassifier, efficiencyTable, SpikingClassifier } from 'spinifex';
import { normals, uniforms } from './random.mjs';

// Traffic, distance and cost of 600 roads, and five measurements that say nothing; a road is good or bad by equation 5.
const uniform = uniforms(1);
const noise = normals(2);
const roads = (count) => {
  const X = Array.from({ length: count }, () => Array.from({ length: 8 }, uniform));
  const score = ([traffic, distance, cost]) => 0.5 * traffic + 0.3 * (1 - distance) + 0.2 * (1 - cost);
  return { X, y: X.map((row) => (score(row) + 0.02 * noise() > 0.5 ? 'good' : 'bad')) };
};
const [train, test] = [roads(600), roads(400)];

const options = { hidden: [24], epochs: 120, batchSize: 128, learningRate: 0.003, seed: 1 };
const dense = new DenseClassifier(options).fit(train.X, train.y);
const plain = new SpikingClassifier(options).fit(train.X, train.y);
const sparse = new SpikingClassifier({ ...options, lambda: 0.01, activity: { cost: 0.1 } }).fit(train.X, train.y);
console.log(
  efficiencyTable({
    'without L1 + SNN': dense.report(test.X, test.y),
    'SNN without L1': plain.report(test.X, test.y),
    'with L1 + SNN': sparse.report(test.X, test.y),
  }),
);

// What is left of the roads from each input: nearly nothing for noise, and in the proportions of equation 5 for the rest.
const [inputs] = sparse.weights;
const sizes = Array.from({ length: 8 }, (_, i) => {
  const synapses = inputs.data.subarray(inputs.indptr[i], inputs.indptr[i + 1]);
  return synapses.reduce((sum, w) => sum + Math.abs(w), 0);
});
const total = sizes.reduce((a, b) => a + b);
const names = ['traffic', 'distance', 'cost', 'noise', 'noise', 'noise', 'noise', 'noise'];
console.log('shares of the inputs:', sizes.map((size, i) => `${names[i]} ${(size / total).toFixed(2)}`).join(', '));
