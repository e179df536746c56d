import type { Arena } from '../backend/arena.ts';
import { strideOf } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import type { LayerState, NetworkState } from './networkState.ts';
import type { Surrogate } from './surrogate.ts';
import { NARROW, Synapses } from './synapses.ts';

/** What all layers of a network share. */
export interface Dynamics {
  steps: number;
  /** Membrane decay per step of the spiking layers and of the leaky readout. */
  beta: number;
  readoutBeta: number;
  threshold: number;
  reset: 'subtract' | 'zero' | 'none';
  detachReset: boolean;
  surrogate: Surrogate;
  /** Whether the output layer fires (losses on spikes) or only integrates (losses on its membrane). */
  spikingOutput: boolean;
}

/** Samples in linear memory: constant currents (rows of `inputs` values) or spike trains (a table of event blocks, one per sample). */
export interface NetworkInput {
  inputs: number;
  currents?: Pointer;
  events?: Pointer;
}

/** Bytes of one block of events in a table: [offsets, ids, values] and padding. */
export const EVENT_BLOCK = 16;

/** What training does beyond the gradient of the loss. */
export interface TrainingExtras {
  dropout: number;
  /** Added to the loss: this times the mean number of spikes per hidden neuron and step. */
  spikeCost: number;
}

const RESETS = { none: 0, subtract: 1, zero: 2 } as const;

/** One layer in linear memory, with the traces of the sample in hand. */
export class Layer {
  readonly size: number;
  readonly stride: number;
  readonly input: Synapses;
  readonly recurrent?: Synapses;
  readonly bias: Pointer;
  readonly biasGradient: Pointer = 0;
  readonly biasFirst: Pointer = 0;
  readonly biasSecond: Pointer = 0;
  /** Membrane of every step, before the reset. */
  readonly U: Pointer;
  /** Gradient of the loss in the spikes, then in the membranes. */
  readonly E: Pointer = 0;
  readonly offsets: Pointer = 0;
  readonly ids: Pointer = 0;
  readonly events: Pointer = 0;
  /** What the activity regulariser adds to the gradient in every step; 0 where it is not used. */
  push: Pointer = 0;
  readonly state: LayerState;

  constructor(
    frame: Arena,
    forms: LayerForms,
    state: LayerState,
    steps: number,
    options: { training: boolean; dropout: boolean; transposed: boolean; spiking: boolean },
  ) {
    const { training, dropout, transposed, spiking } = options;
    this.state = state;
    this.size = state.size;
    this.stride = strideOf(state.size);
    this.input = new Synapses(frame, forms, state.input, { training, dropout, transposed });
    if (state.recurrent) {
      this.recurrent = new Synapses(frame, forms, state.recurrent, { training, dropout, transposed: false });
    }
    const row = (from?: Float64Array) => {
      const pointer = frame.zeros(this.stride * forms.bytes);
      if (from) forms.values(frame.heap, pointer, from.length).set(from);
      return pointer;
    };
    this.bias = row(state.bias);
    this.U = frame.zeros(steps * this.stride * forms.bytes);
    if (spiking) {
      this.offsets = frame.i32(steps + 1);
      this.ids = frame.i32(steps * this.stride);
      this.events = frame.put(Uint32Array.of(this.offsets, this.ids, 0));
    }
    if (!training) return;
    this.E = frame.zeros(steps * this.stride * forms.bytes);
    this.biasGradient = row();
    this.biasFirst = row(state.biasFirst);
    this.biasSecond = row(state.biasSecond);
  }

  get blocks(): Synapses[] {
    return this.recurrent ? [this.input, this.recurrent] : [this.input];
  }
}

/**
 * A feed-forward network of LIF layers in linear memory. Samples pass one by one, all steps of a layer in one kernel call, so that a
 * sample's traces stay in cache between its forward and its backward pass; only products with constant input currents are made for a
 * whole batch, once instead of once per step.
 *
 *   u[t] = beta u[t-1] - reset + W x[t] + bias (+ V s[t-1]),   s[t] = 1 where u[t] >= threshold
 */
export class LayeredNetwork {
  readonly layers: Layer[];
  readonly dynamics: Dynamics;
  readonly forms: LayerForms;
  readonly frame: Arena;
  readonly #input: NetworkInput;
  readonly #extras: TrainingExtras | undefined;
  /** Batch of constant currents: inputs, their transpose, the first layer's drive and its gradient, the same transposed. */
  readonly #X: Pointer = 0;
  readonly #XT: Pointer = 0;
  readonly #drive: Pointer = 0;
  readonly #driveT: Pointer = 0;
  readonly #driveGradient: Pointer = 0;
  readonly #panel: Pointer = 0;
  readonly #batch: number;
  #samples = 1;

  constructor(
    frame: Arena,
    forms: LayerForms,
    state: NetworkState,
    dynamics: Dynamics,
    input: NetworkInput,
    batch: number,
    extras?: TrainingExtras,
  ) {
    this.frame = frame;
    this.forms = forms;
    this.dynamics = dynamics;
    this.#input = input;
    this.#extras = extras;
    this.#batch = strideOf(batch);
    const training = extras !== undefined;
    this.layers = state.map((layer, l) => {
      const output = l === state.length - 1;
      return new Layer(frame, forms, layer, dynamics.steps, {
        training,
        dropout: training && extras.dropout > 0,
        transposed: training && l > 0 && goesBackTransposed(layer, dynamics.surrogate),
        spiking: !output || dynamics.spikingOutput,
      });
    });
    if (input.currents === undefined) return;
    const { inputs } = input;
    const [{ stride, size, input: first }] = this.layers;
    const values = (n: number) => frame.zeros(n * forms.bytes);
    this.#X = values(this.#batch * inputs);
    this.#drive = values(this.#batch * stride);
    if (training) this.#driveGradient = values(this.#batch * stride);
    if (first.sparse) {
      this.#XT = values(inputs * this.#batch);
      this.#driveT = values(size * this.#batch);
    } else this.#panel = frame.uninitialised(inputs * 32);
  }

  get output(): Layer {
    return this.layers[this.layers.length - 1];
  }

  /** Fetches a batch: draws the dropout, and multiplies its constant currents. */
  beginBatch(rows: Int32Array, randomState: Pointer = 0): void {
    this.#samples = rows.length;
    const { forms, layers } = this;
    const { heap } = this.frame;
    for (const layer of layers) {
      for (const block of layer.blocks) {
        if (block.mask) {
          forms.dropConnections(block.weights, block.count, this.#extras!.dropout, randomState, block.mask, block.effective);
        }
        block.refreshTransposed();
        if (block.gradient) block.clearGradient();
      }
      if (layer.biasGradient) heap.u8(layer.biasGradient, layer.stride * forms.bytes).fill(0);
    }
    const { currents, inputs } = this.#input;
    if (currents === undefined) return;
    const bytes = inputs * forms.bytes;
    const memory = heap.u8(0, heap.buffer.byteLength);
    rows.forEach((row, b) => {
      memory.copyWithin(this.#X + b * bytes, currents + row * bytes, currents + (row + 1) * bytes);
    });
    const [{ input: first, bias, stride, size }] = layers;
    if (this.#driveGradient) heap.u8(this.#driveGradient, rows.length * stride * forms.bytes).fill(0);
    if (!first.sparse) {
      forms.affine(this.#X, inputs, rows.length, inputs, first.effective, stride, bias, this.#drive, this.#panel);
      return;
    }
    const batch = strideOf(rows.length);
    heap.u8(this.#XT, inputs * batch * forms.bytes).fill(0);
    forms.transpose(this.#X, inputs, rows.length, inputs, this.#XT, batch);
    forms.sparseAffine(this.#XT, batch, inputs, first.indptr, first.indices, first.effective, bias, size, this.#driveT);
    forms.transpose(this.#driveT, batch, size, rows.length, this.#drive, stride);
  }

  /** Runs sample `row`, which is number `b` of the batch, through all layers. */
  forward(b: number, row: number): void {
    const { forms, layers } = this;
    const { steps, beta, readoutBeta, threshold, reset } = this.dynamics;
    layers.forEach((layer, l) => {
      const { stride, bias, input, recurrent, U, offsets, ids } = layer;
      const currents = l === 0 && this.#drive !== 0;
      const events = currents ? 0 : l === 0 ? this.#input.events! + row * EVENT_BLOCK : layers[l - 1].events;
      const drive = currents ? this.#drive + b * stride * forms.bytes : bias;
      const fires = offsets !== 0;
      forms.lifForward(
        steps,
        stride,
        fires ? beta : readoutBeta,
        fires ? threshold : Infinity,
        fires ? RESETS[reset] : RESETS.none,
        drive,
        events,
        input.block,
        recurrent?.block ?? 0,
        U,
        offsets,
        ids,
      );
    });
  }

  /** Takes the gradient of the loss in the output (E of the output layer) back to all weights, for the sample of the last `forward`. */
  backward(b: number, row: number): void {
    const { forms, layers } = this;
    const { steps, readoutBeta } = this.dynamics;
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      const { stride, E } = layer;
      const currents = l === 0 && this.#drive !== 0;
      const sum = currents ? this.#driveGradient + b * stride * forms.bytes : layer.biasGradient;
      if (l + 1 < layers.length) this.#fromNext(layer, layers[l + 1]);
      if (layer.offsets) this.#throughTime(layer, sum);
      else {
        forms.leakBackward(steps, stride, readoutBeta, E);
        forms.addRows(E, steps, stride, sum);
      }
      if (l > 0) forms.eventGradient(steps, layers[l - 1].events, layer.input.gradientBlock, E, stride);
      else if (!currents)
        forms.eventGradient(steps, this.#input.events! + row * EVENT_BLOCK, layer.input.gradientBlock, E, stride);
    }
  }

  /** Completes the gradients of a batch. */
  endBatch(rows: number): void {
    const { forms } = this;
    const { inputs } = this.#input;
    const [{ input: first, biasGradient, stride, size }] = this.layers;
    if (this.#drive) {
      const gradient = this.#driveGradient;
      forms.addRows(gradient, rows, stride, biasGradient);
      if (!first.sparse) forms.affineGradient(this.#X, inputs, rows, inputs, gradient, stride, first.gradient);
      else {
        const batch = strideOf(rows);
        this.frame.heap.u8(this.#driveT, size * batch * forms.bytes).fill(0);
        forms.transpose(gradient, stride, rows, size, this.#driveT, batch);
        forms.sparseGradient(this.#XT, this.#driveT, batch, inputs, first.indptr, first.indices, first.gradient);
      }
    }
    for (const { blocks } of this.layers) {
      for (const { mask, gradient, count } of blocks) if (mask) forms.multiplyBy(gradient, mask, count);
    }
  }

  /** The network as it stands, for a change of structure or for keeping. */
  state(): NetworkState {
    const { heap } = this.frame;
    const row = (pointer: Pointer, size: number) => new Float64Array(this.forms.values(heap, pointer, size));
    return this.layers.map(({ state, size, input, recurrent, bias, biasFirst, biasSecond }) => ({
      ...state,
      input: input.state(),
      ...(recurrent && { recurrent: recurrent.state() }),
      bias: row(bias, size),
      biasFirst: row(biasFirst, size),
      biasSecond: row(biasSecond, size),
    }));
  }

  /** E of a layer from the membrane gradients of the next one. */
  #fromNext(layer: Layer, next: Layer): void {
    const { forms } = this;
    const { steps, threshold, surrogate } = this.dynamics;
    const { stride, size, U, E } = layer;
    if (next.input.transposed) forms.affine(next.E, next.stride, steps, next.size, next.input.transposed, stride, 0, E, 0);
    else forms.spread(steps, stride, size, threshold, surrogate.window, U, next.input.block, next.E, next.stride, E);
  }

  #throughTime(layer: Layer, sum: Pointer): void {
    const { forms } = this;
    const { steps, beta, threshold, reset, detachReset, surrogate } = this.dynamics;
    const { shape, slope, peak, window } = surrogate;
    const { stride, size, recurrent, U, E, push } = layer;
    const cost = layer === this.output ? 0 : this.#costOf(layer);
    forms.lifBackward(
      steps,
      stride,
      size,
      beta,
      threshold,
      RESETS[reset],
      detachReset ? 1 : 0,
      shape,
      slope,
      peak,
      window,
      cost,
      push,
      recurrent?.block ?? 0,
      U,
      E,
      sum,
    );
    if (recurrent && steps > 1) {
      forms.eventGradient(steps - 1, layer.events, recurrent.gradientBlock, E + stride * forms.bytes, stride);
    }
  }

  /** Gradient of the spike cost in one spike of the layer, for one sample of the batch in hand. */
  #costOf({ size }: Layer): number {
    const { spikeCost } = this.#extras!;
    return spikeCost === 0 ? 0 : spikeCost / (size * this.dynamics.steps * this.batchSize);
  }

  /** Samples in the batch in hand, for terms that are means over it. */
  get batchSize(): number {
    return this.#samples;
  }
}

function goesBackTransposed({ input }: LayerState, { window }: Surrogate): boolean {
  return input.post <= NARROW || (input.indptr === undefined && window === Infinity);
}
