import { positiveNumber } from '../../core/checks.ts';

/**
 * lambda = 1 / (n C): objectives of the kind C sum loss + penalty (liblinear; scikit-learn's LogisticRegression and LinearSVC) in terms of mean losses.
 *
 * @param C > 0
 * @param n number of rows, or the sum of their weights
 */
export function lambdaFromC(C: number, n: number): number {
  return 1 / (positiveNumber(n, 'n') * positiveNumber(C, 'C'));
}

/** C = 1 / (n lambda), the way back from `lambdaFromC`. */
export function cFromLambda(lambda: number, n: number): number {
  return 1 / (positiveNumber(n, 'n') * positiveNumber(lambda, 'lambda'));
}

/**
 * lambda = alpha / n: objectives of the kind sum loss + alpha penalty, with 1/2 (y - f)^2 for least squares (scikit-learn's Ridge, BlitzL1). The `alpha` of
 * scikit-learn's Lasso, ElasticNet and PoissonRegressor belongs to a mean: it is lambda as it stands.
 *
 * @param alpha > 0
 * @param n number of rows, or the sum of their weights
 */
export function lambdaFromAlpha(alpha: number, n: number): number {
  return positiveNumber(alpha, 'alpha') / positiveNumber(n, 'n');
}
