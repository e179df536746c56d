import type { Pointer } from '../../backend/kernels.ts';
import { select } from '../../core/select.ts';
import type { Problem } from '../problem.ts';
import { SupportFactor } from '../supportFactor.ts';
import { WorkingSet } from '../workingSet.ts';

/** Corrections by the true residual: together with the Cholesky factor they reach rounding. */
const REFINEMENTS = 2;

/** Least squares on a support, and how good it is. */
export interface Refit {
  /** Columns (ascending) and coefficients of the support. */
  index: Int32Array;
  values: Float64Array;
  /** Largest |z_j'r| / (||z_j|| ||y||) over the support: the optimality condition of least squares is that it vanishes. */
  residual: number;
  /** Columns of the support that depend on the others: their coefficient is 0. */
  dependent: number;
}

/** Least squares on one support after the other: Gram rows are computed once, and the factor changes only where the support does. */
export class SupportRefit {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  readonly #factor: SupportFactor;
  readonly #residual: Pointer;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#set = new WorkingSet(problem);
    this.#factor = new SupportFactor(problem, this.#set);
    this.#residual = problem.frame.uninitialised(problem.n * 8);
  }

  fit(support: Int32Array): Refit {
    const set = this.#set;
    const factor = this.#factor;
    const wanted = new Set(support);
    for (let k = factor.slots.length - 1; k >= 0; k--) if (!wanted.has(set.columns[factor.slots[k]])) factor.delete(k);
    set.add(support.filter((j) => set.slots[j] < 0));
    const held = new Set(factor.slots);
    let dependent = 0;
    for (const j of support) if (!held.has(set.slots[j]) && factor.append(set.slots[j])) dependent++;

    const columns = select(set.columns, factor.slots);
    const b = factor.solve(select(set.correlation, factor.slots));
    let rest = this.#gradient(columns, b);
    for (let pass = 0; pass < REFINEMENTS; pass++) {
      for (const [k, step] of factor.solve(rest).entries()) b[k] += step;
      rest = this.#gradient(columns, b);
    }
    const order = Array.from(columns.keys()).sort((k, l) => columns[k] - columns[l]);
    return { index: select(columns, order), values: select(b, order), residual: this.#size(columns, rest), dependent };
  }

  /** z_j'(y~ - Z b) over the columns. */
  #gradient(columns: Int32Array, b: Float64Array): Float64Array {
    const { frame } = this.#problem;
    this.#problem.residual(columns, b, this.#residual);
    const list = frame.put(columns);
    const out = frame.f64(columns.length);
    this.#problem.correlate(this.#residual, list, columns.length, out);
    const values = frame.read(out, columns.length);
    frame.release(out);
    frame.release(list);
    return values;
  }

  #size(columns: Int32Array, gradient: Float64Array): number {
    const { heap, p, nullLoss } = this.#problem;
    const second = heap.f64(this.#problem.second, p);
    const largest = gradient.reduce((most, g, k) => Math.max(most, Math.abs(g) / Math.sqrt(second[columns[k]])), 0);
    return largest > 0 ? largest / Math.sqrt(2 * nullLoss) : 0;
  }
}
