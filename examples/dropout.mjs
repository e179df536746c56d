// "L1 for dummies": dropout leaves out random connections in every batch, so that no neuron can rely on another one.
import { SpikingClassifier } from 'spinifex';
import { normals } from './random.mjs';

// 40 samples to learn from, 20 features of which 2 matter: easy to memorise, hard to understand.
const normal = normals(7);
const sample = (n) => {
  const X = Array.from({ length: n }, () => Array.from({ length: 20 }, normal));
  return { X, y: X.map(([a, b]) => (a + b > 0 ? 1 : 0)) };
};
const [train, test] = [sample(40), sample(1000)];

const options = { hidden: [64], epochs: 60, batchSize: 10, learningRate: 0.01 };
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
for (const [name, extra] of [
  ['plain', {}],
  ['dropout 0.5', { dropout: 0.5 }],
  ['L1', { lambda: 0.01 }],
]) {
  const models = [1, 2, 3, 4, 5].map((seed) => new SpikingClassifier({ ...options, ...extra, seed }).fit(train.X, train.y));
  const seen = mean(models.map((model) => model.report(train.X, train.y).accuracy));
  const unseen = mean(models.map((model) => model.report(test.X, test.y).accuracy));
  const left = mean(models.map((model) => model.report(test.X, test.y).connections / (20 * 64 + 64 * 2)));
  console.log(`${name}:`.padEnd(13), `learnt ${percent(seen)}, new data ${percent(unseen)}, connections left ${percent(left)}`);
}
