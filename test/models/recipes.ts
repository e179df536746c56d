import type { FitOptions, MatrixInput } from '../../src/index.ts';
import {
  GeneralizedRegression,
  type GlmOptions,
  HuberRegression,
  LinearSvm,
  LogisticRegression,
  PoissonRegression,
} from '../../src/linear/models/index.ts';
import type { GlmSetup } from './oracle.ts';

/** The options of a setup that every model takes. */
export function optionsOf({ fitIntercept, standardize, penaltyFactors, l1Ratio }: GlmSetup): GlmOptions {
  return { fitIntercept, standardize, l1Ratio, ...(penaltyFactors ? { penaltyFactors } : {}) };
}

/** What a setup gives to `fit`. */
export function fitOptionsOf({ sampleWeight, offset }: GlmSetup): FitOptions {
  return { ...(sampleWeight ? { sampleWeight } : {}), ...(offset ? { offset } : {}) };
}

/** Fitted by the class that is named after the loss. */
export function fitted(setup: GlmSetup, extra: GlmOptions = {}, X: MatrixInput = setup.rows) {
  const { lambda, loss, y, delta } = setup;
  const options = { lambda, ...optionsOf(setup), ...extra };
  const fitOptions = fitOptionsOf(setup);
  switch (loss) {
    case 'logistic':
      return new LogisticRegression(options).fit(X, y, fitOptions);
    case 'squaredHinge':
      return new LinearSvm(options).fit(X, y, fitOptions);
    case 'poisson':
      return new PoissonRegression(options).fit(X, y, fitOptions);
    case 'huber':
      return new HuberRegression({ ...options, ...(delta === undefined ? {} : { delta }) }).fit(X, y, fitOptions);
    case 'squared':
      return new GeneralizedRegression({ ...options, loss }).fit(X, y, fitOptions);
  }
}
