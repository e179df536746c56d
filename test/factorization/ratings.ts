import { CsrMatrix } from '../../src/index.ts';
import type { Dice } from '../linear/problems.ts';

/** Observed entries as triples, row after row. */
export interface Ratings {
  rows: number;
  cols: number;
  row: number[];
  col: number[];
  value: number[];
}

export const csr = ({ rows, cols, row, col, value }: Ratings): CsrMatrix => CsrMatrix.fromCoo(rows, cols, { row, col, value });

interface Traits {
  rank?: number;
  share?: number;
  noise?: number;
  /** Rows and columns without entries. */
  emptyRows?: number[];
  emptyColumns?: number[];
}

/** Noisy products of random factors with biases about 3, in a share of the cells; every row and column that is not empty has an entry. */
export function ratings(dice: Dice, rows: number, cols: number, traits: Traits = {}): Ratings {
  const { rank = 2, share = 0.6, noise = 0.3, emptyRows = [], emptyColumns = [] } = traits;
  const [X, Y, a, b] = [dice.matrix(rows, rank), dice.matrix(cols, rank), dice.vector(rows), dice.vector(cols)];
  const out: Ratings = { rows, cols, row: [], col: [], value: [] };
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const kept = dice.chance(share);
      if (emptyRows.includes(i) || emptyColumns.includes(j) || !(kept || i % cols === j || j % rows === i)) continue;
      out.row.push(i);
      out.col.push(j);
      out.value.push(3 + a[i] / 2 + b[j] / 2 + dot(X[i], Y[j]) + noise * dice.normal());
    }
  }
  return out;
}

/** Small whole numbers in a share of the cells, as counts. */
export function counts(dice: Dice, rows: number, cols: number, share = 0.3): Ratings {
  const all = ratings(dice, rows, cols, { share });
  return { ...all, value: all.value.map(() => 1 + dice.integer(5)) };
}

/** A symmetric graph: a ring, and some chords. */
export function ring(dice: Dice, n: number, chords = 3): CsrMatrix {
  const edges = Array.from({ length: n }, (_, i) => [i, (i + 1) % n, 0.5 + dice.unit()]);
  for (let k = 0; k < chords; k++) edges.push([dice.integer(n), dice.integer(n), dice.unit()]);
  const both = edges.filter(([a, b]) => a !== b).flatMap(([a, b, w]) => [[Math.min(a, b), Math.max(a, b), w]]);
  return symmetric(n, both);
}

export function symmetric(n: number, edges: number[][]): CsrMatrix {
  const all = edges.flatMap(([a, b, w]) => [
    [a, b, w],
    [b, a, w],
  ]);
  return CsrMatrix.fromCoo(n, n, { row: all.map((e) => e[0]), col: all.map((e) => e[1]), value: all.map((e) => e[2]) });
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  for (let t = 0; t < a.length; t++) s += a[t] * b[t];
  return s;
}

/** Largest |a - b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}

export function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return new Error('nothing was thrown');
}

/** Kind of the error and its message, in one line. */
export function complaint(body: () => unknown): string {
  const error = thrown(body) as Error & { code?: string };
  return `${error.name}${error.code ? ` ${error.code}` : ''}: ${error.message}`;
}
