import { oneOf, optionsObject, refuseEntry, vector } from '../../core/checks.ts';
import { modelJson, readModelJson } from '../../core/json.ts';
import type { VectorInput } from '../../core/matrixInput.ts';
import { FtrlLearner } from './ftrlLearner.ts';
import { FTRL_OPTIONS, type FtrlOptions, rebuilt } from './ftrlOptions.ts';
import { FtrlRegressionModel } from './ftrlRegressionModel.ts';
import { FtrlState } from './ftrlState.ts';

const KIND = 'FtrlRegression';
const VERSION = 1;
const LOSSES = ['squared', 'poisson'] as const;

/** Loss of an online regression. */
export type FtrlRegressionLoss = (typeof LOSSES)[number];

/** Options of `FtrlRegression`. */
export interface FtrlRegressionOptions extends FtrlOptions {
  /** `'squared'`: (y - f)^2 / 2; `'poisson'`: exp(f) - y f for counts. @default 'squared' */
  loss?: FtrlRegressionLoss;
}

/**
 * Linear or Poisson regression on streams, row by row: FTRL-proximal (McMahan et al. 2013, "Ad click prediction: a view from the trenches"),
 *
 *     w = argmin over w of  g_1:t w + 1/2 sum_s sigma_s ||w - w_s||^2 + l1 ||w||_1 + l2/2 ||w||^2 + t lambda (l1Ratio ||w||_1 + (1 - l1Ratio)/2 ||w||^2)
 *
 * with a learning rate for each column. Weights exist only where a row touches them, and are exactly 0 where the penalty wins. A mutable
 * learner: `model()` gives an immutable model of what it knows now, `toJSON` saves the state exactly.
 *
 * @example
 * const learner = new FtrlRegression({ lambda: 0.01 });
 * for (const { X, y } of chunks) learner.partialFit(X, y);
 * learner.model().predict(X);
 */
export class FtrlRegression extends FtrlLearner<VectorInput> {
  readonly loss: FtrlRegressionLoss;

  constructor(options?: FtrlRegressionOptions) {
    const given = optionsObject(options, 'FtrlRegression', [...FTRL_OPTIONS, 'loss']);
    const loss = oneOf(given.loss ?? 'squared', 'loss', LOSSES);
    super(given, loss === 'squared' ? 1 : 2);
    this.loss = loss;
  }

  /** The model as it is now. @throws SpinifexError `NOT_FITTED` before the first row where `features` was not given */
  model(): FtrlRegressionModel {
    return new FtrlRegressionModel({
      ...this.ready().weights(),
      loss: this.loss,
      rows: this.rows,
      progressiveLoss: this.progressiveLoss,
    });
  }

  /** The whole state, for `JSON.stringify`: `fromJSON` goes on with the same bits. */
  toJSON(): object {
    const { loss: _, ...recipe } = this.recipe;
    return modelJson(KIND, VERSION, { ...recipe, loss: this.loss, ...(this.state ? { state: this.state.fields() } : {}) });
  }

  /** The learner saved by `toJSON`, from the object or its text. @throws SpinifexError `BAD_MODEL` for anything else */
  static fromJSON(json: unknown): FtrlRegression {
    const reader = readModelJson(json, KIND, VERSION);
    const loss = reader.oneOf('loss', LOSSES);
    const learner = rebuilt(reader, (options) => new FtrlRegression({ ...options, loss }));
    if (reader.has('state')) learner.state = FtrlState.read(learner.recipe, reader.object('state'));
    return learner;
  }

  /** @internal */
  protected targets(y: VectorInput, rows: number): Float64Array {
    const response = vector(y, 'y', rows);
    if (this.loss === 'poisson') {
      response.forEach((count, i) => {
        if (count < 0) refuseEntry(count, `y[${i}]`, 'a count >= 0');
      });
    }
    return response;
  }
}
