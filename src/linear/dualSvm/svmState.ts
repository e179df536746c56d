import type { Arena } from '../../backend/arena.ts';
import type { Pointer } from '../../backend/kernels.ts';
import { bestIntercept } from './bestIntercept.ts';
import type { SvmRows } from './svmRows.ts';

/** The loss of a support vector machine: max(0, 1 - y f), or its square. */
export type SvmLoss = 'squaredHinge' | 'hinge';

/** What is minimised, in units of lambda: 1/2 ||w||^2 + sum_i cost_i loss(y_i f_i), f = x'w + b. */
export interface SvmProblem {
  rows: SvmRows;
  /** -1 or 1. */
  y: Float64Array;
  cost: Float64Array;
  loss: SvmLoss;
  /** `'free'`: without penalty; a number B: b = B beta, and beta belongs to w; 0: no intercept. */
  intercept: 'free' | number;
}

/** A point of the primal in linear memory: w (its last entry beta), the margins y_i f_i and the free intercept. */
export class SvmState {
  readonly frame: Arena;
  readonly problem: SvmProblem;
  readonly n: number;
  /** Length of w: columns and beta. */
  readonly size: number;
  readonly y: Pointer;
  readonly w: Pointer;
  readonly margin: Pointer;
  /** One number per row, for whoever needs it next. */
  readonly scratch: Pointer;
  /** Value of the constant column whose coefficient is beta. */
  readonly bias: number;
  readonly free: boolean;
  /** The intercept that is not penalised; 0 where there is none. */
  offset = 0;

  constructor(frame: Arena, problem: SvmProblem) {
    this.frame = frame;
    this.problem = problem;
    this.n = problem.rows.rows;
    this.size = problem.rows.cols + 1;
    this.y = frame.put(problem.y);
    this.w = frame.f64(this.size);
    this.margin = frame.f64(this.n);
    this.scratch = frame.f64(this.n);
    this.free = problem.intercept === 'free';
    this.bias = problem.intercept === 'free' ? 0 : problem.intercept;
    this.settle();
  }

  /** out_i = x_i . u + bias u_last for the listed rows. */
  apply(index: Pointer, count: number, u: Pointer, out: Pointer): void {
    const { heap } = this.frame;
    this.problem.rows.dots(index, count, u, out);
    if (this.bias !== 0) this.frame.kernels.shift(this.bias * heap.f64(u, this.size)[this.size - 1], out, count);
  }

  /** u += sum_k coef_k (x_index[k], bias). */
  add(index: Pointer, coef: Pointer, count: number, u: Pointer): void {
    const { heap, kernels } = this.frame;
    this.problem.rows.combine(index, coef, count, u);
    if (this.bias !== 0) heap.f64(u, this.size)[this.size - 1] += this.bias * kernels.sum(coef, count);
  }

  /** Margins of w, and the best free intercept for it. */
  settle(): void {
    this.apply(0, this.n, this.w, this.margin);
    const { y, cost, loss } = this.problem;
    const f = this.frame.heap.f64(this.margin, this.n);
    if (this.free) this.offset = bestIntercept(f, y, cost, loss, this.offset);
    for (let i = 0; i < f.length; i++) f[i] = y[i] * (f[i] + this.offset);
  }

  /** Sum of cost_i loss_i. */
  loss(): number {
    const { cost, loss } = this.problem;
    const m = this.frame.heap.f64(this.margin, this.n);
    let sum = 0;
    for (let i = 0; i < m.length; i++) {
      const short = Math.max(0, 1 - m[i]);
      sum += cost[i] * (loss === 'hinge' ? short : short * short);
    }
    return sum;
  }

  primal(): number {
    return this.loss() + 0.5 * this.frame.kernels.norm2(this.w, this.size) ** 2;
  }
}
