/** Changes of a network's structure: what they must not change, and what they must. */
import { describe, expect, test } from 'vitest';
import { Arena } from '../../src/backend/arena.ts';
import { currentBackend } from '../../src/backend/backend.ts';
import type { Precision } from '../../src/backend/kernelForms.ts';
import { layerForms } from '../../src/backend/layerForms.ts';
import { type CsrMatrix, DenseMatrix, SpikingClassifier, type SpikingClassifierOptions, yinYang } from '../../src/index.ts';
import { recipeOf } from '../../src/spiking/classifierOptions.ts';
import { uploadInput } from '../../src/spiking/networkInput.ts';
import { identity, type NetworkState } from '../../src/spiking/networkState.ts';
import { fitNetwork } from '../../src/spiking/spikingClassifier.ts';
import { runForward } from '../../src/spiking/spikingModel.ts';
import {
  blocksOf,
  compress,
  connections,
  expandNetwork,
  growLayer,
  prune,
  recall,
  regrow,
  removeIdle,
} from '../../src/spiking/structure.ts';
import { Dice } from '../linear/problems.ts';
import { dynamicsOf, randomLayers, stateOf } from './layeredNetworks.ts';
import type { OracleDynamics } from './networkOracle.ts';

const dynamics: OracleDynamics = {
  steps: 8,
  beta: 0.8,
  readoutBeta: 0.9,
  threshold: 1,
  reset: 'subtract',
  detachReset: true,
  shape: 'fastSigmoid',
  slope: 10,
  peak: 1,
  window: Infinity,
  loss: 'membrane',
};

/** Scores of all samples. */
function scoresOf(state: NetworkState, X: DenseMatrix, d = dynamics, precision: Precision = 'f32'): number[][] {
  const frame = new Arena(currentBackend());
  try {
    const forms = layerForms(frame.backend, precision);
    const out: number[][] = [];
    runForward(
      frame,
      forms,
      state,
      dynamicsOf(d),
      d.loss,
      uploadInput(frame, forms, X, 1),
      identity(X.rows),
      (_, network, loss) => {
        const scores = new Float64Array(network.output.size);
        loss.scores(scores);
        out.push(Array.from(scores));
      },
    );
    return out;
  } finally {
    frame.releaseAll();
  }
}

const inputsFor = (dice: Dice, n: number, p: number) => new DenseMatrix(Float64Array.from(dice.matrix(n, p).flat()), n, p);

describe('on random networks', () => {
  const rounds = Array.from({ length: 25 }, (_, seed) => {
    const dice = new Dice(seed);
    const sizes = [1 + dice.integer(6), 1 + dice.integer(20), 1 + dice.integer(20), 2 + dice.integer(4)];
    const layers = randomLayers(dice, sizes, {
      recurrent: seed % 2 === 1,
      density: [0.08, 0.2, 0.5, 1][seed % 4],
      gain: 2,
      bias: 0.25,
    });
    return { sizes, layers, X: inputsFor(dice, 6, sizes[0]) };
  });

  test.each(['f32', 'f64'] as const)('dense and CSR layers give the same scores to the last bit (%s)', (precision) => {
    for (const { layers, X } of rounds) {
      for (const loss of ['membrane', 'count', 'firstSpike'] as const) {
        const d = { ...dynamics, loss };
        expect(scoresOf(stateOf(layers, true), X, d, precision)).toEqual(scoresOf(stateOf(layers), X, d, precision));
      }
    }
  });

  test('compressing, leaving out idle neurons and expanding again change no score', () => {
    let [removed, packed] = [0, 0];
    for (const { sizes, layers, X } of rounds) {
      const state = stateOf(layers);
      const wanted = scoresOf(state, X);
      const compressed = compress(state);
      const small = removeIdle(compressed, dynamics.beta, dynamics.threshold);
      const back = expandNetwork(small, sizes.slice(1), sizes[0]);
      for (const changed of [compressed, small, back]) expect(scoresOf(changed, X)).toEqual(wanted);
      expect(connections(compressed)).toBe(connections(state));
      expect(back.map(({ size }) => size)).toEqual(sizes.slice(1));
      removed += small.reduce((sum, { size }, l) => sum + sizes[l + 1] - size, 0);
      packed += blocksOf(compressed).filter(({ indptr }) => indptr).length;
    }
    expect(removed).toBeGreaterThan(30);
    expect(packed).toBeGreaterThan(5);
  });

  test('expanding gives back what was compressed, biases of idle neurons apart', () => {
    for (const { sizes, layers } of rounds) {
      const state = stateOf(layers);
      const back = expandNetwork(compress(state), sizes.slice(1), sizes[0]);
      expect(blocksOf(back).map(({ weights }) => weights)).toEqual(blocksOf(state).map(({ weights }) => weights));
      expect(back.map(({ bias }) => bias)).toEqual(state.map(({ bias }) => bias));
    }
  });

  test('growing a layer changes no score at that moment, and the layer has the new size', () => {
    for (const [k, { layers, X, sizes }] of rounds.entries()) {
      const state = stateOf(layers, k % 3 === 0);
      const wanted = scoresOf(state, X);
      const first = growLayer(state, 0, 3, false, k);
      const both = growLayer(first, 1, 9, true, k);
      expect(both.map(({ size }) => size)).toEqual([sizes[1] + 3, sizes[2] + 9, sizes[3]]);
      expect(scoresOf(first, X)).toEqual(wanted);
      expect(scoresOf(both, X)).toEqual(wanted);
      // New neurons do hear something, so that they can learn.
      expect(both[0].input.weights.filter((w, at) => at % both[0].size >= sizes[1] && w !== 0).length).toBe(3 * sizes[0]);
    }
  });

  test('a neuron without synapses whose bias lifts it to the threshold is not idle', () => {
    const lifted = (bias: number, beta: number) => {
      const state = stateOf([
        { W: [[0, 1]], b: [bias, 0] },
        { W: [[1], [1]], b: [0] },
      ]);
      return removeIdle(state, beta, 1)[0].size === 2;
    };
    expect([lifted(1, 0), lifted(0.99, 0), lifted(0.2, 0.8), lifted(0.19, 0.8)]).toEqual([true, false, true, false]);
  });
});

describe('pruning by synaptic flow', () => {
  const sizes = [5, 12, 4];
  const layers = randomLayers(new Dice(40), sizes);

  /** Sum of |w w'| over all paths through each synapse, path by path: [layer][pre][post]. */
  function pathSums(): number[][][] {
    const sums = layers.map(({ W }) => W.map((row) => row.map(() => 0)));
    for (let i = 0; i < sizes[0]; i++) {
      for (let j = 0; j < sizes[1]; j++) {
        for (let c = 0; c < sizes[2]; c++) {
          const path = Math.abs(layers[0].W[i][j] * layers[1].W[j][c]);
          sums[0][i][j] += path;
          sums[1][j][c] += path;
        }
      }
    }
    return sums;
  }

  test('keeps as many synapses as it is told, those that carry most', () => {
    const sums = pathSums().map((matrix) => matrix.flat());
    const sorted = sums.flat().sort((a, b) => b - a);
    const total = sorted.length;
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    for (const keep of [1, 7, 50, 100, total - 1, total, total + 9]) {
      const pruned = prune(stateOf(layers), keep);
      expect(connections(pruned)).toBe(Math.min(keep, total));
      const kept = pruned.flatMap(({ input }, l) => {
        const weights = new Set(input.weights);
        return [...layers[l].W.flat().entries()].filter(([, w]) => weights.has(w)).map(([k]) => sums[l][k]);
      });
      // What a path carries falls with what has gone before, so the choice is not exactly that of the first scores.
      expect(sum(kept)).toBeGreaterThan(0.8 * sum(sorted.slice(0, keep)));
    }
  });

  test('does not care about the scale of a layer', () => {
    const scaled = layers.map((layer, l) => (l === 1 ? { ...layer, W: layer.W.map((row) => row.map((w) => 1024 * w)) } : layer));
    const patternOf = (network: NetworkState) => network.map(({ input }) => [input.indptr, input.indices]);
    expect(patternOf(prune(stateOf(scaled), 40))).toEqual(patternOf(prune(stateOf(layers), 40)));
  });

  test('spends nothing on neurons that lead nowhere', () => {
    const cut = layers.map((layer, l) =>
      l === 1 ? { ...layer, W: layer.W.map((row, j) => (j < 6 ? row : row.map(() => 0))) } : layer,
    );
    const pruned = prune(stateOf(cut), 54);
    expect(connections(pruned)).toBe(54);
    expect(Math.max(...pruned[0].input.indices!)).toBeLessThan(6);
  });

  test('keeps the moments of what stays', () => {
    const state = stateOf(randomLayers(new Dice(41), [5, 6, 3]));
    for (const { input } of state) {
      input.first.set(input.weights.map((w) => 2 * w));
      input.second.set(input.weights.map((w) => w * w));
    }
    for (const { input } of prune(state, 20)) {
      expect(input.first).toEqual(input.weights.map((w) => 2 * w));
      expect(input.second).toEqual(input.weights.map((w) => w * w));
    }
  });
});

describe('regrowth', () => {
  const state = prune(stateOf(randomLayers(new Dice(42), [4, 5, 3])), 15);
  const dice = new Dice(43);
  const gradients = blocksOf(state).map(({ pre, post }) => Float64Array.from(dice.vector(pre * post)));
  const placesOf = (network: NetworkState) =>
    blocksOf(network).map(({ pre, post, indptr, indices }) => {
      const present = new Array<boolean>(pre * post).fill(false);
      for (let i = 0; i < pre; i++) for (let e = indptr![i]; e < indptr![i + 1]; e++) present[i * post + indices![e]] = true;
      return present;
    });
  const [before] = [placesOf(state)];

  test('adds the absent synapses with the largest gradient, at weight 0', () => {
    const after = regrow(state, gradients, 6);
    expect(connections(after)).toBe(15);
    const now = placesOf(after);
    const [come, stayed]: [number[], number[]] = [[], []];
    now.forEach((block, b) => {
      block.forEach((present, k) => {
        if (before[b][k]) expect(present).toBe(true);
        else (present ? come : stayed).push(Math.abs(gradients[b][k]));
      });
    });
    expect(come.length).toBe(6);
    expect(Math.min(...come)).toBeGreaterThan(Math.max(...stayed));
  });

  test('by the penalty calls back exactly the synapses whose gradient is beyond it', () => {
    const now = placesOf(recall(state, gradients, 0.8));
    now.forEach((block, b) => {
      expect(block).toEqual(block.map((_, k) => before[b][k] || Math.abs(gradients[b][k]) > 0.8));
    });
    expect(recall(state, gradients, 100)[0].input).toBe(state[0].input);
  });
});

describe('while training', () => {
  const { X, y } = yinYang({ samples: 200, seed: 5 });
  const recipe: SpikingClassifierOptions = { hidden: [20, 16], steps: 8, epochs: 20, batchSize: 20, learningRate: 0.02, seed: 3 };
  const total = 4 * 20 + 20 * 16 + 16 * 3;
  const last = <T>(list: readonly T[]): T => list[list.length - 1];

  test.each([0.5, 0.2, 0.05])('pruning reaches a density of %d, and stays there', (density) => {
    const { history, weights } = new SpikingClassifier({ ...recipe, prune: { density } }).fit(X, y);
    const goal = Math.round(density * total);
    expect(weights.reduce((sum, { nnz }) => sum + nnz, 0)).toBe(last(history).connections);
    // Neurons that have become idle take a few synapses with them.
    expect(last(history).connections).toBeLessThanOrEqual(goal);
    expect(last(history).connections).toBeGreaterThan(0.7 * goal);
    const counts = history.map((epoch) => epoch.connections);
    expect(counts[0]).toBe(total);
    expect(counts.every((count, k) => k === 0 || count <= counts[k - 1])).toBe(true);
  });

  test.each([0.05, 0.3])('regrowth of a share of %d keeps the number of synapses', (share) => {
    const { history } = new SpikingClassifier({ ...recipe, prune: { density: 0.3, regrow: share } }).fit(X, y);
    const goal = Math.round(0.3 * total);
    expect(last(history).connections).toBeLessThanOrEqual(goal);
    expect(last(history).connections).toBeGreaterThan(0.95 * goal);
  });

  test('hidden layers grow to the sizes that were asked for', () => {
    const { weights, history } = new SpikingClassifier({ ...recipe, grow: { from: 5, by: 4, every: 2 } }).fit(X, y);
    expect(weights.map(({ rows, cols }) => [rows, cols])).toEqual([
      [4, 20],
      [20, 16],
      [16, 3],
    ]);
    expect(history[0].connections).toBe(5 * 4 + 5 * 5 + 5 * 3);
    expect(last(history).connections).toBe(total);
    expect(history.every(({ connectionsTotal }) => connectionsTotal === total)).toBe(true);
  });

  test('a sparse pattern that training starts from is never left', () => {
    for (const optimizer of ['adam', 'sgd'] as const) {
      for (const penalty of ['synapse', 'neuron'] as const) {
        const layers = randomLayers(new Dice(6), [4, 20, 16, 3], { recurrent: true, density: 0.3 });
        const start = stateOf(layers, true);
        const options = recipeOf({ ...recipe, optimizer, recurrent: true, dropout: 0.2, epochs: 4 });
        const grouped = penalty === 'neuron';
        const ready = start.map((layer) => ({
          ...layer,
          input: { ...layer.input, grouped, second: grouped ? new Float64Array(layer.input.pre) : layer.input.second },
          ...(layer.recurrent && {
            recurrent: {
              ...layer.recurrent,
              grouped,
              second: grouped ? new Float64Array(layer.recurrent.pre) : layer.recurrent.second,
            },
          }),
        }));
        const model = fitNetwork({ ...options, penalty }, X, y, undefined, ready);
        const check = (W: CsrMatrix, rows: number[][]) => {
          rows.forEach((row, i) => {
            row.forEach((w, j) => {
              expect(W.get(i, j) === 0).toBe(w === 0);
            });
          });
        };
        for (const [l, W] of model.weights.entries()) check(W, layers[l].W);
        for (const [l, V] of model.recurrentWeights.entries()) check(V, layers[l].V!);
      }
    }
  });
});
