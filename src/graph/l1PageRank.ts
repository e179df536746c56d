import { nonNegativeNumber, numberIn, optionsObject, positiveNumber } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { SparseVector } from '../core/sparseVector.ts';
import { localAdjacency } from './adjacency.ts';
import { type Seeds, seedWeights } from './distribution.ts';
import { type DiffusionState, LocalDiffusion } from './localDiffusion.ts';

/** What `l1PageRank` and its path share. */
export interface DiffusionOptions {
  /** Where walks start: a node, nodes, or `{ indices, values }`; scaled to sum 1. Each must have an edge. */
  seeds: Seeds;
  /** Probability to start anew in each step, in (0, 1). */
  alpha: number;
  /** Largest violation of the optimality conditions, relative to alpha rho. @default 1e-8 */
  tol?: number;
  /** Stops the work by throwing `signal.reason`. */
  signal?: AbortSignal;
}

/** Options of `l1PageRank`. */
export interface L1PageRankOptions extends DiffusionOptions {
  /** Strength of the L1 penalty, > 0: the volume of the support is at most 1 / rho. */
  rho: number;
}

/** How an L1-regularised PageRank ended. */
export type L1PageRankStatus = 'converged' | 'machinePrecision';

/** A sparse personalised PageRank with its certificate. */
export interface L1PageRankResult {
  /** p = D^1/2 q: the scores, in the units of PageRank. */
  scores: SparseVector;
  /** The minimiser itself. */
  q: SparseVector;
  /** Nodes with a score, in ascending order. */
  support: Int32Array;
  /** Sum of the degrees of the support; at most 1 / rho. */
  volume: number;
  /** Value of the objective; 0 for q = 0. */
  objective: number;
  /**
   * Largest violation of the optimality conditions by any node of the graph, over alpha rho sqrt(d): of gradient = -alpha rho sqrt(d) on the
   * support, and of gradient >= -alpha rho sqrt(d) outside.
   */
  kkt: number;
  /** Edges touched, repeated visits counted; does not depend on the size of the graph. */
  work: number;
  /** Whether `kkt` <= `tol`. */
  converged: boolean;
  /** `'machinePrecision'`: no further progress in 64-bit arithmetic, although `kkt` > `tol`. */
  status: L1PageRankStatus;
}

/**
 * L1-regularised PageRank (Fountoulakis, Roosta, Shun, Cheng, Mahoney 2019) on an undirected graph:
 *
 *   min over q of 1/2 q'Q q - alpha <D^-1/2 s, q> + alpha rho ||D^1/2 q||_1,   Q = D^-1/2 (D - (1 - alpha)/2 (D + A)) D^-1/2
 *
 * with s the seeds and D the degrees (a loop counts once). Its solution is >= 0 and sparse; for rho -> 0 it becomes the lazy personalised
 * PageRank of `forwardPush`. Coordinate descent from 0 finds the support and conjugate gradients solves on it; both look at the support
 * and its neighbours only, and at a neighbour only as far as needed to prove that it stays out.
 *
 * @param G n x n, symmetric: entry (i, j) >= 0 is the weight of the edge between i and j
 * @throws TypeError, RangeError for anything but a square CsrMatrix, for a touched weight that is negative or not finite, for a seed without
 * edges, and for options of the wrong kind or amount
 * @throws SpinifexError `NOT_SYMMETRIC` for an edge of the support whose reverse is missing or has another weight
 * @example
 * const { scores, support, kkt } = l1PageRank(G, { seeds: 7, alpha: 0.15, rho: 1e-4 });
 */
export function l1PageRank(G: CsrMatrix, options: L1PageRankOptions): L1PageRankResult {
  const given = optionsObject(options, 'l1PageRank', ['seeds', 'alpha', 'rho', 'tol', 'signal']);
  const rho = positiveNumber(given.rho, 'rho');
  const { diffusion, tol } = diffusionOf(G, given);
  return resultOf(diffusion, rho, diffusion.solve(rho, tol));
}

export function diffusionOf(G: CsrMatrix, given: DiffusionOptions): { diffusion: LocalDiffusion; tol: number } {
  const alpha = numberIn(given.alpha, 'alpha', 0, 1, '()');
  const tol = nonNegativeNumber(given.tol ?? 1e-8, 'tol');
  const graph = localAdjacency(G);
  const seeds = seedWeights(given.seeds, 'seeds', graph.rows);
  given.signal?.throwIfAborted();
  return { diffusion: new LocalDiffusion(graph, seeds, alpha, given.signal), tol };
}

/** The present state as a result. */
export function resultOf(diffusion: LocalDiffusion, rho: number, { kkt, converged }: DiffusionState): L1PageRankResult {
  const { local, u } = diffusion;
  const degrees = u.map((value, id) => (value > 0 ? local.degree(id) : 0));
  const scores = local.sparse(u.map((value, id) => value * degrees[id]));
  return {
    scores,
    q: local.sparse(u.map((value, id) => value * Math.sqrt(degrees[id]))),
    support: scores.indices.slice(),
    volume: degrees.reduce((sum, degree) => sum + degree, 0),
    objective: diffusion.objective(rho),
    kkt,
    work: local.work,
    converged,
    status: converged ? 'converged' : 'machinePrecision',
  };
}
