import type { FactorLayout, Floats } from './factorLayout.ts';

/**
 * Factors in the order of |x_t| |y_t|, largest first, each with the sign that makes the largest entry of y_t positive (the first of equals):
 * the product is the same, and two fits of the same data can be compared. In place, on all rows given.
 */
export function canonicalOrder({ rank, stride }: FactorLayout, X: Floats, Y: Floats, along: Float64Array[]): void {
  const size = (Z: Floats, t: number) => {
    let s = 0;
    for (let p = t; p < Z.length; p += stride) s += Z[p] ** 2;
    return s;
  };
  const strength = Float64Array.from({ length: rank }, (_, t) => size(X, t) * size(Y, t));
  const order = [...strength.keys()].sort((a, b) => strength[b] - strength[a] || a - b);
  const signs = order.map((t) => {
    let top = t;
    for (let p = t; p < Y.length; p += stride) if (Math.abs(Y[p]) > Math.abs(Y[top])) top = p;
    return Y[top] < 0 ? -1 : 1;
  });
  const row = new Float64Array(rank);
  for (const Z of [X, Y, ...along]) {
    for (let p = 0; p < Z.length; p += stride) {
      for (let t = 0; t < rank; t++) row[t] = signs[t] * Z[p + order[t]];
      for (let t = 0; t < rank; t++) Z[p + t] = row[t];
    }
  }
}
