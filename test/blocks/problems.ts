import type { DenseMatrix } from '../../src/core/denseMatrix.ts';
import { Random } from '../../src/core/random.ts';

/** n x p numbers between -1 and 1, some of them zero, columns of different scales and means. */
export function rowsOf(seed: number, n: number, p: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: n }, () =>
    Array.from({ length: p }, (_, j) => (random.uniform() < 0.3 ? 0 : (1 + (j % 3)) * (2 * random.uniform() - 1 + (j % 2)))),
  );
}

/** A response of n rows for a loss, from a few columns and noise. */
export function responseOf(seed: number, rows: number[][], loss: string): number[] {
  const random = new Random(seed + 1000);
  return rows.map((x) => {
    const f = 0.8 * x[0] - 0.7 * x[1] + 0.5 * x[x.length - 1] + 1.5 * (random.uniform() - 0.5);
    if (loss === 'logistic') return f > 0.2 ? 1 : 0;
    if (loss === 'squaredHinge') return f > 0.2 ? 1 : -1;
    return loss === 'poisson' ? Math.floor(Math.exp(f)) : f;
  });
}

/** n x K responses. */
export function responsesOf(seed: number, rows: number[][], K: number): number[][] {
  const each = Array.from({ length: K }, (_, k) => responseOf(seed + k, rows, 'squared'));
  return rows.map((_, i) => each.map((y, k) => (1 + k) * y[i]));
}

/** Classes 0..K - 1. */
export function classesOf(seed: number, rows: number[][], K: number): Int32Array {
  const random = new Random(seed + 2000);
  return Int32Array.from(rows, (x, i) => {
    if (i < K) return i;
    const f = Array.from({ length: K }, (_, k) => (x[k % x.length] ?? 0) * (k + 1) + 2 * random.uniform());
    return f.indexOf(Math.max(...f));
  });
}

export const toRows = (M: DenseMatrix): number[][] =>
  Array.from({ length: M.rows }, (_, i) => Array.from({ length: M.cols }, (_, j) => M.get(i, j)));

/** Largest |a - b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (v, j) => Math.abs(v - b[j])).reduce((x, y) => Math.max(x, y), 0);
}

/** Options of an oracle: predictions' gradient by output, and the proximal step of the coefficients (p x K). */
interface Oracle {
  rows: number[][];
  K: number;
  /** d loss / d f, n x K, from f, n x K. */
  gradient: (f: number[][]) => number[][];
  prox: (B: number[][], step: number) => number[][];
  step: number;
  iterations: number;
}

/** Accelerated proximal gradient with restarts, in the plainest form; [B, intercepts]. */
export function proximalGradient({ rows, K, gradient, prox, step, iterations }: Oracle): { B: number[][]; c: number[] } {
  const p = rows[0].length;
  let B = Array.from({ length: p }, () => new Array<number>(K).fill(0));
  let c = new Array<number>(K).fill(0);
  let [yB, yc, t] = [B, c, 1];
  for (let it = 0; it < iterations; it++) {
    const f = rows.map((x) => yc.map((ck, k) => x.reduce((s, v, j) => s + v * yB[j][k], ck)));
    const g = gradient(f);
    const G = yB.map((row, j) => row.map((b, k) => b - step * rows.reduce((s, x, i) => s + x[j] * g[i][k], 0)));
    const nextB = prox(G, step);
    const nextC = yc.map((ck, k) => ck - step * g.reduce((s, gi) => s + gi[k], 0));
    let turn = 0;
    for (let k = 0; k < K; k++) {
      turn += (yc[k] - nextC[k]) * (nextC[k] - c[k]);
      for (let j = 0; j < p; j++) turn += (yB[j][k] - nextB[j][k]) * (nextB[j][k] - B[j][k]);
    }
    const s = turn > 0 ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    const m = turn > 0 ? 0 : (t - 1) / s;
    yB = nextB.map((row, j) => row.map((b, k) => b + m * (b - B[j][k])));
    yc = nextC.map((v, k) => v + m * (v - c[k]));
    [B, c, t] = [nextB, nextC, s];
  }
  return { B, c };
}

/** Shrinks a vector: by l1 each, then by a as a whole. */
export function shrink(v: number[], a: number, l1: number): number[] {
  const t = v.map((x) => Math.sign(x) * Math.max(Math.abs(x) - l1, 0));
  const norm = Math.hypot(...t);
  return norm <= a ? t.map(() => 0) : t.map((x) => x * (1 - a / norm));
}
