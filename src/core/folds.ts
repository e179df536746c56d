import { integerIn, numberArray, refuseEntry } from './checks.ts';
import { Random } from './random.ts';

/**
 * Fold labels 0..k - 1 for n rows: sizes differ by at most one, the assignment is a random permutation given by the seed.
 * @throws RangeError unless 2 <= k <= n
 */
export function kFold(n: number, k: number, seed: number): Int32Array {
  integerIn(n, 'number of rows', 2, 2147483647);
  integerIn(k, 'folds', 2, n);
  const fold = new Int32Array(n);
  for (let i = 0; i < n; i++) fold[i] = i % k;
  return new Random(seed).shuffle(fold);
}

/**
 * Stratified folds of rows whose classes are numbered: class after class is dealt out in turns, so that folds differ by at most one row of each.
 * @throws RangeError unless 2 <= k <= n
 */
export function stratifiedFolds(classIndex: Int32Array, k: number, seed: number): Int32Array {
  const n = classIndex.length;
  integerIn(k, 'folds', 2, n);
  const random = new Random(seed);
  const order = random.shuffle(Int32Array.from(classIndex.keys()));
  const turn = random.shuffle(Int32Array.from({ length: k }, (_, t) => t));
  const fold = new Int32Array(n);
  // A stable sort keeps the random order inside the classes.
  const byClass = Array.from(order).sort((a, b) => classIndex[a] - classIndex[b]);
  for (const [dealt, i] of byClass.entries()) fold[i] = turn[dealt % k];
  return fold;
}

/** Folds given by the caller, renumbered. */
export interface FoldLabels {
  /** The distinct labels, ascending. */
  labels: number[];
  /** For each row, the position of its label in `labels`. */
  fold: Int32Array;
}

/**
 * Reads one fold label per row; any integers will do.
 * @throws TypeError for other kinds, RangeError for a wrong length, labels that are not integers, or fewer than two folds
 */
export function foldLabels(foldIds: ArrayLike<number>, n: number): FoldLabels {
  const ids = numberArray(foldIds, 'foldIds', n);
  const positions = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    if (!Number.isSafeInteger(ids[i])) refuseEntry(ids[i], `foldIds[${i}]`, 'an integer');
    positions.set(ids[i], 0);
  }
  const labels = Array.from(positions.keys()).sort((a, b) => a - b);
  if (labels.length < 2) throw new RangeError(`foldIds: expected at least 2 different labels, got ${labels.length}`);
  labels.forEach((label, position) => {
    positions.set(label, position);
  });
  return { labels, fold: Int32Array.from(ids, (id) => positions.get(id) as number) };
}
