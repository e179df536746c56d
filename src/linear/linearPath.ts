import type { DesignInput } from '../backend/residentMatrix.ts';
import { nonNegativeNumber } from '../core/checks.ts';
import type { CscMatrix } from '../core/cscMatrix.ts';
import type { VectorInput } from '../core/matrixInput.ts';
import { type Certificate, certify } from './certificate.ts';
import { fitLinear } from './fitLinear.ts';
import { boundsBetween, boundsBeyond, type KnownFit } from './interpolation.ts';
import { LinearModel } from './linearModel.ts';
import { type FitOptions, fitOptionsOf, type Recipe } from './options.ts';

/** One point of a path. */
export interface PathPoint {
  lambda: number;
  /** Coefficients that are not zero. */
  df: number;
  /** Share of the null deviance that is explained: 1 - RSS / TSS. */
  devianceRatio: number;
  certificate: Certificate;
}

/** Where an exact fit between the points of a path finds the data. */
export interface ExactOptions extends FitOptions {
  X: DesignInput;
  y: VectorInput;
}

/** A path of fits over falling lambda. Immutable. */
export class LinearPath {
  /** From large to small. */
  readonly lambdas: Float64Array;
  readonly intercepts: Float64Array;
  /** p x L, one column per lambda. */
  readonly coefs: CscMatrix;
  readonly points: readonly PathPoint[];
  readonly #recipe: Recipe;
  readonly #nullLoss: number;

  /** @internal */
  constructor(parts: {
    lambdas: Float64Array;
    intercepts: Float64Array;
    coefs: CscMatrix;
    points: PathPoint[];
    recipe: Recipe;
    nullLoss: number;
  }) {
    this.lambdas = parts.lambdas;
    this.intercepts = parts.intercepts;
    this.coefs = parts.coefs;
    this.points = parts.points;
    this.#recipe = parts.recipe;
    this.#nullLoss = parts.nullLoss;
  }

  /**
   * The model at any lambda. On the grid it is the fit itself. Between two points coefficients are interpolated linearly in lambda; beyond the
   * ends the last fit is returned. The certificate says what that costs: the gap bound holds at the lambda asked for, because the optimal
   * value is concave in lambda and the objective convex in the coefficients (kkt is not known there: NaN).
   *
   * @param exact the data (and weights, offset) of the path, for an exact fit instead
   */
  at(lambda: number, exact?: ExactOptions): LinearModel {
    nonNegativeNumber(lambda, 'lambda');
    if (exact !== undefined) {
      const { X, y, ...options } = exact;
      return fitLinear(this.#recipe, lambda, X, y, fitOptionsOf(options, 'at'));
    }
    const { lambdas } = this;
    const place = placeOf(lambdas, lambda);
    const { high, low, share } = place;
    if (high === low && lambdas[low] === lambda) return this.#fit(low);
    const { coef, intercept } = interpolated(this.coefs, this.intercepts, place);
    return new LinearModel({ coef, intercept, lambda, certificate: this.#between(high, low, share, lambda) });
  }

  /** Predictions of `at(lambda)`. */
  predict(X: DesignInput, lambda: number): Float64Array {
    return this.at(lambda).predict(X);
  }

  #fit(k: number): LinearModel {
    const { lambda, certificate } = this.points[k];
    return new LinearModel({ coef: columnOf(this.coefs, k), intercept: this.intercepts[k], lambda, certificate });
  }

  #between(high: number, low: number, share: number, lambda: number): Certificate {
    const a = this.#known(high);
    const { primal, dual } = high === low ? boundsBeyond(a, lambda) : boundsBetween(a, this.#known(low), share, lambda);
    const { tol } = this.points[high].certificate;
    return certify({ primal, gap: primal - dual, nullLoss: this.#nullLoss, kkt: Number.NaN, epochs: 0, tol, stalled: true });
  }

  #known(k: number): KnownFit {
    const { lambda, devianceRatio, certificate } = this.points[k];
    return { lambda, loss: this.#nullLoss * (1 - devianceRatio), primal: certificate.primal, dual: certificate.dual };
  }
}

/** Where lambda lies on a falling grid: share of the point `high` against `low`; on the grid and beyond its ends the two are the same. */
export function placeOf(lambdas: Float64Array, lambda: number): { high: number; low: number; share: number } {
  const after = lambdas.findIndex((each) => each <= lambda);
  const low = after < 0 ? lambdas.length - 1 : after;
  const high = after < 0 || lambdas[after] === lambda ? low : Math.max(after - 1, 0);
  return { high, low, share: high === low ? 1 : (lambda - lambdas[low]) / (lambdas[high] - lambdas[low]) };
}

/** Coefficients and intercept there. */
export function interpolated(coefs: CscMatrix, intercepts: Float64Array, { high, low, share }: ReturnType<typeof placeOf>) {
  const coef = columnOf(coefs, high);
  if (high === low) return { coef, intercept: intercepts[high] };
  const after = columnOf(coefs, low);
  for (let j = 0; j < coef.length; j++) coef[j] = share * coef[j] + (1 - share) * after[j];
  return { coef, intercept: share * intercepts[high] + (1 - share) * intercepts[low] };
}

function columnOf(coefs: CscMatrix, k: number): Float64Array {
  const coef = new Float64Array(coefs.rows);
  for (let e = coefs.indptr[k]; e < coefs.indptr[k + 1]; e++) coef[coefs.indices[e]] = coefs.data[e];
  return coef;
}
