import { arena } from '../../backend/arena.ts';
import { currentBackend } from '../../backend/backend.ts';
import type { DesignInput } from '../../backend/residentMatrix.ts';
import { optionsObject } from '../../core/checks.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { countsOf, poissonDeviance, weightedMean, weightsOf } from './deviance.ts';
import { GeneralizedModel, type OffsetOption, readFields } from './generalizedModel.ts';

const KIND = 'PoissonModel';

/** A fitted Poisson regression: f is the logarithm of the expected count. Immutable. */
export class PoissonModel extends GeneralizedModel {
  /**
   * f = intercept + X coef (+ offset), one per row.
   * @throws TypeError, RangeError when X is not a matrix of finite numbers with one column per coefficient
   */
  decision(X: DesignInput, options?: OffsetOption): Float64Array {
    return this.linear(X, options);
  }

  /** Expected counts exp(f). Errors as `decision`. */
  predict(X: DesignInput, options?: OffsetOption): Float64Array {
    const f = this.decision(X, options);
    return arena(currentBackend(), (frame) => {
      const at = frame.put(f);
      frame.kernels.expVector(at, at, f.length);
      return frame.read(at, f.length);
    });
  }

  /** Share of the deviance that is explained, D^2 = 1 - deviance / deviance of the mean count (1 or 0 where all counts are equal). */
  score(X: DesignInput, y: VectorInput, options?: OffsetOption & { sampleWeight?: VectorInput }): number {
    const { sampleWeight, ...rest } = optionsObject(options, 'score', ['sampleWeight', 'offset']);
    const expected = this.predict(X, rest);
    const counts = countsOf(y, expected.length);
    const weights = weightsOf(sampleWeight, counts.length);
    const mean = weightedMean(weights, (i) => counts[i]);
    const left = poissonDeviance(counts, expected, { sampleWeight: weights });
    const total =
      mean > 0
        ? poissonDeviance(
            counts,
            counts.map(() => mean),
            { sampleWeight: weights },
          )
        : 0;
    return total > 0 ? 1 - left / total : left === 0 ? 1 : 0;
  }

  /** A plain object for `JSON.stringify`, without loss: `PoissonModel.fromJSON` gives a model with the same bits. */
  toJSON(): object {
    return modelJson(KIND, 1, this.fields());
  }

  /** The model saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): PoissonModel {
    return new PoissonModel(readFields(readModelJson(json, KIND, 1)));
  }
}
