import type { Arena } from '../../backend/arena.ts';
import type { Pointer } from '../../backend/kernels.ts';
import type { Loss } from '../glm/loss.ts';

/** A loss of n rows and K outputs, all arrays n x K, output after output. */
export interface OutputLoss {
  readonly outputs: number;
  /** Whether outputs share curvature: then h holds probabilities p, and row i has w_i (diag(p_i) - p_i p_i'); otherwise h_ik = w_i phi''. */
  readonly coupled: boolean;
  /** Whether the curvature is the same at every prediction. */
  readonly constant: boolean;
  /** Loss of predictions as good as any: 0, but for Poisson sum_i w_i (y_i - y_i log y_i). */
  readonly saturated: number;
  /** r = - gradient, h as above; returns the loss. */
  derivatives(f: Pointer, r: Pointer, h: Pointer): number;
  /** What the dual point s times the gradient costs, as a sum of terms that are never negative. */
  gap(f: Pointer, r: Pointer, h: Pointer, s: number): number;
}

/** sum_k sum_i w_i phi(y_ik, f_ik) */
export function separableLoss(frame: Arena, loss: Loss, response: Float64Array, weights: Pointer, n: number): OutputLoss {
  const { kernels } = frame;
  const outputs = response.length / n;
  const y = frame.put(response);
  const { code, parameter } = loss;
  const sum = (each: (at: number) => number) => {
    let total = 0;
    for (let k = 0; k < outputs; k++) total += each(k * n * 8);
    return total;
  };
  return {
    outputs,
    coupled: false,
    constant: loss.name === 'squared',
    saturated: loss.name === 'poisson' ? saturatedPoisson(frame, response, weights, n) : 0,
    derivatives: (f, r, h) => sum((at) => kernels.lossDerivatives(code, parameter, y + at, f + at, weights, n, r + at, h + at)),
    gap: (f, r, h, s) => sum((at) => kernels.lossGap(code, parameter, y + at, f + at, weights, n, r + at, h + at, s)),
  };
}

/** sum_i w_i (log sum_k e^f_ik - f_i,y_i) */
export function softmaxLoss(frame: Arena, label: Int32Array, outputs: number, weights: Pointer): OutputLoss {
  const { kernels } = frame;
  const n = label.length;
  const y = frame.put(label);
  return {
    outputs,
    coupled: true,
    constant: false,
    saturated: 0,
    derivatives: (f, r, h) => kernels.softmaxDerivatives(f, y, weights, n, outputs, r, h),
    gap: (_f, r, h, s) => kernels.softmaxGap(y, weights, n, r, h, s),
  };
}

function saturatedPoisson({ heap, kernels }: Arena, y: Float64Array, weights: Pointer, n: number): number {
  const w = weights ? heap.f64(weights, n) : undefined;
  return y.reduce((sum, value, i) => sum + (value > 0 ? (w ? w[i] : 1 / n) * value * (1 - kernels.log(value)) : 0), 0);
}
