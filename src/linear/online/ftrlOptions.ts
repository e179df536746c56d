import { booleanFlag, integerIn, nonNegativeNumber, numberIn, positiveNumber } from '../../core/checks.ts';
import type { ModelReader } from '../../core/modelReader.ts';

/** Options of the learners that take rows as they come. */
export interface FtrlOptions {
  /** Learning rate: a column's step is alpha / (beta + root of its sum of squared gradients). @default 0.1 */
  alpha?: number;
  /** Damps the first steps. @default 1 */
  beta?: number;
  /** L1 penalty on the sum of all losses (McMahan et al.): its effect fades as rows come in. @default 0 */
  l1?: number;
  /** L2 penalty on the sum of all losses, l2/2 ||w||^2. @default 0 */
  l2?: number;
  /** Strength of the penalty on the mean loss, as in the batch models: it grows with the rows, lambda (l1Ratio ||w||_1 + (1 - l1Ratio)/2 ||w||^2). @default 0 */
  lambda?: number;
  /** @default 1 */
  l1Ratio?: number;
  /** Learn an intercept, which is never penalised. @default true */
  fitIntercept?: boolean;
  /** Columns of every chunk. Default: those of the first chunk. */
  features?: number;
}

export const FTRL_OPTIONS = ['alpha', 'beta', 'l1', 'l2', 'lambda', 'l1Ratio', 'fitIntercept', 'features'] as const;

/** Options checked and completed. */
export interface FtrlRecipe {
  /** 0: logistic, 1: squared, 2: Poisson, as in the kernel. */
  loss: 0 | 1 | 2;
  alpha: number;
  beta: number;
  l1: number;
  l2: number;
  lambda: number;
  l1Ratio: number;
  fitIntercept: boolean;
}

export function ftrlRecipe(options: FtrlOptions, loss: FtrlRecipe['loss']): FtrlRecipe {
  return {
    loss,
    alpha: positiveNumber(options.alpha ?? 0.1, 'alpha'),
    beta: nonNegativeNumber(options.beta ?? 1, 'beta'),
    l1: nonNegativeNumber(options.l1 ?? 0, 'l1'),
    l2: nonNegativeNumber(options.l2 ?? 0, 'l2'),
    lambda: nonNegativeNumber(options.lambda ?? 0, 'lambda'),
    l1Ratio: numberIn(options.l1Ratio ?? 1, 'l1Ratio', 0, 1),
    fitIntercept: booleanFlag(options.fitIntercept ?? true, 'fitIntercept'),
  };
}

/** A linear memory of 1 GiB holds so many pairs. */
const MOST_FEATURES = 2 ** 26 - 1;

export function featuresOf(features: unknown): number | undefined {
  return features === undefined ? undefined : integerIn(features, 'features', 1, MOST_FEATURES);
}

/** A learner with the options that its `toJSON` wrote; `BAD_MODEL` where they are not allowed. */
export function rebuilt<T>(reader: ModelReader, build: (options: FtrlOptions) => T): T {
  const [alpha, beta, l1, l2] = ['alpha', 'beta', 'l1', 'l2'].map((name) => reader.number(name));
  const [lambda, l1Ratio] = [reader.number('lambda'), reader.number('l1Ratio')];
  const fitIntercept = reader.boolean('fitIntercept');
  try {
    return build({ alpha, beta, l1, l2, lambda, l1Ratio, fitIntercept });
  } catch (cause) {
    reader.fail((cause as Error).message, cause);
  }
}
