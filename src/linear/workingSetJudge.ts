import { type CoefficientPenalty, isHard, penaltyConjugate, penaltyValue } from './penalty.ts';
import type { Problem } from './problem.ts';
import type { SupportNewton } from './supportNewton.ts';
import type { WorkingSet } from './workingSet.ts';

/** A column violates optimality when its gradient exceeds its threshold by this share of it, */
const RELATIVE_EXCESS = 1e-10;
/** plus this share of what rounding leaves in it. */
const ROUNDING_EXCESS = 1e-13;
/** A column without penalty whose gradient is a larger share than this of what it could be has not been fitted yet. */
const UNFITTED = 1e-7;

/** What the coefficients of a working set are worth: objective, duality gap, and when a gradient counts as a violation. */
export class WorkingSetJudge {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  readonly #newton: SupportNewton;

  constructor(problem: Problem, set: WorkingSet, newton: SupportNewton) {
    this.#problem = problem;
    this.#set = set;
    this.#newton = newton;
  }

  /** 1/2 ||y~ - Z b||^2 */
  loss(): number {
    return 0.5 * this.#set.residualSquare();
  }

  /** Objective at lambda. */
  primal(lambda: number): number {
    const { coef, size } = this.#set;
    let primal = this.loss();
    for (let k = 0; k < size; k++) if (coef[k] !== 0) primal += penaltyValue(this.penalty(k, lambda), coef[k]);
    return primal;
  }

  /** How much the gradient of column j may exceed its threshold before that counts. */
  tolerance(j: number, lambda: number): number {
    const { heap, p } = this.#problem;
    const threshold = lambda === Infinity ? 0 : lambda * heap.f64(this.#problem.l1, p)[j];
    return RELATIVE_EXCESS * threshold + this.noise(j);
  }

  /** What rounding may leave in the gradient of column j: it grows with the column as it is stored, not with its spread. */
  noise(j: number): number {
    const { heap, p, second, mean, nullLoss } = this.#problem;
    const centre = heap.f64(mean, p)[j];
    return ROUNDING_EXCESS * Math.sqrt((heap.f64(second, p)[j] + centre * centre) * 2 * nullLoss);
  }

  /** The penalty of a slot at lambda; Infinity stands for the null model, where a factor of 0 stays 0. */
  penalty(slot: number, lambda: number): CoefficientPenalty {
    const { l1, l2, lower, upper } = this.#set;
    const at = (factor: number) => (factor === 0 ? 0 : lambda * factor);
    return { l1: at(l1[slot]), l2: at(l2[slot]), lower: lower[slot], upper: upper[slot] };
  }

  /**
   * Absolute duality gap at theta = s r, where s <= 1 makes theta feasible (`outside.ratio`: largest |gradient| / threshold outside the working set):
   * gap = (1 - s)^2 / 2 ||r||^2 + sum_j [phi_j(b_j) + phi_j*(s g_j) - s b_j g_j]. Columns without penalty need g_j = 0, which projecting r
   * gives at the price of 1/2 g' G^-1 g.
   */
  gap(lambda: number, outside: { ratio: number }): number {
    const set = this.#set;
    const q = set.q;
    const free = new Float64Array(this.#newton.size);
    const supported = this.#newton.slots;
    let most = outside.ratio;
    for (let k = 0; k < set.size; k++) {
      const penalty = this.penalty(k, lambda);
      if (penalty.l1 > 0 && isHard(penalty, q[k])) most = Math.max(most, Math.abs(q[k]) / penalty.l1);
    }
    const s = 1 / most;
    let gap = 0.5 * (1 - s) ** 2 * set.residualSquare();
    for (let k = 0; k < set.size; k++) {
      const penalty = this.penalty(k, lambda);
      const v = s * q[k];
      if (penalty.l1 === 0 && isHard(penalty, v)) {
        const place = supported.indexOf(k);
        if (place >= 0) free[place] = q[k];
        else if (Math.abs(q[k]) > UNFITTED * Math.sqrt(set.gramRow(k)[k] * 2 * this.#problem.nullLoss)) return Infinity;
        continue;
      }
      // Division and multiplication by `most` may leave a feasible v one rounding above its threshold.
      const inside = Math.abs(v) <= penalty.l1 * (1 + 1e-14) ? Math.max(-penalty.l1, Math.min(penalty.l1, v)) : v;
      gap += penaltyValue(penalty, set.coef[k]) + penaltyConjugate(penalty, inside) - set.coef[k] * inside;
    }
    if (free.some((g) => g !== 0)) {
      const step = this.#newton.solve(free);
      for (let k = 0; k < free.length; k++) gap += 0.5 * free[k] * step[k];
    }
    return gap;
  }

  /** Standardised columns are judged on the standardised scale. */
  scale(j: number): number {
    const { heap, p, spread } = this.#problem;
    return spread ? heap.f64(spread, p)[j] || 1 : 1;
  }
}
