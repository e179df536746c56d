import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { SparseVector } from '../core/sparseVector.ts';
import { LocalGraph } from './localGraph.ts';

/** While the support grows, a node is pushed when it violates its condition by more than this share. */
const COARSE = 0.1;
/** Rounds of growing and solving; each but the last adds a node, and they come by whole neighbourhoods. */
const ROUNDS = 10_000;
/** Conjugate gradients ends after this many steps without progress: 64-bit arithmetic has no more to give. */
const STALL = 4;

/** How one solve ended. */
export interface DiffusionState {
  /** Largest violation of the optimality conditions over alpha rho sqrt(d). */
  kkt: number;
  converged: boolean;
}

/**
 * The minimiser of the L1-regularised PageRank problem in u = D^-1/2 q, on the part of the graph that it reaches:
 *
 *   1/2 u'M u - alpha s'u + alpha rho sum d_i |u_i|,   M = (1 + alpha)/2 D - (1 - alpha)/2 A
 *
 * M is an M-matrix and u starts at 0, so that exact steps of single coordinates, and exact solutions on a support reached by them, only ever
 * raise u, never beyond the solution: no node outside the final support is ever taken in. The same holds from one rho to a smaller one.
 */
export class LocalDiffusion {
  readonly local: LocalGraph;
  readonly u: number[] = [];
  readonly #alpha: number;
  readonly #seeds = new Map<number, number>();
  /** (A u)_i of the nodes met so far. */
  readonly #inflow: number[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(G: CsrMatrix, seeds: SparseVector, alpha: number, signal: AbortSignal | undefined) {
    this.local = new LocalGraph(G, 'L1-regularised PageRank');
    this.#alpha = alpha;
    this.#signal = signal;
    for (let k = 0; k < seeds.indices.length; k++) {
      const id = this.#meet(this.local.number(seeds.indices[k]));
      this.#seeds.set(id, seeds.values[k]);
      if (this.local.row(id).degree === 0) throw new RangeError(`seeds: node ${seeds.indices[k]} has no edges`);
    }
  }

  /** The smallest rho without any support: max s_i / d_i. */
  get largestRho(): number {
    let most = 0;
    for (const [id, weight] of this.#seeds) most = Math.max(most, weight / this.local.degree(id));
    return most;
  }

  /** Local numbers of the support. */
  get support(): number[] {
    return this.u.flatMap((value, id) => (value > 0 ? [id] : []));
  }

  /** Value of the objective. */
  objective(rho: number): number {
    const alpha = this.#alpha;
    let value = 0;
    for (const id of this.support) {
      const { degree } = this.local.row(id);
      const u = this.u[id];
      const product = ((1 + alpha) / 2) * degree * u - ((1 - alpha) / 2) * this.#inflow[id];
      value += u * (product / 2 - alpha * (this.#seeds.get(id) ?? 0) + alpha * rho * degree);
    }
    return value;
  }

  /** Solves for this rho, from the present u: that of no rho, or of a larger one. */
  solve(rho: number, tol: number): DiffusionState {
    let violators = this.#violators(rho, tol);
    // Along a path u was exact for another rho.
    let kkt = this.#supportViolation(rho);
    for (let round = 0; round < ROUNDS && (violators.nodes.length > 0 || kkt > tol); round++) {
      this.#signal?.throwIfAborted();
      const before = this.support.length;
      this.#grow(rho, violators.nodes);
      this.#solveOnSupport(rho, tol);
      violators = this.#violators(rho, tol);
      kkt = this.#supportViolation(rho);
      if (round > 0 && this.support.length === before) break;
    }
    kkt = Math.max(kkt, violators.worst);
    return { kkt, converged: kkt <= tol };
  }

  #meet(id: number): number {
    while (this.u.length <= id) {
      this.u.push(0);
      this.#inflow.push(0);
    }
    return id;
  }

  /** The degree at which the present inflow is worth nothing: nodes above it stay out. */
  #tolerated(id: number, rho: number): number {
    return (this.#alpha * (this.#seeds.get(id) ?? 0) + ((1 - this.#alpha) / 2) * this.#inflow[id]) / (this.#alpha * rho);
  }

  /** How far a node of the support is from its condition, over alpha rho d. */
  #excess(id: number, rho: number): number {
    const { degree } = this.local.row(id);
    return this.#tolerated(id, rho) / degree - ((1 + this.#alpha) / (2 * this.#alpha * rho)) * this.u[id] - 1;
  }

  /** Nodes outside the support that must come in, and the largest violation by any. */
  #violators(rho: number, tol: number): { nodes: number[]; worst: number } {
    const nodes: number[] = [];
    let worst = 0;
    for (let id = 0; id < this.u.length; id++) {
      if (this.u[id] > 0) continue;
      const tolerated = this.#tolerated(id, rho);
      if (tolerated === 0 || this.local.degreeExceeds(id, tolerated)) continue;
      const violation = tolerated / this.local.degree(id) - 1;
      worst = Math.max(worst, violation);
      if (violation > tol) nodes.push(id);
    }
    return { nodes, worst };
  }

  #supportViolation(rho: number): number {
    let worst = 0;
    for (const id of this.support) worst = Math.max(worst, Math.abs(this.#excess(id, rho)));
    return worst;
  }

  /** Exact steps of single coordinates, first in first out, from these nodes on, until no condition is violated by more than COARSE. */
  #grow(rho: number, from: number[]): void {
    const { local, u } = this;
    const alpha = this.#alpha;
    const queue = [...from];
    const waits: boolean[] = [];
    for (const id of from) waits[id] = true;
    for (let head = 0; head < queue.length; head++) {
      const id = queue[head];
      waits[id] = false;
      const coarse = u[id] > 0 || head >= from.length ? COARSE : 0;
      if (u[id] === 0 && local.degreeExceeds(id, this.#tolerated(id, rho) / (1 + coarse))) continue;
      const { neighbours, weights, degree, loop } = local.row(id);
      const excess = this.#excess(id, rho);
      if (!(excess > coarse)) continue;
      const step = (excess * alpha * rho * degree) / (((1 + alpha) / 2) * degree - ((1 - alpha) / 2) * loop);
      u[id] += step;
      local.work += neighbours.length;
      for (let e = 0; e < neighbours.length; e++) {
        const other = this.#meet(neighbours[e]);
        this.#inflow[other] += weights[e] * step;
        if (waits[other]) continue;
        waits[other] = true;
        queue.push(other);
      }
    }
  }

  /** M u = alpha (s - rho d) on the support by conjugate gradients: a PageRank system with damping (1 - alpha) / (1 + alpha). */
  #solveOnSupport(rho: number, tol: number): void {
    const { local, u } = this;
    const { support } = this;
    const alpha = this.#alpha;
    const m = support.length;
    if (m === 0) return;
    const place = new Map(support.map((id, k) => [id, k]));
    const indptr = new Int32Array(m + 1);
    const indices: number[] = [];
    const data: number[] = [];
    const diagonal = new Float64Array(m);
    const f = new Float64Array(m);
    const damping = (1 - alpha) / (1 + alpha);
    for (const [k, id] of support.entries()) {
      const { neighbours, weights, degree, loop } = local.row(id);
      for (let e = 0; e < neighbours.length; e++) {
        const other = place.get(neighbours[e]);
        if (other === undefined || other === k) continue;
        indices.push(other);
        data.push(weights[e]);
      }
      local.work += neighbours.length;
      indptr[k + 1] = indices.length;
      diagonal[k] = degree - damping * loop;
      f[k] = (2 * alpha * ((this.#seeds.get(id) ?? 0) - rho * degree)) / (1 + alpha);
    }
    // Violations in the units of kkt. Two digits more than asked for cost a few steps, and make the solution exact on its support.
    const goal = (tol / 100) * ((2 * alpha * rho) / (1 + alpha));
    arena(currentBackend(), (frame) => {
      const { kernels: k, heap } = frame;
      const [INDPTR, INDICES, DATA] = [
        frame.put(indptr),
        frame.put(Int32Array.from(indices)),
        frame.put(Float64Array.from(data)),
      ];
      const [D, inverse, F] = [frame.put(diagonal), frame.put(diagonal.map((d) => 1 / d)), frame.put(f)];
      const x = frame.put(Float64Array.from(support, (id) => u[id]));
      const [r, z, p, q, sums] = [frame.f64(m), frame.f64(m), frame.f64(m), frame.f64(m), frame.f64(2)];
      const residual = (a: number, rhs: number, of: number, out: number) => {
        k.pageRankResidualF64(INDPTR, INDICES, DATA, m, damping, a, rhs, 0, 0, D, of, out, sums);
        local.work += indices.length;
      };
      residual(1, F, x, r);
      let before = 1;
      let smallest = Infinity;
      for (let step = 0, stalled = 0; stalled < STALL; step++) {
        k.multiply(inverse, r, z, m);
        const now = k.dot(r, z, m);
        const worst = k.normMax(z, m);
        if (worst <= goal || !(now > 0)) break;
        stalled = worst < smallest ? 0 : stalled + 1;
        smallest = Math.min(smallest, worst);
        k.scale(step === 0 ? 0 : now / before, p, m);
        k.axpy(1, z, p, m);
        residual(0, 0, p, q);
        const length = now / -k.dot(p, q, m);
        k.axpy(length, p, x, m);
        k.axpy(length, q, r, m);
        before = now;
      }
      const solution = heap.f64(x, m);
      for (const [k, id] of support.entries()) u[id] = Math.max(solution[k], 0);
    });
    this.#inflow.fill(0);
    for (const id of this.support) {
      const { neighbours, weights } = local.row(id);
      for (let e = 0; e < neighbours.length; e++) this.#inflow[this.#meet(neighbours[e])] += weights[e] * u[id];
      local.work += neighbours.length;
    }
  }
}
