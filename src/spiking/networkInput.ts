import type { Arena } from '../backend/arena.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import { refuseEntry } from '../core/checks.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import { asMatrix, checkFinite, type Matrix, type MatrixInput } from '../core/matrixInput.ts';
import type { EncoderName } from './classifierOptions.ts';
import { latencyEncode } from './latencyEncode.ts';
import { EVENT_BLOCK, type NetworkInput } from './layeredNetwork.ts';
import { poissonEncode } from './poissonEncode.ts';
import { rateEncode } from './rateEncode.ts';
import { SpikeRaster } from './spikeRaster.ts';

/** What a classifier takes: features (samples x features), or spike trains that are ready. */
export type SpikingInput = MatrixInput | SpikeRaster;

/** Checked input: a matrix of constant currents, or spike trains. */
export type PreparedInput = Matrix | SpikeRaster;

/** How features were prepared at the fit, and are at every prediction. */
export interface Encoding {
  /** `'spikes'` where the fit was given spike trains. */
  encoder: EncoderName | 'spikes';
  steps: number;
  dt: number;
  seed: number;
  /** Features are divided by this: the largest size of an entry in the training data. */
  scale: number;
}

/** Largest |entry|, 1 for a matrix of zeros. */
export function scaleOf(X: SpikingInput): number {
  if (X instanceof SpikeRaster) return 1;
  let most = 0;
  for (const value of asMatrix(X).data) most = Math.max(most, Math.abs(value));
  return most > 0 && Number.isFinite(most) ? most : 1;
}

/** Checks the data, scales and encodes it. `inputs` is the number of features at the fit, where there has been one. */
export function prepareInput(X: SpikingInput, encoding: Encoding, inputs?: number, title = 'X'): PreparedInput {
  const { encoder, steps, dt, seed, scale } = encoding;
  if (X instanceof SpikeRaster !== (encoder === 'spikes')) {
    const kinds =
      encoder === 'spikes' ? 'spike trains, as in the fit, got features' : 'features, as in the fit, got spike trains';
    throw new TypeError(`${title}: expected ${kinds}`);
  }
  if (X instanceof SpikeRaster) {
    if (X.steps !== steps)
      throw new RangeError(`${title}: expected spike trains of ${steps} steps (the option steps), got ${X.steps}`);
    checkInputs(X.neurons, inputs, title);
    return X;
  }
  const matrix = checkFinite(asMatrix(X, title), title);
  checkInputs(matrix.cols, inputs, title);
  if (encoder === 'current') return matrix;
  const scaled = scaledDense(matrix, scale, title, encoder);
  if (encoder === 'rate') return rateEncode(scaled, { steps, seed });
  if (encoder === 'latency') return latencyEncode(scaled, { steps });
  return poissonEncode(scaled, { steps, dt, seed });
}

/** Sum over the features of the mean of their squares, after scaling. */
export function meanSquareOf(matrix: Matrix, scale: number): number {
  let squares = 0;
  for (const value of matrix.data) squares += (value / scale) ** 2;
  return squares / matrix.rows;
}

export const samplesOf = (input: PreparedInput): number => (input instanceof SpikeRaster ? input.samples : input.rows);
export const inputsOf = (input: PreparedInput): number => (input instanceof SpikeRaster ? input.neurons : input.cols);

function checkInputs(seen: number, expected: number | undefined, title: string): void {
  if (expected !== undefined && seen !== expected) {
    throw new RangeError(`${title}: expected ${expected} columns, as in the fit, got ${seen}`);
  }
}

/** Entries over the scale; what is larger than anything in the fit counts as the largest, because encoders end at 1. */
function scaledDense(matrix: Matrix, scale: number, title: string, encoder: string): DenseMatrix {
  const { data, rows, cols, order } = matrix instanceof DenseMatrix ? matrix : matrix.toDense();
  const scaled = Float64Array.from(data, (value) => Math.min(1, value / scale));
  const negative = scaled.findIndex((value) => value < 0);
  if (negative >= 0) {
    const width = order === 'row' ? cols : rows;
    const [major, minor] = [Math.floor(negative / width), negative % width];
    const place = order === 'row' ? `[${major}][${minor}]` : `[${minor}][${major}]`;
    refuseEntry(data[negative], `${title}${place}`, `a number >= 0, as the encoder '${encoder}' needs (shift the column first)`);
  }
  return new DenseMatrix(scaled, rows, cols, order);
}

/** Copies the data into linear memory, in the precision of the kernels. */
export function uploadInput(frame: Arena, forms: LayerForms, input: PreparedInput, scale: number): NetworkInput {
  return input instanceof SpikeRaster ? uploadEvents(frame, forms, input) : uploadCurrents(frame, forms, input, scale);
}

function uploadCurrents(frame: Arena, forms: LayerForms, matrix: Matrix, scale: number): NetworkInput {
  const { rows, cols } = matrix;
  const currents = frame.zeros(rows * cols * forms.bytes);
  const values = forms.values(frame.heap, currents, rows * cols);
  if (matrix instanceof DenseMatrix) {
    const { data, order } = matrix;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) values[i * cols + j] = data[order === 'row' ? i * cols + j : j * rows + i] / scale;
    }
  } else {
    const { indptr, indices, data } = matrix;
    const byRow = matrix instanceof CsrMatrix;
    for (let o = 0; o + 1 < indptr.length; o++) {
      for (let e = indptr[o]; e < indptr[o + 1]; e++) {
        values[byRow ? o * cols + indices[e] : indices[e] * cols + o] = data[e] / scale;
      }
    }
  }
  return { inputs: cols, currents };
}

function uploadEvents(frame: Arena, forms: LayerForms, { samples, steps, neurons, events }: SpikeRaster): NetworkInput {
  const { indptr, indices, data } = events;
  const ids = frame.put(indices.length > 0 ? indices : new Int32Array(1));
  const offsets = frame.put(indptr);
  const plain = data.every((value) => value === 1);
  let values = 0;
  if (!plain) {
    values = frame.zeros(data.length * forms.bytes);
    forms.values(frame.heap, values, data.length).set(data);
  }
  const table = new Uint32Array((samples * EVENT_BLOCK) / 4);
  for (let i = 0; i < samples; i++) table.set([offsets + i * steps * 4, ids, values, 0], i * 4);
  return { inputs: neurons, events: frame.put(table) };
}
