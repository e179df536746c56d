import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import { modelJson } from '../../core/json.ts';
import { type Label, type LabelInput, labelIndices } from '../../core/labels.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import type { ModelReader } from '../../core/modelReader.ts';
import type { LinearModel } from '../linearModel.ts';
import { weightedMean, weightsOf } from './deviance.ts';
import { GeneralizedModel, type OffsetOption } from './generalizedModel.ts';

/** What the classifiers of two classes share. Immutable. */
export abstract class BinaryModel<L extends Label = Label> extends GeneralizedModel {
  /** The two classes, ascending: f > 0 means the second. */
  readonly classes: readonly L[];

  /** @internal */
  constructor(linear: LinearModel, classes: readonly L[]) {
    super(linear);
    this.classes = classes;
  }

  /**
   * f = intercept + X coef (+ offset), one per row.
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per coefficient
   */
  decision(X: DesignInput, options?: OffsetOption): Float64Array {
    return this.linear(X, options);
  }

  /** The class of every row. Errors as `decision`. */
  predict(X: DesignInput, options?: OffsetOption): L[] {
    return Array.from(this.decision(X, options), (f) => this.classes[f > 0 ? 1 : 0]);
  }

  /** (Weighted) share of labels that are predicted. */
  score(X: DesignInput, labels: LabelInput<L>, options?: OffsetOption & { sampleWeight?: VectorInput }): number {
    const { sampleWeight, ...rest } = optionsObject(options, 'score', ['sampleWeight', 'offset']);
    const f = this.decision(X, rest);
    const index = labelIndices(labels, this.classes, 'y', f.length);
    return weightedMean(weightsOf(sampleWeight, f.length), (i) => ((f[i] > 0 ? 1 : 0) === index[i] ? 1 : 0));
  }

  /** @internal */
  protected json(kind: string): object {
    return modelJson(kind, 1, { classes: this.classes, ...this.fields() });
  }
}

/** The classes of a saved model of two. */
export function readClasses(reader: ModelReader): Label[] {
  const classes = reader.labels('classes');
  if (classes.length !== 2) reader.fail('"classes": expected two labels');
  return classes;
}
