/**
 * How well predictions agree with what was observed. Every function takes what was observed first, what was predicted second, and
 * `{ sampleWeight }`: one weight >= 0 per row; a weight k equals k copies of the row.
 * @module
 */
import { nonNegativeVector, optionsObject, refuse, vector } from './checks.ts';
import { DenseMatrix } from './denseMatrix.ts';
import { encodeLabels, type Label, type LabelInput } from './labels.ts';
import type { VectorInput } from './matrixInput.ts';

/** Options of every metric. */
export interface MetricOptions {
  /** One weight >= 0 per row. @default all 1 */
  sampleWeight?: VectorInput;
}

/** Options of metrics that single out one class. */
export interface PositiveClass<L extends Label = Label> extends MetricOptions {
  /** The class that counts as positive; all others are negative. @default the second of two classes */
  positive?: L;
}

/**
 * Mean squared error, sum w (y - f)^2 / sum w.
 * @throws TypeError, RangeError for vectors of the wrong kind or length, or with a value that is not finite
 */
export function meanSquaredError(y: VectorInput, predicted: VectorInput, options?: MetricOptions): number {
  return meanOf(pairs(y, predicted, options, 'meanSquaredError'), (a, b) => (a - b) ** 2);
}

/** Mean absolute error, sum w |y - f| / sum w. Errors as `meanSquaredError`. */
export function meanAbsoluteError(y: VectorInput, predicted: VectorInput, options?: MetricOptions): number {
  return meanOf(pairs(y, predicted, options, 'meanAbsoluteError'), (a, b) => Math.abs(a - b));
}

/**
 * Share of the variance that is explained, 1 - sum w (y - f)^2 / sum w (y - mean)^2: 1 is perfect, 0 as good as the mean, below 0 worse. A
 * constant y gives 1 for a perfect prediction and 0 otherwise. Errors as `meanSquaredError`.
 */
export function r2(y: VectorInput, predicted: VectorInput, options?: MetricOptions): number {
  const data = pairs(y, predicted, options, 'r2');
  // Distances from a value of y itself: a constant y then has exactly no spread.
  const first = data.y[data.weights.findIndex((w) => w > 0)];
  const mean = meanOf(data, (a) => a - first);
  const spread = meanOf(data, (a) => (a - first - mean) ** 2);
  const rest = meanOf(data, (a, b) => (a - b) ** 2);
  return spread > 0 ? 1 - rest / spread : rest === 0 ? 1 : 0;
}

/**
 * Share of labels that were predicted.
 * @throws TypeError, RangeError for labels of the wrong kind, of two kinds, or of the wrong number
 */
export function accuracy<L extends Label>(y: LabelInput<L>, predicted: LabelInput<L>, options?: MetricOptions): number {
  const { counts, total } = compare(y, predicted, options, 'accuracy');
  let hits = 0;
  for (let k = 0; k < counts.rows; k++) hits += counts.get(k, k);
  return hits / total;
}

/** Recall averaged over the classes that occur in y: 1 / classes for blind guesses, however unequal the classes. Errors as `accuracy`. */
export function balancedAccuracy<L extends Label>(y: LabelInput<L>, predicted: LabelInput<L>, options?: MetricOptions): number {
  const { recall, support } = perClass(compare(y, predicted, options, 'balancedAccuracy'));
  let [sum, present] = [0, 0];
  for (let k = 0; k < recall.length; k++) {
    if (support[k] === 0) continue;
    sum += recall[k];
    present++;
  }
  return sum / present;
}

/** Which classes were taken for which. */
export interface ConfusionMatrix<L extends Label = Label> {
  /** All labels of y and of the predictions, ascending. */
  classes: L[];
  /** Entry (i, j): total weight of the rows of class i that were predicted as class j. */
  counts: DenseMatrix;
}

/**
 * Counts of true against predicted classes. Errors as `accuracy`.
 * @example
 * confusionMatrix(['a', 'a', 'b'], ['a', 'b', 'b']).counts.toRows(); // [[1, 1], [0, 1]]
 */
export function confusionMatrix<L extends Label>(
  y: LabelInput<L>,
  predicted: LabelInput<L>,
  options?: MetricOptions,
): ConfusionMatrix<L> {
  const { classes, counts } = compare(y, predicted, options, 'confusionMatrix');
  return { classes, counts };
}

/** Precision, recall and their harmonic mean for every class. */
export interface PrecisionRecallF1<L extends Label = Label> {
  /** All labels of y and of the predictions, ascending; the arrays below are in this order. */
  classes: L[];
  /** Share of the rows predicted as the class that belong to it; 0 where none were. */
  precision: Float64Array;
  /** Share of the class's rows that were predicted as it; 0 where there are none. */
  recall: Float64Array;
  /** 2 precision recall / (precision + recall); 0 where both are 0. */
  f1: Float64Array;
  /** Total weight of the class's rows. */
  support: Float64Array;
}

/** Precision, recall and F1 of every class against all others. Errors as `accuracy`. */
export function precisionRecallF1<L extends Label>(
  y: LabelInput<L>,
  predicted: LabelInput<L>,
  options?: MetricOptions,
): PrecisionRecallF1<L> {
  return perClass(compare(y, predicted, options, 'precisionRecallF1'));
}

function perClass<L extends Label>({ classes, counts }: ConfusionMatrix<L>): PrecisionRecallF1<L> {
  const ones = new Float64Array(classes.length).fill(1);
  const support = counts.matvec(ones);
  const claimed = counts.rmatvec(ones);
  const hits = classes.map((_, k) => counts.get(k, k));
  const share = (k: number, of: number) => (of > 0 ? hits[k] / of : 0);
  return {
    classes,
    precision: claimed.map((weight, k) => share(k, weight)),
    recall: support.map((weight, k) => share(k, weight)),
    f1: support.map((weight, k) => 2 * share(k, weight + claimed[k])),
    support,
  };
}

/**
 * Area under the ROC curve: the probability that a positive row has a higher score than a negative one, ties counting half (Hanley and
 * McNeil 1982). Only the order of the scores matters.
 *
 * @param y labels of two classes, or of more where `positive` says which one is meant
 * @param scores one finite number per row, higher for the positive class
 * @throws TypeError, RangeError for other kinds, a wrong length, and where positive or negative rows (of positive weight) are missing
 * @example
 * auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function auc<L extends Label>(y: LabelInput<L>, scores: VectorInput, options?: PositiveClass<L>): number {
  const { sampleWeight, positive } = optionsObject(options, 'auc', ['sampleWeight', 'positive']);
  const { classes, index } = encodeLabels(y, 'y', undefined, 1);
  const n = index.length;
  const weights = weightsOf(sampleWeight, n);
  const score = vector(scores, 'scores', n);
  if (positive === undefined && classes.length !== 2) {
    throw new RangeError(`y: expected 2 classes, or the option positive, got ${classes.length} classes`);
  }
  const wanted = positive === undefined ? 1 : classes.indexOf(positive);
  const order = Uint32Array.from(score.keys()).sort((a, b) => score[a] - score[b] || a - b);
  let [below, above, ordered] = [0, 0, 0];
  for (let from = 0, to = 0; from < n; from = to) {
    let [negatives, positives] = [0, 0];
    for (; to < n && score[order[to]] === score[order[from]]; to++) {
      if (index[order[to]] === wanted) positives += weights[order[to]];
      else negatives += weights[order[to]];
    }
    ordered += positives * (below + negatives / 2);
    below += negatives;
    above += positives;
  }
  if (!(below > 0 && above > 0)) {
    const missing = above > 0 ? 'negative' : 'positive';
    throw new RangeError(`y: expected positive and negative rows with a positive weight, got no ${missing} ones`);
  }
  return ordered / (above * below);
}

/** Numbers side by side with their weights. */
interface Pairs {
  y: Float64Array;
  predicted: Float64Array;
  weights: Float64Array;
}

function pairs(y: VectorInput, predicted: VectorInput, options: MetricOptions | undefined, title: string): Pairs {
  const { sampleWeight } = optionsObject(options, title, ['sampleWeight']);
  const observed = vector(y, 'y');
  const n = observed.length;
  if (n === 0) throw new RangeError('y: expected at least one number');
  return { y: observed, predicted: vector(predicted, 'predicted', n), weights: weightsOf(sampleWeight, n) };
}

function weightsOf(sampleWeight: VectorInput | undefined, n: number): Float64Array {
  return sampleWeight === undefined ? new Float64Array(n).fill(1) : nonNegativeVector(sampleWeight, 'sampleWeight', n);
}

function meanOf({ y, predicted, weights }: Pairs, term: (y: number, predicted: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    sum += weights[i] * term(y[i], predicted[i]);
    total += weights[i];
  }
  return sum / total;
}

function compare<L extends Label>(
  y: LabelInput<L>,
  predicted: LabelInput<L>,
  options: MetricOptions | undefined,
  title: string,
): ConfusionMatrix<L> & { total: number } {
  const { sampleWeight } = optionsObject(options, title, ['sampleWeight']);
  const truth = encodeLabels(y, 'y', undefined, 1);
  const n = truth.index.length;
  const guess = encodeLabels(predicted, 'predicted', n, 1);
  const kind = typeof truth.classes[0];
  if (typeof guess.classes[0] !== kind) refuse(guess.classes[0], 'predicted[0]', `a ${kind}, as the labels in y`, false);
  const { classes } = encodeLabels([...truth.classes, ...guess.classes], 'y', undefined, 1);
  const weights = weightsOf(sampleWeight, n);
  const row = truth.classes.map((label) => classes.indexOf(label));
  const column = guess.classes.map((label) => classes.indexOf(label));
  const counts = new Float64Array(classes.length ** 2);
  let total = 0;
  for (let i = 0; i < n; i++) {
    counts[row[truth.index[i]] * classes.length + column[guess.index[i]]] += weights[i];
    total += weights[i];
  }
  return { classes, counts: new DenseMatrix(counts, classes.length, classes.length), total };
}
