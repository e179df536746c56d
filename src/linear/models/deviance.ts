/**
 * Losses of predictions as figures for judging them: what was observed first, what was predicted second.
 * @module
 */
import { currentBackend } from '../../backend/backend.ts';
import { booleanFlag, nonNegativeVector, optionsObject, refuseEntry, vector } from '../../core/checks.ts';
import { encodeLabels, type Label, type LabelInput } from '../../core/labels.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { MetricOptions, PositiveClass } from '../../core/metrics.ts';

/**
 * Mean negative log-likelihood of two classes, -sum w log p(class of the row) / sum w. Infinite where a row was held to be impossible.
 *
 * @param y labels of two classes, or of more where `positive` says which one is meant
 * @param probability of the positive class (by default the last one), 0 to 1, one per row
 * @throws TypeError, RangeError for other kinds, lengths or amounts
 */
export function logLoss<L extends Label>(y: LabelInput<L>, probability: VectorInput, options?: PositiveClass<L>): number {
  const { isPositive, weights } = twoClasses(y, options, 'logLoss');
  const p = vector(probability, 'probability', weights.length);
  for (const [i, value] of p.entries())
    if (!(value >= 0 && value <= 1)) refuseEntry(value, `probability[${i}]`, 'a number in [0, 1]');
  const { log } = currentBackend().kernels;
  return weightedMean(weights, (i) => -log(isPositive(i) ? p[i] : 1 - p[i]));
}

/** Mean hinge loss max(0, 1 - t f) of decision values f, t = 1 for the positive class and -1 for others; `squared`: its square. Errors as `logLoss`. */
export function hingeLoss<L extends Label>(
  y: LabelInput<L>,
  decision: VectorInput,
  options: PositiveClass<L> & { squared?: boolean } = {},
): number {
  const { squared = false, ...rest } = optionsObject(options, 'hingeLoss', ['sampleWeight', 'positive', 'squared']);
  booleanFlag(squared, 'squared');
  const { isPositive, weights } = twoClasses(y, rest, 'hingeLoss');
  const f = vector(decision, 'decision', weights.length);
  return weightedMean(weights, (i) => {
    const short = Math.max(0, 1 - (isPositive(i) ? f[i] : -f[i]));
    return squared ? short * short : short;
  });
}

/**
 * Mean Poisson deviance, 2 sum w (y log(y / m) - y + m) / sum w of counts y and expected counts m (McCullagh and Nelder 1989).
 * @throws TypeError, RangeError for other kinds or lengths, negative counts, expected counts that are not > 0 (0 where the count is 0)
 */
export function poissonDeviance(y: VectorInput, expected: VectorInput, options?: MetricOptions): number {
  const { sampleWeight } = optionsObject(options, 'poissonDeviance', ['sampleWeight']);
  const counts = countsOf(y);
  const n = counts.length;
  const mean = vector(expected, 'expected', n);
  for (const [i, m] of mean.entries())
    if (!(m > 0 || (m === 0 && counts[i] === 0))) refuseEntry(m, `expected[${i}]`, 'a number > 0');
  const { log } = currentBackend().kernels;
  return weightedMean(
    weightsOf(sampleWeight, n),
    (i) => 2 * (mean[i] - counts[i] + (counts[i] > 0 ? counts[i] * log(counts[i] / mean[i]) : 0)),
  );
}

/** Numbers >= 0, of n rows where that is given. */
export function countsOf(y: VectorInput, n?: number): Float64Array {
  const counts = vector(y, 'y', n);
  for (const [i, count] of counts.entries()) if (count < 0) refuseEntry(count, `y[${i}]`, 'a count >= 0');
  return counts;
}

/** sum w term / sum w over rows with a positive weight. */
export function weightedMean(weights: Float64Array, term: (i: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i] * term(i);
    total += weights[i];
  }
  return sum / total;
}

export function weightsOf(sampleWeight: VectorInput | undefined, n: number): Float64Array {
  return sampleWeight === undefined ? new Float64Array(n).fill(1) : nonNegativeVector(sampleWeight, 'sampleWeight', n);
}

function twoClasses<L extends Label>(y: LabelInput<L>, options: PositiveClass<L> | undefined, title: string) {
  const { sampleWeight, positive } = optionsObject(options, title, ['sampleWeight', 'positive']);
  const { classes, index } = encodeLabels(y, 'y', undefined, positive === undefined ? 2 : 1);
  if (positive === undefined && classes.length !== 2) {
    throw new RangeError(`y: expected 2 classes, or the option positive, got ${classes.length} classes`);
  }
  const wanted = positive === undefined ? 1 : classes.indexOf(positive);
  return { isPositive: (i: number) => index[i] === wanted, weights: weightsOf(sampleWeight, index.length) };
}
