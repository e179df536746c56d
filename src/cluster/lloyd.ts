import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import { Centres } from './centres.ts';
import type { Points } from './points.ts';

/** How k-means ended: labels stopped changing, centres moved less than `tol`, or too many iterations. */
export type KMeansStatus = 'converged' | 'tolerance' | 'maxIterations';

/** A partition in the units of `Points`. */
export interface Partition {
  centres: Float64Array;
  labels: Int32Array;
  /** Weighted sum of squared distances to the own centres. */
  inertia: number;
  iterations: number;
  status: KMeansStatus;
  /** Root of the sum of squared moves of the centres in the last update. */
  shift: number;
}

/** Where Lloyd's algorithm stops. */
export interface LloydLimits {
  maxIterations: number;
  /** A smaller sum of squared moves of the centres ends the work. */
  tol: number;
  /** After each assignment. */
  step: (iterations: number, changed: number) => void;
}

/** Lloyd's algorithm from the given centres. */
export function lloyd(frame: Arena, points: Points, start: Float64Array, weight: Pointer, limits: LloydLimits): Partition {
  const { rows, cols } = points;
  const { heap } = frame;
  const k = start.length / cols;
  const centres = new Centres(frame, points, k);
  const labels = frame.i32(rows);
  heap.i32(labels, rows).fill(-1);
  const [upper, lower, own] = [frame.f64(rows), frame.f64(rows), frame.f64(rows)];
  centres.place(start);
  let status: KMeansStatus | undefined;
  let [iterations, square] = [0, 0];
  for (;;) {
    const changed = centres.assign(labels, upper, lower);
    // An assignment after the last update only makes labels and centres agree: it is not counted.
    if (!status) limits.step(++iterations, changed);
    if (iterations > 1 && changed === 0) status = 'converged';
    if (status) break;
    const mass = centres.gather(labels, weight);
    if (mass.includes(0)) {
      points.distances(centres.values, labels, centres.norms, own);
      refill(frame, labels, weight, own, upper, lower, centres, rows, k);
      centres.gather(labels, weight);
    }
    square = centres.move();
    if (iterations >= limits.maxIterations) status = 'maxIterations';
    else if (square < limits.tol) status = 'tolerance';
  }
  points.distances(centres.values, labels, centres.norms, own);
  const w = weight ? heap.f64(weight, rows) : undefined;
  const inertia = heap.f64(own, rows).reduce((sum, d, i) => sum + (w ? w[i] * d : d), 0);
  return {
    centres: frame.read(centres.values, k * cols),
    labels: heap.i32(labels, rows).slice(),
    inertia,
    iterations,
    status,
    shift: Math.sqrt(square),
  };
}

/** Gives every empty cluster the row that lies farthest from its own centre, the first of equals, out of clusters that keep another one. */
function refill(
  frame: Arena,
  labelsAt: Pointer,
  weightAt: Pointer,
  ownAt: Pointer,
  upperAt: Pointer,
  lowerAt: Pointer,
  centres: Centres,
  rows: number,
  k: number,
): void {
  const { heap } = frame;
  const labels = heap.i32(labelsAt, rows);
  const [own, upper, lower] = [heap.f64(ownAt, rows), heap.f64(upperAt, rows), heap.f64(lowerAt, rows)];
  const weight = weightAt ? heap.f64(weightAt, rows) : undefined;
  const [mass, dirty] = [heap.f64(centres.mass, k), heap.i32(centres.dirty, k)];
  const members = new Int32Array(k);
  for (let i = 0; i < rows; i++) if (!weight || weight[i] > 0) members[labels[i]]++;
  for (let c = 0; c < k; c++) {
    if (mass[c] > 0) continue;
    let [farthest, most] = [-1, 0];
    for (let i = 0; i < rows; i++) {
      if (own[i] > most && members[labels[i]] > 1 && (!weight || weight[i] > 0)) [farthest, most] = [i, own[i]];
    }
    if (farthest < 0) throw tooManyClusters(members.filter((count) => count > 0).length, k);
    const from = labels[farthest];
    [dirty[from], dirty[c]] = [1, 1];
    members[from]--;
    members[c]++;
    labels[farthest] = c;
    own[farthest] = 0;
    // The bounds are those of another label.
    upper[farthest] = Infinity;
    lower[farthest] = 0;
  }
}

/** @internal */
export function tooManyClusters(distinct: number, k: number): RangeError {
  return new RangeError(`clusters: expected at most ${distinct}, the number of distinct rows with a weight, got ${k}`);
}
