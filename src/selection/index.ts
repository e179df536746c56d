export {
  accuracy,
  auc,
  balancedAccuracy,
  type ConfusionMatrix,
  confusionMatrix,
  type MetricOptions,
  meanAbsoluteError,
  meanSquaredError,
  type PositiveClass,
  type PrecisionRecallF1,
  precisionRecallF1,
  r2,
} from '../core/metrics.ts';
export { type CrossValidateOptions, type CrossValidation, crossValidate } from './crossValidate.ts';
export type { Estimator, EstimatorFitOptions, Targets } from './estimator.ts';
export type { FoldScores, SelectionOptions } from './evaluateFolds.ts';
export { type Grid, type GridPoint, type GridSearch, type GridSearchOptions, gridSearch, type Params } from './gridSearch.ts';
export { type FoldOptions, kFold, type Split, splitsOf } from './kFold.ts';
export type { DirectedScorer, MetricName, Scorer, Scoring } from './scoring.ts';
