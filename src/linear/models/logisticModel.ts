import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { readModelJson } from '../../core/json.ts';
import type { Label } from '../../core/labels.ts';
import { BinaryModel, readClasses } from './binaryModel.ts';
import { type OffsetOption, readFields } from './generalizedModel.ts';

const KIND = 'LogisticModel';

/** A fitted logistic regression of two classes: f is the logarithm of the odds of the second one. Immutable. */
export class LogisticModel<L extends Label = Label> extends BinaryModel<L> {
  /** Rows x 2: the probability of each class, in the order of `classes`. Errors as `decision`. */
  predictProbability(X: DesignInput, options?: OffsetOption): DenseMatrix {
    const f = this.decision(X, options);
    const { exp } = currentBackend().kernels;
    const out = new Float64Array(2 * f.length);
    for (let i = 0; i < f.length; i++) {
      const e = exp(-Math.abs(f[i]));
      const likelier = f[i] > 0 ? 1 : 0;
      out[2 * i + likelier] = 1 / (1 + e);
      out[2 * i + 1 - likelier] = e / (1 + e);
    }
    return new DenseMatrix(out, f.length, 2);
  }

  /** A plain object for `JSON.stringify`, without loss: `LogisticModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    return this.json(KIND);
  }

  /** The model saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): LogisticModel {
    const reader = readModelJson(json, KIND, 1);
    return new LogisticModel(readFields(reader), readClasses(reader));
  }
}
