import { dot, solveLinear } from '../linear/oracle.ts';

/** Weighted least squares with an intercept (or without), by the normal equations: [coefficients, intercept]. */
export function leastSquares(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[] = y.map(() => 1),
  fitIntercept = true,
): { coef: number[]; intercept: number } {
  const wide = rows.map((row) => (fitIntercept ? [...row, 1] : [...row]));
  const width = wide[0].length;
  const gram = Array.from({ length: width }, (_, j) =>
    Array.from({ length: width }, (_, k) => wide.reduce((sum, row, i) => sum + weights[i] * row[j] * row[k], 0)),
  );
  const right = Array.from({ length: width }, (_, j) => wide.reduce((sum, row, i) => sum + weights[i] * row[j] * y[i], 0));
  const solution = solveLinear(gram, right);
  return fitIntercept ? { coef: solution.slice(0, -1), intercept: solution[width - 1] } : { coef: solution, intercept: 0 };
}

/** Columns with mean 0 and variance 1 (divisor n), and what was taken off. */
export function standardised(rows: readonly (readonly number[])[]): { columns: number[][]; spread: number[] } {
  const n = rows.length;
  const spread: number[] = [];
  const columns = rows[0].map((_, j) => {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / n;
    const rest = rows.map((row) => row[j] - mean);
    spread.push(Math.sqrt(dot(rest, rest) / n));
    return rest.map((v) => v / spread[j]);
  });
  return { columns, spread };
}

/** The lasso 1/(2n) ||y - Z b||^2 + lambda ||b||_1 by plain coordinate descent over standardised columns; `skip` stays out. */
export function naiveLasso(columns: number[][], y: readonly number[], lambda: number, skip = -1) {
  const n = y.length;
  const b = columns.map(() => 0);
  const r = [...y];
  for (let epoch = 0; epoch < 20_000; epoch++) {
    let most = 0;
    for (const [j, z] of columns.entries()) {
      if (j === skip) continue;
      const g = dot(z, r) / n + b[j];
      const next = Math.sign(g) * Math.max(Math.abs(g) - lambda, 0);
      const change = next - b[j];
      if (change === 0) continue;
      most = Math.max(most, Math.abs(change));
      b[j] = next;
      for (let i = 0; i < n; i++) r[i] -= change * z[i];
    }
    if (most < 1e-13) break;
  }
  return { b, r };
}

/** The scaled lasso: noise and lasso in turn. */
export function naiveScaledLasso(columns: number[][], y: readonly number[], lambda0: number, skip = -1) {
  const n = y.length;
  let sigma = Math.sqrt(dot(y, y) / n);
  for (let step = 0; ; step++) {
    const { b, r } = naiveLasso(columns, y, sigma * lambda0, skip);
    const next = Math.sqrt(dot(r, r) / n);
    if (Math.abs(next - sigma) < 1e-10 || step > 100) return { b, r };
    sigma = next;
  }
}
