import { optionsObject } from '../core/checks.ts';
import { type LambdaOptions, lambdaPlan } from './lambdas.ts';
import { type FitOptions, LINEAR_OPTIONS, type LinearOptions, recipeOf } from './options.ts';

/** Options of `lassoPath`: those of the models, of the grid and of a fit. */
export interface PathOptions extends Omit<LinearOptions, 'history'>, LambdaOptions, FitOptions<{ lambda: number }> {
  /** Share of the L1 part; 1 is the lasso, 0 the ridge. @default 1 */
  l1Ratio?: number;
}

export const PATH_OPTIONS = [
  ...LINEAR_OPTIONS,
  'l1Ratio',
  'lambdas',
  'nLambdas',
  'lambdaMinRatio',
  'sampleWeight',
  'offset',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof PathOptions | 'history')[];

/** Checks what does not depend on data. */
export function readPathOptions(options: PathOptions, title: string) {
  optionsObject<PathOptions & { history?: boolean }>(options, title, PATH_OPTIONS);
  const { sampleWeight, offset, signal, onProgress } = options;
  const fitOptions: FitOptions<{ lambda: number }> = {};
  if (sampleWeight !== undefined) fitOptions.sampleWeight = sampleWeight;
  if (offset !== undefined) fitOptions.offset = offset;
  if (signal !== undefined) fitOptions.signal = signal;
  if (onProgress !== undefined) fitOptions.onProgress = onProgress;
  return { recipe: recipeOf(options, options.l1Ratio ?? 1), plan: lambdaPlan(options), fitOptions };
}
