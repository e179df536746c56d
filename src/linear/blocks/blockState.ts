import type { Pointer } from '../../backend/kernels.ts';
import type { BlockProblem } from './blockProblem.ts';

/**
 * Coefficients and predictions f = offset + intercept + Z B with what the loss says about them: its value, its negative gradient r and its
 * curvature h. A trial lies beside them, so that a step can be looked at before it is taken.
 */
export class BlockState {
  readonly #problem: BlockProblem;
  readonly #size: number;
  /** p x K, row by row, of the columns Z. */
  readonly coef: Float64Array;
  /** Of the columns Z. */
  readonly intercept: Float64Array;
  f: Pointer;
  r: Pointer;
  h: Pointer;
  loss: number;
  #trial: { f: Pointer; r: Pointer; h: Pointer; loss: number };

  constructor(problem: BlockProblem) {
    const { frame, n, p, outputs } = problem;
    this.#problem = problem;
    this.#size = n * outputs;
    this.coef = new Float64Array(p * outputs);
    this.intercept = new Float64Array(outputs);
    this.f = frame.f64(this.#size);
    this.r = frame.f64(this.#size);
    this.h = frame.f64(this.#size);
    this.#trial = { f: frame.f64(this.#size), r: frame.f64(this.#size), h: frame.f64(this.#size), loss: 0 };
    this.#start();
    this.loss = problem.loss.derivatives(this.f, this.r, this.h);
  }

  #start(): void {
    const { heap, offset } = this.#problem;
    const f = heap.f64(this.f, this.#size);
    if (offset) f.set(heap.f64(offset, this.#size));
    else f.fill(0);
  }

  /** direction = 1 shift' + sum_k z_list[k] change_k', change row by row. */
  combine(list: ArrayLike<number>, change: Float64Array, shift: Float64Array, direction: Pointer): void {
    const { frame, heap, columns, n, outputs, mean, scale } = this.#problem;
    const index = frame.put(Int32Array.from(list));
    const values = frame.f64(list.length);
    for (let k = 0; k < outputs; k++) {
      let start = shift[k];
      const each = heap.f64(values, list.length);
      for (let c = 0; c < list.length; c++) {
        each[c] = change[c * outputs + k] * scale[list[c]];
        start -= each[c] * mean[list[c]];
      }
      heap.f64(direction + k * n * 8, n).fill(start);
      columns.combine(index, values, list.length, direction + k * n * 8);
    }
    frame.release(values);
    frame.release(index);
  }

  /** Loss at f + t direction. */
  try(direction: Pointer, t: number): number {
    const { kernels, heap, loss } = this.#problem;
    const { f, r, h } = this.#trial;
    heap.f64(f, this.#size).set(heap.f64(this.f, this.#size));
    kernels.axpy(t, direction, f, this.#size);
    this.#trial.loss = loss.derivatives(f, r, h);
    return this.#trial.loss;
  }

  /** The trial becomes the state. */
  accept(): void {
    const { f, r, h, loss } = this.#trial;
    this.#trial = { f: this.f, r: this.r, h: this.h, loss: this.loss };
    this.f = f;
    this.r = r;
    this.h = h;
    this.loss = loss;
  }

  /** f anew from the coefficients: takes off what rounding has gathered over many steps. */
  recompute(support: Int32Array, direction: Pointer): void {
    const { kernels, outputs, loss } = this.#problem;
    const values = new Float64Array(support.length * outputs);
    for (let c = 0; c < support.length; c++) {
      for (let k = 0; k < outputs; k++) values[c * outputs + k] = this.coef[support[c] * outputs + k];
    }
    this.combine(support, values, this.intercept, direction);
    this.#start();
    kernels.axpy(1, direction, this.f, this.#size);
    this.loss = loss.derivatives(this.f, this.r, this.h);
  }

  /** Sums over rows of each output of r. */
  imbalance(): Float64Array {
    const { kernels, n, outputs } = this.#problem;
    return Float64Array.from({ length: outputs }, (_, k) => kernels.sum(this.r + k * n * 8, n));
  }
}
