import type { Pointer } from '../../backend/kernels.ts';
import type { Coefficients } from '../coefficients.ts';
import { penaltyValue } from '../penalty.ts';
import type { Problem } from '../problem.ts';
import { gramMatrix } from './gramMatrix.ts';

/** A Gram matrix pays while it fits the caches, and where an update of p correlations is cheaper than one of n residuals. */
const LARGEST_GRAM = 16 * 1024 * 1024;

/** Epochs of coordinate descent on the coefficients, and what has to be kept up to date between them. */
export interface Sweeps {
  /** Makes everything match coefficients that were changed from outside; returns the objective. */
  sync(lambda: number): number;
  /** One cyclic epoch over all columns, or those that are not zero now. Returns the largest ||z~_j||^2 d_j^2 of its changes d. */
  epoch(lambda: number, active: boolean): number;
}

export function createSweeps(problem: Problem, coefficients: Coefficients): Sweeps {
  const { n, p } = problem;
  return p <= n && p * p * 8 <= LARGEST_GRAM ? new GramSweeps(problem, coefficients) : new ColumnSweeps(problem, coefficients);
}

/** Epochs over the columns themselves, with the weighted residual u = W (y - mean - Z b). */
export class ColumnSweeps implements Sweeps {
  readonly #problem: Problem;
  readonly #coefficients: Coefficients;
  readonly #u: Pointer;
  readonly #total: Pointer;
  readonly #list: Pointer;

  constructor(problem: Problem, coefficients: Coefficients) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.#coefficients = coefficients;
    this.#u = frame.f64(n);
    this.#total = frame.f64(1);
    this.#list = frame.i32(p);
  }

  sync(lambda: number): number {
    const { heap, kernels, n } = this.#problem;
    const { index, values } = this.#coefficients.coefficients();
    this.#problem.residual(index, values, this.#coefficients.residual);
    this.#problem.left(this.#coefficients.residual, this.#u);
    heap.f64(this.#total, 1)[0] = kernels.sum(this.#u, n);
    return this.#coefficients.objective(lambda);
  }

  epoch(lambda: number, active: boolean): number {
    const { heap, p, columns, weights: w, mean, second, l1, l2, lower, upper } = this.#problem;
    const { coef } = this.#coefficients;
    const index = active ? this.#list : 0;
    const count = active ? nonzeroInto(heap.f64(coef, p), heap.i32(this.#list, p)) : p;
    const u = this.#u;
    const total = this.#total;
    return columns.epoch({ index, count, w, mean, second, lambda, l1, l2, lower, upper, coef, u, total });
  }
}

/** Epochs on the Gram matrix, with q = Z'(y~ - Z b): the data are not touched again, and a zero that stays zero costs nothing. */
export class GramSweeps implements Sweeps {
  readonly #problem: Problem;
  readonly #coefficients: Coefficients;
  readonly #gram: Pointer;
  readonly #q: Pointer;
  readonly #minus: Pointer;

  constructor(problem: Problem, coefficients: Coefficients) {
    const { frame, p } = problem;
    this.#problem = problem;
    this.#coefficients = coefficients;
    this.#gram = gramMatrix(problem);
    this.#q = frame.f64(p);
    this.#minus = frame.f64(p);
  }

  sync(lambda: number): number {
    const { heap, kernels, p, nullLoss, correlation } = this.#problem;
    const { coef } = this.#coefficients;
    const b = heap.f64(coef, p);
    const minus = heap.f64(this.#minus, p);
    for (let j = 0; j < p; j++) minus[j] = -b[j];
    heap.f64(this.#q, p).set(heap.f64(correlation, p));
    kernels.denseCombineF64(this.#gram, p, p, 0, this.#minus, p, this.#q);
    let value = nullLoss - 0.5 * (kernels.dot(coef, correlation, p) + kernels.dot(coef, this.#q, p));
    const penalty = this.#problem.penalties(lambda);
    for (let j = 0; j < p; j++) if (b[j] !== 0) value += penaltyValue(penalty(j), b[j]);
    return value;
  }

  epoch(lambda: number): number {
    const { kernels, p, l1, l2, lower, upper } = this.#problem;
    return kernels.gramEpoch(this.#gram, p, p, this.#q, lambda, l1, l2, lower, upper, this.#coefficients.coef);
  }
}

/** Lists where values are not zero; returns how many. */
function nonzeroInto(values: Float64Array, list: Int32Array): number {
  let count = 0;
  for (let j = 0; j < values.length; j++) if (values[j] !== 0) list[count++] = j;
  return count;
}
