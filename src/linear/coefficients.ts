import type { Pointer } from '../backend/kernels.ts';
import { select } from '../core/select.ts';
import { isHard, penaltyConjugate, penaltyValue, penaltyViolation } from './penalty.ts';
import type { Problem } from './problem.ts';
import { SupportFactor } from './supportFactor.ts';
import { WorkingSet } from './workingSet.ts';

/** What is known about a coefficient vector: objective, absolute duality gap, largest optimality violation / lambda. */
export interface Evaluation {
  primal: number;
  gap: number;
  kkt: number;
}

/**
 * One coefficient per column in linear memory, with residual and gradient over all columns: the state of the solvers that do not keep a
 * working set, and their judge.
 */
export class Coefficients {
  readonly #problem: Problem;
  /** p values */
  readonly coef: Pointer;
  /** y~ - Z b as of the last `evaluate` or `update`. */
  readonly residual: Pointer;
  /** z~_j . residual, likewise. */
  readonly gradient: Pointer;
  readonly #free: FreeBlock | undefined;
  #freeAtZero: FreeBlock | null | undefined;

  constructor(problem: Problem) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.coef = frame.f64(p);
    this.residual = frame.uninitialised(n * 8);
    this.gradient = frame.uninitialised(p * 8);
    this.#free = freeBlock(problem, 1);
    this.update();
  }

  /** Columns (ascending) and values of the coefficients that are not zero. */
  coefficients(): { index: Int32Array; values: Float64Array } {
    const coef = this.#problem.heap.f64(this.coef, this.#problem.p);
    const index: number[] = [];
    for (let j = 0; j < coef.length; j++) if (coef[j] !== 0) index.push(j);
    return { index: Int32Array.from(index), values: select(coef, index) };
  }

  /** Recomputes residual and gradient from the coefficients. */
  update(): void {
    const { index, values } = this.coefficients();
    this.#problem.residual(index, values, this.residual);
    this.#problem.correlate(this.residual, 0, this.#problem.p, this.gradient);
  }

  /** Objective at lambda; residual must be up to date. */
  objective(lambda: number): number {
    const { kernels, heap, n, p } = this.#problem;
    let value = 0.5 * kernels.dot(this.residual, this.residual, n);
    const coef = heap.f64(this.coef, p);
    const penalty = this.#problem.penalties(lambda);
    for (let j = 0; j < p; j++) if (coef[j] !== 0) value += penaltyValue(penalty(j), coef[j]);
    return value;
  }

  /**
   * Brings residual and gradient up to date and judges the coefficients. Columns without any penalty are refitted exactly first (that only
   * lowers the objective), because a dual point must be orthogonal to them.
   *
   * gap = (1 - s)^2 / 2 ||r||^2 + sum_j [phi_j(b_j) + phi_j*(s g_j) - s b_j g_j] with the largest s <= 1 for which s r is dual feasible.
   */
  evaluate(lambda: number): Evaluation {
    this.update();
    const free = this.#freeAt(lambda);
    if (free) this.#refit(free);
    const { kernels, heap, n, p, spread } = this.#problem;
    const coef = heap.f64(this.coef, p);
    const g = heap.f64(this.gradient, p);
    const second = heap.f64(this.#problem.second, p);
    const scales = spread ? heap.f64(spread, p) : undefined;
    const square = kernels.dot(this.residual, this.residual, n);
    const penalties = this.#problem.penalties(lambda);
    let most = 1;
    for (let j = 0; j < p; j++) {
      if (second[j] === 0) continue;
      const penalty = penalties(j);
      if (penalty.l1 > 0 && isHard(penalty, g[j])) most = Math.max(most, Math.abs(g[j]) / penalty.l1);
    }
    const s = 1 / most;
    let gap = 0.5 * (1 - s) ** 2 * square;
    let primal = 0.5 * square;
    let worst = 0;
    for (let j = 0; j < p; j++) {
      if (second[j] === 0) continue;
      const penalty = penalties(j);
      worst = Math.max(worst, penaltyViolation(penalty, coef[j], g[j]) / (scales?.[j] || 1));
      const value = coef[j] === 0 ? 0 : penaltyValue(penalty, coef[j]);
      primal += value;
      const v = s * g[j];
      if (penalty.l1 === 0 && isHard(penalty, v)) {
        // Unbounded and unpenalised columns were refitted; one with a bound on the other side only is charged for what is left.
        if (penalty.lower !== -Infinity || penalty.upper !== Infinity) gap += (0.5 * v * v) / second[j];
        continue;
      }
      const inside = Math.abs(v) <= penalty.l1 * (1 + 1e-14) ? Math.max(-penalty.l1, Math.min(penalty.l1, v)) : v;
      gap += value + penaltyConjugate(penalty, inside) - coef[j] * inside;
    }
    const steepest = kernels.normMax(this.#problem.correlation, p);
    return { primal, gap, kkt: worst === 0 ? 0 : worst / (lambda > 0 ? lambda : steepest || 1) };
  }

  #refit(free: FreeBlock): void {
    const { heap, p } = this.#problem;
    const { columns, factor } = free;
    const chosen = select(columns, factor.slots);
    for (let pass = 0; pass < 2; pass++) {
      const step = factor.solve(select(heap.f64(this.gradient, p), chosen));
      const coef = heap.f64(this.coef, p);
      for (let k = 0; k < chosen.length; k++) coef[chosen[k]] += step[k];
      this.update();
    }
  }

  /** At lambda = 0 every column without bounds is free. */
  #freeAt(lambda: number): FreeBlock | undefined {
    if (lambda > 0) return this.#free;
    if (this.#freeAtZero === undefined) this.#freeAtZero = freeBlock(this.#problem, 0) ?? null;
    return this.#freeAtZero ?? undefined;
  }
}

interface FreeBlock {
  columns: Int32Array;
  factor: SupportFactor;
}

/** Columns without penalty or bounds, with the factor of their Gram matrix (dependent ones left out). */
function freeBlock(problem: Problem, lambda: number): FreeBlock | undefined {
  const second = problem.heap.f64(problem.second, problem.p);
  const free: number[] = [];
  const penalty = problem.penalties(lambda);
  for (let j = 0; j < problem.p; j++) {
    const { l1, l2, lower, upper } = penalty(j);
    if (second[j] > 0 && l1 === 0 && l2 === 0 && lower === -Infinity && upper === Infinity) free.push(j);
  }
  if (free.length === 0) return undefined;
  const columns = Int32Array.from(free);
  const set = new WorkingSet(problem);
  set.add(columns);
  const factor = new SupportFactor(problem, set);
  for (let slot = 0; slot < columns.length; slot++) factor.append(slot);
  return { columns, factor };
}
