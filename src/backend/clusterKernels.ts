import type { Pointer } from './kernels.ts';

/**
 * Clusters. Rows are dense (indptr = 0: X is n x p, row-major) or compressed (X holds the values), f64 in both. Centres C are k x p, row-major;
 * `norms` are their squared norms, read for compressed rows only. A squared distance is ||x - c||^2 by differences in four sums, (0 + 2) + (1 + 3),
 * then the tail; for compressed rows ||c||^2 + sum over stored x of (x - c)^2 - c^2, at least 0.
 */
export interface ClusterKernels {
  /**
   * One assignment of Lloyd's algorithm under Hamerly's bounds: label_i = the nearest centre by the squared distances above, the lower index where they
   * are equal, as if all had been computed. labels = -1: not known yet (upper and lower are not read then). upper_i >= distance to the own
   * centre and lower_i <= distance to all others, as they were before centre c moved by moved_c; drop_c = the largest move of the others, half_c
   * = half the distance from c to the nearest other centre. dirty_c (i32) becomes 1 where a row came or left. Returns how many labels changed.
   *
   * Candidates are found in f32: T = C' (p x stride, f32, stride a multiple of 8 and >= k), bias_c = -||c||^2 / 2, so that the score x.c + bias_c
   * has an error below slack_i = slope sqrt(squares_i) + offset, squares_i = ||x_i||^2. scratch: 512 stride + 512 bytes and, for dense rows, 544 p.
   */
  hamerlyStep(
    indptr: Pointer,
    indices: Pointer,
    X: Pointer,
    n: number,
    p: number,
    squares: Pointer,
    C: Pointer,
    norms: Pointer,
    k: number,
    T: Pointer,
    stride: number,
    bias: Pointer,
    half: Pointer,
    moved: Pointer,
    drop: Pointer,
    slope: number,
    offset: number,
    labels: Pointer,
    upper: Pointer,
    lower: Pointer,
    dirty: Pointer,
    scratch: Pointer,
  ): number;
  /** For every centre with dirty_c: sums row c = sum of w_i x_i over its rows, in order, and mass_c = sum of w_i; weight = 0: all 1 */
  centreSums(
    indptr: Pointer,
    indices: Pointer,
    X: Pointer,
    n: number,
    p: number,
    labels: Pointer,
    weight: Pointer,
    k: number,
    dirty: Pointer,
    sums: Pointer,
    mass: Pointer,
  ): void;
  /** out_i = squared distance of row i to centre labels_i; labels = 0: to the first one */
  centreDistances(
    indptr: Pointer,
    indices: Pointer,
    X: Pointer,
    n: number,
    p: number,
    C: Pointer,
    norms: Pointer,
    labels: Pointer,
    out: Pointer,
  ): void;
  /** half_c = half the distance from centre c to the nearest other one, Infinity for k = 1 */
  halfSeparations(C: Pointer, k: number, p: number, half: Pointer): void;
  /**
   * out[i*ldo] = ||P'(x_i - mean)||^2 for dense rows, P p x stride (row-major, stride a multiple of 8, zeros right of p); stride = 0: P is a diagonal.
   * scratch: 64 p + 64 stride f64 and 32 p bytes.
   */
  gaussianDistances(
    X: Pointer,
    n: number,
    p: number,
    mean: Pointer,
    P: Pointer,
    stride: number,
    out: Pointer,
    ldo: number,
    scratch: Pointer,
  ): void;
  /** out += sum_i w_i (x_i - mean)(x_i - mean)', w_i = weight[i*ldw]: p x p for full = 1, else its diagonal. scratch: 64 p f64 */
  gaussianScatter(
    X: Pointer,
    n: number,
    p: number,
    mean: Pointer,
    weight: Pointer,
    ldw: number,
    full: number,
    out: Pointer,
    scratch: Pointer,
  ): void;
  /** out_i = log sum_c exp(S_ic) over rows of k values; S_ic = exp(S_ic - out_i), in place */
  logSumExpRows(S: Pointer, n: number, k: number, out: Pointer): void;
}
