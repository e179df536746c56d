import type { Arena } from '../backend/arena.ts';
import { strideOf } from '../backend/kernelForms.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import { eachSynapse, type SynapseState } from './networkState.ts';

/** A layer up to this size is stored in dense rows even where few of its weights are left: a few whole vectors beat single synapses. */
export const NARROW = 32;

/** One block of synapses in linear memory: dense rows padded to the stride of the postsynaptic layer, or CSR. */
export class Synapses {
  readonly pre: number;
  readonly post: number;
  readonly stride: number;
  /** Size of a row's group under a group penalty. */
  readonly width: number;
  readonly sparse: boolean;
  /** Values stored, padding included. */
  readonly count: number;
  readonly weights: Pointer;
  readonly indptr: Pointer = 0;
  readonly indices: Pointer = 0;
  /** The weights as kernels of layers take them. */
  readonly block: Pointer;
  /** The weights that take part in the forward pass: all of them, or what connection dropout left. */
  readonly effective: Pointer;
  readonly gradient: Pointer = 0;
  readonly gradientBlock: Pointer = 0;
  readonly first: Pointer = 0;
  readonly second: Pointer = 0;
  readonly lower: Pointer = 0;
  readonly upper: Pointer = 0;
  readonly mask: Pointer = 0;
  /** The rows transposed (post x stride of the presynaptic layer), for the way back through a dense block; 0 where that is not used. */
  readonly transposed: Pointer = 0;
  readonly #frame: Arena;
  readonly #forms: LayerForms;
  readonly #state: SynapseState;

  constructor(
    frame: Arena,
    forms: LayerForms,
    state: SynapseState,
    purpose: { training: boolean; dropout: boolean; transposed: boolean },
  ) {
    this.#frame = frame;
    this.#forms = forms;
    this.#state = state;
    const { pre, post, indptr, indices, signs } = state;
    this.width = state.width;
    this.pre = pre;
    this.post = post;
    this.stride = strideOf(post);
    this.sparse = indptr !== undefined && post > NARROW;
    this.count = this.sparse ? state.weights.length : pre * this.stride;
    if (indptr && this.sparse) {
      this.indptr = frame.put(indptr);
      this.indices = frame.put(indices!);
    }
    const values = (from?: Float64Array) => {
      const pointer = frame.zeros(Math.max(1, this.count) * forms.bytes);
      if (from) this.#write(pointer, from);
      return pointer;
    };
    this.weights = values(state.weights);
    const { training, dropout, transposed } = purpose;
    this.effective = training && dropout ? values() : this.weights;
    this.block = this.#block(this.effective);
    if (transposed) this.transposed = frame.zeros(post * strideOf(pre) * forms.bytes);
    if (!training) return;
    this.gradient = values();
    this.gradientBlock = this.#block(this.gradient);
    this.first = values(state.first);
    if (state.grouped) {
      this.second = frame.zeros(pre * forms.bytes);
      forms.values(frame.heap, this.second, pre).set(state.second);
    } else this.second = values(state.second);
    if (dropout) this.mask = values();
    // In dense rows the synapses that a sparse state does not have are held at 0 by bounds.
    if (signs || (indptr && !this.sparse)) {
      this.lower = values(state.weights.map((_, k) => (signs && signs[k] > 0 ? 0 : -Infinity)));
      this.upper = values(state.weights.map((_, k) => (signs && signs[k] < 0 ? 0 : Infinity)));
    }
  }

  /** Weights, gradient or moments without padding, in the order of the state. */
  read(pointer: Pointer): Float64Array {
    const { pre, post, stride, sparse, count } = this;
    const values = this.#forms.values(this.#frame.heap, pointer, count);
    if (sparse) return new Float64Array(values);
    const { indptr, weights } = this.#state;
    const out = new Float64Array(weights.length);
    if (indptr) {
      eachSynapse(this.#state, (i, j, k) => {
        out[k] = values[i * stride + j];
      });
      return out;
    }
    for (let i = 0; i < pre; i++) out.set(values.subarray(i * stride, i * stride + post), i * post);
    return out;
  }

  /** The state after training so far. */
  state(): SynapseState {
    const { second } = this;
    const state = { ...this.#state, weights: this.read(this.weights), first: this.read(this.first) };
    if (!state.grouped) return { ...state, second: this.read(second) };
    return { ...state, second: new Float64Array(this.#forms.values(this.#frame.heap, second, this.pre)) };
  }

  clearGradient(): void {
    this.#frame.heap.u8(this.gradient, this.count * this.#forms.bytes).fill(0);
  }

  /** Brings `transposed` up to date with the weights in force. */
  refreshTransposed(): void {
    const { pre, post, stride, effective, transposed } = this;
    if (transposed) this.#forms.transpose(effective, stride, pre, post, transposed, strideOf(pre));
  }

  #write(pointer: Pointer, from: Float64Array): void {
    const { pre, post, stride, sparse, count } = this;
    const values = this.#forms.values(this.#frame.heap, pointer, count);
    if (sparse) values.set(from);
    else if (this.#state.indptr) {
      eachSynapse(this.#state, (i, j, k) => {
        values[i * stride + j] = from[k];
      });
    } else for (let i = 0; i < pre; i++) values.set(from.subarray(i * post, (i + 1) * post), i * stride);
  }

  #block(values: Pointer): Pointer {
    const parts = this.sparse ? [0, this.indptr, this.indices, values] : [values, 0, 0, 0];
    return this.#frame.put(Uint32Array.from(parts));
  }
}
