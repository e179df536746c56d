import type { Pointer } from '../backend/kernels.ts';
import type { LayeredNetwork } from './layeredNetwork.ts';

/** Bounds on what hidden neurons do, in spikes per step. */
export interface ActivityRecipe {
  floor: number;
  ceiling: number;
  strength: number;
  cost: number;
}

/** How much of a neuron's running rate is the last batch. */
const NEWEST = 0.1;

/**
 * Keeps every hidden neuron between a least and a largest rate. A neuron below the floor gets a constant pull of its membrane upwards,
 * one above the ceiling downwards: on the membrane itself and not through the surrogate, which is 0 for a neuron far from its threshold
 * (a silenced neuron could never come back).
 */
export class ActivityRegulariser {
  readonly #recipe: ActivityRecipe;
  /** Running rate of every hidden neuron of the network that was seen last. */
  #rates: Float64Array[] = [];
  /** Its spikes in the batch in hand (i32, in linear memory). */
  #counts: Pointer[] = [];
  #network: LayeredNetwork | undefined;
  #samples = 0;
  /** Since the last call of `rates`, per hidden layer. */
  #spikes: number[] = [];
  #seen: number[] = [];

  constructor(recipe: ActivityRecipe) {
    this.#recipe = recipe;
  }

  /** Before a batch: takes in the rates of the one before and sets the pushes of the layers. */
  begin(network: LayeredNetwork): void {
    const hidden = network.layers.slice(0, -1);
    const { steps } = network.dynamics;
    if (network !== this.#network) {
      this.#network = network;
      this.#rates = hidden.map(({ size }) => new Float64Array(size).fill(-1));
      this.#counts = hidden.map(({ size }) => network.frame.i32(size));
      this.#samples = 0;
    }
    const { floor, ceiling, strength } = this.#recipe;
    if (strength === 0) return;
    for (const layer of hidden) layer.push ||= network.frame.zeros(layer.stride * network.forms.bytes);
    hidden.forEach((layer, l) => {
      const rates = this.#rates[l];
      const counts = network.frame.heap.i32(this.#counts[l], rates.length);
      if (this.#samples > 0) {
        for (let j = 0; j < rates.length; j++) {
          const rate = counts[j] / (this.#samples * steps);
          rates[j] = rates[j] < 0 ? rate : rates[j] + NEWEST * (rate - rates[j]);
        }
        counts.fill(0);
      }
      const push = network.forms.values(network.frame.heap, layer.push, rates.length);
      const scale = strength / (steps * network.batchSize * rates.length);
      for (let j = 0; j < rates.length; j++) {
        push[j] =
          rates[j] < 0 ? 0 : (scale * (Math.max(0, rates[j] - ceiling) - Math.max(0, floor - rates[j]))) / Math.max(floor, 1e-3);
      }
    });
    this.#samples = 0;
  }

  /** After a sample. */
  observe({ layers, dynamics, frame }: LayeredNetwork): void {
    for (let l = 0; l + 1 < layers.length; l++) {
      const { size, offsets, ids } = layers[l];
      const spikes = spikeCount(frame.heap, offsets, dynamics.steps);
      this.#spikes[l] = (this.#spikes[l] ?? 0) + spikes;
      this.#seen[l] = (this.#seen[l] ?? 0) + size * dynamics.steps;
      if (this.#recipe.strength === 0) continue;
      frame.kernels.cscCount(ids, spikes, this.#counts[l]);
    }
    this.#samples++;
  }

  /** Mean spikes per neuron and step since the last call: over all hidden neurons, and layer by layer. */
  rates(): { mean: number; layers: number[] } {
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    const layers = this.#spikes.map((spikes, l) => spikes / this.#seen[l]);
    const mean = layers.length > 0 ? sum(this.#spikes) / sum(this.#seen) : 0;
    this.#spikes = [];
    this.#seen = [];
    return { mean, layers };
  }
}

export function spikeCount(heap: LayeredNetwork['frame']['heap'], offsets: Pointer, steps: number): number {
  return heap.i32(offsets + 4 * steps, 1)[0];
}
