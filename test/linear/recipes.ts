import {
  ElasticNet,
  type FitOptions,
  Lasso,
  type LinearModel,
  type LinearOptions,
  type MatrixInput,
  Ridge,
} from '../../src/index.ts';
import type { Setup } from './oracle.ts';

/** The options of a setup that every linear model takes. */
export function optionsOf({ fitIntercept, standardize, penaltyFactors, lower, upper, positive }: Setup): LinearOptions {
  return {
    fitIntercept,
    standardize,
    ...(penaltyFactors ? { penaltyFactors } : {}),
    ...(lower ? { lower } : {}),
    ...(upper ? { upper } : {}),
    ...(positive ? { positive } : {}),
  };
}

/** What a setup gives to `fit`. */
export function fitOptionsOf({ sampleWeight, offset }: Setup): FitOptions {
  return { ...(sampleWeight ? { sampleWeight } : {}), ...(offset ? { offset } : {}) };
}

/** The recipe with the narrowest name: Lasso, Ridge or ElasticNet. */
export function recipeOf(setup: Setup, extra: LinearOptions = {}): Lasso | Ridge | ElasticNet {
  const { lambda, l1Ratio } = setup;
  const options = { lambda, ...optionsOf(setup), ...extra };
  if (l1Ratio === 1) return new Lasso(options);
  if (l1Ratio === 0) return new Ridge(options);
  return new ElasticNet({ ...options, l1Ratio });
}

export function fitted(setup: Setup, extra: LinearOptions = {}, X: MatrixInput = setup.rows): LinearModel {
  return recipeOf(setup, extra).fit(X, setup.y, fitOptionsOf(setup));
}
