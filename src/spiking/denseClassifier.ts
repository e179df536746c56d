import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { layerForms } from '../backend/layerForms.ts';
import { optionsObject } from '../core/checks.ts';
import { encodeLabels, type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import type { Matrix, MatrixInput } from '../core/matrixInput.ts';
import type { RunOptions } from '../core/progress.ts';
import { Random } from '../core/random.ts';
import { withTimeLeft } from '../core/timeLeft.ts';
import { type Recipe, recipeOf, type SpikingClassifierOptions } from './classifierOptions.ts';
import { correctRows, DenseModel } from './denseModel.ts';
import { DenseNetwork } from './denseNetwork.ts';
import { normals } from './initialWeights.ts';
import type { NetworkInput } from './layeredNetwork.ts';
import { decayOf } from './learningRate.ts';
import { inputsOf, meanSquareOf, prepareInput, type SpikingInput, samplesOf, scaleOf, uploadInput } from './networkInput.ts';
import { denseSynapses, identity, type NetworkState, nonzeros, synapseMatrix } from './networkState.ts';
import { Optimizer } from './optimizer.ts';
import { SpikeRaster } from './spikeRaster.ts';
import { type SpikingCertificate, TOL } from './spikingModel.ts';
import { judge } from './stationarity.ts';
import { connections } from './structure.ts';
import {
  ADVICE,
  allFinite,
  type EpochRecord,
  largestGradient,
  REPORTS,
  RUNAWAY,
  type TrainingNews,
  type TrainingStatus,
} from './training.ts';

const SHARED = [
  'hidden',
  'optimizer',
  'learningRate',
  'schedule',
  'momentum',
  'epochs',
  'batchSize',
  'lambda',
  'precision',
  'seed',
] as const;

/** Options of `DenseClassifier`, each as in `SpikingClassifier`. */
export type DenseClassifierOptions = Pick<SpikingClassifierOptions, (typeof SHARED)[number]>;

/** What `fit` takes beside the data. */
export interface DenseFitOptions<L extends Label> extends RunOptions<TrainingNews> {
  /** Scored after every epoch; see `DenseModel.history`. */
  validation?: { X: MatrixInput; labels: LabelInput<L> };
}

/** Data of a fit in linear memory. */
interface DenseData {
  input: NetworkInput;
  labels: Int32Array;
}

/** How training ended, and the largest entry of the first batch's gradient (0 where there was none). */
interface Ending {
  status: TrainingStatus;
  epochs: number;
  steepestStart: number;
}

/** Without spikes there is one way to be silent. */
const CUT = 'a layer has no connections left: lower lambda';

/**
 * The plain dense network that a spiking one is compared with: same shape, same optimiser, same batches, ReLU instead of spikes and
 * one pass instead of time steps.
 *
 *   min over W   (1/n) sum_i CE(softmax(W_L relu(... relu(W_1 x_i + b_1) ...) + b_L), y_i) + lambda sum |w|
 *
 * Weights start as N(0, 2 / sum_i mean x_i^2), with 2 / n behind hidden layers (He 2015).
 *
 * @throws TypeError, RangeError for options of the wrong kind or amount
 * @example
 * const model = new DenseClassifier({ hidden: [64], seed: 1 }).fit(X, labels);
 * model.report(X, labels); // { accuracy, connections, denseOperations, ... }
 */
export class DenseClassifier {
  readonly #recipe: Recipe;

  constructor(options: DenseClassifierOptions) {
    this.#recipe = recipeOf(optionsObject(options, 'DenseClassifier', SHARED));
  }

  /**
   * @param X samples x features (finite numbers; divided by their largest size for the fit)
   * @param labels one per sample: numbers or strings, at least two different ones
   * @returns the model, also when `signal` stops the work (`certificate.status` says so)
   * @throws TypeError, RangeError for data of the wrong kind, shape or with a value that is not finite (named with its position)
   */
  fit<L extends Label>(X: MatrixInput, labels: LabelInput<L>, options?: DenseFitOptions<L>): DenseModel<L> {
    const recipe = this.#recipe;
    const { signal, onProgress, validation } = optionsObject(options, 'fit', ['signal', 'onProgress', 'validation']);
    const scale = scaleOf(X);
    const input = features(X, scale);
    const { classes, index } = encodeLabels(labels, 'labels', samplesOf(input));
    return arena(currentBackend(), (frame) => {
      const forms = layerForms(frame.backend, recipe.precision);
      const data: DenseData = { input: uploadInput(frame, forms, input, scale), labels: index };
      const held = validation && features(validation.X, scale, data.input.inputs, 'validation.X');
      const check = held && {
        input: uploadInput(frame, forms, held, scale),
        labels: labelIndices(validation.labels, classes, 'validation.labels', samplesOf(held)),
      };
      const batch = Math.min(recipe.batchSize, index.length);
      const start = initialDense([inputsOf(input), ...recipe.hidden, classes.length], meanSquareOf(input, scale), recipe.seed);
      const network = new DenseNetwork(frame, forms, start, data.input, batch);
      const optimizer = new Optimizer(recipe);
      const order = new Random(recipe.seed, 0);
      const rows = identity(index.length);
      const batches = Math.ceil(rows.length / batch);
      const history: EpochRecord[] = [];
      const report = withTimeLeft(onProgress);
      const every = Math.max(1, Math.floor(batches / REPORTS));
      let firstLoss = 0;
      let steepestStart = 0;
      let status: TrainingStatus = 'trained';
      let last = start;
      epochs: for (let epoch = 0; epoch < recipe.epochs; epoch++) {
        order.shuffle(rows);
        let loss = 0;
        for (let k = 0; k < batches; k++) {
          if (signal?.aborted) {
            status = 'aborted';
            break epochs;
          }
          const part = rows.subarray(k * batch, (k + 1) * batch);
          const sum = gradientOf(network, data, part);
          if (epoch === 0 && k === 0) {
            firstLoss = sum / part.length;
            steepestStart = largestGradient(network);
          }
          loss += sum;
          if (k > 0 && k % every === 0) report?.({ done: epoch * batches + k, total: recipe.epochs * batches, epoch });
          optimizer.step(network, recipe.learningRate * decayOf(recipe.schedule, (epoch + k / batches) / recipe.epochs));
        }
        const state = network.state();
        if (!(loss <= RUNAWAY * rows.length * Math.max(firstLoss, 1) && allFinite(state))) {
          status = 'diverged';
          break;
        }
        last = state;
        const record: EpochRecord = {
          loss: loss / rows.length,
          rate: 0,
          connections: connections(state),
          connectionsTotal: state.reduce((total, { input: { pre, post } }) => total + pre * post, 0),
        };
        if (check) record.accuracy = accuracyOf(frame, state, check, recipe);
        history.push(record);
        report?.({ done: (epoch + 1) * batches, total: recipe.epochs * batches, epoch: epoch + 1, ...record });
      }
      const now = network.state();
      if (status === 'aborted' && allFinite(now)) last = now;
      // As for spiking networks: what the inputs say no longer arrives, whatever the other layers do.
      const cut = recipe.hidden.length > 0 && last.some(({ input: block }) => nonzeros(block) === 0);
      if (status === 'trained' && cut) status = 'silent';
      return new DenseModel({
        classes,
        scale,
        precision: recipe.precision,
        lambda: recipe.lambda,
        weights: last.map(({ input: block }) => synapseMatrix(block, block.pre, block.post)),
        biases: last.map(({ bias }) => bias),
        certificate: certificateOf(frame, last, data, recipe, { status, epochs: history.length, steepestStart }),
        history,
      });
    });
  }
}

function features(X: SpikingInput, scale: number, inputs?: number, title = 'X'): Matrix {
  if (X instanceof SpikeRaster) throw new TypeError(`${title}: expected a matrix of features, got spike trains`);
  return prepareInput(X, { encoder: 'current', steps: 1, dt: 1, seed: 0, scale }, inputs, title) as Matrix;
}

function initialDense(sizes: readonly number[], meanSquare: number, seed: number): NetworkState {
  return sizes.slice(1).map((size, l) => {
    const pre = sizes[l];
    const sigma = Math.sqrt(2 / (l === 0 ? Math.max(meanSquare, 1e-12) : pre));
    return {
      size,
      input: denseSynapses(pre, size, false, normals(pre * size, sigma, seed, 2 * l + 1)),
      bias: new Float64Array(size),
      biasFirst: new Float64Array(size),
      biasSecond: new Float64Array(size),
      ids: identity(size),
    };
  });
}

function gradientOf(network: DenseNetwork, { labels }: DenseData, batch: Int32Array, scale = 1 / batch.length): number {
  network.forward(batch);
  return network.backward(
    Array.from(batch, (row) => labels[row]),
    scale,
  );
}

function accuracyOf(frame: Arena, state: NetworkState, { input, labels }: DenseData, { batchSize, precision }: Recipe): number {
  return correctRows(frame, layerForms(frame.backend, precision), state, input, labels, batchSize) / labels.length;
}

function certificateOf(
  frame: Arena,
  state: NetworkState,
  data: DenseData,
  recipe: Recipe,
  { status, epochs, steepestStart }: Ending,
): SpikingCertificate {
  const { lambda } = recipe;
  const { loss, penalty, violation } = standing(frame, state, data, recipe);
  // Where no batch was seen, the network stands where it started.
  const unit = lambda > 0 ? lambda : steepestStart || violation;
  const kkt = violation / Math.max(unit, Number.MIN_VALUE);
  const advice = status === 'silent' ? CUT : ADVICE[status];
  return {
    converged: status === 'trained' && kkt <= TOL,
    status,
    ...(advice && { advice }),
    loss,
    objective: loss + penalty,
    kkt,
    epochs,
    tol: TOL,
  };
}

/** Mean loss over all data, value of the penalty, and the largest violation of stationarity. */
function standing(
  { backend }: Arena,
  state: NetworkState,
  data: DenseData,
  recipe: Recipe,
): { loss: number; penalty: number; violation: number } {
  return arena(backend, (work) => {
    const forms = layerForms(backend, recipe.precision);
    const rows = identity(data.labels.length);
    const batch = Math.min(recipe.batchSize, rows.length);
    const network = new DenseNetwork(work, forms, state, data.input, batch);
    const gradients = state.map(({ input, bias }) => ({
      input: new Float64Array(input.weights.length),
      bias: new Float64Array(bias.length),
    }));
    let loss = 0;
    for (let from = 0; from < rows.length; from += batch) {
      loss += gradientOf(network, data, rows.subarray(from, from + batch), 1 / rows.length);
      network.layers.forEach(({ input, biasGradient, size }, l) => {
        input.read(input.gradient).forEach((g, k) => {
          gradients[l].input[k] += g;
        });
        forms.values(work.heap, biasGradient, size).forEach((g: number, j: number) => {
          gradients[l].bias[j] += g;
        });
      });
    }
    return { loss: loss / rows.length, ...judge(state, gradients, recipe) };
  });
}
