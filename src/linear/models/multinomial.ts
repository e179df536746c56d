import type { DesignInput } from '../../backend/residentMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { encodeLabels, type Label, type LabelInput } from '../../core/labels.ts';
import type { FitOptions } from '../options.ts';
import type { LogisticModel } from './logisticModel.ts';
import type { LogisticOptions } from './logisticRegression.ts';

/** The one place where more than two classes leave the binary models. */
export function fitMultinomial<L extends Label>(
  _options: LogisticOptions,
  _X: DesignInput,
  labels: LabelInput<L>,
  _fitOptions: FitOptions,
): LogisticModel<L> {
  const { classes } = encodeLabels(labels);
  throw new SpinifexError('NOT_BINARY', `y: expected 2 classes, got ${classes.length}`);
}
