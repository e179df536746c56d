import { devianceRatio, type PathFollower } from './followPath.ts';
import { boundsBetween, type KnownFit } from './interpolation.ts';
import type { Problem } from './problem.ts';

/** Every so many lambdas are solved before those between them are looked at (measured: more are refused too often to pay), */
const STRIDE = 2;
/** but every single one where the tolerance is finer than interpolation can be. */
const FINE = 1e-6;
/** The ends of an interpolation are solved to rounding: only then does the whole gain below hold. */
const END_TOL = 1e-13;
const SETTLED = 1e-10;

/** A solved lambda. */
interface Solved {
  l: number;
  known: KnownFit;
  /** Predictions for all rows, those of weight zero included. */
  fitted: Float64Array;
  settled: boolean;
}

/**
 * Predictions for all rows at every lambda with a relative gap <= tol. Coefficients along a path are piecewise linear, so that most lambdas
 * between two solutions come for free: every second is solved, then those between them that interpolation does not serve well enough.
 *
 * The gap of an interpolation with share s is that of `boundsBetween` less s (1 - s) ||r_a - r_b||^2: half of it because the loss is strongly
 * convex, half because the mean of both residuals is dual feasible at the mean lambda and the dual strongly concave.
 */
export function fitsAlong(
  problem: Problem,
  follower: PathFollower,
  lambdas: Float64Array,
  tol: number,
  visit: (l: number, fitted: Float64Array, gap: number) => void,
): void {
  const solve = (l: number): Solved => {
    const at = follower.visit(lambdas[l], Math.min(tol, END_TOL));
    const { primal, dual, gap } = at.certificate;
    const fitted = predictions(problem, at.index, at.values);
    visit(l, fitted, gap);
    const known = { lambda: at.lambda, loss: problem.nullLoss * (1 - devianceRatio(problem, at)), primal, dual };
    return { l, known, fitted, settled: gap <= SETTLED };
  };
  const fill = (a: Solved, b: Solved): void => {
    const distance = squaredDistance(problem, a.fitted, b.fitted) * (a.settled && b.settled ? 1 : 0.5);
    const between = Array.from({ length: b.l - a.l - 1 }, (_, k) => {
      const l = a.l + 1 + k;
      const share = a.known.lambda === b.known.lambda ? 1 : (lambdas[l] - b.known.lambda) / (a.known.lambda - b.known.lambda);
      const { primal, dual } = boundsBetween(a.known, b.known, share, lambdas[l]);
      return { l, share, gap: Math.max(primal - dual - share * (1 - share) * distance, 0) };
    });
    if (between.every(({ gap }) => gap <= tol * problem.nullLoss)) {
      for (const { l, share, gap } of between) {
        visit(
          l,
          a.fitted.map((f, i) => share * f + (1 - share) * b.fitted[i]),
          problem.nullLoss > 0 ? gap / problem.nullLoss : gap,
        );
      }
      return;
    }
    const middle = solve((a.l + b.l) >> 1);
    fill(a, middle);
    fill(middle, b);
  };
  const stride = tol < FINE ? 1 : STRIDE;
  let last = solve(0);
  while (last.l < lambdas.length - 1) {
    const next = solve(Math.min(last.l + stride, lambdas.length - 1));
    fill(last, next);
    last = next;
  }
}

/** intercept + X b for all rows, those of weight zero included. */
export function predictions(problem: Problem, index: Int32Array, values: Float64Array): Float64Array {
  const { frame, heap, columns, n } = problem;
  const fitted = frame.uninitialised(n * 8);
  const list = frame.put(index);
  const coef = frame.put(values);
  heap.f64(fitted, n).fill(problem.intercept(index, values));
  columns.combine(list, coef, index.length, fitted);
  const copy = frame.read(fitted, n);
  for (const pointer of [coef, list, fitted]) frame.release(pointer);
  return copy;
}

/** sum w (a - b)^2 */
function squaredDistance({ heap, weights, n }: Problem, a: Float64Array, b: Float64Array): number {
  const w = weights ? heap.f64(weights, n) : undefined;
  let total = 0;
  for (let i = 0; i < n; i++) total += (w ? w[i] : 1 / n) * (a[i] - b[i]) ** 2;
  return total;
}
