const EPSILON = 2.220446049250313e-16;
const SWEEPS = 60;

/**
 * Singular values and vectors of a small square matrix by one-sided Jacobi rotations (Hestenes 1958; de Rijk 1989): small singular values keep
 * their digits where a Gram matrix would lose them.
 *
 * @param A k x k, row-major
 * @returns A = left diag(values) right', values from large to small, matrices row-major; `left` is orthogonal also where they are 0
 */
export function smallSvd(A: Float64Array, k: number): { values: Float64Array; left: Float64Array; right: Float64Array } {
  // Columns as rows, so that rotations are contiguous.
  const U = new Float64Array(k * k);
  const V = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    V[i * k + i] = 1;
    for (let j = 0; j < k; j++) U[j * k + i] = A[i * k + j];
  }
  for (let sweep = 0, rotated = true; rotated && sweep < SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < k - 1; p++) {
      for (let q = p + 1; q < k; q++) {
        let [a, b, c] = [0, 0, 0];
        for (let i = 0; i < k; i++) {
          const x = U[p * k + i];
          const y = U[q * k + i];
          a += x * x;
          b += y * y;
          c += x * y;
        }
        if (c === 0 || Math.abs(c) <= EPSILON * Math.sqrt(a) * Math.sqrt(b)) continue;
        rotated = true;
        const zeta = (b - a) / (2 * c);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cosine = 1 / Math.sqrt(1 + t * t);
        rotate(U, p * k, q * k, k, cosine, cosine * t);
        rotate(V, p * k, q * k, k, cosine, cosine * t);
      }
    }
  }
  const norms = Float64Array.from({ length: k }, (_, j) => {
    let s = 0;
    for (let i = 0; i < k; i++) s += U[j * k + i] ** 2;
    return Math.sqrt(s);
  });
  const order = Array.from({ length: k }, (_, j) => j).sort((a, b) => norms[b] - norms[a] || a - b);
  const left = new Float64Array(k * k);
  const right = new Float64Array(k * k);
  for (const [j, from] of order.entries()) {
    for (let i = 0; i < k; i++) {
      left[i * k + j] = norms[from] > 0 ? U[from * k + i] / norms[from] : 0;
      right[i * k + j] = V[from * k + i];
    }
  }
  const values = Float64Array.from(order, (j) => norms[j]);
  for (let j = 0; j < k; j++) if (values[j] === 0) completeColumn(left, k, j);
  return { values, left, right };
}

/** Column j becomes a unit vector orthogonal to the columns before it: the unit vector that they leave most of, twice orthogonalised. */
function completeColumn(M: Float64Array, k: number, j: number): void {
  let [best, most] = [0, -1];
  for (let i = 0; i < k; i++) {
    let left = 1;
    for (let c = 0; c < j; c++) left -= M[i * k + c] ** 2;
    if (left > most) [best, most] = [i, left];
  }
  const x = new Float64Array(k);
  x[best] = 1;
  for (let pass = 0; pass < 2; pass++) {
    for (let c = 0; c < j; c++) {
      let s = 0;
      for (let i = 0; i < k; i++) s += M[i * k + c] * x[i];
      for (let i = 0; i < k; i++) x[i] -= s * M[i * k + c];
    }
  }
  let norm = 0;
  for (let i = 0; i < k; i++) norm += x[i] ** 2;
  for (let i = 0; i < k; i++) M[i * k + j] = x[i] / Math.sqrt(norm);
}

function rotate(M: Float64Array, p: number, q: number, k: number, c: number, s: number): void {
  for (let i = 0; i < k; i++) {
    const x = M[p + i];
    const y = M[q + i];
    M[p + i] = c * x - s * y;
    M[q + i] = s * x + c * y;
  }
}
