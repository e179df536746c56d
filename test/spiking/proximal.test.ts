/** The L1 penalty through the whole trainer: exact zeros, signs, whole rows, and the optimum of a convex case. */
import { describe, expect, test } from 'vitest';
import { type CsrMatrix, DenseMatrix } from '../../src/index.ts';
import { recipeOf, type SpikingClassifierOptions } from '../../src/spiking/classifierOptions.ts';
import { fitNetwork, SpikingClassifier } from '../../src/spiking/spikingClassifier.ts';
import type { SpikingModel } from '../../src/spiking/spikingModel.ts';
import { yinYang } from '../../src/spiking/yinYang.ts';
import { Dice } from '../linear/problems.ts';
import { randomLayers, stateOf } from './layeredNetworks.ts';
import { crossEntropy } from './networkOracle.ts';

const dense = (W: CsrMatrix): number[][] =>
  Array.from({ length: W.rows }, (_, i) => Array.from({ length: W.cols }, (_, j) => W.get(i, j)));
const connectionsOf = ({ weights, recurrentWeights }: SpikingModel) =>
  [...weights, ...recurrentWeights].reduce((sum, { nnz }) => sum + nnz, 0);

/** Classes in turn around `classes` of the columns, with other columns that say nothing. */
function clouds(seed: number, n: number, columns: number, classes: number): { X: number[][]; labels: number[] } {
  const dice = new Dice(seed);
  const labels = Array.from({ length: n }, (_, i) => i % classes);
  const X = labels.map((label) => dice.vector(columns).map((v, j) => v + (j === label ? 1.5 : 0)));
  return { X, labels };
}

/** A network without hidden layers whose output integrates: its problem is convex. */
const convex: SpikingClassifierOptions = {
  hidden: [],
  steps: 4,
  beta: 0.5,
  loss: 'membrane',
  optimizer: 'sgd',
  learningRate: 0.05,
  epochs: 1500,
  batchSize: 1000,
  precision: 'f64',
};

type Penalty = 'synapse' | 'neuron';

/** Objective of the convex problem: (1/n) sum_i mean_t CE(c_t (x_i W + b)) + penalty, c_t what a constant current has become by step t. */
function convexProblem({ X, labels }: { X: number[][]; labels: number[] }, lambda: number, penalty: Penalty = 'synapse') {
  const top = Math.max(...X.flat().map(Math.abs));
  const [p, classes, n] = [X[0].length, Math.max(...labels) + 1, X.length];
  const gains = [1, 1.5, 1.75, 1.875];
  const smooth = (W: number[][], b: number[]) => {
    let value = 0;
    const dW = W.map((row) => row.map(() => 0));
    const db = b.map(() => 0);
    X.forEach((row, i) => {
      const z = b.map((bias, c) => row.reduce((sum, x, j) => sum + (x / top) * W[j][c], bias));
      for (const gain of gains) {
        const part = crossEntropy(
          z.map((v) => v * gain),
          labels[i],
        );
        value += part.value / (n * gains.length);
        part.gradient.forEach((g, c) => {
          const d = (g * gain) / (n * gains.length);
          db[c] += d;
          row.forEach((x, j) => {
            dW[j][c] += (d * x) / top;
          });
        });
      }
    });
    return { value, dW, db };
  };
  const sizeOf = (row: number[]) =>
    penalty === 'synapse' ? row.reduce((sum, w) => sum + Math.abs(w), 0) : Math.sqrt(classes) * Math.hypot(...row);
  const objective = (W: number[][], b: number[]) => smooth(W, b).value + lambda * W.reduce((sum, row) => sum + sizeOf(row), 0);
  const proximal = (row: number[], step: number) => {
    if (penalty === 'synapse') return row.map((z) => Math.sign(z) * Math.max(0, Math.abs(z) - step * lambda));
    const keep = Math.max(0, 1 - (step * lambda * Math.sqrt(classes)) / (Math.hypot(...row) || 1));
    return row.map((z) => z * keep);
  };
  /** Plain proximal gradient, with steps short enough for any of these data. */
  const solve = (rounds: number, nonNegative = false) => {
    let W = Array.from({ length: p }, () => new Array<number>(classes).fill(0));
    let b = new Array<number>(classes).fill(0);
    const step = 1 / (2 * p);
    for (let k = 0; k < rounds; k++) {
      const { dW, db } = smooth(W, b);
      W = W.map((row, j) => {
        const z = row.map((w, c) => w - step * dW[j][c]);
        return proximal(nonNegative ? z.map((v) => Math.max(0, v)) : z, step);
      });
      b = b.map((v, c) => v - step * db[c]);
    }
    return objective(W, b);
  };
  return { objective, solve };
}

describe('a network without hidden layers, a convex problem,', () => {
  const data = clouds(3, 60, 6, 3);
  const most = new SpikingClassifier(convex).lambdaMax(data.X, data.labels);

  test('has no connection at lambdaMax and above, and some below', () => {
    // With as many samples of each class, weights and biases of 0 are the optimum there: this can be proved.
    for (const share of [1.0001, 2]) {
      const model = new SpikingClassifier({ ...convex, lambda: share * most }).fit(data.X, data.labels);
      expect(connectionsOf(model)).toBe(0);
      expect(model.certificate.converged).toBe(true);
      expect(Math.abs(model.certificate.loss - Math.log(3))).toBeLessThan(1e-6);
    }
    expect(connectionsOf(new SpikingClassifier({ ...convex, lambda: 0.9 * most }).fit(data.X, data.labels))).toBeGreaterThan(0);
  });

  test.each([
    ['sgd', 'synapse', 0.9],
    ['sgd', 'synapse', 0],
    ['sgd', 'neuron', 0.9],
    ['adam', 'synapse', 0],
    ['adam', 'neuron', 0],
  ] as const)('is solved to its optimum by %s with the penalty on each %s and momentum %d', (optimizer, penalty, momentum) => {
    for (const share of [0.5, 0.1]) {
      const lambda = share * most;
      const recipe = {
        ...convex,
        optimizer,
        penalty,
        momentum,
        lambda,
        learningRate: momentum === 0.9 ? 0.1 : optimizer === 'sgd' ? 2 : 0.1,
      };
      const model = new SpikingClassifier(recipe).fit(data.X, data.labels);
      const { objective, solve } = convexProblem(data, lambda, penalty);
      const reached = objective(dense(model.weights[0]), Array.from(model.biases[0]));
      expect(reached).toBeLessThan(solve(1500) + 1e-6);
      expect(Math.abs(reached - model.certificate.objective)).toBeLessThan(1e-12);
      expect(model.certificate.kkt).toBeLessThan(0.01);
      expect(model.certificate.converged).toBe(true);
      expect(connectionsOf(model)).toBeLessThan(18);
    }
  });

  test('keeps its weights at 0 or above where they have to be, at the optimum under that bound', () => {
    const lambda = 0.2 * most;
    const model = new SpikingClassifier({ ...convex, learningRate: 0.1, signs: 'nonNegative', lambda }).fit(data.X, data.labels);
    expect(Array.from(model.weights[0].data).every((w) => w > 0)).toBe(true);
    const { objective, solve } = convexProblem(data, lambda);
    expect(objective(dense(model.weights[0]), Array.from(model.biases[0]))).toBeLessThan(solve(1500, true) + 1e-6);
    expect(model.certificate.kkt).toBeLessThan(0.01);
  });

  test('says that it has not converged after one epoch', () => {
    const { certificate } = new SpikingClassifier({ ...convex, epochs: 1, lambda: 0.1 * most }).fit(data.X, data.labels);
    expect(certificate.status).toBe('trained');
    expect(certificate.converged).toBe(false);
    expect(certificate.kkt).toBeGreaterThan(1);
  });
});

describe('a network with hidden layers', () => {
  const { X, y } = yinYang({ samples: 150, seed: 4 });
  const recipe: SpikingClassifierOptions = {
    hidden: [16, 12],
    steps: 10,
    epochs: 12,
    batchSize: 25,
    learningRate: 0.02,
    seed: 2,
  };

  test('has no connection left far above lambdaMax, whatever the optimiser', () => {
    for (const optimizer of ['adam', 'sgd'] as const) {
      const classifier = new SpikingClassifier({ ...recipe, optimizer });
      const lambda = 20 * classifier.lambdaMax(X, y);
      const model = new SpikingClassifier({ ...recipe, optimizer, lambda, epochs: 40 }).fit(X, y);
      expect(connectionsOf(model)).toBe(0);
      expect(new Set(model.predict(X)).size).toBe(1);
    }
  });

  test('has exact zeros, and fewer connections the larger lambda is', () => {
    const counts = [0, 1e-4, 1e-3, 1e-2].map((lambda) => {
      const model = new SpikingClassifier({ ...recipe, lambda, recurrent: true }).fit(X, y);
      const blocks = [...model.weights, ...model.recurrentWeights];
      expect(blocks.every(({ data }) => data.every((w) => w !== 0))).toBe(true);
      const { connections, connectionsTotal } = model.history[model.history.length - 1];
      expect(connections).toBe(connectionsOf(model));
      expect(connectionsTotal).toBe(4 * 16 + 16 * 16 + 16 * 12 + 12 * 12 + 12 * 3);
      return connections;
    });
    expect(counts[0]).toBe(692);
    expect(counts.every((count, k) => k === 0 || count < counts[k - 1])).toBe(true);
  });

  test('loses all outgoing synapses of a neuron together under the penalty on neurons', () => {
    for (const [optimizer, learningRate] of [
      ['adam', 0.02],
      ['sgd', 0.2],
    ] as const) {
      const options = { ...recipe, optimizer, learningRate, penalty: 'neuron', lambda: 4e-3, epochs: 25 } as const;
      const model = new SpikingClassifier(options).fit(X, y);
      let gone = 0;
      model.weights.forEach((W, l) => {
        const rows = dense(W);
        const alive = rows[0].map((_, j) => rows.some((row) => row[j] !== 0));
        const width = alive.filter((a) => a).length;
        const sizes = rows.map((row) => row.filter((w) => w !== 0).length);
        expect(
          sizes.every((size) => size === 0 || size === width),
          `layer ${l}: ${sizes}`,
        ).toBe(true);
        gone += sizes.filter((size) => size === 0).length;
      });
      expect(gone).toBeGreaterThan(0);
      expect(gone).toBeLessThan(32);
    }
  });

  const structures: [string, SpikingClassifierOptions][] = [
    ['alone', recipe],
    ['with lambda', { ...recipe, lambda: 1e-3 }],
    ['by group', { ...recipe, lambda: 5e-4, penalty: 'neuron' }],
    ['by SGD', { ...recipe, optimizer: 'sgd' }],
    ['recurrent', { ...recipe, recurrent: true }],
    ['while growing', { ...recipe, recurrent: true, grow: { from: 4, by: 3 } }],
    ['while pruning and regrowing', { ...recipe, prune: { density: 0.4, regrow: 0.3 } }],
    ['under dropout', { ...recipe, dropout: 0.3 }],
  ];

  test.each(structures)('never has a negative weight where signs is nonNegative: %s', (_, options) => {
    const model = new SpikingClassifier({ ...options, signs: 'nonNegative' }).fit(X, y);
    expect(connectionsOf(model)).toBeGreaterThan(20);
    for (const { data } of [...model.weights, ...model.recurrentWeights]) expect(Math.min(0, ...data)).toBe(0);
  });

  test.each(['adam', 'sgd'] as const)('keeps the sign of every weight where signs is keep (%s)', (optimizer) => {
    const start = stateOf(randomLayers(new Dice(12), [4, 16, 12, 3], { recurrent: true }));
    for (const state of start) {
      for (const block of [state.input, ...(state.recurrent ? [state.recurrent] : [])]) {
        block.signs = Int8Array.from(block.weights, Math.sign);
      }
    }
    const lambda = 1e-3;
    const model = fitNetwork(recipeOf({ ...recipe, optimizer, recurrent: true, signs: 'keep', lambda }), X, y, undefined, start);
    let [changed, zero] = [0, 0];
    [...model.weights, ...model.recurrentWeights].forEach((W, k) => {
      const before = k < model.weights.length ? start[k].input : start[k - model.weights.length].recurrent!;
      dense(W)
        .flat()
        .forEach((w, e) => {
          if (w === 0) zero++;
          else {
            expect(Math.sign(w)).toBe(Math.sign(before.weights[e]));
            if (Math.abs(w - before.weights[e]) > 1e-3) changed++;
          }
        });
    });
    expect(changed).toBeGreaterThan(100);
    expect(zero).toBeGreaterThan(5);
  });

  test('brings no removed weight back by the momentum that it had', () => {
    // All moments point across 0, and the data say nothing (no gradient): the first step removes, the others must not revive.
    for (const optimizer of ['adam', 'sgd'] as const) {
      const start = stateOf(randomLayers(new Dice(13), [4, 6, 3]));
      for (const { input } of start) {
        input.signs = Int8Array.from(input.weights, Math.sign);
        input.first.set(input.weights.map((w) => 100 * w));
        input.second.fill(1e-4);
      }
      const silence = new DenseMatrix(new Float64Array(80), 20, 4);
      const labels = Array.from({ length: 20 }, (_, i) => i % 3);
      const options = { ...recipe, hidden: [6], optimizer, signs: 'keep', activity: { strength: 0 } } as const;
      const model = fitNetwork(recipeOf({ ...options, threshold: 100 }), silence, labels, undefined, start);
      expect(connectionsOf(model)).toBe(0);
    }
  });
});
