import { Arena } from '../backend/arena.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { ActivityRegulariser } from './activity.ts';
import type { Recipe } from './classifierOptions.ts';
import { LayeredNetwork, type NetworkInput } from './layeredNetwork.ts';
import { decayOf } from './learningRate.ts';
import { identity, type NetworkState, nonzeros } from './networkState.ts';
import { Optimizer, type Trainable } from './optimizer.ts';
import { OutputLoss } from './outputLoss.ts';
import { stationarity } from './stationarity.ts';
import { blocksOf, compress, connections, expandNetwork, growLayer, prune, recall, regrow, removeIdle } from './structure.ts';

/** Data of a training run, in linear memory. */
export interface TrainingData {
  input: NetworkInput;
  labels: Int32Array;
}

/** One epoch of a fit. */
export interface EpochRecord {
  /** Mean loss over the epoch's batches, without the penalty. */
  loss: number;
  /** Spikes per hidden neuron and step. */
  rate: number;
  /** Weights that are not zero, and all that the network could have. */
  connections: number;
  connectionsTotal: number;
  /** Share of right predictions on the validation data, where there are some. */
  accuracy?: number;
}

/** How training ended. */
export type TrainingStatus = 'trained' | 'aborted' | 'silent' | 'saturated' | 'diverged';

/** What training reports beside its progress. */
export type TrainingNews = { epoch: number } & Partial<EpochRecord>;

/** What to change, by how training ended. */
export const ADVICE: Partial<Record<TrainingStatus, string>> = {
  silent:
    'a layer never fires or has no synapses left: raise activity.floor or activity.strength, lower lambda or the threshold, or use a surrogate without window',
  saturated: 'hidden neurons fire in nearly every step: set activity.ceiling, raise the threshold or lower the learning rate',
  diverged:
    'weights or loss are no longer finite, or the loss is far above where it began: lower the learning rate; the weights are those before the last epoch',
  aborted: 'training was stopped by the signal: the weights are those of that moment',
};

/** How a trained network came about. */
export interface Training {
  state: NetworkState;
  history: EpochRecord[];
  status: TrainingStatus;
  epochs: number;
  /** Largest entry of the first batch's gradient. */
  steepestStart: number;
}

/** A loss so many times the first batch's has left the problem behind. */
export const RUNAWAY = 100;
/** More spikes per neuron and step than this carry no information. */
const SATURATED = 0.95;
/** Epochs, and steps, at least, between two looks at which synapses are 0 and which of those gone should come back. */
const LOOK_EPOCHS = 10;
const LOOK_STEPS = 50;
/** Reports per epoch, at most. */
export const REPORTS = 20;

/**
 * Gradient descent through time, with everything that changes the network's structure between epochs. `validate` scores a state.
 * The random streams of one seed: 0 order of samples, odd and even ones from 1 initial weights, 1000 dropout.
 */
export function train(
  frame: Arena,
  forms: LayerForms,
  data: TrainingData,
  start: NetworkState,
  recipe: Recipe,
  run: RunOptions<TrainingNews> & { validate?: (state: NetworkState) => number },
): Training {
  const { dynamics, epochs, learningRate, schedule, seed, lambda, signs, loss: lossName } = recipe;
  const n = data.labels.length;
  const batchSize = Math.min(recipe.batchSize, n);
  const batches = Math.ceil(n / batchSize);
  const inputs = data.input.inputs;
  const order = new Random(seed, 0);
  const optimizer = new Optimizer(recipe);
  const randomState = frame.put(Random.seedState(seed, 1000));
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const history: EpochRecord[] = [];
  const extras = { dropout: recipe.dropout, spikeCost: recipe.activity.cost };
  const look = Math.max(LOOK_EPOCHS, Math.ceil(LOOK_STEPS / batches));
  const every = Math.max(1, Math.floor(batches / REPORTS));

  let work = new Arena(frame.backend);
  let network = new LayeredNetwork(work, forms, start, dynamics, data.input, batchSize, extras);
  let loss = new OutputLoss(network, lossName);
  const activity = new ActivityRegulariser(recipe.activity);
  let layerRates: number[] = [];
  let firstLoss = 0;
  let steepestStart = 0;
  const rebuild = (state: NetworkState) => {
    work.releaseAll();
    work = new Arena(frame.backend);
    // Synapses that come into being while training have no sign to keep, but a bound they have.
    if (signs === 'nonNegative') for (const block of blocksOf(state)) block.signs?.fill(1);
    network = new LayeredNetwork(work, forms, state, dynamics, data.input, batchSize, extras);
    loss = new OutputLoss(network, lossName);
  };
  const finish = (status: TrainingStatus, state = network.state()): Training => ({
    state,
    history,
    status,
    epochs: history.length,
    steepestStart,
  });

  /** Gradient of one batch; returns the sum of its losses. */
  const gradient = (batch: Int32Array): number => {
    network.beginBatch(batch, randomState);
    activity.begin(network);
    let total = 0;
    batch.forEach((row, b) => {
      network.forward(b, row);
      total += loss.evaluate(data.labels[row], 1 / batch.length);
      network.backward(b, row);
      activity.observe(network);
    });
    network.endBatch(batch.length);
    return total;
  };

  /** Gradients of one batch at every synapse that the neurons of the network could have. */
  const denseGradients = (state: NetworkState, batch: Int32Array): Float64Array[] => {
    const sizes = state.map(({ size }) => size);
    rebuild(expandNetwork(state, sizes, inputs));
    gradient(batch);
    activity.rates();
    return network.layers.flatMap(({ blocks }) => blocks.map((block) => block.read(block.gradient)));
  };

  /** The same over all data: gradients of single batches would be too noisy to compare with lambda. */
  const allGradients = (state: NetworkState): Float64Array[] => {
    const renumbered = state.map((layer) => ({ ...layer, ids: identity(layer.size) }));
    const hidden = state.slice(0, -1).map(({ size }) => size);
    const { gradients } = stationarity(frame, forms, data, renumbered, { ...recipe, hidden });
    return gradients.flatMap(({ input, recurrent }) => (recurrent ? [input, recurrent] : [input]));
  };

  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      order.shuffle(rows);
      let total = 0;
      for (let k = 0; k < batches; k++) {
        if (run.signal?.aborted) {
          const state = network.state();
          return finish('aborted', allFinite(state) ? state : start);
        }
        const batch = rows.subarray(k * batchSize, Math.min(n, (k + 1) * batchSize));
        const sum = gradient(batch);
        if (epoch === 0 && k === 0) {
          firstLoss = sum / batch.length;
          steepestStart = largestGradient(network);
        }
        total += sum;
        optimizer.step(network, learningRate * decayOf(schedule, (epoch + k / batches) / epochs));
        if (k % every === 0 && k > 0) run.onProgress?.({ done: epoch * batches + k, total: epochs * batches, epoch });
      }
      const rates = activity.rates();
      layerRates = rates.layers;
      const sparsifies = lambda > 0 || recipe.prune !== undefined;
      let state = network.state();
      const record: EpochRecord = {
        loss: total / n,
        rate: rates.mean,
        connections: connections(state),
        connectionsTotal: totalConnections(recipe, inputs),
      };
      if (!(record.loss <= RUNAWAY * Math.max(firstLoss, 1) && allFinite(state))) return finish('diverged', start);
      start = state;
      if (run.validate) record.accuracy = run.validate(state);
      history.push(record);
      run.onProgress?.({ done: (epoch + 1) * batches, total: epochs * batches, epoch: epoch + 1, ...record });
      if (epoch + 1 === epochs) break;

      const before = state;
      const { prune: plan, grow } = recipe;
      if (plan && epoch + 1 >= plan.from && epoch < plan.until) {
        const goal = pruneGoal(record.connectionsTotal, plan, epoch + 1);
        const again = Math.floor(goal * plan.regrow * (1 - (epoch + 1) / epochs));
        if (goal < connections(state) || again > 0) {
          state = prune(state, goal - again);
          if (again > 0) state = regrow(state, denseGradients(state, rows.subarray(0, batchSize)), again);
        }
      }
      const growing = grow !== undefined && state.some(({ size }, l) => size < recipe.hidden[l]);
      if (growing && (epoch + 1) % grow.every === 0) state = grown(state, recipe, epoch);
      else if (sparsifies && !growing && !plan?.regrow && (plan || (epoch + 1) % look === 0)) {
        // With regrowth, what has come back is still 0 and must stay, like the neurons that it may reach.
        state = removeIdle(compress(state), dynamics.beta, dynamics.threshold);
        if (!plan && signs !== 'keep' && blocksOf(state).some(({ indptr }) => indptr)) {
          state = recall(state, allGradients(state), lambda);
        }
      }
      if (state !== before) rebuild(state);
    }
    // One layer without spikes cuts the network in two, whatever the others do.
    const cut = recipe.hidden.length > 0 && start.some(({ input }) => nonzeros(input) === 0);
    if (cut || layerRates.some((rate) => rate === 0)) return finish('silent');
    return finish(layerRates.some((rate) => rate > SATURATED) ? 'saturated' : 'trained');
  } finally {
    work.releaseAll();
  }
}

/** Largest entry of the gradient of the last batch in all weights, biases left out. */
export function largestGradient({ layers }: Trainable): number {
  let most = 0;
  for (const block of layers.flatMap(({ blocks }) => blocks)) {
    for (const g of block.read(block.gradient)) most = Math.max(most, Math.abs(g));
  }
  return most;
}

export function allFinite(state: NetworkState): boolean {
  return (
    state.every(({ bias }) => bias.every(Number.isFinite)) &&
    blocksOf(state).every(({ weights }) => weights.every(Number.isFinite))
  );
}

/** Synapses to keep after an epoch: the cubic schedule of Zhu and Gupta 2017. */
function pruneGoal(
  total: number,
  { density, from, until }: { density: number; from: number; until: number },
  epoch: number,
): number {
  const rest = 1 - Math.min(1, (epoch - from + 1) / (until - from));
  return Math.round(total * (density + (1 - density) * rest * rest * rest));
}

function grown(state: NetworkState, { hidden, grow, signs, seed }: Recipe, epoch: number): NetworkState {
  return hidden.reduce((current, goal, l) => {
    const by = Math.min(grow!.by, goal - current[l].size);
    return by > 0 ? growLayer(current, l, by, signs === 'nonNegative', seed + epoch + 1) : current;
  }, state);
}

/** All synapses of the full network. */
export function totalConnections({ hidden, classes, recurrent }: Recipe, inputs: number): number {
  const sizes = [inputs, ...hidden, classes];
  let total = 0;
  for (let l = 1; l < sizes.length; l++)
    total += sizes[l - 1] * sizes[l] + (recurrent && l + 1 < sizes.length ? sizes[l] * sizes[l] : 0);
  return total;
}
