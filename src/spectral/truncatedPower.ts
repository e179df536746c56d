import { kthLargest } from '../core/kthLargest.ts';
import { type GramOperator, inner } from './gramOperator.ts';

/** A sparse direction and how well it is settled. */
export interface SparseDirection {
  /** p, of norm 1; zeros where S is 0. */
  vector: Float64Array;
  iterations: number;
  /** ||x - T(S x) / ||T(S x)|| ||: 0 at a fixed point. */
  residual: number;
  /** Whether the objective never fell at the final number of nonzeros. */
  monotone: boolean;
}

/** Power steps on the whole matrix, for a start that has seen all columns. */
const START_STEPS = 20;
/** Steps at each number of nonzeros on the way down. */
const STAGE_STEPS = 20;

/**
 * Truncated power method (Yuan and Zhang 2013): max x'S x over ||x|| = 1 with at most `nonzeros` entries, by x <- T(S x) / ||T(S x)||, T keeping the
 * entries of largest magnitude (the first ones on ties). It starts with the dense leading direction and halves the number of nonzeros down to
 * the one asked for, which avoids poor local maxima.
 */
export function truncatedPower(
  S: GramOperator,
  nonzeros: number,
  tol: number,
  maxIterations: number,
  step: () => void,
): SparseDirection {
  const p = S.size;
  // Columns of equal variance differ by rounding: the first of them, so that storage does not decide.
  let widest = 0;
  for (let j = 0; j < p; j++) if (S.diagonal[j] > S.diagonal[widest] * (1 + 1e-9)) widest = j;
  let x: Float64Array = new Float64Array(p);
  x[widest] = 1;
  let iterations = 0;
  const advance = (count: number): { next: Float64Array; objective: number } => {
    const y = S.times(x);
    iterations++;
    return { next: truncated(y, count), objective: inner(x, y) };
  };
  const run = (count: number, steps: number) => {
    for (let k = 0; k < steps; k++) {
      const { next } = advance(count);
      if (isZero(next)) return;
      const moved = distance(x, next);
      x = next;
      if (moved <= tol) return;
    }
  };
  run(p, START_STEPS);
  for (let count = p; count > 2 * nonzeros; ) {
    count = Math.max(2 * nonzeros, count >> 1);
    run(count, STAGE_STEPS);
    step();
  }
  x = truncated(x, nonzeros);

  let residual = Infinity;
  let last = -Infinity;
  let monotone = true;
  for (let k = 0; k < maxIterations; k++) {
    const { next, objective } = advance(nonzeros);
    if (isZero(next)) return { vector: new Float64Array(p), iterations, residual: 0, monotone };
    if (objective < last * (1 - 1e-12)) monotone = false;
    last = objective;
    residual = distance(x, next);
    x = next;
    if (residual <= tol) break;
    if (k % 16 === 0) step();
  }
  return { vector: x, iterations, residual, monotone };
}

/** The `count` entries of largest magnitude, the first ones on ties, scaled to norm 1. */
function truncated(y: Float64Array, count: number): Float64Array {
  const out = new Float64Array(y.length);
  if (count >= y.length) out.set(y);
  else {
    const sizes = y.map(Math.abs);
    const limit = kthLargest(sizes.slice(), count);
    let left = count;
    for (let j = 0; j < y.length; j++) {
      if (sizes[j] > limit) {
        out[j] = y[j];
        left--;
      }
    }
    for (let j = 0; j < y.length && left > 0; j++) {
      if (sizes[j] === limit) {
        out[j] = y[j];
        left--;
      }
    }
  }
  let largest = 0;
  for (const v of out) largest = Math.max(largest, Math.abs(v));
  if (largest === 0) return out;
  let squares = 0;
  for (const v of out) squares += (v / largest) ** 2;
  const norm = largest * Math.sqrt(squares);
  for (let j = 0; j < out.length; j++) out[j] /= norm;
  return out;
}

function distance(x: Float64Array, y: Float64Array): number {
  let s = 0;
  for (let j = 0; j < x.length; j++) s += (x[j] - y[j]) ** 2;
  return Math.sqrt(s);
}

const isZero = (x: Float64Array): boolean => x.every((v) => v === 0);
