import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Random } from '../core/random.ts';
import { tooManyClusters } from './lloyd.ts';
import type { Points } from './points.ts';

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007): every centre is a row, drawn with probability proportional to its squared distance to the centres so
 * far; of 2 + floor(ln k) draws the one that leaves the smallest sum of squared distances is kept. k rows in the units of `points`.
 */
export function plusPlus(
  frame: Arena,
  points: Points,
  k: number,
  weight: Pointer,
  random: Random,
  step: () => void,
): Float64Array {
  const { rows, cols } = points;
  const { heap, kernels } = frame;
  const draws = 2 + Math.floor(kernels.log(k));
  const w = weight ? heap.f64(weight, rows).slice() : undefined;
  const out = new Float64Array(k * cols);
  const [centre, norm, distances] = [frame.f64(cols), frame.f64(1), frame.f64(rows)];
  const potential = new Float64Array(rows);
  let nearest = new Float64Array(rows).fill(Infinity);
  let kept = new Float64Array(rows);
  let trial = new Float64Array(rows);

  /** Running sums of the weights of a draw; the last one is their total. */
  const accumulate = (first: boolean): number => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      sum += (first ? 1 : nearest[i]) * (w ? w[i] : 1);
      potential[i] = sum;
    }
    return sum;
  };
  /** The sum of squared distances with row i as one more centre; the distances are left in `trial`. */
  const measure = (i: number): number => {
    const row = points.row(i);
    heap.f64(centre, cols).set(row);
    heap.f64(norm, 1)[0] = row.reduce((sum, v) => sum + v * v, 0);
    points.distances(centre, 0, norm, distances);
    const found = heap.f64(distances, rows);
    let sum = 0;
    for (let r = 0; r < rows; r++) {
      const d = Math.min(nearest[r], found[r]);
      trial[r] = d;
      sum += w ? w[r] * d : d;
    }
    return sum;
  };

  for (let c = 0; c < k; c++) {
    step();
    const total = accumulate(c === 0);
    if (!(total > 0)) throw tooManyClusters(c, k);
    let [best, least] = [0, Infinity];
    for (let draw = 0; draw < (c === 0 ? 1 : draws); draw++) {
      const i = firstAbove(potential, random.uniform() * total);
      const sum = measure(i);
      if (sum >= least) continue;
      [best, least] = [i, sum];
      [kept, trial] = [trial, kept];
    }
    [nearest, kept] = [kept, nearest];
    out.set(points.row(best), c * cols);
  }
  return out;
}

/** The first position with a running sum above `target`, or the first with the largest sum. */
function firstAbove(sums: Float64Array, target: number): number {
  const last = sums.length - 1;
  const limit = target < sums[last] ? target : sums[last] * (1 - Number.EPSILON);
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
