import type { Label } from '../../core/labels.ts';
import type { Loss } from '../glm/loss.ts';
import type { LinearModel } from '../linearModel.ts';

/** What a loss is measured against: the responses as numbers. */
export interface Target {
  /** n responses, as `Loss` wants them. */
  response: Float64Array;
  /** Classes, where the responses are labels. */
  classes?: readonly Label[];
  /** Factors of the sample weights. */
  rowWeight?: Float64Array;
}

/** How well predictions agree with responses of held-out rows; f is the linear prediction, offset included. */
export interface HeldOutMetric {
  best: 'min' | 'max';
  of(response: Float64Array, f: Float64Array, weights: Float64Array): number;
}

/**
 * A family of models: what its response Y may be, its loss, the model M that users get. Path, cross-validation and fit are written once for all
 * of them.
 */
export interface Family<Y, M> {
  readonly loss: Loss;
  /** The responses of n rows, checked. */
  target(y: Y, n: number): Target;
  /** Throws where no model can be fitted to these rows; `rows` says which ones in the message. */
  check?(target: Target, weights: Float64Array | undefined, rows: string): void;
  /** Smallest possible loss of a response; 0 by default. */
  floor?(response: number): number;
  /** The public model. */
  model(linear: LinearModel, target: Pick<Target, 'classes'>): M;
  readonly metrics: Readonly<Record<string, HeldOutMetric>>;
}
