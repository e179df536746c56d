import { Compressed } from '../core/compressed.ts';
import { type CscMatrix, cscFromTrusted } from '../core/cscMatrix.ts';
import { devianceRatio, type Visit } from './followPath.ts';
import { LinearPath, type PathPoint } from './linearPath.ts';
import type { Recipe } from './options.ts';
import type { Problem } from './problem.ts';

/** A point of a path with its coefficients, sparse: column `index[k]` has `values[k]`. */
export interface RecordedPoint extends PathPoint {
  intercept: number;
  index: Int32Array;
  values: Float64Array;
}

/** The fits of a path, as they are found. */
export class PathRecord {
  readonly points: RecordedPoint[] = [];
  readonly #problem: Problem;
  readonly #recipe: Recipe;

  constructor(problem: Problem, recipe: Recipe) {
    this.#problem = problem;
    this.#recipe = recipe;
  }

  add(visit: Visit): RecordedPoint {
    const { lambda, index, values, certificate } = visit;
    const intercept = this.#problem.intercept(index, values);
    const ratio = devianceRatio(this.#problem, visit);
    const point = { lambda, df: index.length, devianceRatio: ratio, certificate, intercept, index, values };
    this.points.push(point);
    return point;
  }

  /** The path so far. */
  path(): LinearPath {
    const { points } = this;
    return new LinearPath({
      lambdas: Float64Array.from(points, (point) => point.lambda),
      intercepts: Float64Array.from(points, (point) => point.intercept),
      coefs: columnsOf(points, this.#problem.p),
      points: points.map(({ lambda, df, devianceRatio, certificate }) => ({ lambda, df, devianceRatio, certificate })),
      recipe: this.#recipe,
      nullLoss: this.#problem.nullLoss,
    });
  }
}

/** p x L matrix with the coefficients of point k in column k. */
export function columnsOf(points: readonly { index: Int32Array; values: Float64Array }[], p: number): CscMatrix {
  const indptr = new Int32Array(points.length + 1);
  for (const [k, { index }] of points.entries()) indptr[k + 1] = indptr[k] + index.length;
  const indices = new Int32Array(indptr[points.length]);
  const data = new Float64Array(indices.length);
  for (const [k, { index, values }] of points.entries()) {
    indices.set(index, indptr[k]);
    data.set(values, indptr[k]);
  }
  return cscFromTrusted(new Compressed(points.length, p, indptr, indices, data));
}

/** p coefficients from those that are not zero. */
export function dense(index: Int32Array, values: Float64Array, p: number): Float64Array {
  const coef = new Float64Array(p);
  for (let k = 0; k < index.length; k++) coef[index[k]] = values[k];
  return coef;
}
