import type { Dice } from '../linear/problems.ts';

/** n rows around k points of p dimensions. */
export function blobs(dice: Dice, n: number, p: number, k: number, spread = 0.5): number[][] {
  const middles = dice.matrix(k, p);
  return Array.from({ length: n }, (_, i) => middles[i % k].map((v) => v + spread * dice.normal()));
}

/** Mostly zeros, one small count at least in every row. */
export function counts(dice: Dice, n: number, p: number): number[][] {
  return Array.from({ length: n }, () => {
    const row = Array.from({ length: p }, () => (dice.chance(0.2) ? 1 + dice.integer(5) : 0));
    row[dice.integer(p)] += 1;
    return row;
  });
}

const square = (x: number[], c: number[]) => x.reduce((sum, v, j) => sum + (v - c[j]) ** 2, 0);
const unit = (x: number[]) => {
  const norm = Math.sqrt(
    square(
      x,
      x.map(() => 0),
    ),
  );
  return x.map((v) => v / norm);
};

/** Lloyd's algorithm with every distance computed, empty clusters refilled as documented. */
export function naiveLloyd(
  rows: number[][],
  start: number[][],
  { weights = rows.map(() => 1), spherical = false, most = 300 } = {},
) {
  const X = spherical ? rows.map(unit) : rows;
  let C = spherical ? start.map(unit) : start;
  let labels: number[] = [];
  for (let iterations = 1; ; iterations++) {
    const D = X.map((x) => C.map((c) => square(x, c)));
    const next = D.map((d) => d.indexOf(Math.min(...d)));
    const done = next.every((label, i) => label === labels[i]);
    labels = next;
    if (done || iterations > most) {
      const inertia = labels.reduce((sum, label, i) => sum + (weights[i] * D[i][label]) / (spherical ? 2 : 1), 0);
      return { labels, centres: C, inertia, iterations };
    }
    const own = D.map((d, i) => d[labels[i]]);
    const members = (c: number) => labels.flatMap((label, i) => (label === c && weights[i] > 0 ? [i] : []));
    C.forEach((_, c) => {
      if (members(c).length > 0) return;
      const free = X.flatMap((_, i) => (weights[i] > 0 && members(labels[i]).length > 1 ? [i] : []));
      const farthest = free.reduce((a, b) => (own[b] > own[a] ? b : a));
      labels[farthest] = c;
      own[farthest] = 0;
    });
    C = C.map((old, c) => {
      const at = members(c);
      const mass = at.reduce((sum, i) => sum + weights[i], 0);
      const mean = old.map((_, j) => at.reduce((sum, i) => sum + weights[i] * X[i][j], 0) / mass);
      return spherical ? unit(mean) : mean;
    });
  }
}
