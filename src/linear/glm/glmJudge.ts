import type { Pointer } from '../../backend/kernels.ts';
import { type Certificate, certify } from '../certificate.ts';
import { type CoefficientPenalty, isHard, penaltyConjugate, penaltyValue, penaltyViolation } from '../penalty.ts';
import type { GlmProblem } from './glmProblem.ts';
import type { GlmState } from './glmState.ts';
import { GradientScreen } from './gradientScreen.ts';
import { closingStrength, jumpTo, penaltyAt, pullOf } from './penaltyKind.ts';

/** A column violates optimality when its gradient exceeds its threshold by this share of it. */
const RELATIVE_EXCESS = 1e-9;

/** What the present coefficients are worth at a lambda. */
export interface Verdict {
  primal: number;
  /** Absolute duality gap; NaN where the penalty is not convex. */
  gap: number;
  /** Largest violation of optimality / lambda. */
  kkt: number;
  /** Columns at zero that should not be. */
  violators: number[];
  /** What may still be gained: the gap, or where the penalty is not convex what the violations promise. */
  rest: number;
  /** The same where the fit is good enough: `tol` of the null loss, or violations of `tol` lambda. */
  enough: number;
}

/**
 * Gradients of all columns, and what follows from them: violators, duality gap, largest lambda.
 *
 * The dual point is theta = s (r - (sum r) h / sum h) with the largest s <= 1 that is feasible. Its gap is a sum of terms that are never negative,
 *
 *   sum_i w_i [phi(f) + phi*(s phi') - s phi' f] + sum_j [P_j(b_j) + P_j*(s g_j) - s g_j b_j]
 *
 * plus, to second order, what taking the intercept's and the free columns' gradients off costs.
 */
export class GlmJudge {
  readonly #problem: GlmProblem;
  readonly #state: GlmState;
  readonly #coef: Pointer;
  readonly #screen: GradientScreen;
  readonly #u: Pointer;
  /** Price of the intercept's and free columns' projection. */
  #price = 0;
  /** Columns without any penalty and bounds. */
  readonly unpenalised: Int32Array;
  lastPenalty = 0;
  readonly #refused = new Set<number>();
  /** The columns that the last look evaluated. */
  #seen: Int32Array = new Int32Array(0);

  constructor(problem: GlmProblem, state: GlmState, coef: Pointer) {
    const { frame, heap, n, p } = problem;
    this.#problem = problem;
    this.#state = state;
    this.#coef = coef;
    this.#screen = new GradientScreen(problem);
    this.#u = frame.f64(n);
    const [l1, l2, second] = [heap.f64(problem.l1, p), heap.f64(problem.l2, p), heap.f64(problem.second, p)];
    const free: number[] = [];
    for (let j = 0; j < p; j++) if (second[j] > 0 && l1[j] === 0 && l2[j] === 0) free.push(j);
    this.unpenalised = Int32Array.from(free);
  }

  /** Gradients at the present state of the members and of all columns that may reach lambda; those beyond `limit` (<= lambda) will probably enter. */
  look(members: Int32Array, limit: number): void {
    const { kernels, heap, n, shape } = this.#problem;
    const { r, h } = this.#state;
    heap.f64(this.#u, n).set(heap.f64(r, n));
    this.#price = 0;
    if (shape.fitIntercept) {
      const mass = this.#state.mass();
      const rest = this.#state.imbalance();
      kernels.axpy(-rest / mass, h, this.#u, n);
      this.#price = (rest * rest) / (2 * mass);
    }
    this.#seen = this.#screen.look(this.#u, limit, this.#state.mass(), members);
  }

  /** Gradients of all columns, whatever lambda may come. */
  lookAtAll(): void {
    this.#screen.forget();
    this.look(this.unpenalised, 0);
  }

  /** Columns beyond the limit of the last look (with that of the sequential strong rule, Tibshirani et al. 2012: those that will probably enter). */
  beyond(limit: number): Int32Array {
    const { heap, p, penalty } = this.#problem;
    if (penalty.code >= 3) return new Int32Array(0);
    const g = heap.f64(this.#screen.gradient, p);
    const l1 = heap.f64(this.#problem.l1, p);
    return this.#seen.filter((j) => Math.abs(g[j]) > limit * l1[j]);
  }

  judge(lambda: number, tol: number, nullLoss: number): Verdict {
    return this.#problem.penalty.convex ? this.#judgeConvex(lambda, tol * nullLoss) : this.#judgeLocal(lambda, tol);
  }

  #judgeConvex(lambda: number, enough: number): Verdict {
    const { kernels, heap, n, p, loss, response, weights } = this.#problem;
    const g = heap.f64(this.#screen.gradient, p);
    const coef = heap.f64(this.#coef, p);
    const [l1, l2] = [heap.f64(this.#problem.l1, p), heap.f64(this.#problem.l2, p)];
    const penalties = this.#penalties(lambda);
    const involved: number[] = [];
    const violators: number[] = [];
    let most = 1;
    let worst = 0;
    let price = this.#price;
    for (const j of this.#seen) {
      const size = Math.abs(g[j]);
      const threshold = lambda * l1[j];
      if ((coef[j] === 0 && size <= threshold) || (lambda === Infinity && (l1[j] !== 0 || l2[j] !== 0))) continue;
      const penalty = penalties(j);
      const violation = penaltyViolation(penalty, coef[j], g[j]);
      worst = Math.max(worst, violation / this.#unit(j));
      if (coef[j] === 0 && violation > RELATIVE_EXCESS * threshold) violators.push(j);
      if (isHard(penalty, g[j])) {
        if (penalty.l1 > 0) most = Math.max(most, size / penalty.l1);
        else {
          price += (this.unpenalised.length * size * size) / (2 * this.#curvature(j));
          continue;
        }
      }
      involved.push(j);
    }
    const s = 1 / most;
    const { f, r, h } = this.#state;
    let gap = price + kernels.lossGap(loss.code, loss.parameter, response, f, weights, n, r, h, s);
    let primal = this.#state.loss;
    for (const j of involved) {
      const penalty = penalties(j);
      const v = s * g[j];
      // Division and multiplication by `most` may leave a feasible v one rounding above its threshold.
      const inside = Math.abs(v) <= penalty.l1 * (1 + 1e-14) ? Math.max(-penalty.l1, Math.min(penalty.l1, v)) : v;
      const value = penaltyValue(penalty, coef[j]);
      primal += value;
      gap += Math.max(0, value + penaltyConjugate(penalty, inside) - coef[j] * inside);
    }
    return { primal, gap, kkt: lambda > 0 && lambda < Infinity ? worst / lambda : worst, violators, rest: gap, enough };
  }

  /** Distance to the nearest coordinate-wise minimum, in units of the gradient. */
  #judgeLocal(lambda: number, tol: number): Verdict {
    const { heap, p, penalty, kernels } = this.#problem;
    const g = heap.f64(this.#screen.gradient, p);
    const coef = heap.f64(this.#coef, p);
    const [l1, l2] = [heap.f64(this.#problem.l1, p), heap.f64(this.#problem.l2, p)];
    const violators: number[] = [];
    let worst = 0;
    const lower = this.#problem.lower ? heap.f64(this.#problem.lower, p) : undefined;
    const upper = this.#problem.upper ? heap.f64(this.#problem.upper, p) : undefined;
    let rest = 0;
    let bend = 0;
    const mass = this.#state.mass();
    for (const j of this.#seen) {
      if (lambda === Infinity && (l1[j] !== 0 || l2[j] !== 0)) continue;
      const s = this.#unit(j);
      const curvature = this.#curvature(j) / (s * s);
      const pull = (g[j] - (l2[j] === 0 ? 0 : lambda * l2[j]) * coef[j]) / s;
      const t = l1[j] === 0 ? 0 : (lambda * l1[j]) / s;
      if (coef[j] !== 0) {
        const excess = Math.abs(pull - Math.sign(coef[j]) * pullOf(penalty, t, Math.abs(coef[j]) * s, kernels));
        worst = Math.max(worst, excess);
        rest += (excess * excess) / (2 * curvature);
        bend = Math.max(bend, curvature);
        continue;
      }
      if (pull > 0 ? upper && upper[j] === 0 : lower && lower[j] === 0) continue;
      const threshold = this.#screen.threshold(j, lambda, mass) / s;
      if (Math.abs(pull) > threshold * (1 + 2 * RELATIVE_EXCESS) && !this.#refused.has(j)) {
        violators.push(j);
        // A coefficient that jumps has its whole gradient too much.
        const excess = penalty.code === 3 ? Math.abs(pull) : Math.abs(pull) - threshold;
        worst = Math.max(worst, excess);
        rest += (excess * excess) / (2 * curvature);
        bend = Math.max(bend, curvature);
      }
    }
    const primal = this.#state.loss + this.penaltyValue(lambda, this.#seen);
    const scale = lambda > 0 && lambda < Infinity ? lambda : 1;
    const enough = bend > 0 ? (tol * scale) ** 2 / (2 * bend) : 0;
    return { primal, gap: Number.NaN, kkt: worst / scale, violators, rest, enough };
  }

  /** The minimum along the coordinate of a column at zero, by the quadratic model. */
  jumpOf(j: number, lambda: number, curvature: number): number {
    const { heap, p, penalty, kernels, l1 } = this.#problem;
    const s = this.#unit(j);
    const [g, v] = [heap.f64(this.#screen.gradient, p)[j] / s, curvature / (s * s)];
    return jumpTo(penalty, g, v, (lambda * heap.f64(l1, p)[j]) / s, kernels) / s;
  }

  /** A column whose jump did not lower the objective stays at zero at this lambda. */
  refuse(j: number): void {
    this.#refused.add(j);
  }

  readmit(): void {
    this.#refused.clear();
  }

  /** The penalty of these columns at lambda; Infinity stands for the null model. */
  penaltyValue(lambda: number, members: Int32Array): number {
    const { heap, p, penalty, kernels } = this.#problem;
    const coef = heap.f64(this.#coef, p);
    const [l1, l2] = [heap.f64(this.#problem.l1, p), heap.f64(this.#problem.l2, p)];
    let total = 0;
    for (const j of members) {
      const b = Math.abs(coef[j]);
      if (b === 0) continue;
      if (l2[j] > 0) total += 0.5 * lambda * l2[j] * b * b;
      if (l1[j] === 0) continue;
      if (penalty.code === 0) total += lambda * l1[j] * b;
      else {
        const s = this.#unit(j);
        total += penaltyAt(penalty, (lambda * l1[j]) / s, s * b, kernels);
      }
    }
    this.lastPenalty = total;
    return total;
  }

  /** Smallest lambda at which every penalised coefficient stays zero, from the gradients at zero. */
  largestLambda(): number {
    const { heap, p, penalty, shape, kernels } = this.#problem;
    const g = heap.f64(this.#screen.gradient, p);
    const [l1, l2, second] = [heap.f64(this.#problem.l1, p), heap.f64(this.#problem.l2, p), heap.f64(this.#problem.second, p)];
    const lower = this.#problem.lower ? heap.f64(this.#problem.lower, p) : undefined;
    const upper = this.#problem.upper ? heap.f64(this.#problem.upper, p) : undefined;
    const spread = this.#problem.spread ? heap.f64(this.#problem.spread, p) : undefined;
    const mass = this.#state.mass();
    let most = 0;
    for (let j = 0; j < p; j++) {
      if (second[j] === 0) continue;
      const s = spread ? spread[j] : 1;
      // A ridge has no largest lambda; l1Ratio 1e-3 stands in for its own, as in glmnet.
      const factor = shape.l1Ratio === 0 ? (1e-3 * l2[j]) / s : l1[j];
      if (!(factor > 0)) continue;
      if (g[j] > 0 ? upper && upper[j] === 0 : lower && lower[j] === 0) continue;
      most = Math.max(most, (closingStrength(penalty, g[j] / s, (second[j] * mass) / (s * s), kernels) * s) / factor);
    }
    return most;
  }

  certificate(
    { primal, gap, kkt }: Verdict,
    run: { lambda: number; tol: number; epochs: number; nullLoss: number; stalled: boolean },
  ): Certificate {
    const { tol, epochs, nullLoss, stalled } = run;
    if (this.#problem.penalty.convex) return certify({ primal, gap, nullLoss, kkt, epochs, tol, stalled });
    return { converged: kkt <= tol, status: 'local', gap: Number.NaN, kkt, primal, dual: Number.NaN, epochs, tol };
  }

  /** Standardised columns are judged on the standardised scale. */
  #unit(j: number): number {
    const { heap, p, spread } = this.#problem;
    return spread ? heap.f64(spread, p)[j] || 1 : 1;
  }

  /** sum h (x_j - mean)^2, about: by the mean curvature. */
  #curvature(j: number): number {
    const { heap, p } = this.#problem;
    return heap.f64(this.#problem.second, p)[j] * this.#state.mass();
  }

  #penalties(lambda: number): (j: number) => CoefficientPenalty {
    const { heap, p } = this.#problem;
    const [l1, l2] = [heap.f64(this.#problem.l1, p), heap.f64(this.#problem.l2, p)];
    const lower = this.#problem.lower ? heap.f64(this.#problem.lower, p) : undefined;
    const upper = this.#problem.upper ? heap.f64(this.#problem.upper, p) : undefined;
    return (j) => ({
      l1: l1[j] === 0 ? 0 : lambda * l1[j],
      l2: l2[j] === 0 ? 0 : lambda * l2[j],
      lower: lower ? lower[j] : -Infinity,
      upper: upper ? upper[j] : Infinity,
    });
  }
}
