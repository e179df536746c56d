import { Random } from '../../core/random.ts';
import { FactoredField } from './factoredField.ts';
import { factorization } from './factorization.ts';
import { designOf, type FieldParameters, GravityField } from './gravityField.ts';
import { expOf, logOf } from './logExp.ts';
import { poissonGravity } from './poissonGravity.ts';
import { type RouteEntries, selectEntries } from './routeEntries.ts';
import { poissonDeviance } from './routeMetrics.ts';
import type { ZoneSetting } from './zoneSetting.ts';

/**
 * How a logarithmic prediction becomes trips: value = exp(mean + share variance), pooled by a weighted geometric mean with plain gravity and with plain factorisation (stacking, Wolpert
 * 1992); interval = exp(m +- spread sd) with m pooled in the same way but without the share of the variance.
 */
export interface Calibration {
  /** Between the median (0) and the mean of a log-normal (1/2). */
  share: number;
  /** Weight of plain gravity, which helps where the largest routes are unlike all others. */
  gravity: number;
  /** Weight of plain factorisation, which helps where zones have habits of their own. */
  factorization: number;
  /** Standard deviations on either side that hold 90 % of new observations. */
  spread: number;
}

/** What was found on held-out entries, and on held-out destinations. */
export interface Calibrations {
  warm: Calibration;
  cold: Calibration;
}

const FOLDS = 3;
const SHARES = [0.25, 0.5];
/** Pairs of weights of gravity and of factorisation; where a whole destination is extrapolated, gravity keeps some weight. */
const WARM = [0, 0.25, 0.5].flatMap((gravity) => [0, 0.25, 0.5].map((factorization) => ({ gravity, factorization })));
const COLD = WARM.filter(({ gravity }) => gravity > 0);
const COVERAGE = 0.9;
/** Two-sided 90 % of a normal distribution, where there is too little to measure it. */
const NORMAL_SPREAD = 1.6448536269514722;
const ENOUGH = 40;
/** Standard deviations by which other predictions may differ. */
const CREDIBLE = 2;
/** Log variances beyond this say "unknown"; their exponential would only overflow. */
export const MOST_VARIANCE = 4;
const MOST_LOG = 600;

/** By cross-validation within the entries: the share of the smallest Poisson deviance, the spread that covers 90 %. */
export function calibrateField(
  entries: RouteEntries,
  setting: ZoneSetting,
  parameters: FieldParameters,
  seed: number,
): Calibrations {
  const byEntry = deal(entries.row.length, seed, 1);
  const zoneFold = deal(entries.zones, seed, 2);
  return {
    warm: calibrate(entries, setting, parameters, seed, WARM, FactoredField, (k) => byEntry[k]),
    cold: calibrate(entries, setting, parameters, seed, COLD, GravityField, (k) => zoneFold[entries.col[k]]),
  };
}

function calibrate(
  entries: RouteEntries,
  setting: ZoneSetting,
  parameters: FieldParameters,
  seed: number,
  weights: typeof WARM,
  // A destination without entries has no factors of its own.
  Field: typeof FactoredField | typeof GravityField,
  foldOf: (k: number) => number,
): Calibration {
  const observed: number[] = [];
  const mean: number[] = [];
  const variance: number[] = [];
  const fields: (GravityField | FactoredField)[] = [];
  const gravity: number[] = [];
  const factored: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = selectEntries(entries, (k) => foldOf(k) === fold);
    const rest = selectEntries(entries, (k) => foldOf(k) !== fold);
    if (held.row.length === 0 || rest.row.length < ENOUGH) continue;
    const field = new Field(rest, designOf(setting), parameters, seed);
    const predicted = field.predict(held.row, held.col);
    const plain = poissonGravity(rest, setting).predict(held.row, held.col).value;
    const factors = factorization.fit(rest, setting, seed).predict(held.row, held.col).value;
    for (let k = 0; k < held.row.length; k++) {
      observed.push(held.value[k]);
      mean.push(predicted.mean[k]);
      variance.push(predicted.variance[k]);
      gravity.push(plain[k]);
      factored.push(factors[k]);
      fields.push(field);
    }
  }
  if (observed.length < ENOUGH) return { share: 0.5, gravity: 0, factorization: 0, spread: NORMAL_SPREAD };
  let best = { share: 0, gravity: 0, factorization: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of SHARES.flatMap((share) => weights.map((weight) => ({ share, ...weight })))) {
    const deviance = poissonDeviance(
      observed,
      mean.map((m, k) => pooled(candidate, m, variance[k], gravity[k], factored[k])),
    );
    if (deviance < least) [best, least] = [candidate, deviance];
  }
  const score = observed.map((value, k) => {
    const expected = pooled(best, mean[k], variance[k], gravity[k], factored[k]);
    const middle = pooledLog({ ...best, share: 0 }, mean[k], variance[k], gravity[k], factored[k]);
    const deviation = Math.sqrt(variance[k] + fields[k].countingVariance(expected));
    return Math.abs(logOf(value + fields[k].unit / 2) - middle) / deviation;
  });
  score.sort((a, b) => a - b);
  return { ...best, spread: score[Math.ceil(COVERAGE * score.length) - 1] };
}

/** Expected trips from the mean and variance of their logarithm, from plain gravity and from plain factorisation. */
export function pooled(...parts: Parameters<typeof pooledLog>): number {
  return expOf(pooledLog(...parts));
}

/** Their logarithm. */
export function pooledLog(
  { share, gravity, factorization }: Omit<Calibration, 'spread'>,
  mean: number,
  variance: number,
  plain: number,
  factored: number,
): number {
  const own = mean + share * Math.min(variance, MOST_VARIANCE);
  // Others are believed as far as our own posterior finds them possible: extrapolated gravity can be wrong by powers of ten.
  const bound = CREDIBLE * Math.sqrt(variance);
  const pull = (other: number) => Math.min(Math.max(logOf(other) - own, -bound), bound);
  let log = own;
  if (gravity > 0 && plain > 0) log += gravity * pull(plain);
  if (factorization > 0 && factored > 0) log += factorization * pull(factored);
  return Math.min(log, MOST_LOG);
}

/** A fold for each of n things, as even as it goes. */
function deal(n: number, seed: number, stream: number): Int32Array {
  return new Random(seed, stream).shuffle(Int32Array.from({ length: n }, (_, k) => k % FOLDS));
}
