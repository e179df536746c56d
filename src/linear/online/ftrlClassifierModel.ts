import type { DesignInput } from '../../backend/residentMatrix.ts';
import type { DenseMatrix } from '../../core/denseMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { Label } from '../../core/labels.ts';
import { twoClassProbabilities } from '../twoClassProbabilities.ts';
import { FtrlModel, type FtrlModelParts, readParts } from './ftrlModel.ts';

const KIND = 'FtrlClassifierModel';
const VERSION = 1;

/** What `FtrlClassifier` has learned. */
export class FtrlClassifierModel<L extends Label = Label> extends FtrlModel {
  /** The two labels; f > 0 means the last one. */
  readonly classes: readonly L[];

  /** @internal */
  constructor({ classes, ...parts }: FtrlModelParts & { classes: readonly L[] }) {
    super(parts);
    if (classes.length !== 2)
      throw new SpinifexError('NOT_FITTED', 'this learner has seen no labels yet: partialFit comes first');
    this.classes = classes;
  }

  /** The likelier label of each row. */
  predict(X: DesignInput): L[] {
    return Array.from(this.decision(X), (f) => this.classes[f > 0 ? 1 : 0]);
  }

  /** Rows x 2: the probability of each class, in the order of `classes`. */
  predictProbability(X: DesignInput): DenseMatrix {
    return twoClassProbabilities(this.decision(X));
  }

  toJSON(): object {
    return modelJson(KIND, VERSION, { classes: this.classes, ...this.fields() });
  }

  /** The model saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): FtrlClassifierModel {
    const reader = readModelJson(json, KIND, VERSION);
    const classes = reader.labels('classes');
    if (classes.length !== 2) reader.fail('"classes": expected two labels');
    return new FtrlClassifierModel({ classes, ...readParts(reader) });
  }
}
