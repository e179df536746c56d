import { type Arena, arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { DesignInput } from '../backend/residentMatrix.ts';
import { booleanFlag, integerIn, nonNegativeNumber, numberIn, oneOf, optionsObject } from '../core/checks.ts';
import type { RunOptions } from '../core/progress.ts';
import { adjacency } from './adjacency.ts';
import { distribution, type NodeWeights } from './distribution.ts';
import { type ErrorEstimate, Iterations } from './iterations.ts';
import { LinkSolution } from './linkSolution.ts';
import { LinkSystem } from './linkSystem.ts';
import { notSymmetric, unmatchedEdge } from './symmetry.ts';

/** How PageRank is computed. */
export type PageRankSolver = 'gauss-seidel' | 'power' | 'cg';

/** Options of `pageRank`. */
export interface PageRankOptions extends RunOptions<ErrorEstimate> {
  /** Share of the rank that follows an edge instead of starting anew, in (0, 1). @default 0.85 */
  damping?: number;
  /** Largest L1 distance to the exact scores, whose sum is 1; an absolute amount, whatever the number of nodes. @default 1e-10 */
  tol?: number;
  /** Where walks start anew: n weights, a `Map` from node to weight, or `{ indices, values }`; scaled to sum 1. @default all nodes alike */
  personalization?: NodeWeights;
  /** Where walks go from nodes without outgoing weight: as `personalization`, to all nodes alike, or by weights. @default 'personalization' */
  dangling?: 'personalization' | 'uniform' | NodeWeights;
  /** Whether edges are followed in proportion to their weights; otherwise all edges of a node alike. @default true */
  weighted?: boolean;
  /** `'cg'` is for undirected graphs only. @default 'auto' */
  solver?: 'auto' | PageRankSolver;
  /** Largest number of passes over the edges. @default 10000 */
  maxIterations?: number;
}

/** How a PageRank ended. */
export type PageRankStatus = 'converged' | 'maxIterations' | 'machinePrecision';

/** Scores with a proof of their accuracy. */
export interface PageRankResult {
  /** One score per node; they sum to 1. */
  scores: Float64Array;
  /**
   * Upper bound on the L1 distance to the exact scores: ||r||_1 / (1 - damping), r the residual of these scores, computed anew from
   * the graph when they were done, and increased by what rounding can have taken from it.
   */
  errorBound: number;
  /** Passes over the edges: sweeps, or multiplications. */
  iterations: number;
  /** Whether `errorBound` <= `tol`. */
  converged: boolean;
  /** `'machinePrecision'`: no further progress in 64-bit arithmetic, although `errorBound` > `tol`. */
  status: PageRankStatus;
  /** Which solver came to the result. */
  solver: PageRankSolver;
}

const OPTIONS = [
  'damping',
  'tol',
  'personalization',
  'dangling',
  'weighted',
  'solver',
  'maxIterations',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof PageRankOptions)[];

/** Gauss-Seidel gives way to conjugate gradients, where the graph is undirected, when more sweeps than this are left. */
const MANY_SWEEPS = 30;
/** A new attempt must take this share from the residual, or 64-bit arithmetic has no more to give. */
const PROGRESS = 0.7;
/** The power iteration ends after so many steps in which the error bound did not fall. */
const IDLE = 3;

/**
 * PageRank (Page, Brin, Motwani, Winograd 1999) of a weighted directed graph, to a proved error:
 *
 *   x = damping (P'x + (sum of x over dangling nodes) u) + (1 - damping) v,   P_ij = G_ij / sum_k G_ik,   sum x = 1
 *
 * with v the personalization and u the `dangling` distribution. A weight of 0 is no edge; a node without outgoing weight is dangling; a loop
 * is an edge like any other. Dangling nodes cost nothing: x is proportional to y with (I - damping P') y = v where u = v, and a combination
 * of two such solutions otherwise (Gleich's PRPACK; Del Corso, Gulli, Romani 2005).
 *
 * `'gauss-seidel'` sweeps over that system, each sweep after a scaling that restores the balance of mass. `'cg'` solves its symmetric
 * form. `'power'` is the classical iteration. `'auto'` is Gauss-Seidel; where its first sweeps converge slowly and the graph is
 * undirected, conjugate gradients take over.
 *
 * @param G n x n, dense or sparse: entry (i, j) >= 0 is the weight of the edge from i to j (`CsrMatrix.fromCoo` sums repeated edges)
 * @throws TypeError, RangeError for a matrix that is not square, has a negative or infinite entry or a NaN, and for options of the wrong
 * kind or amount
 * @throws SpinifexError `NOT_SYMMETRIC` for `'cg'` on a directed graph; `signal.reason` when aborted
 * @example
 * const G = CsrMatrix.fromCoo(3, 3, { row: [0, 1, 2], col: [1, 2, 1], value: [1, 1, 1] });
 * const { scores, errorBound } = pageRank(G, { damping: 0.85, tol: 1e-12 });
 */
export function pageRank(G: DesignInput, options?: PageRankOptions): PageRankResult {
  const given = optionsObject(options, 'pageRank', OPTIONS);
  const alpha = numberIn(given.damping ?? 0.85, 'damping', 0, 1, '()');
  const tol = nonNegativeNumber(given.tol ?? 1e-10, 'tol');
  const weighted = booleanFlag(given.weighted ?? true, 'weighted');
  const solver = oneOf(given.solver ?? 'auto', 'solver', ['auto', 'gauss-seidel', 'power', 'cg']);
  const most = integerIn(given.maxIterations ?? 10_000, 'maxIterations', 1);
  const graph = adjacency(G);
  const targets = targetsOf(given, graph.rows);
  given.signal?.throwIfAborted();
  return arena(currentBackend(), (frame) => {
    const system = new LinkSystem(frame, graph, alpha, weighted);
    const passes = new Iterations(frame.kernels, most, tol, given);
    return new PageRankRun(system, targets, passes, tol).result(solver, weighted);
  });
}

/** Personalization v and dangling distribution u by node; u is absent where it is v, and both stand for "all alike" where undefined. */
interface Targets {
  v: Float64Array | undefined;
  u: Float64Array | 'uniform' | undefined;
}

function targetsOf({ personalization, dangling = 'personalization' }: PageRankOptions, n: number): Targets {
  const v = personalization === undefined ? undefined : distribution(personalization, 'personalization', n);
  if (typeof dangling !== 'string') return { v, u: distribution(dangling, 'dangling', n) };
  const rule = oneOf(dangling, 'dangling', ['personalization', 'uniform']);
  return { v, u: rule === 'uniform' && v !== undefined ? 'uniform' : undefined };
}

class PageRankRun {
  readonly #system: LinkSystem;
  readonly #passes: Iterations;
  readonly #tol: number;
  readonly #v: Pointer;
  /** 0 where dangling nodes go where walks start anew, or where there are none. */
  readonly #u: Pointer;
  /** The normalised scores over mass, by label, and their residual. */
  readonly #x: Pointer;
  readonly #r: Pointer;

  constructor(system: LinkSystem, { v, u }: Targets, passes: Iterations, tol: number) {
    const { frame, n, dangling } = system;
    this.#system = system;
    this.#passes = passes;
    this.#tol = tol;
    this.#v = v ? system.put(v) : uniform(frame, n);
    this.#u = u === undefined || dangling === 0 ? 0 : u === 'uniform' ? uniform(frame, n) : system.put(u);
    this.#x = frame.f64(n);
    this.#r = frame.uninitialised(n * 8);
  }

  result(solver: 'auto' | PageRankSolver, weighted: boolean): PageRankResult {
    if (solver === 'cg') {
      const { graph } = this.#system;
      const edge = unmatchedEdge(graph, weighted);
      if (edge) throw notSymmetric(graph, ...edge, "solver 'cg'");
    }
    const { bound, used } = solver === 'power' ? this.#power() : this.#solve(solver, weighted);
    const converged = bound <= this.#tol;
    const status = converged ? 'converged' : this.#passes.done >= this.#passes.most ? 'maxIterations' : 'machinePrecision';
    this.#passes.finish(bound);
    const scores = this.#system.scores(this.#x);
    return { scores, errorBound: bound, iterations: this.#passes.done, converged, status, solver: used };
  }

  #solve(solver: 'auto' | 'gauss-seidel' | 'cg', weighted: boolean): { bound: number; used: PageRankSolver } {
    const system = this.#system;
    const { alpha } = system;
    const solutions = [new LinkSolution(system, this.#v), ...(this.#u ? [new LinkSolution(system, this.#u)] : [])];
    let used: 'gauss-seidel' | 'cg' = solver === 'cg' ? 'cg' : 'gauss-seidel';
    let undecided = solver === 'auto';
    const giveUp = (left: number) => {
      if (!undecided || left <= MANY_SWEEPS) return false;
      undecided = false;
      if (unmatchedEdge(system.graph, weighted)) return false;
      used = 'cg';
      return true;
    };
    let share = Math.max(this.#tol, 1e-16) * (1 - alpha);
    let bound = Infinity;
    for (;;) {
      let enough = true;
      for (const solution of solutions) {
        if (used === 'gauss-seidel') enough = solution.gaussSeidel(share, this.#passes, giveUp) && enough;
        if (used === 'cg') enough = solution.conjugateGradient(share, this.#passes);
      }
      this.#combine(solutions);
      const before = bound;
      bound = this.#errorBound();
      if (bound <= this.#tol || this.#passes.done >= this.#passes.most || bound > PROGRESS * before) return { bound, used };
      share *= Math.min(0.5, (0.5 * this.#tol) / bound);
    }
  }

  /** x = (1 - alpha) y + alpha (dangling mass) z, scaled to sum 1. */
  #combine(solutions: LinkSolution[]): void {
    const { frame, n, alpha, mass, hanging } = this.#system;
    const { kernels: k, heap } = frame;
    const [y, z] = solutions;
    heap.f64(this.#x, n).set(heap.f64(y.u, n));
    if (z) {
      k.scale(1 - alpha, this.#x, n);
      const dangling = k.dot(hanging, this.#x, n) / (1 - alpha * k.dot(hanging, z.u, n));
      k.axpy(alpha * dangling, z.u, this.#x, n);
    }
    k.scale(1 / k.dot(mass, this.#x, n), this.#x, n);
  }

  /** The bound from the residual of x as it is, which is left in #r. */
  #errorBound(): number {
    const { frame, n, alpha, hanging } = this.#system;
    const toDangling = alpha * frame.kernels.dot(hanging, this.#x, n);
    const restart = 1 - alpha + (this.#u ? 0 : toDangling);
    const { norm, rounding } = this.#system.residual(n, restart, this.#v, toDangling, this.#u, this.#x, this.#r);
    // Every sum of m terms is off by at most m units of rounding; a few more for the terms outside the sums.
    return (norm + (rounding + 8) * (Number.EPSILON / 2)) / (1 - alpha);
  }

  #power(): { bound: number; used: PageRankSolver } {
    const { frame, n, mass } = this.#system;
    const { kernels: k } = frame;
    const inverse = this.#system.inverse(mass, n);
    k.multiply(inverse, this.#v, this.#x, n);
    let bound = Infinity;
    let least = Infinity;
    for (let idle = 0; idle < IDLE && this.#passes.next(); ) {
      bound = this.#errorBound();
      this.#passes.report(bound);
      idle = bound < least ? 0 : idle + 1;
      least = Math.min(least, bound);
      if (bound <= this.#tol || idle === IDLE) break;
      k.multiply(inverse, this.#r, this.#r, n);
      k.axpy(1, this.#r, this.#x, n);
      k.scale(1 / k.dot(mass, this.#x, n), this.#x, n);
    }
    return { bound: this.#passes.done >= this.#passes.most ? this.#errorBound() : bound, used: 'power' };
  }
}

function uniform(frame: Arena, n: number): Pointer {
  const pointer = frame.uninitialised(n * 8);
  frame.heap.f64(pointer, n).fill(1 / n);
  return pointer;
}
