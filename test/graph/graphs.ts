import fc from 'fast-check';
import { CsrMatrix } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';

/** A graph in plain numbers, W[i][j] the weight of the edge from i to j, and oracles that know nothing of the package. */
export type Weights = number[][];

export function csr(W: Weights): CsrMatrix {
  return CsrMatrix.fromDense(W);
}

export interface GraphTraits {
  n: number;
  density: number;
  seed: number;
  equal: boolean;
  symmetric: boolean;
}

/** Graphs of every kind: loops, dangling and isolated nodes, one node, equal and different weights. */
export const traits = fc.record<GraphTraits>({
  n: fc.integer({ min: 1, max: 30 }),
  density: fc.constantFrom(0, 0.05, 0.15, 0.4, 1),
  seed: fc.integer({ min: 1, max: 1e6 }),
  equal: fc.boolean(),
  symmetric: fc.boolean(),
});

export function weightsOf({ n, density, seed, equal, symmetric }: GraphTraits): Weights {
  const dice = new Dice(seed);
  const W = Array.from({ length: n }, () => dice.vector(n, () => (dice.chance(density) ? (equal ? 3 : 0.1 + dice.unit()) : 0)));
  if (density < 1) for (const i of [0, 1, 2]) if (i < n - 1 && dice.chance(0.4)) W[i].fill(0);
  if (symmetric) for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) W[i][j] = W[j][i];
  return W;
}

export function distribution(dice: Dice, n: number): number[] {
  const values = dice.vector(n, () => (dice.chance(0.4) ? dice.unit() : 0));
  values[dice.integer(n)] += 0.5;
  return values;
}

export function scaled(values: readonly number[]): number[] {
  const total = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / total);
}

/** The defining equation as a dense system, solved by Gaussian elimination. */
export function exactPageRank(W: Weights, alpha: number, v: number[], u: number[]): number[] {
  const n = W.length;
  const strength = W.map((row) => row.reduce((a, b) => a + b, 0));
  const A = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const share = strength[j] > 0 ? W[j][i] / strength[j] : u[i];
      return (i === j ? 1 : 0) - alpha * share;
    }),
  );
  return solve(
    A,
    v.map((value) => (1 - alpha) * value),
  );
}

function solve(A: number[][], b: number[]): number[] {
  const n = b.length;
  const M = A.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(M[i][k]) > Math.abs(M[pivot][k])) pivot = i;
    [M[k], M[pivot]] = [M[pivot], M[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = M[i][k] / M[k][k];
      for (let j = k; j <= n; j++) M[i][j] -= factor * M[k][j];
    }
  }
  const x = new Array(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    x[i] = M[i][n];
    for (let j = i + 1; j < n; j++) x[i] -= M[i][j] * x[j];
    x[i] /= M[i][i];
  }
  return x;
}

export function l1Distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += Math.abs(a[i] - b[i]);
  return total;
}

/** Objective and largest relative violation of the L1-regularised problem at q, from the dense matrix Q. */
export function judgeL1(W: Weights, s: number[], alpha: number, rho: number, q: ArrayLike<number>) {
  const n = W.length;
  const d = W.map((row) => row.reduce((a, b) => a + b, 0));
  const nodes = d.flatMap((degree, i) => (degree > 0 ? [i] : []));
  let objective = 0;
  let kkt = 0;
  for (const i of nodes) {
    let product = 0;
    for (const j of nodes) {
      const lazy = (((i === j ? d[i] : 0) + W[i][j]) * (1 - alpha)) / 2;
      product += (((i === j ? d[i] : 0) - lazy) / Math.sqrt(d[i] * d[j])) * q[j];
    }
    const threshold = alpha * rho * Math.sqrt(d[i]);
    const linear = (alpha * s[i]) / Math.sqrt(d[i]);
    objective += q[i] * (product / 2 - linear) + threshold * Math.abs(q[i]);
    const gradient = product - linear;
    const violation = q[i] > 0 ? Math.abs(gradient + threshold) : Math.max(0, Math.abs(gradient) - threshold);
    kkt = Math.max(kkt, violation / threshold);
  }
  return { objective, kkt, n };
}

/** `cliques` cliques of `size` nodes in a ring, neighbours joined by one edge: every neighbourhood looks the same. */
export function ringOfCliques(cliques: number, size: number): CsrMatrix {
  const row: number[] = [];
  const col: number[] = [];
  const join = (i: number, j: number) => {
    row.push(i, j);
    col.push(j, i);
  };
  for (let c = 0; c < cliques; c++) {
    for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) join(c * size + a, c * size + b);
    join(c * size, ((c + 1) % cliques) * size + 1);
  }
  const n = cliques * size;
  return CsrMatrix.fromCoo(n, n, { row, col, value: new Array(row.length).fill(1) });
}
