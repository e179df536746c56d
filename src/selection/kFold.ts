import { integerIn, numberArray, optionsObject } from '../core/checks.ts';
import { foldLabels, kFold as randomFolds, stratifiedFolds } from '../core/folds.ts';
import { encodeLabels, type LabelInput } from '../core/labels.ts';
import { Random } from '../core/random.ts';

/** Options of `kFold`. */
export interface FoldOptions {
  /** How many, 2 to n. @default 5 */
  folds?: number;
  /** @default 0 */
  seed?: number;
  /** One label per row: every fold gets its share of every class (stratified folds). */
  labels?: LabelInput;
  /** One label per row: rows of one group stay in one fold. */
  groups?: LabelInput;
}

/** The rows of one fold and all others, ascending. */
export interface Split {
  train: Int32Array;
  test: Int32Array;
}

/**
 * Deals n rows out to folds, at random but the same for the same seed. Sizes differ by at most one, with `labels` also those of every class;
 * with `groups` they are as equal as dealing the groups out, the largest first, makes them.
 *
 * @returns the fold of every row, 0 to folds - 1: what `foldIds` means everywhere
 * @throws RangeError unless 2 <= folds <= n (or the number of groups), TypeError for labels of the wrong kind or both kinds of labels
 * @example
 * kFold(4, { folds: 2, labels: ['a', 'b', 'a', 'b'] }); // an 'a' and a 'b' in either fold
 */
export function kFold(n: number, options?: FoldOptions): Int32Array {
  const { folds = 5, seed = 0, labels, groups } = optionsObject(options, 'kFold', ['folds', 'seed', 'labels', 'groups']);
  if (labels !== undefined && groups !== undefined) throw new TypeError('kFold: expected labels or groups, not both');
  if (labels === undefined && groups === undefined) return randomFolds(n, folds, seed);
  integerIn(n, 'number of rows', 2, 2147483647);
  integerIn(folds, 'folds', 2, n);
  if (labels !== undefined) return stratifiedFolds(encodeLabels(labels, 'labels', n, 1).index, folds, seed);
  return grouped(n, folds, groups!, new Random(seed));
}

/**
 * Training and test rows of every fold.
 *
 * @param foldIds one integer per row, any labels, at least two different ones
 * @throws TypeError, RangeError for anything else
 */
export function splitsOf(foldIds: ArrayLike<number>): Split[] {
  const { labels, fold } = foldLabels(foldIds, numberArray(foldIds, 'foldIds').length);
  const rows = Int32Array.from(fold.keys());
  return labels.map((_, k) => ({ train: rows.filter((i) => fold[i] !== k), test: rows.filter((i) => fold[i] === k) }));
}

/** Groups by falling size, equal ones in random order, each to the fold that is smallest so far. */
function grouped(n: number, folds: number, groups: LabelInput, random: Random): Int32Array {
  const { classes, index } = encodeLabels(groups, 'groups', n, 1);
  if (classes.length < folds) throw new RangeError(`groups: expected at least ${folds} different groups, got ${classes.length}`);
  const size = new Int32Array(classes.length);
  for (const g of index) size[g]++;
  const order = random.shuffle(Array.from(size.keys()));
  order.sort((a, b) => size[b] - size[a]);
  const filled = new Array<number>(folds).fill(0);
  const foldOf = new Int32Array(classes.length);
  for (const g of order) {
    foldOf[g] = filled.indexOf(Math.min(...filled));
    filled[foldOf[g]] += size[g];
  }
  return index.map((g) => foldOf[g]);
}
