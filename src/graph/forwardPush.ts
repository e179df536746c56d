import { booleanFlag, numberIn, optionsObject, positiveNumber } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { SparseVector } from '../core/sparseVector.ts';
import { localAdjacency } from './adjacency.ts';
import { type Seeds, seedWeights } from './distribution.ts';
import { LocalGraph } from './localGraph.ts';

/** The signal is asked once in so many pushes. */
const PATIENCE = 1024;

/** Options of `forwardPush`. */
export interface ForwardPushOptions {
  /** Where walks start: a node, nodes, or `{ indices, values }`; scaled to sum 1. */
  seeds: Seeds;
  /** Probability to start anew in each step, in (0, 1): 1 - damping. */
  alpha: number;
  /** Every residual ends below epsilon times the node's degree. Work is at most about 1 / (alpha epsilon) edges. */
  epsilon: number;
  /** Whether walks stay where they are every second step, as in the paper. @default true */
  lazy?: boolean;
  /** Stops the work by throwing `signal.reason`. */
  signal?: AbortSignal;
}

/** An approximate personalised PageRank with a small support. */
export interface ForwardPushResult {
  /** Lower bounds of the exact scores. */
  scores: SparseVector;
  /** What was not pushed: scores are those of the seeds less those of walks from here. Each entry is below epsilon times its degree. */
  residual: SparseVector;
  /** L1 distance to the exact scores: the sum of the residual. */
  errorBound: number;
  /** Edges touched, repeated visits counted. */
  work: number;
}

/**
 * Approximate personalised PageRank by forward push (Andersen, Chung, Lang 2006): p and r with
 * p + ppr(r) = ppr(seeds), where ppr(s) = alpha s + (1 - alpha) ppr(s) W, W = D^-1 G or, where lazy, (I + D^-1 G) / 2.
 *
 * While a node has r_u >= epsilon d_u, alpha r_u becomes score and the rest moves on along its edges. The work does not depend on the size of
 * the graph. Directed graphs are welcome, d is then the out-strength; a node without outgoing weight keeps what reaches it.
 *
 * @param G n x n: entry (i, j) >= 0 is the weight of the edge from i to j
 * @throws TypeError, RangeError for anything but a square CsrMatrix, for a touched weight that is negative or not finite, and for options of
 * the wrong kind or amount
 * @example
 * const { scores } = forwardPush(G, { seeds: 7, alpha: 0.15, epsilon: 1e-4 });
 * const { nodes, conductance } = sweepCut(G, scores);
 */
export function forwardPush(G: CsrMatrix, options: ForwardPushOptions): ForwardPushResult {
  const given = optionsObject(options, 'forwardPush', ['seeds', 'alpha', 'epsilon', 'lazy', 'signal']);
  const alpha = numberIn(given.alpha, 'alpha', 0, 1, '()');
  const epsilon = positiveNumber(given.epsilon, 'epsilon');
  const lazy = booleanFlag(given.lazy ?? true, 'lazy');
  const graph = localAdjacency(G);
  const seeds = seedWeights(given.seeds, 'seeds', graph.rows);
  given.signal?.throwIfAborted();

  const local = new LocalGraph(graph);
  const p: number[] = [];
  const r: number[] = [];
  const waits: boolean[] = [];
  const queue: number[] = [];
  const add = (id: number, amount: number) => {
    p[id] ??= 0;
    r[id] = (r[id] ?? 0) + amount;
    if (waits[id] || r[id] === 0 || local.degreeExceeds(id, r[id] / epsilon)) return;
    waits[id] = true;
    queue.push(id);
  };
  for (let k = 0; k < seeds.indices.length; k++) add(local.number(seeds.indices[k]), seeds.values[k]);
  const stays = lazy ? (1 - alpha) / 2 : 0;
  for (let head = 0; head < queue.length; head++) {
    if (head % PATIENCE === 0) given.signal?.throwIfAborted();
    const id = queue[head];
    waits[id] = false;
    const { neighbours, weights, degree } = local.row(id);
    const amount = r[id];
    r[id] = 0;
    if (degree === 0) {
      p[id] += amount;
      continue;
    }
    p[id] += alpha * amount;
    local.work += neighbours.length;
    const share = ((1 - alpha - stays) * amount) / degree;
    for (let e = 0; e < neighbours.length; e++) add(neighbours[e], share * weights[e]);
    add(id, stays * amount);
  }
  const residual = local.sparse(r);
  return {
    scores: local.sparse(p),
    residual,
    errorBound: residual.values.reduce((sum, value) => sum + value, 0),
    work: local.work,
  };
}
