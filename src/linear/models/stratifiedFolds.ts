import { integerIn } from '../../core/checks.ts';
import { Random } from '../../core/random.ts';

/** Random folds of rows of numbered classes: class after class is dealt out in turns, so that folds differ by at most one row of each. */
export function stratifiedFolds(classIndex: Int32Array, folds: number, seed: number): Int32Array {
  const n = classIndex.length;
  integerIn(folds, 'folds', 2, n);
  const random = new Random(seed);
  const order = random.shuffle(Int32Array.from(classIndex.keys()));
  const turn = random.shuffle(Int32Array.from({ length: folds }, (_, k) => k));
  const fold = new Int32Array(n);
  // A stable sort keeps the random order inside the classes.
  const byClass = Array.from(order).sort((a, b) => classIndex[a] - classIndex[b]);
  for (const [dealt, i] of byClass.entries()) fold[i] = turn[dealt % folds];
  return fold;
}
