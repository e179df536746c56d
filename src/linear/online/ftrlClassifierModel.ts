import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { Label } from '../../core/labels.ts';
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

  /** Probability of the last class, 1 / (1 + exp(-f)), one per row. */
  predictProbability(X: DesignInput): Float64Array {
    const { exp } = currentBackend().kernels;
    return this.decision(X).map((f) => 1 / (1 + exp(-f)));
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
