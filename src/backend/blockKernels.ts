import type { Pointer } from './kernels.ts';

/** Kernels of models with several outputs and with penalties of whole blocks. */
export interface BlockKernels {
  /**
   * Softmax of n rows over `classes` outputs; F, R, P are n x classes, column after column; `label` i32. P = softmax(F), R_ik = w_i (1[label_i = k] - P_ik).
   * Returns sum_i w_i (log sum_k e^F_ik - F_i,label). w = 0: weights 1/n
   */
  softmaxDerivatives(F: Pointer, label: Pointer, w: Pointer, n: number, classes: number, R: Pointer, P: Pointer): number;
  /** sum_i w_i KL(q_i || P_i) with q_i = onehot + s (P_i - onehot), 0 < s <= 1: what a scaled dual point costs. R, P of `softmaxDerivatives` */
  softmaxGap(label: Pointer, w: Pointer, n: number, R: Pointer, P: Pointer, s: number): number;
  /**
   * One cyclic epoch of block descent on 1/2 <B, G B> - <C, B> + sum_g (a_g ||B_g||_2 + l1_g ||B_g||_1 + l2_g / 2 ||B_g||^2). G is symmetric
   * (rows x rows, stride ld); B and Q = C - G B are rows x width, row-major, kept up to date in place; block g holds rows starts[g]..starts[g+1]-1 (i32);
   * bound_g >= the largest eigenvalue of its diagonal block. scratch: twice the entries of the largest block. Returns the largest bound_g d^2.
   */
  blockEpoch(
    G: Pointer,
    ld: number,
    rows: number,
    width: number,
    starts: Pointer,
    count: number,
    bound: Pointer,
    a: Pointer,
    l1: Pointer,
    l2: Pointer,
    Q: Pointer,
    B: Pointer,
    scratch: Pointer,
  ): number;
}
