import { isNumberArray, nonNegativeVector, refuse, refuseEntry } from '../core/checks.ts';
import type { CsrMatrix } from '../core/csrMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { SparseVector } from '../core/sparseVector.ts';
import { localAdjacency } from './adjacency.ts';
import { refuseWeight } from './edgeWeights.ts';
import { LocalGraph } from './localGraph.ts';

/** The best of the sets that a sweep over scores meets. */
export interface SweepCut {
  /** The set of smallest conductance, in ascending order. */
  nodes: Int32Array;
  /** Weight of the edges that leave the set, over the volume of the set or of the rest, whichever is smaller. */
  conductance: number;
  /** Sum of the degrees in the set. */
  volume: number;
  /** Conductance of the first 1, 2, 3, ... nodes of `order`. */
  profile: Float64Array;
  /** Nodes by score / degree, largest first; equals by node number. */
  order: Int32Array;
}

/**
 * Sweep cut (Andersen, Chung, Lang 2006): nodes are taken in the order of score / degree, and the set of smallest conductance is kept; the
 * first of several. A set that holds every edge, or none, counts as 1. Beside one sum over all weights, only nodes with a score are looked at.
 *
 * @param G n x n, symmetric: entry (i, j) >= 0 is the weight of the edge between i and j
 * @param scores those of `forwardPush` or `l1PageRank`, or n numbers >= 0
 * @throws TypeError, RangeError for anything but a square CsrMatrix, for weights or scores that are negative or not finite, and where no
 * node with an edge has a score
 * @throws SpinifexError `NOT_SYMMETRIC` for an edge of a node with a score whose reverse is missing
 * @example
 * const { nodes, conductance } = sweepCut(G, l1PageRank(G, { seeds: 7, alpha: 0.15, rho: 1e-4 }).scores);
 */
export function sweepCut(G: CsrMatrix, scores: SparseVector | VectorInput): SweepCut {
  const graph = localAdjacency(G);
  const { indices, values } = scoresOf(scores, graph.rows);
  let total = 0;
  for (let e = 0; e < graph.nnz; e++) total += graph.data[e];
  if (!(total < Infinity)) refuseWeight(graph);
  const local = new LocalGraph(graph, 'sweepCut');
  const ranked: { id: number; node: number; rank: number }[] = [];
  for (let k = 0; k < indices.length; k++) {
    const id = local.number(indices[k]);
    const { degree } = local.row(id);
    if (degree > 0 && values[k] > 0) ranked.push({ id, node: indices[k], rank: values[k] / degree });
  }
  if (ranked.length === 0) throw new RangeError('scores: expected a positive score of at least one node with an edge');
  ranked.sort((a, b) => b.rank - a.rank || a.node - b.node);

  const profile = new Float64Array(ranked.length);
  const taken: boolean[] = [];
  let cut = 0;
  let volume = 0;
  let best = { size: 0, conductance: Infinity, volume: 0 };
  for (const [k, { id }] of ranked.entries()) {
    const { neighbours, weights, degree, loop } = local.row(id);
    let toSet = 0;
    for (let e = 0; e < neighbours.length; e++) if (taken[neighbours[e]]) toSet += weights[e];
    taken[id] = true;
    volume += degree;
    cut += degree - loop - 2 * toSet;
    const smaller = Math.min(volume, total - volume);
    // What is left of the cut by rounding is no edge.
    profile[k] = smaller > 1e-12 * total ? Math.max(cut, 0) / smaller : 1;
    if (profile[k] < best.conductance) best = { size: k + 1, conductance: profile[k], volume };
  }
  const order = Int32Array.from(ranked, ({ node }) => node);
  return { nodes: order.slice(0, best.size).sort(), conductance: best.conductance, volume: best.volume, profile, order };
}

function scoresOf(scores: unknown, n: number): { indices: ArrayLike<number>; values: ArrayLike<number> } {
  if (isNumberArray(scores)) {
    const values = nonNegativeVector(scores, 'scores', n);
    return { indices: Int32Array.from(values.keys()).filter((i) => values[i] > 0), values: values.filter((value) => value > 0) };
  }
  if (!(scores instanceof SparseVector)) refuse(scores, 'scores', `a SparseVector or an array of ${n} numbers`, false);
  if (scores.length !== n) throw new RangeError(`scores: expected a vector of length ${n}, got ${scores.length}`);
  for (const [k, value] of scores.values.entries()) {
    if (!(value >= 0 && value < Infinity)) refuseEntry(value, `scores.values[${k}]`, 'a finite number >= 0');
  }
  return scores;
}
