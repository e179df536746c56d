/**
 * Every kernel, typed: the one contract that the Wasm module (`assembly/`) and its pure-JS twin (`js/`) both keep.
 *
 * Conventions. A pointer is a byte offset into linear memory (`X`, `u`, `out`...); 0 means "absent" where the text allows it.
 * Vectors are f64 and indices i32 unless said otherwise. `X` is column-major with leading dimension `ld` (in elements):
 * column j starts at element j*ld. `index` lists column numbers; `index` = 0 means columns 0, 1, ..., count-1.
 * Kernels with a suffix exist twice: matrix values stored as f64 or as f32 (sums are f64 in both).
 * No kernel allocates, throws or keeps state; outputs do not overlap inputs unless the text says "in place".
 * @module
 */

import type { BlockKernels } from './blockKernels.ts';
import type { ClusterKernels } from './clusterKernels.ts';
import type { EigenKernels } from './eigenKernels.ts';
import type { FactorizationKernels } from './factorizationKernels.ts';
import type { GraphKernels } from './graphKernels.ts';
import type { LayerKernels } from './layerKernels.ts';
import type { LossKernels } from './lossKernels.ts';
import type { OnlineKernels } from './onlineKernels.ts';
import type { SimulationKernels } from './simulationKernels.ts';
import type { SpectralKernels } from './spectralKernels.ts';
import type { TallKernels } from './tallKernels.ts';

export type Pointer = number;

export interface VectorKernels {
  /** sum x_i y_i */
  dot(x: Pointer, y: Pointer, n: number): number;
  /** sum w_i x_i y_i */
  dotWeighted(w: Pointer, x: Pointer, y: Pointer, n: number): number;
  /** y += a x */
  axpy(a: number, x: Pointer, y: Pointer, n: number): void;
  /** x *= a, in place */
  scale(a: number, x: Pointer, n: number): void;
  /** x += a, in place */
  shift(a: number, x: Pointer, n: number): void;
  /** out = x * y elementwise; out may be x or y */
  multiply(x: Pointer, y: Pointer, out: Pointer, n: number): void;
  sum(x: Pointer, n: number): number;
  /** sum |x_i| */
  norm1(x: Pointer, n: number): number;
  /** sqrt(sum x_i^2), no guard against overflow of the squares */
  norm2(x: Pointer, n: number): number;
  /** max |x_i|, 0 for n = 0 */
  normMax(x: Pointer, n: number): number;
  /** out_i = sign(x_i) max(|x_i| - t, 0); out may be x */
  softThreshold(x: Pointer, t: number, out: Pointer, n: number): void;
  /**
   * One proximal gradient step in a diagonal metric, out may be z:
   * t = step * metric_j; out_j = clip(S(z_j + t g_j, t lambda l1_j) / (1 + t lambda l2_j), lower_j, upper_j).
   * lower = upper = 0: no bounds (always both or neither). g is the negative gradient.
   */
  proximalStep(
    z: Pointer,
    g: Pointer,
    step: number,
    metric: Pointer,
    lambda: number,
    l1: Pointer,
    l2: Pointer,
    lower: Pointer,
    upper: Pointer,
    out: Pointer,
    n: number,
  ): void;
}

/** `V` = F64 or F32: how the matrix is stored. */
export interface DenseKernels {
  /** out_k = x_index[k] . u, rows 0..n-1 */
  denseDotsF64(X: Pointer, ld: number, n: number, index: Pointer, count: number, u: Pointer, out: Pointer): void;
  denseDotsF32: DenseKernels['denseDotsF64'];
  /** outU_k = x_index[k] . u and outV_k = x_index[k] . v in one pass over X */
  denseDotsPairF64(
    X: Pointer,
    ld: number,
    n: number,
    index: Pointer,
    count: number,
    u: Pointer,
    v: Pointer,
    outU: Pointer,
    outV: Pointer,
  ): void;
  denseDotsPairF32: DenseKernels['denseDotsPairF64'];
  /** y += sum_k coef_k x_index[k] */
  denseCombineF64(X: Pointer, ld: number, n: number, index: Pointer, coef: Pointer, count: number, y: Pointer): void;
  denseCombineF32: DenseKernels['denseCombineF64'];
  /** mean_j = sum_i w_i x_ij, second_j = sum_i w_i (x_ij - mean_j)^2 for the listed columns j, at position j; w = 0: w_i = 1/n */
  denseMomentsF64(
    X: Pointer,
    ld: number,
    n: number,
    count: number,
    w: Pointer,
    mean: Pointer,
    second: Pointer,
    index?: Pointer,
  ): void;
  denseMomentsF32: DenseKernels['denseMomentsF64'];
  /** out_i = w_i (x_ij - mean) as f64; w = 0: factor 1 */
  densePackF64(X: Pointer, ld: number, n: number, j: number, mean: number, w: Pointer, out: Pointer): void;
  densePackF32: DenseKernels['densePackF64'];
  /** Row-major block (rows x cols, contiguous) to column-major: X[j*ld + first + i] = block[i*cols + j] */
  denseFromRowsF64(block: Pointer, rows: number, cols: number, X: Pointer, ld: number, first: number): void;
  denseFromRowsF32: DenseKernels['denseFromRowsF64'];
  /** out = X B with B (cols x k) and out (n x k) row-major; out is overwritten */
  denseMultiplyF64(X: Pointer, ld: number, n: number, cols: number, B: Pointer, k: number, out: Pointer): void;
  denseMultiplyF32: DenseKernels['denseMultiplyF64'];
  /**
   * One cyclic coordinate-descent epoch over `index`. u_i = w_i (y_i - offset - sum_j x_ij b_j) is NOT centred;
   * total[0] = sum_i u_i; implicit column z_j = x_j - mean_j, second_j = sum w z_j^2 (columns with second_j <= 0 are skipped).
   * Weights must sum to 1. g = x_j . u - mean_j total; b_j = clip(S(g + second_j b_j, lambda l1_j) / (second_j + lambda l2_j), lower_j, upper_j);
   * u -= d w x_j, total -= d mean_j. w = 0: w_i = 1/n. lower = upper = 0: no bounds. Arrays are indexed by column number.
   * Returns the largest second_j d^2. Modifies coef, u, total in place; they are assumed to match.
   * penalty: 0 L1 (default), 1 MCP, 2 SCAD, 3 Lp, 4 log-sum with `shape` gamma, a, p, epsilon in place of |b|, acting on spread_j b (0: all 1)
   * and at lambda * mass, as the problem was divided by `mass`.
   */
  denseEpochF64(
    X: Pointer,
    ld: number,
    n: number,
    index: Pointer,
    count: number,
    w: Pointer,
    mean: Pointer,
    second: Pointer,
    lambda: number,
    l1: Pointer,
    l2: Pointer,
    lower: Pointer,
    upper: Pointer,
    coef: Pointer,
    u: Pointer,
    total: Pointer,
    penalty?: number,
    shape?: number,
    spread?: Pointer,
    mass?: number,
  ): number;
  denseEpochF32: DenseKernels['denseEpochF64'];
}

export interface GramKernels {
  /** out[a*stride + k] = packed_a . x_index[k], packed_a = f64 vector at packed + 8*a*n, a = 0..vectors-1 */
  denseGramF64(
    packed: Pointer,
    vectors: number,
    X: Pointer,
    ld: number,
    n: number,
    index: Pointer,
    count: number,
    out: Pointer,
    stride: number,
  ): void;
  denseGramF32: GramKernels['denseGramF64'];
  /** out = X'X, full symmetric p x p, row stride p */
  syrkF64(X: Pointer, ld: number, n: number, p: number, out: Pointer): void;
  syrkF32: GramKernels['syrkF64'];
}

/** Compressed storage: outer slice o holds entries indptr[o]..indptr[o+1]-1 of (indices, data). CSC of A is CSR of A'. */
export interface SparseKernels {
  /** out_o = sum over slice o of data * x[indices]: CSR A x, or CSC A' x */
  csrMatvecF64(indptr: Pointer, indices: Pointer, data: Pointer, outer: number, x: Pointer, out: Pointer): void;
  csrMatvecF32: SparseKernels['csrMatvecF64'];
  /** y[indices] += x_o * data over every slice: CSR A' x, or CSC A x. Adds to y. */
  csrRmatvecF64(indptr: Pointer, indices: Pointer, data: Pointer, outer: number, x: Pointer, y: Pointer): void;
  csrRmatvecF32: SparseKernels['csrRmatvecF64'];
  /** out[o*k + c] = sum over slice o of data * B[indices*k + c]; B, out row-major, tall and skinny; out is overwritten */
  csrMultiplyF64(indptr: Pointer, indices: Pointer, data: Pointer, outer: number, B: Pointer, k: number, out: Pointer): void;
  csrMultiplyF32: SparseKernels['csrMultiplyF64'];
  /** out_k = slice index[k] . u */
  cscDotsF64(indptr: Pointer, indices: Pointer, data: Pointer, index: Pointer, count: number, u: Pointer, out: Pointer): void;
  cscDotsF32: SparseKernels['cscDotsF64'];
  /** outU_k, outV_k = slice index[k] . u, . v in one pass */
  cscDotsPairF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    index: Pointer,
    count: number,
    u: Pointer,
    v: Pointer,
    outU: Pointer,
    outV: Pointer,
  ): void;
  cscDotsPairF32: SparseKernels['cscDotsPairF64'];
  /** y += sum_k coef_k slice index[k] */
  cscCombineF64(indptr: Pointer, indices: Pointer, data: Pointer, index: Pointer, coef: Pointer, count: number, y: Pointer): void;
  cscCombineF32: SparseKernels['cscCombineF64'];
  /** As denseMoments, in O(nonzeros): second = sum_nz w (x - m)^2 + (1 - sum_nz w) m^2, so sum w must be 1 */
  cscMomentsF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    n: number,
    count: number,
    w: Pointer,
    mean: Pointer,
    second: Pointer,
    index?: Pointer,
  ): void;
  cscMomentsF32: SparseKernels['cscMomentsF64'];
  /** As densePack: out is the whole n-vector, zeros of the column included */
  cscPackF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    n: number,
    j: number,
    mean: number,
    w: Pointer,
    out: Pointer,
  ): void;
  cscPackF32: SparseKernels['cscPackF64'];
  /** counts[indices[e]] += 1 for e < nnz */
  cscCount(indices: Pointer, nnz: number, counts: Pointer): void;
  /**
   * Scatter a block of CSR rows into CSC: for block row i (entries indptr[i]-indptr[0] .. of indices/data), row number first + i is
   * appended at next[column]++ of (outIndices, outData). `next` starts as a copy of the CSC indptr.
   */
  cscScatterF64(
    indptr: Pointer,
    rows: number,
    indices: Pointer,
    data: Pointer,
    first: number,
    next: Pointer,
    outIndices: Pointer,
    outData: Pointer,
  ): void;
  cscScatterF32: SparseKernels['cscScatterF64'];
  /** As denseEpoch, touching nonzeros only */
  cscEpochF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    n: number,
    index: Pointer,
    count: number,
    w: Pointer,
    mean: Pointer,
    second: Pointer,
    lambda: number,
    l1: Pointer,
    l2: Pointer,
    lower: Pointer,
    upper: Pointer,
    coef: Pointer,
    u: Pointer,
    total: Pointer,
    penalty?: number,
    shape?: number,
    spread?: Pointer,
    mass?: number,
  ): number;
  cscEpochF32: SparseKernels['cscEpochF64'];
}

/** Small dense algebra. R is upper triangular, row-major with row stride `ld`: A = R'R. */
export interface FactorKernels {
  /** Upper triangle of A (row-major, stride ld) becomes R, in place. Returns m, or the first row whose pivot is <= tol * its diagonal. */
  choleskyFactor(A: Pointer, m: number, ld: number, tol: number): number;
  /** b := (R'R)^-1 b, in place */
  choleskySolve(R: Pointer, m: number, ld: number, b: Pointer): void;
  /** b := R'^-1 b, in place */
  choleskyForward(R: Pointer, m: number, ld: number, b: Pointer): void;
  /** b := R^-1 b, in place */
  choleskyBackward(R: Pointer, m: number, ld: number, b: Pointer): void;
  /**
   * R (m x m) grows by the column (column[0..m-1], diagonal): column becomes u = R'^-1 column in place; returns diagonal - u.u.
   * If that exceeds tol * diagonal it is written (u and its root as column m of R), otherwise R stays as it was.
   */
  choleskyAppend(R: Pointer, m: number, ld: number, column: Pointer, diagonal: number, tol: number): number;
  /** R of A becomes R (m-1 x m-1) of A without row and column k, by Givens rotations, in place */
  choleskyDelete(R: Pointer, m: number, ld: number, k: number): void;
  /**
   * One coordinate-descent epoch on a Gram matrix (symmetric, row stride ld): q = c - G b is kept up to date in place;
   * b_j = clip(S(q_j + G_jj b_j, lambda l1_j) / (G_jj + lambda l2_j), lower_j, upper_j); lower = upper = 0: no bounds.
   * Rows with G_jj <= 0 are skipped. Returns the largest G_jj d^2.
   */
  gramEpoch(
    G: Pointer,
    ld: number,
    m: number,
    q: Pointer,
    lambda: number,
    l1: Pointer,
    l2: Pointer,
    lower: Pointer,
    upper: Pointer,
    coef: Pointer,
    penalty?: number,
    shape?: number,
    spread?: Pointer,
    mass?: number,
  ): number;
}

export interface ScreenKernels {
  /**
   * Which columns may reach their threshold? Column j (skip_j, u8, = 0) is listed in `out` (i32, ascending) when
   * |centre_j| + tail_j radius >= limit * l1_j, or is not a number. Returns how many were listed.
   */
  screen(
    p: number,
    skip: Pointer,
    centre: Pointer,
    tail: Pointer,
    radius: number,
    limit: number,
    l1: Pointer,
    out: Pointer,
  ): number;
}

export interface MathKernels {
  /** e^x, within 1 ulp or so; bit-identical on every engine */
  exp(x: number): number;
  /** natural logarithm */
  log(x: number): number;
  /** log(1 + x), accurate near 0 */
  log1p(x: number): number;
  /** elementwise, out may be x */
  expVector(x: Pointer, out: Pointer, n: number): void;
  logVector(x: Pointer, out: Pointer, n: number): void;
  log1pVector(x: Pointer, out: Pointer, n: number): void;
  /** out_i uniform on [0, 1) with 53 bits; state = 4 u32 of xoshiro128**, advanced in place */
  randomUniform(state: Pointer, out: Pointer, n: number): void;
  /** out_i standard normal (Marsaglia's polar method, second value discarded at the end of a call); state as above */
  randomNormal(state: Pointer, out: Pointer, n: number): void;
}

export interface Kernels
  extends VectorKernels,
    DenseKernels,
    GramKernels,
    SparseKernels,
    FactorKernels,
    ScreenKernels,
    LossKernels,
    BlockKernels,
    MathKernels,
    SimulationKernels,
    LayerKernels,
    TallKernels,
    FactorizationKernels,
    EigenKernels,
    GraphKernels,
    SpectralKernels,
    ClusterKernels,
    OnlineKernels {}

/** The memory that kernels work on: wasm linear memory or the JS twin's buffer. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Grow to at least `bytes`; returns false where that is impossible. Earlier views are detached (Wasm) or stale (JS): never keep one. */
  grow(bytes: number): boolean;
}
