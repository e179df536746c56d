import { surrogate } from '../backend/js/surrogate.ts';
import type { LayeredNetwork } from './layeredNetwork.ts';

/**
 * Where a classifier's loss looks. C classes, T steps, CE(z) = cross-entropy of softmax(z) with the label, y = 1 for the label and 0 else.
 *
 * | name | output | loss |
 * |---|---|---|
 * | `membrane` | leaky readout u | mean over t of CE(u[t]) |
 * | `maxMembrane` | leaky readout u | CE(max over t of u[t]) |
 * | `count` | LIF neurons, n = spikes | CE(n) |
 * | `firstSpike` | LIF neurons, t = first spike | CE(-t), with t made continuous: t - (u[t] - threshold) / threshold inside the step of the spike (at most one step), and T + (threshold - max u) / threshold where there is none |
 * | `squaredRate` | LIF neurons, n = spikes | 1/2 sum over classes of (n / T - y)^2 |
 *
 * The gradient of a first spike goes to the membrane of its step, or of a silent class's largest membrane, and only where the surrogate is not 0:
 * `firstSpike` wants a surrogate without window.
 */
export type LossName = 'membrane' | 'maxMembrane' | 'count' | 'firstSpike' | 'squaredRate';

export const LOSSES: readonly LossName[] = ['membrane', 'maxMembrane', 'count', 'firstSpike', 'squaredRate'];

/** A neuron so far from its threshold that single precision could not carry its gradient. */
const LEAST_SLOPE = 1e-12;

export const firesAtOutput = (loss: LossName): boolean => loss !== 'membrane' && loss !== 'maxMembrane';

/** Scores of the classes and the gradient of the loss, for the sample of the network's last forward pass. */
export class OutputLoss {
  readonly #network: LayeredNetwork;
  readonly #name: LossName;
  readonly #classes: number;
  /** One row of scores and one of their gradient, for losses that look at one number per class. */
  readonly #scores: number;
  readonly #gradient: number;

  constructor(network: LayeredNetwork, name: LossName) {
    const { frame, forms, output } = network;
    this.#network = network;
    this.#name = name;
    this.#classes = output.size;
    this.#scores = frame.zeros(output.stride * forms.bytes);
    this.#gradient = frame.zeros(output.stride * forms.bytes);
  }

  /** Loss of the sample; writes `scale` times its gradient to E of the output layer. */
  evaluate(label: number, scale: number): number {
    const { forms, frame, output, dynamics } = this.#network;
    const { steps } = dynamics;
    const { stride, size, U, E } = output;
    if (this.#name === 'membrane') {
      return forms.softmaxLoss(U, steps, stride, size, label, scale / steps, E) / steps;
    }
    const { heap } = frame;
    const scores = forms.values(heap, this.#scores, size);
    this.scores(scores);
    const gradient = forms.values(heap, this.#gradient, size);
    const e = forms.values(heap, E, steps * stride);
    if (this.#name === 'squaredRate') {
      let loss = 0;
      for (let c = 0; c < size; c++) {
        const error = scores[c] - (c === label ? 1 : 0);
        loss += 0.5 * error ** 2;
        for (let t = 0; t < steps; t++) e[t * stride + c] = (scale * error) / steps;
      }
      return loss;
    }
    const loss = forms.softmaxLoss(this.#scores, 1, stride, size, label, scale, this.#gradient);
    if (this.#name === 'count') {
      for (let t = 0; t < steps; t++) e.set(gradient, t * stride);
      return loss;
    }
    e.fill(0);
    if (this.#name === 'maxMembrane') {
      this.#peaks().forEach((t, c) => {
        e[t * stride + c] = gradient[c];
      });
      return loss;
    }
    // The time depends on the membrane itself, so the gradient there must not be scaled by the surrogate: divided by it here, it is not.
    const { threshold, surrogate: curve } = dynamics;
    const u = this.#membranes();
    this.#decisiveSteps().forEach((t, c) => {
      const k = t * stride + c;
      const slope = surrogate(Math.abs(u[k] - threshold), curve.shape, curve.slope, curve.peak);
      e[k] = slope > LEAST_SLOPE ? gradient[c] / (threshold * slope) : 0;
    });
    return loss;
  }

  /** One score per class, the largest of which is the prediction. */
  scores(out: Float64Array | Float32Array): void {
    const { steps } = this.#network.dynamics;
    const { stride } = this.#network.output;
    const classes = this.#classes;
    out.fill(0, 0, classes);
    if (this.#name === 'count' || this.#name === 'squaredRate') {
      for (const id of this.#spikes()) out[id]++;
      if (this.#name === 'squaredRate') for (let c = 0; c < classes; c++) out[c] /= steps;
      return;
    }
    const u = this.#membranes();
    if (this.#name === 'membrane') {
      for (let t = 0; t < steps; t++) for (let c = 0; c < classes; c++) out[c] += u[t * stride + c];
      for (let c = 0; c < classes; c++) out[c] /= steps;
      return;
    }
    if (this.#name === 'maxMembrane') {
      const peaks = this.#peaks();
      for (let c = 0; c < classes; c++) out[c] = u[peaks[c] * stride + c];
      return;
    }
    const { threshold } = this.#network.dynamics;
    const first = this.#firstSteps();
    this.#decisiveSteps().forEach((t, c) => {
      const excess = (u[t * stride + c] - threshold) / threshold;
      // Not by the sign of the excess: in single precision a neuron fires at the rounded threshold.
      out[c] = first[c] < steps ? Math.min(1, Math.max(0, excess)) - t : excess - steps;
    });
  }

  #membranes(): Float32Array | Float64Array {
    const { forms, frame, output, dynamics } = this.#network;
    return forms.values(frame.heap, output.U, dynamics.steps * output.stride);
  }

  #spikes(): Int32Array {
    const { frame, output, dynamics } = this.#network;
    const count = frame.heap.i32(output.offsets, dynamics.steps + 1)[dynamics.steps];
    return frame.heap.i32(output.ids, count);
  }

  /** Step of each class's largest membrane, the first one among equals. */
  #peaks(): Int32Array {
    const { steps } = this.#network.dynamics;
    const { stride } = this.#network.output;
    const u = this.#membranes();
    const peaks = new Int32Array(this.#classes);
    for (let t = 1; t < steps; t++) {
      for (let c = 0; c < peaks.length; c++) if (u[t * stride + c] > u[peaks[c] * stride + c]) peaks[c] = t;
    }
    return peaks;
  }

  /** Step of each class's first spike; the number of steps where it is silent. */
  #firstSteps(): Int32Array {
    const { frame, output, dynamics } = this.#network;
    const offsets = frame.heap.i32(output.offsets, dynamics.steps + 1);
    const ids = this.#spikes();
    const first = new Int32Array(this.#classes).fill(dynamics.steps);
    for (let t = dynamics.steps - 1; t >= 0; t--) for (let e = offsets[t]; e < offsets[t + 1]; e++) first[ids[e]] = t;
    return first;
  }

  /** Step of each class's first spike, or of the largest membrane of a silent class. */
  #decisiveSteps(): Int32Array {
    const { steps } = this.#network.dynamics;
    const peaks = this.#peaks();
    return this.#firstSteps().map((t, c) => (t < steps ? t : peaks[c]));
  }
}
