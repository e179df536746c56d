import { Dice } from '../linear/problems.ts';

/** b = A truth + noise, with k entries of the truth between 1 and 2 in size; the columns of A are of unequal length unless `even`. */
export function sensed(seed: number, m: number, n: number, k: number, { noise = 0, density = 1, even = false } = {}) {
  const dice = new Dice(seed);
  const lengths = dice.vector(n, () => (even ? 1 : 0.2 + 3 * dice.unit()));
  const A = dice.matrix(m, n, density).map((row) => row.map((v, j) => v * lengths[j]));
  const truth = new Array<number>(n).fill(0);
  for (const j of dice.permutation(n).slice(0, k)) truth[j] = dice.chance(0.5) ? 1 + dice.unit() : -1 - dice.unit();
  const b = A.map((row) => row.reduce((sum, v, j) => sum + v * truth[j], 0) + noise * dice.normal());
  return { A, b, truth, dice };
}

export const norm = (v: ArrayLike<number>): number => Math.sqrt(Array.from(v).reduce((sum, x) => sum + x * x, 0));

export const residualOf = (A: number[][], x: ArrayLike<number>, b: number[]): number[] =>
  A.map((row, i) => b[i] - row.reduce((sum, v, j) => sum + v * x[j], 0));

/** A'r */
export const pulled = (A: number[][], r: number[]): number[] =>
  A[0].map((_, j) => A.reduce((sum, row, i) => sum + row[j] * r[i], 0));
