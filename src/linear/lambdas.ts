import type { Kernels } from '../backend/kernels.ts';
import { integerIn, numberIn, vector } from '../core/checks.ts';
import type { VectorInput } from '../core/matrixInput.ts';

/** How a path chooses its lambdas. */
export interface LambdaOptions {
  /** The lambdas themselves, >= 0; sorted from large to small. Default: a grid from lambda max down. */
  lambdas?: VectorInput;
  /** Size of the grid. @default 100 */
  nLambdas?: number;
  /** Smallest lambda of the grid over the largest. @default 1e-4 with at least as many rows as columns, 1e-2 otherwise */
  lambdaMinRatio?: number;
}

/** Options, checked. */
export interface LambdaPlan {
  given?: Float64Array;
  count: number;
  ratio: number | undefined;
}

export function lambdaPlan({ lambdas, nLambdas = 100, lambdaMinRatio }: LambdaOptions): LambdaPlan {
  const count = integerIn(nLambdas, 'nLambdas', 1, 100_000);
  const ratio = lambdaMinRatio === undefined ? undefined : numberIn(lambdaMinRatio, 'lambdaMinRatio', 0, 1, '()');
  if (lambdas === undefined) return { count, ratio };
  const given = vector(lambdas, 'lambdas');
  if (given.length === 0) throw new RangeError('lambdas: expected at least one number');
  for (const [k, lambda] of given.entries()) {
    if (lambda < 0) throw new RangeError(`lambdas[${k}] is ${lambda}: expected a number >= 0`);
  }
  return { given: given.sort().reverse(), count, ratio };
}

/** lambda_k = largest * ratio^(k / (count - 1)): equal steps on the logarithmic scale. One lambda, 0, where nothing can enter. */
export function lambdaGrid(plan: LambdaPlan, largest: number, n: number, p: number, kernels: Kernels): Float64Array {
  if (plan.given) return plan.given;
  if (!(largest > 0)) return new Float64Array(1);
  const step = kernels.log(plan.ratio ?? (n >= p ? 1e-4 : 1e-2)) / Math.max(1, plan.count - 1);
  return Float64Array.from({ length: plan.count }, (_, k) => largest * kernels.exp(k * step));
}
