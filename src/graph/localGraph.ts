import type { CsrMatrix } from '../core/csrMatrix.ts';
import { SparseVector } from '../core/sparseVector.ts';
import { refuseWeightAt } from './edgeWeights.ts';
import { notSymmetric } from './symmetry.ts';

/** The edges of a node that was looked at, without weights of 0; neighbours by local number, the node itself among them where it has a loop. */
export interface LocalRow {
  readonly neighbours: Int32Array;
  readonly weights: Float64Array;
  /** Sum of the weights. */
  readonly degree: number;
  readonly loop: number;
}

/**
 * The part of a graph that a local method has reached, its nodes numbered in the order in which they were met. Nothing here takes time or
 * memory that grows with the whole graph.
 */
export class LocalGraph {
  /** Edges read so far; whoever walks along rows again adds to it. */
  work = 0;
  /** Node in the whole graph of each local number. */
  readonly nodes: number[] = [];
  readonly #G: CsrMatrix;
  /** What needs an undirected graph, for the message; absent where none is needed. */
  readonly #undirectedFor: string | undefined;
  readonly #numbers = new Map<number, number>();
  readonly #rows: (LocalRow | undefined)[] = [];
  /** Sum of the weights of the first edges of a node, and where the next one is stored. */
  readonly #partial: number[] = [];
  readonly #cursor: number[] = [];

  constructor(G: CsrMatrix, undirectedFor?: string) {
    this.#G = G;
    this.#undirectedFor = undirectedFor;
  }

  /** Local number of a node. */
  number(node: number): number {
    const known = this.#numbers.get(node);
    if (known !== undefined) return known;
    const id = this.nodes.push(node) - 1;
    this.#numbers.set(node, id);
    this.#partial.push(0);
    this.#cursor.push(this.#G.indptr[node]);
    this.#rows.push(undefined);
    return id;
  }

  /** The edges of a node; where the graph must be undirected, each with its reverse checked. */
  row(id: number): LocalRow {
    const known = this.#rows[id];
    if (known) return known;
    const { indptr, indices, data } = this.#G;
    const node = this.nodes[id];
    const [from, to] = [indptr[node], indptr[node + 1]];
    const neighbours = new Int32Array(to - from);
    const weights = new Float64Array(to - from);
    let count = 0;
    let degree = 0;
    let loop = 0;
    for (let e = from; e < to; e++) {
      const weight = this.#weight(node, e);
      if (weight === 0) continue;
      const j = indices[e];
      if (this.#undirectedFor !== undefined && this.#G.get(j, node) !== data[e]) {
        throw notSymmetric(this.#G, node, j, this.#undirectedFor);
      }
      if (j === node) loop = weight;
      degree += weight;
      neighbours[count] = this.number(j);
      weights[count++] = weight;
    }
    this.work += to - from;
    const row = { neighbours: neighbours.subarray(0, count), weights: weights.subarray(0, count), degree, loop };
    this.#rows[id] = row;
    return row;
  }

  /** Sum of the weights of a node's edges. */
  degree(id: number): number {
    this.degreeExceeds(id, Infinity);
    return this.#rows[id]?.degree ?? this.#partial[id];
  }

  /** Whether the degree is above a limit, found out from as few edges as possible: a neighbour may be the hub of the whole graph. */
  degreeExceeds(id: number, limit: number): boolean {
    const row = this.#rows[id];
    if (row) return row.degree > limit;
    const node = this.nodes[id];
    const end = this.#G.indptr[node + 1];
    let sum = this.#partial[id];
    let e = this.#cursor[id];
    while (sum <= limit && e < end) sum += this.#weight(node, e++);
    this.work += e - this.#cursor[id];
    this.#cursor[id] = e;
    this.#partial[id] = sum;
    return sum > limit;
  }

  /** Values by local number as a vector over the whole graph; zeros are left out. */
  sparse(values: readonly number[]): SparseVector {
    const ids = this.nodes.flatMap((_, id) => (values[id] ? [id] : [])).sort((a, b) => this.nodes[a] - this.nodes[b]);
    return new SparseVector(
      this.#G.rows,
      Int32Array.from(ids, (id) => this.nodes[id]),
      Float64Array.from(ids, (id) => values[id]),
    );
  }

  #weight(node: number, e: number): number {
    const weight = this.#G.data[e];
    if (!(weight >= 0 && weight < Infinity)) refuseWeightAt(weight, node, this.#G.indices[e]);
    return weight;
  }
}
