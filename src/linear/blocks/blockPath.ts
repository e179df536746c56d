import type { DesignInput } from '../../backend/residentMatrix.ts';
import { nonNegativeNumber } from '../../core/checks.ts';
import type { RunOptions } from '../../core/progress.ts';
import { type Certificate, certify } from '../certificate.ts';
import { boundsBetween, boundsBeyond, type KnownFit } from '../interpolation.ts';
import { type LambdaPlan, lambdaGrid } from '../lambdas.ts';
import { type BlockFit, type BlockJob, type BlockRecipe, solutionOf } from './blockJob.ts';

/** One point of a path. */
export interface BlockPathPoint {
  lambda: number;
  /** Coefficients that are not zero. */
  df: number;
  /** Blocks (groups, or columns with all their outputs) that are not zero. */
  blocks: number;
  /** Share of the null deviance that is explained. */
  devianceRatio: number;
  certificate: Certificate;
}

/** Fits at falling lambdas, with the losses of the null model and of predictions as good as any. */
export interface Walk {
  fits: BlockFit[];
  nullLoss: number;
  saturatedLoss: number;
}

/** A path of fits over falling lambda. Immutable. */
export class BlockPath<M> {
  /** From large to small. */
  readonly lambdas: Float64Array;
  readonly points: readonly BlockPathPoint[];
  readonly #fits: readonly BlockFit[];
  readonly #nullLoss: number;
  readonly #model: (fit: BlockFit) => M;

  /** @internal */
  constructor({ fits, nullLoss, saturatedLoss }: Walk, model: (fit: BlockFit) => M) {
    this.lambdas = Float64Array.from(fits, (fit) => fit.lambda);
    this.#fits = fits;
    this.#nullLoss = nullLoss;
    this.#model = model;
    this.points = fits.map(({ lambda, values, active, loss, certificate }) => ({
      lambda,
      df: values.reduce((count, b) => count + (b === 0 ? 0 : 1), 0),
      blocks: active.length,
      devianceRatio: nullLoss > saturatedLoss ? (nullLoss - loss) / (nullLoss - saturatedLoss) : 0,
      certificate,
    }));
  }

  /**
   * The model at any lambda: on the grid the fit itself, between two points their mean, linear in lambda, beyond the ends the last fit. The certificate
   * says what that costs: the optimal value is concave in lambda and the objective convex in the coefficients (kkt is not known there: NaN).
   */
  at(lambda: number): M {
    nonNegativeNumber(lambda, 'lambda');
    const { lambdas } = this;
    const fits = this.#fits;
    const after = lambdas.findIndex((each) => each <= lambda);
    if (after >= 0 && lambdas[after] === lambda) return this.#model(fits[after]);
    const high = fits[after < 0 ? lambdas.length - 1 : Math.max(after - 1, 0)];
    const low = after < 0 ? high : fits[after];
    const share = high === low ? 1 : (lambda - low.lambda) / (high.lambda - low.lambda);
    const bounds = high === low ? boundsBeyond(known(high), lambda) : boundsBetween(known(high), known(low), share, lambda);
    const { primal, dual } = bounds;
    const { tol } = high.certificate;
    const gap = primal - dual;
    const certificate = certify({ primal, gap, nullLoss: this.#nullLoss, kkt: Number.NaN, epochs: 0, tol, stalled: true });
    return this.#model({ ...mixed(high, low, share), lambda, certificate });
  }

  /** Predictions of `at(lambda)`. */
  predict(this: BlockPath<M & { predict(X: DesignInput): unknown }>, X: DesignInput, lambda: number): ReturnType<Predict<M>> {
    return this.at(lambda).predict(X) as ReturnType<Predict<M>>;
  }
}

type Predict<M> = M extends { predict: infer P } ? (P extends (...args: never[]) => unknown ? P : never) : never;

/** Fits at falling lambdas, each from the last one. */
export function walkBlocks(
  job: BlockJob,
  recipe: BlockRecipe,
  plan: LambdaPlan,
  options: RunOptions<{ lambda: number }>,
  owner = job.frame,
): Walk {
  const { rows: n, cols: p } = job.columns;
  const solver = job.solver(undefined, owner);
  const lambdas = lambdaGrid(plan, plan.given ? 0 : solver.largestLambda, n, p, owner.kernels);
  const fits: BlockFit[] = [];
  for (const [k, lambda] of lambdas.entries()) {
    options.signal?.throwIfAborted();
    const { tol, maxEpochs } = recipe;
    fits.push(solutionOf(solver, lambda, solver.solve({ lambda, tol, maxEpochs }), p));
    options.onProgress?.({ done: k + 1, total: lambdas.length, lambda });
  }
  return { fits, nullLoss: solver.nullLoss, saturatedLoss: solver.saturatedLoss };
}

function known({ lambda, loss, certificate: { primal, dual } }: BlockFit): KnownFit {
  return { lambda, loss, primal, dual };
}

/** share high + (1 - share) low */
function mixed(high: BlockFit, low: BlockFit, share: number): BlockFit {
  const outputs = high.intercept.length;
  const index = Int32Array.from(new Set([...high.index, ...low.index])).sort();
  const at = new Map(Array.from(index, (j, c) => [j, c]));
  const values = new Float64Array(index.length * outputs);
  for (const [fit, weight] of [
    [high, share],
    [low, 1 - share],
  ] as const) {
    for (const [c, j] of fit.index.entries()) {
      for (let k = 0; k < outputs; k++) values[at.get(j)! * outputs + k] += weight * fit.values[c * outputs + k];
    }
  }
  return {
    ...high,
    index,
    values,
    intercept: high.intercept.map((c, k) => share * c + (1 - share) * low.intercept[k]),
    active: Int32Array.from(new Set([...high.active, ...low.active])).sort(),
  };
}
