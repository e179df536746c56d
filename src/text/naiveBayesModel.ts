import type { DesignInput } from '../backend/residentMatrix.ts';
import { DenseMatrix } from '../core/denseMatrix.ts';
import type { Label } from '../core/labels.ts';
import type { ClassCounts } from './classCounts.ts';
import { bestClasses, classScores, exponentiated, logNormalized } from './classScores.ts';

/** What the fitted naive Bayes models share: a score of each class that is linear in the counts of a row. Immutable. */
export abstract class NaiveBayesModel<L extends Label = Label> {
  /** The classes, ascending. */
  readonly classes: readonly L[];
  /** (Weighted) number of rows of each class. */
  readonly classCounts: Float64Array;
  /** Classes x features: (weighted) sum of each feature over the rows of each class. */
  readonly featureCounts: DenseMatrix;
  readonly #weights: DenseMatrix;
  readonly #offsets: Float64Array | undefined;

  /**
   * @internal
   * @param weights features x classes, row by row
   */
  constructor({ classes, features, rows, sums }: ClassCounts<L>, weights: Float64Array, offsets?: Float64Array) {
    this.classes = classes;
    this.classCounts = rows;
    this.featureCounts = byClass(sums, classes.length, features);
    this.#weights = new DenseMatrix(weights, features, classes.length);
    this.#offsets = offsets;
  }

  /**
   * Rows x classes: the scores, of which the largest decides.
   * @param X rows of counts (or other weights >= 0, such as tf-idf), as many columns as in the fit
   * @throws RangeError for another number of columns, and for a value that is negative or not finite (named with its position)
   */
  decision(X: DesignInput): DenseMatrix {
    return classScores(X, this.#weights, this.#offsets);
  }

  /** The class of the largest score in each row, the first among equals. @throws as `decision` */
  predict(X: DesignInput): L[] {
    return bestClasses(this.decision(X), this.classes);
  }

  /** Rows x classes: ln of the probabilities, the scores less the logarithm of their sum of exponentials. @throws as `decision` */
  logProbability(X: DesignInput): DenseMatrix {
    return logNormalized(this.decision(X));
  }

  /** Rows x classes: probabilities. Naive Bayes is far too sure of itself: their order means more than their size. @throws as `decision` */
  predictProbability(X: DesignInput): DenseMatrix {
    return exponentiated(this.logProbability(X));
  }

  /** @internal */
  protected get counts(): ClassCounts<L> {
    const { classes, classCounts: rows, featureCounts } = this;
    return { classes, features: featureCounts.cols, rows, sums: featureCounts.data as Float64Array };
  }
}

/** Classes x features, of numbers that lie feature by feature. */
export function byClass(data: Float64Array, classes: number, features: number): DenseMatrix {
  return new DenseMatrix(data, classes, features, 'column');
}
