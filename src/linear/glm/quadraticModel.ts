import type { Pointer } from '../../backend/kernels.ts';
import { select } from '../../core/select.ts';
import type { GlmProblem } from './glmProblem.ts';
import type { GlmState } from './glmState.ts';
import { GramModel } from './gramModel.ts';
import { bendOf, pullOf } from './penaltyKind.ts';

/** The model's curvature must exceed what the penalty takes off it by this factor. */
const MARGIN = 1.1;
/** A Gram matrix of this many columns costs nothing. */
const FEW = 24;
/** A larger support gets one where it has taken more epochs than it costs: these many for each column of dense and of sparse data, */
const EPOCHS_PER_COLUMN = { dense: 0.1, sparse: 0.5 };
/** if it is no larger than this. */
const MOST_COLUMNS = 1200;
/** Epochs for one model: what is left is the next step's. */
const MOST_EPOCHS = 1000;

/**
 * The quadratic model of the loss at the present predictions, with the penalty, over a working set:
 *
 *   -r'X d + 1/2 sum h (d0 + X d)^2 + penalty(b + d)
 *
 * divided by H = sum h, so that h / H are weights and the intercept d0 goes by centring under them.
 */
export class QuadraticModel {
  readonly #problem: GlmProblem;
  readonly #state: GlmState;
  readonly #coef: Pointer;
  readonly #weights: Pointer;
  readonly #u: Pointer;
  readonly #mean: Pointer;
  readonly #second: Pointer;
  readonly #total: Pointer;
  readonly #list: Pointer;
  readonly #active: Pointer;
  /** Strengths of the penalty's tangents, by column; 0 where it is convex. */
  readonly #tangent: Pointer;
  /** The last model was a hard one. */
  #hard = false;

  constructor(problem: GlmProblem, state: GlmState, coef: Pointer) {
    const { frame, n, p } = problem;
    this.#problem = problem;
    this.#state = state;
    this.#coef = coef;
    this.#weights = frame.f64(n);
    this.#u = frame.f64(n);
    this.#mean = frame.f64(p);
    this.#second = frame.f64(p);
    this.#total = frame.f64(1);
    this.#list = frame.i32(p);
    this.#active = frame.i32(p);
    this.#tangent = problem.penalty.convex ? 0 : frame.f64(p);
  }

  /** Minimises over the coefficients of the members, in place, until no coordinate gains more than `enough`; returns the step of the intercept. `damping`: see `#soften`. */
  minimise(lambda: number, members: Int32Array, enough: number, damping: number): { epochs: number; total: number } {
    const { kernels, heap, columns, n, p, shape, penalty } = this.#problem;
    const count = members.length;
    heap.i32(this.#list, count).set(members);
    heap.f64(this.#weights, n).set(heap.f64(this.#state.h, n));
    if (this.#problem.loss.name === 'huber') this.#soften(damping);
    const mass = kernels.sum(this.#weights, n);
    kernels.scale(1 / mass, this.#weights, n);
    heap.f64(this.#u, n).set(heap.f64(this.#state.r, n));
    kernels.scale(1 / mass, this.#u, n);
    columns.moments(this.#weights, this.#mean, this.#second, this.#list, count);
    const mean = heap.f64(this.#mean, p);
    const second = heap.f64(this.#second, p);
    const total = heap.f64(this.#total, 1);
    if (shape.fitIntercept) total[0] = kernels.sum(this.#u, n);
    else {
      total[0] = 0;
      for (const j of members) {
        second[j] += mean[j] * mean[j];
        mean[j] = 0;
      }
    }
    const { l2, lower, upper, spread } = this.#problem;
    const exact = penalty.convex || this.#staysConvex(lambda, members, mass);
    const l1 = exact ? this.#problem.l1 : this.#tangents(lambda, members);
    const code = exact ? penalty.code : 0;
    const epoch = (index: Pointer, size: number) =>
      mass *
      columns.epoch({
        index,
        count: size,
        w: this.#weights,
        mean: this.#mean,
        second: this.#second,
        lambda: lambda / mass,
        l1,
        l2,
        lower,
        upper,
        coef: this.#coef,
        u: this.#u,
        total: this.#total,
        penalty: code,
        shape: penalty.shape,
        spread,
        mass,
      });
    const patience = EPOCHS_PER_COLUMN[columns.layout];
    let epochs = 0;
    let gram: GramModel | undefined;
    while (epochs < MOST_EPOCHS) {
      epochs++;
      if (epoch(this.#list, count) <= enough) break;
      const active = members.filter((j) => heap.f64(this.#coef, p)[j] !== 0);
      const size = active.length;
      const limit = size <= FEW || this.#hard ? 0 : Math.ceil(patience * size);
      heap.i32(this.#active, size).set(active);
      let settled = size === 0;
      for (let k = 0; !settled && (k < limit || size > MOST_COLUMNS) && epochs < MOST_EPOCHS; k++) {
        epochs++;
        settled = epoch(this.#active, size) <= enough;
      }
      if (settled || size > MOST_COLUMNS) continue;
      this.#hard = true;
      gram ??= new GramModel(this.#problem, this.#weights, this.#mean, l1, code);
      gram.include(active);
      epochs += this.#solveByGram(gram, lambda / mass, mass, enough);
    }
    gram?.release();
    if (epochs < FEW) this.#hard = false;
    return { epochs, total: heap.f64(this.#total, 1)[0] };
  }

  /** Mean of a column under the present curvatures (0 without intercept), and sum h (x - mean)^2. */
  momentsOf(j: number): { mean: number; curvature: number } {
    const { frame, kernels, heap, columns, n, p, shape } = this.#problem;
    const mass = this.#state.mass();
    heap.f64(this.#weights, n).set(heap.f64(this.#state.h, n));
    kernels.scale(1 / mass, this.#weights, n);
    const list = frame.put(Int32Array.of(j));
    columns.moments(this.#weights, this.#mean, this.#second, list, 1);
    frame.release(list);
    const [mean, second] = [heap.f64(this.#mean, p)[j], heap.f64(this.#second, p)[j]];
    return shape.fitIntercept ? { mean, curvature: mass * second } : { mean: 0, curvature: mass * (second + mean * mean) };
  }

  /** The parabola above a linear piece of Huber's loss bends, the piece does not: anything between is a model of it. */
  #soften(damping: number): void {
    const { heap, n, loss, response } = this.#problem;
    const [h, f, y] = [heap.f64(this.#weights, n), heap.f64(this.#state.f, n), heap.f64(response, n)];
    for (let i = 0; i < n; i++) if (Math.abs(f[i] - y[i]) > loss.parameter) h[i] *= damping;
  }

  /** Whether quadratic model and penalty together are convex in each coefficient: then its minimum is the same for every way there. */
  #staysConvex(lambda: number, members: Int32Array, mass: number): boolean {
    const { heap, p, penalty, l1, spread } = this.#problem;
    const [second, strength] = [heap.f64(this.#second, p), heap.f64(l1, p)];
    const sd = spread ? heap.f64(spread, p) : undefined;
    return members.every((j) => {
      const s = sd ? sd[j] : 1;
      return strength[j] === 0 || (mass * second[j]) / (s * s) > MARGIN * bendOf(penalty, (lambda * strength[j]) / s);
    });
  }

  /** Local linear approximation (Zou and Li 2008): the tangents of the penalty at the present coefficients, as strengths of an L1 penalty. */
  #tangents(lambda: number, members: Int32Array): Pointer {
    const { heap, p, penalty, kernels, l1, spread } = this.#problem;
    const [coef, strength, tangent] = [heap.f64(this.#coef, p), heap.f64(l1, p), heap.f64(this.#tangent, p)];
    const sd = spread ? heap.f64(spread, p) : undefined;
    for (const j of members) {
      const s = sd ? sd[j] : 1;
      tangent[j] =
        strength[j] === 0 ? 0 : (s * pullOf(penalty, (lambda * strength[j]) / s, Math.abs(coef[j]) * s, kernels)) / lambda;
    }
    return this.#tangent;
  }

  #solveByGram(gram: GramModel, lambda: number, mass: number, enough: number): number {
    const { frame, kernels, heap, columns, n, p } = this.#problem;
    const members = gram.columns;
    const m = members.length;
    const list = frame.put(members);
    const values = frame.f64(m);
    columns.dots(list, m, this.#u, values);
    const total = heap.f64(this.#total, 1)[0];
    const mean = heap.f64(this.#mean, p);
    const q = heap.f64(values, m).map((g, k) => g - mean[members[k]] * total);
    const old = select(heap.f64(this.#coef, p), members);
    const coef = old.slice();
    const epochs = gram.solve(lambda, mass, coef, q, enough);
    const fit = frame.f64(n);
    let shift = 0;
    const change = heap.f64(values, m);
    const all = heap.f64(this.#coef, p);
    for (let k = 0; k < m; k++) {
      change[k] = old[k] - coef[k];
      shift += change[k] * heap.f64(this.#mean, p)[members[k]];
      all[members[k]] = coef[k];
    }
    columns.combine(list, values, m, fit);
    kernels.multiply(this.#weights, fit, fit, n);
    kernels.axpy(1, fit, this.#u, n);
    heap.f64(this.#total, 1)[0] += shift;
    for (const pointer of [fit, values, list]) frame.release(pointer);
    return epochs;
  }
}
