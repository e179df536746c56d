import type { Pointer } from '../backend/kernels.ts';
import type { LayerForms } from '../backend/layerForms.ts';
import type { Synapses } from './synapses.ts';

/** What an optimiser moves: the blocks of weights and the biases of layers, with their gradients and moments. */
export interface Trainable {
  forms: LayerForms;
  layers: readonly {
    blocks: readonly Synapses[];
    bias: Pointer;
    biasGradient: Pointer;
    biasFirst: Pointer;
    biasSecond: Pointer;
    stride: number;
  }[];
}

/** How weights move, and what pulls them to zero. */
export interface OptimizerOptions {
  name: 'adam' | 'sgd';
  momentum: number;
  lambda: number;
  /** L1 on every synapse, or the group penalty sqrt(post) ||row||_2 on all outgoing synapses of a neuron. */
  penalty: 'synapse' | 'neuron';
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Proximal steps on all weights of a network. For Adam the threshold is in the metric of the step: S(z, h lambda) with the step size h
 * of that very weight, so that zeros appear exactly where |gradient| stays below lambda. Biases carry no penalty.
 */
export class Optimizer {
  readonly #options: OptimizerOptions;
  #power1 = 1;
  #power2 = 1;

  constructor(options: OptimizerOptions) {
    this.#options = options;
  }

  step({ forms, layers }: Trainable, rate: number): void {
    const { name, lambda, penalty, momentum } = this.#options;
    this.#power1 *= BETA1;
    this.#power2 *= BETA2;
    const adam = name === 'adam';
    const decay = adam ? BETA1 : momentum;
    // Momentum lets every gradient act 1 / (1 - decay) times in all; the penalty, which acts once per step, must keep up with it.
    const strength = adam ? lambda : lambda / (1 - momentum);
    const correction1 = adam ? 1 / (1 - this.#power1) : 1;
    const correction2 = 1 / Math.sqrt(1 - this.#power2);
    const single = (w: Pointer, g: Pointer, m: Pointer, v: Pointer, n: number, l1: number, lower: Pointer, upper: Pointer) => {
      if (adam) forms.adam(w, g, m, v, n, rate, BETA1, BETA2, correction1, correction2, EPSILON, l1, lower, upper);
      else forms.momentum(w, g, m, n, rate, momentum, l1, lower, upper);
    };
    for (const { blocks, bias, biasGradient, biasFirst, biasSecond, stride } of layers) {
      for (const block of blocks) {
        const { weights, gradient, first, second, count, pre, width, indptr, lower, upper } = block;
        if (penalty === 'synapse') single(weights, gradient, first, second, count, strength, lower, upper);
        else {
          forms.groupStep(
            weights,
            gradient,
            first,
            adam ? second : 0,
            pre,
            indptr,
            block.stride,
            rate,
            decay,
            BETA2,
            correction1,
            correction2,
            EPSILON,
            strength * Math.sqrt(width),
            lower,
            upper,
          );
        }
      }
      single(bias, biasGradient, biasFirst, biasSecond, stride, 0, 0, 0);
    }
  }
}
