import { arena } from '../../backend/arena.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { integerIn, nonNegativeNumber, numberIn, optionsObject, positiveNumber } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { Random } from '../../core/random.ts';
import { PathFollower } from '../followPath.ts';
import { type Job, runJob } from '../job.ts';
import { lambdaGrid } from '../lambdas.ts';
import type { FitOptions, Recipe } from '../options.ts';
import { PATH_OPTIONS, type PathOptions, readPathOptions } from '../pathOptions.ts';

/** Options of `stabilitySelection`: those of `lassoPath`, and these. */
export interface StabilityOptions extends Omit<PathOptions, 'onProgress'>, Pick<FitOptions, 'onProgress'> {
  /** One strength instead of `lambdas`. */
  lambda?: number;
  /** Number of half-samples, an even number: they come in complementary pairs. @default 100 */
  subsamples?: number;
  /** Share of the half-samples that must select a column, in (0.5, 1]. @default 0.6 */
  threshold?: number;
  /** Bound on the expected number of columns selected falsely: each half-sample stops its path before it selects more columns than the bound allows. */
  perFamilyErrorRate?: number;
  /** Seed of the half-samples. @default 0 */
  seed?: number;
}

/** Outcome of a stability selection. */
export interface StabilitySelection {
  /** From large to small. */
  lambdas: Float64Array;
  /** Of every column: the largest share, over lambda, of the half-samples that selected it. */
  probabilities: Float64Array;
  /** The shares themselves, one row per lambda and one column per column of X. */
  path: DenseMatrix;
  /** Columns with a probability >= threshold, ascending. */
  stable: Int32Array;
  threshold: number;
  /** Mean number of columns that a half-sample selects at any of its lambdas, q. */
  averageSelected: number;
  /** q^2 / ((2 threshold - 1) p): bound on the expected number of columns selected falsely. */
  errorBound: number;
}

/**
 * Stability selection (Meinshausen and Buehlmann 2010) by complementary pairs (Shah and Samworth 2013): the lasso path on many random halves of the rows;
 * a column that most of them select is there for a reason. With p columns and q selected on average, at most q^2 / ((2 threshold - 1) p)
 * false ones are expected: by Meinshausen and Buehlmann where noise columns are exchangeable and no worse than guessing, by Shah and Samworth
 * without those assumptions for columns that a half-sample selects with probability below q / p.
 *
 * Columns with penalty factor 0 are in every fit and count neither in p nor in q. X is stored once: a half-sample is a vector of weights.
 *
 * @param X n x p, dense or sparse
 * @param y n values
 * @throws TypeError, RangeError for data or options of the wrong kind or amount; `signal.reason` when aborted
 * @example
 * const { stable, probabilities } = stabilitySelection(X, y, { perFamilyErrorRate: 1, threshold: 0.75 });
 */
export function stabilitySelection(X: DesignInput, y: VectorInput, options: StabilityOptions = {}): StabilitySelection {
  const known = [...PATH_OPTIONS, 'lambda', 'subsamples', 'threshold', 'perFamilyErrorRate'] as (keyof StabilityOptions)[];
  const {
    lambda,
    subsamples = 100,
    threshold = 0.6,
    perFamilyErrorRate,
    ...rest
  } = optionsObject(options, 'stabilitySelection', known);
  if (lambda !== undefined && rest.lambdas !== undefined) throw new TypeError('lambda: expected no lambdas beside it');
  if (lambda !== undefined) rest.lambdas = [nonNegativeNumber(lambda, 'lambda')];
  if (integerIn(subsamples, 'subsamples', 2) % 2 === 1) {
    throw new RangeError(`subsamples: expected an even number (they come in pairs), got ${subsamples}`);
  }
  numberIn(threshold, 'threshold', 0.5, 1, '(]');
  if (rest.l1Ratio !== undefined) numberIn(rest.l1Ratio, 'l1Ratio', 0, 1, '(]');
  if (perFamilyErrorRate !== undefined) positiveNumber(perFamilyErrorRate, 'perFamilyErrorRate');
  const { recipe, plan, fitOptions } = readPathOptions(rest as PathOptions, 'stabilitySelection');
  return runJob(X, y, recipe, fitOptions, (job) => {
    const { lambdas, penalised } = arena(job.frame.backend, (frame) => {
      const problem = job.problem(job.sampleWeight, frame);
      const largest = plan.given ? 0 : new PathFollower(problem, recipe).largestLambda();
      const l1 = frame.read(problem.l1, problem.p);
      return {
        lambdas: lambdaGrid(plan, largest, problem.n, problem.p, frame.kernels),
        penalised: l1.map((v) => (v > 0 && v < Infinity ? 1 : 0)),
      };
    });
    const p = penalised.length;
    const choices = penalised.reduce((sum, v) => sum + v, 0);
    const most = perFamilyErrorRate === undefined ? Infinity : Math.sqrt(perFamilyErrorRate * (2 * threshold - 1) * choices);
    const counts = new Float64Array(lambdas.length * p);
    let selected = 0;
    let done = 0;
    for (const weights of complementaryHalves(job, subsamples, recipe.seed)) {
      selected += selectAlong(job, recipe, lambdas, weights, penalised, most, counts, fitOptions.signal);
      options.onProgress?.({ done: ++done, total: subsamples });
    }
    const path = new DenseMatrix(
      counts.map((count) => count / subsamples),
      lambdas.length,
      p,
    );
    const probabilities = Float64Array.from({ length: p }, (_, j) => {
      let share = 0;
      for (let l = 0; l < lambdas.length; l++) share = Math.max(share, path.data[l * p + j]);
      return share;
    });
    const averageSelected = selected / subsamples;
    return {
      lambdas,
      probabilities,
      path,
      stable: Int32Array.from(probabilities.keys()).filter((j) => probabilities[j] >= threshold),
      threshold,
      averageSelected,
      errorBound: choices > 0 ? averageSelected ** 2 / ((2 * threshold - 1) * choices) : 0,
    };
  });
}

/** Row weights of random halves, each followed by its complement; of an odd number of rows one is left out of both. */
function* complementaryHalves({ response, sampleWeight }: Job, count: number, seed: number): Generator<Float64Array> {
  const base = sampleWeight ?? new Float64Array(response.length).fill(1);
  const rows = Int32Array.from(base.keys()).filter((i) => base[i] > 0);
  const size = rows.length >> 1;
  if (size === 0) throw new RangeError(`number of rows: expected at least 2 with a positive weight, got ${rows.length}`);
  const random = new Random(seed);
  for (let pair = 0; pair < count / 2; pair++) {
    random.shuffle(rows);
    for (const half of [rows.subarray(0, size), rows.subarray(size, 2 * size)]) {
      const weights = new Float64Array(base.length);
      for (const i of half) weights[i] = base[i];
      yield weights;
    }
  }
}

/** Counts what a half-sample selects at every lambda; stops before it has selected more than `most` columns in all, and returns how many it has. */
function selectAlong(
  job: Job,
  recipe: Recipe,
  lambdas: Float64Array,
  weights: Float64Array,
  penalised: Float64Array,
  most: number,
  counts: Float64Array,
  signal: AbortSignal | undefined,
): number {
  return arena(job.frame.backend, (frame) => {
    const follower = new PathFollower(job.problem(weights, frame), recipe);
    const seen = new Set<number>();
    for (const [l, lambda] of lambdas.entries()) {
      signal?.throwIfAborted();
      const { index } = follower.visit(lambda, recipe.tol);
      const fresh = index.filter((j) => penalised[j] > 0 && !seen.has(j));
      if (seen.size + fresh.length > most) break;
      for (const j of fresh) seen.add(j);
      for (const j of index) counts[l * penalised.length + j]++;
    }
    return seen.size;
  });
}
