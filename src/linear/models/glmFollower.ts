import { select } from '../../core/select.ts';
import type { Certificate } from '../certificate.ts';
import type { GlmProblem } from '../glm/glmProblem.ts';
import { ProximalNewton } from '../glm/proximalNewton.ts';
import type { Recipe } from '../options.ts';
import type { Run } from '../solver.ts';
import type { Family, Target } from './family.ts';
import type { Follower, PathVisit } from './follower.ts';

/** Without a penalty the fit goes on for so many passes, to see whether it stands still. */
const FURTHER = 200;
/** Predictions (in logits) that then still grow by this much, while none falls by more than that share of it, will grow for ever. */
const GROWING = 1;
const FALLING = 1e-3;

/**
 * Follows a path by proximal Newton. Gaps are relative to the loss of the null model above the smallest loss that its responses allow (not 0 for
 * Poisson), which is half its mean deviance.
 */
export class GlmFollower implements Follower {
  readonly #problem: GlmProblem;
  readonly #solver: ProximalNewton;
  readonly #ridge: boolean;
  readonly floor: number;
  readonly scale: number;

  constructor(problem: GlmProblem, family: Pick<Family<unknown, unknown>, 'floor'>, target: Target, { l1Ratio }: Recipe) {
    this.#problem = problem;
    this.#solver = new ProximalNewton(problem);
    this.#ridge = l1Ratio === 0;
    this.floor = 0;
    if (family.floor) {
      const weights = this.#weights();
      for (const [i, y] of target.response.entries()) if (weights(i) > 0) this.floor += weights(i) * family.floor(y);
    }
    this.scale = Math.max(this.#solver.nullLoss - this.floor, 0);
  }

  largestLambda(): number {
    return this.#solver.largestLambda();
  }

  predictions(): Float64Array {
    return this.#solver.predictions();
  }

  visit(run: Run, alone = false): PathVisit {
    const solver = this.#solver;
    const certificate = this.#solve(run, alone && !this.#ridge);
    const { index, values } = solver.coefficients();
    const devianceRatio = this.scale > 0 ? 1 - (solver.loss - this.floor) / this.scale : 0;
    return { lambda: run.lambda, index, values, intercept: solver.intercept, devianceRatio, certificate };
  }

  #solve(run: Run, alone: boolean): Certificate {
    const solver = this.#solver;
    const { nullLoss } = solver;
    const relative = this.#problem.penalty.convex && this.floor !== 0 && nullLoss !== 0;
    const tol = relative ? (run.tol * this.scale) / nullLoss : run.tol;
    const asked = { ...run, tol };
    const found = this.#rescaled(alone ? solver.descend(asked) : solver.solve(asked), run.tol);
    if (this.#problem.loss.name !== 'logistic') return found;
    return this.#isSeparated(run.lambda) || (run.lambda === 0 && this.#keepsGrowing(asked))
      ? { ...found, converged: false, status: 'separable' }
      : found;
  }

  #rescaled(found: Certificate, tol: number): Certificate {
    if (this.floor === 0 || found.status === 'local') return { ...found, tol };
    const gap = (found.primal - found.dual) / (this.scale || 1);
    const converged = gap <= tol;
    const status = converged ? 'converged' : found.status === 'converged' ? 'machinePrecision' : found.status;
    return { ...found, converged, status, gap, tol };
  }

  /** Whether all rows lie on their side by coefficients that cost no more however large they are: a proof that the minimum lies at infinity. */
  #isSeparated(lambda: number): boolean {
    const { frame, heap, columns, n, response } = this.#problem;
    const { index, values } = this.#solver.coefficients();
    const free = Int32Array.from(index.keys()).filter((k) => this.#isFree(lambda, index[k], values[k]));
    if (free.length === 0) return false;
    const f = frame.f64(n);
    const list = frame.put(select(index, free));
    const coef = frame.put(select(values, free));
    columns.combine(list, coef, free.length, f);
    const { intercept } = this.#solver;
    const weights = this.#weights();
    const y = heap.f64(response, n);
    const apart = heap.f64(f, n).every((v, i) => weights(i) === 0 || (y[i] === 1 ? v + intercept > 0 : v + intercept < 0));
    for (const pointer of [coef, list, f]) frame.release(pointer);
    return apart;
  }

  /** Whether a larger coefficient costs nothing: no penalty, or the flat part of MCP and SCAD, and no bound. */
  #isFree(lambda: number, j: number, b: number): boolean {
    const { heap, p, l1, l2, lower, upper, spread, penalty } = this.#problem;
    const at = (pointer: number, otherwise: number) => (pointer ? heap.f64(pointer, p)[j] : otherwise);
    if (b > 0 ? at(upper, Infinity) < Infinity : at(lower, -Infinity) > -Infinity) return false;
    if (lambda === 0) return true;
    if (at(l2, 0) !== 0) return false;
    const s = at(spread, 1) || 1;
    const flat = (penalty.code === 1 || penalty.code === 2) && Math.abs(b) * s >= (penalty.shape * lambda * at(l1, 0)) / s;
    return flat || at(l1, 0) === 0;
  }

  /** Classes that touch without overlapping: margins grow as long as one goes on, and the loss does not tend to 0. */
  #keepsGrowing(run: Run): boolean {
    const { heap, n, response } = this.#problem;
    const before = this.predictions().slice();
    this.#solver.solve({ ...run, tol: 0, maxEpochs: FURTHER });
    if (this.#isSeparated(0)) return true;
    const f = this.predictions();
    const y = heap.f64(response, n);
    const weights = this.#weights();
    let [most, least] = [0, 0];
    for (let i = 0; i < n; i++) {
      if (weights(i) === 0) continue;
      const growth = (y[i] === 1 ? 1 : -1) * (f[i] - before[i]);
      most = Math.max(most, growth);
      least = Math.min(least, growth);
    }
    return most > GROWING && -least < FALLING * most;
  }

  #weights(): (i: number) => number {
    const { heap, weights, n } = this.#problem;
    const w = weights ? heap.f64(weights, n) : undefined;
    return w ? (i) => w[i] : () => 1 / n;
  }
}
