import type { Pointer } from '../../backend/kernels.ts';
import { blockOf } from './blockModel.ts';
import { blockConjugate, blockValue, blockViolation, isFree, largestScale, shrunkNorm, times } from './blockPenalty.ts';
import type { BlockProblem } from './blockProblem.ts';
import type { BlockState } from './blockState.ts';

/** A block violates optimality when its gradient exceeds its threshold by this share of it. */
const RELATIVE_EXCESS = 1e-9;
/** l1Ratio that stands in for a ridge's own, which has no largest lambda, as in glmnet. */
const RIDGE_L1_RATIO = 1e-3;

/** What the present coefficients are worth at a lambda. */
export interface Verdict {
  primal: number;
  /** Absolute duality gap. */
  gap: number;
  /** Largest violation of optimality / lambda. */
  kkt: number;
  /** Blocks at zero that should not be. */
  violators: number[];
}

/**
 * Gradients of all blocks, and what follows from them. The dual point is the largest s <= 1 times the gradient that every block's dual norm allows; its
 * gap is a sum of terms that are never negative, plus, to second order, what the gradients of intercept and free blocks cost.
 */
export class BlockJudge {
  readonly #problem: BlockProblem;
  readonly #state: BlockState;
  readonly #dots: Pointer;
  /** z_j'r, p x K. */
  readonly gradient: Float64Array;

  constructor(problem: BlockProblem, state: BlockState) {
    this.#problem = problem;
    this.#state = state;
    this.#dots = problem.frame.f64(problem.p);
    this.gradient = new Float64Array(problem.p * problem.outputs);
  }

  /** Gradients at the present predictions. */
  look(): void {
    const { heap, columns, n, p, outputs, mean, scale, fitIntercept } = this.#problem;
    const sums = this.#state.imbalance();
    for (let k = 0; k < outputs; k++) {
      columns.dots(0, p, this.#state.r + k * n * 8, this.#dots);
      const dots = heap.f64(this.#dots, p);
      const rest = fitIntercept ? sums[k] : 0;
      for (let j = 0; j < p; j++) this.gradient[j * outputs + k] = scale[j] === 0 ? 0 : (dots[j] - mean[j] * rest) * scale[j];
    }
  }

  /** Penalised blocks whose gradient passes their threshold at `limit`. */
  beyond(limit: number): number[] {
    const { blocks } = this.#problem;
    const found: number[] = [];
    for (const [g, penalty] of blocks.penalties.entries()) {
      const { a, l1 } = times(penalty, limit);
      if (!isFree(penalty) && shrunkNorm(this.#gradientOf(g), l1) > a) found.push(g);
    }
    return found;
  }

  /** lambda = Infinity: the null model, free blocks alone. */
  judge(lambda: number): Verdict {
    const { blocks, outputs, loss } = this.#problem;
    const { f, r, h } = this.#state;
    const involved: number[] = [];
    const violators: number[] = [];
    let s = 1;
    let worst = 0;
    let price = this.interceptPrice();
    for (const [g, own] of blocks.penalties.entries()) {
      const free = isFree(own);
      if (lambda === Infinity && !free) continue;
      const v = this.#gradientOf(g);
      const b = blockOf(this.#state.coef, blocks.columns[g], outputs);
      const penalty = times(own, lambda);
      const idle = b.every((value) => value === 0);
      const violation = blockViolation(penalty, b, v);
      worst = Math.max(worst, violation);
      if (idle && violation === 0) continue;
      if (idle && violation > RELATIVE_EXCESS * (penalty.a + penalty.l1)) violators.push(g);
      if (isFree(penalty)) {
        price += v.reduce((sum, value) => sum + value * value, 0) / (2 * this.#mass());
        continue;
      }
      if (penalty.l2 === 0) s = Math.min(s, largestScale(v, penalty));
      involved.push(g);
    }
    let gap = price + loss.gap(f, r, h, s);
    let primal = this.#state.loss;
    for (const g of involved) {
      const penalty = times(blocks.penalties[g], lambda);
      const v = this.#gradientOf(g);
      const b = blockOf(this.#state.coef, blocks.columns[g], outputs);
      const value = blockValue(penalty, b);
      let product = 0;
      for (let c = 0; c < v.length; c++) {
        v[c] *= s;
        product += b[c] * v[c];
      }
      primal += value;
      gap += Math.max(0, value + blockConjugate(penalty, v) - product);
    }
    return { primal, gap, kkt: lambda > 0 && lambda < Infinity ? worst / lambda : worst, violators };
  }

  /** About what one Newton step of the intercept would still gain. */
  interceptPrice(): number {
    if (!this.#problem.fitIntercept) return 0;
    return this.#state.imbalance().reduce((sum, rest) => sum + rest * rest, 0) / (2 * this.#mass());
  }

  /** Smallest lambda at which every penalised block is zero, from the gradients at zero. */
  largestLambda(): number {
    let most = 0;
    for (const [g, { a, l1, l2 }] of this.#problem.blocks.penalties.entries()) {
      const weights = a + l1 > 0 ? { a, l1, l2 } : { a: 0, l1: RIDGE_L1_RATIO * l2, l2 };
      if (weights.l1 + a > 0) most = Math.max(most, 1 / largestScale(this.#gradientOf(g), weights));
    }
    return most;
  }

  #gradientOf(g: number): Float64Array {
    const { blocks, outputs } = this.#problem;
    return blockOf(this.gradient, blocks.columns[g], outputs);
  }

  /** Smallest sum of curvatures of an output, about. */
  #mass(): number {
    const { kernels, heap, n, outputs, weights, loss } = this.#problem;
    let least = Infinity;
    for (let k = 0; k < outputs; k++) {
      const h = this.#state.h + k * n * 8;
      let mass = kernels.sum(h, n);
      if (loss.coupled) {
        const p = heap.f64(h, n);
        const w = weights ? heap.f64(weights, n) : undefined;
        mass = 0;
        for (let i = 0; i < n; i++) mass += (w ? w[i] : 1 / n) * p[i] * (1 - p[i]);
      }
      least = Math.min(least, mass);
    }
    return Math.max(least, Number.MIN_VALUE);
  }
}
