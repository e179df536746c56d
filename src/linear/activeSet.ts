import type { Pointer } from '../backend/kernels.ts';
import { select } from '../core/select.ts';
import { type Certificate, certify } from './certificate.ts';
import { penaltyViolation } from './penalty.ts';
import type { Problem } from './problem.ts';
import { ResidualSpan } from './residualSpan.ts';
import type { Run, Solver } from './solver.ts';
import { SupportNewton } from './supportNewton.ts';
import { WorkingSet } from './workingSet.ts';
import { WorkingSetJudge } from './workingSetJudge.ts';

/** Columns this close below their threshold count as possibly equicorrelated. */
const EQUICORRELATED = 1e-7;
/** A Gram row costs as much as this many passes over a column are worth: it answers for all later lambdas too. */
const JOINING_GAIN = 4;
/** Columns this close below their threshold join the working set with the next violators: their turn comes within a few lambdas. */
const SOON = 0.05;
/** Members below this share of their threshold are the first to leave. */
const FAR = 0.97;
/** A pass over all columns pays when more than this share of them would be looked at one by one. */
const RELEARN_SHARE = 0.15;

/** Lambda falls by this factor between the steps of `descend`, */
const DESCENT = 0.6;
/** each solved to this relative gap, */
const DESCENT_TOL = 1e-3;
/** down to this share of the largest lambda: below, the support hardly changes. */
const DESCENT_DEPTH = 1e-4;

interface Violator {
  /** Slot of a member, or column of an outsider. */
  at: number;
  excess: number;
}

const NOTHING_OUTSIDE = { ratio: 1 };

/** What the last look at the columns outside the working set found. */
interface Outside {
  violators: Violator[];
  /** Largest |gradient| / threshold among them, at least 1. */
  ratio: number;
  /** Columns within EQUICORRELATED of their threshold, not violating. */
  close: number[];
  /** Columns within SOON of their threshold, not violating. */
  soon: number[];
  /** The few columns in question became members instead: they answer for themselves now. */
  joined: boolean;
}

/**
 * The solver behind `'auto'`: Newton steps on the support, a working-set Gram matrix that never touches the data twice, and bounds that
 * certify all other columns. One object serves one problem at any sequence of lambdas; each solve starts from the last solution.
 *
 * Per lambda: (1) on the support with its signs the solution is one linear system; walk towards it, dropping coefficients that reach zero
 * (Osborne, Presnell, Turlach 2000). (2) Members of the working set that violate optimality enter, back to 1. (3) Columns outside it that
 * the bounds of `ResidualSpan` cannot exclude are evaluated; violators join, back to 1. (4) What is left is the solution to rounding, and
 * every column has been certified, so that the duality gap is rigorous.
 */
export class ActiveSet implements Solver {
  readonly #problem: Problem;
  readonly #set: WorkingSet;
  readonly #newton: SupportNewton;
  readonly #judge: WorkingSetJudge;
  readonly #span: ResidualSpan;
  readonly #residual: Pointer;
  readonly #direction: Pointer;
  readonly #values: Pointer;

  constructor(problem: Problem) {
    const { frame, n } = problem;
    this.#problem = problem;
    this.#set = new WorkingSet(problem);
    this.#newton = new SupportNewton(problem, this.#set);
    this.#judge = new WorkingSetJudge(problem, this.#set, this.#newton);
    this.#span = new ResidualSpan(problem, this.#set);
    this.#residual = frame.uninitialised(n * 8);
    this.#direction = frame.uninitialised(n * 8);
    this.#values = this.#span.centre;
    this.#join(unpenalised(problem));
  }

  /** Columns and values of the coefficients that are not zero, by column. */
  coefficients(): { index: Int32Array; values: Float64Array } {
    const { columns, coef } = this.#set;
    const slots = this.#set.nonzero().sort((a, b) => columns[a] - columns[b]);
    return { index: select(columns, slots), values: select(coef, slots) };
  }

  /** Largest |gradient| / l1 over all penalised columns on the sides that their bounds leave open: with the coefficients at zero, lambda max. */
  steepest(): number {
    const { heap, p, correlation, l1, lower, upper } = this.#problem;
    const active = this.#residualInto(this.#residual);
    if (active > 0) this.#problem.correlate(this.#residual, 0, p, this.#values);
    const g = heap.f64(active > 0 ? this.#values : correlation, p);
    const threshold = heap.f64(l1, p);
    const low = lower ? heap.f64(lower, p) : undefined;
    const high = upper ? heap.f64(upper, p) : undefined;
    let most = 0;
    for (let j = 0; j < p; j++) {
      const size = Math.abs(g[j]);
      if (!(threshold[j] > 0 && size > most * threshold[j])) continue;
      const open = g[j] > 0 ? !high || high[j] > 0 : !low || low[j] < 0;
      if (open && size > this.#judge.noise(j)) most = size / threshold[j];
    }
    return most;
  }

  /** Minimises at one small lambda by way of larger ones, so that the support grows instead of being guessed. */
  descend(run: Run): Certificate {
    let epochs = this.solve({ ...run, lambda: Infinity }).epochs;
    const largest = this.steepest();
    const last = Math.max(run.lambda, largest * DESCENT_DEPTH);
    for (let above = largest * DESCENT; above * DESCENT > last; above *= DESCENT) {
      const maxEpochs = run.maxEpochs - epochs;
      epochs += this.solve({ ...run, lambda: above, tol: Math.max(run.tol, DESCENT_TOL), maxEpochs }).epochs;
    }
    const certificate = this.solve({ ...run, maxEpochs: run.maxEpochs - epochs });
    epochs += certificate.epochs;
    if (certificate.status === 'maxEpochs') return { ...certificate, epochs };
    return this.#sharpen(run, epochs);
  }

  /**
   * Gradients of the members from the residual itself instead of the Gram matrix, whose squared condition limits them; then the Newton
   * step that is left. Twice restores full accuracy (iterative refinement).
   */
  #sharpen({ lambda, tol, record }: Run, epochs: number): Certificate {
    const { frame, heap } = this.#problem;
    const set = this.#set;
    const list = frame.put(set.columns.subarray(0, set.size));
    for (let pass = 0; pass < 3 && set.size > 0; pass++) {
      this.#residualInto(this.#residual);
      this.#problem.correlate(this.#residual, list, set.size, this.#values);
      set.q.set(heap.f64(this.#values, set.size));
      if (pass < 2) epochs += this.#newton.run(record && (() => record(this.#judge.primal(lambda)))).solves;
    }
    frame.release(list);
    // Where nothing was left to step towards, the last lambda has not been recorded yet.
    record?.(this.#judge.primal(lambda));
    return this.#certificate(lambda, tol, epochs, this.#outside(lambda), true);
  }

  /** Minimises from the present coefficients. lambda = Infinity: only columns without penalty. A pass is one linear system. */
  solve({ lambda, tol, maxEpochs, record }: Run): Certificate {
    const set = this.#set;
    const newton = this.#newton;
    set.refresh();
    newton.begin(lambda);
    const enoughGap = tol * this.#problem.nullLoss;
    let epochs = 0;
    let entered: number[] = [];
    for (;;) {
      const { solves, moved } = newton.run(record && (() => record(this.#judge.primal(lambda))));
      epochs += solves;
      if (epochs >= maxEpochs) return this.#certificate(lambda, tol, epochs, this.#outside(lambda), false);
      // Several at once may all turn out to have the wrong sign; the one that violates most never does, unless only by rounding.
      const stuck = entered.length > 0 && !moved;
      if (moved) newton.reconsider();
      if (stuck && entered.length === 1) newton.leaveOut(entered[0]);
      const most = stuck ? 1 : Math.max(10, newton.size >> 1);

      const inside = this.#violatingMembers(lambda, most);
      const coarse = inside.length > 0 && this.#judge.gap(lambda, NOTHING_OUTSIDE) <= enoughGap;
      if (inside.length > 0 && !coarse) {
        entered = newton.enter(inside);
        continue;
      }
      const outside = this.#outside(lambda);
      const joined = outside.joined ? this.#violatingMembers(lambda, most) : [];
      if (joined.length > 0 && this.#judge.gap(lambda, NOTHING_OUTSIDE) > enoughGap) {
        entered = newton.enter(joined);
        continue;
      }
      const settled = !coarse && outside.violators.length === 0;
      if (settled || this.#judge.gap(lambda, outside) <= enoughGap) return this.#certificate(lambda, tol, epochs, outside, true);
      entered = newton.enter(inside);
      const entering = mostViolating(outside.violators, most);
      const joining = Int32Array.from([...entering.map((v) => v.at), ...outside.soon]);
      this.#makeRoom(joining.length, lambda);
      const first = set.size;
      this.#join(joining);
      if (inside.length === 0) entered = newton.enter(entering.map((_, k) => first + k));
    }
  }

  /** The coefficients at lambda = 0 if support and signs stay as they are: b + lambda (G_AA)^-1 s. Only a look ahead, nothing changes. */
  extrapolated(lambda: number): { index: Int32Array; values: Float64Array } {
    const { columns, coef } = this.#set;
    const step = this.#newton.pathStep();
    const ahead = this.#newton.slots
      .map((slot, k) => ({ j: columns[slot], b: coef[slot] + lambda * step[k] }))
      .sort((a, b) => a.j - b.j);
    return { index: Int32Array.from(ahead, ({ j }) => j), values: Float64Array.from(ahead, ({ b }) => b) };
  }

  /** Whether the solution at lambda is the only one; see `Certificate.unique`. */
  isUnique(lambda: number): boolean {
    return this.#isUnique(lambda, this.#outside(lambda).close);
  }

  #join(columns: Int32Array): void {
    if (columns.length === 0) return;
    const first = this.#set.size;
    this.#set.add(columns);
    this.#span.leave(first);
    this.#newton.extend();
  }

  /** Before the working set grows beyond its room, members far from their threshold leave it. */
  #makeRoom(count: number, lambda: number): void {
    const set = this.#set;
    if (set.size + count <= set.room) return;
    const q = set.q;
    const columns = set.columns.slice(0, set.size);
    const near = (k: number) => Math.abs(q[k]) >= FAR * lambda * set.l1[k];
    const moved = set.evict((k) => this.#newton.isInvolved(k) || near(k));
    this.#span.renumber(moved, columns);
    this.#newton.renumber(moved);
  }

  /** Slots of the members that violate optimality most. */
  #violatingMembers(lambda: number, most: number): number[] {
    const set = this.#set;
    const q = set.q;
    const found: Violator[] = [];
    for (let k = 0; k < set.size; k++) {
      if (this.#newton.isSettled(k) || (set.coef[k] === 0 && Math.abs(q[k]) <= lambda * set.l1[k])) continue;
      const excess = penaltyViolation(this.#judge.penalty(k, lambda), set.coef[k], q[k]);
      if (excess > this.#judge.tolerance(set.columns[k], lambda)) found.push({ at: k, excess });
    }
    return mostViolating(found, most).map((v) => v.at);
  }

  /** Looks at the columns outside the working set: by bounds first, then one by one, or all of them when that is cheaper. */
  #outside(lambda: number): Outside {
    const { heap, p } = this.#problem;
    const span = this.#span;
    const limit = lambda * (1 - 10 * EQUICORRELATED);
    const outsiders = p - this.#set.size;
    let count = lambda === Infinity ? 0 : span.screen(limit);
    const outside: Outside = { violators: [], ratio: 1, close: [], soon: [], joined: false };
    if (count === 0) return outside;
    if (count > RELEARN_SHARE * outsiders && count > 16) {
      this.#residualInto(this.#residual);
      const step = this.#newton.pathDirection(this.#direction);
      span.learn(this.#residual, this.#direction, this.#set.q.slice(), this.#set.product(this.#newton.slots, step));
      count = span.screen(limit);
      span.gatherCentres(count);
    } else if (count * this.#set.size <= JOINING_GAIN * (this.#newton.size + count)) {
      const listed = heap.i32(span.list, count).slice();
      this.#makeRoom(count, lambda);
      this.#join(listed);
      outside.joined = true;
      return outside;
    } else {
      this.#residualInto(this.#residual);
      this.#problem.correlate(this.#residual, span.list, count, this.#values);
    }
    const list = heap.i32(span.list, count);
    const g = heap.f64(this.#values, count);
    const l1 = heap.f64(this.#problem.l1, p);
    const penalties = this.#problem.penalties(lambda);
    for (let k = 0; k < count; k++) {
      const size = Math.abs(g[k]);
      const threshold = lambda * l1[list[k]];
      if (size < threshold * (1 - EQUICORRELATED)) {
        if (size > threshold * (1 - SOON)) outside.soon.push(list[k]);
        continue;
      }
      const penalty = penalties(list[k]);
      const excess = penaltyViolation(penalty, 0, g[k]);
      if (excess > this.#judge.tolerance(list[k], lambda)) {
        outside.violators.push({ at: list[k], excess });
        outside.ratio = Math.max(outside.ratio, size / penalty.l1);
      } else outside.close.push(list[k]);
    }
    return outside;
  }

  /** y~ - Z b; returns how many coefficients are not zero. */
  #residualInto(out: Pointer): number {
    const slots = this.#set.nonzero();
    this.#problem.residual(select(this.#set.columns, slots), select(this.#set.coef, slots), out);
    return slots.length;
  }

  #certificate(lambda: number, tol: number, epochs: number, outside: Outside, stalled: boolean): Certificate {
    const { nullLoss } = this.#problem;
    const set = this.#set;
    const q = set.q;
    const settled = outside.violators.length === 0 && this.#violatingMembers(lambda, 1).length === 0;
    const primal = this.#judge.primal(lambda);
    let worst = 0;
    for (let k = 0; k < set.size; k++) {
      const penalty = this.#judge.penalty(k, lambda);
      worst = Math.max(worst, penaltyViolation(penalty, set.coef[k], q[k]) / this.#judge.scale(set.columns[k]));
    }
    for (const { at, excess } of outside.violators) worst = Math.max(worst, excess / this.#judge.scale(at));
    const gap = this.#judge.gap(lambda, outside);
    const kkt = worst === 0 ? 0 : worst / (lambda > 0 && lambda < Infinity ? lambda : Math.max(this.steepest(), worst));
    const unique = settled ? this.#isUnique(lambda, outside.close) : undefined;
    return certify({ primal, gap, nullLoss, kkt, epochs, tol, stalled, unique });
  }

  /** Whether the columns that may carry weight are independent: the support is, so only those at their threshold with zero weight matter. */
  #isUnique(lambda: number, outside: number[]): boolean {
    const set = this.#set;
    const q = set.q;
    const close: number[] = [];
    for (let k = 0; k < set.size; k++) {
      const { l1, l2 } = this.#judge.penalty(k, lambda);
      const reaches = set.coef[k] === 0 && Math.abs(q[k]) >= l1 * (1 - EQUICORRELATED);
      if (l2 === 0 && reaches && !this.#newton.slots.includes(k)) close.push(k);
    }
    const soft = this.#problem.heap.f64(this.#problem.l2, this.#problem.p);
    const joining = Int32Array.from(outside.filter((j) => soft[j] === 0));
    if (joining.length > 0) {
      const first = set.size;
      this.#join(joining);
      for (let k = 0; k < joining.length; k++) close.push(first + k);
    }
    return this.#newton.independentWith(close);
  }
}

/** Columns that no lambda keeps out. */
function unpenalised({ heap, p, l1, l2 }: Problem): Int32Array {
  const first = heap.f64(l1, p);
  const second = heap.f64(l2, p);
  return Int32Array.from({ length: p }, (_, j) => j).filter((j) => first[j] === 0 && second[j] === 0);
}

/** The `count` largest excesses, largest first. */
function mostViolating(violators: Violator[], count: number): Violator[] {
  if (violators.length > count) {
    const sorted = Float64Array.from(violators, (v) => -v.excess).sort();
    violators = violators.filter((v) => -v.excess <= sorted[count - 1]);
  }
  return violators.sort((a, b) => b.excess - a.excess || a.at - b.at).slice(0, count);
}
