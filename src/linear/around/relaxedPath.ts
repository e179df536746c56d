import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber, numberIn } from '../../core/checks.ts';
import type { CscMatrix } from '../../core/cscMatrix.ts';
import { LinearModel, type LinearModelParts } from '../linearModel.ts';
import { interpolated, type LinearPath, placeOf } from '../linearPath.ts';
import { columnsOf } from '../pathRecord.ts';
import type { Refit } from './supportRefit.ts';

/** What is known of a refit. */
export type RefitCheck = Pick<Refit, 'residual' | 'dependent'>;

/** A blend of a lasso and its refit. `certificate` is that of the lasso. Immutable. */
export class RelaxedModel extends LinearModel {
  /** Share of the lasso; 0: least squares on its support. */
  readonly gamma: number;
  /** Check of the refit; between two points of the path its residual is not known: NaN. */
  readonly refit: RefitCheck;

  /** @internal */
  constructor(parts: LinearModelParts & { gamma: number; refit: RefitCheck }) {
    super(parts);
    this.gamma = parts.gamma;
    this.refit = parts.refit;
  }
}

/** A path of lassos with the least-squares fits on their supports. Immutable. */
export class RelaxedPath {
  /** The lassos. */
  readonly lasso: LinearPath;
  /** p x L, the refit at every lambda. */
  readonly refitCoefs: CscMatrix;
  readonly refitIntercepts: Float64Array;
  /** Check of every refit. */
  readonly refits: readonly RefitCheck[];

  /** @internal */
  constructor(lasso: LinearPath, refits: readonly Refit[], intercepts: Float64Array) {
    this.lasso = lasso;
    this.refitCoefs = columnsOf(refits, lasso.coefs.rows);
    this.refitIntercepts = intercepts;
    this.refits = refits.map(({ residual, dependent }) => ({ residual, dependent }));
  }

  /** From large to small. */
  get lambdas(): Float64Array {
    return this.lasso.lambdas;
  }

  /**
   * gamma times the lasso plus 1 - gamma times the refit. Between two lambdas of the path both are interpolated linearly, beyond its ends the
   * last ones are returned, as `LinearPath.at` does.
   *
   * @param gamma 0 to 1
   */
  at(lambda: number, gamma: number): RelaxedModel {
    nonNegativeNumber(lambda, 'lambda');
    numberIn(gamma, 'gamma', 0, 1);
    const { coef: shrunken, intercept, certificate } = this.lasso.at(lambda);
    const place = placeOf(this.lambdas, lambda);
    const free = interpolated(this.refitCoefs, this.refitIntercepts, place);
    const known = place.high === place.low ? this.refits[place.low] : undefined;
    const dependent = Math.max(this.refits[place.high].dependent, this.refits[place.low].dependent);
    return new RelaxedModel({
      coef: shrunken.map((b, j) => blend(gamma, b, free.coef[j])),
      intercept: blend(gamma, intercept, free.intercept),
      lambda,
      certificate,
      gamma,
      refit: known ?? { residual: Number.NaN, dependent },
    });
  }

  /** Predictions of `at(lambda, gamma)`. */
  predict(X: DesignInput, lambda: number, gamma: number): Float64Array {
    return this.at(lambda, gamma).predict(X);
  }
}

export function blend(gamma: number, shrunken: number, free: number): number {
  return gamma * shrunken + (1 - gamma) * free;
}
