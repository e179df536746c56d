import { Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Precision } from '../backend/kernelForms.ts';
import { type LayerForms, layerForms } from '../backend/layerForms.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { type Json, modelJson, readModelJson } from '../core/json.ts';
import { type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import type { MatrixInput } from '../core/matrixInput.ts';
import { argmax } from './argmax.ts';
import { DenseNetwork } from './denseNetwork.ts';
import type { NetworkInput } from './layeredNetwork.ts';
import { prepareInput, samplesOf, uploadInput } from './networkInput.ts';
import { identity, type NetworkState, stateOf } from './networkState.ts';
import { flawOfLayers, readCertificate, readHistory, readLayers } from './savedNetwork.ts';
import { energyOf, type SparsityReport } from './sparsityReport.ts';
import type { SpikingCertificate } from './spikingModel.ts';
import type { EpochRecord } from './training.ts';

const KIND = 'DenseModel';
const VERSION = 1;
/** Samples at a time, when predicting. */
const CHUNK = 256;

/** The parts of a trained dense network. */
export interface DenseModelParts<L extends Label> {
  classes: readonly L[];
  /** Features are divided by this. */
  scale: number;
  precision: Precision;
  lambda: number;
  weights: CsrMatrix[];
  biases: Float64Array[];
  certificate: SpikingCertificate;
  history: readonly EpochRecord[];
}

/** A trained dense ReLU network. Immutable. */
export class DenseModel<L extends Label = Label> {
  /** Labels in ascending order: the columns of `decision`. */
  readonly classes: readonly L[];
  /** Weights between layers: one row per neuron before and one column per neuron behind, no stored zeros. */
  readonly weights: readonly CsrMatrix[];
  readonly biases: readonly Float64Array[];
  readonly lambda: number;
  readonly certificate: SpikingCertificate;
  /** One record per epoch. */
  readonly history: readonly EpochRecord[];
  readonly #parts: DenseModelParts<L>;

  /** @internal */
  constructor(parts: DenseModelParts<L>) {
    this.#parts = parts;
    this.classes = parts.classes;
    this.weights = parts.weights;
    this.biases = parts.biases;
    this.lambda = parts.lambda;
    this.certificate = parts.certificate;
    this.history = parts.history;
  }

  /**
   * The class of every sample.
   * @throws TypeError, RangeError when X is not as in the fit
   */
  predict(X: MatrixInput): L[] {
    const { data, rows, cols } = this.decision(X);
    return Array.from({ length: rows }, (_, i) => this.classes[argmax(data, i * cols, cols)]);
  }

  /** Logits, samples x classes. */
  decision(X: MatrixInput): DenseMatrix {
    const cols = this.classes.length;
    let out = new Float64Array(0);
    this.#run(X, (samples) => {
      out = new Float64Array(samples * cols);
      return ({ output, forms, frame }, from, count) => {
        const logits = forms.values(frame.heap, output.activations, count * output.stride);
        for (let b = 0; b < count; b++) out.set(logits.subarray(b * output.stride, b * output.stride + cols), (from + b) * cols);
      };
    });
    return new DenseMatrix(out, out.length / cols, cols);
  }

  /** Accuracy, connections, active neurons (those that are not 0) and operations on data with known labels. */
  report(X: MatrixInput, labels: LabelInput<L>): SparsityReport {
    const hidden = this.weights.slice(0, -1).map(({ cols }) => cols);
    const neurons = hidden.reduce((a, b) => a + b, 0);
    const ever = new Uint8Array(neurons);
    const { rows: samples, cols, data } = this.decision(X);
    const truth = labelIndices(labels, this.classes, 'labels', samples);
    const right = truth.reduce((sum, label, i) => sum + (argmax(data, i * cols, cols) === label ? 1 : 0), 0);
    let active = 0;
    this.#run(X, () => ({ layers, forms, frame }, _, count) => {
      let first = 0;
      for (const { size, stride, activations } of layers.slice(0, -1)) {
        const values = forms.values(frame.heap, activations, count * stride);
        for (let b = 0; b < count; b++) {
          for (let j = 0; j < size; j++) {
            if (values[b * stride + j] === 0) continue;
            active++;
            ever[first + j] = 1;
          }
        }
        first += size;
      }
    });
    const total = this.weights.reduce((sum, { rows, cols: width }) => sum + rows * width, 0);
    return {
      accuracy: right / samples,
      connections: this.weights.reduce((sum, { nnz }) => sum + nnz, 0),
      connectionsTotal: total,
      activeNeurons: ever.reduce((a, b) => a + b, 0),
      neuronsTotal: neurons,
      activeNeuronsPerSample: active / samples,
      spikesPerSample: 0,
      synapticOperations: total,
      denseOperations: total,
      energy: energyOf(0, total, 0, total),
    };
  }

  /** A plain object for `JSON.stringify`, without loss: `DenseModel.fromJSON` gives a model that predicts the same. */
  toJSON(): { [name: string]: Json } {
    const { weights, biases, ...rest } = this.#parts;
    return modelJson(KIND, VERSION, { ...rest, layers: weights.map((matrix, l) => ({ weights: matrix, bias: biases[l] })) });
  }

  /**
   * The model saved by `toJSON`, from the object or its text.
   * @throws SpinifexError `BAD_MODEL` for anything else
   */
  static fromJSON(json: unknown): DenseModel {
    const reader = readModelJson(json, KIND, VERSION);
    const classes = reader.labels('classes');
    const { weights, biases } = readLayers(reader, classes.length);
    const scale = reader.number('scale');
    const broken =
      flawOfLayers(classes, weights, biases) ??
      (scale > 0 && Number.isFinite(scale) ? undefined : 'scale: expected a finite number > 0');
    if (broken) reader.fail(broken);
    return new DenseModel({
      classes,
      scale,
      precision: reader.oneOf('precision', ['f32', 'f64']),
      lambda: reader.number('lambda'),
      weights,
      biases,
      certificate: readCertificate(reader),
      history: readHistory(reader),
    });
  }

  /** Calls back with the network after the forward pass of every chunk; `begin` learns the number of samples first. */
  #run(X: MatrixInput, begin: (samples: number) => (network: DenseNetwork, from: number, count: number) => void): void {
    const { scale, weights, biases, precision } = this.#parts;
    const input = prepareInput(X, { encoder: 'current', steps: 1, dt: 1, seed: 0, scale }, weights[0].rows);
    const visit = begin(samplesOf(input));
    arena(currentBackend(), (frame) => {
      const forms = layerForms(frame.backend, precision);
      const state = stateOf(weights, [], biases, { grouped: false, signs: 'free' });
      forwardChunks(frame, forms, state, uploadInput(frame, forms, input, scale), samplesOf(input), CHUNK, visit);
    });
  }
}

function forwardChunks(
  frame: Arena,
  forms: LayerForms,
  state: NetworkState,
  input: NetworkInput,
  samples: number,
  chunk: number,
  visit: (network: DenseNetwork, from: number, count: number) => void,
): void {
  const work = new Arena(frame.backend);
  try {
    const network = new DenseNetwork(work, forms, state, input, Math.min(chunk, samples), false);
    const rows = identity(samples);
    for (let from = 0; from < samples; from += chunk) {
      const part = rows.subarray(from, from + chunk);
      network.forward(part);
      visit(network, from, part.length);
    }
  } finally {
    work.releaseAll();
  }
}

/** How many samples a network in training gets right. */
export function correctRows(
  frame: Arena,
  forms: LayerForms,
  state: NetworkState,
  input: NetworkInput,
  labels: Int32Array,
  chunk: number,
): number {
  let right = 0;
  forwardChunks(frame, forms, state, input, labels.length, chunk, ({ output }, from, count) => {
    const logits = forms.values(frame.heap, output.activations, count * output.stride);
    for (let b = 0; b < count; b++) if (argmax(logits, b * output.stride, output.size) === labels[from + b]) right++;
  });
  return right;
}
