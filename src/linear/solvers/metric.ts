import type { Pointer } from '../../backend/kernels.ts';
import { Random } from '../../core/random.ts';
import type { Problem } from '../problem.ts';

const POWER_ITERATIONS = 12;
/** Power iterations approach the largest eigenvalue from below. */
const SAFETY = 1.05;

/** The diagonal metric D = diag(||z~_j||^2), in which every column has length 1: badly scaled columns do not matter to a step in it. */
export interface Metric {
  /** 1 / ||z~_j||^2; 0 for columns that may not enter, so that steps leave them at 0. */
  inverse: Pointer;
  /** l1 factors with 0 for columns that may not enter: their infinite factor times a step of 0 would be NaN. */
  l1: Pointer;
}

export function diagonalMetric({ frame, heap, p, second, l1 }: Problem): Metric {
  const squares = heap.f64(second, p);
  const inverse = squares.map((square) => (square > 0 ? 1 / square : 0));
  const factors = heap.f64(l1, p).map((factor, j) => (squares[j] > 0 ? factor : 0));
  return { inverse: frame.put(inverse), l1: frame.put(factors) };
}

/** How many columns may enter: an upper bound on the curvature. */
export function openColumns({ heap, p, second }: Problem): number {
  return heap.f64(second, p).reduce((count, square) => count + (square > 0 ? 1 : 0), 0);
}

/**
 * The largest curvature of 1/2 ||y~ - Z b||^2 in the diagonal metric, max ||Z v||^2 / v'Dv, by power iterations from a seeded start:
 * not a bound, but rarely low.
 */
export function curvature(problem: Problem, metric: Metric): number {
  const { frame, heap, kernels, n, p } = problem;
  const random = new Random(0);
  const index = Int32Array.from({ length: p }, (_, j) => j);
  let v = heap.f64(metric.inverse, p).map((inverse) => Math.sqrt(inverse) * (random.uniform() - 0.5));
  const image = frame.f64(n);
  const back = frame.f64(p);
  let largest = 0;
  for (let pass = 0; pass < POWER_ITERATIONS; pass++) {
    const second = heap.f64(problem.second, p);
    const length = Math.sqrt(v.reduce((sum, value, j) => sum + second[j] * value * value, 0));
    if (!(length > 0)) break;
    v = v.map((value) => value / length);
    heap.f64(image, n).fill(0);
    problem.addColumns(index, v, image);
    largest = Math.max(largest, kernels.dot(image, image, n));
    problem.correlate(image, 0, p, back);
    kernels.multiply(metric.inverse, back, back, p);
    v = heap.f64(back, p).slice();
  }
  frame.release(back);
  frame.release(image);
  return Math.max(1, Math.min(SAFETY * largest, openColumns(problem)));
}

/** out = a + t (a - b); out may be a or b. */
export function extrapolate({ heap }: Problem, a: Pointer, b: Pointer, t: number, out: Pointer, length: number): void {
  const from = heap.f64(b, length);
  const to = heap.f64(a, length);
  const beyond = heap.f64(out, length);
  for (let i = 0; i < length; i++) beyond[i] = to[i] + t * (to[i] - from[i]);
}
