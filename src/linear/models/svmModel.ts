import { readModelJson } from '../../core/json.ts';
import type { Label } from '../../core/labels.ts';
import { BinaryModel, readClasses } from './binaryModel.ts';
import { readFields } from './generalizedModel.ts';

const KIND = 'SvmModel';

/** A fitted linear support vector machine of two classes: f is 1 and -1 on the margins. Immutable. */
export class SvmModel<L extends Label = Label> extends BinaryModel<L> {
  /** A plain object for `JSON.stringify`, without loss: `SvmModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    return this.json(KIND);
  }

  /** The model saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): SvmModel {
    const reader = readModelJson(json, KIND, 1);
    return new SvmModel(readFields(reader), readClasses(reader));
  }
}
