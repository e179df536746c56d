import type { Pointer } from '../../backend/kernels.ts';
import { type Certificate, certify } from '../certificate.ts';
import type { Coefficients, Evaluation } from '../coefficients.ts';
import type { Problem } from '../problem.ts';
import type { Run } from '../solver.ts';

/** Passes between two looks at the duality gap: a look costs about one pass itself. */
export const CHECK_EVERY = 10;
/** Objectives closer than this share of the null loss differ by rounding only. */
export const ROUNDING = 1e-15;
/** A method is stuck after this many looks without progress, if they are also this share of all looks. */
const FEWEST_IDLE = 50;
const IDLE_SHARE = 0.5;

/** One run of a solver that works in passes: counts, records, judges and knows when to stop. */
export class Progress {
  epochs = 0;
  readonly #problem: Problem;
  readonly #judged: Coefficients;
  readonly #run: Run;
  readonly #canStall: boolean;
  #now: Evaluation = { primal: Infinity, gap: Infinity, kkt: Infinity };
  #smallestGap = Infinity;
  #lowest = Infinity;
  #looks = 0;
  #idle = 0;

  /** @param canStall false: a method whose best iterate may rest for long */
  constructor(problem: Problem, judged: Coefficients, run: Run, canStall = true) {
    this.#problem = problem;
    this.#judged = judged;
    this.#run = run;
    this.#canStall = canStall;
  }

  /** Objective at the last look. */
  get primal(): number {
    return this.#now.primal;
  }

  /**
   * One pass is over; true when the run is over too.
   * @param look judge now; the last pass is judged in any case
   * @param coef the iterate, where it is not the judged vector itself
   */
  pass(look: boolean, coef: Pointer = this.#judged.coef): boolean {
    const { heap, p } = this.#problem;
    this.epochs++;
    if (coef !== this.#judged.coef) heap.f64(this.#judged.coef, p).set(heap.f64(coef, p));
    const over = (look || this.epochs >= this.#run.maxEpochs) && this.look();
    if (this.#run.record) {
      if (!look && !over) {
        const { index, values } = this.#judged.coefficients();
        this.#problem.residual(index, values, this.#judged.residual);
      }
      this.#run.record(this.#judged.objective(this.#run.lambda));
    }
    return over;
  }

  /** Judges the vector (its columns without penalty are refitted on the way); true when the run is over. */
  look(): boolean {
    const { lambda, tol, maxEpochs } = this.#run;
    const { nullLoss } = this.#problem;
    const now = this.#judged.evaluate(lambda);
    this.#now = now;
    const lower = now.primal < this.#lowest - ROUNDING * nullLoss;
    const closer = now.gap < this.#smallestGap;
    // Small steps down add up to one that counts.
    if (lower) this.#lowest = now.primal;
    if (closer) this.#smallestGap = now.gap;
    this.#looks++;
    this.#idle = lower || closer ? 0 : this.#idle + 1;
    return now.gap <= tol * (nullLoss > 0 ? nullLoss : 1) || this.#stalled || this.epochs >= maxEpochs;
  }

  certificate(): Certificate {
    const { tol } = this.#run;
    return certify({ ...this.#now, nullLoss: this.#problem.nullLoss, epochs: this.epochs, tol, stalled: this.#stalled });
  }

  get #stalled(): boolean {
    return this.#canStall && this.#idle >= Math.max(FEWEST_IDLE, IDLE_SHARE * this.#looks);
  }
}
