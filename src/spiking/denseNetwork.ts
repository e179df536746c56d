import type { Arena } from '../backend/arena.ts';
import { strideOf } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import type { NetworkInput } from './layeredNetwork.ts';
import type { LayerState, NetworkState } from './networkState.ts';
import { Synapses } from './synapses.ts';

/** One dense layer in linear memory, with its activations and their gradients for a batch. */
class DenseLayer {
  readonly size: number;
  readonly stride: number;
  readonly input: Synapses;
  readonly blocks: readonly Synapses[];
  readonly bias: Pointer;
  readonly biasGradient: Pointer;
  readonly biasFirst: Pointer;
  readonly biasSecond: Pointer;
  /** batch x stride */
  readonly activations: Pointer;
  readonly gradients: Pointer;
  readonly panel: Pointer;
  readonly state: LayerState;

  constructor(frame: Arena, forms: LayerForms, state: LayerState, batch: number, first: boolean, training: boolean) {
    this.state = state;
    this.size = state.size;
    this.stride = strideOf(state.size);
    this.input = new Synapses(frame, forms, state.input, { training, dropout: false, transposed: training && !first });
    this.blocks = [this.input];
    const row = (from?: Float64Array) => {
      const pointer = frame.zeros(this.stride * forms.bytes);
      if (from) forms.values(frame.heap, pointer, from.length).set(from);
      return pointer;
    };
    this.bias = row(state.bias);
    this.biasGradient = row();
    this.biasFirst = row(state.biasFirst);
    this.biasSecond = row(state.biasSecond);
    this.activations = frame.zeros(batch * this.stride * forms.bytes);
    this.gradients = training ? frame.zeros(batch * this.stride * forms.bytes) : 0;
    this.panel = frame.uninitialised(state.input.pre * 32);
  }
}

/** A feed-forward ReLU network in linear memory; batches pass as whole matrices. */
export class DenseNetwork {
  readonly layers: readonly DenseLayer[];
  readonly forms: LayerForms;
  readonly frame: Arena;
  readonly #currents: Pointer;
  readonly #inputs: number;
  readonly #X: Pointer;

  constructor(
    frame: Arena,
    forms: LayerForms,
    state: NetworkState,
    { currents, inputs }: NetworkInput,
    batch: number,
    training = true,
  ) {
    this.frame = frame;
    this.forms = forms;
    this.#currents = currents!;
    this.#inputs = inputs;
    this.#X = frame.zeros(batch * inputs * forms.bytes);
    this.layers = state.map((layer, l) => new DenseLayer(frame, forms, layer, batch, l === 0, training));
  }

  get output(): DenseLayer {
    return this.layers[this.layers.length - 1];
  }

  /** Activations of all layers for the listed rows of the data; those of the output are logits. */
  forward(rows: Int32Array): void {
    const { forms } = this;
    const { heap } = this.frame;
    const bytes = this.#inputs * forms.bytes;
    const memory = heap.u8(0, heap.buffer.byteLength);
    rows.forEach((row, b) => {
      const from = this.#currents + row * bytes;
      memory.copyWithin(this.#X + b * bytes, from, from + bytes);
    });
    this.layers.forEach((layer, l) => {
      const { input, stride, bias, activations, panel } = layer;
      const [X, ldx] = this.#before(l);
      forms.affine(X, ldx, rows.length, input.pre, input.weights, stride, bias, activations, panel);
      if (layer !== this.output) forms.rectify(activations, activations, rows.length * stride);
    });
  }

  /** Sum of the cross-entropies of the last `forward`; leaves `scale` times its gradient in all layers. */
  backward(labels: readonly number[], scale: number): number {
    const { forms, layers, output } = this;
    const rows = labels.length;
    const width = output.stride * forms.bytes;
    let loss = 0;
    labels.forEach((label, b) => {
      const at = b * width;
      loss += forms.softmaxLoss(output.activations + at, 1, output.stride, output.size, label, scale, output.gradients + at);
    });
    for (let l = layers.length - 1; l >= 0; l--) {
      const { input, stride, gradients, biasGradient } = layers[l];
      const [X, ldx] = this.#before(l);
      forms.affineGradient(X, ldx, rows, input.pre, gradients, stride, input.gradient);
      this.frame.heap.u8(biasGradient, stride * forms.bytes).fill(0);
      forms.addRows(gradients, rows, stride, biasGradient);
      if (l === 0) continue;
      const before = layers[l - 1];
      input.refreshTransposed();
      forms.affine(gradients, stride, rows, layers[l].size, input.transposed, before.stride, 0, before.gradients, 0);
      forms.rectify(before.gradients, before.activations, rows * before.stride);
    }
    return loss;
  }

  state(): NetworkState {
    const row = (pointer: Pointer, size: number) => new Float64Array(this.forms.values(this.frame.heap, pointer, size));
    return this.layers.map(({ state, size, input, bias, biasFirst, biasSecond }) => ({
      ...state,
      input: input.state(),
      bias: row(bias, size),
      biasFirst: row(biasFirst, size),
      biasSecond: row(biasSecond, size),
    }));
  }

  /** What a layer multiplies, and the stride of its rows. */
  #before(l: number): [X: Pointer, ldx: number] {
    return l === 0 ? [this.#X, this.#inputs] : [this.layers[l - 1].activations, this.layers[l - 1].stride];
  }
}
