/**
 * Solves A x = b for a symmetric positive (semi-)definite A by conjugate gradients with the diagonal as preconditioner; b must be in the range of A.
 * Starts at 0; ends at a residual of `tol` times that of 0, or after `most` steps.
 */
export function conjugateGradients(
  apply: (x: Float64Array, out: Float64Array) => void,
  diagonal: Float64Array,
  b: Float64Array,
  tol = 1e-12,
  most = 10 * b.length + 50,
): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  const r = b.slice();
  const z = new Float64Array(n);
  const p = new Float64Array(n);
  const q = new Float64Array(n);
  let [rz, first] = [0, 0];
  for (let step = 0; step < most; step++) {
    let next = 0;
    for (let i = 0; i < n; i++) {
      z[i] = diagonal[i] > 0 ? r[i] / diagonal[i] : 0;
      next += r[i] * z[i];
    }
    if (step === 0) first = next;
    if (!(next > tol * tol * first)) break;
    const beta = step === 0 ? 0 : next / rz;
    rz = next;
    for (let i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
    apply(p, q);
    let curvature = 0;
    for (let i = 0; i < n; i++) curvature += p[i] * q[i];
    if (!(curvature > 0)) break;
    const alpha = rz / curvature;
    for (let i = 0; i < n; i++) {
      x[i] += alpha * p[i];
      r[i] -= alpha * q[i];
    }
  }
  return x;
}
