import { DenseMatrix, type Matrix, type MatrixInput } from '../../src/index.ts';
import { Dice } from '../linear/problems.ts';

/** n x p of rank <= `rank`, plus noise: singular values that fall off. */
export function factorData(dice: Dice, n: number, p: number, rank: number, noise = 0.1): number[][] {
  const left = dice.matrix(n, rank);
  const right = dice.matrix(rank, p);
  return left.map((row) =>
    right[0].map((_, j) => row.reduce((s, v, r) => s + (v * right[r][j]) / (r + 1), 0) + noise * dice.normal() + (j % 3)),
  );
}

/** Mostly zeros, small counts otherwise. */
export function countData(dice: Dice, n: number, p: number, density = 0.1): number[][] {
  return Array.from({ length: n }, () =>
    Array.from({ length: p }, (_, j) => (dice.chance(density * (j % 5 === 0 ? 3 : 1)) ? 1 + dice.integer(4) : 0)),
  );
}

export function toRows(X: MatrixInput): number[][] {
  if (X instanceof DenseMatrix) return X.toRows();
  if ('toDense' in X) return (X as Exclude<Matrix, DenseMatrix>).toDense().toRows();
  return X.map((row) => Array.from(row));
}

export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * y[i];
  return s;
};

/** Centred (and scaled by the population sd) columns. */
export function centred(rows: number[][], standardize = false): number[][] {
  const n = rows.length;
  const mean = rows[0].map((_, j) => rows.reduce((s, row) => s + row[j], 0) / n);
  const scale = mean.map((m, j) => {
    const sd = Math.sqrt(rows.reduce((s, row) => s + (row[j] - m) ** 2, 0) / n);
    return standardize && sd > 1e-13 * Math.abs(m) ? sd : 1;
  });
  return rows.map((row) => row.map((v, j) => (v - mean[j]) / scale[j]));
}

/** Cosine of the largest principal angle between the spans of the rows of two orthonormal k x p matrices: 1 where they are the same space. */
export function subspaceCosine(A: number[][], B: number[][]): number {
  // The smallest singular value of A B': the largest ||x - P x|| is found by power steps on I - M'M.
  const M = A.map((a) => B.map((b) => dot(a, b)));
  const k = B.length;
  let x = B.map((_, j) => 1 / (j + 1));
  let eigenvalue = 0;
  for (let step = 0; step < 200; step++) {
    const y = M.map((row) => dot(row, x));
    const next = x.map((v, j) => v - M.reduce((s, row, i) => s + row[j] * y[i], 0));
    const norm = Math.sqrt(dot(next, next));
    const before = Math.sqrt(dot(x, x));
    eigenvalue = before > 0 ? norm / before : 0;
    if (norm < 1e-14) return 1;
    x = next.map((v) => v / norm);
  }
  return k === 0 ? 1 : Math.sqrt(Math.max(0, 1 - eigenvalue));
}

export { Dice };
