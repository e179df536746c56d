import { Arena } from '../backend/arena.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import type { Recipe } from './classifierOptions.ts';
import { LayeredNetwork } from './layeredNetwork.ts';
import { identity, type NetworkState, type SynapseState } from './networkState.ts';
import { OutputLoss } from './outputLoss.ts';
import { expandNetwork } from './structure.ts';
import type { TrainingData } from './training.ts';

/** What the conditions of stationarity depend on beside the gradient. */
export type Penalised = Pick<Recipe, 'lambda' | 'penalty' | 'prune' | 'signs'>;

/** Where a network stands: its loss over all data and how far it is from a stationary point. */
export interface Stationarity {
  /** Mean loss. */
  loss: number;
  /** Value of the penalty, lambda included. */
  penalty: number;
  /** Largest violation of the conditions of stationarity, not divided by lambda. */
  violation: number;
  /** Gradients of the mean loss: dense rows for all synapses that the network could have, and biases. */
  gradients: { input: Float64Array; recurrent?: Float64Array; bias: Float64Array }[];
}

/** Surrogate gradient of the mean loss over all data at every possible synapse, in batches, without dropout or activity terms. */
export function stationarity(
  frame: Arena,
  forms: LayerForms,
  data: TrainingData,
  state: NetworkState,
  recipe: Recipe,
): Stationarity {
  const { hidden, classes, dynamics, loss: lossName } = recipe;
  const n = data.labels.length;
  const batchSize = Math.min(recipe.batchSize, n);
  const full = expandNetwork(state, [...hidden, classes], data.input.inputs);
  const work = new Arena(frame.backend);
  try {
    const network = new LayeredNetwork(work, forms, full, dynamics, data.input, batchSize, { dropout: 0, spikeCost: 0 });
    const outputLoss = new OutputLoss(network, lossName);
    const gradients: Stationarity['gradients'] = full.map(({ input, recurrent, bias }) => ({
      input: new Float64Array(input.weights.length),
      ...(recurrent && { recurrent: new Float64Array(recurrent.weights.length) }),
      bias: new Float64Array(bias.length),
    }));
    const rows = identity(n);
    let loss = 0;
    for (let from = 0; from < n; from += batchSize) {
      const batch = rows.subarray(from, from + batchSize);
      network.beginBatch(batch);
      batch.forEach((row, b) => {
        network.forward(b, row);
        loss += outputLoss.evaluate(data.labels[row], 1 / n);
        network.backward(b, row);
      });
      network.endBatch(batch.length);
      network.layers.forEach((layer, l) => {
        add(gradients[l].input, layer.input.read(layer.input.gradient));
        if (layer.recurrent) add(gradients[l].recurrent!, layer.recurrent.read(layer.recurrent.gradient));
        add(gradients[l].bias, forms.values(frame.heap, layer.biasGradient, layer.size));
      });
    }
    return { loss: loss / n, gradients, ...judge(full, gradients, recipe) };
  } finally {
    work.releaseAll();
  }
}

/** Value of the penalty and largest violation of stationarity, from the gradients of the loss at every synapse of a full network. */
export function judge(
  state: NetworkState,
  gradients: Stationarity['gradients'],
  recipe: Penalised,
): { penalty: number; violation: number } {
  let penalty = 0;
  let violation = 0;
  state.forEach(({ input, recurrent }, l) => {
    for (const [block, g] of [
      [input, gradients[l].input] as const,
      ...(recurrent ? [[recurrent, gradients[l].recurrent!] as const] : []),
    ]) {
      const part = recipe.penalty === 'synapse' ? judgeSynapses(block, g, recipe) : judgeRows(block, g, recipe);
      penalty += part.penalty;
      violation = Math.max(violation, part.violation);
    }
    for (const g of gradients[l].bias) violation = Math.max(violation, Math.abs(g));
  });
  return { penalty, violation };
}

/**
 * A pruned synapse is no variable of the problem, nor is one that left the pattern where signs is 'keep' (its sign is gone with it), and
 * a weight at 0 that may not go further cannot violate anything in that direction.
 */
function judgeSynapses(
  { weights, signs: kept }: SynapseState,
  g: Float64Array,
  { lambda, prune, signs }: Penalised,
): { penalty: number; violation: number } {
  let penalty = 0;
  let violation = 0;
  for (let k = 0; k < weights.length; k++) {
    const w = weights[k];
    penalty += lambda * Math.abs(w);
    if (w !== 0) violation = Math.max(violation, Math.abs(g[k] + lambda * Math.sign(w)));
    else if (!prune) {
      const pull = signs === 'nonNegative' ? -g[k] : signs === 'keep' ? -g[k] * (kept?.[k] ?? 0) : Math.abs(g[k]);
      violation = Math.max(violation, pull - lambda);
    }
  }
  return { penalty, violation };
}

function judgeRows(
  { pre, post, weights }: SynapseState,
  g: Float64Array,
  { lambda, prune }: Penalised,
): { penalty: number; violation: number } {
  const strength = lambda * Math.sqrt(post);
  let penalty = 0;
  let violation = 0;
  for (let i = 0; i < pre; i++) {
    const norm = norm2(weights.subarray(i * post, (i + 1) * post));
    penalty += strength * norm;
    const rest = g.slice(i * post, (i + 1) * post);
    if (norm > 0) for (let j = 0; j < post; j++) rest[j] += (strength * weights[i * post + j]) / norm;
    if (norm > 0) violation = Math.max(violation, norm2(rest));
    else if (!prune) violation = Math.max(violation, norm2(rest) - strength);
  }
  return { penalty, violation };
}

function norm2(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

function add(to: Float64Array, from: ArrayLike<number>): void {
  for (let k = 0; k < to.length; k++) to[k] += from[k];
}
