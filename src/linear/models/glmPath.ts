import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber } from '../../core/checks.ts';
import type { CscMatrix } from '../../core/cscMatrix.ts';
import type { Label } from '../../core/labels.ts';
import { type Certificate, certify } from '../certificate.ts';
import { boundsBetween, boundsBeyond, type KnownFit } from '../interpolation.ts';
import { LinearModel } from '../linearModel.ts';
import type { PathPoint } from '../linearPath.ts';
import { type FitOptions, fitOptionsOf } from '../options.ts';
import { fitGlm } from './fitGlm.ts';
import type { GlmRecipe } from './glmRecipe.ts';

/** A model that can be asked for predictions. */
export interface Predicts {
  predict(X: DesignInput): unknown;
}

/** Where an exact fit between the points of a path finds the data. */
export interface ExactGlmOptions<Y> extends FitOptions {
  X: DesignInput;
  y: Y;
}

/** A path of fits over falling lambda, of models M for responses Y. Immutable. */
export class GlmPath<Y, M extends Predicts> {
  /** From large to small. */
  readonly lambdas: Float64Array;
  readonly intercepts: Float64Array;
  /** p x L, one column per lambda. */
  readonly coefs: CscMatrix;
  readonly points: readonly PathPoint[];
  /** Why the path ended before its last lambda: the next one has more than `maxDf` coefficients. */
  readonly stopped: 'maxDf' | undefined;
  readonly #glm: GlmRecipe<Y, M>;
  readonly #classes: readonly Label[] | undefined;
  readonly #floor: number;
  readonly #scale: number;

  /** @internal */
  constructor(parts: {
    lambdas: Float64Array;
    intercepts: Float64Array;
    coefs: CscMatrix;
    points: PathPoint[];
    stopped: 'maxDf' | undefined;
    glm: GlmRecipe<Y, M>;
    classes: readonly Label[] | undefined;
    floor: number;
    scale: number;
  }) {
    this.lambdas = parts.lambdas;
    this.intercepts = parts.intercepts;
    this.coefs = parts.coefs;
    this.points = parts.points;
    this.stopped = parts.stopped;
    this.#glm = parts.glm;
    this.#classes = parts.classes;
    this.#floor = parts.floor;
    this.#scale = parts.scale;
  }

  /**
   * The model at any lambda. On the grid it is the fit itself. Between two points coefficients are interpolated linearly in lambda; beyond the
   * ends the last fit is returned. The certificate says what that costs: the gap bound holds at the lambda asked for, because the optimal
   * value is concave in lambda and the objective convex in the coefficients (kkt is not known there: NaN; with a penalty that is not convex
   * neither is the gap).
   *
   * @param exact the data (and weights, offset) of the path, for an exact fit instead
   */
  at(lambda: number, exact?: ExactGlmOptions<Y>): M {
    nonNegativeNumber(lambda, 'lambda');
    if (exact !== undefined) {
      const { X, y, ...options } = exact;
      return fitGlm(this.#glm, lambda, X, y, fitOptionsOf(options, 'at'));
    }
    const { lambdas } = this;
    const after = lambdas.findIndex((each) => each <= lambda);
    const low = after < 0 ? lambdas.length - 1 : after;
    if (lambdas[low] === lambda)
      return this.#model(this.#column(low), this.intercepts[low], lambda, this.points[low].certificate);
    const high = after < 0 ? low : Math.max(after - 1, 0);
    const share = high === low ? 1 : (lambda - lambdas[low]) / (lambdas[high] - lambdas[low]);
    const coef = this.#column(high).map((b) => share * b);
    for (const [j, b] of this.#column(low).entries()) coef[j] += (1 - share) * b;
    const intercept = share * this.intercepts[high] + (1 - share) * this.intercepts[low];
    return this.#model(coef, intercept, lambda, this.#between(high, low, share, lambda));
  }

  /** Predictions of `at(lambda)`. */
  predict(X: DesignInput, lambda: number): ReturnType<M['predict']> {
    return this.at(lambda).predict(X) as ReturnType<M['predict']>;
  }

  #model(coef: Float64Array, intercept: number, lambda: number, certificate: Certificate): M {
    const classes = this.#classes;
    return this.#glm.family.model(new LinearModel({ coef, intercept, lambda, certificate }), classes ? { classes } : {});
  }

  #column(k: number): Float64Array {
    const coef = new Float64Array(this.coefs.rows);
    for (let e = this.coefs.indptr[k]; e < this.coefs.indptr[k + 1]; e++) coef[this.coefs.indices[e]] = this.coefs.data[e];
    return coef;
  }

  #between(high: number, low: number, share: number, lambda: number): Certificate {
    const { certificate } = this.points[high];
    if (certificate.status === 'local') {
      const unknown = { primal: Number.NaN, dual: Number.NaN, gap: Number.NaN, kkt: Number.NaN };
      return { ...certificate, ...unknown, converged: false, epochs: 0 };
    }
    const a = this.#known(high);
    const { primal, dual } = high === low ? boundsBeyond(a, lambda) : boundsBetween(a, this.#known(low), share, lambda);
    const { tol } = certificate;
    const found = certify({ primal, gap: primal - dual, nullLoss: this.#scale, kkt: Number.NaN, epochs: 0, tol, stalled: true });
    return { ...found, primal: primal + this.#floor, dual: dual + this.#floor };
  }

  /** Values above the smallest possible loss, so that all are >= 0. */
  #known(k: number): KnownFit {
    const { lambda, devianceRatio, certificate } = this.points[k];
    const { primal, dual } = certificate;
    return { lambda, loss: this.#scale * (1 - devianceRatio), primal: primal - this.#floor, dual: dual - this.#floor };
  }
}
