import type { Pointer } from './kernels.ts';

/** Losses of generalised linear models by number: 0 squared, 1 logistic (y 0 or 1), 2 squared hinge (y -1 or 1), 3 Poisson, 4 Huber (parameter delta). */
export interface LossKernels {
  /** r_i = -w_i phi'(f_i), h_i = w_i phi''(f_i) (squared hinge: a millionth of the usual where phi is flat; Huber: delta / |e| on the linear pieces, the parabola above them); returns sum w_i phi(f_i). w = 0: weights 1/n */
  lossDerivatives(loss: number, parameter: number, y: Pointer, f: Pointer, w: Pointer, n: number, r: Pointer, h: Pointer): number;
  /**
   * At least sum w_i [phi(f_i) + phi*(u_i) - u_i f_i] with u_i = s phi'(f_i), 0 < s <= 1, from r and h of `lossDerivatives`: what a scaled dual
   * point costs; exact for squared, squared hinge and Huber, tight as s goes to 1 for the others.
   */
  lossGap(
    loss: number,
    parameter: number,
    y: Pointer,
    f: Pointer,
    w: Pointer,
    n: number,
    r: Pointer,
    h: Pointer,
    s: number,
  ): number;
}
