import type { Pointer } from './kernels.ts';

/**
 * Kernels of matrix factorisation, each for factors stored as f32 or f64.
 *
 * A row of factors is [k factors, 1, bias] on one side and [k factors, bias, 1] on the other, then zeros up to `stride` (a multiple of 8), so
 * that the product of two rows is the prediction; without biases (`biased` = 0) only the k factors. `ownSlot` is where a row keeps its own bias
 * (k + 1 on one side, k on the other), `offsetSlot` the other of the two.
 * Entries of row i: e = indptr[i] .. indptr[i+1] - 1 with column indices[e], weight w_e (V; `weight` = 0: all 1) and moment m_e (V):
 * the row's loss is sum_e w_e (x.y_e)^2 - 2 m_e x.y_e, so m = w r for explicit entries and (1 + alpha r) p beside w = alpha r for implicit ones.
 * ridge, biasRidge (f64, one per row) multiply the squared distance of factors and bias to `prior` (rows like Z; 0: to zero).
 * graph (0: none) is three u32 pointers [indptr, indices, data (f64)] of symmetric weights g: + sum_{i<l} g_il |(z_i - prior_i) - (z_l - prior_l)|^2.
 */
export interface FactorizationKernels {
  /**
   * Rows first..last-1 of Z become the exact minimisers given Y (and, with a graph, given the other rows, one after another), by Cholesky.
   * base (f64, width x width, width = k + biased rounded up to 4): added to every row's Gram matrix; 0: none. Rows without entries, base and
   * graph become their prior. buffer: batch x width values of V, twice that with weights, and `batch` more; gram: width^2 f64; rhs: width f64.
   * A matrix that is not positive definite gets a growing jitter. Returns `last`, or the row where even that failed.
   */
  alternateF32(
    first: number,
    last: number,
    indptr: Pointer,
    indices: Pointer,
    weight: Pointer,
    moment: Pointer,
    Y: Pointer,
    stride: number,
    k: number,
    biased: number,
    ownSlot: number,
    offsetSlot: number,
    base: Pointer,
    ridge: Pointer,
    biasRidge: Pointer,
    prior: Pointer,
    graph: Pointer,
    Z: Pointer,
    buffer: Pointer,
    batch: number,
    gram: Pointer,
    rhs: Pointer,
  ): number;
  alternateF64: FactorizationKernels['alternateF32'];
  /**
   * The same by at most `steps` conjugate gradient steps from the rows as they are. G (V, k rows of `stride`): the base; 0: none. scratch: 3 rows.
   * Rows without entries, prior and graph become 0.
   */
  alternateCgF32(
    first: number,
    last: number,
    indptr: Pointer,
    indices: Pointer,
    weight: Pointer,
    moment: Pointer,
    Y: Pointer,
    stride: number,
    k: number,
    biased: number,
    ownSlot: number,
    offsetSlot: number,
    G: Pointer,
    ridge: Pointer,
    biasRidge: Pointer,
    prior: Pointer,
    graph: Pointer,
    Z: Pointer,
    steps: number,
    scratch: Pointer,
  ): void;
  alternateCgF64: FactorizationKernels['alternateCgF32'];
  /**
   * out (rows like Z) = right-hand side - matrix z of every row's normal equations: minus half the gradient, 0 in the slot of the other side's
   * bias. scratch: 2 rows. Returns the sum of squares of what the entries alone put on the right-hand sides.
   */
  factorResidualsF32(
    rows: number,
    indptr: Pointer,
    indices: Pointer,
    weight: Pointer,
    moment: Pointer,
    Y: Pointer,
    stride: number,
    k: number,
    biased: number,
    ownSlot: number,
    offsetSlot: number,
    G: Pointer,
    ridge: Pointer,
    biasRidge: Pointer,
    prior: Pointer,
    graph: Pointer,
    Z: Pointer,
    out: Pointer,
    scratch: Pointer,
  ): number;
  factorResidualsF64: FactorizationKernels['factorResidualsF32'];
  /** out_e = x_i . y_indices[e] for every entry e of row i */
  entryProductsF32(rows: number, indptr: Pointer, indices: Pointer, X: Pointer, Y: Pointer, stride: number, out: Pointer): void;
  entryProductsF64: FactorizationKernels['entryProductsF32'];
  /** sum_e w_e (m_e / w_e - x.y)^2 over entries with w_e > 0, or, implicit = 1, sum_e w_e (x.y)^2 - 2 m_e x.y */
  entryLossF32(
    rows: number,
    indptr: Pointer,
    indices: Pointer,
    weight: Pointer,
    moment: Pointer,
    implicit: number,
    X: Pointer,
    Y: Pointer,
    stride: number,
  ): number;
  entryLossF64: FactorizationKernels['entryLossF32'];
  /** sum_i ridge_i |z_i - prior_i|^2 over factors + biasRidge_i (bias_i - its prior)^2 */
  ridgePenaltyF32(
    rows: number,
    Z: Pointer,
    stride: number,
    k: number,
    biased: number,
    ownSlot: number,
    ridge: Pointer,
    biasRidge: Pointer,
    prior: Pointer,
  ): number;
  ridgePenaltyF64: FactorizationKernels['ridgePenaltyF32'];
  /** residual_e += sign u_i v_indices[e] (V) for every entry e of row i; u, v: one value per row and per column */
  rankOneAddF32(rows: number, indptr: Pointer, indices: Pointer, u: Pointer, v: Pointer, sign: number, residual: Pointer): void;
  rankOneAddF64: FactorizationKernels['rankOneAddF32'];
  /** u_i = max(lower, S(sum_e w_e residual_e v_e + ridge_i prior_i, l1) / (ridge_i + sum_e w_e v_e^2)), sums in f64; 0 where the divisor is 0 */
  rankOneUpdateF32(
    rows: number,
    indptr: Pointer,
    indices: Pointer,
    weight: Pointer,
    residual: Pointer,
    v: Pointer,
    ridge: Pointer,
    prior: Pointer,
    l1: number,
    lower: number,
    u: Pointer,
  ): void;
  rankOneUpdateF64: FactorizationKernels['rankOneUpdateF32'];
}
