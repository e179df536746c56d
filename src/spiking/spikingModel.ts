import { Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Precision } from '../backend/kernelForms.ts';
import { type LayerForms, layerForms } from '../backend/layerForms.ts';
import { integerIn } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import { spikeCount } from './activity.ts';
import { argmax } from './argmax.ts';
import { type Dynamics, LayeredNetwork, type NetworkInput } from './layeredNetwork.ts';
import { type Encoding, type PreparedInput, prepareInput, type SpikingInput, samplesOf, uploadInput } from './networkInput.ts';
import { identity, type NetworkState, stateOf } from './networkState.ts';
import { nirGraph } from './nir.ts';
import { type LossName, OutputLoss } from './outputLoss.ts';
import { readSpikingModel } from './savedNetwork.ts';
import { energyOf, type SparsityReport } from './sparsityReport.ts';
import { SpikeRaster } from './spikeRaster.ts';
import { compress, removeIdle } from './structure.ts';
import type { EpochRecord, TrainingStatus } from './training.ts';

const KIND = 'SpikingModel';
const VERSION = 1;

/** Largest violation of stationarity (relative to lambda) that counts as converged. */
export const TOL = 0.1;

/** What is known about a trained network: no proof of an optimum (the problem is not convex), but where it stands. */
export interface SpikingCertificate {
  /** Whether the largest violation of stationarity is below `tol`. */
  converged: boolean;
  status: TrainingStatus;
  /** What to change, where the status is not 'trained'. */
  advice?: string;
  /** Mean loss over the training data, and with lambda times the penalty. */
  loss: number;
  objective: number;
  /**
   * Largest violation of |g| <= lambda (weight 0) and g = -lambda sign(w) (others) over all synapses, and of g = 0 over all
   * biases, for the surrogate gradient g of the mean loss over the training data (dropout and terms on activity left out); divided by lambda, or where lambda = 0 by the
   * largest entry of the first batch's gradient.
   */
  kkt: number;
  epochs: number;
  tol: number;
}

/** The parts of a trained network. */
export interface SpikingModelParts<L extends Label> {
  classes: readonly L[];
  inputs: number;
  encoding: Encoding;
  dynamics: Dynamics;
  loss: LossName;
  lambda: number;
  precision: Precision;
  weights: CsrMatrix[];
  recurrentWeights: CsrMatrix[];
  biases: Float64Array[];
  certificate: SpikingCertificate;
  history: readonly EpochRecord[];
}

/** Samples in linear memory at a time, when predicting. */
const CHUNK = 256;

/** A trained spiking classifier. Immutable. */
export class SpikingModel<L extends Label = Label> {
  /** Labels in ascending order: the columns of `decision`. */
  readonly classes: readonly L[];
  /** Synapses between layers, from the inputs to the output: one row per presynaptic and one column per postsynaptic neuron, no stored zeros. */
  readonly weights: readonly CsrMatrix[];
  /** Synapses from every hidden layer to itself; empty without recurrence. */
  readonly recurrentWeights: readonly CsrMatrix[];
  /** Constant current of every neuron, layer by layer. */
  readonly biases: readonly Float64Array[];
  readonly lambda: number;
  readonly certificate: SpikingCertificate;
  /** One record per epoch. */
  readonly history: readonly EpochRecord[];
  readonly #parts: SpikingModelParts<L>;

  /** @internal */
  constructor(parts: SpikingModelParts<L>) {
    this.#parts = parts;
    this.classes = parts.classes;
    this.weights = parts.weights;
    this.recurrentWeights = parts.recurrentWeights;
    this.biases = parts.biases;
    this.lambda = parts.lambda;
    this.certificate = parts.certificate;
    this.history = parts.history;
  }

  /**
   * The class of every sample.
   * @throws TypeError, RangeError when X is not as in the fit
   */
  predict(X: SpikingInput): L[] {
    const scores = this.decision(X);
    const { classes } = this;
    return Array.from({ length: scores.rows }, (_, i) => classes[argmax(scores.data, i * classes.length, classes.length)]);
  }

  /** Scores, samples x classes, the largest of which is the prediction: mean or largest membrane, spikes, rate, or -(step of the first spike). */
  decision(X: SpikingInput): DenseMatrix {
    const input = this.#prepare(X);
    const classes = this.classes.length;
    const out = new Float64Array(samplesOf(input) * classes);
    this.#run(input, (i, _, loss) => loss.scores(out.subarray(i * classes, (i + 1) * classes)));
    return new DenseMatrix(out, samplesOf(input), classes);
  }

  /** Spikes of every sample (rows) and neuron (columns): hidden layers in order, then the output layer where it spikes. */
  spikeCounts(X: SpikingInput): DenseMatrix {
    const input = this.#prepare(X);
    const neurons = this.#spikingNeurons();
    if (neurons === 0)
      throw new RangeError('spikeCounts: a network without hidden layers, whose output only integrates, has no spikes');
    const out = new Float64Array(samplesOf(input) * neurons);
    this.#run(input, (i, network) => countSpikes(network, out, i * neurons));
    return new DenseMatrix(out, samplesOf(input), neurons);
  }

  /** Membranes and spikes of one layer for one sample: `membrane` is steps x neurons, before the resets. */
  trace(
    X: SpikingInput,
    sample: number,
    layer: number,
  ): { membrane: DenseMatrix; spikes: { step: Int32Array; neuron: Int32Array } } {
    const input = this.#prepare(X);
    integerIn(sample, 'sample', 0, samplesOf(input) - 1);
    integerIn(layer, 'layer', 0, this.weights.length - 1);
    const { steps } = this.#parts.dynamics;
    let result: ReturnType<SpikingModel['trace']> | undefined;
    this.#run(
      input,
      (_, network) => {
        const { size, stride, U, offsets, ids } = network.layers[layer];
        const u = network.forms.values(network.frame.heap, U, steps * stride);
        const membrane = new Float64Array(steps * size);
        for (let t = 0; t < steps; t++) membrane.set(u.subarray(t * stride, t * stride + size), t * size);
        const count = offsets ? spikeCount(network.frame.heap, offsets, steps) : 0;
        const ends = offsets ? network.frame.heap.i32(offsets, steps + 1) : new Int32Array(steps + 1);
        const step = new Int32Array(count);
        for (let t = 0; t < steps; t++) step.fill(t, ends[t], ends[t + 1]);
        const neuron = count > 0 ? network.frame.heap.i32(ids, count).slice() : new Int32Array(0);
        result = { membrane: new DenseMatrix(membrane, steps, size), spikes: { step, neuron } };
      },
      Int32Array.of(sample),
    );
    return result!;
  }

  /** Accuracy, connections, activity and operations on data with known labels. */
  report(X: SpikingInput, labels: LabelInput<L>): SparsityReport {
    const input = this.#prepare(X);
    const samples = samplesOf(input);
    const truth = labelIndices(labels, this.classes, 'labels', samples);
    const { weights, recurrentWeights } = this;
    const neurons = this.#spikingNeurons();
    const counts = new Float64Array(neurons);
    const everActive = new Uint8Array(neurons);
    const scores = new Float64Array(this.classes.length);
    const outDegree = new Float64Array(neurons);
    let at = 0;
    for (let l = 1; l < weights.length; l++) {
      for (let j = 0; j < weights[l].rows; j++, at++) {
        outDegree[at] = degree(weights[l], j) + (recurrentWeights.length > 0 ? degree(recurrentWeights[l - 1], j) : 0);
      }
    }
    let [right, spikes, active, additions] = [0, 0, 0, 0];
    this.#run(input, (i, network, loss) => {
      loss.scores(scores);
      if (argmax(scores, 0, scores.length) === truth[i]) right++;
      counts.fill(0);
      countSpikes(network, counts, 0);
      for (let j = 0; j < neurons; j++) {
        if (counts[j] === 0) continue;
        spikes += counts[j];
        active++;
        everActive[j] = 1;
        additions += counts[j] * outDegree[j];
      }
    });
    const incoming = inputOperations(input, weights[0]);
    const real = !(input instanceof SpikeRaster);
    const { steps, beta, threshold } = this.#parts.dynamics;
    const inUse = removeIdle(this.#state(), beta, threshold);
    const membranes = inUse.reduce((total, { size }) => total + size, 0) * steps;
    const dense =
      weights.reduce((total, { rows, cols }) => total + rows * cols, 0) +
      recurrentWeights.reduce((total, { rows, cols }) => total + rows * cols, 0) * steps;
    const perSample = (total: number) => total / samples;
    return {
      accuracy: perSample(right),
      connections: [...weights, ...recurrentWeights].reduce((total, { nnz }) => total + nnz, 0),
      connectionsTotal: [...weights, ...recurrentWeights].reduce((total, { rows, cols }) => total + rows * cols, 0),
      activeNeurons: everActive.reduce((a, b) => a + b, 0),
      neuronsTotal: neurons,
      activeNeuronsPerSample: perSample(active),
      spikesPerSample: perSample(spikes),
      synapticOperations: perSample(additions + incoming),
      denseOperations: dense,
      energy: energyOf(perSample(additions + (real ? 0 : incoming)), real ? perSample(incoming) : 0, membranes, dense),
    };
  }

  /** A plain object for `JSON.stringify`, without loss: `SpikingModel.fromJSON` gives a model that predicts the same. */
  toJSON(): { [name: string]: Json } {
    const { weights, recurrentWeights, biases, ...rest } = this.#parts;
    const layers = weights.map((matrix, l) => ({ weights: matrix, recurrent: recurrentWeights[l], bias: biases[l] }));
    return modelJson(KIND, VERSION, { ...rest, layers });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): SpikingModel {
    return new SpikingModel(readSpikingModel(readModelJson(json, KIND, VERSION)));
  }

  /**
   * The network as the JSON twin of a NIR graph (Neuromorphic Intermediate Representation 1.0, Pedersen 2024): Affine, LIF and LI nodes.
   * Time constants are in seconds. What NIR cannot say (the reset by subtraction, dt, steps) stands under `metadata`; Affine weights are dense.
   * @throws RangeError for recurrent networks
   */
  toNir(): { [name: string]: Json } {
    const { dynamics, encoding } = this.#parts;
    // Spikes of an encoder have no scale: only features as they come are divided by it.
    const scale = encoding.encoder === 'current' ? encoding.scale : 1;
    return nirGraph(this.weights, this.recurrentWeights, this.biases, dynamics, encoding.dt, scale);
  }

  #spikingNeurons(): number {
    const { weights } = this;
    const hidden = weights.slice(0, -1).reduce((total, { cols }) => total + cols, 0);
    return hidden + (this.#parts.dynamics.spikingOutput ? this.classes.length : 0);
  }

  #prepare(X: SpikingInput): PreparedInput {
    return prepareInput(X, this.#parts.encoding, this.#parts.inputs);
  }

  /** The forward pass of every sample, or of the chosen ones. */
  #run(
    input: PreparedInput,
    visit: (i: number, network: LayeredNetwork, loss: OutputLoss) => void,
    rows: Int32Array = identity(samplesOf(input)),
  ): void {
    const { dynamics, loss, encoding, precision } = this.#parts;
    const backend = currentBackend();
    const forms = layerForms(backend, precision);
    arena(backend, (frame) => {
      const uploaded = uploadInput(frame, forms, input, encoding.scale);
      runForward(frame, forms, this.#state(), dynamics, loss, uploaded, rows, visit);
    });
  }

  #state(): NetworkState {
    const { weights, recurrentWeights, biases } = this.#parts;
    return compress(stateOf(weights, recurrentWeights, biases, { grouped: false, signs: 'free' }));
  }
}

/** Forward passes in chunks of samples. */
export function runForward(
  frame: Arena,
  forms: LayerForms,
  state: NetworkState,
  dynamics: Dynamics,
  lossName: LossName,
  input: NetworkInput,
  rows: Int32Array,
  visit: (i: number, network: LayeredNetwork, loss: OutputLoss) => void,
): void {
  const work = new Arena(frame.backend);
  try {
    const network = new LayeredNetwork(work, forms, state, dynamics, input, Math.min(CHUNK, rows.length));
    const loss = new OutputLoss(network, lossName);
    for (let from = 0; from < rows.length; from += CHUNK) {
      const chunk = rows.subarray(from, from + CHUNK);
      network.beginBatch(chunk);
      chunk.forEach((row, b) => {
        network.forward(b, row);
        visit(from + b, network, loss);
      });
    }
  } finally {
    work.releaseAll();
  }
}

/** Adds the spikes of the network's last sample to `out`, from `at` on. */
function countSpikes({ layers, frame, dynamics }: LayeredNetwork, out: Float64Array, at: number): void {
  for (const { size, offsets, ids } of layers) {
    if (!offsets) continue;
    for (const id of frame.heap.i32(ids, spikeCount(frame.heap, offsets, dynamics.steps))) out[at + id]++;
    at += size;
  }
}

const degree = ({ indptr }: CsrMatrix, row: number): number => indptr[row + 1] - indptr[row];

/** Synapses that all inputs meet, over all samples: real values once, spikes each time. */
function inputOperations(input: PreparedInput, weights: CsrMatrix): number {
  let total = 0;
  if (input instanceof SpikeRaster) {
    for (const id of input.events.indices) total += degree(weights, id);
    return total;
  }
  if (!(input instanceof DenseMatrix)) {
    const { indices, data } = input instanceof CsrMatrix ? input : input.toCsr();
    indices.forEach((j, e) => {
      if (data[e] !== 0) total += degree(weights, j);
    });
    return total;
  }
  const { data, rows, cols, order } = input;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) if (data[order === 'row' ? i * cols + j : j * rows + i] !== 0) total += degree(weights, j);
  }
  return total;
}
