import type { Pointer } from './kernels.ts';

/**
 * Kernels of PageRank. Conventions as in `kernels.ts`. A suffix says how edge weights are stored: `F64`, `F32`, or `Unit` for edges that
 * all weigh 1, where `data` and `outData` are not looked at.
 *
 * Nodes are numbered anew ("labels"): first the core (edges in and out, loops not counted), longest rows
 * first, so that a sweep can foresee where a row ends; then sinks (edges in only), then starts
 * (no edge in). Row k lists the edges into the node with label k, without its loop:
 *
 *     diagonal_k u_k = v_k + alpha sum_e data_e u[indices_e],   x_k = mass_k u_k
 *
 * with mass the out-strength and diagonal = mass - alpha * loop; both are 1 for a node without outgoing weight.
 */
export interface GraphKernels {
  /** range[0] = min(range[0], data), range[1] = max(range[1], data), in place; a NaN in data makes both NaN */
  weightRangeF64(data: Pointer, n: number, range: Pointer): void;
  weightRangeF32: GraphKernels['weightRangeF64'];
  /**
   * A block of CSR rows (entries indptr[i]-indptr[0].. of indices/data) of nodes first, first + 1, ...: adds its edges without loops to
   * incoming (i32) and writes outgoing (i32, edges without the loop), strength (all weights) and loop of its rows.
   */
  edgeCountF64(
    indptr: Pointer,
    rows: number,
    indices: Pointer,
    data: Pointer,
    first: number,
    incoming: Pointer,
    outgoing: Pointer,
    strength: Pointer,
    loop: Pointer,
  ): void;
  edgeCountF32: GraphKernels['edgeCountF64'];
  edgeCountUnit: GraphKernels['edgeCountF64'];
  /**
   * From what edgeCount counted: label of each node, indptr (n + 1) of the rows by label, diagonal, mass and
   * hanging (1 where a node has no outgoing weight, 0 elsewhere) by label, next[node] = where
   * the row of the node starts (next may be incoming), counts = [core, sinks] (4 i32, of which
   * two are the kernel's own). Inside the core
   * nodes with more edges in come first, otherwise nodes keep their order.
   */
  pageRankOrder(
    n: number,
    alpha: number,
    incoming: Pointer,
    outgoing: Pointer,
    strength: Pointer,
    loop: Pointer,
    label: Pointer,
    next: Pointer,
    indptr: Pointer,
    diagonal: Pointer,
    mass: Pointer,
    hanging: Pointer,
    counts: Pointer,
  ): void;
  /**
   * Writes the edges of a block of CSR rows, as in edgeCount, into the rows by label: at next[target]++. inside[label of source] is set to
   * its weight on edges (loops not counted) into rows that end at or before coreEnd.
   */
  edgeScatterF64(
    indptr: Pointer,
    rows: number,
    indices: Pointer,
    data: Pointer,
    first: number,
    label: Pointer,
    next: Pointer,
    coreEnd: number,
    outIndices: Pointer,
    outData: Pointer,
    inside: Pointer,
  ): void;
  edgeScatterF32: GraphKernels['edgeScatterF64'];
  edgeScatterUnit: GraphKernels['edgeScatterF64'];
  /** One Gauss-Seidel sweep over rows first..last-1, u in place; returns the sum of |v_k + alpha (row . u) - diagonal_k u_k| as met */
  gaussSeidelF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    first: number,
    last: number,
    alpha: number,
    v: Pointer,
    diagonal: Pointer,
    u: Pointer,
  ): number;
  gaussSeidelF32: GraphKernels['gaussSeidelF64'];
  gaussSeidelUnit: GraphKernels['gaussSeidelF64'];
  /**
   * out_k = a v_k + b w_k + alpha (row . u) - diagonal_k u_k; v = 0 or w = 0: without that term. sums[0] = sum |out_k|,
   * sums[1] = sum (edges in the row) |diagonal_k u_k|, for a bound on the rounding of sums[0].
   */
  pageRankResidualF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    rows: number,
    alpha: number,
    a: number,
    v: Pointer,
    b: number,
    w: Pointer,
    diagonal: Pointer,
    u: Pointer,
    out: Pointer,
    sums: Pointer,
  ): void;
  pageRankResidualF32: GraphKernels['pageRankResidualF64'];
  pageRankResidualUnit: GraphKernels['pageRankResidualF64'];
  /** out_i = mass u of the node's label */
  pageRankScores(n: number, label: Pointer, mass: Pointer, u: Pointer, out: Pointer): void;
}
