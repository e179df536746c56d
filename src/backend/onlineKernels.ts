import type { Pointer } from './kernels.ts';

/** Kernels that learn row by row. Conventions as in `kernels.ts`; rows are CSR, or dense one after the other where the text says so. */
export interface OnlineKernels {
  /**
   * One pass of dual coordinate descent (Hsieh et al. 2008) over the rows order[0..active-1] (i32), which is first shuffled in place:
   * min over 0 <= a_i <= upper_i of 1/2 ||v||^2 + 1/2 sum ridge_i a_i^2 - sum a_i (1 - y_i offset), v = sum a_i y_i (x_i, bias).
   * `indices` = 0: dense rows of `width` values (then `indptr` is not looked at). w = v has width + 1 entries, the last one times `bias`
   * is the intercept; it must match alpha. square_i = |x_i|^2 + bias^2. ridge = 0: none; upper = 0: no bound.
   * range = [largest, smallest] projected gradient of the last pass, a limit each: rows at a bound beyond it are moved behind the active
   * ones and skipped; overwritten by those of this pass. Returns how many rows stay active. Modifies order, state (xoshiro), alpha, w, range.
   */
  svmPassF64(
    indptr: Pointer,
    indices: Pointer,
    data: Pointer,
    width: number,
    y: Pointer,
    square: Pointer,
    ridge: Pointer,
    upper: Pointer,
    bias: number,
    offset: number,
    order: Pointer,
    active: number,
    state: Pointer,
    alpha: Pointer,
    w: Pointer,
    range: Pointer,
  ): number;
  svmPassF32: OnlineKernels['svmPassF64'];
  /**
   * FTRL-proximal (McMahan et al. 2013) over CSR rows, one after the other; entries of value 0 are skipped. Coordinate j of `learned` is the pair
   * (z, r), r the root of its sum of squared gradients; with t = total[0], the weight of all rows before,
   *
   *     w = -soft(z, l1 + t lambda1) / ((beta + r) / alpha + l2 + t lambda2)
   *
   * and coordinate `intercept` (< 0: none) is without penalty. loss 0: logistic (y in 0, 1), 1: squared, 2: Poisson with log link. weight = 0:
   * all 1. `scratch` holds the longest row. total[0] += weights, total[1] += weighted losses before each update, total[2] += weight of rows on
   * the wrong side of 0 (logistic). Returns how many rows were learned: it stops before one whose squared gradient is beyond 1e300.
   */
  ftrlRows(
    indptr: Pointer,
    rows: number,
    indices: Pointer,
    data: Pointer,
    y: Pointer,
    weight: Pointer,
    loss: number,
    alpha: number,
    beta: number,
    l1: number,
    l2: number,
    lambda1: number,
    lambda2: number,
    intercept: number,
    learned: Pointer,
    scratch: Pointer,
    total: Pointer,
  ): number;
}
