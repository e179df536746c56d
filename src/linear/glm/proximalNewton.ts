import type { Pointer } from '../../backend/kernels.ts';
import { select } from '../../core/select.ts';
import type { Certificate } from '../certificate.ts';
import type { Run, Solver } from '../solver.ts';
import { GlmJudge, type Verdict } from './glmJudge.ts';
import type { GlmProblem } from './glmProblem.ts';
import { GlmState } from './glmState.ts';
import { QuadraticModel } from './quadraticModel.ts';

/** A step is taken when the objective falls by at least this share of what its slope promises (Armijo). */
const ARMIJO = 0.01;
const SHORTEST = 1e-10;
/** What rounding leaves in a sum of losses. */
const ROUNDING = 4e-16;
/** The quadratic model is solved to this share of the present gap, */
const FORCING = 1e-6;
/** or of the gap that is asked for: its error must not decide. */
const ENOUGH = 1e-4;
/** A step that leaves a larger share of the gap was too coarse: the next model is solved more finely by this factor, */
const SLOW = 0.1;
const MORE_CARE = 0.03;
/** but not beyond rounding. */
const LEAST_CARE = 1e-10;
/** Coefficients that may leave zero by a jump in one step. */
const MOST_JUMPS = 20;
/** Damping falls by this factor with every full step, and grows with every shortened one, */
const DAMPING = 0.3;
const LEAST_DAMPING = 1e-6;
/** Share of what is asked for that the intercept's gradient may cost, for smooth losses and for those in pieces, whose dual point has sharper bounds. */
const UNBALANCED = 1e-3;
const UNBALANCED_PIECES = 1e-9;
/** The columns without penalty are few: Newton reaches rounding long before, where it would go on for ever. */
const NULL_EPOCHS = 100;
/** Steps without progress after which nothing more is to be had. */
const PATIENCE = 3;
/** Columns below this share of lambda wait until they violate: where lambda halves, the strong rule lets all columns in. */
const LEAST_LIMIT = 0.8;
/** Predictions are computed anew after so many steps. */
const REFRESH = 25;
/** Lambda falls by this factor between the steps of `descend`, */
const DESCENT = 0.5;
/** each solved to this relative gap. */
const DESCENT_TOL = 1e-2;
/** Below this share of the largest lambda the support hardly changes. */
const DESCENT_DEPTH = 1e-4;

/**
 * The solver of generalised linear models with separable penalties: proximal Newton on a working set (Friedman, Hastie, Tibshirani 2010; Johnson and
 * Guestrin 2015). Per pass: (1) gradients of all columns, duality gap, violators join; (2) the quadratic model of the loss with the penalty is
 * minimised over the working set, the intercept eliminated by centring under the model's weights; (3) line search on the objective itself.
 * One object serves one problem at any sequence of lambdas; each solve starts from the last solution.
 */
export class ProximalNewton implements Solver {
  readonly #problem: GlmProblem;
  readonly #state: GlmState;
  readonly #judge: GlmJudge;
  readonly #model: QuadraticModel;
  readonly #coef: Pointer;
  readonly #direction: Pointer;
  readonly #member: Uint8Array;
  #members = new Int32Array(0);
  #last = Infinity;
  /** Solution before the last one, by column, and how far lambda fell between the two. */
  readonly #before: Float64Array;
  #interceptBefore = 0;
  #fall = 0;
  #stepsSinceRefresh = 0;
  #care = 1;
  /** How much of the curvature of parabolas above linear pieces the models keep. */
  #damping = 1;
  /** Loss of the null model: intercept and columns without penalty. */
  readonly nullLoss: number;
  readonly #largest: number;

  constructor(problem: GlmProblem) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.#coef = frame.f64(p);
    this.#direction = frame.f64(n);
    this.#member = new Uint8Array(p);
    this.#before = new Float64Array(p);
    this.#state = new GlmState(problem);
    this.#state.settle();
    this.#model = new QuadraticModel(problem, this.#state, this.#coef);
    this.#judge = new GlmJudge(problem, this.#state, this.#coef);
    this.#join(this.#judge.unpenalised);
    this.nullLoss = this.#state.loss;
    if (this.#members.length > 0) this.solve({ lambda: Infinity, tol: 0, maxEpochs: NULL_EPOCHS });
    this.nullLoss = this.#state.loss;
    this.#judge.lookAtAll();
    this.#largest = this.#judge.largestLambda();
  }

  get intercept(): number {
    return this.#state.intercept;
  }

  /** sum w phi at the present coefficients. */
  get loss(): number {
    return this.#state.loss;
  }

  /** Columns (ascending) and values of the coefficients that are not zero. */
  coefficients(): { index: Int32Array; values: Float64Array } {
    const coef = this.#problem.heap.f64(this.#coef, this.#problem.p);
    const index = this.#members.filter((j) => coef[j] !== 0).sort();
    return { index, values: select(coef, index) };
  }

  /** Predictions of all rows, offset included: a view, good until the next step. */
  predictions(): Float64Array {
    return this.#problem.heap.f64(this.#state.f, this.#problem.n);
  }

  /** Smallest lambda at which every penalised coefficient is zero. */
  largestLambda(): number {
    return this.#largest;
  }

  /** Minimises at one small lambda by way of larger ones, so that the working set grows instead of being guessed. */
  descend(run: Run): Certificate {
    let epochs = 0;
    for (let above = this.largestLambda() * DESCENT; above * DESCENT > run.lambda && epochs < run.maxEpochs; above *= DESCENT) {
      const maxEpochs = run.maxEpochs - epochs;
      epochs += this.solve({ ...run, lambda: above, tol: Math.max(run.tol, DESCENT_TOL), maxEpochs }).epochs;
      if (above < DESCENT_DEPTH * this.largestLambda()) break;
    }
    const certificate = this.solve({ ...run, maxEpochs: Math.max(1, run.maxEpochs - epochs) });
    return { ...certificate, epochs: certificate.epochs + epochs };
  }

  solve({ lambda, tol, maxEpochs, record }: Run): Certificate {
    const judge = this.#judge;
    judge.readmit();
    this.#foresee(lambda);
    const limit = lambda < this.#last && this.#last < Infinity ? Math.max(2 * lambda - this.#last, LEAST_LIMIT * lambda) : lambda;
    judge.look(this.#members, limit);
    this.#join(judge.beyond(limit));
    this.#last = lambda;
    const { name } = this.#problem.loss;
    const unbalanced = name === 'huber' || name === 'squaredHinge' ? UNBALANCED_PIECES : UNBALANCED;
    let epochs = 0;
    let idle = 0;
    let verdict = judge.judge(lambda, tol, this.nullLoss);
    for (;;) {
      if (isEnough(verdict, tol) || epochs >= maxEpochs || idle >= PATIENCE) break;
      this.#join(verdict.violators);
      if (this.#problem.penalty.code === 3) this.#jump(lambda, verdict.violators);
      const progress = this.#step(lambda, this.#care * Math.max(FORCING * verdict.rest, ENOUGH * verdict.enough));
      epochs += progress.epochs;
      const before = verdict;
      // What the intercept's gradient costs is known to second order only, so that it must not matter.
      this.#state.balance(unbalanced * Math.max(Math.min(verdict.rest, verdict.enough), 0));
      judge.look(this.#members, lambda);
      verdict = judge.judge(lambda, tol, this.nullLoss);
      record?.(verdict.primal);
      // Small steps of slow coordinates look like the end of the model's minimisation: where the gap hardly falls, it is taken further.
      const care = this.#care;
      this.#care = verdict.rest > SLOW * before.rest ? Math.max(care * MORE_CARE, LEAST_CARE) : Math.min(care / MORE_CARE, 1);
      const better = verdict.rest < 0.9 * before.rest || verdict.kkt < 0.9 * before.kkt || verdict.violators.length > 0;
      // What a coarse model cannot gain a finer one may.
      if (better || progress.decrease > ROUNDING * Math.abs(verdict.primal)) idle = 0;
      else if (care === LEAST_CARE) idle++;
    }
    return judge.certificate(verdict, { lambda, tol, epochs, nullLoss: this.nullLoss, stalled: epochs < maxEpochs });
  }

  /** Moves on along the line through the last two solutions, as far as lambda falls, where that lowers the objective. */
  #foresee(lambda: number): void {
    const { heap, p } = this.#problem;
    const [members, state, before] = [this.#members, this.#state, this.#before];
    const now = select(heap.f64(this.#coef, p), members);
    const share = (this.#last - lambda) / this.#fall;
    const intercept = share * (state.intercept - this.#interceptBefore);
    const ahead = now.map((b, k) => {
      const was = before[members[k]];
      const next = b + share * (b - was);
      return b === 0 || was === 0 ? b : next * b > 0 ? this.#within(members[k], next) : 0;
    });
    this.#fall = this.#last - lambda;
    this.#interceptBefore = state.intercept;
    for (const [k, j] of members.entries()) before[j] = now[k];
    if (!(share > 0 && share < 2)) return;
    const objective = state.loss + this.#judge.penaltyValue(lambda, members);
    this.#put(members, ahead);
    const change = ahead.map((b, k) => b - now[k]);
    this.#combine(members, change, intercept);
    if (state.try(this.#direction, 1) + this.#judge.penaltyValue(lambda, members) < objective) {
      state.accept();
      state.intercept += intercept;
    } else this.#put(members, now);
  }

  #within(j: number, b: number): number {
    const { heap, p, lower, upper } = this.#problem;
    return lower ? Math.max(heap.f64(lower, p)[j], Math.min(heap.f64(upper, p)[j], b)) : b;
  }

  #put(members: Int32Array, values: Float64Array): void {
    const coef = this.#problem.heap.f64(this.#coef, this.#problem.p);
    for (const [k, j] of members.entries()) coef[j] = values[k];
  }

  /** One Newton step on the working set; how much the objective fell. */
  #step(lambda: number, enough: number): { epochs: number; decrease: number } {
    const { heap, kernels, p, n } = this.#problem;
    const state = this.#state;
    const members = this.#members;
    const old = select(heap.f64(this.#coef, p), members);
    const before = this.#judge.penaltyValue(lambda, members);
    // The null model has members without penalty only.
    const { epochs, total } = this.#model.minimise(lambda === Infinity ? 0 : lambda, members, enough, this.#damping);
    const moved = select(heap.f64(this.#coef, p), members);
    const change = moved.map((b, k) => b - old[k]);
    this.#combine(members, change, total);
    const promised = this.#judge.penaltyValue(lambda, members) - before - kernels.dot(state.r, this.#direction, n);
    const slack = ROUNDING * Math.abs(state.loss + before);
    const objective = state.loss + before;
    for (let t = 1; t > SHORTEST; t /= 2) {
      if (t < 1) {
        this.#put(
          members,
          old.map((b, k) => b + t * change[k]),
        );
      }
      const reached =
        state.try(this.#direction, t) + (t < 1 ? this.#judge.penaltyValue(lambda, members) : this.#judge.lastPenalty);
      if (reached <= objective + ARMIJO * t * Math.min(promised, 0) + slack) {
        state.accept();
        state.intercept += t * total;
        this.#damping = t < 1 ? Math.min(this.#damping / DAMPING, 1) : Math.max(this.#damping * DAMPING, LEAST_DAMPING);
        if (++this.#stepsSinceRefresh >= REFRESH) {
          const { index, values } = this.coefficients();
          state.recompute(index, values);
          this.#stepsSinceRefresh = 0;
        }
        return { epochs, decrease: objective - reached };
      }
    }
    this.#put(members, old);
    this.#damping = 1;
    return { epochs, decrease: 0 };
  }

  /** Lp has no tangent at zero: coefficients leave it one by one, to the minimum along their coordinate, where that lowers the objective. */
  #jump(lambda: number, columns: readonly number[]): void {
    const { heap, p, n, kernels } = this.#problem;
    const judge = this.#judge;
    for (const j of columns.slice(0, MOST_JUMPS)) {
      const member = Int32Array.of(j);
      const { mean, curvature } = this.#model.momentsOf(j);
      const to = Float64Array.of(judge.jumpOf(j, lambda, curvature));
      // The intercept goes along, as the curvature about the mean supposes.
      const shift = -mean * to[0];
      this.#combine(member, to, shift);
      const gain = kernels.dot(this.#state.r, this.#direction, n);
      heap.f64(this.#coef, p)[j] = to[0];
      const objective = this.#state.loss;
      if (gain > 0 && this.#state.try(this.#direction, 1) + judge.penaltyValue(lambda, member) < objective) {
        this.#state.accept();
        this.#state.intercept += shift;
      } else {
        heap.f64(this.#coef, p)[j] = 0;
        judge.refuse(j);
      }
    }
  }

  /** direction = shift + sum change_k x_members[k] */
  #combine(members: Int32Array, change: Float64Array, shift: number): void {
    const { frame, heap, columns, n } = this.#problem;
    const moved = Int32Array.from(members.keys()).filter((k) => change[k] !== 0);
    heap.f64(this.#direction, n).fill(shift);
    const list = frame.put(select(members, moved));
    const values = frame.put(select(change, moved));
    columns.combine(list, values, moved.length, this.#direction);
    frame.release(values);
    frame.release(list);
  }

  #join(columns: ArrayLike<number>): void {
    const fresh: number[] = [];
    for (let k = 0; k < columns.length; k++) {
      const j = columns[k];
      if (this.#member[j]) continue;
      this.#member[j] = 1;
      fresh.push(j);
    }
    if (fresh.length === 0) return;
    const larger = new Int32Array(this.#members.length + fresh.length);
    larger.set(this.#members);
    larger.set(fresh, this.#members.length);
    this.#members = larger.sort();
  }
}

/** A gap, or where there is none the conditions of optimality themselves. */
function isEnough({ gap, kkt, rest, enough, violators }: Verdict, tol: number): boolean {
  return Number.isNaN(gap) ? kkt <= tol && violators.length === 0 : rest <= enough;
}
