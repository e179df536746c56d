import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import { FtrlModel, type FtrlModelParts, readParts } from './ftrlModel.ts';
import type { FtrlRegressionLoss } from './ftrlRegression.ts';

const KIND = 'FtrlRegressionModel';
const VERSION = 1;

/** What `FtrlRegression` has learned. */
export class FtrlRegressionModel extends FtrlModel {
  readonly loss: FtrlRegressionLoss;

  /** @internal */
  constructor({ loss, ...parts }: FtrlModelParts & { loss: FtrlRegressionLoss }) {
    super(parts);
    this.loss = loss;
  }

  /** Expected responses, one per row: f, or exp(f) for `'poisson'`. */
  predict(X: DesignInput): Float64Array {
    const f = this.decision(X);
    if (this.loss === 'squared') return f;
    const { exp } = currentBackend().kernels;
    return f.map((value) => exp(value));
  }

  toJSON(): object {
    return modelJson(KIND, VERSION, { loss: this.loss, ...this.fields() });
  }

  /** The model saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): FtrlRegressionModel {
    const reader = readModelJson(json, KIND, VERSION);
    return new FtrlRegressionModel({ loss: reader.oneOf('loss', ['squared', 'poisson']), ...readParts(reader) });
  }
}
