import { type DesignInput, hostMatrix } from '../backend/residentMatrix.ts';
import { nonNegativeVector, optionsObject, refuseEntry } from '../core/checks.ts';
import { CscMatrix } from '../core/cscMatrix.ts';
import { CsrMatrix } from '../core/csrMatrix.ts';
import type { Json } from '../core/json.ts';
import { encodeLabels, type Label, type LabelInput, labelIndices } from '../core/labels.ts';
import type { ModelReader } from '../core/modelReader.ts';

/** Options of `fit` of the naive Bayes models. */
export interface NaiveBayesFitOptions<L extends Label = Label> {
  /** Weight of each row. @default 1 */
  sampleWeight?: ArrayLike<number>;
  /** All classes that later batches may bring (see `partialFit`); those without a row yet count 0. @default those of the labels */
  classes?: LabelInput<L>;
}

/** Options of `partialFit` of the naive Bayes models. */
export type NaiveBayesPartialFitOptions = Pick<NaiveBayesFitOptions, 'sampleWeight'>;

/** What naive Bayes learns from: weighted sums over the rows of each class. Immutable. */
export interface ClassCounts<L extends Label> {
  classes: readonly L[];
  features: number;
  /** Rows of each class. */
  rows: Float64Array;
  /** Sum of feature j over the rows of class c, at j * classes + c. */
  sums: Float64Array;
}

/** The counts of training data. */
export function firstCounts<L extends Label>(
  X: DesignInput,
  labels: LabelInput<L>,
  options: NaiveBayesFitOptions<L> | undefined,
): ClassCounts<L> {
  const { sampleWeight, classes } = optionsObject(options, 'fit', ['sampleWeight', 'classes']);
  const matrix = countMatrix(X);
  const known = encodeLabels(
    classes ?? labels,
    classes === undefined ? 'labels' : 'classes',
    classes === undefined ? matrix.rows : undefined,
  );
  const none = { classes: known.classes, features: matrix.cols, rows: new Float64Array(known.classes.length) };
  return added({ ...none, sums: new Float64Array(matrix.cols * known.classes.length) }, matrix, labels, sampleWeight);
}

/** The counts of the data so far and of more rows. */
export function moreCounts<L extends Label>(
  counts: ClassCounts<L>,
  X: DesignInput,
  labels: LabelInput<L>,
  options: NaiveBayesPartialFitOptions | undefined,
): ClassCounts<L> {
  const { sampleWeight } = optionsObject(options, 'partialFit', ['sampleWeight']);
  return added(counts, countMatrix(X, counts.features), labels, sampleWeight);
}

function added<L extends Label>(
  { classes, features, rows: oldRows, sums: oldSums }: ClassCounts<L>,
  X: CsrMatrix,
  labels: LabelInput<L>,
  sampleWeight: ArrayLike<number> | undefined,
): ClassCounts<L> {
  const index = labelIndices(labels, classes, 'labels', X.rows);
  const weights = sampleWeight === undefined ? undefined : nonNegativeVector(sampleWeight, 'sampleWeight', X.rows);
  const rows = oldRows.slice();
  const sums = oldSums.slice();
  const width = classes.length;
  const { indptr, indices, data } = X;
  for (let i = 0; i < X.rows; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    rows[index[i]] += weight;
    for (let p = indptr[i]; p < indptr[i + 1]; p++) sums[indices[p] * width + index[i]] += weight * data[p];
  }
  return { classes, features, rows, sums };
}

/** X by rows, of finite numbers >= 0, with `features` columns where that is known. */
export function countMatrix(X: DesignInput, features?: number): CsrMatrix {
  const matrix = hostMatrix(X);
  if (features !== undefined && matrix.cols !== features) {
    throw new RangeError(`X: expected ${features} columns, as in the fit, got ${matrix.cols}`);
  }
  const byRows =
    matrix instanceof CsrMatrix ? matrix : matrix instanceof CscMatrix ? matrix.toCsr() : CsrMatrix.fromDense(matrix);
  const { indptr, indices, data } = byRows;
  for (let i = 0, p = 0; i < byRows.rows; i++) {
    for (; p < indptr[i + 1]; p++) {
      if (!(data[p] >= 0 && data[p] < Infinity)) refuseEntry(data[p], `X[${i}][${indices[p]}]`, 'a finite number >= 0');
    }
  }
  return byRows;
}

export function countsJson({ classes, features, rows, sums }: ClassCounts<Label>): { [name: string]: Json } {
  return { classes: [...classes], features, rows: Array.from(rows), sums: Array.from(sums) };
}

export function countsFromJson(reader: ModelReader): ClassCounts<Label> {
  const classes = reader.labels('classes');
  if (classes.length < 2 || encodeLabels(classes).classes.some((label, c) => label !== classes[c])) {
    reader.fail('classes: expected at least two, ascending');
  }
  const features = reader.integer('features', 1);
  const rows = reader.float64Array('rows', classes.length);
  const sums = reader.float64Array('sums', features * classes.length);
  const sound = (x: number) => x >= 0 && x < Infinity;
  if (!rows.every(sound) || !sums.every(sound)) reader.fail('rows, sums: expected finite numbers >= 0');
  return { classes, features, rows, sums };
}
