/** Random networks in both notations, and the library's gradient of one batch. */
import { Arena } from '../../src/backend/arena.ts';
import { currentBackend } from '../../src/backend/backend.ts';
import type { Precision } from '../../src/backend/kernelForms.ts';
import { layerForms } from '../../src/backend/layerForms.ts';
import type { DenseMatrix } from '../../src/index.ts';
import { type Dynamics, LayeredNetwork } from '../../src/spiking/layeredNetwork.ts';
import { uploadInput } from '../../src/spiking/networkInput.ts';
import {
  denseSynapses,
  identity,
  type LayerState,
  type NetworkState,
  type SynapseState,
  selectSynapses,
} from '../../src/spiking/networkState.ts';
import { OutputLoss } from '../../src/spiking/outputLoss.ts';
import type { SpikeRaster } from '../../src/spiking/spikeRaster.ts';
import { expandNetwork } from '../../src/spiking/structure.ts';
import { surrogateOf } from '../../src/spiking/surrogate.ts';
import type { Dice } from '../linear/problems.ts';
import { type OracleDynamics, type OracleGradient, type OracleLayer, spikesAtOutput } from './networkOracle.ts';

/** The oracle's settings in the words of the library. */
export function dynamicsOf(d: OracleDynamics): Dynamics {
  const { shape, slope, peak, window } = d;
  return {
    steps: d.steps,
    beta: d.beta,
    readoutBeta: d.readoutBeta,
    threshold: d.threshold,
    reset: d.reset,
    detachReset: d.detachReset,
    surrogate: surrogateOf({ shape, slope, peak, window }, d.threshold),
    spikingOutput: spikesAtOutput(d.loss),
  };
}

/** Weights of about `gain` over the root of the fan-in; a share of them exactly 0. */
export function randomLayers(
  dice: Dice,
  sizes: readonly number[],
  { gain = 2, recurrent = false, density = 1, bias = 0.1 } = {},
): OracleLayer[] {
  return sizes.slice(1).map((size, l) => {
    const pre = sizes[l];
    const draw = (n: number) =>
      Array.from({ length: n }, () =>
        dice.vector(size, () => (dice.chance(density) ? (gain * dice.normal()) / Math.sqrt(n * density) : 0)),
      );
    const last = l + 2 === sizes.length;
    return { W: draw(pre), ...(recurrent && !last && { V: draw(size) }), b: dice.vector(size, () => bias * dice.normal()) };
  });
}

function blockOf(rows: number[][], post: number, sparse: boolean): SynapseState {
  const block = denseSynapses(rows.length, post, false, Float64Array.from(rows.flat()));
  return sparse ? selectSynapses(block, (k) => block.weights[k] !== 0) : block;
}

export function stateOf(layers: readonly OracleLayer[], sparse = false): NetworkState {
  return layers.map(({ W, V, b }): LayerState => {
    const size = b.length;
    return {
      size,
      input: blockOf(W, size, sparse),
      ...(V && { recurrent: blockOf(V, size, sparse) }),
      bias: Float64Array.from(b),
      biasFirst: new Float64Array(size),
      biasSecond: new Float64Array(size),
      ids: identity(size),
    };
  });
}

const rowsOf = (values: ArrayLike<number>, cols: number): number[][] =>
  Array.from({ length: values.length / cols }, (_, i) => Array.from({ length: cols }, (_, j) => values[i * cols + j]));

/** A full state in the oracle's notation. */
export function layersOf(state: NetworkState, sizes: readonly number[]): OracleLayer[] {
  return expandNetwork(state, sizes.slice(1), sizes[0]).map(({ size, input, recurrent, bias }) => ({
    W: rowsOf(input.weights, size),
    ...(recurrent && { V: rowsOf(recurrent.weights, size) }),
    b: Array.from(bias),
  }));
}

/** Gradients as dense rows; where the weights are CSR, 0 off the pattern. */
export interface BatchResult {
  /** Sum of the losses. */
  loss: number;
  gradients: OracleGradient[];
  /** Of sample, layer: membranes and 0/1 spikes (steps x neurons), and scores. */
  samples: { U: number[][][]; S: number[][][]; scores: number[] }[];
}

/** Mean gradient over the rows of the input, as one batch of the library. */
export function batchGradient(
  state: NetworkState,
  d: OracleDynamics,
  X: DenseMatrix | SpikeRaster,
  labels: readonly number[],
  { precision = 'f64' as Precision, rows = labels.map((_, i) => i) } = {},
): BatchResult {
  const frame = new Arena(currentBackend());
  try {
    const forms = layerForms(frame.backend, precision);
    const input = uploadInput(frame, forms, X, 1);
    const network = new LayeredNetwork(frame, forms, state, dynamicsOf(d), input, rows.length, { dropout: 0, spikeCost: 0 });
    const outputLoss = new OutputLoss(network, d.loss);
    const samples: BatchResult['samples'] = [];
    let loss = 0;
    network.beginBatch(Int32Array.from(rows));
    rows.forEach((row, b) => {
      network.forward(b, row);
      loss += outputLoss.evaluate(labels[row], 1 / rows.length);
      const scores = new Float64Array(network.output.size);
      outputLoss.scores(scores);
      network.backward(b, row);
      const S = network.layers.map(({ size, offsets, ids }) => {
        const out = Array.from({ length: d.steps }, () => new Array<number>(size).fill(0));
        if (!offsets) return out;
        const ends = frame.heap.i32(offsets, d.steps + 1);
        for (let t = 0; t < d.steps; t++) for (const id of frame.heap.i32(ids, ends[t + 1]).subarray(ends[t])) out[t][id] = 1;
        return out;
      });
      const U = network.layers.map(({ size, stride, U }) =>
        rowsOf(forms.values(frame.heap, U, d.steps * stride), stride).map((row) => row.slice(0, size)),
      );
      samples.push({ U, S, scores: Array.from(scores) });
    });
    network.endBatch(rows.length);
    const gradients = network.layers.map((layer, l) => {
      const dense = (block: SynapseState, values: Float64Array) => {
        const out = Array.from({ length: block.pre }, () => new Array<number>(block.post).fill(0));
        if (!block.indptr) return rowsOf(values, block.post);
        out.forEach((row, i) => {
          for (let e = block.indptr![i]; e < block.indptr![i + 1]; e++) row[block.indices![e]] = values[e];
        });
        return out;
      };
      const { input: block, recurrent } = state[l];
      return {
        W: dense(block, layer.input.read(layer.input.gradient)),
        ...(recurrent && { V: dense(recurrent, layer.recurrent!.read(layer.recurrent!.gradient)) }),
        b: Array.from(forms.values(frame.heap, layer.biasGradient, layer.size)),
      };
    });
    return { loss, gradients, samples };
  } finally {
    frame.releaseAll();
  }
}

/** All numbers of gradients or layers, in one order. */
export function flat(parts: readonly { W: number[][]; V?: number[][]; b: number[] }[]): number[] {
  return parts.flatMap(({ W, V, b }) => [...W.flat(), ...(V?.flat() ?? []), ...b]);
}

/** Largest |a - b| in units of the largest |b|. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  const top = b.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]) / top), 0);
}
